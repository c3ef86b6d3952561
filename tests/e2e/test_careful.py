"""The careful verbs and options: ask first, send a few, bring up to date, take back."""

import unittest

from harness import AS_OF, write_cookies
from legacy import make_clean
from scene import Scene

USERS = {"first@site.example", "second@site.example", "chief@site.example"}


class Careful(Scene):
    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.assertStatus(self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF), 0)

    def apply(self, *more):
        return self.rowpost("apply", *self.target, *more)

    def emails(self):
        return {user["email"] for user in self.standin.state()["users"]}

    def delivered(self):
        rows = self.documents().items()
        return {key for (_, key), row in rows if row["state"] == "delivered"}


class Check(Careful):
    def check(self, value):
        path = write_cookies(self.folder / "session.txt", value)
        return self.rowpost("check", "--to", self.standin.url, "--cookies", path)

    def test_a_good_session_may_write_and_nothing_is_stored(self):
        result = self.check("good-x")
        self.assertStatus(result, 0)
        self.assertIn("the session may write", result.out)
        counts = self.standin.counts()
        self.assertEqual((counts["users"], counts["campaigns"]), (0, 0))

    def test_a_session_without_the_role_is_reported(self):
        result = self.check("norole-x")
        self.assertStatus(result, 4)
        self.assertIn("may NOT write", result.out)

    def test_an_expired_session_is_reported(self):
        self.assertStatus(self.check("expired-x"), 4)

    def test_a_target_that_is_not_there_is_reported(self):
        self.assertStatus(self.rowpost("check", "--to", "http://127.0.0.1:1"), 3)


class Trial(Careful):
    def test_limit_sends_so_many_of_each_kind_and_the_next_run_the_rest(self):
        self.assertStatus(self.apply("--limit", "1"), 0)
        self.assertEqual(self.states(), {"delivered": 3, "pending": 2})
        self.assertStatus(self.apply(), 0)
        self.assertTargetHolds()
        self.assertEqual(self.standin.counts()["posts_per_key"], 1)

    def test_only_sends_one_kind(self):
        self.assertStatus(self.apply("--only", "administrators"), 0)
        self.assertEqual(self.delivered(), {"chief"})

    def test_only_an_unknown_kind_is_reported(self):
        result = self.apply("--only", "people")
        self.assertStatus(result, 2)
        self.assertIn("validators", result.err)

    def test_key_sends_one_document(self):
        self.assertStatus(self.apply("--key", "second"), 0)
        self.assertEqual(self.delivered(), {"second"})
        self.assertEqual(self.emails(), {"second@site.example"})


class Update(Careful):
    def setUp(self):
        super().setUp()
        self.standin.add_users({"email": "first@site.example", "role": 3, "groups": []})

    def test_update_asks_for_yes_where_nobody_can_be_asked(self):
        result = self.apply("--update")
        self.assertStatus(result, 2)
        self.assertIn("--yes", result.err)
        self.assertEqual(self.states(), {"pending": 5})

    def test_update_brings_role_and_groups_to_the_plan(self):
        self.assertStatus(self.apply(), 1)
        self.assertEqual(self.states(), {"delivered": 4, "different": 1})
        self.assertStatus(self.apply("--update", "--yes"), 0)
        self.assertEqual(self.states(), {"delivered": 4, "present": 1})
        self.assertTargetHolds()
        self.assertStatus(self.rowpost("verify", *self.target), 0)
        self.assertEqual(self.rowpost("findings").out, "")

    def test_update_changes_one_user_once_and_no_other(self):
        self.apply("--update", "--yes")
        puts = [entry for entry in self.standin.log() if entry["method"] == "PUT"]
        self.assertEqual(len(puts), 1)

    def test_an_update_without_an_answer_is_looked_up(self):
        self.apply()
        for when in ("before", "after"):
            with self.subTest(when=when):
                self.standin.faults({"kind": "drop", "method": "PUT", "when": when})
                self.assertStatus(self.apply("--update", "--yes"), 0)
        self.assertTargetHolds()


class Undo(Careful):
    def undo(self, *more):
        return self.rowpost("undo", *self.target, *more)

    def test_undo_asks_for_yes_where_nobody_can_be_asked(self):
        self.apply()
        self.assertStatus(self.undo(), 2)
        self.assertEqual(self.emails(), USERS)

    def test_undo_removes_the_users_and_lists_the_campaigns(self):
        self.apply()
        result = self.undo("--yes")
        self.assertStatus(result, 0)
        self.assertEqual(self.emails(), set())
        for name in ("12_0_0", "12_1_0"):
            self.assertIn(name, result.out)
        self.assertEqual(self.states(), {"pending": 3, "delivered": 2})

    def test_what_was_undone_can_be_delivered_again(self):
        self.apply()
        self.undo("--yes")
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.emails(), USERS)

    def test_undo_leaves_users_that_were_there_before(self):
        self.standin.add_users({"email": "first@site.example", "role": 3, "groups": []})
        self.apply()
        self.assertStatus(self.undo("--yes"), 0)
        self.assertEqual(self.emails(), {"first@site.example"})

    def test_undo_leaves_a_user_that_somebody_has_made_since(self):
        self.apply()
        before = self.documents()[("validators", "first")]["target_id"]
        path = f"/api/users/{before}/"
        self.standin.request("DELETE", path, Cookie="session=good-other")
        self.standin.add_users({"email": "first@site.example", "role": 3, "groups": []})
        self.undo("--yes")
        self.assertIn("first@site.example", self.emails())

    def test_undo_of_one_key_removes_only_that_user(self):
        self.apply()
        self.assertStatus(self.undo("--yes", "--key", "second"), 0)
        self.assertEqual(self.emails(), USERS - {"second@site.example"})

    def test_a_removal_without_an_answer_is_looked_up(self):
        for when in ("before", "after"):
            with self.subTest(when=when):
                self.assertStatus(self.apply(), 0)
                self.standin.faults({"kind": "drop", "method": "DELETE", "when": when})
                self.assertStatus(self.undo("--yes"), 0)
                self.assertEqual(self.emails(), set())

    def test_a_user_whose_post_was_not_answered_was_not_there_before_and_is_removed(self):
        self.standin.faults({"kind": "drop", "method": "POST", "when": "after"})
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.standin.struck(), [1])
        self.assertStatus(self.undo("--yes"), 0)
        self.assertEqual(self.emails(), set())


if __name__ == "__main__":
    unittest.main()
