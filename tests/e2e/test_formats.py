"""The reports for programs: JSON by its schema, JUnit's XML, CSV."""

import copy
import csv
import io
import json
import unittest
import xml.etree.ElementTree as ElementTree

import jsonschema

from harness import AS_OF, GOLDEN, ROOT
from legacy import make_clean
from scene import Scene

PACKAGES = ["python3-jsonschema"]

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
REFUSAL = {
    "kind": "status",
    "status": 400,
    "headers": {"Content-Type": "application/json"},
    "body": json.dumps({"message": "Name <is> \"bad\" & refused"}),
    "method": "POST",
}


def validator_of(part):
    """For one of the parts that the schema defines."""
    return jsonschema.Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{part}"}]})


def errors_of(part, value):
    found = validator_of(part).iter_errors(value)
    return [f"{inner.json_path}: {inner.message}" for error in found for inner in error.context]


class FormatScene(Scene):
    """A clean plan, and every form of its report."""

    def setUp(self):
        super().setUp()
        self.legacy = make_clean(self.folder / "legacy.db")
        self.addCleanup(self.legacy.close)
        self.plan = ["--from", "legacy.db", "--as-of", AS_OF]

    def make_plan(self):
        self.assertStatus(self.rowpost("plan", *self.plan), 0)

    def deliver(self):
        return self.rowpost("run", *self.plan, *self.target)

    def report(self):
        result = self.rowpost("report", "--format", "json")
        self.assertStatus(result, 0)
        return result.json

    def junit(self):
        result = self.rowpost("report", "--format", "junit")
        self.assertStatus(result, 0)
        return ElementTree.fromstring(result.out)

    def csv(self):
        self.assertStatus(self.rowpost("report", "-o", "documents.csv"), 0)
        text = (self.folder / "documents.csv").read_bytes().decode()
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    def attention(self):
        return {entry["key"]: entry for entry in self.report()["attention"]}

    def assertValid(self, part, value):
        self.assertEqual(errors_of(part, value), [])

    def assertAllValid(self):
        """Whatever the workspace holds, what is printed of it is valid by the schema."""
        self.assertValid("summary", self.rowpost("status", "--json").json)
        self.assertValid("report", self.report())
        for kind, key in self.documents():
            self.assertValid("document", self.rowpost("show", "--kind", kind, key, "--json").json)
        self.assertSuites(self.junit())
        self.assertEqual(len(self.csv()), len(self.documents()))

    def assertSuites(self, root):
        """The elements, attributes and sums that readers of JUnit's XML rely on."""
        self.assertEqual(root.tag, "testsuites")
        for suite in root:
            self.assertEqual(suite.tag, "testsuite")
            expected = {"name", "tests", "failures", "errors", "skipped", "time"}
            self.assertEqual(set(suite.attrib), expected)
            counts = {"failure": 0, "error": 0, "skipped": 0}
            for case in suite:
                self.assertEqual(case.tag, "testcase")
                self.assertLessEqual({"classname", "name"}, set(case.attrib))
                self.assertLessEqual(set(case.attrib), {"classname", "name", "time"})
                self.assertLessEqual(len(case), 1)
                for end in case:
                    counts[end.tag] += 1
                    wanted = {"message"} if end.tag == "skipped" else {"message", "type"}
                    self.assertEqual(set(end.attrib), wanted)
            sums = [counts["failure"], counts["error"], counts["skipped"], len(suite)]
            told = [int(suite.get(name)) for name in ("failures", "errors", "skipped", "tests")]
            self.assertEqual(told, sums)
            for element in (suite, *suite):
                self.assertRegex(element.get("time", "0.0"), r"\A\d+\.\d+\Z")


