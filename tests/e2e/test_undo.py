"""`undo` removes what this workspace has made, and nothing else."""

import sqlite3
import unittest

from harness import AS_OF, write_cookies
from legacy import make_clean
from scene import Scene

SIGNED_IN = {"Cookie": "session=good-other"}
USER_KINDS = ("validators", "administrators", "authors")


class Undo(Scene):
    """A clean plan of users and campaigns, delivered."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        people = self.folder / "people.csv"
        people.write_text("user_name,email,fullname\ngfirst,given@site.example,Given First\n")
        self.plan = ["plan", "--from", "legacy.db", "--people", people, "--as-of", AS_OF]
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.number = self.states()["pending"]

    def apply(self, *more):
        return self.rowpost("apply", *self.target, *more)

    def undo(self, *more):
        return self.rowpost("undo", *self.target, "--yes", *more)

    def deliver(self):
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"delivered": self.number})

    def emails(self):
        return {user["email"] for user in self.standin.state()["users"]}

    def state_of(self, kind, key):
        return self.documents()[kind, key]["state"]

    def remove(self, email):
        """Removes a user as somebody else would."""
        (user,) = (user for user in self.standin.state()["users"] if user["email"] == email)
        status, _ = self.standin.request("DELETE", f"/api/users/{user['id']}/", **SIGNED_IN)
        self.assertEqual(status, 200)

    def deletions(self):
        return [entry["path"] for entry in self.standin.log() if entry["method"] == "DELETE"]

    def assertNoUserIsLeft(self):
        self.assertEqual(self.emails(), set())
        states = {(kind, row["state"]) for (kind, _), row in self.documents().items()}
        expected = {(kind, "pending") for kind in USER_KINDS}
        self.assertEqual(states, expected | {("campaigns", "delivered")})

    def test_it_asks_where_nobody_can_answer(self):
        self.deliver()
        before = self.standin.counts()
        result = self.rowpost("undo", *self.target)
        self.assertStatus(result, 2)
        self.assertIn("--yes", result.err)
        self.assertEqual(self.standin.counts(), before)
        self.assertEqual(self.states(), {"delivered": self.number})

    def test_the_users_that_were_made_are_removed_and_pending_again(self):
        self.deliver()
        users = self.standin.counts()["users"]
        self.assertStatus(self.undo(), 0)
        self.assertEqual(len(self.deletions()), users)
        self.assertNoUserIsLeft()

    def test_campaigns_stay_and_are_listed(self):
        self.deliver()
        result = self.undo()
        campaigns = self.standin.state()["campaigns"]
        self.assertEqual(len(campaigns), 2)
        lines = [line.split("\t") for line in result.out.splitlines()]
        expected = [["campaigns", campaign["name"], campaign["id"]] for campaign in campaigns]
        self.assertEqual(sorted(lines), sorted(expected))
        self.assertIn("campaigns: 2 stay (the target has no request that removes one).", result.err)

    def test_a_later_apply_delivers_them_again(self):
        self.deliver()
        self.undo()
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"delivered": self.number})
        self.assertEqual(self.standin.counts()["duplicates"], 0)

    def test_verify_passes_over_what_was_removed(self):
        self.deliver()
        self.undo()
        self.rowpost("verify", *self.target)
        documents = self.documents().items()
        verdicts = {row["verdict"] for (kind, _), row in documents if kind in USER_KINDS}
        self.assertEqual(verdicts, {None})

    def test_a_user_who_was_there_before_stays(self):
        self.standin.add_users(self.exports("validators")["first"])
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.state_of("validators", "first"), "present")
        self.assertStatus(self.undo(), 0)
        self.assertEqual(self.emails(), {"first@site.example"})

    def test_a_user_who_was_there_and_differs_stays(self):
        self.standin.add_users({**self.exports("validators")["first"], "role": 3})
        before = self.standin.state()["users"]
        self.apply()
        self.assertEqual(self.state_of("validators", "first"), "different")
        self.assertStatus(self.undo(), 0)
        self.assertEqual(self.standin.state()["users"], before)

    def test_a_user_whom_somebody_else_has_made_anew_stays(self):
        self.deliver()
        self.remove("first@site.example")
        self.standin.add_users(self.exports("validators")["first"])
        (anew,) = (u for u in self.standin.state()["users"] if u["email"] == "first@site.example")
        result = self.undo()
        self.assertStatus(result, 1)
        self.assertIn("1 records", result.err)
        self.assertIn("validators\tfirst\t", result.out)
        self.assertIn("validators: 1 stays (they are not known to be made here, or the target "
                      "refused it)", result.err)
        self.assertEqual(self.standin.state()["users"], [anew])
        self.assertEqual(self.state_of("validators", "second"), "pending")

    def test_a_user_who_is_gone_already_is_pending(self):
        self.deliver()
        self.remove("first@site.example")
        self.assertStatus(self.undo(), 0)
        self.assertNoUserIsLeft()

    def test_a_user_who_was_there_before_a_lost_look_up_stays(self):
        self.standin.add_users(self.exports("validators")["first"])
        self.standin.faults({"kind": "drop", "method": "GET", "match": "first", "times": 2})
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.standin.struck(), [2])
        self.assertEqual(self.state_of("validators", "first"), "present")
        self.assertStatus(self.undo(), 0)
        self.assertEqual(self.emails(), {"first@site.example"})

    def test_a_user_who_was_there_before_a_crash_stays(self):
        self.standin.add_users(self.exports("validators")["first"])
        self.standin.hold(method="GET", match="first")
        program = self.start("apply", *self.target, "-j", "1")
        self.wait_until_held(program)
        self.assertTrue(program.kill())
        self.standin.release()
        self.assertStatus(self.apply(), 0)
        self.assertStatus(self.undo(), 0)
        self.assertEqual(self.emails(), {"first@site.example"})

    def test_a_user_whom_the_target_did_not_let_be_looked_up_may_be_anybodys_and_stays(self):
        self.standin.add_users(self.exports("validators")["first"])
        forbidden = {"kind": "status", "status": 403, "method": "GET", "match": "first"}
        self.standin.faults(forbidden)
        self.assertStatus(self.apply("--key", "first"), 0)
        self.assertEqual(self.standin.struck(), [1])
        self.assertEqual(self.state_of("validators", "first"), "delivered")
        result = self.undo()
        self.assertStatus(result, 1)
        self.assertEqual(self.emails(), {"first@site.example"})
        self.assertIn("validators\tfirst\t", result.out)
        self.assertIn("1 records", result.err)

    def test_what_was_not_there_before_a_lost_answer_was_made_here_and_is_removed(self):
        self.standin.faults({"kind": "drop", "when": "after", "method": "POST"})
        self.deliver()
        self.assertEqual(self.standin.struck(), [1])
        self.assertStatus(self.undo(), 0)
        self.assertNoUserIsLeft()

    def test_a_user_who_was_looked_for_in_vain_before_was_made_here_and_is_removed(self):
        lost = {"kind": "drop", "method": "POST", "match": "first@site.example"}
        self.standin.faults({**lost, "when": "before"}, {**lost, "when": "after"})
        self.deliver()
        self.assertEqual(self.standin.struck(), [1, 1])
        self.assertEqual(self.documents()["validators", "first"]["evidence"], "absence")
        self.assertStatus(self.undo(), 0)
        self.assertNoUserIsLeft()

    def test_what_was_being_sent_at_a_kill_is_looked_up_first(self):
        self.standin.hold(method="POST", when="after")
        program = self.start("apply", *self.target, "-j", "1")
        self.wait_until_held(program)
        self.assertTrue(program.kill())
        self.standin.release()
        self.assertNotEqual(self.emails(), set())
        self.assertStatus(self.undo(), 0)
        self.assertEqual(self.emails(), set())
        self.assertNotIn("sending", self.states())

    def test_what_was_found_by_look_up_and_made_anew_by_somebody_else_stays(self):
        self.standin.faults({"kind": "drop", "when": "after", "method": "POST"})
        self.assertStatus(self.apply("--key", "first"), 0)
        self.assertEqual(self.standin.struck(), [1])
        self.remove("first@site.example")
        self.standin.add_users(self.exports("validators")["first"])
        self.undo()
        self.assertEqual(self.emails(), {"first@site.example"})

    def test_a_user_who_is_gone_from_the_plan_is_removed_too(self):
        self.deliver()
        database = sqlite3.connect(self.folder / "legacy.db", isolation_level=None)
        database.execute("DELETE FROM users WHERE user_name = 'first'")
        database.close()
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.undo()
        self.assertEqual(self.emails(), set())

    def test_only_one_key_is_removed(self):
        self.deliver()
        self.assertStatus(self.undo("--key", "first"), 0)
        self.assertEqual(self.states(), {"delivered": self.number - 1, "pending": 1})
        self.assertNotIn("first@site.example", self.emails())

    def test_only_one_kind_is_removed(self):
        self.deliver()
        self.assertStatus(self.undo("--only", "authors"), 0)
        documents = self.documents().items()
        pending = {kind for (kind, _), row in documents if row["state"] == "pending"}
        self.assertEqual(pending, {"authors"})

    def test_a_second_time_there_is_nothing_left_to_remove(self):
        self.deliver()
        self.undo()
        number = len(self.deletions())
        self.assertStatus(self.undo(), 0)
        self.assertEqual(len(self.deletions()), number)

    def test_a_lost_answer_is_looked_up_and_not_sent_again(self):
        self.deliver()
        users = self.standin.counts()["users"]
        self.standin.faults({"kind": "drop", "when": "after", "method": "DELETE"})
        self.assertStatus(self.undo(), 0)
        self.assertEqual(len(self.deletions()), users)
        self.assertNoUserIsLeft()

    def test_a_removal_that_did_not_arrive_is_repeated(self):
        self.deliver()
        self.standin.faults({"kind": "drop", "when": "before", "method": "DELETE", "times": 2})
        self.assertStatus(self.undo(), 0)
        self.assertNoUserIsLeft()

    def test_a_session_that_ends_in_the_middle_loses_nothing(self):
        self.deliver()
        self.standin.expire("good-x", 6)
        self.assertStatus(self.undo("-j", "1"), 4)
        self.assertGreater(len(self.emails()), 0)
        write_cookies(self.cookies, "good-y")
        self.assertStatus(self.undo(), 0)
        self.assertNoUserIsLeft()

    def kill_after_a_removal(self):
        """The user is removed, and the program is killed before it knows."""
        self.deliver()
        self.standin.hold(method="DELETE", when="after", skip=1)
        program = self.start("undo", *self.target, "--yes", "-j", "1")
        self.wait_until_held(program)
        self.assertTrue(program.kill())
        self.standin.release()

    def test_killed_in_the_middle_the_same_command_goes_on(self):
        self.kill_after_a_removal()
        self.assertStatus(self.undo(), 0)
        self.assertNoUserIsLeft()

    def test_killed_in_the_middle_a_later_apply_delivers_what_was_removed(self):
        self.kill_after_a_removal()
        users = [body["email"] for kind in USER_KINDS for body in self.exports(kind).values()]
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.emails(), set(users))


if __name__ == "__main__":
    unittest.main()
