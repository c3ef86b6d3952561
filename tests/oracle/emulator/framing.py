"""Packets on a connection: a header of 8 bytes, and what it says is in it. Until the server has
accepted, a length has two bytes; afterwards, from version 315 on, four."""

import struct

CONNECT, ACCEPT, REFUSE, REDIRECT, DATA, NULL, RESEND, MARKER, ATTENTION, CONTROL = (
    1, 2, 4, 5, 6, 7, 11, 12, 13, 14)

HEADER_BYTES = 8
FLAGS_BYTES = 2                 # of a data packet, behind the header
END_OF_FILE = 0x40              # in these flags

BREAK, RESET, INTERRUPT = 1, 2, 3


class Gone(Exception):
    """The client has closed the connection."""


class MarkerArrived(Exception):
    """A marker stands where a data packet was expected."""

    def __init__(self, kind):
        super().__init__(f"marker {kind}")
        self.kind = kind


class Framing:
    def __init__(self, connection, payload):
        self.connection = connection
        self.payload = payload
        self.has_long_lengths = False
        self.flags = []                 # of the data packets that have come

    def _receive(self, count):
        parts = []
        while count:
            part = self.connection.recv(min(count, 1 << 20))
            if not part:
                raise Gone()
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _header(self, length, kind, flags):
        if self.has_long_lengths:
            return struct.pack(">IBBH", length, kind, flags, 0)
        return struct.pack(">HHBBH", length, 0, kind, flags, 0)

    def receive_packet(self):
        """The type of the next packet, and what follows its header."""
        header = self._receive(HEADER_BYTES)
        length = struct.unpack(">I" if self.has_long_lengths else ">H",
                               header[: 4 if self.has_long_lengths else 2])[0]
        return header[4], self._receive(length - HEADER_BYTES)

    def receive_content(self):
        """The content of the next data packet."""
        kind, body = self.receive_packet()
        if kind == MARKER:
            raise MarkerArrived(body[2])
        if kind != DATA:
            raise Gone()
        self.flags.append(int.from_bytes(body[:FLAGS_BYTES], "big"))
        if self.flags[-1] & END_OF_FILE:
            raise Gone()
        return body[FLAGS_BYTES:]

    def send_packet(self, kind, body, flags=0):
        length = HEADER_BYTES + len(body)
        self.connection.sendall(self._header(length, kind, flags) + body)

    def send_marker(self, kind):
        self.send_packet(MARKER, bytes([1, 0, kind]))

    def send_noise(self):
        """Packets that mean nothing to a reader: empty ones, attention, a control without an error."""
        self.send_packet(NULL, b"")
        self.send_packet(ATTENTION, bytes([1, 0, 1]))
        self.send_packet(CONTROL, bytes(18))

    def frame(self, message):
        """The message in as many data packets as it takes."""
        size = self.payload
        whole = len(message) // size * size
        flags = b"\0" * FLAGS_BYTES
        head = self._header(HEADER_BYTES + FLAGS_BYTES + size, DATA, 0) + flags
        parts = []
        for start in range(0, whole, size):
            parts += (head, message[start : start + size])
        if whole < len(message):
            rest = len(message) - whole
            parts += (self._header(HEADER_BYTES + FLAGS_BYTES + rest, DATA, 0), flags,
                      message[whole:])
        return b"".join(parts)

    def send_message(self, message):
        self.connection.sendall(self.frame(message))
