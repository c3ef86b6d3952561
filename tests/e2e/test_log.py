"""`--log-format json`: every line on stderr is an object, however the program ends."""

import json
import signal
import subprocess
import unittest

from harness import AS_OF, ROWPOST, make_sample
from legacy import make_clean
from scene import Scene

PACKAGES = ["jq"]

MEMBERS = {"time", "level", "verb", "message"}
LEVELS = {"error", "warning", "info", "debug"}
FORMAT = ("--log-format", "json")


class LogScene(Scene):
    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.plan = ["--from", "legacy.db", "--as-of", AS_OF]

    def read_log(self, result):
        """The objects, as jq reads each line on its own; all of them have what all must have."""
        command = ["jq", "-Rce", "fromjson"]
        read = subprocess.run(command, input=result.err, capture_output=True, text=True)
        self.assertEqual(read.returncode, 0, f"{read.stderr}\n{result.err}")
        lines = [json.loads(line) for line in read.stdout.splitlines()]
        self.assertEqual(len(lines), result.err.count("\n"))
        self.assertNotIn("\033", result.err)
        for line in lines:
            self.assertLessEqual(MEMBERS, set(line))
            self.assertIn(line["level"], LEVELS)
            self.assertRegex(line["time"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
        return lines

    def log_of(self, status, *arguments):
        result = self.rowpost(*arguments, *FORMAT)
        self.assertStatus(result, status)
        return self.read_log(result)

    def assertFails(self, lines, code, status):
        """The last line has the reason, and no other line is an error."""
        self.assertEqual([line["event"] for line in lines if line["level"] == "error"], ["error"])
        last = lines[-1]
        self.assertEqual((last["code"], last["exit_status"]), (code, status))


class Log(LogScene):
    def test_a_run_that_succeeds(self):
        lines = self.log_of(0, "run", *self.plan, *self.target, "-v", "-v")
        self.assertEqual({line["verb"] for line in lines}, {"run"})
        self.assertEqual((lines[-1]["event"], lines[-1]["exit_status"]), ("end", 0))
        steps = [line["message"] for line in lines if "event" not in line]
        self.assertEqual(steps, ["plan", "apply", "verify"])

    def test_progress_shows_the_figures_of_each_kind(self):
        lines = self.log_of(0, "run", *self.plan, *self.target)
        progress = [line for line in lines if line.get("event") == "progress"]
        told = {(line["of"], line["done"], line["total"]) for line in progress}
        self.assertLessEqual({("validators", 2, 2), ("campaigns", 2, 2)}, told)
        self.assertIn(("rows", None), {(line["of"], line["total"]) for line in progress})
        self.assertTrue(all(line["rate"] >= 0 for line in progress))

    def test_progress_of_a_deep_verify_counts_the_parts_as_well(self):
        self.log_of(0, "run", *self.plan, *self.target)
        bodies = self.exports("campaigns").values()
        number = sum(1 + len(body["reports"]) for body in bodies)
        lines = self.log_of(0, "verify", *self.target, "--deep")
        told = {(line["of"], line["done"], line["total"])
                for line in lines if line.get("event") == "progress"}
        self.assertIn(("campaigns with parts", number, number), told)

    def test_a_run_that_ends_with_something_to_look_at(self):
        lines = self.log_of(1, "run", *self.source("backup-dirty"), *self.target)
        self.assertEqual((lines[-1]["event"], lines[-1]["exit_status"]), ("end", 1))

    def test_each_failure_names_the_document_with_v(self):
        self.standin.faults({"kind": "status", "status": 503, "method": "POST"})
        lines = self.log_of(0, "run", *self.plan, *self.target, "-v")
        (failure,) = (line for line in lines if line.get("event") == "failure")
        self.assertEqual((failure["kind"], failure["key"]), ("validators", "first"))
        self.assertEqual((failure["status"], failure["method"]), (503, "POST"))
        self.assertEqual(failure["level"], "debug")

    def test_a_source_that_is_not_there(self):
        self.assertFails(self.log_of(3, "plan", "--from", "no.db"), "source", 3)

    def test_a_target_that_is_not_there(self):
        arguments = ["run", *self.plan, "--to", "http://127.0.0.1:1", "--give-up-after", "1"]
        self.assertFails(self.log_of(3, *arguments), "target", 3)

    def test_a_session_that_has_expired(self):
        self.standin.faults({"kind": "login-redirect", "times": -1})
        self.assertFails(self.log_of(4, "run", *self.plan, *self.target), "session", 4)

    def test_usage_errors_behind_the_option(self):
        for arguments in (["plan", "--nope"], ["show"], ["status", "more"], ["apply", "-j", "0"]):
            result = self.rowpost(arguments[0], *FORMAT, *arguments[1:])
            self.assertStatus(result, 2)
            lines = self.read_log(result)
            self.assertFails(lines, "usage", 2)
            self.assertEqual(lines[0]["verb"], arguments[0])

    def test_usage_errors_of_values_that_do_not_go_together(self):
        self.assertFails(self.log_of(2, "plan"), "usage", 2)
        self.assertFails(self.log_of(2, "status"), "workspace", 2)

    def test_a_question_is_an_error_where_nobody_can_be_asked(self):
        self.log_of(0, "run", *self.plan, *self.target)
        self.assertFails(self.log_of(2, "undo", *self.target), "usage", 2)

    def test_results_that_cannot_be_written(self):
        self.log_of(0, "plan", *self.plan)
        with open("/dev/full", "wb") as full:
            process = subprocess.run(
                [ROWPOST, "status", *FORMAT],
                cwd=self.folder,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
            )
        self.assertEqual(process.returncode, 5)
        (line,) = map(json.loads, process.stderr.splitlines())
        self.assertEqual((line["code"], line["exit_status"]), ("disk", 5))

    def test_quiet_prints_only_the_error(self):
        self.assertEqual(self.log_of(0, "run", *self.plan, *self.target, "-q"), [])
        self.assertEqual(len(self.log_of(3, "plan", "--from", "no.db", "-q")), 1)

    def test_the_result_stays_what_it_is(self):
        result = self.rowpost("run", *self.plan, *self.target, *FORMAT, "--json")
        self.assertEqual(result.json["version"], 2)


class Interrupted(LogScene):
    def setUp(self):
        super().setUp()
        options = {"users": 20, "dirty": "no", "history": "no"}
        plan = make_sample(self.folder / "sample", campaigns=60, rows=240, **options)
        self.assertStatus(self.rowpost("plan", *plan, "--as-of", AS_OF), 0)

    def test_a_run_that_is_interrupted(self):
        self.standin.hold(method="POST", skip=5)
        program = self.start("apply", *self.target, *FORMAT)
        self.wait_until_held(program)
        program.send(signal.SIGINT)
        self.standin.faults()
        result = program.end()
        self.assertStatus(result, 1)
        self.assertFails(self.read_log(result), "interrupted", 1)

    def test_a_run_that_is_killed(self):
        self.standin.hold(method="POST", skip=5)
        program = self.start("apply", *self.target, *FORMAT, "-v")
        self.wait_until_held(program)
        program.process.send_signal(signal.SIGKILL)
        self.read_log(program.end())
        self.standin.release()
        result = self.rowpost("apply", *self.target, *FORMAT)
        self.assertStatus(result, 0)
        messages = " ".join(line["message"] for line in self.read_log(result))
        self.assertIn("an earlier run ended", messages)


if __name__ == "__main__":
    unittest.main()
