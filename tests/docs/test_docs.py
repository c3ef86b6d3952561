"""The pages for people: links lead somewhere, messages are the program's, transcripts are true."""

import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from built import PATIENCE, ROOT, ROWPOST, environment

PACKAGES = ["sqlite3"]

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Has a test of its own, which makes the file that its commands use.
MIGRATION_TUTORIAL = ROOT / "docs" / "migrations" / "tutorial.md"
DEMO = "/tmp/readme-demo"
PROGRAM = "./build/rowpost"

LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([^)\s]+))?\)")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def anchors_of(page):
    """The anchors of a page's headings, as its readers' sites make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def read_messages():
    """Every text in the sources; pieces that the compiler joins are joined."""
    sources = "\n".join(file.read_text() for file in sorted((ROOT / "src").rglob("*.c")))
    joined = re.sub(r'(?<!\\)"\s*\n\s*"', "", sources)
    return "\n".join(LITERAL.findall(joined)).replace('\\"', '"')


def as_pattern(text):
    """A text in which `...` matches anything."""
    return "[^\n]*".join(map(re.escape, text.split("...")))


class Links(unittest.TestCase):
    def test_each_leads_to_a_file_and_a_heading(self):
        for page in PAGES:
            for path, anchor in LINK.findall(page.read_text()):
                target = page.parent / path if path else page
                with self.subTest(page=page.name, link=path, anchor=anchor):
                    self.assertTrue(target.exists())
                    if anchor and target.suffix == ".md":
                        self.assertIn(anchor, anchors_of(target))


class Messages(unittest.TestCase):
    def test_each_message_of_the_troubleshooting_page_is_one_of_the_program(self):
        page = (ROOT / "docs" / "troubleshooting.md").read_text()
        quoted = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
        self.assertGreater(len(quoted), 15)
        messages = read_messages()
        for message in quoted:
            with self.subTest(message=message):
                self.assertRegex(messages, as_pattern(message))


def read_transcripts(page):
    """[(command, lines that it prints)] of a page's blocks; a command continues over lines until
    its quotes are closed."""
    found = []
    is_open = False
    for line in page.read_text().splitlines():
        text = line.strip()
        if text.startswith("$ "):
            found.append([text[2:], []])
        elif not found or (text and not line.startswith("    ")):
            found.append(["", []])  # what follows belongs to no command
        elif is_open:
            found[-1][0] += "\n" + text
        elif text:
            found[-1][1].append(text)
        is_open = found[-1][0].count('"') % 2 == 1
    return [(command, lines) for command, lines in found if command]


class Transcripts(unittest.TestCase):
    """Every command that a page shows is run on the demo's files, and prints what is shown:
    line by line, with `...` for what is left out."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="rowpost-docs-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.demo = cls.folder / "demo"
        done = cls.run_command(f"{PROGRAM} demo --dir {DEMO}")
        if done.returncode != 0:
            raise AssertionError(done.stdout)
        for name in ("legacy.db", "people.csv", "admins.csv"):
            shutil.copy(cls.demo / name, cls.folder / name)

    def renew_workspace(self):
        """The name that the pages use in the current folder; a command may plan again into it."""
        shutil.copy(self.demo / "demo.rowpost", self.folder / "valdb.rowpost")

    @classmethod
    def run_command(cls, command):
        words = shlex.split(command.replace(DEMO, str(cls.demo)), comments=True)
        program = {PROGRAM: ROWPOST, "rowpost": ROWPOST}.get(words[0], words[0])
        return subprocess.run([program, *words[1:]], cwd=cls.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=PATIENCE,
                              env=environment(LC_ALL="C.UTF-8"))

    def assertPrinted(self, lines, printed):
        printed = printed.replace(str(self.demo), DEMO).replace(shlex.quote(ROWPOST), PROGRAM)
        shown = [line.strip() for line in printed.splitlines()]
        shown = [line for line in shown if line]
        pattern = "".join("(?:.*\n)*" if line == "..." else as_pattern(line) + "\n"
                          for line in lines)
        if lines and not re.fullmatch(pattern, "\n".join(shown) + "\n"):
            self.fail(f"{lines} is not what is printed:\n" + "\n".join(shown)[:3000])

    def test_each_command_prints_what_its_page_shows(self):
        for page in PAGES:
            for command, lines in () if page == MIGRATION_TUTORIAL else read_transcripts(page):
                with self.subTest(page=page.name, command=command):
                    self.renew_workspace()
                    done = self.run_command(command)
                    self.assertIn(done.returncode, (0, 1), done.stdout[-2000:])
                    self.assertPrinted(lines, done.stdout)

    def test_the_pages_show_commands(self):
        expected = {"README.md": 1, "guide.md": 8, "tutorial.md": 4, "workspace.md": 1,
                    "archiving.md": 10}
        for name, least in expected.items():
            page = next(page for page in PAGES
                        if page.name == name and page != MIGRATION_TUTORIAL)
            self.assertGreaterEqual(len(read_transcripts(page)), least, name)

    def test_the_readme_is_short(self):
        self.assertLessEqual(len((ROOT / "README.md").read_text().splitlines()), 120)


if __name__ == "__main__":
    unittest.main()
