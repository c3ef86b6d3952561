"""The pace: how many requests at a time and a second, pauses, and parts of a delivery."""

import datetime
import unittest

from harness import AS_OF, Standin, Workspace, wait_until
from legacy import Legacy, make_clean
from metrics_file import find, parse
from scene import Scene, add_test

USERS = 60
PAUSE = datetime.timedelta(seconds=1)  # after five failures in a row
ROUNDING = datetime.timedelta(milliseconds=5)  # the workspace keeps milliseconds


class ManyUsers(Scene):
    """A plan of many small documents of one kind."""

    standin_options = ("--latency", 10, "--workers", 64)
    users = USERS

    def setUp(self):
        super().setUp()
        legacy = Legacy(self.folder / "legacy.db")
        legacy.execute("BEGIN")
        for number in range(self.users):
            legacy.add_validator(f"u{number}", f"u{number}@site.example", "HLT.Data.MET")
        legacy.execute("COMMIT")
        legacy.close()
        self.assertStatus(self.rowpost("plan", "--from", "legacy.db", "--as-of", AS_OF), 0)
        self.assertEqual(self.states(), {"pending": self.users})

    def apply(self, *more):
        return self.rowpost("apply", *self.target, *more)

    def start_with_metrics(self, *options):
        self.metrics = self.folder / "rowpost.prom"
        return self.start("apply", *self.target, "--metrics", self.metrics, *options)

    def gauge(self, name):
        """What the program itself reports of its work, as it writes it again and again."""
        return find(parse(self.metrics.read_text()), name) if self.metrics.exists() else None

    def attempts(self):
        """When each attempt began and ended, in the order of their ends."""
        workspace = Workspace(self.workspace)
        rows = workspace.rows("SELECT started, duration_us FROM attempt ORDER BY id")
        workspace.close()
        for started, microseconds in rows:
            start = datetime.datetime.fromisoformat(started)
            yield start, start + datetime.timedelta(microseconds=microseconds)

    def connections(self):
        """How many connections posts have come over."""
        return len({entry["connection"] for entry in self.standin.posts()})

    def assertAllDelivered(self):
        self.assertEqual(self.states(), {"delivered": self.users})
        counts = self.standin.counts()
        self.assertEqual((counts["users"], counts["duplicates"]), (self.users, 0))


class Jobs(ManyUsers):
    users = 120

    def requests_held_up(self, *options):
        """How many look-ups of users the program has under way before the first is answered."""
        self.standin.hold(method="GET", match="site")
        program = self.start_with_metrics(*options)
        under_way = lambda: self.standin.counts()["under_way"]
        settled = lambda: 0 < under_way() == self.gauge("rowpost_requests_in_flight")
        wait_until(settled, "the program and the target agree on what is under way")
        number = under_way()
        self.assertTrue(program.kill())
        return number

    def test_two_requests_are_the_first_by_default(self):
        self.assertEqual(self.requests_held_up(), 2)

    def test_auto_can_be_said(self):
        self.assertEqual(self.requests_held_up("--jobs", "auto"), 2)

    def test_a_fixed_number_is_under_way_from_the_start(self):
        self.assertEqual(self.requests_held_up("--jobs", "7"), 7)

    def test_a_single_job_waits_for_each_answer(self):
        self.assertEqual(self.requests_held_up("-j", "1"), 1)

    def test_auto_rises_against_a_quick_target(self):
        self.assertStatus(self.apply(), 0)
        self.assertGreaterEqual(self.connections(), 4)
        self.assertAllDelivered()

    def test_a_fixed_number_does_not_rise(self):
        self.assertStatus(self.apply("--jobs", "3"), 0)
        self.assertEqual(self.connections(), 3)
        self.assertAllDelivered()


