"""The Debian package: built twice to the same bytes, found clean, installed, run and removed."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

PACKAGES = ["git", "build-essential", "debhelper", "dpkg-dev", "fakeroot", "lintian"]
BUILDS = ["all"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
GIT = ["git", "-c", "safe.directory=*"]
SECONDS = 3600  # only stops what hangs

# Below share.
MANUAL_AND_COMPLETION = [
    "man/man1/rowpost.1",
    "man/man1/rowpost-apply.1",
    "man/man5/rowpost-workspace.5",
    "bash-completion/completions/rowpost",
    "zsh/vendor-completions/_rowpost",
]


LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)\s]+)?\)")


def call(*command, **settings):
    """What the command prints; raises where it fails."""
    done = subprocess.run(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        **settings,
    )
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def copy_sources(folder):
    """The repository with the files as they are now, committed or not."""
    call(*GIT, "clone", "--quiet", "--no-hardlinks", ROOT, folder)
    listed = call(*GIT, "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        source, copy = ROOT / name, folder / name
        if source.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
        else:
            copy.unlink(missing_ok=True)


def build(folder):
    """Builds the package of a copy of the sources; gives its `.changes` and its `.deb`."""
    copy_sources(folder)
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        # The unit tests have run in a build of their own.
        "DEB_BUILD_OPTIONS": f"nocheck parallel={os.cpu_count()}",
    }
    call("dpkg-buildpackage", "--build=binary", "-us", "-uc", cwd=folder, env=environment)
    [changes] = folder.parent.glob("*.changes")
    [package] = folder.parent.glob("rowpost_*.deb")
    return changes, package


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="rowpost-package-")
        cls.addClassCleanup(cls.scratch.cleanup)
        # lintian reads them as another user where it is called by root.
        os.chmod(cls.scratch.name, 0o755)
        folder = pathlib.Path(cls.scratch.name)
        cls.changes, cls.package = build(folder / "first" / "rowpost")
        cls.again = build(folder / "second-place" / "sources")[1]

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(dir=self.scratch.name))
        database = self.root / "var" / "lib" / "dpkg"
        for name in ("info", "updates", "triggers"):
            (database / name).mkdir(parents=True)
        # With the machine's own list of packages, a dependency that Debian lacks is found out.
        shutil.copy("/var/lib/dpkg/status", database / "status")

    def dpkg(self, *arguments):
        call("fakeroot", "dpkg", f"--root={self.root}", "--force-not-root", "--log=/dev/null",
             *arguments, env={**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})

    def files(self):
        return sorted(
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if path.is_file() and "var/lib/dpkg" not in str(path)
        )

    def test_it_is_the_same_byte_for_byte_when_built_elsewhere(self):
        digests = [hashlib.sha256(deb.read_bytes()).hexdigest() for deb in (self.package, self.again)]
        self.assertEqual(*digests)

    def test_lintian_finds_nothing(self):
        said = call("lintian", "--allow-root", "--display-info", "--pedantic", "--no-tag-display-limit",
                    "--fail-on", "error,warning,info,pedantic", self.changes)
        tags = [line for line in said.splitlines() if line[:3] in ("E: ", "W: ", "I: ", "P: ")]
        self.assertEqual(tags, [])

    def test_what_is_installed_is_removed_without_a_trace(self):
        self.dpkg("--install", self.package)
        self.assertIn("usr/bin/rowpost", self.files())
        self.dpkg("--purge", "rowpost")
        self.assertEqual(self.files(), [])

    def test_the_manual_and_the_completion_come_with_it(self):
        self.dpkg("--install", self.package)
        for name in MANUAL_AND_COMPLETION:
            self.assertTrue([file for file in self.files() if file.startswith("usr/share/" + name)], name)

    def test_each_link_of_an_installed_page_leads_to_an_installed_file(self):
        self.dpkg("--install", self.package)
        folder = self.root / "usr" / "share" / "doc" / "rowpost"
        links = [(page, link) for page in folder.rglob("*.md") for link in LINK.findall(page.read_text())]
        self.assertGreater(len([page for page, _ in links if page == folder / "README.md"]), 0)
        for page, link in links:
            with self.subTest(page=str(page.relative_to(folder)), link=link):
                self.assertTrue((page.parent / link).exists())

    def test_every_page_is_installed_and_the_sources_of_the_manual_are_not(self):
        self.dpkg("--install", self.package)
        for page in (ROOT / "docs").rglob("*.md"):
            self.assertIn(f"usr/share/doc/rowpost/{page.relative_to(ROOT)}", self.files())
        self.assertEqual([file for file in self.files() if file.endswith((".scd", "meson.build"))], [])

    def test_the_examples_are_installed_and_can_be_run(self):
        self.dpkg("--install", self.package)
        script = "usr/share/doc/rowpost/examples/batch/deliver-slurm.sh"
        self.assertIn(script, self.files())
        self.assertTrue(os.access(self.root / script, os.X_OK))

    def test_the_installed_program_shows_its_version(self):
        self.dpkg("--install", self.package)
        said = call(self.root / "usr/bin/rowpost", "--version")
        self.assertRegex(said, r"\Arowpost \d+\.\d+\.\d+ \([0-9a-f]{12}(-dirty)?\)\n\Z")

    def test_the_installed_demo_runs(self):
        self.dpkg("--install", self.package)
        said = subprocess.run(
            [self.root / "usr/bin/rowpost", "demo", "--dir", self.root / "demo"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS)
        # The sample has rows that are rejected on purpose; but nothing may be amiss.
        self.assertEqual(said.returncode, 0, said.stdout)
        self.assertIn("54 delivered", said.stdout)

    def test_its_version_is_that_of_the_program(self):
        said = call("dpkg-deb", "--field", self.package, "Version").strip()
        self.dpkg("--install", self.package)
        version = call(self.root / "usr/bin/rowpost", "--version").split()[1]
        self.assertEqual(said, version)


class Destination(unittest.TestCase):
    def test_meson_installs_everything_below_destdir(self):
        with tempfile.TemporaryDirectory(prefix="rowpost-destdir-") as folder:
            call("/usr/bin/meson", "install", "-C", ROOT / "build-asan", "--no-rebuild",
                 env={**os.environ, "DESTDIR": folder})
            root = pathlib.Path(folder) / "usr" / "local"
            self.assertTrue(os.access(root / "bin" / "rowpost", os.X_OK))
            for name in MANUAL_AND_COMPLETION:
                name = name.replace("vendor-completions", "site-functions")
                self.assertTrue(list((root / "share").glob(name + "*")), name)


if __name__ == "__main__":
    unittest.main()
