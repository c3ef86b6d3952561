"""5,000 documents delivered on a real Slurm by examples/batch/deliver-slurm.sh, to a target with
faults. The job of one part is killed and requeued, the file of another is deleted and the part
recalled; in the end every record is there once, and the summary is that of an undivided delivery."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from harness import AS_OF, PATIENCE, ROOT, ROWPOST, Workspace
from harness import make_sample, read_states, wait_until
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
class BatchSlurm(Scene):
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
        return self.parts / f"campaigns-{number}-of-{PARTS}.rowpost"

    def is_sending(self, number):
        return self.part(number).exists() and read_states(self.part(number)).get("sending", 0) > 0

    def pid_at_work(self, number):
        workspace = Workspace(self.part(number))
        self.addCleanup(workspace.close)
        return workspace.rows("SELECT pid FROM owner")[0][0]

    def deliver_undivided(self, planned):
        """The summary of the same plan, delivered by one program to a target without faults."""
        self.standin.reset()
        shutil.copyfile(planned, self.workspace)
        self.assertStatus(self.rowpost("apply", *self.target, "-q"), 0)
        self.assertStatus(self.rowpost("verify", *self.target, "--deep", "-q"), 0)
        return self.summary()

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
        script = self.deliver("campaigns")
        for number in (REQUEUED, LOST):
            wait_until(lambda: self.is_sending(number), f"part {number} is on its way")
        wait_until(lambda: self.standin.struck()[-1] > 0, "requests are held")
        job = next(job for job, task in self.cluster.jobs() if task == REQUEUED)
        self.part(LOST).unlink()
        pid = self.pid_at_work(REQUEUED)
        self.cluster.requeue(job, REQUEUED)
        # What it has sent is not answered: it cannot end by itself before it is killed.
        wait_until(lambda: not is_running(pid), "the job is killed")
        wait_until(lambda: self.cluster.restarts(job, REQUEUED) > 0, "the job is requeued")
        self.standin.release()
        told = self.end(script, 1)
        self.assertIn(f"part {LOST} of {PARTS}", told)
        self.assertEqual(len(re.findall(r"documents are out", told)), 1)

        interrupted = "SELECT count(*) FROM attempt WHERE outcome = 'interrupted'"
        self.assertGreater(self.read().rows(interrupted)[0][0], 0, "no job was killed at work")

        self.assertStatus(self.rowpost("split", "--recall", LOST, "--kind", "campaigns"), 0)
        self.assertStatus(self.rowpost("apply", *self.target, "-q"), 0)
        self.end(self.deliver("campaigns"), 0)
        self.assertStatus(self.rowpost("verify", *self.target, "--deep", "-q"), 0)
        self.assertTargetHolds()
        divided = self.summary()
        self.assertBalances(divided)
        self.assertEqual(divided, self.deliver_undivided(planned))


if __name__ == "__main__":
    unittest.main()
