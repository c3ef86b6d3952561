"""A connection that is cut: a proxy that passes so many bytes of the server's, and no more."""

import socket
import threading


class CuttingProxy:
    """Listens on loopback. After `limit` bytes from the server all connections end; with no limit it
    only counts what passes."""

    def __init__(self, port, limit=None):
        self.server = ("127.0.0.1", port)
        self.limit = limit
        self.passed = 0
        self.sockets = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def was_cut(self):
        return self.limit is not None and self.passed >= self.limit

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.server)
            self.sockets += [client, server]
            threading.Thread(target=self.pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, True), daemon=True).start()

    def pump(self, source, sink, is_counted):
        try:
            while data := source.recv(16384):
                if is_counted:
                    self.passed += len(data)
                    if self.was_cut:
                        break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()
        for end in self.sockets:
            end.close()
