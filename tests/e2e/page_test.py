"""Pages that rowpost has written, opened in a real browser."""

import json
import pathlib
import sqlite3
import tempfile
import unittest

from browser import Browser
from harness import AS_OF, SETTLE, Program, Standin, write_cookies
from legacy import make_clean

HOSTILE = "<script>document.title='hit'</script><img src=x onerror=\"document.title='hit'\">'\"&"
JSON_TYPE = {"Content-Type": "application/json"}
REFUSAL = {
    "kind": "status",
    "status": 400,
    "headers": JSON_TYPE,
    "body": json.dumps({"message": f"Refused {HOSTILE}"}),
    "method": "POST",
    "match": "second@site.example",
    "times": 1,
}


def make_dirty(path):
    """Besides what is clean: a row that is rejected, one that is skipped, markup in texts."""
    legacy = make_clean(path)
    legacy.add_report("<b>12</b>", "HLT.Data.MET", "OK", "Not understood.", "Given Second")
    legacy.add_report("12_2_0", "HLT.Data.MET", comments=HOSTILE)
    legacy.add_validator("longlogin", "long@site.example", "HLT.Data.MET")
    return legacy


class Migration:
    """A folder with a workspace, a target, and the report that is written of it."""

    def __init__(self, case):
        folder = tempfile.TemporaryDirectory()
        case.addClassCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "report.html"
        self.standin = Standin(self.folder)
        case.addClassCleanup(self.standin.close)
        self.target = ["--to", self.standin.url, "--settle", SETTLE]
        self.target += ["--cookies", write_cookies(self.folder / "cookies.txt", "good-secret")]

    def rowpost(self, *arguments):
        return Program(arguments, self.folder).end()

    def plan(self, make=make_clean, *options):
        legacy = self.folder / "legacy.db"
        legacy.unlink(missing_ok=True)
        make(legacy).close()
        result = self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF, *options)
        assert result.status in (0, 1), result.err

    def change(self, *statements):
        """Brings the workspace where a test wants it."""
        database = sqlite3.connect(self.folder / "valdb.rowpost")
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()

    def summary(self):
        return self.rowpost("report", "--format", "json").json

    def report(self):
        result = self.rowpost("report", "-o", self.path)
        assert result.status == 0, result.err
        return self.path.read_text()

    def forget(self):
        for path in self.folder.glob("valdb.rowpost*"):
            path.unlink()


class PageTest(unittest.TestCase):
    """A browser and a migration for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.migration = Migration(cls)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.prepare()

    @classmethod
    def prepare(cls):
        """Makes the workspace and its report."""

    def setUp(self):
        self.browser.resize(1200, 900)
        self.browser.emulate()
        self.browser.set_zone("UTC")
        self.browser.allow_scripts(True)

    def open(self, fragment="", path=None):
        self.browser.open(path or self.migration.path, fragment)

    def all(self, css):
        """The texts of all such elements, as they stand in the page."""
        script = "return Array.from(document.querySelectorAll(arguments[0]), e => e.textContent)"
        return [" ".join(text.split()) for text in self.browser.run(script, css)]

    def text(self, css):
        (text,) = self.all(css)
        return text

    def entries(self, listing):
        """The entries of a listing that can be seen: the name, the kind, the reason."""
        return self.browser.run(
            """const table = document.getElementById(arguments[0]).closest("details")
                 .querySelector("table.listing");
               return Array.from(table.tBodies).filter(body => body.checkVisibility())
                 .map(body => Array.from(body.rows[0].cells, cell => cell.textContent))""",
            listing,
        )

    def shown(self, css):
        """How many such elements can be seen."""
        script = """return Array.from(document.querySelectorAll(arguments[0]))
                      .filter(element => element.checkVisibility()).length"""
        return self.browser.run(script, css)

    def inside(self, listing, css):
        """A selector for what is inside the listing."""
        return f"details:has(> summary > #{listing}) {css}"

    def details(self, listing):
        """What can be unfolded below each entry."""
        return self.all(self.inside(listing, ".listing > tbody > .more"))
