"""The server: a thread for each client."""

import socket
import ssl
import threading

from .recorder import Recorder
from .session import Session
from .settings import Settings

PATIENCE = 300              # in seconds, for a thread that has nothing to wait for any more


class Emulator:
    """Listens on loopback from `start` to `stop`; also a context manager.

    `sessions` are those that there have been; `trouble` is what clients did against the protocol,
    in words: a test of a client expects none."""

    def __init__(self, database=None, settings=None, record=None):
        self.settings = settings or Settings()
        self.database = database
        self.recorder = Recorder(record) if record else None
        self.sessions = []
        self.trouble = []
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.connects = 0
        self.connections = set()
        self.threads = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.listening = threading.Thread(target=self._listen, daemon=True)

    def start(self):
        self.listening.start()
        return self

    def wait(self):
        """Until every client that has come is done with."""
        with self.lock:
            threads = list(self.threads)
        for thread in threads:
            thread.join(PATIENCE)

    def stop(self):
        if self.stopping.is_set():
            return
        self.stopping.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.listening.join(PATIENCE)
        with self.lock:
            connections = list(self.connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.wait()
        if self.recorder:
            self.recorder.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def note_trouble(self, text):
        with self.lock:
            self.trouble.append(text)

    def next_connects(self):
        """What the connect requests get, one by one; the last action for ever."""
        while True:
            with self.lock:
                actions = self.settings.connects
                action = actions[min(self.connects, len(actions) - 1)]
                self.connects += 1
            yield action

    def new_tls(self, connection):
        """A new handshake on a connection that has had one."""
        with self.lock:
            self.connections.discard(connection)
        bare = socket.socket(fileno=connection.detach())
        renewed = self.settings.tls.wrap_socket(bare, server_side=True)
        with self.lock:
            self.connections.add(renewed)
        return renewed

    def _listen(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self.lock:
                self.threads.append(thread)
                self.connections.add(connection)
            thread.start()

    def _serve(self, connection):
        bare = connection
        try:
            if self.settings.tls:
                connection = self.settings.tls.wrap_socket(connection, server_side=True)
                with self.lock:
                    self.connections.discard(bare)
                    self.connections.add(connection)
            session = Session(connection, self)
            with self.lock:
                self.sessions.append(session)
            session.run()
            connection = session.framing.connection
        except (ssl.SSLError, OSError):
            pass
        finally:
            with self.lock:
                self.connections.discard(connection)
            connection.close()
