"""The pages of the corrections: the rows of each example, planned by both sets of rules, come to
the result on the page."""

import datetime
import json
import pathlib
import re
import tempfile
import unittest

from built import ROOT

from harness import AS_OF, Program
from legacy import Legacy

PAGES = ROOT / "docs" / "corrections"
USERS = ["validators", "administrators", "authors"]
INPUT = re.compile(r"(releases, status|users|user_rights|people\.csv) *(\d*) +(.*)")
OUTCOME = re.compile(r"  (user|campaign|report|rejected|skipped) +(.*)")
UNSAID = {"release_name": "12_5_0_pre2", "date": "2023-03-01 12:00:00", "comments": "Fine."}
TABLES = {
    "releases": ["id", "category", "subcategory", "release_name", "version", "date", "status_kind"],
    "status": ["id", "validation_status", "comments", "links", "user_name", "relmon_url"],
    "users": ["user_name", "email", "admin", "validator"],
    "user_rights": ["id", "user_name", "category", "subcategory", "status_kind"],
}


def in_order(lines):
    """What came out as it did, then the rows in no document, sorted."""
    rows = [line for line in lines if line[0] in ("rejected", "skipped")]
    return [line for line in lines if line not in rows] + sorted(rows)


class Example:
    """The example of a page: what goes in, and what comes out under each set of rules."""

    def __init__(self, page):
        text = page.read_text()
        (block,) = re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        rows, *outcomes = re.split(r"^--rules (\w+)\n", block, flags=re.MULTILINE)
        self.rows = [INPUT.fullmatch(line).groups() for line in rows.strip().splitlines()]
        self.outcomes = {
            rules: [OUTCOME.fullmatch(line).groups() for line in lines.rstrip().splitlines()
                    if line.strip() != "nothing"]
            for rules, lines in zip(outcomes[::2], outcomes[1::2])
        }

    def shows(self, word):
        return any(word == shown for lines in self.outcomes.values() for shown, _ in lines)


def insert(legacy, table, values):
    names = [name for name in TABLES[table] if name in values]
    marks = ", ".join("?" for _ in names)
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
    legacy.execute(sql, *(values[name] for name in names))


def insert_report(legacy, number, shown):
    values = {**UNSAID, **shown, "id": number}
    if values["date"] is not None:
        moment = datetime.datetime.fromisoformat(values["date"] + "+00:00")
        values["date"] = int(moment.timestamp())
    insert(legacy, "releases", values)
    insert(legacy, "status", values)


def pick(body, shown):
    """The fields of the body that the page shows."""
    return {name: body.get(name) for name in shown}


class Corrections(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def rowpost(self, *arguments):
        return Program(arguments, self.folder).end()

    def make_source(self, example):
        """The options for what the example has."""
        legacy = Legacy(self.folder / "legacy.db")
        people = []
        for table, number, text in example.rows:
            if table == "people.csv":
                people.append(text)
            elif table == "releases, status":
                insert_report(legacy, int(number), json.loads(text))
            else:
                values = json.loads(text)
                insert(legacy, table, {**values, "id": int(number)} if number else values)
        legacy.close()
        if not people:
            return ["--from", legacy.path]
        lines = ["user_name,email,fullname", *people]
        (self.folder / "people.csv").write_text("\n".join(lines) + "\n")
        return ["--from", legacy.path, "--people", "people.csv"]

    def plan(self, source, rules):
        workspace = f"{rules}.rowpost"
        plan = ["plan", *source, "--rules", rules, "--as-of", AS_OF, "-w", workspace, "--json"]
        result = self.rowpost(*plan)
        self.assertIn(result.status, (0, 1), result.err)
        counted = [name for kind in result.json["kinds"] for name in kind["corrections"]]
        return workspace, counted

    def bodies(self, workspace, kind):
        lines = self.rowpost("export", "--kind", kind, "-w", workspace).lines
        return [line["body"] for line in lines]

    def found(self, workspace):
        """What came out, as the page puts it: (word, what it is about) in the page's order."""
        found = [("user", user) for kind in USERS for user in self.bodies(workspace, kind)]
        for campaign in self.bodies(workspace, "campaigns"):
            found.append(("campaign", campaign))
            found += [("report", report) for report in campaign["reports"]]
        for verb, word in (("rejects", "rejected"), ("skips", "skipped")):
            for row in self.rowpost(verb, "-w", workspace, "--json").lines:
                reason = row.get("reason") or row.get("rule")
                found.append((word, f"{row['table']}, row {row['row']}: {reason}"))
        return found

    def meet(self, example, rules, found):
        expected = in_order(example.outcomes[rules])
        found = in_order([item for item in found if item[0] in ("user", "rejected", "skipped")
                          or example.shows(item[0])])
        self.assertEqual([word for word, _ in found], [word for word, _ in expected], found)
        for (word, item), (_, shown) in zip(found, expected):
            if word in ("rejected", "skipped"):
                start = shown.removesuffix(" ...")
                self.assertTrue(item == shown or (shown != start and item.startswith(start)),
                                f"{item!r} is not {shown!r}")
            else:
                shown = json.loads(shown)
                self.assertEqual(pick(item, shown), shown)

    def check_page(self, page):
        example = Example(page)
        source = self.make_source(example)
        for rules in ("notebook", "corrected"):
            workspace, counted = self.plan(source, rules)
            self.meet(example, rules, self.found(workspace))
            self.assertEqual(page.stem in counted, rules == "corrected", counted)

    def test_each_correction_has_a_page_and_a_line_in_the_index(self):
        source = (ROOT / "src" / "valdb" / "corrections.c").read_text().split("skip_rules")[0]
        rules = dict(re.findall(r'\] =\s*\{"([\w-]+)",\s*((?:"[^"]*"\s*)+)\}', source))
        self.assertEqual(len(rules), 22)
        self.assertEqual({page.stem for page in PAGES.glob("*.md")}, set(rules))
        index = (ROOT / "docs" / "corrections.md").read_text()
        for name, parts in rules.items():
            meaning = "".join(re.findall(r'"([^"]*)"', parts))
            self.assertIn(f"| [{name}](corrections/{name}.md) | {meaning} |\n", index)


def add_page(page):
    def test(self):
        self.check_page(page)

    setattr(Corrections, "test_the_example_of_" + page.stem.replace("-", "_"), test)


for page_path in sorted(PAGES.glob("*.md")):
    add_page(page_path)


if __name__ == "__main__":
    unittest.main()
