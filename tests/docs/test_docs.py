"""The pages for people: links lead somewhere, messages are the program's, transcripts are true."""

import re
import shlex
import subprocess
import tempfile
import unittest

from built import ROOT, ROWPOST, environment

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TRANSCRIPTS = [ROOT / "README.md", ROOT / "docs" / "tutorial.md"]
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
    """A text in which `...` stands for anything."""
    return ".*".join(map(re.escape, text.split("...")))


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
    """[(command, lines that it prints)] of the commands that can be run anywhere."""
    found = []
    for line in page.read_text().splitlines():
        text = line.strip()
        if text.startswith(f"$ {PROGRAM} "):
            found.append((text[2:], []))
        elif found and line.startswith("    ") and text and not text.startswith("$ "):
            if found[-1][1] is not None:
                found[-1][1].append(text)
        elif found and text and not line.startswith("    "):
            found.append((None, None))  # what follows belongs to no command
    return [(command, lines) for command, lines in found if command]


class Transcripts(unittest.TestCase):
    """What the program is shown to print stands in what it prints, in this order."""

    def run_page(self, page):
        with tempfile.TemporaryDirectory(prefix="rowpost-docs-") as folder:
            for command, lines in read_transcripts(page):
                with self.subTest(command=command):
                    words = shlex.split(command.replace(DEMO, folder + "/demo"))
                    done = subprocess.run([ROWPOST, *words[1:]], stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, text=True, timeout=240,
                                          env=environment(LC_ALL="C.UTF-8"))
                    self.assertIn(done.returncode, (0, 1), done.stdout[-2000:])
                    self.assertPrinted(lines, done.stdout.replace(folder + "/demo", DEMO))

    def assertPrinted(self, lines, printed):
        rest = iter([line.strip() for line in printed.splitlines()])
        for line in lines:
            if line == "...":
                continue
            pattern = re.compile(as_pattern(line))
            self.assertTrue(any(pattern.fullmatch(other) for other in rest),
                            f"{line!r} does not stand in:\n{printed[-3000:]}")

    def test_those_of_the_readme(self):
        self.run_page(TRANSCRIPTS[0])

    def test_those_of_the_tutorial(self):
        self.run_page(TRANSCRIPTS[1])

    def test_both_pages_have_some(self):
        for page in TRANSCRIPTS:
            self.assertGreaterEqual(len(read_transcripts(page)), 3, page.name)


if __name__ == "__main__":
    unittest.main()
