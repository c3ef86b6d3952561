"""`check` asks the source and the target, whichever is named, and reports only what was shown."""

import json
import unittest

from harness import find_free_port, make_sample, wait_until
from scene import Scene

LATER = "600"  # seconds: longer than any test takes


class Both(Scene):
    def setUp(self):
        super().setUp()
        sizes = {"campaigns": 3, "rows": 12, "users": 3, "dirty": "no", "history": "no"}
        self.source = make_sample(self.folder / "sample", **sizes)[:2]

    def check(self, *more):
        return self.rowpost("check", *more)

    def write_credentials(self, **new):
        """With an Oracle where nobody listens."""
        self.port = find_free_port()
        old = {"database_username": "me", "database_password": "hunter2"}
        old.update({"database_url": f"127.0.0.1:{self.port}", "database_service": "VAL"})
        path = self.folder / "credentials.json"
        path.write_text(json.dumps({"new": {"host_url": "", **new}, "old": old}))
        path.chmod(0o600)
        return ["--credentials", path]

    def on_target(self):
        return ["--to", self.standin.url, "--cookies", self.cookies]

    def test_source_and_target_are_asked(self):
        result = self.check(*self.source, *self.on_target())
        self.assertStatus(result, 0)
        self.assertIn("can be read", result.out)
        self.assertIn("is there and accepts the session", result.out)

    def test_only_a_source_needs_no_target(self):
        result = self.check(*self.source)
        self.assertStatus(result, 0)
        self.assertIn("can be read", result.out)

    def test_a_source_that_fails_does_not_keep_the_target_from_being_asked(self):
        result = self.check("--from", "nothere.db", *self.on_target())
        self.assertStatus(result, 3)
        self.assertIn("the session may write", result.out)
        self.assertTrue(result.err.startswith("rowpost: the source: cannot open"), result.err)

    def test_where_both_fail_both_are_reported(self):
        nowhere = f"http://127.0.0.1:{find_free_port()}"
        result = self.check("--from", "nothere.db", "--to", nowhere)
        self.assertStatus(result, 3)
        self.assertIn(f"{nowhere}: not sent", result.err)
        self.assertIn("the source: cannot open", result.err)

    def test_the_source_of_the_credentials_is_asked_too(self):
        result = self.check(*self.write_credentials(), *self.on_target())
        self.assertStatus(result, 3)
        self.assertIn("the session may write", result.out)
        self.assertIn(f"127.0.0.1:{self.port}", result.err)
        self.assertNotIn("hunter2", result.out + result.err)

    def test_credentials_with_a_source_alone_need_no_target(self):
        result = self.check(*self.write_credentials())
        self.assertStatus(result, 3)
        self.assertIn(f"127.0.0.1:{self.port}", result.err)


class LeftAlone(Scene):
    """A target that asks for a pause at the first request (Retry-After)."""

    def ask_for(self, seconds, times=1):
        away = {"kind": "status", "status": 503, "headers": {"Retry-After": seconds}}
        self.standin.faults({**away, "method": "GET", "times": times})

    def check(self, *more):
        command = ["check", "--to", self.standin.url, "--cookies", self.cookies]
        return self.rowpost(*command, *more)

    def test_it_is_asked_again_at_the_moment_and_that_is_shown(self):
        self.ask_for("1", times=2)
        result = self.check()
        self.assertStatus(result, 0)
        self.assertEqual(self.standin.struck(), [2])
        self.assertRegex(result.err, r"no request before \d\d:\d\d:\d\d UTC")

    def test_a_time_beyond_the_patience_is_an_error_at_once(self):
        self.ask_for(LATER)
        result = self.check("--give-up-after", "1")
        self.assertStatus(result, 3)
        self.assertIn(f"a pause of {LATER} seconds, which is longer than", result.err)

    def plan(self):
        sizes = {"campaigns": 2, "rows": 8, "users": 2, "dirty": "no", "history": "no"}
        self.assertStatus(self.rowpost("plan", *make_sample(self.folder / "sample", **sizes)), 0)

    def test_a_delivery_begins_when_the_target_lets_it(self):
        self.plan()
        self.ask_for("1")
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        first, second = self.standin.log()[:2]
        self.assertEqual(first["path"], second["path"])
        self.assertEqual(set(self.states()), {"delivered"})

    def test_ctrl_c_ends_the_wait(self):
        self.plan()
        self.ask_for(LATER)
        program = self.start("apply", *self.target, "--give-up-after", "3000")
        wait_until(lambda: self.standin.struck() == [1], "the target was asked")
        program.send(2)
        result = program.end()
        self.assertStatus(result, 1)
        self.assertIn(" apply ", self.next_command(result))
        self.assertEqual(len(self.standin.log()), 1)


if __name__ == "__main__":
    unittest.main()
