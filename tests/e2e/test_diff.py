"""Two plans compared: document by document, field by field, row by row."""

import json
import os
import shutil
import sqlite3
import unittest

from harness import AS_OF, GOLDEN
from legacy import make_clean
from scene import Scene


class DiffScene(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.plan("a.rowpost")

    def plan(self, workspace, *options):
        arguments = ["plan", "--from", "legacy.db", "--as-of", AS_OF, "-w", workspace, *options]
        self.assertIn(self.rowpost(*arguments).status, (0, 1))

    def change_source(self, *statements):
        legacy = sqlite3.connect(self.folder / "legacy.db")
        for statement in statements:
            legacy.execute(statement)
        legacy.commit()
        legacy.close()

    def change_workspace(self, name, sql, *values):
        database = sqlite3.connect(self.folder / name)
        database.execute(sql, values)
        database.commit()
        database.close()

    def diff(self, *options, status=1):
        result = self.rowpost("diff", "a.rowpost", "b.rowpost", *options)
        self.assertStatus(result, status)
        return result

    def json(self, status=1):
        return self.diff("--format", "json", status=status).json


class Diff(DiffScene):
    def assertEqualPlans(self):
        found = self.json(status=0)
        self.assertTrue(found["equal"])
        for part in ("tables", "documents", "rows", "corrections", "skips"):
            self.assertEqual(found[part], [])

    def test_two_plans_of_one_source_are_equal(self):
        self.plan("b.rowpost")
        self.assertEqualPlans()
        text = self.diff(status=0).out
        self.assertIn("The plans are equal: 5 documents, 12 rows, ", text)

    def test_a_file_is_equal_to_itself(self):
        result = self.rowpost("diff", "a.rowpost", "a.rowpost")
        self.assertStatus(result, 0)

    def test_a_field_that_differs_is_named_by_the_group_of_its_report(self):
        self.change_source("UPDATE status SET comments = 'Other.' WHERE comments = 'One.'")
        self.plan("b.rowpost")
        (document,) = self.json()["documents"]
        self.assertEqual((document["kind"], document["key"]), ("campaigns", "12_0_0"))
        self.assertEqual(document["result"], "different")
        fields = {field["field"]: field for field in document["fields"]}
        field = fields["reports[HLT.Data.MET].content"]
        self.assertIn("One.", field["first"])
        self.assertIn("Other.", field["second"])
        self.assertNotIn("reports[PAGs.Data.TOP].content", fields)

    def test_documents_of_one_plan_only(self):
        self.change_source("DELETE FROM users WHERE user_name = 'second'",
                           "DELETE FROM user_rights WHERE user_name = 'second'",
                           "INSERT INTO users VALUES ('third', 'third@site.example', 0, 1)",
                           "INSERT INTO user_rights (user_name, category, subcategory, status_kind)"
                           " VALUES ('third', 'HLT', 'Data', 'MET')")
        self.plan("b.rowpost")
        found = self.json()
        results = {(d["key"], d["result"]) for d in found["documents"]}
        self.assertEqual(results, {("second", "only first"), ("third", "only second")})
        self.assertEqual(found["totals"]["kinds"]["validators"],
                         {"equal": 1, "different": 0, "only_first": 1, "only_second": 1})
        text = self.diff().out
        self.assertRegex(text, r"(?m)^- validators second$")
        self.assertRegex(text, r"(?m)^\+ validators third$")

    def test_a_row_whose_outcome_is_another_one(self):
        self.change_source("UPDATE user_rights SET user_name = 'nobody' WHERE id = 1")
        self.plan("b.rowpost")
        (row,) = self.json()["rows"]
        self.assertEqual((row["table"], row["row"]), ("user_rights", "1"))
        self.assertEqual((row["first"]["outcome"], row["first"]["key"]), ("used", "first"))
        self.assertIn(row["second"]["outcome"], ("skipped", "rejected"))
        self.assertIsNone(row["second"]["key"])
        self.assertTrue(row["second"]["because"])

    def test_corrections_skips_and_tables_by_their_numbers(self):
        shutil.copy(GOLDEN / "backup-dirty.db", self.folder / "legacy.db")
        self.plan("a.rowpost")
        self.plan("b.rowpost", "--rules", "notebook")
        found = self.json()
        counts = self.rowpost("report", "-w", "a.rowpost", "--format", "json").json
        expected = {(kind["kind"], name): times for kind in counts["kinds"]
                    for name, times in kind["corrections"].items()}
        self.assertEqual({(c["kind"], c["id"]): c["first"] for c in found["corrections"]}, expected)
        self.assertEqual({c["second"] for c in found["corrections"]}, {None})
        table = next(t for t in found["tables"] if t["table"] == "users")
        for side in ("first", "second"):
            numbers = table[side]
            self.assertEqual(numbers["rows"],
                             numbers["used"] + numbers["skipped"] + numbers["rejected"])
        self.assertTrue(found["skips"])
        self.assertEqual([s["name"] for s in found["settings"]], ["rules"])

    def test_the_reverse_has_the_same_with_the_sides_swapped(self):
        shutil.copy(GOLDEN / "backup-dirty.db", self.folder / "legacy.db")
        self.plan("a.rowpost")
        self.plan("b.rowpost", "--rules", "notebook")
        found = self.json()
        other = self.rowpost("diff", "b.rowpost", "a.rowpost", "--format", "json").json
        swap = {"only first": "only second", "only second": "only first", "different": "different"}
        self.assertEqual([(d["key"], swap[d["result"]]) for d in found["documents"]],
                         [(d["key"], d["result"]) for d in other["documents"]])
        self.assertEqual([(r["row"], r["first"], r["second"]) for r in found["rows"]],
                         [(r["row"], r["second"], r["first"]) for r in other["rows"]])

    def test_only_settings_make_no_difference(self):
        shutil.copy(self.folder / "legacy.db", self.folder / "copy.db")
        arguments = ["plan", "--from", "copy.db", "--as-of", AS_OF, "-w", "b.rowpost"]
        self.assertStatus(self.rowpost(*arguments), 0)
        self.assertEqual([s["name"] for s in self.json(status=0)["settings"]], ["source"])

    def test_the_order_and_blanks_of_json_are_no_difference(self):
        self.plan("b.rowpost")
        database = sqlite3.connect(self.folder / "b.rowpost")
        for document, body in database.execute("SELECT document, body FROM body").fetchall():
            turned = dict(reversed(json.loads(body).items()))
            database.execute("UPDATE body SET body = ? WHERE document = ?",
                             (json.dumps(turned, indent=1), document))
        database.commit()
        database.close()
        self.assertEqualPlans()

    def test_a_null_and_a_missing_field_are_two_things(self):
        self.plan("b.rowpost")
        sql = "UPDATE body SET body = json_set(body, '$.extra', {}) WHERE document = 1"
        self.change_workspace("a.rowpost", sql.format("NULL"))
        (document,) = self.json()["documents"]
        self.assertEqual(document["fields"], [{"field": "extra", "first": None}])

    def test_the_last_plan_counts_not_what_was_sent(self):
        self.plan("b.rowpost")
        self.change_workspace("b.rowpost", "UPDATE document SET state = 'delivered', change = 'gone'"
                                           " WHERE key = 'first'")
        results = [(d["key"], d["result"]) for d in self.json()["documents"]]
        self.assertEqual(results, [("first", "only first")])

    def test_rows_of_one_name_are_paired_by_what_is_equal(self):
        self.plan("b.rowpost")
        for name in ("a.rowpost", "b.rowpost"):
            self.change_workspace(name, "UPDATE source_row SET row = '(null)', outcome = 'skipped',"
                                        " because = 'r' || rowid, document = NULL")
        self.assertEqual(self.json(status=0)["rows"], [])
        self.change_workspace("b.rowpost", "UPDATE source_row SET because = 'other'"
                                           " WHERE because = 'r2'")
        rows = [row for row in self.json()["rows"]]
        told = [(row[s]["because"]) for row in rows for s in ("first", "second") if row[s]]
        self.assertEqual(sorted(told), ["other", "r2"])

    def test_the_page_needs_no_script_and_has_what_differs(self):
        self.change_source("UPDATE status SET comments = '<script>x</script>'"
                           " WHERE comments = 'One.'")
        self.plan("b.rowpost")
        self.assertEqual(self.diff("-o", "diff.html").out, "")
        page = (self.folder / "diff.html").read_text()
        self.assertNotIn("<script", page)
        self.assertIn("&lt;script&gt;x", page)
        self.assertIn("reports[HLT.Data.MET].content", page)
        self.assertIn("12_0_0", page)
        self.assertIn("The plans differ", page)

    def test_a_long_text_is_shown_where_it_differs(self):
        self.plan("b.rowpost")
        for name, end in (("a.rowpost", "red"), ("b.rowpost", "blue")):
            self.change_workspace(name, "UPDATE body SET body = json_set(body, '$.fullname', ?)"
                                        " WHERE document = 1", "long text " * 500 + end)
        text = self.diff().out
        self.assertRegex(text, r"-  \.\.\. .*red\n")
        self.assertRegex(text, r"\+  \.\.\. .*blue\n")
        self.assertLess(len(text), 1500)

    def test_neither_file_changes(self):
        self.plan("b.rowpost")
        before = [(self.folder / name).read_bytes() for name in ("a.rowpost", "b.rowpost")]
        self.diff(status=0)
        after = [(self.folder / name).read_bytes() for name in ("a.rowpost", "b.rowpost")]
        self.assertEqual(before, after)
        self.assertEqual([name for name in os.listdir(self.folder) if name.endswith("-wal")], [])


class Memory(DiffScene):
    """Plans are read as they come, and so is what is written."""

    def fill(self, name, documents, mark):
        """Puts so many campaigns of some kilobytes into the workspace, each with a row."""
        database = sqlite3.connect(self.folder / name)
        database.executescript(
            "DELETE FROM document; DELETE FROM body; DELETE FROM source_row;"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            f" WHERE i < {documents}) INSERT INTO document (id, kind, key, rows, plan)"
            " SELECT i, 3, 'c' || (i * 7919 % 1000003), 1, 1 FROM n;"
            "INSERT INTO body (document, body) SELECT id, json_object('name', key, 'description',"
            f" '{mark}' || printf('%.3000c', 'x')) FROM document;"
            "INSERT INTO source_row (source_table, row, outcome, document)"
            f" SELECT 0, 'r{mark}' || id, 'used', id FROM document;")
        database.close()

    def measure(self, documents, *options):
        """The peak of the memory, in kilobytes, while every document and row differs."""
        for name, mark in (("a.rowpost", "one"), ("b.rowpost", "two")):
            self.fill(name, documents, mark)
        program = self.start("diff", "a.rowpost", "b.rowpost", *options,
                             ASAN_OPTIONS="quarantine_size_mb=1")
        _, status, usage = os.wait4(program.pid, 0)
        program.process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(program.process.returncode, 1)
        return usage.ru_maxrss

    def test_it_does_not_grow_with_the_plans(self):
        self.plan("b.rowpost")
        for form in ("text", "json", "html"):
            small = self.measure(2_000, "--format", form)
            large = self.measure(20_000, "--format", form)
            print(f"# {form}: {small} kB of memory, {large} kB", flush=True)
            self.assertLess(large - small, 16 << 10)


class Unusable(DiffScene):
    """A file that is not what it should be ends with 2 and names the file."""

    def assertRefused(self, *words):
        for names in (("a.rowpost", "b.rowpost"), ("b.rowpost", "a.rowpost")):
            for form in ("text", "html", "json"):
                result = self.rowpost("diff", *names, "--format", form)
                self.assertStatus(result, 2)
                for word in ("b.rowpost", *words):
                    self.assertIn(word, result.err)

    def test_a_missing_file(self):
        self.assertRefused("there is no such workspace")

    def test_a_file_that_is_no_workspace(self):
        shutil.copy(self.folder / "legacy.db", self.folder / "b.rowpost")
        self.assertRefused("not a rowpost workspace")

    def test_a_table_that_is_missing(self):
        self.plan("b.rowpost")
        self.change_workspace("b.rowpost", "DROP TABLE body")
        self.assertRefused("has not the tables of a workspace", "body")

    def test_a_trigger_that_somebody_has_added(self):
        self.plan("b.rowpost")
        self.change_workspace("b.rowpost", "CREATE TRIGGER t AFTER UPDATE ON document BEGIN DELETE"
                                           " FROM finding; END")
        self.assertRefused("views, triggers")

    def test_keys_that_are_not_in_their_order(self):
        self.plan("b.rowpost")
        self.change_workspace("b.rowpost", "UPDATE source_row SET row = CAST('0' AS BLOB)"
                                           " WHERE rowid = 1")
        self.assertRefused("not in their order")

    def test_an_output_that_fails_leaves_the_former_file(self):
        (self.folder / "b.rowpost").write_text("x")
        (self.folder / "diff.json").write_text("before")
        result = self.rowpost("diff", "a.rowpost", "b.rowpost", "-o", "diff.json")
        self.assertStatus(result, 2)
        self.assertEqual((self.folder / "diff.json").read_text(), "before")


if __name__ == "__main__":
    unittest.main()