class Rate(ManyUsers):
    users = 24

    def assertRate(self, limit):
        """By when they started, no more requests than the limit in any span of time. A request may
        leave at once after an idle while, and so may the next one."""
        starts = sorted(start for start, _ in self.attempts())
        self.assertGreaterEqual(len(starts), self.users)
        interval = datetime.timedelta(seconds=1 / limit)
        for first, start in enumerate(starts):
            for behind, later in enumerate(starts[first + 2 :], 1):
                self.assertGreaterEqual(later - start, behind * interval - ROUNDING)

    def test_a_rate_is_never_exceeded(self):
        self.assertStatus(self.apply("--rate", "20/s", "--jobs", "8"), 0)
        self.assertRate(20)
        self.assertAllDelivered()

    def test_a_rate_without_its_unit_is_a_second_s(self):
        self.assertStatus(self.apply("--rate", "40"), 0)
        self.assertRate(40)
        self.assertAllDelivered()


class Circuit(ManyUsers):
    """A target that is busy or away for a while."""

    def test_what_is_turned_away_now_and_then_is_sent_again(self):
        self.standin.faults({"kind": "status", "method": "POST", "skip": 5, "times": 3})
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.standin.struck(), [3])
        self.assertAllDelivered()

    def test_nearly_nothing_leaves_while_the_target_is_busy(self):
        self.standin.faults({"kind": "status", "skip": 1, "times": -1})
        program = self.start("apply", *self.target)
        wait_until(lambda: self.standin.struck()[0] >= 6, "it is turned away")
        self.standin.faults()
        self.assertStatus(program.end(), 0)
        self.assertAllDelivered()
        attempts = list(self.attempts())
        _, fifth_failure = attempts[4]
        starts = [start for start, _ in attempts[5:] if start > fifth_failure]
        self.assertGreaterEqual(min(starts), fifth_failure + PAUSE - ROUNDING)

    def test_only_one_request_finds_out_whether_the_target_is_back(self):
        self.standin.faults({"kind": "status", "skip": 1, "times": -1})
        program = self.start_with_metrics("--jobs", "8")
        pausing = lambda: self.gauge("rowpost_paused") == 1
        in_flight = lambda: self.gauge("rowpost_requests_in_flight")
        wait_until(lambda: pausing() and in_flight() == 0, "it pauses")
        self.standin.hold()
        self.wait_until_held(program)
        wait_until(lambda: in_flight() == 1, "it is said that one is under way")
        self.assertEqual(self.standin.counts()["under_way"], 1)
        self.assertTrue(program.kill())

    def test_an_outage_is_reported_once_when_it_begins_and_when_it_ends(self):
        self.standin.faults({"kind": "status", "skip": 21, "times": 7})
        result = self.apply("--jobs", "1")
        self.assertStatus(result, 0)
        self.assertEqual(result.err.count("no usable answer several times in a row"), 1)
        self.assertEqual(result.err.count("\nthe target is back\n"), 1)

    def test_a_busy_target_loses_nothing_when_it_is_given_up(self):
        self.standin.faults({"kind": "status", "skip": 21, "times": -1})
        result = self.apply("--give-up-after", "1")
        self.assertStatus(result, 3)
        self.assertIn("nothing was lost", result.err)
        self.assertIn("503", result.err)
        states = self.states()
        self.assertEqual(states["delivered"], self.standin.counts()["users"])
        self.assertLessEqual(set(states), {"delivered", "pending", "unknown"})
        self.standin.faults()
        self.assertStatus(self.apply(), 0)
        self.assertAllDelivered()


class Resting(ManyUsers):
    """Documents that the target turns away again and again, while it takes the others slowly."""

    standin_options = ("--latency", 60, "--workers", 64)
    users = 20

    def test_they_hold_up_no_others(self):
        busy = {"kind": "status", "status": 429, "times": -1}
        keys = ("u3@", "u4@", "u5@")
        self.standin.faults(*({**busy, "method": "POST", "match": key} for key in keys))
        program = self.start("apply", *self.target, "--jobs", "2")
        others = self.users - len(keys)
        wait_until(lambda: self.standin.counts()["users"] == others, "the others are delivered")
        program.kill()


