"""--metrics: figures for Prometheus, in a file that is whole at every moment."""

import re
import shutil
import stat
import subprocess
import unittest

from harness import AS_OF, ROOT, make_sample, wait_until
from legacy import make_clean
from metrics_file import add_up, find, parse
from scene import Scene

PACKAGES = ["prometheus"]  # has promtool

ANSWERED = 5  # posts, before the others are held


class MetricsScene(Scene):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "rowpost.prom"
        self.metrics = ["--metrics", self.file]

    def read_metrics(self):
        """The samples, after promtool has found nothing amiss."""
        text = self.file.read_text()
        done = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual((done.returncode, done.stdout), (0, ""), text)
        return parse(text)

    def assertHoldsWhatTheWorkspaceHolds(self, samples):
        workspace = self.read()
        name = "SELECT k.name, {} count(*) FROM document d JOIN kind k ON k.position = d.kind "
        states = workspace.rows(name.format("state,") + "GROUP BY 1, 2")
        self.assertGreater(len(states), 0)
        for kind, state, count in states:
            self.assertEqual(find(samples, "rowpost_documents", kind=kind, state=state), count)
        total = sum(count for _, _, count in states)
        self.assertEqual(add_up(samples, "rowpost_documents"), total)
        verdicts = workspace.rows(name.format("verdict,") + "WHERE verdict IS NOT NULL GROUP BY 1, 2")
        for kind, verdict, count in verdicts:
            labels = {"kind": kind, "verdict": verdict}
            self.assertEqual(find(samples, "rowpost_verified_documents", **labels), count)
        for outcome, count in workspace.rows("SELECT outcome, count(*) FROM source_row GROUP BY 1"):
            self.assertEqual(add_up(samples, "rowpost_rows", outcome=outcome), count)
        attempts = workspace.rows("SELECT purpose, outcome, count(*) FROM attempt GROUP BY 1, 2")
        for purpose, outcome, count in attempts:
            labels = {"purpose": purpose, "outcome": outcome}
            self.assertEqual(find(samples, "rowpost_attempts_total", **labels), count)
        self.assertEqual(add_up(samples, "rowpost_attempts_total"), sum(row[2] for row in attempts))
        times = workspace.rows("SELECT purpose, count(*), sum(duration_us) FROM attempt"
                               " WHERE status IS NOT NULL AND duration_us IS NOT NULL GROUP BY 1")
        for purpose, count, total in times:
            family = "rowpost_answer_duration_seconds"
            self.assertEqual(find(samples, family + "_count", purpose=purpose), count)
            self.assertAlmostEqual(find(samples, family + "_sum", purpose=purpose), total / 1e6, 5)
            self.assertEqual(find(samples, family + "_bucket", purpose=purpose, le="+Inf"), count)