class Schema(FormatScene):
    def test_the_schema_is_one_and_describes_every_member(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        for name, part in SCHEMA["$defs"].items():
            self.assertTrue(part.get("description"), name)
            for member, value in part.get("properties", {}).items():
                self.assertTrue(value.get("description") or "$ref" in value, f"{name}.{member}")
            if "properties" in part:
                self.assertIs(part["additionalProperties"], False, name)

    def test_a_plan_alone(self):
        result = self.rowpost("plan", *self.plan, "--json")
        self.assertValid("summary", result.json)
        self.assertAllValid()
        self.assertEqual(self.report()["timing"], [])

    def test_a_plan_with_a_sample(self):
        result = self.rowpost("plan", *self.source("backup-dirty"), "--sample", "50", "--json")
        self.assertEqual(len(result.json["sample"]), 50)
        self.assertValid("summary", result.json)

    def test_a_snapshot(self):
        source = GOLDEN / "backup-dirty.db"
        result = self.rowpost("snapshot", "--from", source, "-o", "copy.db", "--json")
        self.assertEqual(len(result.json["tables"]), 6)
        self.assertValid("snapshot", result.json)

    def test_a_workspace_whose_first_plan_was_never_finished(self):
        self.make_plan()
        tables = ("kind", "source_table", "document", "body", "source_row", "setting", "owner")
        self.change(*(f"DELETE FROM {table}" for table in tables))
        self.assertAllValid()
        self.assertIsNone(self.report()["owner"])

    def test_each_verb_with_json(self):
        self.assertValid("summary", self.rowpost("run", *self.plan, *self.target, "--json").json)
        for verb in ("apply", "verify"):
            self.assertValid("summary", self.rowpost(verb, *self.target, "--json").json)
        self.assertAllValid()

    def test_a_dirty_source(self):
        self.rowpost("run", *self.source("backup-dirty"), *self.target, "--deep")
        self.assertValid("report", self.report())
        self.assertSuites(self.junit())
        self.assertEqual(len(self.csv()), len(self.documents()))

    def test_refused_different_and_missing_documents(self):
        self.standin.add_users({"email": "first@site.example", "role": 2, "groups": []})
        self.standin.faults({**REFUSAL, "skip": 1})
        self.assertStatus(self.deliver(), 1)
        self.standin.reset()
        self.assertStatus(self.rowpost("verify", *self.target), 1)
        self.assertLessEqual({"refused", "different"}, set(self.states()))
        self.assertAllValid()

    def test_documents_in_every_state_verdict_and_change(self):
        self.make_plan()
        verdicts = [word for word in SCHEMA["$defs"]["verdict"]["enum"] if word is not None]
        self.assertEqual(len(self.documents()), len(verdicts))
        for number, verdict in enumerate(verdicts):
            self.change(f"UPDATE document SET verdict = '{verdict}' WHERE id % 5 = {number}")
        for state in SCHEMA["$defs"]["state"]["enum"]:
            self.change(f"UPDATE document SET state = '{state}'")
            self.assertValid("report", self.report())
            self.assertSuites(self.junit())
        for change in ("changed", "gone"):
            self.change(f"UPDATE document SET state = 'delivered', change = '{change}'")
            self.assertAllValid()

    def test_what_was_interrupted_has_neither_status_nor_duration(self):
        self.make_plan()
        self.change("UPDATE document SET state = 'sending' WHERE key = 'first'")
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.assertAllValid()
        first = self.rowpost("show", "first", "--json").json["attempts"][0]
        self.assertEqual((first["outcome"], first["status"]), ("interrupted", None))

    def test_a_record_that_a_patch_has_changed(self):
        self.deliver()
        self.change("UPDATE attempt SET method = 'PATCH', purpose = 'update'")
        self.assertAllValid()

    def test_a_report_that_is_not_as_the_schema_says_is_refused(self):
        self.standin.faults(REFUSAL)
        self.deliver()
        report = self.report()
        self.assertValid("report", report)
        changes = [
            lambda value: value.update(version=1),
            lambda value: value.update(more=1),
            lambda value: value.pop("settings"),
            lambda value: value["kinds"][0].update(kind=7),
            lambda value: value["kinds"][0]["documents"].pop("pending"),
            lambda value: value["tables"][0].update(used=-1),
            lambda value: value["attention"][0].update(state="lost"),
            lambda value: value["attention"][0]["attempts"][0].update(started="yesterday"),
            lambda value: value["timing"][0]["microseconds"].pop("p99"),
        ]
        for number, change in enumerate(changes):
            changed = copy.deepcopy(report)
            change(changed)
            self.assertNotEqual(errors_of("report", changed), [], number)

    def test_a_document_that_is_not_as_the_schema_says_is_refused(self):
        self.deliver()
        document = self.rowpost("show", "first", "--json").json
        self.assertValid("document", document)
        for change in ({"verdict": "fine"}, {"body": []}, {"rows": []}, {"attempts": None}):
            self.assertNotEqual(errors_of("document", {**document, **change}), [], change)


class Json(FormatScene):
    def test_a_delivery_without_trouble_needs_no_attention(self):
        self.assertStatus(self.deliver(), 0)
        self.assertEqual(self.report()["attention"], [])

    def test_a_refused_document_is_reported_with_the_answer(self):
        self.standin.faults(REFUSAL)
        self.deliver()
        (entry,) = self.report()["attention"]
        self.assertEqual((entry["kind"], entry["key"]), ("validators", "first"))
        self.assertEqual(entry["state"], "refused")
        self.assertIn("& refused", entry["reason"])
        self.assertEqual([a["outcome"] for a in entry["attempts"]], ["missing", "refused", "missing"])
        self.assertEqual(entry["source_row_count"], 3)

    def test_a_document_that_differs_is_reported_with_its_findings(self):
        self.standin.add_users({"email": "first@site.example", "role": 2, "groups": []})
        self.deliver()
        entry = self.attention()["first"]
        self.assertIn("groups", entry["reason"])
        found = {(f["during"], f["field"], f["found"]) for f in entry["findings"]}
        self.assertEqual(found, {("apply", "groups", "[]"), ("verify", "groups", "[]")})

    def test_a_document_that_was_changed_after_it_was_sent_is_reported(self):
        self.deliver()
        self.legacy.execute("UPDATE status SET comments = 'Other.' WHERE id = 1")
        self.make_plan()
        self.assertIn("planned differently now", self.attention()["12_0_0"]["reason"])

    def test_a_document_that_was_delivered_and_is_planned_no_more_is_reported(self):
        self.deliver()
        self.legacy.execute("DELETE FROM releases WHERE release_name = '12_1_0'")
        self.make_plan()
        self.assertEqual(set(self.attention()), {"12_1_0"})

    def test_timing_is_that_of_the_attempts(self):
        self.deliver()
        rows = self.read().rows("SELECT purpose, duration_us FROM attempt ORDER BY duration_us")
        for entry in self.report()["timing"]:
            durations = [row["duration_us"] for row in rows if row["purpose"] == entry["purpose"]]
            self.assertEqual((entry["attempts"], entry["answered"]), (len(durations),) * 2)
            for name, percent in (("p50", 50), ("p90", 90), ("p99", 99), ("max", 100)):
                rank = -(-len(durations) * percent // 100)
                self.assertEqual(entry["microseconds"][name], durations[rank - 1], name)

    def test_the_ids_of_the_summary_are_explained(self):
        self.rowpost("plan", *self.source("backup-dirty"))
        report = self.report()
        for kind in report["kinds"]:
            self.assertLessEqual(set(kind["corrections"]), set(report["meanings"]["corrections"]))
        for table in report["tables"]:
            rules = {skip["rule"] for skip in table["skipped_by"]}
            self.assertLessEqual(rules, set(report["meanings"]["skips"]))

    def test_the_owner_is_the_process_that_works_on_it(self):
        self.make_plan()
        self.standin.hold(method="POST")
        program = self.start("apply", *self.target)
        self.wait_until_held(program)
        owner = self.report()["owner"]
        self.assertEqual((owner["pid"], owner["verb"]), (program.pid, "apply"))
        self.assertIs(owner["is_at_work"], True)
        program.kill()
        owner = self.report()["owner"]
        self.assertEqual((owner["pid"], owner["is_at_work"]), (program.pid, False))
        self.assertAllValid()


class Junit(FormatScene):
    def cases(self):
        """How each testcase has ended, by class and name."""
        ends = {}
        for case in self.junit().iter("testcase"):
            name = (case.get("classname"), case.get("name"))
            self.assertNotIn(name, ends)
            ends[name] = (case[0].tag, case[0].get("type")) if len(case) else ("passed", None)
        return ends

    def test_the_tables_and_each_kind_are_a_suite(self):
        self.make_plan()
        names = [suite.get("name") for suite in self.junit()]
        kinds = ["validators", "administrators", "authors", "campaigns"]
        self.assertEqual(names, ["tables", *kinds])

    def test_what_is_delivered_passes(self):
        self.deliver()
        self.assertEqual(set(self.cases().values()), {("passed", None)})

    def test_what_is_pending_is_skipped(self):
        self.make_plan()
        self.assertEqual(self.cases()["validators.documents", "first"], ("skipped", None))

    def test_what_was_refused_is_a_failure(self):
        self.standin.faults(REFUSAL)
        self.deliver()
        self.assertEqual(self.cases()["validators.documents", "first"], ("failure", "refused"))

    def test_what_differs_or_is_missing_is_a_failure(self):
        self.deliver()
        self.change("UPDATE document SET verdict = 'missing' WHERE key = 'first'")
        self.change("UPDATE document SET verdict = 'different' WHERE key = 'second'")
        self.change("UPDATE document SET state = 'different' WHERE key = 'chief'")
        cases = self.cases()
        self.assertEqual(cases["validators.documents", "first"], ("failure", "missing"))
        self.assertEqual(cases["validators.documents", "second"], ("failure", "read back different"))

    def test_what_nobody_knows_is_an_error(self):
        self.make_plan()
        self.change("UPDATE document SET state = 'unknown' WHERE key = 'first'")
        self.assertEqual(self.cases()["validators.documents", "first"], ("error", "unclear"))

    def test_what_is_planned_no_more_is_left_out(self):
        self.make_plan()
        self.change("UPDATE document SET change = 'gone' WHERE key = 'first'")
        self.assertNotIn(("validators.documents", "first"), self.cases())

    def test_each_rejected_row_is_a_failure_with_its_reason(self):
        self.rowpost("plan", *self.source("backup-dirty"))
        rejects = self.rowpost("rejects", "--json").lines
        expected = {(f"tables.{r['table']}", f"row {r['row']}"): r["reason"] for r in rejects}
        found = {
            (case.get("classname"), case.get("name")): case[0].get("message")
            for case in self.junit().iter("testcase")
            if len(case) and case[0].get("type") == "rejected"
        }
        self.assertEqual(found, expected)

    def test_the_balance_of_each_table_is_a_case(self):
        self.make_plan()
        tables = {("tables.balance", table["table"]) for table in self.report()["tables"]}
        self.assertLessEqual(tables, set(self.cases()))
        self.change("UPDATE source_table SET rows = rows + 1 WHERE name = 'status'")
        self.assertEqual(self.cases()["tables.balance", "status"], ("failure", "unbalanced"))

    def test_what_xml_cannot_hold_is_replaced(self):
        self.make_plan()
        key = "'a' || char(0x1b, 0xfffe, 10) || '<&\">'"
        self.change(f"UPDATE document SET key = {key} WHERE key = 'first'")
        self.assertIn(("validators.documents", "a\ufffd\ufffd\n<&\">"), self.cases())


class Csv(FormatScene):
    def test_each_document_is_a_row(self):
        self.standin.faults(REFUSAL)
        self.deliver()
        rows = {row["key"]: row for row in self.csv()}
        self.assertEqual(set(rows), {key for _, key in self.documents()})
        first = rows["first"]
        self.assertEqual((first["kind"], first["state"]), ("validators", "refused"))
        self.assertEqual((first["attempts"], first["last_status"]), ("3", "400"))
        self.assertIn('Name <is> "bad" & refused', first["last_answer"])
        self.assertIn("did not take it", first["reason"])
        self.assertEqual(rows["12_0_0"]["source_rows"], "4")
        self.assertEqual(rows["12_0_0"]["reason"], "")

    def test_lines_end_with_crlf(self):
        self.make_plan()
        self.rowpost("report", "-o", "x.csv")
        lines = (self.folder / "x.csv").read_bytes().split(b"\r\n")
        self.assertEqual(len(lines), len(self.documents()) + 2)
        self.assertEqual(lines[-1], b"")
        self.assertNotIn(b"\n", b"".join(lines))

    def test_a_cell_that_a_spreadsheet_would_calculate_is_made_text(self):
        self.make_plan()
        self.change("UPDATE document SET key = '=HYPERLINK(\"x\",\"y\")' WHERE key = 'first'")
        keys = {row["key"] for row in self.csv()}
        self.assertIn("'=HYPERLINK(\"x\",\"y\")", keys)


class Choice(FormatScene):
    def test_every_format_is_had_by_name_and_by_ending(self):
        self.deliver()
        starts = {"json": "{", "csv": "kind,key,", "junit": "<?xml", "text": "tables\n"}
        endings = {"json": "x.json", "csv": "x.csv", "junit": "x.xml", "text": "x.txt"}
        for name, start in starts.items():
            out = self.rowpost("report", "--format", name).out
            self.assertTrue(out.startswith(start), name)
            self.assertStatus(self.rowpost("report", "-o", endings[name]), 0)
            written = (self.folder / endings[name]).read_bytes().decode()
            self.assertTrue(written.startswith(start), name)

    def test_an_unknown_format_is_reported_with_those_that_there_are(self):
        self.make_plan()
        result = self.rowpost("report", "--format", "pdf")
        self.assertStatus(result, 2)
        for name in ("pdf", "text", "json", "junit", "csv"):
            self.assertIn(name, result.err)

    def test_a_file_that_cannot_be_written_is_an_error(self):
        self.deliver()
        for name in ("json", "csv", "junit", "text"):
            result = self.rowpost("report", "--format", name, "-o", "/dev/full")
            self.assertStatus(result, 5)
            self.assertIn("cannot be written", result.err)


class Show(FormatScene):
    def test_a_key_of_several_kinds_shows_each_and_says_so(self):
        self.make_plan()
        self.change("UPDATE document SET key = 'first' WHERE key = 'chief'")
        result = self.rowpost("show", "first", "--json")
        self.assertEqual([line["kind"] for line in result.lines], ["validators", "administrators"])
        self.assertIn("first is a key of 2 kinds; --kind picks one", result.err)
        for line in result.lines:
            self.assertValid("document", line)
        shown = self.rowpost("show", "first", "--kind", "administrators", "--json")
        self.assertEqual(shown.json["kind"], "administrators")
        self.assertEqual(shown.err, "")

    def test_a_key_that_is_nearly_one_is_answered_with_those_that_may_be_meant(self):
        self.make_plan()
        meanings = {
            "frist": "validators first",
            "12_0_1": "campaigns 12_0_0",
            "CHIEF": "administrators chief",
            "seco": "validators second",
        }
        for wrong, meant in meanings.items():
            result = self.rowpost("show", wrong)
            self.assertStatus(result, 2)
            self.assertIn(f"there is {meant}", result.err)
        self.assertNotIn("there is validators", self.rowpost("show", "nothing-like-it").err)

    def test_a_key_of_another_kind_is_named_with_its_kind(self):
        self.make_plan()
        result = self.rowpost("show", "--kind", "campaigns", "first")
        self.assertStatus(result, 2)
        self.assertIn("among the campaigns", result.err)
        self.assertIn("there is validators first", result.err)

    def test_a_row_that_the_plan_has_kept_is_shown_with_its_content(self):
        self.make_plan()
        content = json.dumps({"USER_NAME": "first"})
        self.change(f"UPDATE source_row SET content = '{content}' WHERE document = 1")
        document = self.rowpost("show", "first", "--json").json
        self.assertValid("document", document)
        self.assertEqual(document["source_rows"][0]["content"], {"USER_NAME": "first"})
        shown = self.rowpost("show", "first").out
        self.assertIn("\n    USER_NAME  first\n  table user_rights", shown)

    def test_each_attempt_has_its_time_status_and_answer(self):
        self.standin.faults(REFUSAL)
        self.deliver()
        out = self.rowpost("show", "first").out
        start = r"started 20\d\d-[^,]+Z, purpose post, "
        self.assertRegex(out, start + r".*status 400, outcome refused, .*answer .*refused")


if __name__ == "__main__":
    unittest.main()
