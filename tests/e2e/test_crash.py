"""Kill it anywhere: the program, the target, or both, again and again, and in the end the target
has every document exactly once and the workspace knows it.

The target holds the requests behind a number that is drawn by chance, so that something is under way
at each kill, on a slow machine as on a fast one. The seed is printed; ROWPOST_SEED=N draws the same
numbers again."""

import os
import random
import time
import unittest

from harness import AS_OF, IS_LONG, Standin, make_sample, read_states
from scene import Scene

KILLS = 200 if IS_LONG else 25
SIZE = {"campaigns": 3000, "rows": 15000} if IS_LONG else {"campaigns": 300, "rows": 1500}
LATENCY_MS = 4
# How many requests there are at most between two kills, so that the documents last for all kills.
PASSED_MOST = 8
SECONDS_MOST = 0.25  # the program makes durable what it knows every 0.2 s


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

    def hold_some(self):
        """Lets a random number of requests pass and holds those behind them, before or after they
        are carried out. True: only posts are held."""
        only_posts = self.random.random() < 0.75
        which = {"method": "POST"} if only_posts else {}
        when = self.random.choice(("before", "after"))
        self.standin.hold(**which, when=when, skip=self.random.randint(0, PASSED_MOST))
        return only_posts

    def kill(self, program, victims):
        """True if a program was killed that had documents on their way. One that is to live on is
        stopped, so that nothing passes before the next requests are held."""
        if victims == "target":
            self.assertTrue(program.stop())
        else:
            self.assertTrue(program.kill())
        if victims == "program":
            self.standin.release()
        else:
            self.standin.kill()
            self.standin.start()
        return victims != "target" and read_states(self.workspace).get("sending", 0) > 0

    def kill_again_and_again(self, *choices):
        """How many of the programs that were killed had documents on their way; and how many kills
        met posts that were held, which are on their way for certain."""
        hits, met_posts = 0, 0
        only_posts = self.hold_some()
        program = self.start_apply()
        for _ in range(KILLS):
            self.wait_until_held(program)
            time.sleep(self.random.uniform(0, SECONDS_MOST))
            victims = self.random.choice(choices)
            hits += self.kill(program, victims)
            met_posts += only_posts
            only_posts = self.hold_some()
            if victims == "target":
                program.go_on()
            else:
                program = self.start_apply()
        self.standin.faults()
        program.end()
        return hits, met_posts

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
        hits, met_posts = self.kill_again_and_again("program")
        self.assertGreater(met_posts, 0)
        self.assertGreaterEqual(hits, met_posts)
        self.apply_to_the_end()
        self.assertDeliveredOnce()

    def test_the_target_killed_again_and_again(self):
        _, met_posts = self.kill_again_and_again("target")
        ((lost,),) = self.read().rows("SELECT count(*) FROM attempt WHERE outcome = 'uncertain'")
        self.assertGreater(met_posts, 0)
        self.assertGreaterEqual(lost, met_posts)
        self.apply_to_the_end()
        self.assertDeliveredOnce()

    def test_both_killed_again_and_again(self):
        hits, _ = self.kill_again_and_again("program", "target", "both")
        self.assertGreater(hits, 0)
        self.apply_to_the_end()
        self.assertDeliveredOnce()


if __name__ == "__main__":
    unittest.main()
