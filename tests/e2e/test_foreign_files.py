"""Files that are not what they seem: another target's workspace, one from somebody else, and outputs
that would hit a database."""

import os
import pathlib
import sqlite3
import unittest

from harness import Standin
from one_document import OneDocument
from scene import add_test

# Of every verb that works on a target.
VERBS = (["apply"], ["verify"], ["undo", "--yes"])

# What somebody could have put into a workspace, so that opening it does something.
ADDITIONS = {
    "view": "ALTER TABLE document RENAME TO real; CREATE VIEW document AS SELECT * FROM real",
    "trigger": "CREATE TRIGGER t AFTER UPDATE ON document BEGIN DELETE FROM finding; END",
    "virtual_table": "CREATE VIRTUAL TABLE words USING fts5(word)",
}


class AnotherTarget(OneDocument):
    """A workspace knows of one target."""

    def setUp(self):
        super().setUp()
        self.take_plan("user")
        self.assertStatus(self.apply(), 0)
        self.other = Standin(self.folder)
        self.addCleanup(self.other.close)
        self.elsewhere = ["--to", self.other.url, *self.target[2:]]

    def test_it_is_refused_before_anything_is_asked(self):
        before = self.documents()
        for verb in VERBS:
            with self.subTest(verb=verb):
                result = self.rowpost(*verb, *self.elsewhere)
                self.assertStatus(result, 2)
                self.assertIn(self.standin.url, result.err)
                self.assertIn("--new-target", result.err)
        self.assertEqual(self.other.counts()["requests"], 0)
        self.assertEqual(self.documents(), before)

    def test_an_address_that_is_new_is_kept(self):
        result = self.rowpost("verify", *self.elsewhere, "--new-target")
        self.assertStatus(result, 1)
        self.assertEqual({row["verdict"] for row in self.documents().values()}, {"missing"})
        self.assertStatus(self.rowpost("verify", *self.target), 2)
        self.assertStatus(self.rowpost("verify", *self.elsewhere), 1)

    def test_an_address_to_which_nothing_was_sent_is_forgotten(self):
        self.take_plan("user")
        self.standin.expire("good-x")
        self.assertStatus(self.apply(), 4)
        self.assertStatus(self.rowpost("apply", *self.elsewhere), 0)


class ForeignWorkspace(OneDocument):
    """A workspace from somebody else does nothing but hold data."""

    def setUp(self):
        super().setUp()
        self.take_plan("user")

    def assertRefused(self, words):
        content = self.workspace.read_bytes()
        for verb in (["status"], ["report"], ["apply", *self.target]):
            with self.subTest(verb=verb[0]):
                result = self.rowpost(*verb)
                self.assertStatus(result, 2)
                self.assertIn(words, result.err)
        self.assertEqual(self.workspace.read_bytes(), content)
        self.assertEqual(self.standin.counts()["requests"], 0)

    def test_a_file_with_two_names_is_refused(self):
        os.link(self.workspace, self.folder / "other.rowpost")
        self.assertRefused("hard links")
        os.unlink(self.folder / "other.rowpost")
        self.assertStatus(self.apply(), 0)

    def meet(self, sql):
        database = sqlite3.connect(self.workspace)
        database.executescript(sql)
        database.close()
        self.assertRefused("views, triggers or virtual tables")


class Outputs(OneDocument):
    """What is written for a person never replaces a database."""

    def outputs(self, path):
        return (
            ["report", "-o", path],
            ["export", "--kind", "validators", "-o", path],
            ["apply", *self.target, "--metrics", path],
        )

    def test_a_database_and_what_belongs_to_it_are_not_replaced(self):
        self.take_plan("user")
        other = self.folder / "other.db"
        database = sqlite3.connect(other)
        database.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t (x)")
        self.addCleanup(database.close)
        beside = [pathlib.Path(f"{other}-wal"), pathlib.Path(f"{other}-shm")]
        for path in (self.workspace, other, *beside):
            content = path.read_bytes()
            for command in self.outputs(path):
                with self.subTest(path=str(path), verb=command[0]):
                    result = self.rowpost(*command)
                    self.assertStatus(result, 2)
                    self.assertIn("is a database or a part of one", result.err)
                    self.assertEqual(path.read_bytes(), content)

    def test_an_export_that_fails_leaves_the_former_file(self):
        self.take_plan("user")
        kept = self.folder / "kept.ndjson"
        kept.write_text("before")
        result = self.rowpost("export", "--kind", "nothing", "-o", kept)
        self.assertStatus(result, 2)
        self.assertEqual(kept.read_text(), "before")
        self.assertStatus(self.rowpost("export", "--kind", "validators", "-o", kept), 0)
        self.assertEqual(kept.read_text(), self.rowpost("export", "--kind", "validators").out)
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)


for name, sql in ADDITIONS.items():
    add_test(ForeignWorkspace, f"a_{name}_is_refused", sql)

if __name__ == "__main__":
    unittest.main()
