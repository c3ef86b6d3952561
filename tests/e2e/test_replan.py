"""Planning again over a source that has changed: what was sent stays as it was sent, and what is
new, changed or gone is shown."""

import unittest

from harness import AS_OF
from legacy import make_clean
from scene import Scene


class Replan(Scene):
    def setUp(self):
        super().setUp()
        self.legacy = make_clean(self.folder / "legacy.db")
        self.addCleanup(self.legacy.close)
        self.source_options = ["--from", "legacy.db", "--as-of", AS_OF]

    def plan(self):
        self.assertStatus(self.rowpost("plan", *self.source_options), 0)

    def run_all(self):
        result = self.rowpost("run", *self.source_options, *self.target, "--deep")
        self.assertStatus(result, 0)
        return result

    def change_comment(self, text="Changed afterwards."):
        self.legacy.execute("UPDATE status SET comments = ? WHERE id = 1", text)

    def counts(self, kind):
        summary = self.rowpost("status", "--json").json
        self.assertBalances(summary)
        return next(part["documents"] for part in summary["kinds"] if part["kind"] == kind)

    def posts_of(self, key):
        return [post for post in self.standin.posts() if post["key"] == key]

    def documents_but_for_the_plan(self):
        """What a document holds except for the number of the plan that had it."""
        return {
            key: {name: row[name] for name in row.keys() if name != "plan"}
            for key, row in self.documents().items()
        }

    def test_the_same_source_again_changes_nothing(self):
        self.run_all()
        before = self.documents_but_for_the_plan()
        self.plan()
        self.assertEqual(self.documents_but_for_the_plan(), before)

    def test_a_document_that_changed_after_it_was_sent_is_not_sent_again(self):
        self.run_all()
        self.change_comment()
        self.run_all()
        self.assertEqual(len(self.posts_of("12_0_0")), 1)
        counts = self.counts("campaigns")
        self.assertEqual((counts["delivered"], counts["changed"]), (2, 1))
        self.assertRegex(self.rowpost("status").out, r"changed +1 +planned differently now")

    def test_show_has_both_bodies_of_a_changed_document(self):
        self.run_all()
        self.change_comment()
        self.plan()
        shown = self.rowpost("show", "12_0_0", "--json").json
        self.assertEqual(shown["change"], "changed")
        self.assertIn("One.", shown["body"]["reports"][0]["content"])
        self.assertIn("Changed afterwards.", shown["changed_body"]["reports"][0]["content"])
        text = self.rowpost("show", "12_0_0").out
        self.assertIn("body as planned now", text)

    def test_a_change_that_is_taken_back_is_no_change(self):
        self.run_all()
        self.change_comment()
        self.plan()
        self.change_comment("One.")
        self.plan()
        self.assertEqual(self.counts("campaigns")["changed"], 0)
        self.assertIsNone(self.rowpost("show", "12_0_0", "--json").json["changed_body"])

    def test_a_document_that_changed_before_it_was_sent_is_sent_as_planned_now(self):
        self.plan()
        self.change_comment()
        self.run_all()
        self.assertEqual(self.counts("campaigns")["changed"], 0)
        self.assertTargetHolds()
        campaigns = {record["name"]: record for record in self.standin.state()["campaigns"]}
        self.assertIn("Changed afterwards.", campaigns["12_0_0"]["reports"][0]["content"])

    def test_what_is_gone_after_it_was_sent_is_shown_and_left_on_the_target(self):
        self.run_all()
        self.legacy.execute("DELETE FROM users WHERE user_name = 'second'")
        self.run_all()
        counts = self.counts("validators")
        self.assertEqual((counts["planned"], counts["delivered"], counts["gone"]), (1, 1, 1))
        self.assertRegex(self.rowpost("status").out, r"gone +1 +no longer planned")
        emails = [user["email"] for user in self.standin.state()["users"]]
        self.assertIn("second@site.example", emails)

    def test_what_is_gone_before_it_was_sent_is_not_sent(self):
        self.plan()
        self.legacy.execute("DELETE FROM users WHERE user_name = 'second'")
        self.run_all()
        self.assertEqual(self.posts_of("second@site.example"), [])
        self.assertTargetHolds()

    def test_what_is_gone_is_not_exported(self):
        self.run_all()
        self.legacy.execute("DELETE FROM users WHERE user_name = 'second'")
        self.plan()
        self.assertEqual(list(self.exports("validators")), ["first"])

    def test_what_comes_back_is_planned_again_and_not_sent_again(self):
        self.run_all()
        self.legacy.execute("UPDATE users SET validator = 0 WHERE user_name = 'second'")
        self.plan()
        self.legacy.execute("UPDATE users SET validator = 1 WHERE user_name = 'second'")
        self.run_all()
        self.assertEqual(len(self.posts_of("second@site.example")), 1)
        counts = self.counts("validators")
        self.assertEqual((counts["delivered"], counts["gone"]), (2, 0))

    def test_what_is_new_is_sent(self):
        self.run_all()
        self.legacy.add_validator("third", "third@site.example", "HLT.Data.TAU")
        self.plan()
        self.assertEqual(self.counts("validators")["pending"], 1)
        self.run_all()
        self.assertEqual(len(self.posts_of("third@site.example")), 1)
        self.assertEqual(self.standin.counts()["posts_per_key"], 1)
        self.assertTargetHolds()

    def test_an_answer_that_is_owed_is_fetched_before_the_new_plan_counts(self):
        self.plan()
        self.standin.hold(method="POST", when="after")
        program = self.start("apply", *self.target, "-j", "1")
        self.wait_until_held(program)
        self.assertTrue(program.kill())
        self.standin.release()
        sql = "UPDATE user_rights SET status_kind = 'TAU' WHERE user_name = 'first'"
        self.legacy.execute(sql)
        self.run_all()
        self.assertEqual(self.standin.counts()["posts_per_key"], 1)
        counts = self.counts("validators")
        self.assertEqual((counts["delivered"], counts["changed"]), (2, 1))

    def test_a_refused_document_that_is_corrected_is_sent(self):
        body = '{"message": "Not today"}'
        headers = {"Content-Type": "application/json"}
        fault = {"kind": "status", "status": 400, "body": body, "headers": headers}
        self.standin.faults({**fault, "match": "12_0_0", "times": -1})
        result = self.rowpost("run", *self.source_options, *self.target)
        self.assertStatus(result, 1)
        self.change_comment()
        self.standin.faults()
        self.run_all()
        self.assertTargetHolds()

    def test_a_plan_that_fails_leaves_the_workspace_as_it_was(self):
        self.run_all()
        before = self.summary(), self.exports("campaigns")
        self.legacy.execute("DROP TABLE status_lv")
        self.legacy.execute("DROP TABLE status")
        self.assertStatus(self.rowpost("plan", *self.source_options), 2)
        self.assertEqual((self.summary(), self.exports("campaigns")), before)


if __name__ == "__main__":
    unittest.main()
