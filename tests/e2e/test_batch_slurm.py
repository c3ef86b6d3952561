"""5,000 documents delivered on a real Slurm by examples/batch/deliver-slurm.sh, to a target with
faults: those of the program's own rules, and those of a migration file, which have late ids and an
order. The job of one part is killed and requeued, the file of another is deleted and the part
recalled; in the end every record is there once, and the summary is that of an undivided delivery."""

import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import unittest

from harness import AS_OF, PATIENCE, ROOT, ROWPOST, Workspace
from harness import make_sample, read_states, wait_until
from rest_server import RestServer
from scene import Scene
from slurm_cluster import SlurmCluster, is_installed

SIZE = {"campaigns": 4000, "rows": 12000, "users": 1000, "dirty": "no", "history": "no"}
PARTS = 8
REQUEUED, LOST = "3", "5"
HELD_BEHIND = 1500  # posts of campaigns

FAULTS = (
    {"kind": "drop", "method": "POST", "when": "after", "skip": 100, "times": 5},
    {"kind": "status", "status": 503, "method": "POST", "when": "after", "skip": 300, "times": 5},
    {"kind": "truncate", "method": "POST", "skip": 500, "times": 5},
    {"kind": "reset", "method": "POST", "when": "before", "skip": 700, "times": 5},
)


def end_session(process):
    """The script, and the sbatch that it waits for."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    process.stdout.close()


def is_running(pid):
    """A process that has ended and was not waited for does not count."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


