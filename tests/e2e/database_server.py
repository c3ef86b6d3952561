"""Database servers for a test: each on loopback, on a free port, in a scratch folder, and of a user
without rights, because PostgreSQL and MariaDB refuse root. Stopped by its own process."""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

from harness import PATIENCE, find_free_port, wait_until

HOST = "127.0.0.1"
USER = "reader"
PASSWORD = "s3cret;w{o}r=d 'é"


class DatabaseServer:
    """What both have in common. The scratch folder is next to those of the tests, whose own
    folders only their user may enter."""

    account = "nobody"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rowpost-", dir="/tmp"))
        self.data = self.folder / "data"
        self.port = find_free_port()
        self.process = None
        self.environment = {**os.environ, "TMPDIR": str(self.folder)}
        if os.getuid() == 0:
            entry = pwd.getpwnam(self.account)
            self.as_user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        else:
            self.as_user = {}

    def run(self, *command, **options):
        """Runs a program of the server's to its end; a failure shows its output."""
        result = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            capture_output=True,
            env=self.environment,
            timeout=PATIENCE,
            **options,
        )
        if result.returncode != 0:
            raise AssertionError(f"{command[0]}: {result.stderr.decode(errors='replace')[:2000]}")
        return result.stdout.decode()

    def serve(self, *command):
        log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [str(word) for word in command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **self.as_user,
        )
        log.close()
        wait_until(self.is_ready, f"{command[0]} answers")

    def is_ready(self):
        if self.process.poll() is not None:
            text = (self.folder / "log").read_text(errors="replace")
            raise AssertionError(f"the server has ended:\n{text[-3000:]}")
        try:
            self.sql("SELECT 1")
            return True
        except AssertionError:
            time.sleep(0.1)
            return False

    def close(self):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
