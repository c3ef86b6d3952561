"""`./run test` chooses tests by name and knows what each needs (list_tests.sh)."""

import ast
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
FIELDS = ("name", "file", "builds", "plain_builds", "packages", "unpacked")
CONSTANTS = {"BUILDS": "builds", "PLAIN_BUILDS": "plain_builds", "PACKAGES": "packages",
             "UNPACKED": "unpacked"}


def call(*command):
    return subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=600)


def list_tests(*names, folder=TESTS):
    """Each test by its name: its fields."""
    done = call("sh", folder / "list_tests.sh", *names)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    lines = [dict(zip(FIELDS, line.split("\t"))) for line in done.stdout.splitlines()]
    return {line["name"]: line for line in lines}


def read_needs(file):
    """What a Python file says that it needs, as Python reads it."""
    found = {}
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) in CONSTANTS:
            found[CONSTANTS[node.targets[0].id]] = ast.literal_eval(node.value)
    return found


class Names(unittest.TestCase):
    def test_every_file_of_tests_is_a_test(self):
        files = [*TESTS.rglob("test_*.py"), *TESTS.rglob("test_*.c"), *TESTS.rglob("fuzz_*.c")]
        listed = [test["file"] for test in list_tests().values() if test["file"] != "-"]
        self.assertEqual(sorted(listed), sorted(str(file.relative_to(ROOT)) for file in files))

    def test_a_part_of_a_name_chooses_all_that_have_it(self):
        expected = {name for name in list_tests() if "unit/base" in name}
        self.assertGreater(len(expected), 1)
        self.assertEqual(set(list_tests("unit/base")), expected)

    def test_a_whole_name_chooses_one(self):
        self.assertIn("unit/people_csv", list_tests("people"))
        self.assertEqual(list(list_tests("unit/people")), ["unit/people"])

    def test_a_file_chooses_its_test(self):
        self.assertEqual(list(list_tests("tests/e2e/test_pace.py")), ["e2e/pace"])

    def test_several_names_choose_all_of_theirs(self):
        self.assertEqual(set(list_tests("e2e/pace", "check/layout")), {"e2e/pace", "check/layout"})

    def test_an_unknown_name_is_refused_with_those_near_it_before_anything_is_installed(self):
        done = call(ROOT / "run", "test", "e2e/pace", "unit/bsae_text")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.splitlines(), [
            "run: no test has unit/bsae_text in its name; near it:", "  unit/base_text",
            "./run test --list prints all names"])

    def test_an_unknown_option_is_refused(self):
        done = call(ROOT / "run", "test", "--lnog")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--long", done.stderr)


class Needs(unittest.TestCase):
    def test_a_test_needs_what_its_file_says(self):
        checked = 0
        for test in list_tests().values():
            if test["file"].endswith(".py"):
                for field, values in read_needs(ROOT / test["file"]).items():
                    checked += 1
                    self.assertLessEqual(set(values), set(test[field].split()), test["name"])
        self.assertGreater(checked, 5)

    def test_a_test_needs_what_the_files_that_it_imports_say(self):
        needed = list_tests("e2e/odbc_mariadb")["e2e/odbc_mariadb"]["packages"].split()
        self.assertIn("mariadb-server-core", needed)
        self.assertNotIn("postgresql", needed)

    def test_a_test_in_c_needs_its_program_and_a_compiler(self):
        test = list_tests("unit/base_text")["unit/base_text"]
        self.assertEqual(test["builds"], "tests/unit/test_base_text")
        self.assertEqual(test["packages"], "python3 @build")

    def test_a_test_that_runs_nothing_that_is_built_needs_no_compiler(self):
        self.assertEqual(list_tests("includes")["includes"]["packages"], "python3")

    def test_a_new_file_is_enough_to_name_further_packages(self):
        with tempfile.TemporaryDirectory(prefix="rowpost-list-") as scratch:
            folder = pathlib.Path(scratch) / "tests"
            (folder / "e2e").mkdir(parents=True)
            for name in ("list_tests.sh", "list_tests.awk"):
                shutil.copy(TESTS / name, folder)
            (folder / "e2e" / "site.py").write_text('PACKAGES = ["php-cli", "php-mysql"]  # ]\n')
            (folder / "e2e" / "test_site.py").write_text(
                'import os, site as pages\n\nPACKAGES = [\n    "mariadb-server-core",\n]\n'
                'UNPACKED = ["wordpress"]\n')
            test = list_tests("e2e/site", folder=folder)["e2e/site"]
        self.assertEqual(test["packages"], "python3 mariadb-server-core php-cli php-mysql")
        self.assertEqual(test["unpacked"], "wordpress")


if __name__ == "__main__":
    unittest.main()
