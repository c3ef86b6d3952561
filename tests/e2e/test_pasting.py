"""Every command that the program prints for a person - as the next step, as advice, in a page - is
run in a shell as it is printed, in the folder where it was printed.

The path of the program has a blank and is printed in quotes, by which the commands are found; a
command that is printed without it, for a `rowpost` that the shell may not have, is a failure. The
workspace has a blank and a quote in its name."""

import contextlib
import html
import os
import pathlib
import pty
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import unittest

import harness
from harness import AS_OF, ROWPOST, environment, find_free_port, write_cookies
from legacy import Legacy, make_clean
from page_test import REFUSAL
from scene import Scene

PROGRAM = "./row post"
WORKSPACE = "the site's.rowpost"
# Up to a word with which the sentence ends, or goes on behind a comma.
WORD = re.compile(r" (?:'[^']*'|\\'|[^\s'`])+")
START = re.compile(re.escape(shlex.quote(PROGRAM)))
CODE = re.compile(r"<code>(.*?)</code>", re.DOTALL)
PATHLESS = re.compile(r"(?<!/)\browpost [a-z]+\b")
NO_COMMAND = {"rowpost moves"}  # the guide's first line

WITH_TARGET = {"apply", "verify", "undo", "run"}
LEAVES_A_REST = WITH_TARGET | {"plan", "status", "merge"}
LOOKS = [
    [],
    ["status"],
    ["status", "--json"],
    ["report"],
    ["report", "--format", "html"],
    ["report", "--format", "junit"],
    ["report", "--format", "json"],
    ["report", "--key", "first", "--format", "html"],
    ["report", "--key", "nothing-like-it", "--format", "html"],
    ["report", "--key", "first"],
    ["show", "first"],
    ["show", "nothing-like-it"],
    ["rejects"],
    ["skips"],
    ["findings"],
    ["people"],
    ["apply", "--dry-run"],
    ["apply"],
    ["export"],
    ["stats"],
    ["report", "--fromat", "html"],
    ["report", "too", "many"],
]


def find_in_line(line):
    """A command ends with the line, or with a word that the sentence ends or interrupts."""
    for start in START.finditer(line):
        end = start.end()
        while (word := WORD.match(line, end)) is not None:
            end = word.end()
            if word[0][-1] in ".;,)":
                break
        yield line[start.start():end].rstrip(".;,)")


def find_commands(output):
    """The commands in a text, or in a page, where they are code."""
    pieces = CODE.findall(output) or output.splitlines()
    return [found for piece in pieces for found in find_in_line(html.unescape(piece))]


def verb_of(command):
    return shlex.split(command)[1]


def expected_of(command):
    """The exit statuses with which the command may end: what is left to do, and that the target
    wants a sign-in that a page cannot know, are its business; that it is wrong is not."""
    verb = verb_of(command)
    statuses = {0, 1} if verb in LEAVES_A_REST else {0}
    return statuses | {4} if verb in WITH_TARGET and "--cookies" not in command else statuses


class Pasting(Scene):
    def setUp(self):
        super().setUp()
        self.workspace = self.folder / WORKSPACE
        (self.folder / PROGRAM).symlink_to(ROWPOST)
        self.legacy = make_clean(self.folder / "legacy.db")
        self.addCleanup(self.legacy.close)
        self.printed = []

    @contextlib.contextmanager
    def terminal_with(self, answer):
        """A terminal at which a person types the answer."""
        ours, theirs = pty.openpty()
        os.write(ours, answer)
        yield theirs
        os.close(theirs)
        os.close(ours)

    def call(self, *arguments, folder=None):
        """Runs the program as a person does, and keeps what it prints."""
        result = subprocess.run([PROGRAM, *map(str, arguments)], cwd=folder or self.folder,
                                env=environment(), stdin=subprocess.DEVNULL, capture_output=True,
                                text=True)
        self.printed += [result.stdout, result.stderr]
        return result

    def site(self, verb, *arguments):
        return self.call(verb, "-w", WORKSPACE, *arguments)

    def plan(self, *options, status=0):
        self.assertStatus(self.as_result(self.site("plan", "--from", "legacy.db", "--as-of", AS_OF,
                                                   *options)), status)

    def as_result(self, done):
        return harness.Result(done.returncode, done.stdout, done.stderr)

    def look(self):
        """Asks the workspace for everything that it can show."""
        for look in LOOKS:
            self.call(*look[:1], *(["-w", WORKSPACE] if look else []), *look[1:])
        self.site("report", "--each-author", "pages")
        self.printed += [page.read_text() for page in (self.folder / "pages").glob("*.html")]

    def paste(self, command):
        """In a copy of the folder, which it may change; at the address that the person has put in
        the place of the example."""
        command = re.sub(r"--to https://\S+", f"--to {self.standin.url}", command)
        with tempfile.TemporaryDirectory() as place, self.terminal_with(b"yes\n") as terminal:
            folder = pathlib.Path(place) / "copy"
            shutil.copytree(self.folder, folder, symlinks=True, ignore=lambda *_: ["pages"])
            return subprocess.run(["sh", "-c", command], cwd=folder, env=environment(),
                                  stdin=terminal, capture_output=True, text=True)

    def assertAllRun(self, *verbs):
        """Every command that was printed runs; those of these verbs are among them."""
        commands = sorted({command for text in self.printed for command in find_commands(text)})
        pathless = {found for text in self.printed for found in PATHLESS.findall(text)}
        self.assertLessEqual(pathless, NO_COMMAND)
        for command in commands:
            with self.subTest(command=command):
                done = self.paste(command)
                self.assertIn(done.returncode, expected_of(command), done.stdout + done.stderr)
        self.assertLessEqual(set(verbs), {verb_of(command) for command in commands})