class Away(ManyUsers):
    """A target that is stopped and started again, with its records."""

    @classmethod
    def setUpClass(cls):
        """Each test has a target of its own, which it stops."""

    def setUp(self):
        super().setUp()
        self.standin = Standin(
            self.folder, "--data", self.folder / "target.db", *self.standin_options
        )
        self.addCleanup(self.standin.close)

    def start_and_stop_target(self, *options):
        """The program is in the middle of its work when the target goes away."""
        self.standin.hold(method="POST", skip=10)
        program = self.start("apply", *self.target, *options)
        self.wait_until_held(program)
        self.standin.kill()
        return program

    def unanswered(self):
        workspace = Workspace(self.workspace)
        sql = "SELECT count(*) FROM attempt WHERE outcome IN ('not taken', 'uncertain')"
        ((number,),) = workspace.rows(sql)
        workspace.close()
        return number

    def test_the_program_goes_on_by_itself_when_the_target_is_back(self):
        program = self.start_and_stop_target()
        wait_until(lambda: self.unanswered() >= 5, "it has been turned away")
        self.assertTrue(program.is_running)
        self.standin.start()
        self.assertStatus(program.end(), 0)
        self.assertAllDelivered()

    def test_a_target_that_stays_away_is_given_up_and_nothing_is_lost(self):
        program = self.start_and_stop_target("--give-up-after", "1")
        result = program.end()
        self.assertStatus(result, 3)
        self.assertIn("nothing was lost", result.err)
        self.assertLessEqual(set(self.states()), {"delivered", "pending", "unknown"})
        self.standin.start()
        self.assertStatus(self.apply(), 0)
        self.assertAllDelivered()


class Choice(Scene):
    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        people = self.folder / "people.csv"
        people.write_text("user_name,email,fullname\ngfirst,given@site.example,Given First\n")
        plan = ["plan", "--from", "legacy.db", "--people", people, "--as-of", AS_OF]
        self.assertStatus(self.rowpost(*plan), 0)
        self.number = self.states()["pending"]

    def apply(self, *more):
        return self.rowpost("apply", *self.target, *more)

    def delivered(self):
        documents = self.documents().items()
        return {name for name, row in documents if row["state"] == "delivered"}

    def assertRestFollows(self):
        self.assertStatus(self.apply(), 0)
        self.assertEqual(self.states(), {"delivered": self.number})
        self.assertTargetHolds()
        self.assertEqual(self.standin.counts()["posts_per_key"], 1)


class Selection(Choice):
    """A part of the documents: by kind, by key, or the first few."""

    def test_only_a_kind_is_delivered(self):
        self.assertStatus(self.apply("--only", "validators"), 0)
        self.assertEqual({kind for kind, _ in self.delivered()}, {"validators"})
        self.assertEqual(self.standin.counts()["users"], len(self.delivered()))
        self.assertRestFollows()

    def test_only_a_key_is_delivered(self):
        self.assertStatus(self.apply("--key", "second"), 0)
        self.assertEqual(self.delivered(), {("validators", "second")})
        self.assertRestFollows()

    def test_a_key_of_another_kind_sends_nothing(self):
        self.apply("--only", "campaigns", "--key", "second")
        self.assertEqual(self.delivered(), set())
        self.assertEqual(self.standin.posts(), [])

    def test_a_limit_is_a_trial_run_with_so_many_of_each_kind(self):
        self.assertStatus(self.apply("--limit", "1"), 0)
        delivered = [kind for kind, _ in self.delivered()]
        self.assertEqual(
            sorted(delivered), ["administrators", "authors", "campaigns", "validators"]
        )
        self.assertEqual(len(self.standin.posts()), len(delivered))
        self.assertRestFollows()

    def test_each_trial_run_goes_on_where_the_last_ended(self):
        self.assertStatus(self.apply("--limit", "1"), 0)
        self.assertStatus(self.apply("--limit", "1"), 0)
        self.assertEqual(self.states(), {"delivered": self.number})
        self.assertRestFollows()

    def test_a_limit_above_the_number_delivers_everything(self):
        self.assertStatus(self.apply("--limit", "1000"), 0)
        self.assertEqual(self.states(), {"delivered": self.number})

    def test_a_limit_goes_with_a_kind(self):
        self.assertStatus(self.apply("--only", "administrators", "--limit", "1"), 0)
        self.assertEqual([kind for kind, _ in self.delivered()], ["administrators"])


