"""What the end-to-end tests work with: the program, the stand-in target, and the workspace between.
"""

import dataclasses
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

BUILDS = ["rowpost", "tests/standin/rowpost-standin", "tests/sample/rowpost-sample"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
IS_LONG = os.environ.get("ROWPOST_LONG") == "1"
AS_OF = "2023-03-15"
PATIENCE = 7200.0 if IS_LONG else 600.0  # only stops what hangs: a slow machine needs no other
PAUSE = 0.005
SETTLE = "0.05"  # the stand-in does not continue with what is lost, unless a test has it do so


def find_binary(variable, path):
    """From the environment, or from the build folders next to the sources."""
    if variable in os.environ:
        return os.environ[variable]
    builds = [ROOT / "build-asan" / path, ROOT / "build" / path]
    return str(next((build for build in builds if build.exists()), builds[-1]))


ROWPOST = find_binary("ROWPOST", "rowpost")
STANDIN = find_binary("ROWPOST_STANDIN", "tests/standin/rowpost-standin")
SAMPLE = find_binary("ROWPOST_SAMPLE", "tests/sample/rowpost-sample")
# A clock of its own for a program that is started with it (tests/torture/clock.c).
CLOCK_SHIM = find_binary("ROWPOST_CLOCK_SHIM", "tests/torture/rowpost-clock.so")
DATA = pathlib.Path(os.environ.get("ROWPOST_TEST_DATA", ROOT / "tests" / "data"))
GOLDEN = DATA / "golden"


def wait_until(is_so, what):
    """Polls until `is_so()` is true, and returns what it gave."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = is_so()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain until {what}")
        time.sleep(PAUSE)


def find_free_port():
    """A port of loopback that nobody listens on, for a moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclasses.dataclass
class Result:
    """A program that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def without_ending(self):
        """What was printed before the last line, which has the time that it took."""
        return self.out[: self.out.rstrip("\n").rfind("\n") + 1]

    @property
    def lines(self):
        """Standard output as a JSON value a line. A text may hold other line breaks than LF."""
        return [json.loads(line) for line in self.out.split("\n") if line]


def environment(**changes):
    """The surroundings of a program: nothing of the person's own sign-in, proxies or colours."""
    foreign = {"ROWPOST_TOKEN", "NO_COLOR", "http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**kept, **changes}


class Program:
    """A running rowpost. Its output goes to files, so that it never waits for a reader."""

    def __init__(self, arguments, folder, **changes):
        self.output = tempfile.TemporaryFile()
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [ROWPOST, *map(str, arguments)],
            cwd=folder,
            env=environment(**changes),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.errors,
        )

    @property
    def pid(self):
        return self.process.pid

    @property
    def is_running(self):
        return self.process.poll() is None

    def send(self, number):
        self.process.send_signal(number)

    def stop(self):
        """Stops it where it is, until go_on(). False: it has ended."""
        self.send(signal.SIGSTOP)
        options = os.WSTOPPED | os.WEXITED | os.WNOWAIT
        try:
            return os.waitid(os.P_PID, self.pid, options).si_code == os.CLD_STOPPED
        except ChildProcessError:
            return False

    def go_on(self):
        self.send(signal.SIGCONT)

    def stop_when(self, is_so):
        """Stops it at a moment when `is_so()`. It is looked at while it is stopped and runs for a
        few milliseconds in between, so that it does not get far ahead of a test that is slow to
        look. False: it has ended first."""
        while self.stop():
            if is_so():
                return True
            self.go_on()
            time.sleep(PAUSE)
        return False

    def kill(self):
        """Kills it if it is still there. True: it was."""
        was_running = self.is_running
        if was_running:
            self.send(signal.SIGKILL)
        status = self.process.wait(PATIENCE)
        self.close()
        return was_running and status == -signal.SIGKILL

    def end(self):
        """Waits for its end. A sanitizer's report is a failure, whatever the exit status."""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)
            self.process.wait()
            raise
        finally:
            out, err = self._read(self.output), self._read(self.errors)
            self.close()
        if "Sanitizer" in err or "runtime error:" in err:
            raise AssertionError(f"a sanitizer has reported:\n{err}")
        return Result(status, out, err)

    @staticmethod
    def _read(file):
        file.seek(0)
        return file.read().decode()

    def close(self):
        self.output.close()
        self.errors.close()


