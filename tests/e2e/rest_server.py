"""A small service with a REST API on loopback, for migration files: collections of records in
memory, lists with filters and pages, and faults by the number of the change that they strike."""

import http.server
import json
import re
import threading
import urllib.parse


PAGE = "<html><body>Please try again later</body></html>"  # a proxy's, with status 200


class RestServer:
    """`unique` names the member that a collection has once; `silent` members are not kept."""

    def __init__(self, unique=None, silent=(), page_size=100, links=False):
        self.unique = unique or {}
        self.silent = set(silent)
        self.page_size = page_size
        self.links = links
        self.role = "admin"
        self.records = {}  # by collection, a list
        self.changes = []  # (method, path, headers, body) of each request that changes something
        self.reads = []  # paths
        self.faults = {}  # by the number of the change, from 1
        self.pages = {}  # how often a path (with its query) is answered with a page for people
        self.numbers = 100
        self.lock = threading.Lock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/api"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def add(self, collection, **members):
        self.numbers += 1
        record = {"id": self.numbers, **members}
        self.records.setdefault(collection, []).append(record)
        return record

    def find(self, collection, number):
        return next((record for record in self.records.get(collection, [])
                     if str(record["id"]) == number), None)

    # ---- requests: each gives a status, a body and headers ----

    def get(self, path, query):
        asked = path + ("?" + urllib.parse.urlencode(query) if query else "")
        self.reads.append(asked)
        if self.pages.get(asked, 0) > 0:
            self.pages[asked] -= 1
            return 200, PAGE, {}
        if path == "me":
            return 200, {"role": self.role}, {}
        collection, _, number = path.partition("/")
        if number:
            record = self.find(collection, number)
            return (200, record, {}) if record else (404, {"message": "not there"}, {})
        return self.list(collection, dict(query))

    def list(self, collection, query):
        page = int(query.pop("page", 1))
        found = [record for record in self.records.get(collection, [])
                 if all(str(record.get(name)) == value for name, value in query.items())]
        begin = (page - 1) * self.page_size
        headers = {}
        if self.links and begin + self.page_size < len(found):
            following = urllib.parse.urlencode({**query, "page": page + 1})
            headers["Link"] = f'<http://elsewhere.example/api/{collection}?{following}>; rel="next"'
        return 200, found[begin:begin + self.page_size], headers

    def change(self, method, path, headers, body):
        with self.lock:
            self.changes.append((method, path, headers, body))
            fault = self.faults.get(len(self.changes))
            if isinstance(fault, tuple):
                return fault[0], fault[1], {}
            if fault == "page":
                return 200, PAGE, {}
            if fault == "dropped":
                return None
            answer = self.carry_out(method, path, body)
            return None if fault == "lost" else answer

    def carry_out(self, method, path, body):
        collection, _, number = path.partition("/")
        if method == "POST":
            return self.create(collection, body)
        record = self.find(collection, number)
        if record is None:
            return 404, {"message": "not there"}, {}
        if method == "DELETE":
            self.records[collection].remove(record)
            return 204, None, {}
        record.update({name: value for name, value in body.items() if name not in self.silent})
        return 200, record, {}

    def create(self, collection, body):
        member = self.unique.get(collection)
        if member and any(record.get(member) == body.get(member)
                          for record in self.records.get(collection, [])):
            return 409, {"message": f"{member} is taken"}, {}
        kept = {name: value for name, value in body.items() if name not in self.silent}
        record = self.add(collection, **kept)
        return 201, record, {"Location": f"/api/{collection}/{record['id']}"}


def handler_of(service):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave together

        def log_message(self, *_):
            """Logs nothing."""

        def parts(self):
            path, _, query = self.path.partition("?")
            return (re.sub("^/api/", "", path).strip("/"),
                    urllib.parse.parse_qsl(query, keep_blank_values=True))

        def do_GET(self):
            self.answer(service.get(*self.parts()))

        def do_change(self):
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            self.answer(service.change(self.command, self.parts()[0], dict(self.headers), body))

        do_POST = do_PUT = do_DELETE = do_change

        def answer(self, answer):
            if answer is None:
                self.close_connection = True
                return
            status, body, headers = answer
            text = body if body is PAGE else "" if body is None else json.dumps(body)
            data = text.encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if data:
                self.send_header("Content-Type",
                                 "text/html" if body is PAGE else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler
