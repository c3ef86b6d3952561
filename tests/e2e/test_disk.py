"""Disks that are full, cannot be written, or lose the file: reported with the file's name, and the
same command continues when there is room."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import AS_OF, PATIENCE, ROWPOST, environment, make_sample
from scene import Scene, add_test
from volume import open_volume

DISK_ERROR = 5
KINDS = ("validators", "administrators", "authors", "campaigns")


class Disk(Scene):
    """A sample planned once, and a copy of its workspace on a volume of its own for each test."""

    standin_options = ("--latency", 1, "--workers", 8)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        folder = pathlib.Path(folder.name)
        size = {"campaigns": 60, "rows": 240, "users": 40, "dirty": "no", "history": "no"}
        cls.plan = ["plan", *make_sample(folder / "sample", **size), "--as-of", AS_OF]
        cls.planned = folder / "planned.rowpost"
        command = [ROWPOST, *map(str, cls.plan), "-w", str(cls.planned)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)

    def setUp(self):
        super().setUp()
        self.volume = open_volume(self.folder / "volume")
        self.addCleanup(self.volume.close)
        self.workspace = self.volume.path / "valdb.rowpost"

    def take_plan(self):
        shutil.copyfile(self.planned, self.workspace)
        self.number = self.states()["pending"]

    def run_verb(self, verb, *more):
        target = self.target if verb in ("apply", "verify") else []
        return self.rowpost(verb, *target, "-w", self.workspace, *more)

    def exports(self, kind):
        lines = self.run_verb("export", "--kind", kind).lines
        return {line["key"]: line["body"] for line in lines}

    def assertDiskError(self, result):
        self.assertStatus(result, DISK_ERROR)
        self.assertIn(str(self.workspace), result.err)

    def assertGoesOn(self):
        """The same command delivers all of it, each document once."""
        self.assertStatus(self.run_verb("apply"), 0)
        self.assertEqual(self.states(), {"delivered": self.number})
        self.assertTargetHolds(KINDS)
        self.assertStatus(self.run_verb("verify", "--deep"), 0)


class FullDelivery(Disk):
    """The volume fills up after so many bytes."""

    def meet(self, left):
        self.take_plan()
        self.volume.fill(left)
        result = self.run_verb("apply")
        self.assertDiskError(result)
        self.volume.make_room()
        self.assertIn(f" apply -w {self.workspace} ", self.next_command(result))
        self.assertGoesOn()

    def test_verify_reports_it_and_continues(self):
        self.take_plan()
        self.assertStatus(self.run_verb("apply"), 0)
        self.volume.fill(64 << 10)
        self.assertDiskError(self.run_verb("verify"))
        self.volume.make_room()
        self.assertStatus(self.run_verb("verify"), 0)

    def test_undo_reports_it_and_continues(self):
        self.take_plan()
        self.assertStatus(self.run_verb("apply", "--only", "validators"), 0)
        self.volume.fill(32 << 10)
        undo = ["undo", *self.target, "--yes", "-w", self.workspace]
        self.assertDiskError(self.rowpost(*undo))
        self.volume.make_room()
        self.assertStatus(self.rowpost(*undo), 0)
        self.assertEqual(self.standin.counts()["users"], 0)
        self.assertGoesOn()

    def test_again_and_again_full_it_comes_to_its_end(self):
        self.take_plan()
        for left in range(32 << 10, 160 << 10, 32 << 10):
            self.volume.fill(left)
            self.assertDiskError(self.run_verb("apply"))
            self.volume.make_room()
        self.assertGoesOn()


for kilobytes in (0, 24, 48, 96, 160):
    add_test(FullDelivery, f"full_after_{kilobytes}_kilobytes", kilobytes << 10)


class FullPlan(Disk):
    def test_a_first_plan_leaves_no_workspace(self):
        self.volume.fill(64 << 10)
        self.assertDiskError(self.run_verb(*self.plan))
        self.assertEqual(list(self.volume.path.glob("valdb*")), [])
        self.volume.make_room()
        self.assertStatus(self.run_verb(*self.plan), 0)

    def test_a_plan_again_leaves_the_earlier_plan(self):
        self.take_plan()
        before = self.run_verb("status", "--json").json["kinds"]
        self.volume.fill()
        self.assertDiskError(self.run_verb(*self.plan, "--rules", "notebook"))
        self.volume.make_room()
        self.assertEqual(self.run_verb("status", "--json").json["kinds"], before)
        self.assertStatus(self.run_verb(*self.plan), 0)


class ReadOnly(Disk):
    def test_nothing_is_sent_from_a_workspace_that_cannot_be_written(self):
        self.take_plan()
        self.volume.make_read_only()
        self.assertDiskError(self.run_verb("apply"))
        self.assertEqual(self.standin.posts(), [])
        self.volume.make_writable()
        self.assertGoesOn()

    def test_no_plan_is_made_in_a_folder_that_cannot_be_written(self):
        self.volume.make_read_only()
        self.assertDiskError(self.run_verb(*self.plan))

    def test_it_can_be_read_all_the_same(self):
        self.take_plan()
        self.volume.make_read_only()
        result = self.run_verb("status", "--json")
        self.assertStatus(result, 1)
        self.assertEqual({kind["kind"] for kind in result.json["kinds"]}, set(KINDS))
        self.assertStatus(self.run_verb("report"), 0)

    def test_a_report_says_which_file_it_cannot_write(self):
        self.take_plan()
        self.volume.make_read_only()
        path = self.volume.path / "summary.txt"
        result = self.run_verb("report", "-o", path)
        self.assertStatus(result, DISK_ERROR)
        self.assertIn(str(path), result.err)


class Removed(Disk):
    def remove_in_mid_run(self):
        """How a run has ended whose workspace was removed while posts were under way."""
        self.take_plan()
        self.standin.hold(method="POST", skip=5)
        program = self.start("apply", *self.target, "-w", self.workspace)
        self.wait_until_held(program)
        for part in self.volume.path.glob("valdb.rowpost*"):
            part.unlink()
        self.standin.faults()
        return program.end()

    def test_a_workspace_that_is_removed_in_mid_run_is_missed(self):
        self.assertDiskError(self.remove_in_mid_run())

    def test_what_was_sent_from_a_workspace_that_was_removed_is_found_again(self):
        self.remove_in_mid_run()
        self.take_plan()
        self.assertStatus(self.run_verb("apply"), 0)
        self.assertLessEqual(set(self.states()), {"delivered", "present"})
        self.assertTargetHolds(KINDS)


class FullOutput(Disk):
    """Standard output that takes nothing."""

    def meet(self, verb, *more):
        self.take_plan()
        words = [ROWPOST, verb, "-w", self.workspace, *more]
        with open("/dev/full", "wb") as full:
            result = subprocess.run(
                [str(word) for word in words],
                stdin=subprocess.DEVNULL,
                stdout=full,
                stderr=subprocess.PIPE,
                env=environment(),
                text=True,
                timeout=PATIENCE,
            )
        self.assertEqual(result.returncode, DISK_ERROR, result.stderr)
        self.assertIn("output cannot be written", result.stderr)

    def test_a_report_into_a_full_file_is_no_success(self):
        self.take_plan()
        result = self.run_verb("report", "-o", "/dev/full")
        self.assertStatus(result, DISK_ERROR)
        self.assertIn("/dev/full", result.err)

    def test_a_delivery_whose_summary_cannot_be_printed_is_delivered(self):
        self.meet("apply", *self.target)
        self.assertEqual(self.states(), {"delivered": self.number})
        self.assertTargetHolds(KINDS)


for words in (
    ("status",),
    ("report",),
    ("report", "--format", "json"),
    ("export", "--kind", "campaigns"),
    ("show", "--help"),
):
    name = "_".join(word.strip("-") for word in words)
    add_test(FullOutput, f"{name}_into_nowhere_is_no_success", *words)

if __name__ == "__main__":
    unittest.main()