class Metrics(MetricsScene):
    def test_at_the_end_it_holds_what_the_workspace_holds(self):
        result = self.rowpost("run", *self.source("backup-dirty"), *self.target, *self.metrics)
        self.assertStatus(result, 1)
        samples = self.read_metrics()
        self.assertHoldsWhatTheWorkspaceHolds(samples)
        self.assertEqual(find(samples, "rowpost_exit_status"), 1)
        started = find(samples, "rowpost_start_time_seconds")
        self.assertGreaterEqual(find(samples, "rowpost_end_time_seconds"), started)
        self.assertEqual(find(samples, "rowpost_run_info", verb="run"), 1)
        self.assertGreater(add_up(samples, "rowpost_planned_rows_total", outcome="rejected"), 0)
        self.assertEqual(find(samples, "rowpost_requests_in_flight"), 0)

    def test_nothing_else_is_left_next_to_it(self):
        legacy = make_clean(self.folder / "legacy.db")
        legacy.close()
        before = {path.name for path in self.folder.iterdir()}
        self.rowpost("plan", "--from", self.folder / "legacy.db", *self.metrics)
        after = {path.name for path in self.folder.iterdir()}
        self.assertEqual(after - before, {"valdb.rowpost", "rowpost.prom"})

    def test_a_collector_of_another_user_may_read_it(self):
        self.rowpost("plan", *self.source("legacy"), *self.metrics)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o644)
        self.assertEqual(stat.S_IMODE(self.workspace.stat().st_mode), 0o600)

    def test_it_has_no_secrets_and_no_people(self):
        self.rowpost("run", *self.source("backup-dirty"), *self.target, *self.metrics)
        text = self.file.read_text()
        self.assertNotIn("good-x", text)
        self.assertNotIn("@", text)
        self.assertNotIn(str(self.folder), text)

    def test_a_plan_reports_its_rows_and_documents(self):
        self.assertStatus(self.rowpost("plan", *self.source("legacy"), *self.metrics), 0)
        samples = self.read_metrics()
        self.assertHoldsWhatTheWorkspaceHolds(samples)
        rows = add_up(samples, "rowpost_rows")
        self.assertEqual(add_up(samples, "rowpost_planned_rows_total"), rows)
        documents = add_up(samples, "rowpost_documents", state="pending")
        self.assertEqual(find(samples, "rowpost_planned_documents_total"), documents)

    def test_each_family_is_documented_with_its_type(self):
        self.rowpost("run", *self.source("legacy"), *self.target, *self.metrics)
        families = re.findall(r"^# TYPE (\w+) (\w+)$", self.file.read_text(), re.MULTILINE)
        page = (ROOT / "docs" / "metrics.md").read_text()
        documented = re.findall(r"^\| `(rowpost_\w+)` \| (\w+) \|", page, re.MULTILINE)
        self.assertEqual(sorted(families), sorted(documented))

    def test_the_rules_of_the_documentation_are_such_rules(self):
        page = (ROOT / "docs" / "metrics.md").read_text()
        rules = self.folder / "rules.yml"
        rules.write_text(re.search(r"```yaml\n(.*?)```", page, re.DOTALL).group(1))
        done = subprocess.run(["promtool", "check", "rules", rules], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("4 rules found", done.stdout)

    def test_how_a_run_failed(self):
        self.assertStatus(self.rowpost("plan", "--from", "no.db", *self.metrics), 3)
        self.assertEqual(find(self.read_metrics(), "rowpost_exit_status"), 3)
        self.standin.faults({"kind": "login-redirect", "times": -1})
        run = ["run", *self.source("legacy"), *self.target, *self.metrics]
        self.assertStatus(self.rowpost(*run), 4)
        self.assertEqual(find(self.read_metrics(), "rowpost_exit_status"), 4)

    def test_a_file_that_is_no_metrics_stays(self):
        self.rowpost("plan", *self.source("legacy"))
        before = self.workspace.read_bytes()
        result = self.rowpost("plan", *self.source("legacy"), "--metrics", self.workspace)
        self.assertStatus(result, 2)
        self.assertIn("this is a database", result.err)
        self.assertEqual(self.workspace.read_bytes(), before)

    def test_a_place_that_cannot_be_written_is_found_before_anything_is_done(self):
        place = self.folder / "no-folder" / "rowpost.prom"
        result = self.rowpost("plan", *self.source("legacy"), "--metrics", place)
        self.assertStatus(result, 5)
        self.assertIn("cannot be opened", result.err)
        self.assertFalse(self.workspace.exists())


class AtWork(MetricsScene):
    """While posts are held it is running, whatever the test does meanwhile."""

    def setUp(self):
        super().setUp()
        options = {"users": 20, "dirty": "no", "history": "no"}
        plan = make_sample(self.folder / "sample", campaigns=60, rows=240, **options)
        self.assertStatus(self.rowpost("plan", *plan, "--as-of", AS_OF), 0)
        self.documents = sum(self.states().values())

    def delivered(self):
        """How many the file, at this moment, calls delivered."""
        if not self.file.exists():
            return 0
        return add_up(parse(self.file.read_text()), "rowpost_documents", state="delivered")

    def start_and_wait(self):
        self.standin.hold(method="POST", skip=ANSWERED)
        program = self.start("apply", *self.target, "--jobs", 1, *self.metrics)
        self.wait_until_held(program)
        wait_until(lambda: self.delivered() == ANSWERED, "the figures have moved")
        return program

    def test_while_it_is_at_work(self):
        program = self.start_and_wait()
        samples = self.read_metrics()
        self.assertTrue(program.is_running)
        self.assertNotIn(("rowpost_end_time_seconds",), samples)
        self.assertEqual(find(samples, "rowpost_jobs"), 1)
        self.assertEqual(add_up(samples, "rowpost_documents"), self.documents)
        self.assertEqual(add_up(samples, "rowpost_documents", state="delivered"), ANSWERED)
        self.assertEqual(find(samples, "rowpost_requests_in_flight"), 1)

    def test_after_kill_it_is_whole_and_the_next_run_goes_on_counting(self):
        self.assertTrue(self.start_and_wait().kill())
        killed = self.read_metrics()
        self.assertNotIn(("rowpost_exit_status",), killed)
        self.standin.release()
        self.assertStatus(self.rowpost("apply", *self.target, "--jobs", 8, *self.metrics), 0)
        samples = self.read_metrics()
        self.assertHoldsWhatTheWorkspaceHolds(samples)
        self.assertEqual(add_up(samples, "rowpost_documents", state="delivered"), self.documents)
        for key, value in killed.items():
            if key[0] == "rowpost_attempts_total":
                self.assertGreaterEqual(samples[key], value)

    def test_a_pause_is_reported_while_it_lasts(self):
        program = self.start_and_wait()
        self.standin.faults({"kind": "status", "status": 503, "times": -1})
        paused = lambda: find(parse(self.file.read_text()), "rowpost_paused") == 1
        wait_until(paused, "a pause is told")
        self.assertGreaterEqual(find(self.read_metrics(), "rowpost_pauses_total"), 1)
        self.assertTrue(program.is_running)

    def test_a_place_that_goes_away_is_no_reason_to_stop(self):
        place = self.folder / "collected"
        place.mkdir()
        self.file = place / "rowpost.prom"
        self.metrics = ["--metrics", self.file]
        program = self.start_and_wait()
        shutil.rmtree(place)
        self.standin.faults()
        result = program.end()
        self.assertStatus(result, 0)
        self.assertIn("warning: --metrics", result.err)
        self.assertEqual(self.states(), {"delivered": self.documents})


if __name__ == "__main__":
    unittest.main()
