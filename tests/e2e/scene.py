"""The scene of a test case: a folder of its own, an empty stand-in, a good cookie file, and
`rowpost()` to run the program to its end. Whatever a test starts ends with it."""

import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

from harness import AS_OF, GOLDEN, SETTLE, Program, Result, Standin, Workspace
from harness import environment, read_states, wait_until, write_cookies

# The last line of what has failed, and the command in it.
ENDED = re.compile(
    r"^Ended after \d[^:]*(: .*)?\. Exit status (?P<status>\d), because .*"
    r"\. Next[^:]*: (?P<next>.+)$"
)


def catches(pid, number):
    """Whether the process has a handler for the signal."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    caught = next(line.split()[1] for line in lines if line.startswith("SigCgt:"))
    return int(caught, 16) >> (number - 1) & 1 == 1


def add_test(case, name, *arguments):
    """Adds the test `name` to the case: its `meet()` with these arguments."""

    def test(self):
        self.meet(*arguments)

    test.__name__ = f"test_{name}"
    test.__qualname__ = f"{case.__name__}.{test.__name__}"
    setattr(case, test.__name__, test)


class Scene(unittest.TestCase):
    """A test with a folder, an empty target and a session that is good."""

    standin_options = ()
    standin = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.standin = Standin(folder.name, *cls.standin_options)
        cls.addClassCleanup(cls.standin.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.workspace = self.folder / "valdb.rowpost"
        self.cookies = write_cookies(self.folder / "cookies.txt", "good-x")
        if self.standin is not None:
            self.standin.reset()

    def start(self, *arguments, **changes):
        """Starts the program; the test ends it, or it is killed with the test."""
        program = Program(arguments, self.folder, **changes)
        self.addCleanup(program.kill)
        return program

    def rowpost(self, *arguments, **changes):
        return Program(arguments, self.folder, **changes).end()

    def paste(self, command):
        """Runs a line of a shell."""
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def next_command(self, result):
        """The command in the last line of what has failed."""
        line = result.err.splitlines()[-1]
        self.assertRegex(line, ENDED)
        ended = ENDED.match(line)
        self.assertEqual(int(ended["status"]), result.status)
        return ended["next"]

    def assertPastes(self, result, status=0):
        """What has failed ends with the command that continues; returns how that one ended."""
        done = self.paste(self.next_command(result))
        self.assertStatus(done, status)
        return done

    def wait_until_held(self, program, number=1, standin=None):
        """Until so many of the program's requests are held: from then on it is running until they
        are released, however slow the test is."""
        held = lambda: (standin or self.standin).struck()[-1] >= number
        wait_until(lambda: held() or not program.is_running, "requests are held")
        self.assertTrue(program.is_running, "the program ended before its requests were held")

    def interrupt(self, program, number):
        """Sends the signal, and waits until the program has seen it: it handles only the first."""
        program.send(number)
        wait_until(lambda: not catches(program.pid, number), "the signal is seen")

    @property
    def target(self):
        return ["--to", self.standin.url, "--cookies", self.cookies, "--settle", SETTLE]

    def source(self, name):
        """The options for a golden database and what goes with it."""
        options = ["--from", GOLDEN / f"{name}.db", "--as-of", AS_OF]
        for option, part in (("--admins", "admins"), ("--people", "people")):
            if (GOLDEN / f"{name}.{part}.csv").exists():
                options += [option, GOLDEN / f"{name}.{part}.csv"]
        return options

    def read(self):
        """The workspace, closed with the test."""
        workspace = Workspace(self.workspace)
        self.addCleanup(workspace.close)
        return workspace

    def change(self, *statements):
        """Brings the workspace where a test wants it."""
        database = sqlite3.connect(self.workspace)
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()

    def documents(self):
        """(kind, key) and the row of each document."""
        sql = "SELECT d.*, k.name FROM document d JOIN kind k ON k.position = d.kind"
        return {(row["name"], row["key"]): row for row in self.read().rows(sql)}

    def states(self):
        return read_states(self.workspace)

    def summary(self):
        """What the workspace holds, but for who has worked on it last."""
        summary = self.rowpost("status", "--json").json
        del summary["owner"]
        return summary

    def exports(self, kind):
        """The planned bodies by key, as `export` prints them."""
        lines = self.rowpost("export", "--kind", kind).lines
        return {line["key"]: line["body"] for line in lines}

    def assertStatus(self, result, status):
        text = f"exit status {result.status}, not {status}\n{result.out}{result.err}"
        self.assertEqual(result.status, status, text)

    def assertBalances(self, summary):
        self.assertTrue(summary["tables"])
        for table in summary["tables"]:
            outcomes = table["used"] + table["skipped"] + table["rejected"] + table["left"]
            self.assertEqual(table["rows"], outcomes, table)
            self.assertEqual(table["skipped"], sum(r["rows"] for r in table["skipped_by"]))
            reasons = table["rejected_because"]
            self.assertEqual(table["rejected"], sum(r["rows"] for r in reasons))
        for kind in summary["kinds"]:
            counts = dict(kind["documents"])
            planned = counts.pop("planned")
            del counts["changed"], counts["gone"]
            self.assertEqual(planned, sum(counts.values()), kind)

    def assertTargetHolds(self, kinds=("validators", "administrators", "authors", "campaigns")):
        """The target has what is planned, each once, and nothing else; compared field by field
        without the program's help."""
        state = self.standin.state()
        users, campaigns = {}, {}
        for kind in kinds:
            bodies = self.exports(kind).values()
            if kind == "campaigns":
                campaigns.update({body["name"]: body for body in bodies})
            else:
                users.update({body["email"]: body for body in bodies})
        found = [user["email"] for user in state["users"]]
        self.assertEqual(sorted(found), sorted(users))
        for user in state["users"]:
            self.assertEqualUser(user, users[user["email"]])
        found = [campaign["name"] for campaign in state["campaigns"]]
        self.assertEqual(sorted(found), sorted(campaigns))
        for campaign in state["campaigns"]:
            self.assertEqualCampaign(campaign, campaigns[campaign["name"]])
        self.assertEqual(state["orphans"], [])
        self.assertEqual(state["counts"]["duplicates"], 0)

    def assertEqualUser(self, found, planned):
        for field in ("role", "fullname"):
            self.assertEqual(found[field], planned[field], planned)
        if planned["role"] != 1:
            self.assertEqual(found["groups"], planned["groups"], planned)

    def assertEqualCampaign(self, found, planned):
        self.assertTrue(found["complete"], found["name"])
        plain = ("description", "target_release", "reference_release", "relmon", "is_open")
        for field in plain:
            self.assertEqual(found[field], planned[field], planned["name"])
        self.assertEqual(found["deadline"], planned["deadline"] + " 00:00:00")
        self.assertEqual(sorted(found["subcategories"]), sorted(planned["subcategories"]))
        reports = [dict(report) for report in found["reports"]]
        for report in reports:
            report["authors"] = [author["email"] for author in report["authors"]]
        fields = ("authors", "group", "campaign_name", "status", "content")
        reports = [{field: report[field] for field in fields} for report in reports]
        self.assertEqual(reports, planned["reports"])
