"""The emulator as a program of its own: `python3 -m emulator [DATABASE] [NAME=VALUE ...]`, where the
names are those of settings.py and the values Python's literals. It prints its port, serves until
standard input ends, and prints what clients did against the protocol to standard error."""

import argparse
import ast
import sys

from .faults import Fault
from .server import Emulator
from .settings import Settings


def _setting(text):
    name, _, value = text.partition("=")
    try:
        return name, ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return name, value


def main():
    parser = argparse.ArgumentParser(prog="python3 -m emulator", description=__doc__)
    parser.add_argument("--database", help="a legacy database as a SQLite file")
    parser.add_argument("--record", help="where the sessions are recorded")
    parser.add_argument("--fault", nargs="*", default=[], metavar="NAME=VALUE")
    parser.add_argument("settings", nargs="*", metavar="NAME=VALUE")
    arguments = parser.parse_args()
    settings = Settings(**dict(map(_setting, arguments.settings)))
    if arguments.fault:
        settings.faults.append(Fault(**dict(map(_setting, arguments.fault))))
    with Emulator(arguments.database, settings, arguments.record) as emulator:
        print(emulator.port, flush=True)
        sys.stdin.read()
    for line in emulator.trouble:
        print(f"emulator: {line}", file=sys.stderr)


if __name__ == "__main__":
    main()
