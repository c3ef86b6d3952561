"""Faults that last: the program gives up in time, loses nothing, and continues after them."""

import unittest

from fault_table import PERMANENT
from harness import Standin
from one_document import PATHS, OneDocument
from scene import add_test

MOST_POSTS = 5


BEFORE = {"user": 2, "campaign": 1}  # requests


class LastingFault(OneDocument):
    """A fault that strikes every request but the first, which asks whether the target is there, and
    the look-up before a user is sent."""

    def meet(self, fault, state, thing, when):
        self.take_plan(thing)
        self.standin.faults({**fault, "when": when, "skip": BEFORE[thing], "times": -1})
        result = self.apply("--give-up-after", "1")
        self.assertStatus(result, 3)
        self.assertEqual(self.states(), {state: 1})
        self.assertIn(" --give-up-after 1", self.next_command(result))
        self.assertStored(thing, 1 if when == "after" else 0)
        self.assertGoesOn(thing)


class LastingPostFault(OneDocument):
    """A fault that strikes every post, while the target can be read."""

    def assertRefusedInTheEnd(self, thing, fault):
        self.take_plan(thing)
        self.standin.faults({**fault, "method": "POST", "times": -1})
        self.assertStatus(self.apply(), 1)
        self.assertEqual(self.outcomes(), ("uncertain", "missing") * MOST_POSTS)
        self.assertEqual(self.states(), {"refused": 1})
        (finding,) = self.findings()
        self.assertIn("never there afterwards", finding["found"])

    def test_a_user_that_never_gets_through_is_refused(self):
        self.assertRefusedInTheEnd("user", {"kind": "drop"})

    def test_a_campaign_that_never_gets_through_is_refused(self):
        self.assertRefusedInTheEnd("campaign", {"kind": "status", "status": 500})

    def test_being_turned_away_does_not_count_as_being_sent(self):
        self.take_plan("user")
        turned_away = {"kind": "status", "status": 429, "method": "POST", "times": MOST_POSTS - 1}
        self.standin.faults(turned_away, {"kind": "drop", "method": "POST"})
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.standin.struck(), [MOST_POSTS - 1, 1])
        self.assertEqual(self.outcomes()[-4:], ("uncertain", "missing", "delivered", "equal"))
        self.assertStored("user", 1)

    def test_what_was_refused_is_sent_once_more_on_demand(self):
        self.assertRefusedInTheEnd("user", {"kind": "drop"})
        self.standin.faults()
        self.assertStatus(self.apply(), 1)
        self.assertEqual(self.states(), {"refused": 1})
        self.assertStatus(self.apply("--retry-refused"), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        self.assertStored("user", 1)


class Unanswered(OneDocument):
    """A target that takes a request and never answers; the program comes to its end all the same."""

    def test_a_target_that_hangs_is_given_up(self):
        self.take_plan("user")
        self.standin.hold(method="POST")
        self.assertStatus(self.apply("--give-up-after", "1"), 3)
        self.assertEqual(self.states(), {"unknown": 1})
        self.standin.release()
        self.assertGoesOn("user")

    def test_a_target_that_hangs_at_the_first_question_is_given_up(self):
        self.take_plan("user")
        self.standin.hold()
        self.assertStatus(self.apply("--give-up-after", "1"), 3)
        self.assertEqual(self.states(), {"pending": 1})

    def test_a_target_that_goes_away_leaves_the_document_unknown(self):
        standin = Standin(self.folder, "--data", self.folder / "target.db")
        self.addCleanup(standin.close)
        self.take_plan("campaign")
        standin.hold(method="POST")
        command = ["apply", "--to", standin.url, *self.target[2:]]
        program = self.start(*command, "--give-up-after", "1")
        self.wait_until_held(program, standin=standin)
        standin.kill()
        result = program.end()
        self.assertStatus(result, 3)
        self.assertEqual(self.states(), {"unknown": 1})
        self.assertIn("0 of 1 document delivered, 0 read back and equal, 1 to be looked up",
                      result.err)
        standin.start()
        self.assertPastes(result)
        self.assertEqual(self.states(), {"delivered": 1})
        self.assertEqual(standin.counts()["campaigns"], 1)


class FaultsOfVerify(OneDocument):
    """Reading back is repeated, and what cannot be read is no verdict."""

    def deliver(self, thing):
        self.take_plan(thing)
        self.assertStatus(self.apply(), 0)

    def verify(self, *more):
        return self.rowpost("verify", *self.target, *more)

    def verdict(self):
        ((verdict,),) = self.read().rows("SELECT verdict FROM document")
        return verdict

    def test_a_look_up_is_repeated_until_it_is_answered(self):
        for thing in PATHS:
            for kind in ("drop", "status", "html", "null", "truncate"):
                with self.subTest(thing=thing, kind=kind):
                    self.standin.reset()
                    self.deliver(thing)
                    self.standin.faults({"kind": kind, "skip": 1})
                    self.assertStatus(self.verify("--deep"), 0)
                    self.assertEqual(self.verdict(), "equal")
                    self.assertEqual(self.standin.struck(), [1])

    def test_what_cannot_be_read_back_has_no_verdict(self):
        self.deliver("user")
        self.standin.faults({"kind": "status", "skip": 1, "times": -1})
        result = self.verify("--give-up-after", "1")
        self.assertStatus(result, 3)
        self.assertIsNone(self.verdict())
        self.assertEqual(self.states(), {"delivered": 1})

    def test_a_report_that_cannot_be_read_is_no_difference(self):
        self.deliver("campaign")
        self.standin.faults({"kind": "drop", "path": "/api/reports/", "times": 2})
        self.assertStatus(self.verify("--deep"), 0)
        self.assertEqual(self.verdict(), "equal")


for number, (name, fault, state) in enumerate(PERMANENT):
    # Both moments for both things, by turns.
    moments = ("before", "after") if number % 2 else ("after", "before")
    for kind, moment in zip(PATHS, moments):
        add_test(LastingFault, f"{kind}_{name}_{moment}", fault, state, kind, moment)

if __name__ == "__main__":
    unittest.main()
