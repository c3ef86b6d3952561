"""A service of Debian's for a test: on loopback, on a free port, all its files in one scratch folder,
stopped by process id. What a service needs beyond its package is in tests/e2e/services."""

import base64
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request

from harness import PATIENCE, find_free_port, wait_until

HOST = "127.0.0.1"
SCRIPTS = pathlib.Path(__file__).resolve().parent / "services"


class Service:
    """`start()` makes and starts it; `sign_in` is the header that its answers need."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rowpost-service-"))
        self.port = find_free_port()
        self.processes = []
        self.environment = {**os.environ, "TMPDIR": str(self.folder), "HOME": str(self.folder)}
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def url(self):
        return f"http://{HOST}:{self.port}"

    def run(self, *command, **options):
        """Runs a program to its end, and returns what it prints. A failure shows its output."""
        options = {"cwd": self.folder, "env": self.environment, **options}
        result = subprocess.run(
            [str(word) for word in command], capture_output=True, timeout=PATIENCE, **options
        )
        if result.returncode != 0:
            said = (result.stderr + result.stdout).decode(errors="replace")
            raise AssertionError(f"{command[0]}: {said[-3000:]}")
        return result.stdout.decode()

    def serve(self, *command, is_ready, **options):
        """Starts a server, a process group of its own, and waits for it."""
        options = {"cwd": self.folder, "env": self.environment, **options}
        name = self.folder / f"log-{len(self.processes)}"
        with open(name, "wb") as log:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )
        self.processes.append(process)

        def check():
            if process.poll() is not None:
                said = name.read_text(errors="replace")
                raise AssertionError(f"{command[0]} has ended:\n{said[-3000:]}")
            return is_ready()

        wait_until(check, f"{command[0]} answers")

    def answers(self, path):
        """Whether a GET of that path, signed in, is answered by 200."""
        request = urllib.request.Request(self.url + path, headers=dict([self.sign_in]))
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def close(self):
        for process in reversed(self.processes):
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(process.pid, number)
                    process.wait(20)
                    break
                except ProcessLookupError:
                    break
                except subprocess.TimeoutExpired:
                    continue
        shutil.rmtree(self.folder, ignore_errors=True)


def basic(login):
    """The header of HTTP Basic for `user:password`."""
    return ("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
