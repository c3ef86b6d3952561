"""Rows as messages. A row leaves out what is the same as in the row before it, if the server does
so; a bit vector ahead of it says which values are there."""

from .describe import BLOB, CLOB, LONG, LONG_RAW
from .messages import BIT_VECTOR, ROW, ROW_HEADER
from .primitives import put_bytes, put_integer

MAX_LONG = 0x7FFFFFFF

NO_INDICATOR = put_integer(0) * 2
NULL_INDICATOR = put_integer(-1) + put_integer(1405)


def _make_encoder(column, is_defined_long, limit, piece):
    """How the value of this column stands in a row. One without any room takes no byte at all."""
    kind = column.kind
    code = kind.code
    if code in (CLOB, BLOB) and is_defined_long:
        code = LONG
    is_long = code in (LONG, LONG_RAW)
    if column.bytes == 0 and not is_long:
        return lambda value: b""
    to_bytes = kind.to_bytes
    if kind.put and not is_long:
        return kind.put

    def put(value):
        return put_bytes(None if value is None else to_bytes(value), piece)

    if not is_long and column.bytes <= limit:
        return put
    return lambda value: put(value) + (NULL_INDICATOR if value is None else NO_INDICATOR)


def make_encoders(columns, defines, settings):
    """`defines` are the types that the client has asked for, or none."""
    limit = 32767 if settings.long_strings else 4000
    wanted = [code in (LONG, LONG_RAW) for code in defines] or [False] * len(columns)
    return [_make_encoder(column, is_long, limit, settings.piece)
            for column, is_long in zip(columns, wanted)]


def put_row_header(bits=b""):
    parts = [
        bytes([ROW_HEADER, 0x22]), put_integer(3), put_integer(0), put_integer(10), put_integer(0),
        put_integer(len(bits)), put_bytes(bits) if bits else b"", put_integer(0),
    ]
    return b"".join(parts)


def put_empty_vector(length):
    """A row header that announces a bit vector and has none of its bytes: every value is repeated."""
    return b"".join([
        bytes([ROW_HEADER, 0x02]), put_integer(0), put_integer(0), put_integer(50), put_integer(0),
        put_integer(length), b"\0", put_integer(0),
    ])


class RowStream:
    """The rows of one cursor, in as many answers as the client asks for."""

    def __init__(self, rows, encoders, settings):
        self.rows = iter(rows)
        self.encoders = encoders
        self.has_bit_vectors = settings.bit_vectors
        self.has_empty_vectors = settings.empty_vectors
        self.before = None
        self.sent = 0

    def _changes(self, parts):
        """Which values differ from the row before, as bits; None: they stand there all."""
        if not self.has_bit_vectors or self.before is None:
            return None
        if parts == self.before and not self.has_empty_vectors:
            # A row that is all the same would be a vector without a bit; most send the values.
            return None
        bits = bytearray((len(parts) + 7) // 8)
        for number, (part, old) in enumerate(zip(parts, self.before)):
            if part != old:
                bits[number // 8] |= 1 << number % 8
        return bytes(bits) if sum(map(int.bit_count, bits)) < len(parts) else None

    def take(self, count):
        """The header and up to `count` rows; True: there were no more."""
        answer = []
        for _ in range(count):
            row = next(self.rows, None)
            if row is None:
                return (b"".join(answer) if answer else put_row_header()), True
            parts = [encode(value) for encode, value in zip(self.encoders, row)]
            bits = self._changes(parts)
            if not answer and bits and not any(bits):
                answer.append(put_empty_vector(len(bits)))
            elif not answer:
                answer.append(put_row_header(bits or b""))
            elif bits:
                answer += [bytes([BIT_VECTOR]), put_integer(sum(map(int.bit_count, bits))), bits]
            answer.append(bytes([ROW]))
            if bits:
                answer += [part for number, part in enumerate(parts)
                           if bits[number // 8] >> number % 8 & 1]
            else:
                answer += parts
            self.before = parts
            self.sent += 1
        return b"".join(answer) or put_row_header(), False


class RepeatedRows:
    """A few rows again and again, encoded once: as fast as a server can be."""

    def __init__(self, rows, encoders, count):
        encoded = [bytes([ROW]) + b"".join(encode(value) for encode, value in zip(encoders, row))
                   for row in rows]
        self.block = b"".join(encoded)
        self.starts = [0]
        for row in encoded:
            self.starts.append(self.starts[-1] + len(row))
        self.length = len(encoded)
        self.total = count
        self.sent = 0

    def take(self, count):
        end = min(self.sent + count, self.total)
        parts = [put_row_header()]
        while self.sent < end:
            first = self.sent % self.length
            last = min(self.length, first + end - self.sent)
            parts.append(self.block[self.starts[first] : self.starts[last]])
            self.sent += last - first
        return b"".join(parts), self.sent == self.total and count > 0
