"""Databases and lists as others left them, through the whole program: each gives its right value, or
reports what is wrong. What a value of each type becomes is in test_source_parity.py."""

import json
import shutil
import sqlite3
import unittest

import golden_tables
from database_server import PASSWORD
from harness import AS_OF, make_sample
from legacy import make_clean
from mariadb_server import MariadbServer
from oracle_scene import KINDS
from postgresql_server import PostgresqlServer
from scene import Scene, add_test

PACKAGES = ["libsqliteodbc", "odbcinst"]

WRITTEN = 2 << 20  # more than is there before the first row

HEADER = "user_name,email,fullname\n"

# (name, the line of `chief` in the list of administrators, what a warning shows of it)
LINES = [
    ("a_blank_behind_the_login", "chief ,chief@site.example,Big Chief", None),
    ("a_login_in_capitals", "CHIEF,chief@site.example,Big Chief", None),
    ("a_no_break_space_before_the_login", "\u00a0chief,chief@site.example,Big Chief", "<U+00A0>chief"),
    ("a_zero_width_space_in_the_login", "chief\u200b,chief@site.example,Big Chief", "chief<U+200B>"),
    ("a_blank_behind_the_address", "chief,chief@site.example ,Big Chief", None),
    ("a_login_as_a_formula", '"=""chief""",chief@site.example,Big Chief', None),
    ("an_address_as_a_link", "chief,mailto:chief@site.example,Big Chief", None),
]


class FieldScene(Scene):
    environment = {}

    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def plan(self, source, *options):
        self.workspace.unlink(missing_ok=True)
        words = ["plan", "--from", source, "--as-of", AS_OF, *options]
        return self.rowpost(*words, **self.environment)

    def list_bodies(self):
        return {kind: self.rowpost("export", "--kind", kind).out for kind in KINDS}

    def make(self, *statements):
        """A database of three reports and three people, changed."""
        path = self.folder / "legacy.db"
        legacy = make_clean(path)
        for statement in statements:
            legacy.execute(statement)
        legacy.close()
        return path


class Administrators(FieldScene):
    def meet(self, line, shown):
        (self.folder / "admins.csv").write_text(HEADER + line + "\n", encoding="utf-8")
        result = self.plan(self.make(), "--admins", "admins.csv")
        self.assertStatus(result, 0)
        body = self.exports("administrators")["chief"]
        self.assertEqual((body["email"], body["fullname"]), ("chief@site.example", "Big Chief"))
        if shown is None:
            self.assertNotIn("warning", result.err)
        else:
            self.assertIn(f'admins.csv, line 2: the login "{shown}" has a character that', result.err)


for _name, *_rest in LINES:
    add_test(Administrators, _name, *_rest)


class Files(FieldScene):
    def test_an_infinite_number_is_text_in_valid_json(self):
        path = self.make("ALTER TABLE releases RENAME TO before",
                         "CREATE TABLE releases AS SELECT * FROM before",
                         "UPDATE releases SET version = 9e999 WHERE id = 1")
        self.assertStatus(self.plan(path), 1)
        lines = self.rowpost("rejects", "--json").out.splitlines()
        rejected = [json.loads(line, parse_constant=self.fail) for line in lines]
        self.assertEqual([row["table"] for row in rejected], ["releases", "status"])
        self.assertEqual(rejected[0]["content"]["VERSION"], "inf")
        self.assertIn("VERSION is inf; expected an integer", rejected[0]["reason"])

    def test_a_schema_of_a_newer_sqlite_is_not_called_damaged(self):
        path = self.make("CREATE TABLE other (a)")
        database = sqlite3.connect(path)
        database.executescript("PRAGMA writable_schema = 1; UPDATE sqlite_schema SET"
                               " sql = 'CREATE TABLE other (a) STRICTER' WHERE name = 'other'")
        database.close()
        result = self.plan(path)
        self.assertStatus(result, 3)
        self.assertIn("has a schema that this SQLite, version ", result.err)
        self.assertIn("STRICTER", result.err)
        self.assertNotIn("damaged", result.err)
        self.assertFalse(self.workspace.exists())

    def test_a_text_with_a_nul_rejects_its_rows_and_is_kept_whole(self):
        path = self.make("UPDATE status SET comments = 'a' || char(0) || 'b' WHERE id = 1")
        self.assertStatus(self.plan(path), 1)
        rejected = {row["table"]: row for row in self.rowpost("rejects", "--json").lines}
        self.assertEqual(rejected["status"]["content"]["COMMENTS"], "a\0b")
        self.assertIn("COMMENTS is a\\x00b", rejected["status"]["reason"])
        self.assertIn("its row of STATUS is rejected", rejected["releases"]["reason"])

    def test_a_text_that_odbc_cuts_off_at_a_nul_leaves_no_plan(self):
        path = self.make("UPDATE status SET comments = 'a' || char(0) || 'b' WHERE id = 1")
        result = self.plan(f"odbc:DRIVER=SQLite3;Database={path}")
        self.assertStatus(result, 3)
        self.assertIn("status: the texts of the column comments", result.err)
        self.assertFalse(self.workspace.exists())


