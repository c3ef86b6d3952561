"""The order of the house: which folder of src/ includes which, and how long its pieces are."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src"

# Whose headers the files of a folder may include, besides their own.
PARTS = {"base", "oracle", "source", "staging", "workspace", "people", "migration", "http"}
MAY_INCLUDE = {
    "base": set(),
    "oracle": set(),
    "source": {"base", "oracle"},
    "staging": {"base", "source"},
    "workspace": {"base"},
    "people": {"base"},
    "migration": {"base", "source", "staging", "people"},
    "valdb": {"base", "people", "staging", "migration"},
    "http": {"base"},
    "delivery": PARTS | {"metrics"},  # which needs no more than a workspace
    "report": {"base", "workspace", "migration"},
    "metrics": {"base", "workspace", "migration"},
    "cli": PARTS | {"valdb", "delivery", "report", "metrics"},
    "manual": PARTS | {"valdb", "delivery", "report", "metrics", "cli"},
}
FUNCTION_MOST = 40
FILE_MOST = 400

INCLUDE = re.compile(r'#\s*include\s+"([^"]+)"')


def list_files(*suffixes):
    return sorted(path for path in SOURCES.rglob("*") if path.name.endswith(suffixes))


def place(path, number):
    return f"{path.relative_to(ROOT)}:{number}"


def list_includes():
    """(file, line, header) of each header in quotation marks; headers as from src/."""
    for path in list_files(".c", ".h", ".c.in"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if found:
                beside = path.parent / found.group(1)
                header = beside if beside.exists() else SOURCES / found.group(1)
                yield path, number, header.relative_to(SOURCES)


def folder_of(path):
    return path.parts[0]


def list_functions(path):
    """(line, length) of each function: from the line with its opening brace to the brace at the
    beginning of a line, as the layout has it."""
    opened = None
    is_function = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if opened is None and line.endswith("{"):
            opened, is_function = number, line.endswith(") {")
        elif opened is not None and line.startswith("}"):
            if is_function:
                yield opened, number - opened + 1
            opened = None


def setUpModule():
    """Says which files are long; that is no failure."""
    for path in list_files(".c", ".h"):
        length = path.read_text().count("\n")
        if length > FILE_MOST:
            print(f"# src/{path.relative_to(SOURCES)} has {length} lines", flush=True)


class House(unittest.TestCase):
    def assertNone(self, violations):
        self.assertEqual(violations, [], "\n" + "\n".join(violations))

    def test_each_folder_is_in_the_table(self):
        folders = {path.name for path in SOURCES.iterdir() if path.is_dir()}
        unknown = sorted(folders - set(MAY_INCLUDE))
        self.assertNone([f"src/{name} is not in the table" for name in unknown])

    def test_a_folder_includes_only_what_it_may(self):
        violations = []
        for path, number, header in list_includes():
            folder, other = folder_of(path.relative_to(SOURCES)), folder_of(header)
            if other not in MAY_INCLUDE.get(folder, set()) | {folder}:
                where = place(path, number)
                violations.append(f"{where} includes {header}, which {folder} may not include")
        self.assertNone(violations)

    def test_a_private_header_is_included_in_its_own_folder_only(self):
        self.assertNone([
            f"{place(path, number)} includes {header}, which is private to {header.parent}"
            for path, number, header in list_includes()
            if header.name.endswith("_private.h") and path.parent != SOURCES / header.parent
        ])

    def test_each_header_is_included_by_another_file_than_its_own(self):
        included = {header for path, _, header in list_includes()
                    if path.with_suffix("") != (SOURCES / header).with_suffix("")}
        headers = [path.relative_to(SOURCES) for path in list_files(".h")]
        unused = [header for header in headers if header not in included]
        self.assertNone([f"src/{header} has no includer" for header in unused])

    def test_no_function_is_too_long(self):
        self.assertNone([
            f"{place(path, number)} is a function of {length} lines, not {FUNCTION_MOST} at most"
            for path in list_files(".c", ".h")
            for number, length in list_functions(path) if length > FUNCTION_MOST
        ])


if __name__ == "__main__":
    unittest.main()
