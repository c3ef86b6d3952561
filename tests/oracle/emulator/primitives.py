"""The smallest parts of a message: integers, byte strings, pairs. Functions that begin with `put_`
give the bytes; `Reader` takes them apart again."""

MAX_SHORT = 252                 # a longer byte string comes in pieces
LONG_MARK = 254
NULL_MARK = 255


def put_integer(value):
    """An integer as its length and its bytes; bit 7 of the length says that it is negative."""
    if value == 0:
        return b"\0"
    sign = 0x80 if value < 0 else 0
    content = abs(value).to_bytes((abs(value).bit_length() + 7) // 8, "big")
    return bytes([len(content) | sign]) + content


def put_bytes(content, piece=32767):
    """A byte string with its length, in pieces if it is long. None is the null of SQL."""
    if content is None:
        return b"\0"
    if len(content) <= MAX_SHORT:
        return bytes([len(content)]) + content
    parts = [bytes([LONG_MARK])]
    for start in range(0, len(content), piece):
        part = content[start : start + piece]
        parts += [put_integer(len(part)), part]
    return b"".join(parts) + b"\0"


def put_counted(content):
    """A byte string behind an integer that says whether there is one."""
    return put_integer(len(content)) + (put_bytes(content) if content else b"")


def put_pair(key, value, flag=0):
    """A key and its value in the messages of signing in."""
    return put_counted(key.encode()) + put_counted(value.encode()) + put_integer(flag)


class ProtocolError(Exception):
    """The client has sent what the protocol does not allow here."""


class Reader:
    """Takes a message apart. `pull` gives the content of the next packet when more is needed."""

    def __init__(self, pull):
        self.pull = pull
        self.content = b""
        self.position = 0

    def start(self, content):
        self.content = content
        self.position = 0

    @property
    def consumed(self):
        return self.content[: self.position]

    @property
    def rest(self):
        return self.content[self.position :]

    def take(self, count):
        while len(self.content) - self.position < count:
            self.content += self.pull()
        part = self.content[self.position : self.position + count]
        self.position += count
        return part

    def byte(self):
        return self.take(1)[0]

    def fixed(self, count, order="big"):
        return int.from_bytes(self.take(count), order)

    def integer(self, most=8):
        length = self.byte()
        sign = -1 if length & 0x80 else 1
        length &= 0x7F
        if length > most:
            raise ProtocolError(f"an integer of {length} bytes; {most} at most")
        return sign * int.from_bytes(self.take(length), "big")

    def bytes(self):
        length = self.byte()
        if length in (0, NULL_MARK):
            return b""
        if length != LONG_MARK:
            return self.take(length)
        parts = []
        while True:
            count = self.integer(4)
            if count == 0:
                return b"".join(parts)
            parts.append(self.take(count))

    def counted(self):
        return self.bytes() if self.integer(4) else b""

    def pairs(self, count):
        """Keys and values; the flags are dropped."""
        found = {}
        for _ in range(count):
            key, value = self.counted(), self.counted()
            self.integer(4)
            found[key.decode()] = value.decode()
        return found
