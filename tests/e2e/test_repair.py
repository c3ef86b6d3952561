"""Asking before, fixing after: check, --update, undo, and cookies that are kept."""

import unittest

from harness import AS_OF, write_cookies
from legacy import make_clean
from one_document import OneDocument
from scene import Scene

NOWHERE = "http://127.0.0.1:1"


class Check(Scene):
    """`check` asks, and makes nothing."""

    def check(self, value="good-x", *more):
        cookies = write_cookies(self.folder / "session.txt", value)
        return self.rowpost("check", "--to", self.standin.url, "--cookies", cookies, *more)

    def assertStoresNothing(self):
        counts = self.standin.counts()
        stored = counts["users"], counts["campaigns"], counts["reports"]
        self.assertEqual(stored, (0, 0, 0))
        self.assertFalse(self.workspace.exists())

    def test_a_good_session_may_write(self):
        result = self.check()
        self.assertStatus(result, 0)
        self.assertIn("may write", result.out)
        self.assertIn(self.standin.url, result.out)
        self.assertStoresNothing()

    def test_a_session_without_the_role_may_not_write(self):
        result = self.check("norole-x")
        self.assertStatus(result, 4)
        self.assertIn("management role", result.out)
        self.assertStoresNothing()

    def test_an_expired_session_is_not_accepted(self):
        result = self.check("expired-x")
        self.assertStatus(result, 4)
        self.assertIn("/oauth2/auth", result.err)
        self.assertNotIn("may write", result.out)
        self.assertStoresNothing()

    def test_without_anything_to_sign_in_with_the_options_are_named(self):
        result = self.rowpost("check", "--to", self.standin.url)
        self.assertStatus(result, 4)
        for option in ("--cookies", "--token-file", "--netrc", "--oauth2-token-url"):
            self.assertIn(option, result.err)

    def test_a_session_that_ends_between_the_questions_is_not_accepted(self):
        self.standin.expire("good-x", 1)
        result = self.check()
        self.assertStatus(result, 4)
        self.assertNotIn("may write", result.out)

    def test_a_target_that_is_not_there_cannot_be_reached(self):
        result = self.rowpost("check", "--to", NOWHERE, "--cookies", self.cookies)
        self.assertStatus(result, 3)
        self.assertIn("127.0.0.1", result.err)
        self.assertEqual(result.out, "")

    def test_a_busy_target_is_not_said_to_let_write(self):
        self.standin.faults({"kind": "status", "times": -1})
        result = self.check()
        self.assertStatus(result, 3)
        self.assertIn("503", result.err)
        self.assertNotIn("may write", result.out)
        self.assertNotIn("accepts the session", result.out)

    def test_a_page_behind_the_address_is_not_the_api(self):
        result = self.rowpost(
            "check", "--to", self.standin.url + "/elsewhere", "--cookies", self.cookies
        )
        self.assertStatus(result, 3)
        self.assertStoresNothing()

    def test_no_target_is_a_mistake(self):
        result = self.rowpost("check", "--cookies", self.cookies)
        self.assertStatus(result, 2)
        self.assertIn("--to", result.err)


