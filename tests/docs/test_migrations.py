"""The reference of migration files: it has every annotation and every function, and describes them
correctly."""

import json
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

from built import PATIENCE, ROOT, ROWPOST, environment



def literal(text):
    """A text of SQL."""
    return "'" + text.replace("'", "''") + "'"


PAGE = (ROOT / "docs" / "migrations" / "reference.md").read_text()
FOLDER = ROOT / "src" / "migration" / "sqlfile"
EXAMPLE = re.search(r"^```sql\n(--@ migration .*?)^```$", PAGE, re.MULTILINE | re.DOTALL).group(1)
EXPRESSIONS = re.findall(
    r"^\| `(.+?)` \| `(.+?)` \|$",
    PAGE.partition("## Functions")[2].partition("\n## ")[0], re.MULTILINE)

CONDITIONS = re.findall(
    r"^\| `(\w+)` \| `(.+?)` \| `(.+?)` \|$",
    PAGE.partition("## Conditions")[2].partition("\n## ")[0], re.MULTILINE)
ANSWER = re.search(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL).group(1)
VARIABLES = {
    "status": "201", "answer": literal(ANSWER), "answer2": literal('{"text": "It broke"}'),
    "location": "'/api/users/7'", "body": literal('{"mail":"ann@x.example"}'), "key": "'17'",
    "id": "7", "rank": "3", "as_of": "'2023-03-15'", "site": "'Geneva'"}

ONE_CONDITION = """\
--@ migration conditions
--@ option site Geneva: where it is
{of_file}
--@ table one key id
SELECT id FROM one;
--@ classify one as rows
SELECT id AS row FROM one;
--@ kind values from rows
{parts}
SELECT row AS key{values}, '{{}}' AS body FROM rows;
"""

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
                self.assertRegex(EXAMPLE, rf"(?m)^--@ {word}\b")

    def test_the_tests_of_the_example_pass(self):
        (self.folder / "desk.sql").write_text(EXAMPLE)
        result = self.run_program("test", "desk.sql")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("1 test, 0 failed", result.stdout)

    def values_of(self, expressions):
        """What the program makes of expressions over nothing."""
        database = sqlite3.connect(self.folder / "one.db")
        database.executescript("CREATE TABLE one(id INTEGER PRIMARY KEY);"
                               "INSERT INTO one VALUES(1)")
        database.close()
        values = ", ".join(f"'{place}', '' || ({expression})"
                           for place, expression in enumerate(expressions))
        (self.folder / "one.sql").write_text(ONE_ROW.format(values))
        result = self.run_program("plan", "--from", "one.db", "--migration", "one.sql")
        self.assertEqual(result.returncode, 0, result.stderr)
        body = json.loads(self.run_program("export", "--kind", "values").stdout)["body"]
        return [body[str(place)] for place in range(len(expressions))]

    def test_every_condition_has_its_value(self):
        variable = re.compile(r":(\w+)")
        found = self.values_of([variable.sub(lambda name: VARIABLES[name.group(1)], condition)
                                for _, condition, _ in CONDITIONS])
        for (annotation, condition, value), is_so in zip(CONDITIONS, found):
            with self.subTest(annotation=annotation, condition=condition):
                self.assertEqual(is_so, value)

    def test_every_annotation_with_a_condition_and_every_variable_has_one(self):
        annotations = {"ready", "success", "conflict", "retry", "refuse", "id", "match", "actual",
                       "each"}
        self.assertEqual({annotation for annotation, _, _ in CONDITIONS}, annotations)
        shown = " ".join(condition for _, condition, _ in CONDITIONS)
        for name in VARIABLES:
            with self.subTest(variable=name):
                self.assertRegex(shown, rf":{name}\b")

    def test_every_condition_is_taken_by_its_annotation(self):
        needed = {"create": "POST /a", "success": "1", "find": "GET /a", "match": "1"}
        for annotation, condition, _ in CONDITIONS:
            with self.subTest(annotation=annotation, condition=condition):
                parts = dict(needed)
                of_file = "--@ probe GET /me"
                if annotation == "ready":
                    of_file += f"\n--@ ready {condition}"
                else:
                    parts[annotation] = condition
                if annotation == "each":
                    parts["list"] = "GET /a"
                if annotation == "actual":
                    parts["read"] = "GET /a/{id}"
                (self.folder / "one.sql").write_text(ONE_CONDITION.format(
                    of_file=of_file,
                    parts="\n".join(f"--@ {word} {text}" for word, text in parts.items()),
                    values=", 3 AS rank" if ":rank" in condition else ""))
                result = self.run_program("check", "--migration", "one.sql")
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_every_function_has_an_expression(self):
        shown = " ".join(expression for expression, _ in EXPRESSIONS)
        for name in functions():
            with self.subTest(function=name):
                self.assertRegex(PAGE if name == "person" else shown, rf"\b{name}\(")

    def test_every_expression_has_its_value(self):
        found = self.values_of([expression for expression, _ in EXPRESSIONS])
        self.assertGreater(len(EXPRESSIONS), 12)
        for (expression, value), is_so in zip(EXPRESSIONS, found):
            with self.subTest(expression=expression):
                self.assertEqual(is_so, value)


if __name__ == "__main__":
    unittest.main()
