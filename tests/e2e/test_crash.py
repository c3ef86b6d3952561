"""Kill it anywhere: the program, the target, or both, again and again, and in the end the target
has every document exactly once and the workspace knows it.

The target holds the requests after a number that is drawn by chance, so that something is under way
at each kill, on a slow machine as on a fast one. In addition to the kills there are
answers that come too late, requests that a proxy repeats, restarts that are killed at once, and
clocks that are minutes apart. The seed is printed; ROWPOST_SEED=N draws the same numbers again."""

import os
import random
import time
import unittest
from collections import Counter

from harness import AS_OF, CLOCK_SHIM, IS_LONG, SETTLE, Standin, make_sample, read_states
from scene import Scene

BUILDS = ["tests/torture/rowpost-clock.so"]

KILLS = 200 if IS_LONG else 25
SIZE = {"campaigns": 3000, "rows": 15000} if IS_LONG else {"campaigns": 300, "rows": 1500}
LATENCY_MS = 4
# How many requests there are at most between two kills, so that the documents last for all kills.
PASSED_MOST = 8
SECONDS_MOST = 0.25  # the program makes durable what it knows every 0.2 s
LATE_MOST_MS = 400
ENOUGH = "5"  # seconds to settle, for what is late by then
SKEW = (120, 900)  # seconds, to either side
USERS = ("validators", "administrators", "authors")
CAMPAIGNS = "/api/campaigns/migrate/"


class Kills(Scene):
    """Over 300 documents of every kind on their way to a target that takes its time."""

    settle = SETTLE
    surroundings = {}  # of the program

    @classmethod
    def setUpClass(cls):
        """Each test has a target of its own, which it may kill."""

    def setUp(self):
        super().setUp()
        seed = int(os.environ.get("ROWPOST_SEED", random.randrange(10**6)))
        print(f"# {self.id()}: ROWPOST_SEED={seed}", flush=True)
        self.random = random.Random(seed)
        options = ["--data", self.folder / "target.db", "--latency", LATENCY_MS]
        self.standin = Standin(self.folder, *options, *self.draw_clocks())
        self.addCleanup(self.standin.close)
        plan = make_sample(self.folder / "sample", **SIZE, users=80, dirty="no", history="no")
        self.assertStatus(self.rowpost("plan", *plan, "--as-of", AS_OF), 0)
        self.documents_planned = self.states()["pending"]
        self.assertGreaterEqual(self.documents_planned, 300)
        kinds = {kind for kind, _ in self.documents()}
        self.assertEqual(kinds, {"validators", "administrators", "authors", "campaigns"})

    def draw_clocks(self):
        """The options for the target's clocks."""
        return []

    def draw_faults(self):
        """What goes wrong until the next kill, in addition to it."""
        return []

    @property
    def target(self):
        return [*super().target[:-1], self.settle]

    def start_apply(self):
        return self.start("apply", *self.target, **self.surroundings)

    def hold_some(self):
        """Lets a random number of requests pass and holds those after them, before or after they
        are carried out. True: only posts are held."""
        only_posts = self.random.random() < 0.75
        which = {"method": "POST"} if only_posts else {}
        when = self.random.choice(("before", "after"))
        hold = {"kind": "delay", "delay_ms": -1, "times": -1, "when": when, **which}
        hold["skip"] = self.random.randint(0, PASSED_MOST)
        self.standin.faults(*self.draw_faults(), hold)
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

    def kill_restarts(self, only_posts):
        """Kills what is started at once, before it has got far, a few times or never."""
        return only_posts

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
                only_posts = self.kill_restarts(only_posts)
                program = self.start_apply()
        self.standin.faults()
        program.end()
        print(f"# {self.id()}: {KILLS} kills, {hits} of the program at work", flush=True)
        return hits, met_posts

    def apply_to_the_end(self):
        """Runs it again as often as it names this as the next step. A document that was hit too
        often in a row may have been given up as refused."""
        for _ in range(10):
            result = self.rowpost("apply", *self.target, "--retry-refused", **self.surroundings)
            if result.status != 3:
                break
            self.next_command(result)
        return result

    def assertDeliveredOnce(self):
        self.assertEqual(self.states(), {"delivered": self.documents_planned})
        self.assertTargetHolds()
        self.assertStatus(self.rowpost("verify", *self.target, "--deep"), 0)
        verdicts = {row["verdict"] for row in self.documents().values()}
        self.assertEqual(verdicts, {"equal"})


class Crash(Kills):
    """Only kills."""

    def test_the_program_killed_again_and_again(self):
        hits, met_posts = self.kill_again_and_again("program")
        self.assertGreater(met_posts, 0)
        self.assertGreaterEqual(hits, met_posts)
        self.assertStatus(self.apply_to_the_end(), 0)
        self.assertDeliveredOnce()

    def test_the_target_killed_again_and_again(self):
        _, met_posts = self.kill_again_and_again("target")
        ((lost,),) = self.read().rows("SELECT count(*) FROM attempt WHERE outcome = 'uncertain'")
        self.assertGreater(met_posts, 0)
        self.assertGreaterEqual(lost, met_posts)
        self.assertStatus(self.apply_to_the_end(), 0)
        self.assertDeliveredOnce()

    def test_both_killed_again_and_again(self):
        hits, _ = self.kill_again_and_again("program", "target", "both")
        self.assertGreater(hits, 0)
        self.assertStatus(self.apply_to_the_end(), 0)
        self.assertDeliveredOnce()


