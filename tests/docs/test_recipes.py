"""The recipes of migration files: the SQL of the page is one file, which plans, and its tests hold."""

import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from built import PATIENCE, ROOT, ROWPOST, environment

PAGE = (ROOT / "docs" / "migrations" / "recipes.md").read_text()
RECIPES = ("Corrections by CSV", "Twins", "HTML to Markdown", "Keep the old ids",
           "Act as another user", "Two passes", "Attachments by a second kind", "Rate limits",
           "Delete what was migrated")

SOURCE = """
CREATE TABLE person(id INTEGER PRIMARY KEY, login TEXT, mail TEXT, name TEXT);
CREATE TABLE page(id INTEGER PRIMARY KEY, person INTEGER, title TEXT, html TEXT, is_locked INTEGER);
CREATE TABLE link(source INTEGER, target INTEGER);
CREATE TABLE file(id INTEGER PRIMARY KEY, page INTEGER, name TEXT, content BLOB);
INSERT INTO person VALUES(1, 'ann', 'ann@wiki.example', 'Ann'), (3, 'bob', 'bob at wiki', 'Bob');
INSERT INTO page VALUES(17, 1, 'Start', '<p>Here</p>', 0), (18, 3, 'End', '', 1);
INSERT INTO link VALUES(17, 18), (18, 17);
INSERT INTO file VALUES(1, 17, 'a.txt', x'48656c6c6f');
"""


def find_blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def find_recipe(title):
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


class Recipes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "wiki.sql").write_text("\n".join(find_blocks("sql")))
        (corrections,) = find_blocks("csv")
        (self.folder / "corrections.csv").write_text(corrections)

    def call(self, *command):
        return subprocess.run(list(map(str, command)), cwd=self.folder, env=environment(),
                              capture_output=True, text=True, timeout=PATIENCE)

    def make_source(self):
        database = sqlite3.connect(self.folder / "wiki.db")
        database.executescript(SOURCE)
        database.close()
        (script,) = find_blocks("python")
        done = self.call(sys.executable, "-c", script)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_each_recipe_has_a_snippet(self):
        for title in RECIPES:
            with self.subTest(recipe=title):
                self.assertRegex(find_recipe(title), r"(?m)^```(sql|text)\n--@ ")

    def test_each_annotation_that_is_shown_again_is_in_the_file(self):
        lines = (self.folder / "wiki.sql").read_text().splitlines()
        shown = "".join(find_blocks("text")).splitlines()
        self.assertEqual(len(shown), 3)
        for line in shown:
            with self.subTest(line=line):
                self.assertIn(line, lines)

    def test_the_tests_of_the_file_hold(self):
        done = self.call(ROWPOST, "test", "wiki.sql")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("2 tests, 0 failed", done.stdout)

    def test_the_file_plans_a_source(self):
        self.make_source()
        done = self.call(ROWPOST, "plan", "--from", "wiki.db", "--migration", "wiki.sql",
                         "-w", "wiki.rowpost")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("warning", done.stderr)

    def test_its_queries_of_the_workspace_run(self):
        self.make_source()
        self.call(ROWPOST, "plan", "--from", "wiki.db", "--migration", "wiki.sql",
                  "-w", "wiki.rowpost")
        queries = re.findall(r'^ +sqlite3 (?:-csv )?wiki\.rowpost "(.+?)"$', PAGE,
                             re.MULTILINE | re.DOTALL)
        self.assertEqual(len(queries), 2)
        database = sqlite3.connect(self.folder / "wiki.rowpost")
        self.addCleanup(database.close)
        for query in queries:
            with self.subTest(query=query):
                database.execute(query).fetchall()


if __name__ == "__main__":
    unittest.main()
