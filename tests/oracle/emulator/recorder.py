"""A session as a file, for replaying it and as an example of what a server says.

For each answer a line `STAGE REQUEST-BYTES ANSWER-BYTES`, then the two messages themselves, without
the packets in which they went. Secrets do not stand there: a password never goes over the line."""

import threading


class Recorder:
    def __init__(self, path):
        self.file = open(path, "wb")
        self.lock = threading.Lock()

    def write(self, stage, request, answer):
        with self.lock:
            self.file.write(f"{stage} {len(request)} {len(answer)}\n".encode())
            self.file.write(request + answer)

    def close(self):
        self.file.close()


def read_recording(path):
    """[(stage, request, answer)], in order."""
    exchanges = []
    with open(path, "rb") as file:
        while line := file.readline():
            stage, request, answer = line.decode().split()
            exchanges.append((stage, file.read(int(request)), file.read(int(answer))))
    return exchanges
