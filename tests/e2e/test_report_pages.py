"""Pages about one document, person or group, and folders of them."""

import stat
import unittest

from legacy import make_clean
from page_test import HOSTILE, PageTest

PEOPLE = "user_name,email,fullname\nfirst,first@site.example,Given First\n"


def make_pages(path):
    """A person who is found and one who is not, two groups of nearly one name, a row to reject."""
    legacy = make_clean(path)
    legacy.add_report("12_2_0", "HLT.Data.MET", "FAILURE", "Three.", "given  FIRST")
    legacy.add_report("12_2_0", "HLT.Data.TAU", "OK", "Four.", "Given Nobody")
    legacy.add_report("12_2_0", "HLT.Cosmics.MET", "OK", "Five.", "Given First")
    legacy.add_report("12_2_0", "HLT.Cosmics.met", "OK", "Six.", HOSTILE)
    legacy.add_report("12_2_0", "HLT.Data.JET", "OK", "Seven.", "../../Etc/Passwd")
    return legacy


class Pages(PageTest):
    @classmethod
    def prepare(cls):
        (cls.migration.folder / "people.csv").write_text(PEOPLE)
        cls.migration.plan(make_pages, "--people", "people.csv")
        cls.migration.rowpost("apply", *cls.migration.target)
        cls.migration.rowpost("verify", *cls.migration.target)

    def page(self, key):
        path = self.migration.folder / "one.html"
        result = self.migration.rowpost("report", "--key", key, "-o", path)
        self.assertEqual((result.status, result.out), (0, ""), result.err)
        self.open(path=path)
        self.assertEqual(self.browser.log("browser"), [])

    def rows(self, section):
        """The cells of the rows of the table in that section."""
        return self.browser.run(
            """return Array.from(document.querySelectorAll(arguments[0]), row =>
                 Array.from(row.cells, cell => cell.textContent))""",
            f"section:has(> #{section}) > .scroll tbody tr",
        )

    def folder(self, name="pages"):
        result = self.migration.rowpost("report", "--each-author", name)
        self.assertEqual(result.status, 0, result.err)
        return self.migration.folder / name


class OnePage(Pages):
    def test_a_page_of_a_campaign_has_its_reports_its_rows_and_its_requests(self):
        self.page("12_2_0")
        self.assertEqual(self.text("h1"), "12_2_0")
        reports = self.rows("parts")
        self.assertEqual(
            [report[1:] for report in reports],
            [
                ["HLT.Data.MET", "first@site.example", "FAILURE", "on the target, read back equal"],
                ["HLT.Data.Tau", "Given Nobody", "OK"]
                + ["on the target, read back equal, without an author"],
                ["HLT.Data.Jet", "../../Etc/Passwd", "OK"]
                + ["on the target, read back equal, without an author"],
            ],
        )
        rejected = self.entries("rejected-rows")
        self.assertEqual({entry[2] for entry in rejected}, {"12_2_0"})
        self.assertEqual(len(rejected), 4)
        details = self.text("section:has(> #details) details")
        self.assertIn("POST /api/campaigns/migrate/", details)
        self.assertIn("releases 4", details)

    def test_a_page_of_a_person_is_found_by_name_and_by_address(self):
        for key in ("Given First", "given first", "FIRST@site.example"):
            with self.subTest(key=key):
                self.page(key)
                self.assertEqual(self.text("h1"), "Given First")
                self.assertIn("2 of 2 reports are on the target.", self.all(".lead"))
                campaigns = [report[0] for report in self.rows("parts")]
                self.assertEqual(campaigns, ["12_0_0", "12_2_0"])
                self.assertEqual(len(self.entries("rejected-rows")), 2)

    def test_a_page_of_a_user_has_the_document(self):
        self.page("second")
        self.assertEqual(
            self.rows("documents"), [["second", "validators", "on the target, read back equal"]]
        )
        self.assertIn('"email": "second@site.example"', self.text("section:has(> #details) details"))

    def test_a_page_of_a_group_has_its_reports(self):
        self.page("hlt.data.met")
        self.assertEqual([report[0] for report in self.rows("parts")], ["12_0_0", "12_2_0"])

    def test_a_page_of_a_row_has_the_row(self):
        self.page("6")
        self.assertEqual({entry[1] for entry in self.entries("rejected-rows")}, {"releases", "status"})

    def test_a_page_of_a_used_row_has_its_document(self):
        self.page("1")
        used = self.rows("used")
        self.assertIn(["releases", "campaigns", "12_0_0"], used)
        self.assertIn(["status", "campaigns", "12_0_0"], used)

    def test_a_page_can_be_read_on_a_phone(self):
        self.browser.resize(390, 844)
        self.page("12_2_0")
        width = self.browser.run("return document.documentElement.scrollWidth")
        self.assertLessEqual(width, 390)

    def test_an_unknown_key_names_those_that_are_near(self):
        path = self.migration.folder / "none.html"
        result = self.migration.rowpost("report", "--key", "12_2_00", "-o", path)
        self.assertEqual(result.status, 2)
        self.assertIn("no document, row or person has that name; there is campaigns 12_2_0", result.err)
        self.assertFalse(path.exists())

    def test_a_page_is_html_only(self):
        for options in ((), ("-o", "one.json"), ("--format", "csv")):
            result = self.migration.rowpost("report", "--key", "12_2_0", *options)
            self.assertEqual(result.status, 2)
            self.assertIn("expected -o FILE.html", result.err)


