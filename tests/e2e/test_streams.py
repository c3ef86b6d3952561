"""Standard streams that are closed: what is meant for them never gets into a file."""

import os
import subprocess
import unittest

from harness import ROWPOST, environment
from scene import Scene


class ClosedStreams(Scene):
    def run_without(self, *closed, arguments):
        """The exit status of the program with these descriptors closed."""
        process = subprocess.Popen(
            [ROWPOST, *map(str, arguments)],
            cwd=self.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: [os.close(descriptor) for descriptor in closed],
        )
        return process.wait()

    def assertPlanIsWhole(self, *closed):
        plan = ["plan", *self.source("backup-dirty")]
        expected = self.rowpost(*plan)
        exported = self.rowpost("export", "--kind", "validators").out
        self.workspace.unlink()
        # Warnings are written: -v makes more of them.
        status = self.run_without(*closed, arguments=[*plan, "-v"])
        self.assertEqual(status, 5 if 1 in closed else expected.status)
        self.assertEqual(self.workspace.read_bytes()[:15], b"SQLite format 3")
        self.assertEqual(self.rowpost("export", "--kind", "validators").out, exported)

    def test_no_warning_is_written_into_the_workspace_when_stderr_is_closed(self):
        self.assertPlanIsWhole(2)

    def test_no_result_is_written_into_the_workspace_when_stdout_is_closed(self):
        self.assertPlanIsWhole(1)

    def test_the_workspace_is_not_read_as_standard_input(self):
        self.assertPlanIsWhole(0)

    def test_all_three_may_be_closed(self):
        self.assertPlanIsWhole(0, 1, 2)


if __name__ == "__main__":
    unittest.main()