class Standin:
    """The stand-in target. With `--data` among the options its records outlive it."""

    def __init__(self, folder, *options):
        self.folder = pathlib.Path(folder)
        self.options = options
        self.port = 0
        self.process = None
        self.start()

    def start(self):
        """Starts it, on the port that it had before if there was one."""
        port_file = self.folder / "standin-port"
        port_file.unlink(missing_ok=True)
        command = [STANDIN, "--quiet", "--port", self.port, "--port-file", port_file]
        self.process = subprocess.Popen([str(word) for word in (*command, *self.options)])
        wait_until(port_file.exists, "the stand-in listens")
        self.port = int(port_file.read_text())

    def stop(self):
        """Ends it. It has to end well: its own sanitizers speak by the exit status."""
        self.process.terminate()
        status = self.process.wait(PATIENCE)
        if status != 0:
            raise AssertionError(f"the stand-in ended with {status}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.stop()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def request(self, method, path, body=None, **headers):
        """The status and the body of the answer to one request, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            data = None if body is None else json.dumps(body)
            kind = {"Content-Type": "application/json"}
            connection.request(method, path, data, {**kind, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def control(self, method, path, body=None):
        status, content = self.request(method, "/control/" + path, body)
        if status != 200:
            raise AssertionError(f"/control/{path}: {status} {content!r}")
        return json.loads(content)

    def faults(self, *faults):
        self.control("PUT", "faults", list(faults))

    def hold(self, **which):
        """Leaves these requests where they are, until the faults are set again."""
        self.faults({"kind": "delay", "delay_ms": -1, "times": -1, **which})

    def release(self):
        """Lets what is held go its way, and waits until it has come to its end."""
        self.faults()
        wait_until(lambda: self.counts()["under_way"] == 0, "nothing is under way")

    def struck(self):
        """How often each fault has struck."""
        return [fault["struck"] for fault in self.control("GET", "faults")]

    def add_users(self, *users):
        self.control("POST", "users", list(users))

    def expire(self, credential, after=0):
        self.control("POST", "expire", {"credential": credential, "after": after})

    def reset(self):
        self.control("POST", "reset")

    def state(self):
        return self.control("GET", "state")

    def counts(self):
        return self.control("GET", "counts")

    def log(self):
        return self.control("GET", "log")

    def posts(self):
        return [entry for entry in self.log() if entry["method"] == "POST"]


class Workspace:
    """A workspace, read unchanged: from a copy, so that looking changes nothing."""

    def __init__(self, path):
        with tempfile.TemporaryDirectory() as folder:
            for suffix in ("", "-wal"):
                part = pathlib.Path(f"{path}{suffix}")
                if part.exists():
                    shutil.copyfile(part, pathlib.Path(folder) / f"copy{suffix}")
            on_disk = sqlite3.connect(pathlib.Path(folder) / "copy")
            self.database = sqlite3.connect(":memory:")
            on_disk.backup(self.database)
            on_disk.close()
        self.database.row_factory = sqlite3.Row

    def rows(self, sql, *values):
        return self.database.execute(sql, values).fetchall()

    def close(self):
        self.database.close()


def read_states(path):
    """How many documents are in each state."""
    workspace = Workspace(path)
    rows = workspace.rows("SELECT state, count(*) FROM document GROUP BY state")
    workspace.close()
    return {state: count for state, count in rows}


def make_sample(folder, **options):
    """A sample database with its lists, made by the generator; the options to plan it."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    subprocess.run([SAMPLE, *words, "--out", folder], check=True, stdout=subprocess.DEVNULL)
    files = {"--from": "legacy.db", "--admins": "admins.csv", "--people": "people.csv"}
    return [word for option in files for word in (option, folder / files[option])]


def write_cookies(path, value, host="127.0.0.1", name="session"):
    path.write_text(f"# Netscape HTTP Cookie File\n{host}\tFALSE\t/\tFALSE\t0\t{name}\t{value}\n")
    return path