class UpdateExisting(OneDocument):
    """A user who is there with something else."""

    def setUp(self):
        super().setUp()
        self.take_plan("user")

    def seed(self, **changes):
        self.standin.add_users({**self.body("user"), **changes})
        return self.standin.state()["users"]

    def update(self, *more):
        return self.apply("--update", *more)

    def requests(self, method):
        return [entry for entry in self.standin.log() if entry["method"] == method]

    def assertUpdated(self, before):
        """Brought to the plan by one PUT, the same record as before."""
        (user,) = self.standin.state()["users"]
        self.assertEqualUser(user, self.body("user"))
        self.assertEqual(user["id"], before[0]["id"])
        self.assertEqual(len(self.requests("PUT")), 1)
        self.assertEqual(self.states(), {"present": 1})
        self.assertEqual(self.findings(), [])

    def test_it_asks_where_nobody_can_answer(self):
        before = self.seed(role=3)
        result = self.update()
        self.assertStatus(result, 2)
        self.assertIn("--yes", result.err)
        self.assertEqual(self.standin.state()["users"], before)
        self.assertEqual(self.standin.counts()["requests"], 0)

    def test_another_role_is_fixed(self):
        before = self.seed(role=3)
        self.assertStatus(self.update("--yes"), 0)
        self.assertUpdated(before)

    def test_other_groups_are_fixed(self):
        before = self.seed(groups=["GEN.Gen.GEN"])
        self.assertStatus(self.update("--yes"), 0)
        self.assertUpdated(before)
        self.assertIn("1 already there", self.rowpost("status").out)

    def test_what_was_found_different_earlier_is_fixed(self):
        before = self.seed(role=3, groups=[])
        self.assertStatus(self.apply(), 1)
        self.assertStatus(self.update("--yes"), 0)
        self.assertUpdated(before)

    def test_a_second_time_there_is_nothing_left_to_fix(self):
        before = self.seed(role=3)
        self.update("--yes")
        self.assertStatus(self.update("--yes"), 0)
        self.assertUpdated(before)

    def test_nothing_is_changed_without_the_option(self):
        before = self.seed(role=3)
        self.assertStatus(self.apply("--yes"), 1)
        self.assertEqual(self.standin.state()["users"], before)
        self.assertEqual(self.requests("PUT"), [])

    def test_a_lost_answer_is_looked_up_and_not_put_again(self):
        before = self.seed(role=3)
        self.standin.faults({"kind": "drop", "when": "after", "method": "PUT"})
        self.assertStatus(self.update("--yes"), 0)
        self.assertUpdated(before)

    def test_a_put_that_did_not_arrive_is_repeated(self):
        self.seed(role=3)
        self.standin.faults({"kind": "drop", "when": "before", "method": "PUT"})
        self.assertStatus(self.update("--yes"), 0)
        (user,) = self.standin.state()["users"]
        self.assertEqualUser(user, self.body("user"))
        self.assertEqual(self.states(), {"present": 1})

    def test_a_user_who_is_gone_meanwhile_is_sent_again(self):
        before = self.seed(role=3)
        self.assertStatus(self.apply(), 1)
        path = f"/api/users/{before[0]['id']}/"
        self.standin.request("DELETE", path, Cookie="session=good-other")
        self.update("--yes")
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        self.assertTargetHolds(("validators",))


class UpdateOfAName(Scene):
    """A plan that knows the user's full name; the target has another."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        people = self.folder / "people.csv"
        people.write_text("user_name,email,fullname\nfirst,first@site.example,First One\n")
        plan = ["plan", "--from", "legacy.db", "--people", people, "--as-of", AS_OF]
        self.assertStatus(self.rowpost(*plan), 0)
        self.planned = self.exports("validators")["first"]

    def update(self):
        options = ["--key", "first", "--update", "--yes"]
        return self.rowpost("apply", *self.target, *options)

    def test_only_a_name_is_no_reason_to_put(self):
        self.standin.add_users({**self.planned, "fullname": "Somebody Else"})
        before = self.standin.state()["users"]
        self.assertStatus(self.update(), 1)
        self.assertEqual(self.standin.state()["users"], before)
        self.assertNotIn("PUT", {entry["method"] for entry in self.standin.log()})

    def test_the_name_stays_when_the_role_is_fixed(self):
        self.standin.add_users({**self.planned, "fullname": "Somebody Else", "role": 3})
        self.assertStatus(self.update(), 1)
        (user,) = self.standin.state()["users"]
        self.assertEqual((user["role"], user["fullname"]), (2, "Somebody Else"))
        puts = [entry for entry in self.standin.log() if entry["method"] == "PUT"]
        self.assertEqual(len(puts), 1)
        findings = self.rowpost("findings", "--json").lines
        self.assertEqual([finding["field"] for finding in findings], ["fullname"])


class SaveCookies(Scene):
    """A target that renews the session's cookie. The old one is spent."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.assertStatus(self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF), 0)
        write_cookies(self.cookies, "renew-1")

    def assertKept(self, verb, *more):
        self.assertStatus(self.rowpost(verb, *self.target, *more, "--save-cookies"), 0)
        self.assertIn("good-renewed-1", self.cookies.read_text())

    def assertLeft(self, verb, *more):
        before = self.cookies.read_bytes()
        self.rowpost(verb, *self.target, *more)
        self.assertEqual(self.cookies.read_bytes(), before)

    def deliver(self):
        good = write_cookies(self.folder / "good.txt", "good-y")
        self.rowpost("apply", "--to", self.standin.url, "--cookies", good)

    def test_check_keeps_it_on_demand(self):
        self.assertKept("check")

    def test_check_leaves_the_file_alone_otherwise(self):
        self.assertLeft("check")

    def test_verify_keeps_it_on_demand(self):
        self.deliver()
        self.assertKept("verify")

    def test_verify_leaves_the_file_alone_otherwise(self):
        self.deliver()
        self.assertLeft("verify")

    def test_undo_keeps_it_on_demand(self):
        self.deliver()
        self.assertKept("undo", "--yes")

    def test_undo_leaves_the_file_alone_otherwise(self):
        self.deliver()
        self.assertLeft("undo", "--yes")

    def test_it_is_kept_before_users_are_updated(self):
        self.assertKept("apply", "--update", "--yes")


if __name__ == "__main__":
    unittest.main()