class Workspaces(Pasting):
    """By what the workspace holds."""

    def test_planned(self):
        self.plan()
        self.look()
        self.assertAllRun("apply", "report", "show", "rejects", "skips", "complete", "help")

    def test_partly_delivered(self):
        self.plan()
        self.site("apply", *self.target, "--limit", "1")
        self.look()
        self.assertAllRun("apply", "show")

    def test_delivered_and_verified(self):
        self.plan()
        self.site("apply", *self.target)
        self.site("verify", *self.target)
        self.look()
        self.assertAllRun("verify", "report")

    def test_refused_and_different(self):
        self.plan()
        self.standin.add_users({"email": "first@site.example", "role": 2, "groups": []})
        self.standin.faults(REFUSAL)
        self.site("apply", *self.target)
        self.look()
        self.assertAllRun("apply", "findings", "report")

    def test_duplicates(self):
        self.plan()
        self.site("apply", *self.target)
        self.standin.add_users(self.exports_of("validators")["first"])
        self.site("verify", *self.target)
        self.look()
        self.assertAllRun("findings")

    def exports_of(self, kind):
        lines = self.as_result(self.site("export", "--kind", kind)).lines
        return {line["key"]: line["body"] for line in lines}

    def test_missing_waiting_and_unclear(self):
        self.plan()
        self.site("apply", *self.target)
        self.change("UPDATE document SET verdict = 'missing' WHERE key = 'first'",
                    "UPDATE document SET state = 'unknown' WHERE key = 'second'",
                    "UPDATE document SET state = 'waiting' WHERE key = 'chief'")
        self.look()
        self.assertAllRun("verify", "apply")

    def test_planned_differently_and_no_longer(self):
        self.plan()
        self.site("apply", *self.target)
        self.legacy.execute("UPDATE status SET comments = 'Changed.' WHERE id = 1")
        self.legacy.execute("DELETE FROM users WHERE user_name = 'second'")
        self.legacy.execute("DELETE FROM user_rights WHERE user_name = 'second'")
        self.plan()
        self.look()
        self.assertAllRun("apply", "report")

    def test_rejected_rows(self):
        self.legacy.add_validator("odd", "odd@site.example", "No.Such.Group")
        self.plan(status=1)
        self.look()
        self.assertAllRun("rejects", "apply")

    def test_more_rejected_and_skipped_rows_than_are_shown(self):
        self.legacy.execute("BEGIN")
        for number in range(600):
            address = f"{number}@site.example"
            self.legacy.add_validator(f"odd{number}", "o" + address, f"No{number}.Such.Group")
            self.legacy.add_validator(f"nobody{number}", "n" + address)
        self.legacy.execute("COMMIT")
        self.plan(status=1)
        self.look()
        self.assertAllRun("rejects", "status")

    def test_split_and_merged(self):
        self.plan()
        self.site("split", "--kind", "validators", "--into", "2", "-d", "the parts")
        self.look()
        self.site("split", "--kind", "validators", "--into", "3", "-d", "others")
        self.site("split", "--kind", "validators", "--recall", "9")
        self.site("merge", *sorted((self.folder / "the parts").glob("*.rowpost")))
        self.assertAllRun("merge")

    def test_a_key_like_an_option(self):
        self.legacy.add_validator("-x", "x@site.example", "HLT.Data.MET")
        self.plan()
        self.standin.faults({**REFUSAL, "match": "x@site.example"})
        self.site("apply", *self.target)
        self.look()
        self.assertIn(" -- -x", "".join(self.printed))
        self.assertAllRun("show")


