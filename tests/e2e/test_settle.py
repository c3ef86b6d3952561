"""A lost answer is not "not sent": the target may continue with a request without its client."""

import datetime
import unittest

from harness import wait_until
from one_document import PATHS, OneDocument
from scene import add_test

LONG = "600"  # longer than any test takes
ENOUGH = "6"  # for a test to look, and for what is late to come
LATE = [
    ("504", {"kind": "late", "status": 504, "delay_ms": 700}),
    ("dropped", {"kind": "late-drop", "delay_ms": 700}),
]
HELD = {"kind": "late-drop", "delay_ms": -1}


class Late(OneDocument):
    """The target works on a request that its client has given up."""

    def with_settle(self, seconds):
        return [*self.target[:-1], seconds]

    def start_apply(self, seconds, *more):
        return self.start("apply", *self.with_settle(seconds), *more)

    def lose(self, fault, method="POST"):
        self.standin.faults({**fault, "method": method, "path": "/api/"})

    def wait_until_looked_up(self):
        """Until the target was asked for the record after a change."""

        def is_looked_up():
            methods = [entry["method"] for entry in self.standin.log()]
            changes = [at for at, method in enumerate(methods) if method != "GET"]
            return changes and "GET" in methods[changes[-1] :]

        wait_until(is_looked_up, "the record is looked up")

    def assertOnce(self, thing):
        self.assertEqual(self.states(), {"delivered": 1})
        self.assertStored(thing, 1)
        self.assertEqual(len(self.standin.posts()), 1)

    def meet(self, thing, fault):
        self.take_plan(thing)
        self.lose(fault)
        self.assertStatus(self.rowpost("apply", *self.with_settle(ENOUGH)), 0)
        self.assertOnce(thing)

    def test_it_is_said_what_is_waited_for_and_until_when(self):
        self.take_plan("user")
        self.lose(LATE[0][1])
        result = self.rowpost("apply", *self.with_settle(ENOUGH))
        self.assertRegex(result.err, r"looked up again at \d\d:\d\d:\d\d UTC \(--settle\)")

    def test_status_and_report_show_until_when_it_is_waited_for(self):
        self.take_plan("user")
        self.lose(HELD)
        program = self.start_apply(LONG)
        wait_until(lambda: self.states() == {"unknown": 1}, "it is known to be unknown")
        self.assertTrue(program.kill())
        (row,) = self.read().rows("SELECT uncertain_since FROM document")
        since = datetime.datetime.fromisoformat(row[0])
        until = since + datetime.timedelta(seconds=int(LONG))
        shown = until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        kinds = self.rowpost("status", "--json").json["kinds"]
        self.assertEqual(kinds[0]["unsettled"], {"documents": 1, "until": shown})
        self.assertEqual(kinds[1]["unsettled"], {"documents": 0, "until": None})
        self.assertIn(f"were lost, until {shown}", self.rowpost("status").out)
        page = self.folder / "report.html"
        self.assertStatus(self.rowpost("report", "-o", page), 0)
        self.assertIn("The target may still be working on lost requests until", page.read_text())

    def test_a_time_that_is_over_is_not_shown(self):
        self.take_plan("user")
        self.lose(HELD)
        program = self.start_apply(LONG)
        wait_until(lambda: self.states() == {"unknown": 1}, "it is known to be unknown")
        self.assertTrue(program.kill())
        self.change("UPDATE document SET uncertain_since = '2020-01-01T00:00:00.000Z'")
        self.assertNotIn("were lost", self.rowpost("status").out)

    def test_killed_and_started_again_at_once_it_is_there_once(self):
        for thing in PATHS:
            with self.subTest(thing=thing):
                self.standin.reset()
                self.take_plan(thing)
                self.lose(HELD)
                program = self.start_apply(LONG)
                self.wait_until_looked_up()
                self.assertTrue(program.kill())
                program = self.start_apply(ENOUGH)
                self.wait_until_looked_up()
                self.standin.faults()
                self.assertStatus(program.end(), 0)
                self.assertOnce(thing)

    def test_killed_while_it_is_sent_it_is_there_once(self):
        self.take_plan("campaign")
        self.standin.hold(method="POST")
        program = self.start_apply(LONG)
        self.wait_until_held(program)
        self.assertTrue(program.kill())
        program = self.start_apply(ENOUGH)
        wait_until(lambda: [e for e in self.standin.log() if "get" in e["path"]], "it is looked up")
        self.standin.release()
        self.assertStatus(program.end(), 0)
        self.assertOnce("campaign")

    def test_the_time_is_counted_from_the_request_across_a_restart(self):
        self.take_plan("user")
        self.lose(HELD)
        program = self.start_apply(LONG)
        wait_until(lambda: self.states() == {"unknown": 1}, "it is known to be unknown")
        self.assertTrue(program.kill())
        (row,) = self.read().rows("SELECT * FROM document")
        self.assertEqual((row["state"], row["uncertain_about"]), ("unknown", "POST"))
        (started,) = self.read().rows("SELECT started FROM attempt WHERE purpose = 'post'")
        self.assertEqual(row["uncertain_since"], started[0])
        self.change("UPDATE document SET uncertain_since = '2020-01-01T00:00:00.000Z'")
        self.standin.reset()  # what was held is lost for good
        self.assertStatus(self.rowpost("apply", *self.with_settle(LONG)), 0)
        self.assertEqual(self.outcomes(), ("uncertain", "missing", "delivered", "equal"))

    def test_it_is_stopped_while_it_waits_and_nothing_is_lost(self):
        self.take_plan("user")
        self.lose(HELD)
        program = self.start_apply(LONG)
        self.wait_until_looked_up()
        program.send(2)
        self.assertStatus(program.end(), 1)
        self.assertEqual(self.states(), {"unknown": 1})
        self.standin.faults()
        self.assertStatus(self.rowpost("apply", *self.with_settle(ENOUGH)), 0)
        self.assertOnce("user")

    def test_waiting_is_not_the_targets_silence(self):
        self.take_plan("user")
        self.lose(LATE[0][1])
        command = ["apply", *self.with_settle("2.5"), "--give-up-after", "1"]
        self.assertStatus(self.rowpost(*command), 0)
        self.assertOnce("user")

    def test_a_removal_that_goes_on_is_waited_for(self):
        self.take_plan("user")
        self.assertStatus(self.apply(), 0)
        self.lose(LATE[1][1], "DELETE")
        self.assertStatus(self.rowpost("undo", *self.with_settle(ENOUGH), "--yes"), 0)
        self.assertEqual(self.states(), {"pending": 1})
        deletions = [entry for entry in self.standin.log() if entry["method"] == "DELETE"]
        self.assertEqual(len(deletions), 1)

    def test_a_removal_that_goes_on_after_a_kill_is_known_to_the_next_apply(self):
        self.take_plan("user")
        self.assertStatus(self.apply(), 0)
        self.lose(HELD, "DELETE")
        program = self.start("undo", *self.with_settle(LONG), "--yes")
        self.wait_until_looked_up()
        self.assertTrue(program.kill())
        program = self.start_apply(ENOUGH)
        self.wait_until_looked_up()
        self.standin.faults()
        self.assertStatus(program.end(), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        self.assertStored("user", 1)

    def test_an_update_that_goes_on_is_not_put_again(self):
        self.take_plan("user")
        self.standin.add_users({**self.body("user"), "role": 3})
        self.lose(LATE[1][1], "PUT")
        command = ["apply", *self.with_settle(ENOUGH), "--update", "--yes"]
        self.assertStatus(self.rowpost(*command), 0)
        self.assertEqual(self.states(), {"present": 1})
        puts = [entry for entry in self.standin.log() if entry["method"] == "PUT"]
        self.assertEqual(len(puts), 1)

    def test_a_time_that_is_none_is_a_mistake(self):
        for value in ("", "x", "-1", "nan", "86401"):
            with self.subTest(value=value):
                result = self.rowpost("apply", "--settle", value)
                self.assertStatus(result, 2)
                self.assertIn("--settle", result.err)


for thing in PATHS:
    for name, fault in LATE:
        add_test(Late, f"a_{thing}_that_was_{name}_and_arrives_late_is_there_once", thing, fault)

if __name__ == "__main__":
    unittest.main()
