"""At a terminal: what comes from a database does not reach it as a command, and Ctrl-C ends a verb
that only reads."""

import os
import pty
import signal
import subprocess
import unittest

from harness import ROWPOST, environment, wait_until
from legacy import Legacy
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
            self.assertEqual(program.wait(), -number)
            os.close(reader)


if __name__ == "__main__":
    unittest.main()