class Folder(Pages):
    def test_a_folder_has_a_page_for_each_author_and_each_group(self):
        folder = self.folder()
        names = sorted(path.name for path in folder.iterdir())
        self.assertIn("author-first@site.example.html", names)
        self.assertIn("author-Given-Nobody.html", names)
        self.assertIn("group-HLT.Data.MET.html", names)
        self.open(path=folder / "index.html")
        links = self.browser.run(
            "return Array.from(document.querySelectorAll('main a'), a => a.getAttribute('href'))"
        )
        self.assertEqual(sorted([*links, "index.html"]), names)
        self.assertIn(["Given First", "first@site.example", "2", "2"], self.rows("author"))

    def test_a_link_leads_to_the_page(self):
        self.open(path=self.folder() / "index.html")
        self.browser.click("a[href='author-first@site.example.html']")
        self.assertEqual(self.text("h1"), "Given First")
        self.assertEqual(len(self.rows("parts")), 2)

    def test_names_of_files_are_safe_for_each_author(self):
        folder = self.folder()
        for path in folder.iterdir():
            self.assertRegex(path.name, r"^(author|group)-[A-Za-z0-9._@-]{1,120}\.html$|^index\.html$")
        names = [path.name.lower() for path in folder.iterdir()]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("author-..-..-Etc-Passwd.html", {path.name for path in folder.iterdir()})

    def test_only_the_owner_can_read_the_pages(self):
        folder = self.folder("private")
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        for path in folder.iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)

    def test_markup_in_names_stays_text(self):
        self.open(path=self.folder() / "index.html")
        self.assertEqual(len(self.all("script")), 1)
        self.assertEqual(self.all("img, iframe, object"), [])
        self.assertTrue(any("<script>" in row[0] for row in self.rows("author")))

    def test_pages_that_were_written_there_before_are_replaced(self):
        folder = self.folder("again")
        before = {path: path.stat().st_ino for path in folder.iterdir()}
        self.folder("again")
        after = {path: path.stat().st_ino for path in folder.iterdir()}
        self.assertEqual(before.keys(), after.keys())
        self.assertFalse(any(before[path] == after[path] for path in before))

    def test_a_file_of_another_origin_is_never_replaced(self):
        folder = self.migration.folder / "foreign"
        folder.mkdir()
        elsewhere = self.migration.folder / "elsewhere.txt"
        elsewhere.write_text("kept")
        places = {
            "index.html": lambda path: path.write_text("<title>A page of somebody's</title>"),
            "author-Given-Nobody.html": lambda path: path.symlink_to(elsewhere),
            "group-HLT.Data.MET.html.partial": lambda path: path.write_text("somebody's"),
        }
        for name, make in places.items():
            with self.subTest(name=name):
                make(folder / name)
                result = self.migration.rowpost("report", "--each-author", folder)
                self.assertEqual(result.status, 2)
                self.assertIn(f"{name} is there and is no page", result.err)
                self.assertEqual([path.name for path in folder.iterdir()], [name])
                (folder / name).unlink()
        self.assertEqual(elsewhere.read_text(), "kept")

    def test_a_folder_is_not_mixed_with_other_reports(self):
        for options in (("-o", "x.html"), ("--key", "12_2_0"), ("--format", "html")):
            result = self.migration.rowpost("report", "--each-author", "mixed", *options)
            self.assertEqual(result.status, 2)
            self.assertIn("leave out --key, --format and -o", result.err)


class People(Pages):
    """The section about people in the report."""

    @classmethod
    def prepare(cls):
        super().prepare()
        cls.migration.report()

    def setUp(self):
        super().setUp()
        self.open()

    def test_reports_without_an_author_are_counted_by_person(self):
        count = self.text("section:has(> #people) > p")
        self.assertEqual(count, "4 of 6 reports have no author on the target.")
        rows = self.browser.run(
            """return Array.from(document.querySelectorAll(
                 ".scroll[aria-label='Without an author'] tbody tr"),
                 row => Array.from(row.cells, cell => cell.textContent))"""
        )
        self.assertEqual(
            rows,
            [
                ["(no name)", "2", "the source names nobody that the plan looks up"],
                ["../../Etc/Passwd", "1", "not found"],
                ["Given Nobody", "1", "not found"],
            ],
        )

    def test_names_that_were_not_simply_found_are_listed(self):
        people = self.migration.rowpost("people", "--json").lines
        rows = self.all(".scroll[aria-label='Names that were looked up'] tbody th")
        self.assertEqual(sorted(rows), sorted(person["name"] for person in people))

    def test_on_paper_the_lists_of_people_are_unfolded(self):
        self.browser.run("document.querySelectorAll('.paper').forEach(d => d.open = false)")
        table = ".paper table"
        self.assertEqual(self.shown(table), 0)
        self.browser.emulate(media="print")
        self.assertEqual(self.shown(table), 2)


if __name__ == "__main__":
    unittest.main()