class WrittenMeanwhile(FieldScene):
    """A database in WAL mode, of which somebody removes most rows while it is read."""

    def setUp(self):
        super().setUp()
        make_sample(self.folder, campaigns=500, rows=60000, users=20, dirty="no", history="no")
        self.path = self.folder / "legacy.db"
        self.writer = sqlite3.connect(self.path, isolation_level=None)
        self.addCleanup(self.writer.close)
        self.writer.execute("PRAGMA journal_mode = WAL")
        self.writer.execute("CREATE TABLE touched (a)")
        shutil.copyfile(self.path, self.folder / "before.db")
        shutil.copyfile(f"{self.path}-wal", self.folder / "before.db-wal")

    def change_while(self, program, file):
        """The rows change once some of them are in the file."""
        made = self.folder / file
        is_growing = lambda: made.exists() and made.stat().st_size > WRITTEN
        self.assertTrue(program.stop_when(is_growing), "it had ended before")
        self.writer.execute("DELETE FROM status WHERE id % 7 <> 0")
        self.writer.execute("DELETE FROM releases WHERE id % 7 <> 0")
        self.writer.execute("PRAGMA wal_checkpoint")
        program.go_on()
        result = program.end()
        ((left,),) = self.writer.execute("SELECT count(*) FROM releases")
        self.assertLess(left, 5000)
        return result

    def test_a_plan_is_of_one_moment(self):
        expected = self.plan(self.folder / "before.db")
        bodies = self.list_bodies()
        self.workspace.unlink()
        words = ["plan", "--from", self.path, "--as-of", AS_OF]
        result = self.change_while(self.start(*words), "valdb.rowpost")
        self.assertStatus(result, expected.status)
        self.assertIn("all rows are of one moment", result.out)
        self.assertEqual(result.without_ending, expected.without_ending)
        self.assertEqual(self.list_bodies(), bodies)

    def test_a_snapshot_is_of_one_moment(self):
        program = self.start("snapshot", "--from", self.path, "-o", "copy.db")
        self.assertStatus(self.change_while(program, "copy.db.partial"), 0)
        sums = sqlite3.connect(self.folder / "copy.db")
        self.addCleanup(sums.close)
        rows = dict(sums.execute("SELECT table_name, row_count FROM snapshot"))
        self.assertEqual(rows["releases"], rows["status"])
        self.assertEqual(rows["releases"], 30000)
        ((is_of_one,),) = sums.execute("SELECT DISTINCT is_consistent FROM snapshot")
        self.assertEqual(is_of_one, 1)


class ServerScene(FieldScene):
    """The small database on a server, made again for each test."""

    environment = {"ROWPOST_SOURCE_PASSWORD": PASSWORD}

    @classmethod
    def setUpClass(cls):
        cls.server = cls.make_server()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        super().setUp()
        self.path = self.make("UPDATE releases SET date = datetime(date, 'unixepoch')")
        self.server.load(self.drop_schema)
        golden_tables.load(self.server, self.path)

    def change(self, sql):
        self.server.load(self.server.use + sql)

    def assertGivesTheSame(self):
        self.assertStatus(self.plan(self.path), 0)
        expected = self.list_bodies()
        self.assertStatus(self.plan(self.server.url()), 0)
        self.assertEqual(self.list_bodies(), expected)

    def assertRejects(self, found):
        """These rows of RELEASES with what the server holds; the day of the run is in no body."""
        result = self.plan(self.server.url())
        self.assertStatus(result, 1)
        rejected = {row["row"]: row for row in self.rowpost("rejects", "--json").lines
                    if row["table"] == "releases"}
        self.assertEqual({row: entry["content"]["DATE"] for row, entry in rejected.items()}, found)
        for row, value in found.items():
            self.assertIn(f"DATE is {value}; expected a date", rejected[row]["reason"])
        self.assertNotIn(AS_OF, self.rowpost("export", "--kind", "campaigns").out)


