"""No cookie, token or password stands in anything that the program writes or shows."""

import json
import os
import pathlib
import resource
import signal
import subprocess
import unittest

from harness import AS_OF, ROWPOST, environment, wait_until, write_cookies
from legacy import make_clean
from scene import Scene

COOKIE = "good-c00kie-value-4711"
RENEWED = "good-renewed-c00kie-4711"
TOKEN = "good-t0ken-value-4711"
PASSWORD = "passw0rd-4711"
SECRETS = (COOKIE, RENEWED, TOKEN, PASSWORD)
INPUTS = {"session.txt", "token", "credentials.json"}

# What goes wrong while a secret is in use, so that every message about it is heard.
FAULTS = [
    {"kind": "drop"},
    {"kind": "truncate"},
    {"kind": "html"},
    {"kind": "status", "status": 500},
    {"kind": "login-redirect", "headers": {"Location": f"/login?token={TOKEN}&s={COOKIE}"}},
    {"kind": "status", "status": 403},
]


class SecretScene(Scene):
    """A small plan, and everything that is printed."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.plan = ["--from", "legacy.db", "--as-of", AS_OF]
        self.shown = []

    def show(self, *arguments, **changes):
        """Runs the program and keeps what it has shown."""
        result = self.rowpost(*arguments, **changes)
        self.shown.append(result.out + result.err)
        return result

    def with_cookie(self, value=COOKIE):
        path = write_cookies(self.folder / "session.txt", value)
        return ["--to", self.standin.url, "--cookies", path]

    def with_token(self):
        (self.folder / "token").write_text(TOKEN)
        return ["--to", self.standin.url, "--token-file", "token"]

    def with_credentials(self):
        new = {"host_url": self.standin.url, "cookie_location": "session.txt"}
        old = {"database_username": "me", "database_password": PASSWORD}
        write_cookies(self.folder / "session.txt", COOKIE)
        path = self.folder / "credentials.json"
        path.write_text(json.dumps({"old": old, "new": {**new, "admins_list_path": ""}}))
        return ["--credentials", path]

    def assertNothingTold(self):
        """Not on the screen and not in a file, except for the inputs."""
        for text in self.shown:
            self.assertNoSecret(text.encode(), "the output")
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        self.assertIn(self.workspace, files)
        for path in files:
            if path.name not in INPUTS:
                self.assertNoSecret(path.read_bytes(), path.name)

    def assertNoSecret(self, content, where):
        for secret in SECRETS:
            self.assertNotIn(secret.encode(), content, f"{secret} stands in {where}")

    def run_and_read(self, target, **changes):
        """Everything that there is to be shown, as loud as it goes."""
        self.show("run", *self.plan, *target, "--deep", "-v", "-v", **changes)
        self.show("verify", *target, "--log-format", "json", "-v", "-v", **changes)
        self.show("report", "-v", "-v")
        for name in ("report.xml", "report.csv"):
            self.show("report", "-o", name)
        self.show("report", "--format", "json", "-o", "report.json", "-v", "-v")
        for key in ("first", "chief", "12_0_0"):
            self.show("show", key)
            self.show("show", key, "--json")
        self.show("findings", "--json")
        self.show("status", "--json")

    def start_anew(self):
        self.standin.reset()
        self.workspace.unlink(missing_ok=True)
        self.shown.clear()


class Secrets(SecretScene):
    def test_a_cookie_is_not_shown(self):
        self.run_and_read(self.with_cookie())
        self.assertEqual(self.states(), {"delivered": 5})
        self.assertNothingTold()

    def test_a_renewed_cookie_is_not_shown(self):
        self.run_and_read(self.with_cookie("renew-c00kie-4711"))
        self.assertNothingTold()

    def test_a_token_from_a_file_is_not_shown(self):
        self.run_and_read(self.with_token())
        self.assertEqual(self.states(), {"delivered": 5})
        self.assertNothingTold()

    def test_a_token_from_the_environment_is_not_shown(self):
        self.run_and_read(["--to", self.standin.url], ROWPOST_TOKEN=TOKEN)
        self.assertEqual(self.states(), {"delivered": 5})
        self.assertNothingTold()

    def test_the_password_of_credentials_json_is_not_shown(self):
        self.run_and_read(self.with_credentials())
        self.assertEqual(self.states(), {"delivered": 5})
        self.assertNothingTold()

    def test_broken_credentials_are_not_quoted(self):
        self.with_credentials()
        path = self.folder / "credentials.json"
        content = path.read_text()
        for broken in (content.replace(",", " "), content[:-2], PASSWORD, f'"{PASSWORD}"'):
            path.write_text(broken)
            result = self.show("run", *self.plan, "--credentials", path, "-v", "-v")
            self.assertStatus(result, 2)
        for text in self.shown:
            self.assertNoSecret(text.encode(), "the output")

    def test_no_failure_shows_a_secret(self):
        forms = [(self.with_cookie(), []), (self.with_token(), ["--log-format", "json"])]
        for fault in FAULTS:
            for target, log in [*forms, (self.with_cookie(), ["--log-format", "json"])]:
                with self.subTest(fault=fault["kind"], target=target[2], log=log):
                    self.start_anew()
                    self.standin.faults({**fault, "skip": 1}, {**fault, "skip": 2})
                    self.show("run", *self.plan, *target, "-v", "-v", *log)
                    self.show("report", "--format", "json", "-v", "-v")
                    self.assertNothingTold()

    def test_a_server_that_repeats_the_secret_is_not_quoted(self):
        for target, secret in ((self.with_cookie(), COOKIE), (self.with_token(), TOKEN)):
            with self.subTest(target=target[2]):
                self.start_anew()
                body = json.dumps({"message": f"Email is refused for session {secret} of yours"})
                headers = {"Content-Type": "application/json"}
                fault = {"kind": "status", "status": 400, "headers": headers, "body": body}
                self.standin.faults({**fault, "method": "POST"})
                self.run_and_read(target)
                self.assertEqual(self.states()["refused"], 1)
                self.assertNothingTold()


class WhileItRuns(SecretScene):
    """The program hangs in the middle of a post."""

    def start_and_wait(self, *target, **changes):
        self.assertStatus(self.rowpost("plan", *self.plan), 0)
        self.standin.hold(method="POST")
        program = self.start("apply", *target, "-v", "-v", **changes)
        self.wait_until_held(program)
        return program

    def test_neither_command_line_nor_title_shows_a_secret(self):
        for target, changes in (
            (self.with_cookie(), {}),
            (self.with_token(), {}),
            (["--to", self.standin.url], {"ROWPOST_TOKEN": TOKEN}),
        ):
            program = self.start_and_wait(*target, **changes)
            place = pathlib.Path(f"/proc/{program.pid}")
            for name in ("cmdline", "comm"):
                self.assertNoSecret((place / name).read_bytes(), name)
            program.kill()
            self.start_anew()

    def test_the_log_of_a_killed_program_has_no_secret(self):
        program = self.start_and_wait(*self.with_cookie())
        self.assertTrue(program.kill())
        self.assertTrue(pathlib.Path(f"{self.workspace}-wal").exists())
        self.assertNothingTold()


class Core(SecretScene):
    """A program that dies leaves no memory dump, even where people have asked for core files."""

    LIMIT = resource.RLIM_INFINITY

    def limit(self):
        resource.setrlimit(resource.RLIMIT_CORE, (self.LIMIT, self.LIMIT))

    def start_dumpable(self, command):
        """The sanitizer forbids core files by itself; here it must not."""
        options = os.environ.get("ASAN_OPTIONS", "") + ":disable_coredump=0"
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=self.folder,
            env=environment(ASAN_OPTIONS=options),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=self.limit,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def dumps_core(self, process):
        process.send_signal(signal.SIGQUIT)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = status
        return os.WCOREDUMP(status)

    def test_a_program_that_dies_leaves_no_core_file(self):
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        if hard != self.LIMIT or not self.dumps_core(self.start_dumpable(["sleep", "60"])):
            self.skipTest("core files are not written here")
        self.assertStatus(self.rowpost("plan", *self.plan), 0)
        self.standin.hold(method="POST")
        process = self.start_dumpable([ROWPOST, "apply", *self.with_cookie()])
        wait_until(lambda: self.standin.struck()[0] > 0, "a post is held")
        self.assertFalse(self.dumps_core(process))


class MistypedAddress(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def test_a_password_in_an_address_is_not_repeated_whatever_is_wrong_with_it(self):
        addresses = [
            "postgres://me:hunter2@db/x", "postgresql//me:hunter2@db/x", "mysql:/me:hunter2@db/x",
            "oracle:/me:hunter2@db/x", "//me:hunter2@db/x", "me:hunter2@db/x", "me/x:hunter2@db",
            "jdbc:oracle:thin:me/hunter2@db:1521/x", "sqlite:me:hunter2@db", "odbc:me:hunter2@db",
            "odbc:dsn=x;passwd=hunter2", "odbc:dsn=x;pqopt={password=hunter2}",
            "odbc:dsn=x;AccessToken=hunter2", "odbc:dsn=x;Client_Secret=hunter2",
            "http://me:hunter2@db/x",
        ]
        for address in addresses:
            with self.subTest(address=address):
                result = self.rowpost("plan", "--from", address)
                self.assertStatus(result, 2)
                self.assertNotIn("hunter2", result.out + result.err)


if __name__ == "__main__":
    unittest.main()
