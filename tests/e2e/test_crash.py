"""Kill it anywhere: the program, the target, or both, again and again, and in the end the target
has every document exactly once and the workspace knows it.

The moments are drawn by chance. The seed is printed; ROWPOST_SEED=N draws the same ones again."""

import os
import random
import time
import unittest

from harness import AS_OF, IS_LONG, Standin, make_sample, read_states, wait_until
from scene import Scene

KILLS = 200 if IS_LONG else 25
SIZE = {"campaigns": 3000, "rows": 15000} if IS_LONG else {"campaigns": 300, "rows": 1500}
LATENCY_MS = 4
# How many requests there are at most between two kills: a program needs time to look up what the
# one before it has left, and a target is killed more often than that.
PROGRAM_REQUESTS_MOST = 70
TARGET_REQUESTS_MOST = 25
SECONDS_MOST = 2 * LATENCY_MS / 1000


class Crash(Scene):
    """Over 300 documents of every kind on their way to a target that takes its time."""

    @classmethod
    def setUpClass(cls):
        """Each test has a target of its own, which it may kill."""

    def setUp(self):
        super().setUp()
        seed = int(os.environ.get("ROWPOST_SEED", random.randrange(10**6)))
        print(f"# {self.id()}: ROWPOST_SEED={seed}", flush=True)
        self.random = random.Random(seed)
        self.standin = Standin(
            self.folder, "--data", self.folder / "target.db", "--latency", LATENCY_MS
        )
        self.addCleanup(self.standin.close)
        plan = make_sample(self.folder / "sample", **SIZE, users=80, dirty="no", history="no")
        self.assertStatus(self.rowpost("plan", *plan, "--as-of", AS_OF), 0)
        self.documents_planned = self.states()["pending"]
        self.assertGreaterEqual(self.documents_planned, 300)
        kinds = {kind for kind, _ in self.documents()}
        self.assertEqual(kinds, {"validators", "administrators", "authors", "campaigns"})

    def start_apply(self):
        return self.start("apply", *self.target)

    def wait_for_moment(self, program, requests_most):
        """Lets a random number of requests arrive, and a random moment pass. False: it ended."""
        number = self.standin.counts()["requests"] + self.random.randint(0, requests_most)
        arrived = lambda: self.standin.counts()["requests"] >= number
        wait_until(lambda: arrived() or not program.is_running, "the requests have arrived")
        time.sleep(self.random.uniform(0, SECONDS_MOST))
        return program.is_running

    def kill_program(self, program):
        """True if documents were on their way."""
        program.kill()
        return read_states(self.workspace).get("sending", 0) > 0

    def restart_target(self):
        self.standin.kill()
        self.standin.start()

    def apply_to_the_end(self):
        """Runs it again as often as it says that this is the way on. A document that was hit too
        often in a row may have been given up as refused."""
        for _ in range(10):
            result = self.rowpost("apply", *self.target, "--retry-refused")
            if result.status != 3:
                break
            self.assertIn("run the same command again", result.err)
        self.assertStatus(result, 0)

    def assertDeliveredOnce(self):
        self.assertEqual(self.states(), {"delivered": self.documents_planned})
        self.assertTargetHolds()
        self.assertStatus(self.rowpost("verify", *self.target, "--deep"), 0)
        verdicts = {row["verdict"] for row in self.documents().values()}
        self.assertEqual(verdicts, {"equal"})

    def test_the_program_killed_again_and_again(self):
        kills, hits = 0, 0
        program = self.start_apply()
        while kills < KILLS and self.wait_for_moment(program, PROGRAM_REQUESTS_MOST):
            hits += self.kill_program(program)
            kills += 1
            program = self.start_apply()
        program.kill()
        print(f"# {hits} of {kills} kills met documents on their way", flush=True)
        self.assertGreater(kills, KILLS // 2)
        self.assertGreater(hits, KILLS // 5)
        self.apply_to_the_end()
        self.assertDeliveredOnce()

    def test_the_target_killed_again_and_again(self):
        program = self.start_apply()
        kills = 0
        while kills < KILLS and self.wait_for_moment(program, TARGET_REQUESTS_MOST):
            self.restart_target()
            kills += 1
        program.end()
        self.assertGreater(kills, KILLS // 2)
        uncertain = "SELECT count(DISTINCT document) FROM attempt WHERE outcome = 'uncertain'"
        ((hits,),) = self.read().rows(uncertain)
        self.assertGreater(hits, KILLS // 4)
        self.apply_to_the_end()
        self.assertDeliveredOnce()

    def test_both_killed_again_and_again(self):
        program = self.start_apply()
        hits = 0
        for _ in range(KILLS):
            if not self.wait_for_moment(program, TARGET_REQUESTS_MOST):
                program.end()
                program = self.start_apply()
            victims = self.random.choice(("program", "target", "both"))
            if victims != "program":
                self.standin.kill()
            if victims != "target":
                hits += self.kill_program(program)
            if victims != "program":
                self.standin.start()
            if victims != "target":
                program = self.start_apply()
        self.assertGreater(hits, KILLS // 10)
        program.end()
        self.apply_to_the_end()
        self.assertDeliveredOnce()


if __name__ == "__main__":
    unittest.main()
