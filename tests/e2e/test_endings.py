"""The last line of a run: what happened, how long it took, why the exit status is not 0, and the
next command, which is run here as it is printed."""

import re
import shlex
import subprocess
import unittest

from harness import AS_OF, ROWPOST, environment
from legacy import make_clean
from scene import Scene

COMMAND = re.compile(re.escape(shlex.quote(str(ROWPOST))) + r" [a-z]+ .*?(?=\.?$|\. )")
DURATION = r"in (\d+\.\d s|\d+ s|\d+ min \d+ s)"


def last_line(output):
    return output.splitlines()[-1]


class Ending(Scene):
    """The workspace has a blank in its name, as has the folder of what is read."""

    def setUp(self):
        super().setUp()
        self.workspace = self.folder / "the site.rowpost"
        self.legacy = make_clean(self.folder / "legacy.db")
        self.addCleanup(self.legacy.close)
        self.people = self.folder / "people list.csv"
        self.people.write_text("user_name,email,fullname\ngfirst,given@site.example,Given First\n")
        self.plan = ["--from", "legacy.db", "--people", self.people, "--as-of", AS_OF]

    def reject_a_row(self):
        self.legacy.add_validator("odd", "odd@site.example", "No.Such.Group")

    def call(self, verb, *options, status=0):
        """The verb on the workspace; returns its last line."""
        result = self.rowpost(verb, "-w", self.workspace, *options)
        self.assertStatus(result, status)
        return last_line(result.out)

    def paste(self, command):
        return subprocess.run(
            command, shell=True, cwd=self.folder, env=environment(), capture_output=True, text=True
        )

    def assertRuns(self, line, verb, status=0):
        """Each command in the line runs as it is printed; the last is of that verb."""
        commands = COMMAND.findall(line)
        self.assertTrue(commands, line)
        for command in commands:
            done = self.paste(command)
            expected = status if command == commands[-1] else 0
            self.assertEqual(done.returncode, expected, f"{command}\n{done.stdout}{done.stderr}")
        self.assertIn(f" {verb} ", commands[-1])
        return done


class Following(Ending):
    """From plan to report by what the last line says."""

    def test_the_commands_lead_from_the_plan_to_the_report(self):
        planned = self.call("plan", *self.plan)
        self.assertRegex(planned, rf"^6 documents planned from \d+ rows {DURATION}\. Next, with the")
        limited = self.call("apply", *self.target, "--limit", "1")
        self.assertRegex(limited, rf"^4 of 6 documents delivered {DURATION}\. Next: ")
        applied = self.assertRuns(limited, "apply")
        self.assertRegex(last_line(applied.stdout), rf"^6 of 6 documents delivered {DURATION}\. N")
        verified = self.assertRuns(last_line(applied.stdout), "verify")
        line = last_line(verified.stdout)
        self.assertRegex(line, rf"^6 of 6 documents read back and equal {DURATION}\. Next: ")
        self.assertRuns(line, "report")
        self.assertTrue((self.folder / "report.html").exists())

    def test_a_plan_in_a_workspace_that_knows_its_target_leads_there(self):
        self.call("plan", *self.plan)
        self.call("apply", *self.target, "--limit", "1")
        line = self.call("plan", *self.plan)
        self.assertIn(f" apply -w '{self.workspace}' --to {self.standin.url}", line)

    def test_run_ends_with_documents_and_rows(self):
        self.reject_a_row()
        line = self.call("run", *self.plan, *self.target, status=1)
        self.assertRegex(
            line,
            rf"^6 of 6 documents delivered and equal {DURATION}\. Exit status 1, because"
            r" 1 source row was rejected: .* rejects -w '.*'\. Next: ",
        )
        self.assertRuns(line, "report")

    def test_what_was_refused_is_why_and_leads_to_the_report(self):
        self.call("plan", *self.plan)
        self.change("UPDATE document SET state = 'refused' WHERE key = 'first'")
        line = self.call("apply", *self.target, status=1)
        self.assertIn("Exit status 1, because 1 document is refused. Next: ", line)
        self.assertRuns(line, "report")

    def test_status_names_rejected_rows_which_do_not_count(self):
        self.reject_a_row()
        self.call("run", *self.plan, *self.target, status=1)
        line = self.call("status")
        self.assertIn("6 of 6 documents delivered, 6 read back and equal. 1 source row was", line)
        self.assertNotIn("Exit status", line)
        self.assertRuns(line, "report")

    def test_parts_are_merged_by_the_command_that_split_prints(self):
        self.call("plan", *self.plan)
        line = self.call("split", "--into", "2", "-d", self.folder / "the parts")
        self.assertRegex(line, rf"^\d documents are handed out {DURATION}\. Apply each part")
        merged = self.assertRuns(line, "merge")
        self.assertRegex(last_line(merged.stdout), rf"^2 parts merged {DURATION}\. Next")

    def test_undo_shows_what_is_left(self):
        self.call("plan", *self.plan)
        self.call("apply", *self.target)
        result = self.rowpost("undo", "-w", self.workspace, *self.target, "--yes")
        line = last_line(result.err)
        self.assertRegex(line, rf"^4 records removed, 2 are left {DURATION}\. Next: ")
        self.assertRuns(line, "status", status=1)

    def test_a_snapshot_leads_to_a_plan(self):
        options = ["--from", "legacy.db", "-o", self.folder / "a copy.db"]
        result = self.rowpost("snapshot", *options)
        self.assertRuns(last_line(result.out), "plan")

    def test_a_snapshot_of_other_tables_leads_to_a_draft(self):
        options = ["--from", "legacy.db", "-o", self.folder / "a copy.db", "--tables", "users"]
        result = self.rowpost("snapshot", *options)
        self.assertRuns(last_line(result.out), "draft")

    def test_with_json_the_line_is_a_message(self):
        result = self.rowpost("plan", "-w", self.workspace, *self.plan, "--json")
        self.assertEqual(len(result.json["kinds"]), 4)
        self.assertIn("6 documents planned from ", result.err)


