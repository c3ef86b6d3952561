"""The reference of migration files: it has every annotation and every function, and what it says of
them is so."""

import json
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

from built import PATIENCE, ROOT, ROWPOST, environment

PAGE = (ROOT / "docs" / "migrations" / "reference.md").read_text()
FOLDER = ROOT / "src" / "migration" / "sqlfile"
EXAMPLE = re.search(r"^```sql\n(--@ migration .*?)^```$", PAGE, re.MULTILINE | re.DOTALL).group(1)
EXPRESSIONS = re.findall(
    r"^\| `(.+?)` \| `(.+?)` \|$",
    PAGE.partition("## Functions")[2].partition("\n## ")[0], re.MULTILINE)

ONE_ROW = """\
--@ migration expressions
--@ existing people
--@ get GET /
SELECT 1 AS key, 2 AS id;
--@ table one key id
SELECT id FROM one;
--@ classify one as rows
SELECT id AS row FROM one;
--@ kind values from rows
--@ create POST /
--@ success 1
--@ find GET /
--@ match 1
SELECT row AS key, json_object({}) AS body FROM rows;
"""


def words():
    """Every annotation, from the table of the program."""
    return re.findall(r"\[WORD_\w+\] = \{\"(\w+)\"", (FOLDER / "annotations.c").read_text())


def functions():
    """Every function, from the tables of the program."""
    found = []
    for name in ("functions.c", "text_functions.c"):
        found += re.findall(r"\{\"(\w+)\", \d, run_", (FOLDER / name).read_text())
    return found + ["array_in_order"]


class Reference(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_program(self, *arguments):
        return subprocess.run([ROWPOST, *map(str, arguments)], cwd=self.folder, env=environment(),
                              capture_output=True, text=True, timeout=PATIENCE)

    def test_every_annotation_is_described_and_is_in_the_example(self):
        self.assertGreater(len(words()), 30)
        for word in words():
            with self.subTest(word=word):
                self.assertRegex(PAGE, rf"`{word}\b")
                if word != "only":
                    self.assertRegex(EXAMPLE, rf"(?m)^--@ {word}\b")

    def test_the_tests_of_the_example_pass(self):
        (self.folder / "desk.sql").write_text(EXAMPLE)
        result = self.run_program("test", "desk.sql")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("1 test, 0 failed", result.stdout)

    def test_every_function_has_an_expression(self):
        shown = " ".join(expression for expression, _ in EXPRESSIONS)
        for name in functions():
            with self.subTest(function=name):
                self.assertRegex(PAGE if name == "person" else shown, rf"\b{name}\(")

    def test_every_expression_has_its_value(self):
        database = sqlite3.connect(self.folder / "one.db")
        database.executescript("CREATE TABLE one(id INTEGER PRIMARY KEY);"
                               "INSERT INTO one VALUES(1)")
        database.close()
        values = ", ".join(f"'{place}', '' || ({expression})"
                           for place, (expression, _) in enumerate(EXPRESSIONS))
        (self.folder / "one.sql").write_text(ONE_ROW.format(values))
        result = self.run_program("plan", "--from", "one.db", "--migration", "one.sql")
        self.assertEqual(result.returncode, 0, result.stderr)
        exported = self.run_program("export", "--kind", "values").stdout
        body = json.loads(exported)["body"]
        self.assertGreater(len(EXPRESSIONS), 12)
        for place, (expression, value) in enumerate(EXPRESSIONS):
            with self.subTest(expression=expression):
                self.assertEqual(body[str(place)], value)


if __name__ == "__main__":
    unittest.main()
