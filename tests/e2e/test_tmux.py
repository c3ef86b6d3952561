"""What a person sees in a terminal of 80 columns while a delivery runs and when it has ended."""

import re
import unittest

from harness import AS_OF, ROWPOST, make_sample, wait_until
from legacy import Legacy, make_clean
from scene import Scene
from tmux import Window

PACKAGES = ["tmux"]
SAMPLE = {"campaigns": 30, "rows": 120, "users": 40, "dirty": "no", "history": "no"}
PROGRESS = (r"[a-z]+  \d+/\d+  \d+%(  \[[#.]+\])?  [\d.]+/s(  [\d:]+ left)?(  in [\d:]+)?"
            r"(  \d+ at a time)?")
ODD = "GEN\x1b]0;owned\x07\x1b[2J\x1b[31mNEG"


class InWindow(Scene):
    """A shell in the folder of the workspace, in which `rp` is the program."""

    def setUp(self):
        super().setUp()
        (self.folder / "rp").symlink_to(ROWPOST)
        self.window = Window(self.folder)
        self.addCleanup(self.window.close)

    def plan_sample(self):
        plan = make_sample(self.folder / "sample", **SAMPLE)
        self.assertStatus(self.rowpost("plan", *plan, "--as-of", AS_OF), 0)

    def apply(self, *options):
        target = ["--to", self.standin.url, "--cookies", "cookies.txt", "--settle", "0.05"]
        self.window.enter(" ".join(["./rp apply -j 2", *target, *options]))

    def apply_until_held(self):
        """Until the documents after the first ones wait for their answers. The rate makes the first
        ones take longer than the pause between two looks at the progress."""
        self.standin.hold(method="POST", skip=20)
        self.addCleanup(self.standin.faults)
        self.apply("--yes", "--rate", "40/s")
        wait_until(lambda: self.standin.struck()[-1] >= 2, "requests are held")

    def progress_rows(self):
        return [row for row in self.window.rows() if re.match(r"[a-z]+  \d+/\d+", row)]


class Progress(InWindow):
    def setUp(self):
        super().setUp()
        self.plan_sample()

    def see_progress(self):
        """One row of progress that is whole, and nothing behind it."""
        self.apply_until_held()
        wait_until(self.progress_rows, "the progress is shown")
        (row,) = self.progress_rows()
        self.assertRegex(row, rf"^{PROGRESS}$")
        return row

    def test_it_is_one_row_that_ends_before_the_edge(self):
        row = self.see_progress()
        self.assertLess(len(row), 80)
        self.assertEqual(self.window.before_cursor(), row)

    def test_each_kind_leaves_one_whole_row_and_the_last_line_is_at_the_end(self):
        self.see_progress()
        self.standin.faults()
        self.window.wait_for_prompt()
        rows = [row for row in self.window.rows() if row]
        for row in self.progress_rows():
            self.assertRegex(row, rf"^{PROGRESS}$")
        self.assertEqual(len({row.split()[0] for row in self.progress_rows()}),
                         len(self.progress_rows()))
        lines = [line for line in self.window.text().splitlines() if line]
        self.assertRegex(lines[-2], r"^(\d+) of \1 documents delivered in .*\. Next: \./rp verify -w ")
        self.assertEqual(rows[-1], "$")
        self.assertEqual(lines[-1].rstrip(), "$")

    def test_a_message_is_not_mixed_with_it(self):
        self.see_progress()
        self.window.press("C-c")
        self.window.wait_for("stopping: waiting for 2 requests; Ctrl-C again ends at once")
        (row,) = [row for row in self.window.rows() if "stopping" in row]
        self.assertEqual(row, "stopping: waiting for 2 requests; Ctrl-C again ends at once")

    def test_ctrl_c_twice_gives_the_prompt_back_while_the_target_hangs(self):
        self.see_progress()
        self.window.press("C-c")
        self.window.wait_for("stopping:")
        self.window.press("C-c")
        self.window.wait_for_prompt()
        self.window.enter("echo status $?")
        self.window.wait_for("\nstatus 130")

    def test_in_a_window_that_was_made_narrower_it_fits_again(self):
        self.see_progress()
        self.window.resize(60)
        self.standin.faults()
        self.window.wait_for_prompt()
        ends = [row for row in self.progress_rows() if "100%" in row]
        self.assertGreaterEqual(len(ends), 1)
        for row in ends:
            self.assertRegex(row, rf"^{PROGRESS}$")
            self.assertLess(len(row), 60)


class Question(InWindow):
    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.assertStatus(self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF), 0)

    def test_it_is_read_without_a_word_that_is_cut_and_answered_by_keys(self):
        self.apply()
        self.window.wait_for("Type yes to continue:")
        rows = self.window.rows()
        first = rows.index(f"apply sends 5 documents to {self.standin.url}:")
        self.assertEqual(rows[first + 1], "  validators 2, administrators 1, campaigns 2")
        self.assertRegex(rows[first + 2], r"^  about .* with 2 requests at a time, as the target took"
                                          r" \d+ ms to answer$")
        self.assertEqual(self.window.before_cursor(), "Type yes to continue:")
        self.window.type("yeah")
        for _ in range(2):
            self.window.press("BSpace")
        self.window.enter("s")
        self.window.wait_for_prompt()
        self.assertEqual(self.states(), {"delivered": 5})

    def test_ctrl_c_at_the_question_sends_nothing(self):
        self.apply()
        self.window.wait_for("Type yes to continue:")
        self.window.press("C-c")
        wait_until(lambda: self.window.rows()[self.window.cursor()[1]].endswith("$"), "it has ended")
        self.assertEqual(self.standin.posts(), [])


class Controls(InWindow):
    standin = None

    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def test_an_escape_sequence_of_the_database_is_shown_and_not_carried_out(self):
        legacy = Legacy(self.folder / "legacy.db")
        legacy.add_report("12_5_0", "HLT.Data.MET")
        legacy.execute("UPDATE releases SET category = ?", ODD)
        legacy.close()
        self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF)
        title = self.window.tmux("display-message", "-p", "#{pane_title}")
        self.window.enter("echo before; ./rp rejects; ./rp show nothing")
        self.window.wait_for("there is no document")
        self.window.wait_for_prompt()
        self.assertIn("before", self.window.rows())  # the screen was not cleared
        self.assertIn(r"GEN\u001b]0;owned\u0007\u001b[2J\u001b[31mNEG", self.window.text())
        self.assertEqual(self.window.tmux("display-message", "-p", "#{pane_title}"), title)
        self.assertNotIn("\x1b[31m", self.window.tmux("capture-pane", "-p", "-e"))


if __name__ == "__main__":
    unittest.main()
