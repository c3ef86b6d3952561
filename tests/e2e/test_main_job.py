"""The main job through the command line: plan, deliver, verify, and what the other verbs tell."""

import collections
import hashlib
import json
import shutil
import stat
import unittest

from harness import AS_OF, GOLDEN
from legacy import make_clean
from scene import Scene

KINDS = ["validators", "administrators", "authors", "campaigns"]
USER_PATH = "/api/users/"
CAMPAIGN_PATH = "/api/campaigns/migrate/"


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


class DirtyRun(Scene):
    """`run` on a backup with rows that make the notebook stop or lose data."""

    def run_dirty(self, *more):
        return self.rowpost("run", *self.source("backup-dirty"), *self.target, *more)

    def test_run_delivers_everything_and_ends_with_1_for_the_rejected_rows(self):
        result = self.run_dirty("--deep", "--json")
        self.assertStatus(result, 1)
        summary = result.json
        self.assertBalances(summary)
        rejected = sum(table["rejected"] for table in summary["tables"])
        self.assertGreater(rejected, 0)
        for kind in summary["kinds"]:
            planned = kind["documents"]["planned"]
            self.assertGreater(planned, 0)
            self.assertEqual(kind["documents"]["delivered"], planned)
            none = {"not_compared": 0, "different": 0, "missing": 0, "duplicate": 0}
            self.assertEqual(kind["verified"], {"equal": planned, **none})
        self.assertTargetHolds()

    def test_run_posts_each_document_once(self):
        self.run_dirty()
        self.assertEqual(self.standin.counts()["posts_per_key"], 1)
        self.assertEqual(len(self.standin.posts()), sum(self.states().values()))

    def test_a_second_run_sends_nothing(self):
        self.run_dirty()
        posts = len(self.standin.posts())
        result = self.run_dirty("--deep")
        self.assertStatus(result, 1)
        self.assertEqual(len(self.standin.posts()), posts)

    def test_a_phase_starts_when_the_one_before_has_ended(self):
        self.run_dirty("--jobs", "8")
        order = {}
        for number, kind in enumerate(KINDS):
            for body in self.exports(kind).values():
                order[body.get("email") or body["name"]] = number
        phases = [order[post["key"]] for post in self.standin.posts()]
        self.assertEqual(phases, sorted(phases))
        self.assertEqual(set(phases), {0, 1, 2, 3})

    def test_the_source_is_only_read(self):
        folder = self.folder / "source"
        folder.mkdir()
        source = folder / "backup.db"
        shutil.copyfile(GOLDEN / "backup-dirty.db", source)
        before = fingerprint(source)
        self.rowpost("run", "--from", source, "--as-of", AS_OF, *self.target)
        self.assertEqual(fingerprint(source), before)
        self.assertEqual([path.name for path in folder.iterdir()], ["backup.db"])

    def test_a_source_that_cannot_be_written_is_read(self):
        folder = self.folder / "source"
        folder.mkdir()
        source = folder / "backup.db"
        shutil.copyfile(GOLDEN / "backup-dirty.db", source)
        source.chmod(0o400)
        folder.chmod(0o500)
        self.addCleanup(folder.chmod, 0o700)
        result = self.rowpost("plan", "--from", f"sqlite:{source}", "--as-of", AS_OF)
        self.assertStatus(result, 1)

    def test_rejects_are_those_of_the_summary(self):
        summary = self.run_dirty("--json").json
        for table in summary["tables"]:
            lines = self.rowpost("rejects", "--json", "--table", table["table"]).lines
            self.assertEqual(len(lines), table["rejected"])
            for line in lines:
                self.assertEqual(set(line), {"table", "row", "reason", "content"})
                self.assertEqual(line["table"], table["table"])
                self.assertTrue(line["reason"])
                self.assertIsInstance(line["content"], dict)

    def test_skips_are_those_of_the_summary(self):
        summary = self.run_dirty("--json").json
        expected = sum(table["skipped"] for table in summary["tables"])
        lines = self.rowpost("skips", "--json").lines
        self.assertEqual(len(lines), expected)
        self.assertTrue(all(line["rule"] for line in lines))
        self.assertEqual(len(self.rowpost("skips").out.splitlines()), expected)

    def test_rejected_rows_are_no_matter_of_apply_verify_and_status(self):
        self.run_dirty()
        verbs = (["apply", *self.target], ["verify", *self.target], ["status"])
        for verb in verbs:
            self.assertStatus(self.rowpost(*verb), 0)
        result = self.rowpost("plan", *self.source("backup-dirty"))
        self.assertStatus(result, 1)
        self.assertRegex(result.out, r" Exit status 1, because \d+ source rows were rejected: .*\n\Z")

    def test_rejects_as_text_are_a_line_each(self):
        self.run_dirty()
        lines = self.rowpost("rejects").out.splitlines()
        self.assertEqual(len(lines), len(self.rowpost("rejects", "--json").lines))
        self.assertTrue(all(line.count("\t") == 3 for line in lines))


