"""What the lists of --admins and --people have that is unusual, and the warnings."""

import unittest

from harness import AS_OF
from legacy import make_clean
from scene import Scene, add_test

HEADER = "user_name,email,fullname\n"

# (name, lines of people.csv, the warnings: each what follows "people.csv, line ")
WARNINGS = [
    ("plain_lines", "js,js@lab.example,Jo S\nJS ,JS@lab.example,Jo S\n", []),
    ("quoted_blanks", '" js\t",js@lab.example,"Jo  S"\n', []),
    ("formulas", '"=""js""","=""js@lab.example""","=""Jo S"""\n', []),
    ("mailto", "js,mailto:js@lab.example,Jo S\n", []),
    (
        "zero_width_in_a_login",
        "js\u200bmith,js@lab.example,Jo S\n",
        ['2: the login "js<U+200B>mith" has a character that cannot be seen; it is read as "jsmith"'],
    ),
    (
        "no_break_space_before_a_login",
        "\u00a0js,js@lab.example,Jo S\n",
        ['2: the login "<U+00A0>js" has a character that cannot be seen; it is read as "js"'],
    ),
    (
        "byte_order_mark_in_the_middle",
        "aa,aa@lab.example,A A\n\ufeffjs,js@lab.example,Jo S\n",
        ['3: the login "<U+FEFF>js" has a character that cannot be seen; it is read as "js"'],
    ),
    (
        "soft_hyphen_in_an_address",
        "js,js@lab.ex\u00adample,Jo S\n",
        [
            '2: the address "js@lab.ex<U+00AD>ample" has a character that cannot be seen; '
            'it is read as "js@lab.example"'
        ],
    ),
    (
        "two_addresses",
        "js,js@lab.example,Jo S\nx,x@lab.example,X\nJS,jo@lab.example,Jo S\n",
        [
            '4: the login "JS" has another address, "jo@lab.example"; what counts is '
            '"js@lab.example" of people.csv, line 2'
        ],
    ),
    (
        "an_address_that_comes_late",
        "js,,Jo S\njs,jo@lab.example,Jo S\n",
        [
            '3: the login "js" has another address, "jo@lab.example"; what counts is '
            '"" of people.csv, line 2'
        ],
    ),
    (
        "two_lists_in_one_file",
        "js,js@lab.example,Jo S\n\ufeff" + HEADER + "x,x@lab.example,X\n",
        ["3: has the column names again; the line is ignored"],
    ),
]


class ListScene(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()

    def write(self, name, lines):
        (self.folder / name).write_text(HEADER + lines, encoding="utf-8")

    def warnings(self, *options):
        result = self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF, *options)
        self.assertStatus(result, 0)
        begin = "warning: "
        return [line[len(begin) :] for line in result.err.splitlines() if line.startswith(begin)]


class Warnings(ListScene):
    def meet(self, lines, expected):
        self.write("people.csv", lines)
        lines = [f"people.csv, line {rest}" for rest in expected]
        self.assertEqual(self.warnings("--people", "people.csv"), lines)


for _name, *_rest in WARNINGS:
    add_test(Warnings, _name, *_rest)


class SeveralLists(ListScene):
    def test_an_address_of_the_other_list_is_named_with_its_place(self):
        self.write("admins.csv", "js,js@lab.example,Jo S\n")
        self.write("people.csv", "js,jo@lab.example,Jo S\n")
        options = ["--admins", "admins.csv", "--people", "people.csv"]
        expected = (
            'people.csv, line 2: the login "js" has another address, "jo@lab.example"; '
            'what counts is "js@lab.example" of admins.csv, line 2'
        )
        self.assertEqual(self.warnings(*options), [expected])

    def test_each_list_is_warned_of_once(self):
        self.write("admins.csv", "js\u200b,js@lab.example,Jo S\n")
        self.assertEqual(len(self.warnings("--admins", "admins.csv")), 1)

    def test_many_warnings_are_counted(self):
        lines = "".join(f"js{i}\u200b,js{i}@lab.example,Jo S{i}\n" for i in range(12))
        self.write("people.csv", lines)
        warnings = self.warnings("--people", "people.csv")
        self.assertEqual(len(warnings), 6)
        expected = "people.csv: 7 more lines have a character that cannot be seen"
        self.assertEqual(warnings[-1], expected)

    def test_nothing_of_a_list_stays_behind(self):
        lines = "".join(f"js{i},js{i}@lab.example,{'x' * 900}{i}\n" for i in range(20000))
        self.write("people.csv", lines)
        before = {path.name for path in self.folder.iterdir()}
        self.assertEqual(self.warnings("--people", "people.csv"), [])
        after = {path.name for path in self.folder.iterdir()}
        self.assertEqual(after - before, {"valdb.rowpost"})
        self.assertLess(self.workspace.stat().st_size, 1024 * 1024)


class NoPeople(Scene):
    """Without a people directory the plan shows what that costs, in figures of its own documents."""

    def plan(self, *more):
        self.assertIn(self.rowpost("plan", *self.source("legacy")[:2], *more).status, (0, 1))
        return [w["text"] for w in self.summary()["warnings"] if w["key"] == "(no --people)"]

    def count_authors(self):
        """Reports, and those without an author though their row names one."""
        reports = [r for body in self.exports("campaigns").values() for r in body["reports"]]
        return len(reports), sum("**Author:**" in report["content"] for report in reports)

    def test_reports_without_an_author_are_counted(self):
        (warning,) = self.plan()
        reports, unfound = self.count_authors()
        self.assertGreater(unfound, 0)
        self.assertEqual(
            warning,
            f"{unfound} of {reports} reports will have no author; after `apply` this cannot be "
            "repaired",
        )

    def test_with_people_there_is_no_such_warning(self):
        people = self.folder / "people.csv"
        people.write_text("user_name,email,fullname\nann,ann@site.example,Ann Author\n")
        self.assertEqual(self.plan("--people", people), [])


if __name__ == "__main__":
    unittest.main()
