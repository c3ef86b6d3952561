"""A target that cannot be heard for a while is no evidence about its records."""

import unittest

from one_document import OneDocument
from scene import add_test

FAILURES = 3


class OutageAtALookUp(OneDocument):
    """The post has arrived, its answer was lost, and the look-ups fail for a while."""

    def meet(self, thing, kind, more):
        self.take_plan(thing)
        lost = {"kind": "drop", "when": "after", "method": "POST"}
        away = {"kind": kind, "method": "GET", "skip": 1, "times": FAILURES, **more}
        self.standin.faults(lost, away)
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        self.assertEqual(self.findings(), [])
        self.assertStored(thing, 1)


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