class Accepting(Ending):
    """Rejected rows that somebody has looked at need not stop `plan && apply`."""

    def setUp(self):
        super().setUp()
        self.reject_a_row()

    def test_an_accepted_plan_ends_with_0_and_keeps_the_date(self):
        line = self.call("plan", *self.plan, "--accept-rejects")
        self.assertRegex(line, r"1 source row was rejected and accepted on \d{4}-\d\d-\d\d: ")
        status = self.call("status", status=1)
        self.assertRegex(status, r"rejected and accepted on \d{4}-\d\d-\d\d: ")
        settings = self.rowpost("status", "-w", self.workspace, "--json").json["settings"]
        self.assertRegex(settings["rejects-accepted"], r"^\d{4}-\d\d-\d\dT")

    def test_run_takes_it_too(self):
        self.call("run", *self.plan, *self.target, "--accept-rejects")

    def test_planning_again_without_it_ends_the_acceptance(self):
        self.call("plan", *self.plan, "--accept-rejects")
        self.assertNotIn("accepted", self.call("plan", *self.plan, status=1))

    def report(self, form, *options):
        return self.rowpost("report", "-w", self.workspace, "--format", form, *options)

    def accept(self):
        self.call("plan", *self.plan, "--accept-rejects")
        return self.report("json").json["settings"]["rejects-accepted"]

    def test_each_report_has_the_date_where_the_rejected_rows_are(self):
        moment = self.accept()
        self.assertEqual(self.report("json").json["rejects_accepted"], moment)
        self.assertIn(f"1 rejected row was accepted on {moment} (--accept-rejects)",
                      self.report("text").out)
        accepted = f'Accepted on <time datetime="{moment}">'
        page = self.report("html").out
        todo, rejected = (page.split(f'<h2 id="{name}">')[1] for name in ("todo", "rejected"))
        self.assertIn(accepted, todo.split("</ul>")[0])
        self.assertTrue(rejected.split("</p>")[0].split("<p>")[1].startswith(accepted))

    def test_the_page_of_a_rejected_row_has_the_date(self):
        moment = self.accept()
        page = self.report("html", "--key", "odd").out
        self.assertIn(f'1 row was left out. Accepted on <time datetime="{moment}">', page)

    def test_a_page_of_what_was_accepted_asks_for_no_decision(self):
        self.call("run", *self.plan, *self.target, "--accept-rejects")
        page = self.report("html").out
        self.assertIn("checked. 1 row was left out, which was accepted</h1>", page)
        self.assertNotIn("please decide", page)

    def test_without_an_acceptance_no_report_has_one(self):
        self.call("plan", *self.plan, status=1)
        self.assertIsNone(self.report("json").json["rejects_accepted"])
        for form in ("text", "html"):
            self.assertNotIn("ccepted on", self.report(form).out)

    def test_it_accepts_no_document(self):
        self.call("plan", *self.plan, status=1)
        self.call("apply", *self.target)
        self.change("UPDATE document SET state = 'unknown' WHERE key = 'first'")
        self.call("plan", *self.plan, "--accept-rejects", status=1)


if __name__ == "__main__":
    unittest.main()
