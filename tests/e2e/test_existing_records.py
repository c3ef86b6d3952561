"""What the target has already: equal records are counted as present, others are never touched."""

import unittest

from harness import AS_OF
from legacy import Legacy
from one_document import OneDocument


class ExistingUser(OneDocument):
    def seed(self, **changes):
        """Stores the planned user with these changes."""
        self.standin.add_users({**self.body("user"), **changes})
        return self.standin.state()["users"]

    def setUp(self):
        super().setUp()
        self.take_plan("user")

    def assertDiffersAndStays(self, field, **changes):
        before = self.seed(**changes)
        result = self.apply()
        self.assertStatus(result, 1)
        self.assertEqual(self.states(), {"different": 1})
        self.assertEqual([finding["field"] for finding in self.findings()], [field])
        self.assertEqual(self.standin.state()["users"], before)
        methods = {entry["method"] for entry in self.standin.log()}
        self.assertLessEqual(methods, {"GET", "POST"})

    def test_an_equal_user_is_present(self):
        before = self.seed()
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"present": 1})
        self.assertEqual(self.standin.state()["users"], before)
        self.assertIn("1 already there", self.rowpost("status").out)

    def test_an_equal_user_with_its_groups_in_another_order_is_present(self):
        self.seed(groups=list(reversed(self.body("user")["groups"])))
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"present": 1})

    def test_another_role_is_different(self):
        self.assertDiffersAndStays("role", role=3)

    def test_other_groups_are_different(self):
        self.assertDiffersAndStays("groups", groups=["HLT.Data.MET"])

    def test_more_groups_are_different(self):
        groups = [*self.body("user")["groups"], "GEN.Gen.GEN"]
        self.assertDiffersAndStays("groups", groups=groups)

    def test_an_existing_name_where_none_is_planned_is_present(self):
        before = self.seed(fullname="John Doe")
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"present": 1})
        self.assertEqual(self.standin.state()["users"], before)

    def test_a_user_who_is_there_is_not_posted(self):
        self.seed()
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.standin.posts(), [])

    def test_verify_says_the_same_of_it(self):
        self.seed(role=1)
        self.apply()
        self.assertStatus(self.rowpost("verify", *self.target), 1)
        ((verdict,),) = self.read().rows("SELECT verdict FROM document")
        self.assertEqual(verdict, "different")

    def test_the_address_in_another_case_is_another_user(self):
        self.seed(email="JDoe@Site.Example")
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        self.assertEqual(self.standin.counts()["users"], 2)

    def test_an_address_that_looks_like_a_pattern_finds_only_itself(self):
        legacy = Legacy(self.folder / "plus.db")
        legacy.add_validator("plus", "a.b+c@site.example", "HLT.Data.MET")
        legacy.close()
        plan = ["plan", "--from", "plus.db", "--as-of", AS_OF, "-w", "plus.rowpost"]
        self.assertStatus(self.rowpost(*plan), 0)
        self.standin.add_users({"email": "aXb+c@site.example", "role": 2, "groups": []})
        self.assertStatus(self.apply("-w", "plus.rowpost"), 0)
        result = self.rowpost("verify", *self.target, "-w", "plus.rowpost")
        self.assertStatus(result, 0)


class ExistingCampaign(OneDocument):
    def setUp(self):
        super().setUp()
        self.take_plan("campaign")

    def seed(self, **changes):
        """Stores the campaign through the API, as somebody else would."""
        body = {**self.body("campaign"), **changes}
        path = "/api/campaigns/migrate/"
        status, _ = self.standin.request("POST", path, body, Cookie="session=good-other")
        self.assertEqual(status, 200)
        return self.standin.state()["campaigns"]

    def assertDiffersAndStays(self, field, **changes):
        before = self.seed(**changes)
        self.assertStatus(self.apply(), 1)
        self.assertEqual(self.states(), {"different": 1})
        self.assertIn(field, [finding["field"] for finding in self.findings()])
        self.assertEqual(self.standin.state()["campaigns"], before)

    def test_an_equal_campaign_is_present(self):
        before = self.seed()
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"present": 1})
        self.assertEqual(self.outcomes(), ("exists", "equal"))
        self.assertEqual(self.standin.state()["campaigns"], before)

    def test_another_description_is_different(self):
        self.assertDiffersAndStays("description", description="Not ours.")

    def test_another_deadline_is_different(self):
        self.assertDiffersAndStays("deadline", deadline="2022-01-01")

    def test_other_subcategories_are_different(self):
        self.assertDiffersAndStays("subcategories", subcategories=["HLT.Data", "GEN.Gen"])

    def test_a_report_less_is_different(self):
        reports = self.body("campaign")["reports"][:1]
        self.assertDiffersAndStays("number of reports", reports=reports)

    def test_another_status_of_a_report_is_different(self):
        reports = self.body("campaign")["reports"]
        reports[1]["status"] = 6
        self.assertDiffersAndStays("reports[HLT.Data.Tau].status", reports=reports)

    def test_another_content_of_a_report_is_different(self):
        reports = self.body("campaign")["reports"]
        reports[0]["content"] = "Something else."
        self.assertDiffersAndStays("reports[HLT.Data.MET].content", reports=reports)

    def test_reports_in_another_order_are_equal(self):
        self.seed(reports=list(reversed(self.body("campaign")["reports"])))
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"present": 1})


if __name__ == "__main__":
    unittest.main()
