"""A migration from a `.sql` file, from outside: planned, looked at, tested and drafted. Its rules
over the golden databases, and over generated ones, make the notebook's bodies."""

import json
import re
import sqlite3
import unittest
import xml.etree.ElementTree

from generated_legacy import GeneratedLegacy
from harness import AS_OF, GOLDEN, ROOT
from scene import Scene

NOTEBOOK = ROOT / "examples" / "valdb-notebook.sql"
KINDS = ("validators", "administrators", "campaigns")

DESK = """\
--@ migration desk
--@ option site Geneva: where the desk is
--@ table people key id
SELECT id, mail FROM person;
--@ classify people as users
SELECT id AS row, iif(mail IS NULL, 'no address', NULL) AS reject,
       iif(mail = 'spam', 'spam', NULL) AS skip, mail, mail <> lower(mail) AS "fix lower"
FROM people;
--@ kind users from users
--@ noun user
--@ create POST /users
--@ success :status = 201
--@ find GET /users?mail={mail}
--@ match :answer ->> '$.id'
SELECT row AS key, mail, json_object('mail', lower(mail), 'site', :site) AS body FROM users;

--@ test an address is in lower case
--@ given people id, mail
VALUES (1, 'Ann@x.example'), (2, NULL);
--@ expect users
VALUES (1, '{"site": "Geneva", "mail": "ann@x.example"}');
--@ outcomes people
VALUES (1, 'used', 1), (2, 'rejected', 'no address');
"""


class MigrationFile(Scene):
    """No target is needed."""

    @classmethod
    def setUpClass(cls):
        """Nothing to start."""

    def setUp(self):
        super().setUp()
        self.file = self.folder / "desk.sql"
        self.file.write_text(DESK)
        self.people = self.folder / "desk.db"
        database = sqlite3.connect(self.people)
        database.executescript(
            "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT);"
            "INSERT INTO person VALUES(1, 'Ann@x.example'), (2, NULL), (3, 'spam'), (4, 'd@x')"
        )
        database.close()

    def plan(self, *options):
        return self.rowpost("plan", "--from", self.people, "--migration", self.file, *options)


class Notebook(MigrationFile):
    def bodies(self, source, *rules):
        workspace = self.folder / "bodies.rowpost"
        workspace.unlink(missing_ok=True)
        result = self.rowpost("plan", "--from", source, "--as-of", AS_OF, "-w", workspace, *rules)
        self.assertIn(result.status, (0, 1), result.err)
        database = sqlite3.connect(workspace)
        bodies = {kind: [] for kind in KINDS}
        for kind, key, body in database.execute(
                "SELECT k.name, d.key, b.body FROM document d JOIN kind k ON k.position = d.kind"
                " JOIN body b ON b.document = d.id ORDER BY d.id"):
            bodies[kind].append((key, json.loads(body)))
        database.close()
        return bodies

    def check(self, source, admins):
        ours = self.bodies(source, "--migration", NOTEBOOK, "--set", f"admins={admins}")
        theirs = self.bodies(source, "--rules", "notebook", "--admins", admins)
        for kind in KINDS:
            self.assertEqual(ours[kind], theirs[kind])
        return {kind: len(theirs[kind]) for kind in KINDS}

    def check_golden(self, name):
        counts = self.check(GOLDEN / f"{name}.db", GOLDEN / f"{name}.admins.csv")
        for kind in KINDS:
            self.assertGreater(counts[kind], 0)

    def test_its_bodies_are_those_of_the_rules_in_c(self):
        self.check_golden("legacy")

    def test_its_bodies_are_the_same_where_rows_are_faulty(self):
        self.check_golden("backup-dirty")

    def test_its_bodies_are_the_same_over_databases_made_by_chance(self):
        counts = dict.fromkeys(KINDS, 0)
        for seed in range(1, 21):
            with self.subTest(seed=seed):
                made = GeneratedLegacy(seed, self.folder)
                for kind, count in self.check(made.path, made.admins).items():
                    counts[kind] += count
        for kind in KINDS:
            self.assertGreater(counts[kind], 20)

    def test_its_file_loses_no_column_but_those_that_it_names(self):
        text = NOTEBOOK.read_text()
        for column in ("links", "user_name"):
            with self.subTest(column=column):
                file = self.folder / "changed.sql"
                file.write_text(re.sub(rf"--@ unused status {column}:.*\n", "", text))
                result = self.rowpost(
                    "plan", "--from", GOLDEN / "legacy.db", "--migration", file, "--set",
                    f"admins={GOLDEN / 'legacy.admins.csv'}", "-w", self.folder / "x.rowpost")
                self.assertStatus(result, 2)
                self.assertIn(f"nothing reads the column {column} of the source's status",
                              result.err)