class Others(Pasting):
    """Where there is no workspace yet, or the command is about something else."""

    def test_the_guide_of_each_step(self):
        self.call()
        self.plan()
        self.call()
        self.site("apply", *self.target)
        self.call()
        self.site("verify", *self.target)
        self.call()
        self.assertAllRun("plan", "apply", "verify", "report", "help")

    def test_the_guide_of_an_empty_folder(self):
        self.legacy.path.unlink()
        self.call()
        self.assertAllRun("demo")

    def test_the_guide_of_another_database(self):
        self.legacy.path.unlink()
        other = Legacy(self.folder / "help desk.db")
        for table in ("releases", "status", "releases_lv", "status_lv", "users", "user_rights"):
            other.execute(f"ALTER TABLE {table} RENAME TO x_{table}")
        other.close()
        self.call()
        self.assertAllRun("draft")
        self.call("draft", "--from", "help desk.db", "-o", "help desk.sql")
        self.printed = self.printed[-2:]
        self.call()
        self.assertAllRun("plan")

    def test_the_demo(self):
        self.call("demo", "--dir", "a demo's folder")
        self.printed = [text for text in self.printed if " run " not in text]  # its target is gone
        self.assertAllRun("rejects", "show", "people")

    def test_a_snapshot(self):
        self.call("snapshot", "--from", "legacy.db", "-o", "a copy.db")
        self.call("snapshot", "--from", "legacy.db", "-o", "users.db", "--tables", "users")
        self.assertAllRun("plan", "draft")

    def test_a_comparison_that_is_cut(self):
        self.plan()
        shutil.copyfile(self.workspace, self.folder / "before.rowpost")
        self.legacy.execute("BEGIN")
        for number in range(600):
            self.legacy.add_validator(f"new{number}", f"n{number}@site.example", "HLT.Data.MET")
        self.legacy.execute("COMMIT")
        self.plan()
        self.call("diff", "before.rowpost", WORKSPACE, "--format", "html")
        (command,) = {found for text in self.printed for found in find_commands(text)
                      if verb_of(found) == "diff"}
        done = self.paste(command)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("new599", done.stdout)

    def test_undo(self):
        self.plan()
        self.site("apply", *self.target)
        self.site("undo", *self.target, "--yes")
        self.assertAllRun("status")


class Failures(Pasting):
    """Runs that end with an error or are interrupted."""

    def test_no_workspace(self):
        for verb in ("status", "report", "apply", "rejects", "findings", "split", "undo"):
            self.site(verb)
        self.assertAllRun()

    def test_a_session_that_is_not_accepted(self):
        self.plan()
        write_cookies(self.cookies, "bad-x")
        self.site("apply", *self.target)
        self.site("verify", *self.target)
        write_cookies(self.cookies, "good-x")
        self.assertAllRun("apply")

    def test_a_target_that_is_not_there(self):
        self.plan()
        self.site("apply", "--to", f"http://127.0.0.1:{find_free_port()}", "--give-up-after", "1")
        commands = [text.replace("\n", " ") for text in self.printed]
        self.printed = [re.sub(r"--to http://\S+", f"--to {self.standin.url}", text)
                        for text in commands]
        self.assertAllRun("apply")

    def test_an_interrupted_delivery(self):
        self.plan()
        self.standin.hold(method="POST")
        self.addCleanup(self.standin.faults)
        program = subprocess.Popen([PROGRAM, "apply", "-w", WORKSPACE, *map(str, self.target)],
                                   cwd=self.folder, env=environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        harness.wait_until(lambda: self.standin.struck()[-1] > 0, "a request is held")
        program.send_signal(signal.SIGINT)
        harness.wait_until(lambda: "stopping" in program.stderr.readline(), "it has seen the signal")
        self.standin.faults()
        self.printed += program.communicate()
        self.assertAllRun("apply")


if __name__ == "__main__":
    unittest.main()
