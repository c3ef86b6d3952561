"""The power is cut before each write, sync and truncation of a split, a merge and a recall in turn.
At every moment exactly one file has each document to send; the same command then continues."""

import unittest

from torture import Torture, read_states

PARTS = 2
# A part is merged as a whole or not at all.
PARTS_MERGED = """SELECT documents FROM part p WHERE NOT EXISTS
    (SELECT 1 FROM document d WHERE d.part = p.id AND d.state = 'handed out')"""


class PowerSplit(Torture):
    """Three campaigns of a workspace, in two parts; all but them is delivered."""

    def setUp(self):
        super().setUp()
        self.empty_target()
        self.put_back(self.planned)
        for kind in ("validators", "administrators", "authors"):
            self.assertStatus(self.rowpost("apply", *self.target, "--only", kind), 0)
        self.users_delivered = self.keep("users")
        self.parts = self.folder / "parts"
        self.split = ["split", "--into", PARTS, "-d", self.parts, "--kind", "campaigns", "-q"]

    def prepare(self):
        self.put_back(self.users_delivered)
        for file in self.parts.glob("*") if self.parts.exists() else ():
            file.unlink()

    @property
    def files(self):
        return sorted(self.parts.glob("*.rowpost"))

    def states_of(self, state):
        return read_states(self.workspace).get(state, 0)

    def apply_parts(self):
        for file in self.files:
            self.assertStatus(self.rowpost("apply", "-w", file, *self.target), 0)

    def each_cut(self, command, prepare):
        """Has the command meet a cut before each of its operations; yields when it has. It counts
        its calls again each time, so that none is left out."""
        prepare()
        operations = self.count_calls(*command)["operation"]
        self.assertGreater(operations, 3)
        for moment in range(1, operations + 1):
            prepare()
            seed = self.random.randrange(10**6)
            cut = {"ROWPOST_SHIM_FOLDER": str(self.folder), "ROWPOST_SHIM_CUT": f"{moment}:{seed}"}
            result = self.under_shim(*command, **cut)
            for shared in (*self.folder.glob("*-shm"), *self.parts.glob("*-shm")):
                shared.unlink()
            with self.subTest(cut=f"{moment}:{seed}", of=operations):
                self.assertIn(result.status, (-9, 0), result.err)
                yield moment

    def test_a_split_hands_every_document_out_once(self):
        for _ in self.each_cut(self.split, self.prepare):
            # Who may send: the parent as long as nothing is marked, the parts from then on.
            out = self.states_of("handed out")
            self.assertEqual(out + self.states_of("pending"), 3)
            if self.files:
                self.assertEqual(out, 3, "a part can be used that the parent knows nothing of")
            self.assertStatus(self.rowpost(*self.split), 0)
            self.assertEqual(self.states_of("handed out"), 3)
            self.assertEqual(len(self.files), PARTS)
            documents = [sum(read_states(file).values()) for file in self.files]
            self.assertEqual(sum(documents), 3)
            self.assertEqual(list(self.parts.glob("*.new")), [])

    def test_what_a_merge_was_cut_off_from_is_merged_by_the_next(self):
        self.prepare()
        self.assertStatus(self.rowpost(*self.split), 0)
        split = self.keep("split")
        self.apply_parts()
        merge = ["merge", *self.files, "-q"]
        for _ in self.each_cut(merge, lambda: self.put_back(split)):
            merged = [row["documents"] for row in self.read().rows(PARTS_MERGED)]
            self.assertEqual(self.states_of("handed out") + sum(merged), 3)
            self.assertStatus(self.rowpost(*merge), 0)
            self.assertEqual(self.states_of("handed out"), 0)
            attempts = self.read().rows("SELECT count(*) FROM attempt a JOIN document d"
                                        " ON d.id = a.document WHERE d.part IS NOT NULL")
            self.assertEqual(attempts[0][0], 3)

    def test_a_recall_that_was_cut_off_is_done_by_the_next(self):
        self.prepare()
        self.assertStatus(self.rowpost(*self.split), 0)
        split = self.keep("split")
        kept = {file: file.read_bytes() for file in self.files}
        number = 1 if sum(read_states(self.files[0]).values()) > 0 else 2
        recall = ["split", "--recall", number, "-q"]
        documents = sum(read_states(self.files[number - 1]).values())

        def prepare():
            for file in self.parts.glob("*"):
                file.unlink()
            for file, content in kept.items():
                file.write_bytes(content)
            self.put_back(split)

        for _ in self.each_cut(recall, prepare):
            if self.states_of("unknown") == 0:
                self.assertStatus(self.rowpost(*recall), 0)
            self.assertEqual(self.states_of("unknown"), documents)
            self.assertEqual(self.states_of("handed out"), 3 - documents)
            self.assertEqual(len(self.files), PARTS - 1)


if __name__ == "__main__":
    unittest.main()
