"""A target that cannot be heard for a while is no evidence about its records."""

import unittest

from harness import AS_OF
from legacy import make_clean
from one_document import OneDocument
from scene import Scene, add_test

FAILURES = 3
# Look-ups before the post: whether the target is there, and whether it has the user.
BEFORE = {"user": 2, "campaign": 1}


class OutageAtALookUp(OneDocument):
    """The post has arrived, its answer was lost, and the look-ups fail for a while."""

    def meet(self, thing, kind, more):
        self.take_plan(thing)
        lost = {"kind": "drop", "when": "after", "method": "POST"}
        away = {"kind": kind, "method": "GET", "skip": BEFORE[thing], "times": FAILURES, **more}
        self.standin.faults(lost, away)
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        self.assertEqual(self.findings(), [])
        self.assertStored(thing, 1)


class OutageOfOneUser(Scene):
    """A campaign that names a user whom the target does not have would lose that author."""

    def test_campaigns_wait_until_every_user_is_there(self):
        make_clean(self.folder / "legacy.db").close()
        people = self.folder / "people.csv"
        people.write_text("user_name,email,fullname\ngfirst,given@site.example,Given First\n")
        plan = ["--from", "legacy.db", "--people", people, "--as-of", AS_OF]
        self.assertStatus(self.rowpost("plan", *plan), 0)
        number = self.states()["pending"]
        lost = {"kind": "drop", "method": "POST", "match": "first@site"}
        away = {"kind": "status", "method": "GET", "match": "first", "skip": 1, "times": 6}
        self.standin.faults(lost, away)
        result = self.rowpost("apply", *self.target, "-j", "1")
        self.assertStatus(result, 3)
        self.assertEqual(self.standin.struck(), [1, 6])
        self.assertEqual(self.states()["unknown"], 1)
        self.assertEqual(self.standin.counts()["campaigns"], 0)
        self.assertPastes(result)
        self.assertEqual(self.states(), {"delivered": number})
        self.assertTargetHolds()


OUTAGES = [
    ("campaign", "drops_connections", "drop", {}),
    ("campaign", "resets_connections", "reset", {}),
    ("campaign", "is_busy", "status", {"status": 503}),
    ("user", "drops_connections", "drop", {}),
]

for thing, name, kind, more in OUTAGES:
    add_test(OutageAtALookUp, f"{thing}_while_the_target_{name}", thing, kind, more)

if __name__ == "__main__":
    unittest.main()
