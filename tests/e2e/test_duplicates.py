"""A record that the target has several times is found, and named by its ids."""

import unittest

from one_document import OneDocument

HELD = {"kind": "late-drop", "delay_ms": -1, "method": "POST"}
TOO_SHORT = "0"


class Duplicates(OneDocument):
    """A target that carries out what was believed to be lost."""

    def apply_too_early(self):
        return [*self.target[:-1], TOO_SHORT]

    def ids(self, things):
        return {record["id"] for record in self.standin.state()[things]}

    def assertFoundDuplicate(self, during, things):
        (finding,) = self.findings()
        self.assertEqual((finding["during"], finding["field"]), (during, "records of that name"))
        self.assertEqual(len(self.ids(things)), 2)
        self.assertTrue(finding["found"].startswith("2: "), finding)
        for record in self.standin.state()[things]:
            # The list of campaigns has no ids.
            name = record["id"] if things == "users" else f"made {record['created_at']}"
            self.assertIn(name, finding["found"])
        self.assertTrue(any(name in finding["found"] for name in self.ids(things)), finding)

    def test_what_was_sent_twice_is_counted_at_once(self):
        self.take_plan("campaign")
        answer = {"kind": "delay", "delay_ms": -1, "method": "POST", "when": "after"}
        self.standin.faults(HELD, answer)
        program = self.start("apply", *self.apply_too_early())
        self.wait_until_held(program)
        self.standin.faults()
        result = program.end()
        self.assertStatus(result, 1)
        self.assertEqual(self.states(), {"duplicate": 1})
        self.assertEqual(self.outcomes()[-1], "duplicate")
        self.assertFoundDuplicate("apply", "campaigns")
        self.assertIn("1 duplicate", result.out)

    def test_what_was_sent_twice_before_a_kill_is_counted_afterwards(self):
        self.take_plan("campaign")
        answer = {"kind": "delay", "delay_ms": -1, "method": "POST", "when": "after"}
        self.standin.faults(HELD, answer)
        program = self.start("apply", *self.apply_too_early())
        self.wait_until_held(program)
        self.assertTrue(program.kill())
        self.standin.faults()
        self.assertStatus(self.apply(), 1)
        self.assertEqual(self.states(), {"duplicate": 1})
        self.assertFoundDuplicate("apply", "campaigns")

    def test_what_was_sent_twice_and_is_there_once_is_delivered(self):
        self.take_plan("campaign")
        self.standin.faults({"kind": "drop", "method": "POST"})
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        lists = [entry for entry in self.standin.log() if entry["path"] == "/api/campaigns/"]
        self.assertEqual(len(lists), 2)  # the question whether it is there, and the count

    def test_a_campaign_that_comes_later_is_found_by_verify(self):
        self.take_plan("campaign")
        self.standin.faults(HELD)
        self.assertStatus(self.rowpost("apply", *self.apply_too_early()), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        self.standin.faults()
        for depth in ((), ("--deep",)):
            with self.subTest(depth=depth):
                result = self.rowpost("verify", *self.target, *depth)
                self.assertStatus(result, 1)
                self.assertIn("1 duplicate", result.out)
                self.assertFoundDuplicate("verify", "campaigns")

    def test_a_user_who_is_there_twice_is_found_by_verify(self):
        self.take_plan("user")
        self.assertStatus(self.apply(), 0)
        self.standin.add_users(self.body("user"))
        self.assertStatus(self.rowpost("verify", *self.target), 1)
        self.assertFoundDuplicate("verify", "users")

    def test_once_the_others_are_removed_verify_is_content(self):
        self.take_plan("user")
        self.assertStatus(self.apply(), 0)
        self.standin.add_users(self.body("user"))
        self.assertStatus(self.rowpost("verify", *self.target), 1)
        (other,) = self.ids("users") - {self.read().rows("SELECT target_id FROM document")[0][0]}
        self.standin.request("DELETE", f"/api/users/{other}/", Cookie="session=good-other")
        self.assertStatus(self.rowpost("verify", *self.target), 0)
        self.assertEqual(self.findings(), [])

    def test_duplicates_are_not_removed(self):
        self.take_plan("user")
        self.assertStatus(self.apply(), 0)
        self.standin.add_users(self.body("user"))
        before = self.standin.state()["users"]
        self.assertStatus(self.rowpost("undo", *self.target, "--yes"), 1)
        self.assertEqual(self.standin.state()["users"], before)


if __name__ == "__main__":
    unittest.main()
