"""At a terminal: what comes from a database does not reach it as a command, and Ctrl-C ends a verb
that only reads."""

import os
import pty
import re
import signal
import subprocess
import termios
import time
import unittest

from harness import AS_OF, PATIENCE, ROWPOST, environment, wait_until
from legacy import Legacy, make_clean
from scene import Scene

ODD = "GEN\x1b]0;owned\x07\u202eNEG\x9b31m"
SHOWN = "GEN\\u001b]0;owned\\u0007\\u202eNEG\\u009b31m"


class AtTerminal(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def setUp(self):
        super().setUp()
        legacy = Legacy(self.folder / "legacy.db")
        legacy.add_report("12_5_0", "HLT.Data.MET")
        legacy.execute("UPDATE releases SET category = ?", ODD)
        legacy.close()
        self.assertStatus(self.rowpost("plan", "--from", "legacy.db"), 1)

    def start_at_terminal(self, *arguments):
        """The program, and the other side of the terminal that it prints to."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([ROWPOST, *arguments], cwd=self.folder, env=environment(),
                                   stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.addCleanup(os.close, ours)
        return process, ours

    def see(self, *arguments):
        process, terminal = self.start_at_terminal(*arguments)
        seen = b""
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # the program has ended
                break
            seen += piece
        process.wait()
        return seen.decode()

    def test_a_text_of_the_database_is_shown_with_its_controls_as_numbers(self):
        for arguments in (["status"], ["report"], ["rejects"], ["rejects", "--json"]):
            with self.subTest(arguments=arguments):
                seen = self.see(*arguments)
                for control in ("\x1b]", "\x07", "\u202e", "\x9b"):
                    self.assertNotIn(control, seen)
        self.assertIn(SHOWN, self.see("rejects"))

    def test_a_message_shows_the_controls_of_what_it_quotes_as_numbers(self):
        result = self.rowpost("show", "no\x1b[2Jthing")
        self.assertStatus(result, 2)
        self.assertIn("no\\u001b[2Jthing", result.err)

    def test_a_signal_ends_a_verb_that_only_reads(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            # Nobody reads what it prints, so that it cannot end by itself.
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            try:
                while True:
                    os.write(writer, b"\0" * 4096)
            except BlockingIOError:
                os.set_blocking(writer, True)
            program = subprocess.Popen([ROWPOST, "report"], cwd=self.folder, env=environment(),
                                       stdin=subprocess.DEVNULL, stdout=writer)
            os.close(writer)
            state = f"/proc/{program.pid}/wchan"
            wait_until(lambda: "pipe" in open(state).read(), "it waits for its reader")
            program.send_signal(number)
            self.assertEqual(program.wait(PATIENCE), -number)
            os.close(reader)


class Outage(Scene):
    """What the progress line shows, without -v, of a target that gives no usable answer."""

    def test_the_progress_line_shows_retries_and_until_when_it_pauses(self):
        make_clean(self.folder / "legacy.db").close()
        self.assertStatus(self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF), 0)
        self.standin.faults({"kind": "status", "skip": 1, "times": -1})
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        termios.tcsetwinsize(theirs, (24, 200))
        words = [ROWPOST, "apply", *map(str, self.target), "--yes"]
        process = subprocess.Popen(words, cwd=self.folder, env=environment(TERM="xterm"),
                                   stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(theirs)
        shown = ""
        while not re.search(r" at a time, \d+ retries, pausing until \d\d:\d\d:\d\d UTC", shown):
            shown += os.read(ours, 4096).decode()


class Question(Scene):
    """At a terminal `apply` shows what it is about to do, and asks once."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.assertStatus(self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF), 0)

    def apply(self, answer, *options):
        """Exit status, and what the terminal shows."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        words = [ROWPOST, "apply", *map(str, self.target), *options]
        process = subprocess.Popen(words, cwd=self.folder, env=environment(TERM="dumb"),
                                   stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        os.write(ours, answer)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the program has ended
                break
        return process.wait(), shown.decode()

    def test_yes_sends_what_was_shown(self):
        status, shown = self.apply(b"yes\n", "-j", "2")
        self.assertEqual(status, 0, shown)
        self.assertIn(f"apply sends 5 documents to {self.standin.url}:\r\n"
                      "  validators 2, administrators 1, campaigns 2\r\n  about ", shown)
        self.assertRegex(shown, r" requests, about [^\n]+ with 2 at a time, each of \d+ ms\r\n")
        self.assertEqual(self.states(), {"delivered": 5})

    def test_the_requests_are_those_that_a_slow_target_gets(self):
        """Three users, each looked up before it is posted, and two campaigns."""
        slow = {"kind": "delay", "delay_ms": 100, "times": -1}
        self.standin.faults(slow)
        status, shown = self.apply(b"yes\n", "-j", "1")
        self.assertEqual(status, 0, shown)
        self.assertIn("about 8 requests, about ", shown)
        probes = 1
        self.assertEqual(len(self.standin.log()), probes + 8)

    def test_a_pause_that_the_target_asks_for_is_not_its_time_to_answer(self):
        self.standin.faults({"kind": "status", "status": 503, "headers": {"Retry-After": "2"}})
        began = time.monotonic()
        shown = self.apply(b"no\n")[1]
        seconds = time.monotonic() - began
        took = int(re.search(r"each of (\d+) ms", shown)[1]) / 1000
        self.assertGreaterEqual(seconds - took, 2)

    def test_anything_else_sends_nothing(self):
        status, shown = self.apply(b"y\n")
        self.assertEqual(status, 2, shown)
        self.assertIn("nothing was changed", shown)
        self.assertEqual(self.standin.posts(), [])

    def test_a_choice_is_shown_with_what_it_needs(self):
        shown = self.apply(b"no\n", "--only", "validators", "--limit", "1")[1]
        self.assertIn("  validators 1\r\n  about ", shown)

    def test_with_yes_nothing_is_asked(self):
        status, shown = self.apply(b"", "--yes")
        self.assertEqual(status, 0, shown)
        self.assertNotIn("Type yes", shown)

    def test_where_nothing_is_left_nothing_is_asked(self):
        self.apply(b"", "--yes")
        self.assertNotIn("Type yes", self.apply(b"")[1])


if __name__ == "__main__":
    unittest.main()