class Verbs(MigrationFile):
    def test_a_plan_prints_the_reconciliation_and_ends_with_1_for_rejected_rows(self):
        result = self.plan("--json")
        self.assertStatus(result, 1)
        (table,) = result.json["tables"]
        self.assertEqual([table[part] for part in ("rows", "used", "skipped", "rejected")],
                         [4, 2, 1, 1])

    def test_a_report_shows_key_table_and_content_of_its_rows(self):
        self.plan()
        for options in (("--format", "html"), ("--format", "html", "--key", "2")):
            html = self.rowpost("report", *options).out
            self.assertNotIn("Campaign", html)
            rows = re.findall(r"<th scope=.row. role=.rowheader.>(.*)</th>(.*)</tr>", html)
            found = [(row, *re.findall(r">([^<]+)</td>", cells)) for row, cells in rows]
            self.assertIn(("2", "people", "no address"), found)
            self.assertTrue(re.search("(?i)id +2\nmail +null", html), "the row's content")

    def test_a_report_of_it_has_no_pages_by_author(self):
        self.plan()
        result = self.rowpost("report", "--each-author", "pages")
        self.assertStatus(result, 2)
        self.assertIn("the migration desk names no topics for pages", result.err)
        self.assertFalse((self.folder / "pages").exists())

    def test_an_option_is_set(self):
        self.plan("--set", "site=Bern")
        bodies = [line["body"] for line in self.rowpost("export", "--kind", "users").lines]
        self.assertEqual({body["site"] for body in bodies}, {"Bern"})

    def test_an_unknown_option_is_refused(self):
        result = self.plan("--set", "town=Bern")
        self.assertStatus(result, 2)
        self.assertIn("the migration desk has no option --set.town", result.err)
        self.assertStatus(self.plan("--set", "site"), 2)

    def test_what_a_workspace_offers_works_for_it(self):
        self.plan()
        self.assertStatus(self.rowpost("status"), 1)
        shown = self.rowpost("show", "1")
        self.assertStatus(shown, 0)
        self.assertIn("Ann@x.example", shown.out)
        self.assertIn("no address", self.rowpost("rejects").out)
        self.assertIn("spam", self.rowpost("skips").out)
        self.assertStatus(self.rowpost("findings"), 0)
        for form in ("text", "html", "json", "junit", "csv"):
            self.assertStatus(self.rowpost("report", "--format", form), 0)
        sample = self.plan("--sample", "4")
        self.assertIn("ann@x.example", sample.out)

    def test_a_correction_is_counted(self):
        (kind,) = self.plan("--json").json["kinds"]
        self.assertEqual(kind["corrections"], {"lower": 1})

    def test_the_workspace_keeps_the_text_and_says_when_the_file_has_changed(self):
        self.plan()
        self.assertNotIn("changed since", self.rowpost("show", "1").err)
        self.file.write_text(DESK.replace("kind users", "kind persons"))
        shown = self.rowpost("show", "1", "--kind", "users")
        self.assertStatus(shown, 0)
        self.assertIn("has changed since the plan; the text of the plan counts", shown.err)
        self.file.unlink()
        self.assertStatus(self.rowpost("show", "1", "--kind", "users"), 0)
        settings = self.read().rows("SELECT * FROM setting WHERE name LIKE 'migration-%'")
        kept = {row["name"]: row["value"] for row in settings}
        self.assertEqual(kept["migration-text"], DESK)
        self.assertNotIn(DESK, self.rowpost("report", "--format", "json").out)

    def test_planning_again_takes_the_new_file(self):
        self.plan()
        self.file.write_text(DESK.replace("'mail', lower(mail)", "'address', lower(mail)"))
        again = self.plan("--json")
        self.assertStatus(again, 1)
        self.assertIn('"address"', self.rowpost("show", "1").out)

    def test_a_file_with_an_error_leaves_the_workspace_as_it_was(self):
        self.plan()
        before = self.rowpost("export", "--kind", "users").out
        self.file.write_text(DESK.replace("FROM people;", "FROM people WHERE id > 1;"))
        result = self.plan()
        self.assertStatus(result, 2)
        self.assertIn("desk.sql, line 6: classify people: row 1 is not among the rows", result.err)
        self.assertEqual(self.rowpost("export", "--kind", "users").out, before)

    def test_a_missing_file_is_named(self):
        result = self.rowpost("plan", "--from", self.people, "--migration", "nowhere.sql")
        self.assertStatus(result, 2)
        self.assertIn("nowhere.sql: No such file or directory; expected a migration file",
                      result.err)

    def test_the_source_is_left_as_it_was(self):
        before = self.people.read_bytes()
        self.plan()
        self.assertEqual(self.people.read_bytes(), before)
        self.assertEqual(sorted(path.name for path in self.folder.glob("desk*")),
                         ["desk.db", "desk.sql"])