class Postgresql(ServerScene):
    make_server = PostgresqlServer
    drop_schema = ('DROP SCHEMA IF EXISTS cms_pdmv_val CASCADE;'
                   'DROP SCHEMA IF EXISTS "CMS_PDMV_VAL" CASCADE;')

    def test_boolean_flags(self):
        self.change("ALTER TABLE users ALTER admin TYPE boolean USING admin = 1,"
                    " ALTER validator TYPE boolean USING validator = 1;")
        self.assertGivesTheSame()

    def test_logins_and_names_that_are_padded(self):
        self.change("ALTER TABLE users ALTER user_name TYPE char(100);"
                    "ALTER TABLE user_rights ALTER user_name TYPE char(100);"
                    "ALTER TABLE releases ALTER release_name TYPE char(100);")
        self.assertGivesTheSame()

    def test_ids_that_are_text(self):
        self.change("ALTER TABLE releases ALTER id TYPE varchar(20);"
                    "ALTER TABLE status ALTER id TYPE varchar(20);")
        self.assertGivesTheSame()

    def test_a_schema_and_tables_in_quoted_capitals(self):
        self.change('ALTER TABLE users RENAME TO "USERS";'
                    'ALTER SCHEMA cms_pdmv_val RENAME TO "CMS_PDMV_VAL";')
        self.assertGivesTheSame()

    def test_timestamps_that_are_no_day(self):
        self.change("UPDATE releases SET date = 'infinity' WHERE id = 1;"
                    "UPDATE releases SET date = '12022-06-15 00:00' WHERE id = 2;")
        self.assertRejects({"1": "infinity", "2": "12022-06-15 00:00:00"})

    def test_dates_that_are_no_day(self):
        self.change("ALTER TABLE releases ALTER date TYPE date;"
                    "UPDATE releases SET date = '-infinity' WHERE id = 1;"
                    "UPDATE releases SET date = '0044-03-15 BC' WHERE id = 2;")
        self.assertRejects({"1": "-infinity", "2": "0044-03-15 BC"})


class Mariadb(ServerScene):
    make_server = MariadbServer
    drop_schema = "DROP DATABASE IF EXISTS CMS_PDMV_VAL;"

    def test_flags_of_a_bit(self):
        self.change("ALTER TABLE USERS MODIFY ADMIN bit(1), MODIFY VALIDATOR bit(1);")
        self.assertGivesTheSame()

    def test_flags_of_a_letter(self):
        self.change("ALTER TABLE USERS MODIFY ADMIN char(1), MODIFY VALIDATOR char(1);"
                    "UPDATE USERS SET ADMIN = IF(ADMIN = '1', 'Y', 'N'),"
                    " VALIDATOR = IF(VALIDATOR = '1', 'Y', 'N');")
        self.assertGivesTheSame()

    def test_logins_that_the_server_takes_for_one(self):
        self.change("INSERT INTO USERS VALUES ('First', 'other@site.example', 0, 1);"
                    "INSERT INTO USER_RIGHTS VALUES (9, 'FIRST', 'HLT', 'Data', 'TAU'),"
                    " (10, 'First', 'HLT', 'Data', 'JET');")
        self.plan(self.server.url())
        validators = self.exports("validators")
        self.assertEqual(validators["First"]["groups"], ["HLT.Data.Jet"])
        self.assertEqual(len(validators["first"]["groups"]), 2)
        skipped = [row["row"] for row in self.rowpost("skips", "--json").lines
                   if row["table"] == "user_rights"]
        self.assertEqual(skipped, ["9"])

    def test_dates_of_zeros(self):
        self.change("SET sql_mode = ''; UPDATE RELEASES SET `DATE` = '0000-00-00' WHERE ID = 1;"
                    "UPDATE RELEASES SET `DATE` = '2022-00-15' WHERE ID = 2;")
        self.assertRejects({"1": "0000-00-00 00:00:00.000000", "2": "2022-00-15 00:00:00.000000"})

    def test_a_text_that_the_driver_cuts_off_at_a_nul_leaves_no_plan(self):
        self.change("UPDATE STATUS SET COMMENTS = concat('a', char(0), 'b') WHERE ID = 1;")
        result = self.plan(self.server.url())
        self.assertStatus(result, 3)
        self.assertIn("the texts of the column", result.err)
        self.assertFalse(self.workspace.exists())


if __name__ == "__main__":
    unittest.main()
