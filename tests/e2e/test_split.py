"""Parts of a workspace: handed out, delivered each by itself, merged, recalled."""

import shutil
import unittest

from harness import AS_OF, make_sample, read_states, wait_until
from scene import Scene

SIZE = {"campaigns": 120, "rows": 360, "users": 60, "dirty": "no", "history": "no"}
PARTS = 3
USERS = ("validators", "administrators", "authors")


class Split(Scene):
    """Users that are delivered, and 120 campaigns that are not."""

    def setUp(self):
        super().setUp()
        self.parts = self.folder / "parts"
        plan = make_sample(self.folder / "sample", **SIZE)
        self.plan = ["plan", *plan, "--as-of", AS_OF, "-q"]
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.planned = shutil.copyfile(self.workspace, self.folder / "planned.kept")
        for kind in USERS:
            self.assertStatus(self.rowpost("apply", *self.target, "--only", kind, "-q"), 0)

    def split(self, *more):
        return self.rowpost("split", "--into", PARTS, "-d", self.parts, *more)

    def part(self, number):
        return self.parts / f"campaigns-{number}-of-{PARTS}.rowpost"

    @property
    def files(self):
        return [self.part(number) for number in range(1, PARTS + 1)]

    def apply(self, file, *more):
        return self.rowpost("apply", "-w", file, *self.target, "-q", *more)

    def merge(self, *files):
        result = self.rowpost("merge", "--json", *files)
        self.assertStatus(result, 0)
        return result.lines

    def start_held(self, number):
        """A running part, with requests that are carried out and not answered."""
        self.standin.hold(method="POST", when="after")
        program = self.start("apply", "-w", self.part(number), *self.target, "-q")
        self.wait_until_held(program)
        wait_until(lambda: read_states(self.part(number)).get("sending"), "documents are sent")
        return program

    def test_the_parts_deliver_what_one_delivery_would(self):
        self.assertStatus(self.split("--kind", "campaigns"), 0)
        for file in self.files:
            self.assertStatus(self.apply(file), 0)
            self.assertStatus(self.rowpost("verify", "-w", file, *self.target, "--deep", "-q"), 0)
        merged = self.merge(*self.files)
        self.assertEqual(sum(line["documents"] for line in merged), 120)
        self.assertEqual([line["handed_out"] for line in merged], [0] * PARTS)
        self.assertTargetHolds()
        self.assertStatus(self.rowpost("verify", *self.target, "--deep", "-q"), 0)
        divided = self.summary()
        self.assertBalances(divided)
        self.standin.reset()
        shutil.copyfile(self.planned, self.workspace)
        self.assertStatus(self.rowpost("apply", *self.target, "-q"), 0)
        self.assertStatus(self.rowpost("verify", *self.target, "--deep", "-q"), 0)
        self.assertEqual(divided, self.summary())

    def test_what_a_part_has_read_back_is_merged_with_it(self):
        self.split()
        self.apply(self.part(1))
        self.rowpost("verify", "-w", self.part(1), *self.target)
        (line,) = self.merge(self.part(1))
        verdicts = "SELECT count(*) FROM document WHERE part IS NOT NULL AND verdict = 'equal'"
        self.assertEqual(self.read().rows(verdicts)[0][0], line["documents"])

    def test_the_workspace_does_not_send_what_is_handed_out(self):
        self.split()
        posts = len(self.standin.posts())
        result = self.rowpost("apply", *self.target)
        self.assertStatus(result, 1)
        self.assertEqual(len(self.standin.posts()), posts)
        self.assertIn("Exit status 1, because 120 documents are handed out. ", result.out)

    def test_status_and_show_name_the_parts(self):
        self.split()
        told = self.rowpost("status").out
        self.assertRegex(told, r"part 2 of 3 +(\d+) of \1 documents are out: " + str(self.part(2)))
        parts = self.rowpost("status", "--json").json["parts"]
        self.assertEqual([part["file"] for part in parts], [str(file) for file in self.files])
        self.assertEqual(sum(part["handed_out"] for part in parts), 120)
        (kind, key), row = next((d for d in self.documents().items() if d[1]["part"] == 2))
        shown = self.rowpost("show", key, "--kind", kind, "--json").json
        self.assertEqual(shown["state"], "handed out")
        self.assertEqual(shown["part"], f"2 of {PARTS}, {self.part(2)}")
        self.assertEqual(row["state"], "handed out")

    def test_a_part_that_was_killed_goes_on_and_is_merged(self):
        self.split()
        program = self.start_held(1)
        self.assertTrue(program.kill())
        self.standin.release()
        (line,) = self.merge(self.part(1))
        self.assertEqual(line["handed_out"], line["documents"])
        for file in self.files:
            self.assertStatus(self.apply(file), 0)
        self.merge(*self.files)
        self.assertTargetHolds()
        interrupted = "SELECT count(*) FROM attempt WHERE outcome = 'interrupted'"
        self.assertGreater(self.read().rows(interrupted)[0][0], 0)
        self.assertEqual(set(self.states()), {"delivered"})

    def test_a_part_at_work_is_merged_as_far_as_it_is(self):
        self.split()
        self.standin.hold(method="POST", when="after", skip=20)
        program = self.start("apply", "-w", self.part(1), *self.target, "-q")
        self.wait_until_held(program)
        wait_until(lambda: read_states(self.part(1)).get("delivered"), "some are delivered")
        (first,) = self.merge(self.part(1))
        self.assertGreater(first["merged"], 0)
        self.assertGreater(first["handed_out"], 0)
        self.standin.release()
        self.assertStatus(program.end(), 0)
        (second,) = self.merge(self.part(1))
        self.assertEqual(second["handed_out"], 0)
        self.assertEqual(self.merge(self.part(1))[0]["merged"], 0)

    def test_a_lost_part_is_recalled_and_looked_up(self):
        self.split()
        program = self.start_held(2)
        self.assertTrue(program.kill())
        self.standin.release()
        for file in self.part(2).parent.glob(self.part(2).name + "*"):
            file.unlink()
        lost = self.rowpost("split", "--recall", 2, "--json").json["documents"]
        self.assertEqual(self.states()["unknown"], lost)
        self.assertStatus(self.rowpost("apply", *self.target, "-q"), 1)
        for number in (1, 3):
            self.assertStatus(self.apply(self.part(number)), 0)
        self.merge(self.part(1), self.part(3))
        self.assertTargetHolds()
        self.assertEqual(set(self.states()), {"delivered"})

    def test_a_part_at_work_is_not_recalled(self):
        self.split()
        program = self.start_held(1)
        result = self.rowpost("split", "--recall", 1)
        self.assertStatus(result, 2)
        self.assertIn(f"in use by process {program.pid}", result.err)
        self.standin.release()
        self.assertStatus(program.end(), 0)

    def test_a_recalled_part_is_neither_applied_nor_merged(self):
        self.split()
        self.assertStatus(self.rowpost("split", "--recall", 1), 0)
        self.assertStatus(self.apply(self.part(1)), 2)
        result = self.rowpost("merge", f"{self.part(1)}.recalled")
        self.assertStatus(result, 2)
        self.assertIn("was recalled", result.err)

    def test_a_part_that_went_elsewhere_is_refused(self):
        self.split()
        self.apply(self.part(1))
        self.change("UPDATE setting SET value = 'http://elsewhere' WHERE name = 'target'")
        result = self.rowpost("merge", self.part(1))
        self.assertStatus(result, 2)
        self.assertIn("another target", result.err)

    def test_a_part_is_no_workspace_to_plan_split_or_undo(self):
        self.split()
        plan = [*self.plan, "-w", self.part(1)]
        undo = ["undo", "-w", self.part(1), *self.target, "--yes"]
        split = ["split", "-w", self.part(1), "--into", 2, "-d", self.parts]
        for command in (plan, undo, split):
            with self.subTest(verb=command[0]):
                result = self.rowpost(*command)
                self.assertStatus(result, 2)
                self.assertIn(f"is part 1 of {PARTS} of {self.workspace}", result.err)

    def test_a_workspace_is_not_planned_again_while_parts_are_out(self):
        self.split()
        result = self.rowpost(*self.plan)
        self.assertStatus(result, 2)
        self.assertIn("merge the parts first", result.err)

    def test_a_split_that_is_stopped_leaves_no_part(self):
        """Its drafts are of nobody; the workspace is as it was."""
        program = self.start("split", "--into", 500, "-d", self.parts)
        has_draft = lambda: self.parts.exists() and any(self.parts.glob("*.new"))
        self.assertTrue(program.stop_when(has_draft))
        self.assertTrue(program.kill())
        self.assertEqual(list(self.parts.glob("*.rowpost")), [])
        self.assertEqual(self.states()["pending"], 120)
        self.assertStatus(self.split("--kind", "campaigns"), 0)

    def test_what_the_command_line_lacks_is_named(self):
        for words, phrase in (
            (["split"], "split needs --into N"),
            (["split", "--into", 0, "-d", "x"], "--into 0: expected a number from 1"),
            (["split", "--recall", 1, "--into", 2], "one of the two"),
            (["split", "--into", 2, "-d", "x", "--kind", "cats"], "cats"),
            (["merge"], "merge needs PART"),
            (["merge", "nowhere.rowpost"], "nowhere.rowpost"),
            (["merge", self.workspace], "is not a part of another workspace"),
        ):
            with self.subTest(words=words):
                result = self.rowpost(*words)
                self.assertStatus(result, 2)
                self.assertIn(phrase, result.err)


if __name__ == "__main__":
    unittest.main()
