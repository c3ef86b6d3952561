"""What the build has made for the documents, next to the program that is tested."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from harness import PATIENCE, ROWPOST, environment  # noqa: E402

BUILDS = ["manual"]

PAGES = pathlib.Path(ROWPOST).parent / "docs" / "man"
MANUAL = PAGES / "rowpost-manual"


def call(*command, allowed=(0,), **settings):
    """What the command prints on standard output; raises where it fails."""
    settings = {"env": environment(LC_ALL="C.UTF-8"), "timeout": PATIENCE, **settings}
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings
    )
    if done.returncode not in allowed:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def read_sections(text):
    """The parts of a help by their headings; continued lines are joined."""
    sections = {}
    for line in text.splitlines():
        if line and not line.startswith(" "):
            entries = sections[line] = []
        elif re.match(r" {3}(?! {3}--\w)", line):
            entries[-1] += " " + line.strip()
        elif line:
            entries.append(line)
    return sections


def list_verbs():
    """The verbs, as the program's own help has them."""
    sections = read_sections(call(ROWPOST, "--help"))
    return [line.split()[0] for title, lines in sections.items() if "verbs" in title.split()
            for line in lines]


def read_options(verb):
    """The options of a verb by its help: (letter or None, name, value or None, text)."""
    sections = read_sections(call(ROWPOST, verb, "--help"))
    line = re.compile(r"  (?:-(\w), |    )--([\w-]+)(?: (\S+))? +(.+)")
    return [line.fullmatch(text).groups() for title, lines in sections.items()
            if title.endswith(" options") for text in lines]


def read_examples(verb):
    """The lines of a verb's examples, as its help has them."""
    part = call(ROWPOST, verb, "--help").split("\nexamples\n")[1].split("\n\n")[0]
    return [line.strip() for line in part.splitlines()]