class CleanRun(Scene):
    """`run` on a database of which every row can be used."""

    def setUp(self):
        super().setUp()
        self.source_file = self.folder / "legacy.db"
        self.legacy = make_clean(self.source_file)
        self.addCleanup(self.legacy.close)
        people = self.folder / "people.csv"
        people.write_text("user_name,email,fullname\ngfirst,Given@site.example,Given First\n")
        self.plan = ["--from", self.source_file, "--people", people, "--as-of", AS_OF]

    def run_clean(self, *more):
        return self.rowpost("run", *self.plan, *self.target, *more)

    def test_a_clean_database_ends_with_0(self):
        self.assertStatus(self.run_clean("--deep"), 0)
        self.assertTargetHolds()

    def test_the_target_has_what_the_rows_say(self):
        self.run_clean()
        state = self.standin.state()
        emails = {user["email"] for user in state["users"]}
        expected = {"first@site.example", "second@site.example", "chief@site.example"}
        self.assertEqual(emails, expected | {"given@site.example"})
        reports = {
            (report["group"], report["status"], len(report["authors"]))
            for campaign in state["campaigns"]
            for report in campaign["reports"]
        }
        expected = {("HLT.Data.MET", 1, 1), ("PAGs.Data.Top", 3, 0), ("GEN.Gen.GEN", 5, 0)}
        self.assertEqual(reports, expected)

    def test_the_steps_one_by_one_do_what_run_does(self):
        for verb in (["plan", *self.plan], ["apply", *self.target], ["verify", *self.target]):
            self.assertStatus(self.rowpost(*verb), 0)
        self.assertTargetHolds()
        rows = self.documents().values()
        self.assertEqual({(row["state"], row["verdict"]) for row in rows}, {("delivered", "equal")})

    def test_plan_needs_no_target(self):
        self.assertStatus(self.rowpost("plan", *self.plan), 0)
        self.assertEqual(self.states(), {"pending": 6})
        self.assertEqual(self.standin.counts()["requests"], 0)

    def test_status_tells_where_the_delivery_stands(self):
        self.rowpost("plan", *self.plan)
        result = self.rowpost("status")
        self.assertStatus(result, 1)
        self.assertIn("2 pending", result.out)
        self.assertRegex(result.out, r" Exit status 1, because \d+ documents are pending\. .*\n\Z")
        self.rowpost("apply", *self.target)
        result = self.rowpost("status")
        self.assertStatus(result, 0)
        self.assertIn("2 delivered", result.out)

    def test_a_document_of_which_nobody_knows_makes_the_status_1(self):
        self.run_clean()
        for state in ("sending", "unknown"):
            self.change(f"UPDATE document SET state = '{state}' WHERE key = 'first'")
            result = self.rowpost("status")
            self.assertStatus(result, 1)
            self.assertIn(" Exit status 1, because 1 document is unclear. Next", result.out)
            self.assertStatus(self.rowpost("status", "--json"), 1)

    def test_an_apply_of_a_part_ends_with_0_where_the_part_is_there(self):
        self.rowpost("plan", *self.plan)
        self.assertStatus(self.rowpost("apply", *self.target, "--limit", "1"), 0)
        self.assertStatus(self.rowpost("status"), 1)
        self.assertStatus(self.rowpost("verify", *self.target), 1)
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.assertStatus(self.rowpost("verify", *self.target), 0)

    def test_all_rows_of_a_file_are_of_one_moment(self):
        result = self.rowpost("plan", *self.plan)
        self.assertIn("  all rows are of one moment\n", result.out)
        self.assertEqual(self.summary()["settings"]["one-moment"], "yes")

    def test_staged_tables_that_were_kept_give_the_same_plan(self):
        self.assertStatus(self.rowpost("plan", *self.plan, "--keep-staged", "kept.db"), 0)
        first = self.summary()
        self.workspace.unlink()
        again = ["--from", "kept.db", *self.plan[2:]]
        self.assertStatus(self.rowpost("plan", *again), 0)
        second = self.summary()
        self.assertEqual(second["tables"], first["tables"])
        self.assertEqual(second["kinds"], first["kinds"])

    def test_the_options_of_the_migration_are_kept_by_their_names(self):
        more = ["--alias", "Susy=NPS", "--alias", "TAU=Tau", "--history", "--rules", "corrected"]
        self.assertStatus(self.rowpost("plan", *self.plan, *more), 0)
        settings = self.summary()["settings"]
        expected = {"migration": "valdb", "rules": "corrected", "history": "yes", "admins": ""}
        self.assertLessEqual(expected.items(), settings.items())
        self.assertEqual(settings["alias"], "Susy=NPS TAU=Tau")

    def test_a_kind_or_a_table_that_is_not_there_is_named_with_those_that_are(self):
        self.rowpost("plan", *self.plan)
        mistakes = (
            (["findings", "--kind", "people"], "validators, administrators"),
            (["export", "--kind", "people"], "validators, administrators"),
            (["rejects", "--table", "people"], "users, user_rights"),
            (["skips", "--table", "people"], "users, user_rights"),
        )
        for arguments, there in mistakes:
            result = self.rowpost(*arguments)
            self.assertStatus(result, 2)
            self.assertIn('"people"', result.err)
            self.assertIn(there, result.err)

    def test_a_workspace_is_of_one_migration(self):
        self.rowpost("plan", *self.plan)
        self.change("UPDATE setting SET value = 'other' WHERE name = 'migration'")
        result = self.rowpost("plan", *self.plan)
        self.assertStatus(result, 2)
        self.assertIn("was planned with the migration other", result.err)
        self.assertStatus(self.rowpost("report"), 2)

    def test_status_as_json_balances(self):
        self.run_clean()
        summary = self.rowpost("status", "--json").json
        self.assertEqual([kind["kind"] for kind in summary["kinds"]], KINDS)
        self.assertBalances(summary)
        self.assertEqual(summary["settings"]["as-of"], AS_OF)
        self.assertIn(str(self.source_file), summary["settings"]["source"])

    def test_report_as_text_names_every_kind(self):
        self.run_clean()
        result = self.rowpost("report")
        self.assertStatus(result, 0)
        for kind in KINDS:
            self.assertIn(kind, result.out)

    def test_report_goes_to_a_file_of_the_owner(self):
        self.run_clean()
        result = self.rowpost("report", "--format", "json", "-o", "summary.json")
        self.assertStatus(result, 0)
        self.assertEqual(result.out, "")
        path = self.folder / "summary.json"
        self.assertBalances(json.loads(path.read_text()))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)

    def test_the_ending_of_the_file_chooses_the_format_of_a_report(self):
        self.run_clean()
        for name in ("summary.json", "SUMMARY.JSON"):
            self.rowpost("report", "-o", name)
            self.assertBalances(json.loads((self.folder / name).read_text()))
        self.rowpost("report", "-o", "summary")
        self.assertIn("documents", (self.folder / "summary").read_text())
        self.rowpost("report", "--format", "text", "-o", "summary.json")
        self.assertIn(" documents ", (self.folder / "summary.json").read_text())

    def test_show_has_the_body_the_rows_and_the_attempts(self):
        self.run_clean()
        shown = self.rowpost("show", "12_0_0", "--json").json
        self.assertEqual(shown["state"], "delivered")
        self.assertEqual(shown["verdict"], "equal")
        self.assertEqual(shown["body"], self.exports("campaigns")["12_0_0"])
        tables = collections.Counter(row["table"] for row in shown["source_rows"])
        self.assertEqual(tables, {"releases": 2, "status": 2})
        outcomes = [attempt["outcome"] for attempt in shown["attempts"]]
        self.assertEqual(outcomes, ["delivered", "equal so far", "equal"])
        self.assertEqual(shown["attempts"][0]["path"], CAMPAIGN_PATH)

    def test_show_as_text_is_for_people(self):
        self.run_clean()
        result = self.rowpost("show", "--kind", "validators", "first")
        self.assertStatus(result, 0)
        for part in ("delivered", "first@site.example", USER_PATH, "source rows", "attempts"):
            self.assertIn(part, result.out)

    def test_findings_name_the_field_and_both_values(self):
        self.standin.add_users({"email": "first@site.example", "role": 2, "groups": []})
        self.assertStatus(self.run_clean(), 1)
        findings = self.rowpost("findings", "--json").lines
        during = {(line["key"], line["field"], line["during"]) for line in findings}
        self.assertEqual(during, {("first", "groups", "apply"), ("first", "groups", "verify")})
        self.assertIn("HLT.Data.MET", findings[0]["planned"])
        self.assertEqual(json.loads(findings[0]["found"]), [])

    def test_verify_sees_what_was_changed_or_removed_afterwards(self):
        self.run_clean()
        self.standin.reset()
        result = self.rowpost("verify", *self.target)
        self.assertStatus(result, 1)
        verdicts = {row["verdict"] for row in self.documents().values()}
        self.assertEqual(verdicts, {"missing"})

    def test_the_workspace_is_the_owners_alone(self):
        self.run_clean()
        self.assertEqual(stat.S_IMODE(self.workspace.stat().st_mode), 0o600)

    def test_no_verb_leaves_a_file_beside_the_workspace(self):
        verbs = [["plan", *self.plan], ["apply", *self.target], ["verify", *self.target]]
        verbs += [["run", *self.plan, *self.target], ["status"], ["report"], ["rejects"]]
        verbs += [["skips"], ["findings"], ["show", "12_0_0"], ["export", "--kind", "campaigns"]]
        for verb in verbs:
            self.assertStatus(self.rowpost(*verb), 0)
            beside = [path.name for path in self.folder.glob("valdb.rowpost*")]
            self.assertEqual(beside, ["valdb.rowpost"], verb)

    def test_a_workspace_can_be_copied_and_read_elsewhere(self):
        self.run_clean()
        archive = self.folder / "archive"
        archive.mkdir()
        shutil.copyfile(self.workspace, archive / "old.rowpost")
        (archive / "old.rowpost").chmod(0o400)
        archive.chmod(0o500)
        self.addCleanup(archive.chmod, 0o700)
        result = self.rowpost("status", "-w", archive / "old.rowpost")
        self.assertStatus(result, 0)
        self.assertEqual([path.name for path in archive.iterdir()], ["old.rowpost"])


