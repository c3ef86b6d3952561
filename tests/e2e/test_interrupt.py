"""Stopped by a signal: cleanly, with the next command, and the same command continues."""

import os
import pathlib
import signal
import unittest

from harness import AS_OF, make_sample, wait_until
from scene import Scene

PACKAGES = ["libsqliteodbc", "odbcinst"]

SAMPLE_OF = {"users": 40, "dirty": "no", "history": "no"}


STAGED = 1 << 20  # more than an empty workspace


def count_staged(pid):
    """The bytes in the file without a name into which a source's rows are copied."""
    total = 0
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        if ".staging-" in os.readlink(entry):
            total += entry.stat().st_size
    return total


class Delivery(Scene):
    def setUp(self):
        super().setUp()
        plan = make_sample(self.folder / "sample", campaigns=60, rows=240, **SAMPLE_OF)
        self.assertStatus(self.rowpost("plan", *plan, "--as-of", AS_OF), 0)
        self.number = self.states()["pending"]

    def test_it_answers_at_once_while_requests_are_waited_for(self):
        self.standin.hold(method="POST")
        program = self.start("apply", *self.target, "-j", "3")
        self.wait_until_held(program, 3)
        program.send(signal.SIGINT)
        words = b"stopping: waiting for 3 requests; Ctrl-C again ends at once\n"
        told = lambda: words in os.pread(program.errors.fileno(), 1 << 16, 0)
        wait_until(told, "it answers the signal")
        self.assertTrue(program.is_running)
        self.standin.faults()
        self.assertStatus(program.end(), 1)

    def assertStopsCleanly(self, number):
        self.standin.hold(method="POST", skip=5)
        program = self.start("apply", *self.target)
        self.wait_until_held(program)
        self.interrupt(program, number)
        self.standin.faults()
        result = program.end()
        self.assertStatus(result, 1)
        states = self.states()
        self.assertLessEqual(set(states), {"pending", "delivered"})
        self.assertGreater(states.get("pending", 0), 0)
        self.assertEqual(self.standin.counts()["users"], states.get("delivered", 0))
        self.assertPastes(result)
        self.assertEqual(self.states(), {"delivered": self.number})
        self.assertEqual(self.standin.counts()["posts_per_key"], 1)
        self.assertTargetHolds()

    def test_sigint_stops_cleanly_and_the_printed_command_goes_on(self):
        self.assertStopsCleanly(signal.SIGINT)

    def test_sigterm_stops_cleanly_and_the_printed_command_goes_on(self):
        self.assertStopsCleanly(signal.SIGTERM)

    def test_a_second_sigint_does_not_wait_for_a_target_that_hangs(self):
        self.standin.hold(method="POST")
        program = self.start("apply", *self.target)
        self.wait_until_held(program)
        self.interrupt(program, signal.SIGINT)
        program.send(signal.SIGINT)
        result = program.end()
        self.assertStatus(result, -signal.SIGINT)
        self.standin.release()
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.assertEqual(self.states(), {"delivered": self.number})
        self.assertEqual(self.standin.counts()["duplicates"], 0)

    def test_verify_stops_cleanly_and_the_printed_command_goes_on(self):
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.standin.hold(skip=5)
        program = self.start("verify", *self.target)
        self.wait_until_held(program)
        self.interrupt(program, signal.SIGINT)
        self.standin.faults()
        result = program.end()
        self.assertStatus(result, 1)
        self.assertPastes(result)


class Planning(Scene):
    """A plan that is stopped leaves the workspace as it was."""

    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def setUp(self):
        super().setUp()
        large = make_sample(self.folder / "large", campaigns=2000, rows=60000, **SAMPLE_OF)
        self.large = ["plan", *large, "--as-of", AS_OF]

    def plan_small(self):
        small = make_sample(self.folder / "small", campaigns=5, rows=20, **SAMPLE_OF)
        self.assertStatus(self.rowpost("plan", *small, "--as-of", AS_OF), 0)
        return self.summary()

    def start_large(self, file="valdb.rowpost-journal"):
        """A plan that is stopped (SIGSTOP) while it writes."""
        program = self.start(*self.large)
        self.assertTrue(program.stop_when((self.folder / file).exists), "it had ended before")
        return program

    def test_a_first_plan_that_is_stopped_leaves_no_workspace(self):
        program = self.start_large("valdb.rowpost")
        program.send(signal.SIGINT)
        program.go_on()
        result = program.end()
        self.assertStatus(result, 1)
        self.assertEqual(list(self.folder.glob("valdb.rowpost*")), [])
        self.assertPastes(result)

    def test_a_plan_again_that_is_stopped_leaves_the_earlier_plan(self):
        before = self.plan_small()
        program = self.start_large()
        program.send(signal.SIGINT)
        program.go_on()
        self.assertStatus(program.end(), 1)
        self.assertEqual(self.summary(), before)

    def test_a_plan_again_that_is_killed_leaves_the_earlier_plan(self):
        before = self.plan_small()
        self.assertTrue(self.start_large().kill())
        self.assertEqual(self.summary(), before)
        self.assertStatus(self.rowpost(*self.large), 0)

    def test_a_first_plan_that_was_killed_can_be_made_again(self):
        self.assertTrue(self.start_large().kill())
        self.assertStatus(self.rowpost(*self.large), 0)


class Staging(Scene):
    """A plan of a server's rows, stopped while they are copied into the temporary file."""

    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def setUp(self):
        super().setUp()
        make_sample(self.folder / "large", campaigns=2000, rows=60000, **SAMPLE_OF)
        source = f"odbc:DRIVER=SQLite3;Database={self.folder}/large/legacy.db"
        self.large = ["plan", "--from", source, "--as-of", AS_OF]

    def start_staging(self):
        program = self.start(*self.large)
        self.assertTrue(program.stop_when(lambda: count_staged(program.pid) > STAGED),
                        "it had ended before")
        return program

    def test_what_is_killed_leaves_no_rows_behind_and_can_be_made_again(self):
        before = set(self.folder.iterdir())
        self.assertTrue(self.start_staging().kill())
        left = {path.name: path.stat().st_size for path in set(self.folder.iterdir()) - before}
        self.assertLessEqual(set(left), {"valdb.rowpost", "valdb.rowpost-journal"})
        self.assertLess(sum(left.values()), STAGED)
        self.assertStatus(self.rowpost(*self.large), 0)

    def test_what_is_stopped_leaves_nothing(self):
        before = set(self.folder.iterdir())
        program = self.start_staging()
        program.send(signal.SIGINT)
        program.go_on()
        result = program.end()
        self.assertStatus(result, 1)
        self.assertEqual(set(self.folder.iterdir()), before)
        self.assertPastes(result)


if __name__ == "__main__":
    unittest.main()
