"""docs/building.md, `run` and debian/control name what meson.build asks for."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD_FILES = [ROOT / "meson.build", *(ROOT / "src").rglob("meson.build"),
               *(ROOT / "docs").rglob("meson.build"), *(ROOT / "tests").rglob("meson.build")]
# Not in debian/control: every Debian builder has them, or another package brings them.
ESSENTIAL = {"gcc", "libc6-dev", "ninja-build"}


def read_page():
    return (ROOT / "docs" / "building.md").read_text()


def list_run_packages():
    listed = re.search(r"^list_build_packages\(\) \{.*?<<'END'\n(.*?)^END", (ROOT / "run").read_text(),
                       re.DOTALL | re.MULTILINE)
    return {line.split()[0] for line in listed.group(1).splitlines()}


def list_control_packages():
    control = (ROOT / "debian" / "control").read_text()
    text = re.search(r"^Build-Depends:(.*?)^\S", control, re.DOTALL | re.MULTILINE).group(1)
    return {re.match(r"[a-z0-9.+-]+", item.strip()).group(0) for item in text.split(",")}


class Building(unittest.TestCase):
    def test_the_page_has_each_library_that_the_build_asks_pkg_config_for(self):
        text = "\n".join(file.read_text() for file in BUILD_FILES)
        names = set(re.findall(r"\bdependency\('([^']+)'", text)) - {"threads"}
        self.assertGreater(len(names), 8)
        named = set(re.findall(r"`([\w-]+)`", read_page()))
        self.assertEqual(names - named, set())

    def test_run_installs_each_package_of_the_page(self):
        packages = set(re.findall(r"\| (\S+-dev) \|", read_page()))
        self.assertGreater(len(packages), 8)
        self.assertEqual(packages - list_run_packages(), set())

    def test_a_debian_builder_gets_what_run_installs(self):
        self.assertEqual(list_run_packages() - ESSENTIAL - list_control_packages(), set())


if __name__ == "__main__":
    unittest.main()