@unittest.skipUnless(is_installed(), "Slurm is not installed")
class Batch(Scene):
    """Deliveries by the script; `kind` is the one whose parts are disturbed."""

    kind = None

    def setUp(self):
        super().setUp()
        # The way to a socket is short, and the nodes' user may enter it.
        scratch = tempfile.TemporaryDirectory(dir="/tmp")
        self.addCleanup(scratch.cleanup)
        self.cluster = SlurmCluster(pathlib.Path(scratch.name) / "slurm")
        self.addCleanup(self.cluster.close)
        self.parts = self.folder / "parts"
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "rowpost").symlink_to(ROWPOST)
        self.environment = {
            **self.cluster.environment,
            "PATH": f"{programs}:{os.environ['PATH']}",
        }

    def deliver(self, *kinds):
        """The script at work."""
        script = ROOT / "examples" / "batch" / "deliver-slurm.sh"
        command = [script, self.workspace, self.parts, PARTS, *kinds, "--", *self.target]
        process = subprocess.Popen(
            [str(word) for word in command],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.addCleanup(end_session, process)
        return process

    def end(self, process, status):
        out, _ = process.communicate(timeout=PATIENCE)
        logs = "".join(log.read_text() for log in self.parts.glob("*.log"))
        self.assertEqual(process.returncode, status, f"{out}\n{logs}")
        return out

    def part(self, number):
        return self.parts / f"{self.kind}-{number}-of-{PARTS}.rowpost"

    def is_sending(self, number):
        return self.part(number).exists() and read_states(self.part(number)).get("sending", 0) > 0

    def pid_at_work(self, number):
        workspace = Workspace(self.part(number))
        self.addCleanup(workspace.close)
        return workspace.rows("SELECT pid FROM owner")[0][0]

    def disturb(self, held):
        """Delivers the kind; while requests are held, kills one job and loses another's file. What
        the script says at its end."""
        script = self.deliver(self.kind)
        for number in (REQUEUED, LOST):
            wait_until(lambda: self.is_sending(number), f"part {number} is on its way")
        wait_until(lambda: held() > 0, "requests are held")
        job = next(job for job, task in self.cluster.jobs() if task == REQUEUED)
        self.part(LOST).unlink()
        pid = self.pid_at_work(REQUEUED)
        self.cluster.requeue(job, REQUEUED)
        # What it has sent is not answered: it cannot end by itself before it is killed.
        wait_until(lambda: not is_running(pid), "the job is killed")
        wait_until(lambda: self.cluster.restarts(job, REQUEUED) > 0, "the job is requeued")
        return script

    def finish(self, script):
        """What the script has left, with the lost part recalled; the summary after it."""
        told = self.end(script, 1)
        self.assertIn(f"part {LOST} of {PARTS}", told)
        self.assertEqual(len(re.findall(r"documents are out", told)), 1)

        interrupted = "SELECT count(*) FROM attempt WHERE outcome = 'interrupted'"
        self.assertGreater(self.read().rows(interrupted)[0][0], 0, "no job was killed at work")

        self.assertStatus(self.rowpost("split", "--recall", LOST, "--kind", self.kind), 0)
        self.assertStatus(self.rowpost("apply", *self.target, "-q"), 0)
        self.end(self.deliver(self.kind), 0)
        self.assertStatus(self.rowpost("verify", *self.target, "--deep", "-q"), 0)
        divided = self.summary()
        self.assertBalances(divided)
        return divided

    def deliver_undivided(self, planned):
        """The summary of the same plan, delivered by one program to an empty target."""
        shutil.copyfile(planned, self.workspace)
        self.assertStatus(self.rowpost("apply", *self.target, "-q"), 0)
        self.assertStatus(self.rowpost("verify", *self.target, "--deep", "-q"), 0)
        return self.summary()


class BatchSlurm(Batch):
    kind = "campaigns"

    def test_every_record_is_delivered_once(self):
        plan = make_sample(self.folder / "sample", **SIZE)
        self.assertStatus(self.rowpost("plan", *plan, "--as-of", AS_OF, "-q"), 0)
        self.assertGreaterEqual(sum(self.states().values()), 5000)
        planned = shutil.copyfile(self.workspace, self.folder / "planned.kept")

        self.standin.faults(*FAULTS)
        self.end(self.deliver("validators"), 1)  # the campaigns are pending
        self.assertEqual(self.standin.struck(), [fault["times"] for fault in FAULTS])
        for kind in ("administrators", "authors"):
            self.assertIn(self.rowpost("apply", *self.target, "--only", kind, "-q").status, (0, 1))

        self.standin.hold(method="POST", when="after", skip=HELD_BEHIND)
        script = self.disturb(lambda: self.standin.struck()[-1])
        self.standin.release()
        divided = self.finish(script)
        self.assertTargetHolds()
        self.standin.reset()
        self.assertEqual(divided, self.deliver_undivided(planned))


USERS, TICKETS = 1000, 4000

DESK = """\
--@ migration desk
--@ auth bearer

--@ table people key id
SELECT id, mail FROM person;
--@ classify people as users
SELECT id AS row, mail FROM people;
--@ kind users from users
--@ create  POST /users
--@ success :status = 201
--@ id      :answer ->> '$.id'
--@ find    GET /users?legacy={key}
--@ match   SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.legacy' = :key
--@ actual  :answer -> '$[0]'
SELECT row AS key, json_object('legacy', CAST(row AS TEXT), 'mail', mail) AS body FROM users;

--@ table tickets key id
SELECT id, person, title FROM ticket;
--@ classify tickets as used
SELECT id AS row, person, title FROM tickets;
--@ kind tickets from used
--@ create  POST /tickets
--@ success :status = 201
--@ id      from match
--@ find    GET /tickets?legacy={key}
--@ match   SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.legacy' = :key
--@ actual  :answer -> '$[0]'
SELECT row AS key, 'person ' || person AS ordering_key,
       json_object('legacy', CAST(row AS TEXT), 'title', title,
                   'person', new_id('users', person)) AS body
FROM used;
"""


class Desk(RestServer):
    """Finds records by `legacy` at once, and can hold the answers to tickets."""

    def __init__(self):
        super().__init__()
        self.by_legacy = {}
        self.posted = 0  # tickets
        self.held = 0
        self.held_behind = None
        self.released = threading.Event()

    def list(self, collection, query):
        known = self.by_legacy.get((collection, query["legacy"]), [])
        return 200, known, {}

    def add(self, collection, **members):
        record = super().add(collection, **members)
        self.by_legacy.setdefault((collection, record["legacy"]), []).append(record)
        return record

    def reset(self):
        self.records, self.by_legacy, self.faults = {}, {}, {}

    def change(self, method, path, headers, body):
        answer = super().change(method, path, headers, body)
        with self.lock:
            self.posted += path == "tickets"
            is_held = self.held_behind is not None and self.posted > self.held_behind
            self.held += is_held
        if is_held:
            self.released.wait()
        return answer


class BatchSlurmFile(Batch):
    kind = "tickets"

    @classmethod
    def setUpClass(cls):
        """The target is not the stand-in."""

    def setUp(self):
        super().setUp()
        self.server = Desk()
        self.addCleanup(self.server.close)
        self.addCleanup(self.server.released.set)
        self.token = self.folder / "token"
        self.token.write_text("token-of-the-desk\n")
        self.token.chmod(0o600)

    @property
    def target(self):
        return ["--to", self.server.url, "--token-file", self.token, "--settle", "0.05"]

    def plan(self):
        with sqlite3.connect(self.folder / "desk.db") as database:
            database.execute("CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT)")
            database.execute("CREATE TABLE ticket(id INTEGER PRIMARY KEY, person INTEGER,"
                             " title TEXT)")
            database.executemany("INSERT INTO person VALUES(?, ?)",
                                 ((i, f"{i}@x.example") for i in range(1, USERS + 1)))
            database.executemany("INSERT INTO ticket VALUES(?, ?, ?)",
                                 ((i, i % USERS + 1, f"ticket {i}") for i in range(1, TICKETS + 1)))
        database.close()
        (self.folder / "desk.sql").write_text(DESK)
        self.assertStatus(self.rowpost("plan", "--from", self.folder / "desk.db", "--migration",
                                       self.folder / "desk.sql", "-q"), 0)

    def assertDeskHolds(self):
        """Each record once, those of a person in their order, by the person's new id."""
        users = {record["legacy"]: record["id"] for record in self.server.records["users"]}
        self.assertEqual(len(self.server.records["users"]), USERS)
        self.assertEqual(sorted(map(int, users)), list(range(1, USERS + 1)))
        by_person = {}
        for record in self.server.records["tickets"]:
            by_person.setdefault(record["person"], []).append(int(record["legacy"]))
        expected = {}
        for number in range(1, TICKETS + 1):
            expected.setdefault(users[str(number % USERS + 1)], []).append(number)
        self.assertEqual(by_person, expected)

    def test_every_record_is_delivered_once_and_in_order(self):
        self.plan()
        planned = shutil.copyfile(self.workspace, self.folder / "planned.kept")
        self.server.faults = {number: "lost" if number % 2 else "dropped"
                              for number in range(100, USERS, 77)}
        self.end(self.deliver("users"), 1)  # the tickets are pending

        self.server.held_behind = HELD_BEHIND
        script = self.disturb(lambda: self.server.held)
        self.server.held_behind = None
        self.server.released.set()
        divided = self.finish(script)
        self.assertDeskHolds()
        self.server.reset()
        self.assertEqual(divided, self.deliver_undivided(planned))
        self.assertDeskHolds()


if __name__ == "__main__":
    unittest.main()