class Tests(MigrationFile):
    def test_a_test_that_holds_passes(self):
        result = self.rowpost("test", self.file)
        self.assertStatus(result, 0)
        self.assertEqual(result.out, "ok      an address is in lower case (line 17)\n"
                                     "1 test, 0 failed\n")

    def test_a_difference_is_shown_line_by_line(self):
        self.file.write_text(DESK.replace('"mail": "ann@x.example"', '"mail": "Ann"')
                             .replace("(2, 'rejected', 'no address')", "(2, 'skipped', 'x')"))
        result = self.rowpost("test", self.file)
        self.assertStatus(result, 1)
        for line in ('-   "mail": "Ann",', '+   "mail": "ann@x.example",', '    "site": "Geneva"',
                     "- skipped: x", "+ rejected: no address"):
            self.assertIn(line, result.out)

    def test_what_is_not_expected_and_what_is_not_there_are_differences(self):
        self.file.write_text(DESK.replace("VALUES (1, '{", "VALUES (9, '{"))
        result = self.rowpost("test", self.file)
        self.assertStatus(result, 1)
        self.assertIn("users 9: it is not there", result.out)
        self.assertIn("users 1: it is not expected", result.out)

    def test_a_build_server_reads_the_result(self):
        self.file.write_text(DESK.replace('"mail": "ann@x.example"', '"mail": "Ann"'))
        result = self.rowpost("test", self.file, "--format", "junit")
        self.assertStatus(result, 1)
        suite = xml.etree.ElementTree.fromstring(result.out)
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("1", "1"))
        self.assertIn("Ann", suite.find("testcase/failure").text)

    def test_a_proof_that_fails_is_a_difference(self):
        self.file.write_text(DESK.replace("FROM people;", "FROM people WHERE id > 1;"))
        result = self.rowpost("test", self.file)
        self.assertStatus(result, 1)
        self.assertIn("row 1 is not among the rows that it returns", result.out)

    def test_a_file_without_a_test_says_so(self):
        self.file.write_text(DESK.partition("--@ test")[0])
        result = self.rowpost("test", self.file)
        self.assertStatus(result, 2)
        self.assertIn("has no test", result.err)

    def test_nothing_is_left_in_the_temporary_folder(self):
        scratch = self.folder / "scratch"
        scratch.mkdir()
        self.assertStatus(self.rowpost("test", self.file, TMPDIR=str(scratch)), 0)
        self.assertEqual(list(scratch.iterdir()), [])


class Draft(MigrationFile):
    def draft(self, source, *more):
        file = self.folder / "draft.sql"
        result = self.rowpost("draft", "--from", source, "-o", file, *more)
        self.assertStatus(result, 0)
        return file

    def test_a_draft_plans_and_says_what_is_left_to_do(self):
        for name in ("legacy", "backup-dirty"):
            with self.subTest(source=name):
                file = self.draft(GOLDEN / f"{name}.db", "--force")
                result = self.rowpost("plan", "--from", GOLDEN / f"{name}.db", "--migration", file,
                                      "-w", self.folder / f"{name}.rowpost", "--json")
                self.assertStatus(result, 1)
                for table in result.json["tables"]:
                    self.assertEqual(table["rejected"], table["rows"])

    def test_a_draft_shows_what_is_in_the_columns(self):
        text = self.draft(self.people).read_text()
        self.assertIn("-- person: 4 rows", text)
        self.assertRegex(text, r"--   mail +TEXT +Ann@x\.example, spam, d@x")
        self.assertIn("--@ table old_person key id", text)
        self.assertIn("--@ unused old_person mail: to be decided", text)

    def test_a_draft_shows_the_letters_of_any_language(self):
        source = self.folder / "letters.db"
        database = sqlite3.connect(source)
        database.execute("CREATE TABLE word(id INTEGER PRIMARY KEY, text TEXT)")
        texts = ("Öl 😀", "a\nb", "ü" * 21)
        database.executemany("INSERT INTO word(text) VALUES(?)", [(text,) for text in texts])
        database.commit()
        database.close()
        self.assertIn(f"TEXT           Öl 😀, a?b, {'ü' * 20}...\n",
                      self.draft(source).read_text())

    def test_odd_names_of_tables_and_columns_are_drafted_and_planned(self):
        odd = self.folder / "odd.db"
        database = sqlite3.connect(odd)
        database.executescript(
            'CREATE TABLE "order"("group" TEXT, "Row" TEXT, "a b" INT, "a_b" INT, "ä" TEXT);'
            """INSERT INTO "order" VALUES('x', 'line
--@ kind', 1, 2, 'q''"');"""
            'CREATE TABLE "2 much"(id INTEGER, x TEXT, PRIMARY KEY (id, x)) WITHOUT ROWID;'
            """INSERT INTO "2 much" VALUES(1, 'a'), (1, 'b');"""
        )
        database.close()
        file = self.draft(odd)
        result = self.rowpost("plan", "--from", odd, "--migration", file, "--json")
        self.assertStatus(result, 1)
        self.assertEqual(sorted(table["rows"] for table in result.json["tables"]), [1, 2])

    def test_a_file_that_is_there_is_replaced_only_on_demand(self):
        file = self.draft(self.people)
        result = self.rowpost("draft", "--from", self.people, "-o", file)
        self.assertStatus(result, 2)
        self.assertIn("is there already; --force replaces it", result.err)

    def test_tables_are_chosen(self):
        text = self.draft(GOLDEN / "legacy.db", "--tables", "users,status").read_text()
        self.assertEqual(re.findall(r"--@ table (\w+)", text), ["old_status", "old_users"])


