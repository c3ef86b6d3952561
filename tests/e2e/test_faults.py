"""The fault matrix: whatever goes wrong with a post, the document is stored once or not at all, and
the workspace knows which."""

import datetime
import email.utils
import unittest

from fault_table import make_faults
from one_document import PATHS, OneDocument
from scene import add_test

ROUNDING = datetime.timedelta(milliseconds=5)  # the workspace keeps milliseconds


class OneFault(OneDocument):
    """A fault that strikes one post."""

    def meet(self, name, thing, when):
        self.take_plan(thing)
        entry = next(fault for fault in make_faults() if fault.name == name)
        place = {"method": "POST", "path": PATHS[thing], "when": when}
        self.standin.faults({**entry.fault, **place})
        result = self.apply()
        ends = entry.before if when == "before" else entry.after
        if thing == "campaign" and when == "after" and entry.campaign_after is not None:
            ends = entry.campaign_after
        self.assertEqual(self.standin.struck(), [1])
        self.assertEqual(self.outcomes(), ends.outcomes)
        self.assertEqual(self.states(), {ends.state: 1})
        self.assertStatus(result, ends.status)
        self.assertStored(thing, ends.stored)
        self.assertIn(entry.phrase, self.attempts()[0]["excerpt"])
        if entry.retry_after is not None and entry.retry_after != "soon":
            self.assertWaited(entry.retry_after)
        if ends.status in (3, 4):
            self.assertIn(entry.phrase, result.err)
            self.assertIn(" apply ", self.next_command(result))
            self.assertGoesOn(thing)

    def assertWaited(self, retry_after):
        """The second attempt started when the target had asked, or later: so many seconds after the
        first one's end, or at a moment."""
        first, second = self.attempts()[:2]
        if retry_after.isdigit():
            taken = datetime.timedelta(microseconds=first["duration_us"])
            wait = datetime.timedelta(seconds=int(retry_after))
            moment = datetime.datetime.fromisoformat(first["started"]) + taken + wait
        else:
            moment = email.utils.parsedate_to_datetime(retry_after)
        started = datetime.datetime.fromisoformat(second["started"])
        self.assertGreaterEqual(started, moment - ROUNDING)

    def test_a_partial_write_is_shown_and_never_taken_for_success(self):
        self.take_plan("campaign")
        self.standin.faults({"kind": "partial"})
        self.assertStatus(self.apply(), 1)
        self.assertEqual(self.states(), {"different": 1})
        self.assertEqual(self.outcomes()[0], "uncertain")
        self.assertEqual(self.outcomes()[-1], "different")
        (finding,) = self.findings()
        self.assertIn("written in part", finding["found"])
        self.assertEqual(len(self.standin.posts()), 1)
        self.assertEqual(self.standin.counts()["campaigns"], 1)

    def test_what_was_sent_is_marked_before_it_leaves(self):
        self.take_plan("campaign")
        self.standin.hold(method="POST")
        program = self.start("apply", *self.target)
        self.wait_until_held(program)
        self.assertTrue(program.kill())
        self.assertEqual(self.states(), {"sending": 1})


for fault in make_faults():
    for moment in ("before", "after"):
        if getattr(fault, moment) is not None:
            for kind in PATHS:
                add_test(OneFault, f"{kind}_{fault.name}_{moment}", fault.name, kind, moment)

if __name__ == "__main__":
    unittest.main()
