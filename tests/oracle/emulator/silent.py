"""An address that swallows packets: a connection to it is neither made nor refused."""

import errno
import socket


class SilentAddress:
    """On loopback, as long as the `with` lasts: its queue of connections is full, so that the kernel
    answers no further one."""

    def __init__(self, host="127.0.0.1", port=0):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listening = socket.socket(family)
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            self.listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.listening.bind((host, port))
        self.listening.listen(0)
        self.host, self.port = self.listening.getsockname()[:2]
        self.waiting = []

    def __enter__(self):
        while True:
            client = socket.socket(self.listening.family)
            client.settimeout(0.2)
            self.waiting.append(client)
            try:
                client.connect((self.host, self.port))
            except (TimeoutError, BlockingIOError):
                return self
            except OSError as error:
                if error.errno not in (errno.EINPROGRESS, errno.EAGAIN):
                    raise
                return self

    def __exit__(self, *_):
        for client in self.waiting:
            client.close()
        self.listening.close()
