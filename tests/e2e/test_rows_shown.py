"""Source rows next to what they have become: `plan --sample N`, and the rows of `show KEY`."""

import collections
import re
import sqlite3
import subprocess
import unittest

from harness import AS_OF, GOLDEN, ROWPOST, environment
from legacy import Legacy, make_clean
from scene import Scene, add_test


class Shown(Scene):
    """No target is needed."""

    @classmethod
    def setUpClass(cls):
        """Nothing to start."""

    def plan(self, *options, status=None):
        result = self.rowpost("plan", *options)
        if status is None:
            self.assertIn(result.status, (0, 1), result.err)
        else:
            self.assertStatus(result, status)
        return result

    def read_source(self, path, table, row):
        """A row of the legacy database by its ID, columns in upper case."""
        database = sqlite3.connect(path)
        database.row_factory = sqlite3.Row
        (found,) = database.execute(f"SELECT * FROM {table} WHERE id = ?", (row,)).fetchall()
        database.close()
        return {name.upper(): found[name] for name in found.keys()}


class Sample(Shown):
    def sample(self, name, count, *more):
        return self.plan(*self.source(name), "--sample", count, "--json", *more).json["sample"]

    def kept(self, entry):
        """What the workspace has of the rows of that name, of which one is in the sample."""
        return self.read().rows(
            "SELECT s.*, d.key FROM source_row s JOIN source_table t ON t.id = s.source_table"
            " LEFT JOIN document d ON d.id = s.document WHERE t.name = ? AND s.row = ?",
            entry["table"],
            entry["row"],
        )

    def test_each_row_is_shown_next_to_the_document_that_it_became(self):
        entries = self.sample("backup-dirty", 60)
        self.assertEqual(len(entries), 60)
        kinds = ("validators", "administrators", "campaigns")
        exports = {kind: self.exports(kind) for kind in kinds}
        for entry in entries:
            kept = [(row["outcome"], row["because"], row["key"]) for row in self.kept(entry)]
            self.assertIn((entry["outcome"], entry["because"], entry["key"]), kept)
            if entry["outcome"] == "used":
                self.assertEqual(entry["body"], exports[entry["kind"]][entry["key"]])
            else:
                self.assertIsNone(entry["body"])

    def test_rows_are_those_of_the_source(self):
        entries = self.sample("backup-dirty", 60)
        texts = {"releases": ["RELEASE_NAME", "CATEGORY"], "status": ["COMMENTS", "LINKS"]}
        for table, names in texts.items():
            rows = [entry for entry in entries if entry["table"] == table]
            self.assertGreater(len(rows), 10)
            for entry in rows:
                found = self.read_source(GOLDEN / "backup-dirty.db", table, entry["row"])
                for name in names:
                    self.assertEqual(entry["content"][name], found[name], name)

    def test_it_is_spread_over_tables_and_outcomes(self):
        entries = self.sample("backup-dirty", 12)
        self.assertEqual({e["outcome"] for e in entries}, {"used", "rejected", "skipped"})
        used = {e["table"] for e in entries if e["outcome"] == "used"}
        tables = {"users", "user_rights", "administrators-list", "releases", "status"}
        self.assertEqual(used, tables)
        reasons = [e["because"] for e in entries if e["outcome"] == "rejected"]
        self.assertTrue(all(reasons))

    def test_it_is_spread_over_the_rows(self):
        entries = [e for e in self.sample("legacy", 60) if e["table"] == "releases"]
        self.assertGreater(len({e["key"] for e in entries}), len(entries) * 3 // 4)
        self.assertGreater(len({e["content"]["STATUS_KIND"] for e in entries}), 4)

    def test_the_same_plan_gives_the_same_sample(self):
        first = self.sample("backup-dirty", 15)
        self.workspace.unlink()
        self.assertEqual(self.sample("backup-dirty", 15), first)

    def test_earlier_versions_are_in_it(self):
        entries = self.sample("legacy", 20, "--history")
        earlier = [e for e in entries if e["table"] == "releases_lv"]
        (entry, *_) = [e for e in earlier if e["outcome"] == "used"]
        row = self.read_source(GOLDEN / "legacy.db", "releases_lv", entry["row"])
        self.assertEqual(entry["content"]["VERSION"], row["VERSION"])
        self.assertEqual(entry["key"], row["RELEASE_NAME"])

    def test_more_than_there_are_is_all_of_them(self):
        make_clean(self.folder / "clean.db").close()
        result = self.plan("--from", "clean.db", "--sample", 1000, "--json", status=0)
        rows = {(e["table"], e["row"]) for e in result.json["sample"]}
        self.assertEqual(len(rows), len(result.json["sample"]))
        ((count,),) = self.read().rows("SELECT count(*) FROM source_row")
        self.assertEqual(len(rows), count)
        self.assertTrue(all(entry["content"] for entry in result.json["sample"]))

    def test_the_summary_comes_first_and_why_the_status_is_1_last(self):
        result = self.plan(*self.source("backup-dirty"), "--sample", 3, status=1)
        summary = self.rowpost("report").out
        before, _, sample = result.out.partition("\nsample of 3 rows\n")
        self.assertEqual(before, summary)
        self.assertIn("used, in ", sample)
        self.assertRegex(sample, r"Exit status 1, because \d+ source rows were rejected: .*\n\Z")

    def test_for_people_it_is_80_columns_wide(self):
        result = self.plan(*self.source("backup-dirty"), "--sample", 100)
        lines = result.out.partition("\nsample of ")[2].splitlines()[:-1]
        self.assertGreater(len(lines), 500)
        self.assertLessEqual(max(map(len, lines)), 80)

    def test_of_a_campaign_the_report_of_the_row_is_shown(self):
        legacy = Legacy(self.folder / "one.db")
        for kind in ("MET", "TAU", "JET"):
            legacy.add_report("12_5_0", f"HLT.Data.{kind}", comments=f"About {kind}.")
        legacy.add_report("12_5_0", "HLT.Data.SUMMARY", comments="About all.")
        legacy.close()
        result = self.plan("--from", "one.db", "--sample", 8, status=0)
        sample = result.out.partition("sample of 8 rows\n")[2]
        _, *parts = re.split(r"\n(releases|status), row ", sample)
        parts = [part for table, part in zip(parts[::2], parts[1::2]) if table == "releases"]
        self.assertEqual(len(parts), 4)
        for part, kind, group in zip(parts, ("MET", "TAU", "JET"), ("MET", "Tau", "Jet")):
            document = part.partition("  document (without what other rows have put into it)\n")[2]
            self.assertRegex(document, f"(?m)^      group +HLT.Data.{group}$")
            self.assertIn(f"About {kind}.", document)
            self.assertEqual(document.count("About "), 1)
        document = parts[3].partition("  document")[2]
        self.assertIn("About all.", document)
        self.assertRegex(document, "(?m)^    reports +none$")
        self.assertNotIn("About MET", document)

    def test_what_would_move_the_cursor_is_not_printed(self):
        legacy = Legacy(self.folder / "one.db")
        legacy.add_report("12_5_0", "HLT.Data.MET", comments="red \x1b[31m alert \x07 \x9b2J")
        legacy.close()
        result = self.plan("--from", "one.db", "--sample", 2, status=0)
        sample = result.out.partition("sample of 2 rows\n")[2]
        self.assertIn("red  [31m alert", sample)
        for command in ("\x1b", "\x07", "\x9b"):
            self.assertNotIn(command, sample)

    def test_the_reader_may_have_seen_enough(self):
        """As with `| head`: the reader goes while far more than a pipe holds is to come."""
        for words in (["--json"], []):
            command = ["plan", *self.source("legacy"), "--sample", "1000", *words]
            process = subprocess.Popen(
                [ROWPOST, *map(str, command)],
                cwd=self.folder,
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            self.assertEqual(len(process.stdout.read(10)), 10)
            process.stdout.close()
            said = process.stderr.read().decode()
            process.stderr.close()
            self.assertIn(process.wait(60), (0, 1), said)
            self.assertNotIn("cannot be written", said)

    def test_numbers_that_cannot_be_are_refused(self):
        for number in ("0", "-1", "many", "1001"):
            self.plan("--from", "x.db", "--sample", number, status=2)

    def test_without_it_the_source_is_read_once_and_nothing_is_said(self):
        result = self.plan(*self.source("backup-dirty"), "--json")
        self.assertNotIn("sample", result.json)


class Rows(Shown):
    def setUp(self):
        super().setUp()
        self.live = self.folder / "live.db"
        make_clean(self.live).close()
        self.plan("--from", "live.db", "--as-of", AS_OF, status=0)

    def rows_of(self, key, *more):
        result = self.rowpost("show", key, "--json", *more)
        self.assertStatus(result, 0)
        (document,) = result.lines
        return document["source_rows"]

    def test_a_campaign_comes_with_its_rows(self):
        rows = self.rows_of("12_0_0")
        tables = collections.Counter(row["table"] for row in rows)
        self.assertEqual(tables, {"releases": 2, "status": 2})
        for row in rows:
            found = self.read_source(self.live, row["table"], row["row"])
            name = "COMMENTS" if row["table"] == "status" else "RELEASE_NAME"
            self.assertEqual(row["content"][name], found[name])

    def test_a_user_comes_with_the_rights(self):
        rows = self.rows_of("first")
        rights = [row["content"] for row in rows if row["table"] == "user_rights"]
        self.assertEqual([right["STATUS_KIND"] for right in rights], ["MET", "TOP"])

    def test_for_people_they_are_below_their_names(self):
        result = self.rowpost("show", "12_0_0")
        self.assertStatus(result, 0)
        self.assertRegex(result.out, r"(?m)^  table releases, row 1\n    ID +1\n    CATEGORY +HLT\n")
        self.assertRegex(result.out, r"(?m)^    COMMENTS +Two\.$")

    def test_the_list_of_administrators_is_a_source_too(self):
        admins = self.folder / "admins.csv"
        admins.write_text("user_name,email,fullname\nchief,c@site.example,C\n")
        self.plan("--from", "live.db", "--admins", "admins.csv", status=0)
        rows = {row["table"]: row["content"] for row in self.rows_of("chief")}
        self.assertIn("administrators-list", rows)
        self.assertEqual(rows["users"]["EMAIL"], "chief@site.example")

    def test_where_the_source_is_gone_rows_are_named_and_the_way_is_shown(self):
        self.live.rename(self.folder / "elsewhere.db")
        result = self.rowpost("show", "12_0_0")
        self.assertStatus(result, 0)
        self.assertIn("table status, row 1\n", result.out)
        self.assertNotIn("COMMENTS", result.out)
        self.assertIn("live.db, is not here; name one with --from", result.err)
        rows = self.rows_of("12_0_0", "--from", "elsewhere.db")
        comments = {row["content"].get("COMMENTS") for row in rows}
        self.assertEqual(comments, {None, "One.", "Two."})

    def test_a_source_that_is_named_has_to_be_there(self):
        result = self.rowpost("show", "12_0_0", "--from", "nowhere.db")
        self.assertStatus(result, 3)
        self.assertIn("nowhere.db", result.err)

    def test_a_remembered_source_that_cannot_be_read_is_only_reported(self):
        self.live.write_text("no database any more")
        result = self.rowpost("show", "12_0_0")
        self.assertStatus(result, 0)
        self.assertIn("warning: the source rows are named only", result.err)
        self.assertIn("table status, row 1\n", result.out)

    def test_a_row_that_is_gone_is_named_without_content(self):
        database = sqlite3.connect(self.live)
        database.execute("DELETE FROM status WHERE id = 1")
        database.commit()
        database.close()
        rows = {row["row"]: row for row in self.rows_of("12_0_0") if row["table"] == "status"}
        self.assertIsNone(rows["1"]["content"])
        self.assertEqual(rows["2"]["content"]["COMMENTS"], "Two.")

    def test_the_source_is_not_changed(self):
        before = self.live.read_bytes(), self.live.stat().st_mtime_ns
        self.rows_of("12_0_0")
        self.assertEqual((self.live.read_bytes(), self.live.stat().st_mtime_ns), before)
        self.assertEqual(list(self.folder.glob("live.db?*")), [])


class RowsOfPlans(Shown):
    def meet(self, more):
        """Every campaign's rows, whatever the plan was made with."""
        self.plan(*self.source("backup-dirty"), *more)
        keys = list(self.exports("campaigns"))[:5]
        for key in keys:
            (document,) = self.rowpost("show", key, "--kind", "campaigns", "--json").lines
            self.assertTrue(document["source_rows"])
            for row in document["source_rows"]:
                self.assertIsNotNone(row["content"], row)
                if row["table"].startswith("releases"):
                    self.assertEqual(row["content"]["RELEASE_NAME"], key)


for name, more in (
    ("corrected", ()),
    ("notebook", ("--rules", "notebook")),
    ("history", ("--history",)),
    ("alias", ("--alias", "Susy=NPS")),
):
    add_test(RowsOfPlans, f"rows_of_a_plan_by_{name}_are_found_again", more)


if __name__ == "__main__":
    unittest.main()
