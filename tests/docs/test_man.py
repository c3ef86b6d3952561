"""The man pages: one for each verb, whole, and without a complaint of the programs that show them."""

import contextlib
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

from built import MANUAL, PAGES, ROWPOST, call, environment
from built import list_verbs, read_examples, read_options, read_sections
from harness import AS_OF, GOLDEN

PACKAGES = ["man-db", "mandoc"]

# scdoc begins a paragraph after every list and heading, whether or not one follows.
HARMLESS = re.compile(r"WARNING: skipping paragraph macro: PP (empty|after SH)")


def plain(text):
    """Without what a terminal makes bold or underlined: a letter, a step back, a letter."""
    return re.sub(".\b", "", text)


def render(page):
    """The page as it reads, a paragraph a line."""
    return plain(call("mandoc", "-Tutf8", "-Owidth=1000", PAGES / page))


def squeeze(text):
    return " ".join(text.split())


class Pages(unittest.TestCase):
    def setUp(self):
        self.pages = sorted(page.name for page in PAGES.glob("*.[15]"))

    def test_each_verb_has_a_page(self):
        expected = {"rowpost.1", "rowpost-workspace.5"} | {f"rowpost-{v}.1" for v in list_verbs()}
        self.assertEqual(set(self.pages), expected)

    def test_each_option_of_a_verb_is_on_its_page_as_in_its_help(self):
        for verb in list_verbs():
            page = squeeze(render(f"rowpost-{verb}.1"))
            for letter, name, value, text in read_options(verb):
                head = f"-{letter}, --{name}" if letter else f"--{name}"
                entry = f"{head}{' ' + value if value else ''} {squeeze(text)}"
                self.assertIn(entry, page, verb)

    def test_the_examples_are_those_of_the_help(self):
        for verb in list_verbs():
            page = render(f"rowpost-{verb}.1")
            for line in read_examples(verb):
                self.assertIn(line, page, verb)

    def test_the_first_page_lists_verbs_and_exit_statuses_as_the_help_does(self):
        page = squeeze(render("rowpost.1"))
        sections = read_sections(call(ROWPOST, "--help"))
        verbs = [line for title in sections if "verbs" in title.split() for line in sections[title]]
        self.assertGreater(len(verbs), 20)
        for line in verbs:
            name, text = line.split(None, 1)
            self.assertIn(f"rowpost-{name}(1) {squeeze(text)}", page)
        for line in sections["exit status"]:
            self.assertIn(squeeze(line), page)

    def test_mandoc_finds_nothing(self):
        for page in self.pages:
            done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], cwd=PAGES, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            told = [line for line in done.stdout.splitlines() if not HARMLESS.search(line)]
            self.assertEqual(told, [])

    def test_man_shows_each_without_a_warning(self):
        for page in self.pages:
            done = subprocess.run(["man", "--warnings", "-l", "-Tutf8", f"./{page}"], cwd=PAGES,
                                  env=environment(LC_ALL="C.UTF-8", MANWIDTH="80", GROFF_NO_SGR="1"),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), page)
            self.assertIn("NAME\n", plain(done.stdout))

    def test_a_page_without_the_place_for_its_options_is_refused(self):
        for prose in ("Words.\n", "@options@\n@options@\n"):
            done = subprocess.run([MANUAL, "page", "plan"], input=prose, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("@options@", done.stderr)


class WorkspacePage(unittest.TestCase):
    def test_it_names_every_table_and_column_and_state(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "page.rowpost"
            plan = ["plan", "--from", GOLDEN / "legacy.db", "--as-of", AS_OF, "-w", path]
            subprocess.run([ROWPOST, *map(str, plan)], stdout=subprocess.DEVNULL, check=False)
            with contextlib.closing(sqlite3.connect(path)) as database:
                names = database.execute(
                    "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c"
                    " WHERE m.type = 'table'").fetchall()
        self.assertGreater(len(names), 40)
        page = render("rowpost-workspace.5")
        tables = dict(re.findall(r"^ +(\w+)\n +((?:What|The|Who|Every|Where|How|In|document).*)$", page,
                                 re.MULTILINE))
        for table, column in names:
            self.assertRegex(tables[table], rf"\b{column}\b", table)
        for state in ("pending", "sending", "unknown", "delivered", "present", "different", "refused",
                      "waiting", "handed out"):
            self.assertRegex(page, rf"(?m)^ +{state}\n")


if __name__ == "__main__":
    unittest.main()
