"""The tutorial of migration files: its SQL, appended to one file as a reader would, and its commands,
run in between, print what the page shows."""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

from built import PATIENCE, ROOT, ROWPOST, environment
from test_docs import as_pattern

PAGE = ROOT / "docs" / "migrations" / "tutorial.md"
FILE = "desk.sql"
STEP = re.compile(r"^```sql\n(?P<sql>(?:(?!```).*\n)*)```$"
                  r"|^    \$ (?P<command>.*)\n(?P<shown>(?:    (?!\$ ).*\n)*)", re.MULTILINE)


def read_steps():
    """("sql", text, "") and ("command", text, what it prints) in the order of the page."""
    for step in STEP.finditer(PAGE.read_text()):
        kind = "sql" if step["command"] is None else "command"
        yield kind, step[kind], step["shown"]


def write_file(folder):
    """The file as it is at the end of the page."""
    parts = [text for kind, text, _ in read_steps() if kind == "sql"]
    (folder / FILE).write_text("\n".join(parts))


def run(command, folder):
    words = shlex.split(command)
    program = {"rowpost": ROWPOST, "python3": sys.executable}[words[0]]
    return subprocess.run([program, *words[1:]], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=PATIENCE,
                          env=environment(LC_ALL="C.UTF-8"))


class Tutorial(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rowpost-tutorial-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "examples").symlink_to(ROOT / "examples")

    def assertPrinted(self, shown, done):
        lines = [line[4:] for line in shown.splitlines()]
        pattern = "".join("(?:.*\n)*" if line == "..." else as_pattern(line) + "\n" for line in lines)
        if not re.fullmatch(pattern, done.stdout):
            self.assertEqual("\n".join(lines), done.stdout)

    def test_each_command_prints_what_the_page_shows(self):
        for kind, text, shown in read_steps():
            if kind == "sql":
                with open(self.folder / FILE, "a") as file:
                    file.write(text + "\n")
                continue
            with self.subTest(command=text):
                done = run(text, self.folder)
                self.assertIn(done.returncode, (0, 1, 2), done.stdout)
                self.assertPrinted(shown, done)

    def test_the_file_at_the_end_passes_its_tests_and_plans(self):
        write_file(self.folder)
        for command, status in (("python3 examples/make_helpdesk.py helpdesk.db", 0),
                                ("rowpost test desk.sql", 0),
                                ("rowpost plan --from helpdesk.db --migration desk.sql", 1)):
            done = run(command, self.folder)
            self.assertEqual(done.returncode, status, done.stdout)

    def test_each_verb_of_the_way_is_shown(self):
        text = PAGE.read_text()
        for verb in ("draft", "test", "plan", "check", "apply", "verify"):
            self.assertRegex(text, rf"(?m)^    (\$ )?rowpost {verb}\b")


if __name__ == "__main__":
    unittest.main()
