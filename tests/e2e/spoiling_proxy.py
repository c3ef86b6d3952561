"""A proxy before a service that spoils some of what passes: answers that are lost, cut, repeated or
not the service's, and requests that are refused, not passed on, or carried out late.

Which requests meet a fault is drawn by a seed. A fault is drawn from a pack of cards, of which each
kind of fault has the same number, so that a test meets all of them; when the pack is used up, all
passes unspoiled. Reading requests have a pack of their own, with what can happen to them.

`late` is answered by 504 at once and carried out LATENESS seconds after it arrived. Requests that
arrive after that moment wait until it has been carried out. So a client that waits for two times
LATENESS sees its outcome, however slow the machine is."""

import collections
import contextlib
import copy
import http.client
import http.server
import random
import socketserver
import threading
import time
import urllib.parse

from harness import PATIENCE, wait_until

LATENESS = 2.0
SETTLE = str(2 * LATENESS)  # for rowpost's --settle
WAITS_FOR = 1  # seconds in Retry-After
PAGE = b"<html><body><h1>Something went wrong</h1><p>Please try again later.</p></body></html>"
OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


def answer_of(status, *headers, content=PAGE):
    """An answer of the proxy's own."""
    return status, [("Content-Type", "text/html; charset=utf-8"), *headers], content


class Exchange(http.server.BaseHTTPRequestHandler):
    """One connection of the client's. Each fault is a method named after it."""

    protocol_version = "HTTP/1.1"

    def pass_on(self):
        length = int(self.headers.get("Content-Length", 0))
        self.content = self.rfile.read(length)
        if len(self.content) < length:
            self.close_connection = True
            return
        with self.proxy.under_way():
            fault = self.proxy.draw(self.command)
            self.entry = self.proxy.note(self.command, self.path, fault)
            try:
                self.proxy.wait_for_late()
                getattr(self, fault)()
            except (OSError, http.client.HTTPException) as error:
                self.entry["broken"] = repr(error)
                self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    @property
    def proxy(self):
        return self.server.proxy

    def carry_out(self):
        """Sends the request to the service: (status, headers, content)."""
        connection = http.client.HTTPConnection(self.proxy.host, timeout=PATIENCE)
        try:
            headers = {name: value for name, value in self.headers.items()
                       if name.lower() not in OF_ONE_CONNECTION}
            connection.request(self.command, self.path, self.content or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        self.entry["status"] = answer.status
        headers = [(name, value) for name, value in answer.getheaders()
                   if name.lower() not in OF_ONE_CONNECTION]
        return answer.status, headers, content

    def give(self, answer, most=None, times=1):
        """Writes the answer; of its content only so many bytes."""
        status, headers, content = answer
        lines = [f"HTTP/1.1 {status} {http.client.responses.get(status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers]
        lines += [f"Content-Length: {len(content)}", "", ""]
        written = "\r\n".join(lines).encode("latin-1") + content[:most]
        for _ in range(times):
            self.wfile.write(written)
        self.wfile.flush()

    # The faults

    def nothing(self):
        answer = self.carry_out()
        self.proxy.kept[self.command] = answer
        self.give(answer)

    def lost(self):
        """Carried out, and the connection ends without an answer."""
        self.carry_out()
        self.close_connection = True

    def unsent(self):
        """Not carried out, and the connection ends without an answer."""
        self.close_connection = True

    def cut(self):
        """Carried out, and the connection ends within the answer."""
        answer = self.carry_out()
        self.give(answer, most=len(answer[2]) // 2)
        self.close_connection = True

    def repeated(self):
        """Carried out, and the answer comes twice on the connection. It is the connection's last:
        else the copy could be the answer to the next request, which nobody can recognize."""
        status, headers, content = self.carry_out()
        self.give((status, [*headers, ("Connection", "close")], content), times=2)
        self.close_connection = True

    def stale(self):
        """Carried out, and answered by the answer to an earlier request of this method."""
        self.carry_out()
        self.give(self.proxy.kept.get(self.command, answer_of(500)))

    def page(self):
        """Not carried out, and answered by a page of the proxy's."""
        self.give(answer_of(500))

    def masked(self):
        """Carried out, and answered by a page of the proxy's."""
        self.carry_out()
        self.give(answer_of(500))

    def busy(self):
        """Not carried out, and answered by when to come again."""
        self.give(answer_of(503, ("Retry-After", str(WAITS_FOR))))

    def late(self):
        """Answered by 504 at once, and carried out later, whatever the connection brings next."""
        self.proxy.carry_out_late(copy.copy(self).carry_out)
        self.give(answer_of(504))

    def log_message(self, *_):
        """Nothing is printed: the proxy has a log."""


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that was killed breaks its connections."""


# A stale answer to a look-up would be a false one, which nobody can recognize.
WRITING = ("lost", "unsent", "cut", "repeated", "stale", "page", "masked", "busy", "late")
READING = ("lost", "unsent", "cut", "repeated", "page", "busy")


class SpoilingProxy:
    """Listens on loopback, before the service at `url`. A fault is met by one of `every` requests,
    until each kind of fault has been met `times` times by writing requests and by reading ones."""

    def __init__(self, url, seed, times=1, every=3):
        self.host = urllib.parse.urlsplit(url).netloc
        self.random = random.Random(seed)
        self.every = every
        self.packs = {is_reading: self.shuffle(faults, times)
                      for is_reading, faults in ((False, WRITING), (True, READING))}
        self.struck = collections.Counter()  # by (method, fault)
        self.log = []
        self.kept = {}
        self.late_ones = []  # (moment, event)
        self.number_under_way = 0
        self.lock = threading.Lock()
        self.server = Server(("127.0.0.1", 0), Exchange)
        self.server.proxy = self
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def shuffle(self, faults, times):
        pack = list(faults) * times
        self.random.shuffle(pack)
        return pack

    def draw(self, method):
        with self.lock:
            pack = self.packs[method == "GET"]
            return pack.pop() if pack and self.random.randrange(self.every) == 0 else "nothing"

    def note(self, method, path, fault):
        """A new entry of the log. Headers are secret and stay out."""
        entry = {"method": method, "path": path, "fault": fault, "status": None}
        with self.lock:
            self.log.append(entry)
            if fault != "nothing":
                self.struck[method, fault] += 1
        return entry

    @contextlib.contextmanager
    def under_way(self):
        with self.lock:
            self.number_under_way += 1
        try:
            yield
        finally:
            with self.lock:
                self.number_under_way -= 1

    def wait_until_idle(self):
        """Until the unanswered requests of a killed client are carried out. Late requests do not
        count."""
        wait_until(lambda: self.number_under_way == 0, "nothing is under way")

    def carry_out_late(self, carry_out):
        late = (time.monotonic() + LATENESS, threading.Event())

        def wait_and_carry_out():
            time.sleep(LATENESS)
            try:
                carry_out()
            finally:
                late[1].set()

        with self.lock:
            self.late_ones.append(late)
        threading.Thread(target=wait_and_carry_out, daemon=True).start()

    def wait_for_late(self):
        """Until all requests are carried out that are so late by now."""
        now = time.monotonic()
        with self.lock:
            due = [event for moment, event in self.late_ones if moment <= now]
        for event in due:
            event.wait(PATIENCE)

    def be_honest(self):
        """From now on all passes unspoiled. Waits for what is late."""
        with self.lock:
            self.packs = {True: [], False: []}
            late_ones = list(self.late_ones)
        for _, event in late_ones:
            event.wait(PATIENCE)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
