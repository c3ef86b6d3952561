"""What the build has made for the documents, beside the program that is tested."""

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


def call(*command, **settings):
    """What the command says on standard output; raises where it fails."""
    settings = {"env": environment(LC_ALL="C.UTF-8"), "timeout": PATIENCE, **settings}
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings
    )
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def list_verbs():
    """The verbs, as the program's own help has them."""
    part = call(ROWPOST, "--help").split("\nverbs\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in part.splitlines()]


def read_options(verb):
    """The options of a verb by its help: (letter or None, name, value or None, text)."""
    part = call(ROWPOST, verb, "--help").split("\noptions\n")[1].split("\n\nexamples")[0]
    line = re.compile(r"  (?:-(\w), |    )--([\w-]+)(?: (\S+))? +(.+)")
    return [line.fullmatch(text).groups() for text in part.splitlines()]