class LateAnswers(Kills):
    """A proxy answers 504, or closes, while the target continues with the request."""

    settle = ENOUGH
    first = {"skip": 0}  # the first post of all is met for certain

    def draw_faults(self):
        draw = self.random.randint
        late = {"kind": self.random.choice(("late", "late-drop")), "status": 504, "method": "POST"}
        late |= {"delay_ms": draw(0, LATE_MOST_MS), "skip": draw(0, 4), "times": draw(1, 3)}
        late |= self.first
        self.first = {}
        return [late]

    def test_late_answers_between_kills(self):
        self.kill_again_and_again("program")
        statuses = {post["status"] for post in self.standin.posts()}
        self.assertTrue(statuses & {0, 504}, statuses)  # 0: closed without an answer
        self.assertStatus(self.apply_to_the_end(), 0)
        self.assertDeliveredOnce()


class KilledRestarts(Kills):
    """What is started after a kill is killed at once, and so is what is started then."""

    def kill_restarts(self, only_posts):
        for _ in range(self.random.randint(0, 3)):
            program = self.start_apply()
            time.sleep(self.random.uniform(0, SECONDS_MOST))
            program.kill()
            self.standin.release()
            only_posts = self.hold_some()
        return only_posts

    def test_restarts_killed_at_once(self):
        hits, _ = self.kill_again_and_again("program")
        self.assertGreater(hits, 0)
        self.assertStatus(self.apply_to_the_end(), 0)
        self.assertDeliveredOnce()


class Repeated(Kills):
    """A proxy sends a campaign once more, before the target has stored the first."""

    def draw_faults(self):
        draw = self.random.randint
        repeat = {"kind": "repeat", "method": "POST", "path": CAMPAIGNS}
        return [{**repeat, "skip": draw(0, 4), "times": draw(1, 2)}]

    def assertDuplicatesAreKnown(self):
        """Those that the target has several times, and no others."""
        self.standin.release()
        names = Counter(campaign["name"] for campaign in self.standin.state()["campaigns"])
        twice = {name for name, count in names.items() if count > 1}
        self.assertGreater(len(twice), 0)
        self.assertStatus(self.rowpost("verify", *self.target, "--deep"), 1)
        documents = self.documents().items()
        known = {key for (_, key), row in documents if "duplicate" in (row["state"], row["verdict"])}
        self.assertEqual(known, twice)
        others = {row["verdict"] for (_, key), row in documents if key not in twice}
        self.assertEqual(others, {"equal"})

    def test_records_that_a_proxy_has_doubled_are_found(self):
        for kind in USERS:
            self.assertStatus(self.rowpost("apply", *self.target, "--only", kind), 0)
        self.kill_again_and_again("program")
        self.assertIn(self.apply_to_the_end().status, (0, 1))
        self.assertDuplicatesAreKnown()


class Clocks(Kills):
    """The clocks of the client, of the proxy (Date) and of the application (records) are minutes
    apart."""

    def draw_skew(self):
        return str(self.random.choice((-1, 1)) * self.random.randint(*SKEW))

    def draw_clocks(self):
        self.surroundings = {
            "LD_PRELOAD": CLOCK_SHIM,
            "ROWPOST_CLOCK_SKEW": self.draw_skew(),
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0",
        }
        return ["--clock-skew", self.draw_skew(), "--date-skew", self.draw_skew()]

    def assertKnowsWhoMadeThem(self, old):
        """A user who was there is present; or delivered, after a lost answer, and not known to be
        made here. All others are delivered."""
        for name, row in self.documents().items():
            if name in old and row["state"] != "delivered":
                self.assertEqual((row["state"], row["evidence"]), ("present", None), name)
            elif name in old:
                self.assertIsNone(row["evidence"], name)
            else:
                self.assertEqual(row["state"], "delivered", name)

    def assertUndoLeaves(self, before):
        """Them, and those who are not known to be made here."""
        self.rowpost("undo", *self.target, "--yes", **self.surroundings)
        left = self.standin.state()["users"]
        doubtful = {
            name[1]: row["evidence"]
            for name, row in self.documents().items()
            if name[0] in USERS and row["state"] == "delivered"
        }
        self.assertEqual([user for user in left if user in before], before)
        self.assertLessEqual(len(left), len(before) + len(doubtful))
        self.assertLessEqual(set(doubtful.values()), {None})

    def test_clocks_minutes_apart_and_undo_knows_its_own(self):
        planned = [
            ((kind, key), body) for kind in USERS for key, body in self.exports(kind).items()
        ]
        old = dict(self.random.sample(planned, 8))
        self.standin.add_users(*old.values())
        before = self.standin.state()["users"]
        time.sleep(0.2)  # what is younger than that may be taken for the program's own
        self.kill_again_and_again("program", "target", "both")
        self.assertStatus(self.apply_to_the_end(), 0)
        self.assertTargetHolds()
        self.assertKnowsWhoMadeThem(old)
        self.assertUndoLeaves(before)


if __name__ == "__main__":
    unittest.main()