class Leaving(MigrationFile):
    """Rows that are left at the source are in every reconciliation."""

    def setUp(self):
        super().setUp()
        self.file.write_text(DESK.replace("--@ table people key id\n",
                                          "--@ table people key id\n"
                                          "--@ only id < 3: <old> & gone\n"))

    def test_they_are_counted_with_their_reason(self):
        result = self.plan()
        self.assertStatus(result, 1)
        self.assertIn("4 rows = 1 used + 0 skipped + 1 rejected + 2 left at the source: "
                      "<old> & gone", result.out)

    def test_every_report_shows_them(self):
        self.plan()
        summary = self.rowpost("status", "--json").json
        self.assertBalances(summary)
        self.assertEqual((summary["tables"][0]["left"], summary["tables"][0]["left_because"]),
                         (2, "<old> & gone"))
        page = self.folder / "report.html"
        self.assertStatus(self.rowpost("report", "-o", page), 0)
        self.assertIn("people: 2 rows are left at the source: &lt;old&gt; &amp; gone",
                      page.read_text())
        junit = self.rowpost("report", "--format", "junit")
        self.assertIn("balance", junit.out)
        self.assertNotIn("unbalanced", junit.out)

    def test_a_condition_that_the_source_does_not_take_names_its_table(self):
        self.file.write_text(DESK.replace("--@ table people key id\n",
                                          "--@ table people key id\n--@ only idd < 3: why\n"))
        result = self.plan()
        self.assertNotIn(result.status, (0, 1))
        self.assertIn("table person", result.err)
        self.assertIn("no such column: idd", result.err)


class Saving(MigrationFile):
    def save(self, *options):
        return self.rowpost("test", self.file, "--from", self.people, *options)

    def test_named_rows_become_a_test_that_passes(self):
        self.file.chmod(0o644)
        result = self.save("--save", "it's so", "--rows", "people:1,2,people:3")
        self.assertStatus(result, 0)
        text = self.file.read_text()
        self.assertTrue(text.startswith(DESK))
        self.assertTrue(text.endswith("\n" + result.out.lstrip("\n")))
        for line in ("--@ test it's so", "VALUES (1, 'Ann@x.example'),", "(2, NULL),",
                     "(2, 'rejected', 'no address')", "(3, 'skipped', 'spam')", "(1, 'used', 1)"):
            self.assertIn(line, text)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o644)
        run = self.rowpost("test", self.file)
        self.assertStatus(run, 0)
        self.assertIn("2 tests, 0 failed", run.out)

    def test_a_row_that_is_not_there_leaves_the_file_as_it_was(self):
        for rows, message in (("people:9", "the source's person has no row 9"),
                              ("9", "expected a table of the file, a colon and the key of a row")):
            result = self.save("--save", "x", "--rows", rows)
            self.assertStatus(result, 2)
            self.assertIn(message, result.err)
        self.assertEqual(self.file.read_text(), DESK)

    def test_a_test_has_a_name_and_rows(self):
        self.assertStatus(self.save("--save", "x"), 2)
        self.assertStatus(self.save("--rows", "people:1"), 2)
        self.assertStatus(self.save("--save", "a\n--@ b", "--rows", "people:1"), 2)


if __name__ == "__main__":
    unittest.main()
