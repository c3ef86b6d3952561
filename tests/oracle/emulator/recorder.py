"""Sessions as bytes: written to a file while they happen, and played again.

The file: `C` or `S` for who has sent them, their number (4 bytes, big endian), the bytes; again and
again. `stage` lines of a session's answers stand in `answers`, which a replay serves by the message
rather than by the byte: signing in differs every time, what comes after it does not."""

import struct


class Recorder:
    """Stands between a session and its connection."""

    def __init__(self, connection, path):
        self.connection = connection
        self.file = open(path, "wb")

    def _write(self, who, content):
        self.file.write(who + struct.pack(">I", len(content)) + content)
        self.file.flush()

    def recv(self, count):
        content = self.connection.recv(count)
        if content:
            self._write(b"C", content)
        return content

    def sendall(self, content):
        self.connection.sendall(content)
        self._write(b"S", content)

    def close(self):
        self.file.close()


def read_recording(path):
    """[(who, bytes)], in order; pieces of the same side that follow each other are one."""
    parts = []
    with open(path, "rb") as file:
        while head := file.read(5):
            content = file.read(struct.unpack(">I", head[1:])[0])
            who = head[:1].decode()
            if parts and parts[-1][0] == who:
                parts[-1] = (who, parts[-1][1] + content)
            else:
                parts.append((who, content))
    return parts