class Parity(Scene):
    """With `--rules notebook` the bodies are those that the notebook itself made."""

    def assertSameBodies(self, kind):
        lines = (GOLDEN / "notebook" / f"{kind}.ndjson").read_text().splitlines()
        expected = {line["key"]: line["body"] for line in map(json.loads, lines)}
        self.rowpost("plan", "--rules", "notebook", *self.source("legacy"))
        found = self.exports(kind)
        self.assertEqual(sorted(found), sorted(expected))
        for key, body in found.items():
            for side in (body, expected[key]):
                if "subcategories" in side:
                    side["subcategories"] = sorted(side["subcategories"])
            self.assertEqual(body, expected[key], key)

    def test_validators_are_the_notebooks(self):
        self.assertSameBodies("validators")

    def test_administrators_are_the_notebooks(self):
        self.assertSameBodies("administrators")

    def test_campaigns_are_the_notebooks(self):
        self.assertSameBodies("campaigns")

    def test_no_rule_set_of_the_notebook_makes_authors(self):
        self.rowpost("plan", "--rules", "notebook", *self.source("legacy"))
        self.assertEqual(self.exports("authors"), {})

    def test_what_the_notebook_posts_is_delivered_but_for_users_without_address(self):
        source = ["--rules", "notebook", *self.source("legacy")]
        self.assertStatus(self.rowpost("run", *source, *self.target, "--deep"), 1)
        states = {}
        for (kind, key), row in self.documents().items():
            states.setdefault(row["state"], set()).add((kind, key))
        bodies = self.exports("validators").items()
        refused = {("validators", login) for login, body in bodies if body["email"] == ""}
        self.assertGreater(len(refused), 0)
        self.assertEqual(states["refused"], refused)
        self.assertEqual(set(states), {"refused", "delivered"})


if __name__ == "__main__":
    unittest.main()
