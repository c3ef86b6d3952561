"""`rowpost` without a verb: what is in the folder, and the next step as a command that works."""

import os
import shlex
import shutil
import sqlite3
import unittest

from harness import AS_OF, GOLDEN, ROWPOST
from legacy import make_clean
from scene import Scene


class Guide(Scene):
    def setUp(self):
        super().setUp()
        self.cookies.unlink()

    def guide(self):
        result = self.rowpost()
        self.assertStatus(result, 0)
        self.assertEqual(result.err, "")
        return result.out

    def next_command(self):
        """The words of the command, as a shell takes them, without the program."""
        command = self.guide().split("\nnext step\n")[1].split("\n\n")[1].splitlines()[0]
        program, *words = shlex.split(command)
        self.assertEqual(program, ROWPOST)
        return words

    def plan(self):
        self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF, "-w", "site of 2023.rowpost")

    def sign_in(self):
        (self.folder / "cookies.txt").write_text(
            "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tgood-x\n")

    def test_an_empty_folder_leads_to_the_demo(self):
        self.assertEqual(self.next_command(), ["demo"])
        self.assertNotIn("in this folder", self.guide())

    def test_a_legacy_database_leads_to_a_plan_with_the_lists_next_to_it(self):
        for name in ("db", "admins.csv", "people.csv"):
            shutil.copy(GOLDEN / f"backup-dirty.{name}", self.folder)
        words = self.next_command()
        self.assertEqual(words, ["plan", "--from", "backup-dirty.db", "--admins",
                                 "backup-dirty.admins.csv", "--people", "backup-dirty.people.csv"])
        self.assertStatus(self.rowpost(*words), 1)
        self.assertTrue(self.workspace.exists())

    def test_another_database_leads_to_a_draft_and_that_to_its_plan(self):
        other = self.folder / "help desk.db"
        make_clean(other).close()
        legacy = sqlite3.connect(other)
        for (table,) in legacy.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE"
                                       " 'sqlite%'").fetchall():
            legacy.execute(f"ALTER TABLE {table} RENAME TO x_{table}")
        legacy.close()
        words = self.next_command()
        self.assertEqual(words, ["draft", "--from", "help desk.db", "-o", "help desk.sql"])
        self.assertStatus(self.rowpost(*words), 0)
        self.assertEqual(self.next_command(), ["plan", "--from", "help desk.db", "--migration",
                                               "help desk.sql"])

    def test_a_file_called_sql_that_is_no_migration_counts_for_nothing(self):
        (self.folder / "dump.sql").write_text("CREATE TABLE t (x);\n")
        self.assertEqual(self.next_command(), ["demo"])

    def test_the_credentials_of_the_notebook_lead_to_a_plan(self):
        (self.folder / "credentials.json").write_text("{}")
        self.assertEqual(self.next_command(), ["plan", "--credentials", "credentials.json"])

    def test_a_plan_leads_to_apply_to_verify_and_to_the_report(self):
        make_clean(self.folder / "legacy.db").close()
        self.plan()
        self.sign_in()
        words = self.next_command()
        self.assertEqual(words[:4], ["apply", "-w", "site of 2023.rowpost", "--to"])
        self.assertIn("Put the address of your own service", self.guide())
        self.assertIn("5 documents, 5 open", self.guide())
        words[4] = self.standin.url
        self.assertStatus(self.rowpost(*words), 0)
        words = self.next_command()
        self.assertEqual(words, ["verify", "-w", "site of 2023.rowpost", "--to", self.standin.url,
                                 "--cookies", "cookies.txt"])
        self.assertStatus(self.rowpost(*words), 0)
        words = self.next_command()
        self.assertEqual(words, ["report", "-w", "site of 2023.rowpost", "-o", "report.html"])
        self.assertStatus(self.rowpost(*words), 0)

    def test_without_a_sign_in_it_says_which_options_there_are(self):
        make_clean(self.folder / "legacy.db").close()
        self.plan()
        self.assertIn("add --cookies or --token-file", self.guide())

    def test_the_workspace_that_was_changed_last_counts(self):
        make_clean(self.folder / "legacy.db").close()
        self.plan()
        shutil.copy(self.folder / "site of 2023.rowpost", self.folder / "older.rowpost")
        os.utime(self.folder / "older.rowpost", (1, 1))
        self.assertIn("site of 2023.rowpost", self.next_command())
        self.assertIn("(the newest of 2)", self.guide())

    def test_a_workspace_that_cannot_be_used_leads_to_the_reason(self):
        (self.folder / "x.rowpost").write_text("hello" * 99)
        words = self.next_command()
        self.assertEqual(words, ["status", "-w", "x.rowpost"])
        self.assertStatus(self.rowpost(*words), 2)


if __name__ == "__main__":
    unittest.main()