class Needed(Choice):
    """A campaign that arrives before its authors loses them there for good: they go first."""

    def setUp(self):
        super().setUp()
        self.campaign = self.exports("campaigns")["12_0_0"]
        (self.author,) = {name for report in self.campaign["reports"] for name in report["authors"]}

    def assertAuthorIsThere(self):
        (there,) = [c for c in self.standin.state()["campaigns"] if c["name"] == "12_0_0"]
        self.assertEqualCampaign(there, self.campaign)

    def test_the_authors_of_a_campaign_by_its_key_are_sent_first_and_named(self):
        result = self.apply("--key", "12_0_0")
        self.assertStatus(result, 0)
        self.assertEqual(self.delivered(), {("authors", "gfirst"), ("campaigns", "12_0_0")})
        self.assertIn("--key 12_0_0: 1 user is delivered first: gfirst\n", result.err)
        self.assertAuthorIsThere()
        self.assertRestFollows()

    def test_the_authors_of_all_campaigns_are_sent_with_their_kind(self):
        result = self.apply("--only", "campaigns")
        self.assertStatus(result, 0)
        self.assertIn("--only campaigns: 1 user is delivered first: gfirst\n", result.err)
        self.assertEqual({kind for kind, _ in self.delivered()}, {"authors", "campaigns"})
        self.assertAuthorIsThere()

    def test_authors_who_are_there_are_not_named(self):
        self.assertStatus(self.apply("--only", "authors"), 0)
        self.assertNotIn("delivered first", self.apply("--key", "12_0_0").err)

    def test_an_author_who_may_have_arrived_is_looked_up_first(self):
        self.change("UPDATE document SET state = 'unknown' WHERE key = 'gfirst'")
        self.assertStatus(self.apply("--key", "12_0_0"), 0)
        self.assertAuthorIsThere()
        self.assertRestFollows()

    def test_an_author_who_cannot_be_sent_stops_it_before_anything_is_sent(self):
        for state in ("refused", "handed out"):
            self.change(f"UPDATE document SET state = '{state}' WHERE key = 'gfirst'")
            for choice in (("--key", "12_0_0"), ("--only", "campaigns"), ("--limit", "5")):
                with self.subTest(state=state, choice=choice):
                    result = self.apply(*choice)
                    self.assertStatus(result, 2)
                    self.assertIn(f"{choice[0]} {choice[1]}: needs 1 user first", result.err)
                    self.assertIn("gfirst", result.err)
        self.assertEqual(self.standin.posts(), [])

    def test_an_author_who_was_refused_is_sent_again_where_that_is_asked_for(self):
        self.change("UPDATE document SET state = 'refused' WHERE key = 'gfirst'")
        self.assertStatus(self.apply("--key", "12_0_0", "--retry-refused"), 0)
        self.assertAuthorIsThere()


class Mistake(Scene):
    """A value that cannot be: reported before anything is looked for or sent."""

    def meet(self, option, value):
        if option == "--only":  # which kinds there are is the workspace's to know
            self.assertStatus(self.rowpost("plan", *self.source("legacy")), 0)
        result = self.rowpost("apply", *self.target, f"{option}={value}")
        self.assertStatus(result, 2)
        self.assertIn(f"{option} {value}" if option != "--only" else f'"{value}"', result.err)
        self.assertEqual(self.standin.counts()["requests"], 0)
        self.assertEqual(result.out, "")


MISTAKES = {
    "--only": ["people", "Validators", "users"],
    "--jobs": ["0", "-1", "1000", "many", "2.5", ""],
    "--rate": ["0", "-3", "fast", "20/m", "nan", "inf", ""],
    "--limit": ["0", "-1", "some", "1.5", ""],
    "--give-up-after": ["0", "-1", "1m", ""],
}

for option, values in MISTAKES.items():
    for value in values:
        name = f"{option[2:].replace('-', '_')}_{value or 'of_nothing'}"
        add_test(Mistake, name, option, value)

if __name__ == "__main__":
    unittest.main()
