"""One record's answer is that record's: it is refused by its name, all else continues."""

import signal
import time
import unittest

from fault_table import answer, json_answer
from harness import AS_OF, wait_until
from legacy import make_clean
from one_document import OneDocument
from scene import Scene, add_test

DISLIKED = "12_1_0"

# What a firewall, a proxy or the application answers to a record that it dislikes.
REFUSALS = {
    "400": json_answer(400, '{"message": "Some words"}'),
    "403_page": answer(403),
    "403_json": json_answer(403, '{"message": "not this one"}'),
    "404_page": answer(404),
    "404_json": json_answer(404, '{"message": "not this one"}'),
    "405": answer(405),
    "406": answer(406),
    "412": answer(412),
    "451": answer(451),
}


class OneOfSeveral(Scene):
    """A plan of several documents, one of which the target dislikes."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        plan = ["plan", "--from", "legacy.db", "--as-of", AS_OF]
        self.assertStatus(self.rowpost(*plan), 0)
        self.number = sum(self.states().values())

    def apply(self, *more):
        return self.rowpost("apply", *self.target, *more)

    def dislike(self, refusal, **which):
        self.standin.faults({**refusal, "times": -1, **which})

    def verdicts(self):
        return {key: row["verdict"] for (_, key), row in self.documents().items()}

    def meet(self, refusal):
        """The post, the read-back and the removal of one document are refused."""
        self.dislike(refusal, method="POST", match=DISLIKED)
        result = self.apply()
        self.assertStatus(result, 1)
        self.assertEqual(self.states(), {"delivered": self.number - 1, "refused": 1})
        self.assertEqual(self.documents()["campaigns", DISLIKED]["state"], "refused")

        self.standin.faults()
        self.assertStatus(self.apply("--retry-refused"), 0)
        self.dislike(refusal, method="GET", path=f"/api/campaigns/get/{DISLIKED}/")
        self.assertStatus(self.rowpost("verify", *self.target), 1)
        verdicts = self.verdicts()
        self.assertIn(verdicts.pop(DISLIKED), ("different", "missing"))
        self.assertEqual(set(verdicts.values()), {"equal"})

    def test_a_record_that_cannot_be_removed_stays_and_the_others_go(self):
        self.assertStatus(self.apply(), 0)
        user = self.documents()["validators", "first"]
        self.dislike(REFUSALS["403_page"], method="DELETE", path=f"/api/users/{user['target_id']}/")
        self.assertStatus(self.rowpost("undo", *self.target, "--yes"), 1)
        self.assertEqual([user["id"] for user in self.standin.state()["users"]], [user["target_id"]])
        self.assertEqual(self.documents()["validators", "first"]["state"], "delivered")

    def test_what_may_have_arrived_and_cannot_be_looked_up_is_shown_and_not_sent_again(self):
        self.standin.faults(
            {"kind": "drop", "method": "POST", "match": DISLIKED},
            {**REFUSALS["403_page"], "method": "GET", "path": "/api/campaigns/get/", "times": -1},
        )
        self.assertStatus(self.apply(), 1)
        self.assertEqual(self.states(), {"delivered": self.number - 1, "different": 1})
        self.assertStatus(self.apply(), 1)
        posts = [post for post in self.standin.posts() if "migrate" in post["path"]]
        self.assertEqual(len(posts), 2)

    def test_no_right_to_write_at_all_is_the_session(self):
        self.dislike(REFUSALS["403_page"], method="POST")
        result = self.apply()
        self.assertStatus(result, 4)
        self.assertEqual(self.states(), {"pending": self.number})

    def test_a_target_that_takes_none_of_them_is_left(self):
        self.dislike(REFUSALS["404_page"], method="POST")
        result = self.apply()
        self.assertStatus(result, 3)
        self.assertIn("404", result.err)


class RefusedAndYetThere(OneDocument):
    """A refusal does not show that nothing was stored."""

    def refuse(self, thing, message, when="after"):
        self.take_plan(thing)
        refusal = json_answer(400, f'{{"message": "{message}"}}')
        self.standin.faults({**refusal, "method": "POST", "when": when})
        return self.apply()

    def test_what_is_there_all_the_same_is_said(self):
        self.assertStatus(self.refuse("campaign", "Something else went wrong"), 0)
        self.assertEqual(self.states(), {"delivered": 1})
        found = [finding["found"] for finding in self.findings()]
        self.assertIn("refused, and yet there", found)
        self.assertTrue(any("Something else went wrong" in text for text in found), found)

    def test_it_is_looked_for_once(self):
        self.assertStatus(self.refuse("user", "Something else went wrong", "before"), 1)
        self.assertEqual(self.outcomes(), ("refused", "missing"))
        (case,) = self.rowpost("report", "--format", "csv").out.splitlines()[1:]
        self.assertIn("Something else went wrong", case)

    def test_a_check_before_storing_is_believed(self):
        checks = {
            "user": "Email has an incorrect format",
            "campaign": "Name has an incorrect format, Subcategories is a required field",
        }
        for thing, message in checks.items():
            with self.subTest(thing=thing):
                self.standin.reset()
                self.assertStatus(self.refuse(thing, message, "before"), 1)
                self.assertEqual(self.outcomes(), ("refused",))
                self.assertEqual(self.states(), {"refused": 1})

    def test_what_is_there_all_the_same_and_was_not_before_is_removed(self):
        self.refuse("user", "Something else went wrong")
        self.assertEqual(self.standin.counts()["users"], 1)
        self.assertStatus(self.rowpost("undo", *self.target, "--yes"), 0)
        self.assertEqual(self.standin.counts()["users"], 0)


class LeftAlone(Scene):
    """`Retry-After` is for the client, whatever the document was."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.assertStatus(self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF), 0)

    def test_nothing_leaves_before_the_moment_and_it_is_shown(self):
        self.standin.faults({**answer(429, Retry_After="2"), "method": "POST"})
        result = self.rowpost("apply", *self.target, "-j", "1", "-v")
        self.assertStatus(result, 0)
        self.assertRegex(result.err, r"no request before \d\d:\d\d:\d\d UTC")
        sql = "SELECT julianday(started) * 86400 AS at, outcome FROM attempt ORDER BY id"
        attempts = self.read().rows(sql)
        turned_away = next(row["at"] for row in attempts if row["outcome"] == "not taken")
        later = [row["at"] for row in attempts if row["at"] > turned_away]
        self.assertGreaterEqual(min(later) - turned_away, 1.99)

    def test_waiting_for_it_is_not_the_targets_silence(self):
        self.standin.faults({**answer(503, Retry_After="3600"), "method": "POST", "times": -1})
        program = self.start("apply", *self.target, "--give-up-after", "1", "--jobs", "1")
        wait_until(lambda: self.standin.struck()[0] > 0, "the target asks to be left alone")
        number = self.standin.struck()
        time.sleep(2.5)  # longer than its timeout
        self.assertTrue(program.is_running)
        self.assertEqual(self.standin.struck(), number)
        program.send(signal.SIGINT)
        self.assertStatus(program.end(), 1)



for name, refusal in REFUSALS.items():
    add_test(OneOfSeveral, f"one_record_is_refused_by_{name}", refusal)

if __name__ == "__main__":
    unittest.main()
