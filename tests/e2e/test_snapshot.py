"""A snapshot is a whole copy of the legacy tables: a plan of the one is a plan of the other."""

import collections
import hashlib
import os
import sqlite3
import struct
import unittest

from harness import GOLDEN
from legacy import Legacy, make_clean
from scene import Scene, add_test

SIX = ("releases", "status", "releases_lv", "status_lv", "users", "user_rights")
KINDS = ("validators", "administrators", "authors", "campaigns")
VARIANTS = (("corrected", ()), ("notebook", ("--rules", "notebook")), ("history", ("--history",)))


def read_table(path, table):
    """Every row as it stands in the file; texts as bytes, as they need not be UTF-8."""
    database = sqlite3.connect(path)
    database.text_factory = bytes
    rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
    columns = [column[0] for column in database.execute(f'SELECT * FROM "{table}"').description]
    quoted = (column.replace('"', '""') for column in columns)
    types = ", ".join(f'typeof("{column}")' for column in quoted)
    typed = database.execute(f'SELECT {types} FROM "{table}"').fetchall()
    database.close()
    return [[(kind.decode(), value) for kind, value in zip(*pair)] for pair in zip(typed, rows)]


def read_schema(path):
    database = sqlite3.connect(path)
    schema = dict(database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
    database.close()
    return schema


def read_columns(path):
    """The names and the types of each table's columns."""
    database = sqlite3.connect(path)
    sql = "SELECT name, type FROM pragma_table_info(?)"
    columns = {table: database.execute(sql, (table,)).fetchall() for table in read_schema(path)}
    database.close()
    return columns


def serialize(kind, value):
    """As docs/snapshot.md describes it."""
    if kind == "null":
        return b"n"
    if kind == "integer":
        return b"i%d;" % value
    if kind == "real":
        return b"r" + struct.pack(">d", value).hex().encode()
    return b"%c%d:%b" % (b"t"[0] if kind == "text" else b"b"[0], len(value), value)


def checksum_of(rows):
    total = 0
    for row in rows:
        content = b"".join(serialize(*value) for value in row)
        total += int.from_bytes(hashlib.sha256(content).digest(), "big")
    return (total % (1 << 256)).to_bytes(32, "big").hex()


class SnapshotScene(Scene):
    """No target is needed."""

    @classmethod
    def setUpClass(cls):
        """Nothing to start."""

    def setUp(self):
        super().setUp()
        self.live = self.folder / "live.db"
        self.copy = self.folder / "legacy.db"

    def snapshot(self, *more, source=None):
        return self.rowpost("snapshot", "--from", source or self.live, "-o", self.copy, *more)

    def take(self, *more, source=None):
        """A snapshot that comes to its end, as its JSON."""
        result = self.snapshot("--json", *more, source=source)
        self.assertStatus(result, 0)
        return result

    def make_live(self, schema):
        """An open database of the test's own making; closed with the test."""
        database = sqlite3.connect(self.live, isolation_level=None)
        self.addCleanup(database.close)
        database.executescript(schema)
        return database

    def plan(self, source, *more):
        """Every document of a plan, and what became of the rows."""
        self.workspace.unlink(missing_ok=True)
        result = self.rowpost("plan", "--from", source, *more)
        self.assertIn(result.status, (0, 1), result.err)
        documents = {kind: self.exports(kind) for kind in KINDS}
        outcomes = self.read().rows(
            "SELECT t.name, s.row, s.outcome, s.because, d.key FROM source_row s"
            " JOIN source_table t ON t.id = s.source_table"
            " LEFT JOIN document d ON d.id = s.document"
        )
        return documents, collections.Counter(map(tuple, outcomes))

    def assertNothingLeft(self, *besides):
        left = [path.name for path in self.folder.glob("legacy.db*")]
        self.assertEqual(sorted(left), sorted(besides))


class Golden(SnapshotScene):
    def meet(self, name, more):
        options = self.source(name)
        options[1] = options[1].resolve()
        self.take(source=options[1])
        expected = self.plan(options[1], *options[2:], *more)
        self.assertGreater(len(expected[0]["campaigns"]), 10)
        found = self.plan(self.copy, *options[2:], *more)
        self.assertEqual(found, expected)

    def test_tables_and_columns_are_named_as_in_the_backup_and_have_no_types(self):
        expected = read_columns(GOLDEN / "backup-dirty.db")
        for name in ("legacy", "backup-dirty"):
            self.take("--force", source=GOLDEN / f"{name}.db")
            columns = read_columns(self.copy)
            del columns["snapshot"]
            names = {table: [name for name, _ in each] for table, each in columns.items()}
            lower = {
                table: [name.lower() for name, _ in each] for table, each in expected.items()
            }
            self.assertEqual(names, lower)
            self.assertEqual({kind for each in columns.values() for _, kind in each}, {""})

    def test_a_snapshot_of_the_backup_has_its_rows(self):
        self.take(source=GOLDEN / "backup-dirty.db")
        for table in SIX:
            rows = read_table(GOLDEN / "backup-dirty.db", table)
            self.assertEqual(read_table(self.copy, table), rows)

    def test_iso_dates_become_seconds_since_1970(self):
        self.take(source=GOLDEN / "legacy.db")
        database = sqlite3.connect(GOLDEN / "legacy.db")
        sql = "SELECT id, CAST(strftime('%s', date) AS INTEGER) FROM releases ORDER BY id"
        expected = database.execute(sql).fetchall()
        database.close()
        database = sqlite3.connect(self.copy)
        found = database.execute("SELECT id, date FROM releases ORDER BY id").fetchall()
        database.close()
        self.assertEqual(found, expected)
        self.assertEqual(len(found), 3090)

    def test_counts_and_checksums_are_reported_and_kept(self):
        account = self.take(source=GOLDEN / "legacy.db").json
        self.assertEqual(account["snapshot"], str(self.copy))
        self.assertTrue(account["is_consistent"])
        expected = {}
        for table in SIX:
            rows = read_table(self.copy, table)
            expected[table] = (len(rows), checksum_of(rows))
        told = {each["table"]: (each["rows"], each["checksum"]) for each in account["tables"]}
        self.assertEqual(told, expected)
        self.assertEqual(account["rows"], sum(count for count, _ in expected.values()))
        database = sqlite3.connect(self.copy)
        sql = "SELECT table_name, row_count, checksum, source, taken, is_consistent FROM snapshot"
        kept = {name: rest for name, *rest in database.execute(sql)}
        database.close()
        source = str(GOLDEN / "legacy.db")
        for table, (count, checksum) in expected.items():
            self.assertEqual(kept[table], [count, checksum, source, account["taken"], 1])

    def test_a_snapshot_of_a_snapshot_has_the_same_checksums(self):
        first = self.take(source=GOLDEN / "backup-dirty.db").json
        self.copy.rename(self.live)
        second = self.take().json
        self.assertEqual(second["tables"], first["tables"])

    def test_people_get_the_counts_too(self):
        result = self.snapshot(source=GOLDEN / "backup-dirty.db")
        self.assertStatus(result, 0)
        self.assertRegex(result.out, r"(?m)^releases_lv +1394 rows")
        self.assertIn("5207 rows, read back and found equal; all of one moment", result.out)
        self.assertLessEqual(max(map(len, result.out.splitlines()[:-2])), 80)

    def test_the_file_is_only_for_its_owner(self):
        self.take(source=GOLDEN / "backup-dirty.db")
        self.assertEqual(self.copy.stat().st_mode & 0o777, 0o600)
        self.assertNothingLeft("legacy.db")


for name in ("legacy", "backup-dirty"):
    for variant, more in VARIANTS:
        test = f"{name.replace('-', '_')}_by_{variant}_gives_the_same_documents"
        add_test(Golden, test, name, more)

# (value in the source, column, what is in the snapshot)
VALUES = [
    ("NULL", "comments", ("null", None)),
    ("''", "comments", ("text", b"")),
    ("CAST(x'C4E9FF' AS TEXT)", "comments", ("text", b"\xc4\xe9\xff")),
    ("CAST(x'610062' AS TEXT)", "comments", ("text", b"a\0b")),
    ("x'00FF'", "comments", ("blob", b"\x00\xff")),
    ("x''", "comments", ("blob", b"")),
    ("7", "comments", ("text", b"7")),
    ("1.0", "comments", ("text", b"1.0")),
    ("'007'", "comments", ("text", b"007")),
    ("'12'", "version", ("integer", 12)),
    ("'1.0'", "version", ("integer", 1)),
    ("3.0", "version", ("integer", 3)),
    ("2.5", "version", ("real", 2.5)),
    ("'2.5'", "version", ("text", b"2.5")),
    ("9e999", "version", ("real", float("inf"))),
    ("-9223372036854775807", "version", ("integer", -9223372036854775807)),
    ("'123456789012345678901234567890'", "version", ("text", b"123456789012345678901234567890")),
    ("'none'", "version", ("text", b"none")),
    ("1371769900", "date", ("integer", 1371769900)),
    ("'1371769900'", "date", ("integer", 1371769900)),
    ("'2013-06-20 23:11:40.000000'", "date", ("integer", 1371769900)),
    ("'2013-06-20T23:11:40Z'", "date", ("integer", 1371769900)),
    ("'2013-06-21 01:11:40+02:00'", "date", ("integer", 1371769900)),
    ("'2013-06-20'", "date", ("integer", 1371686400)),
    ("'1969-12-31 23:59:59'", "date", ("text", b"1969-12-31 23:59:59")),
    ("'0001-01-01'", "date", ("text", b"0001-01-01 00:00:00")),
    ("'9999-12-31 23:59:59'", "date", ("text", b"9999-12-31 23:59:59")),
    ("'2013-06-20 23:11:40.5'", "date", ("text", b"2013-06-20 23:11:40.500000")),
    ("'2013-06-20 23:11:40.123456789'", "date", ("text", b"2013-06-20 23:11:40.123456789")),
    ("'last week'", "date", ("text", b"last week")),
    ("'2013-02-30'", "date", ("text", b"2013-02-30")),
    ("'20130620'", "date", ("text", b"20130620")),
    ("20130620", "date", ("integer", 20130620)),
    ("' '", "date", ("text", b" ")),
    ("NULL", "date", ("null", None)),
]

# As databases without types of their own would have them.
RELEASES = (
    "CREATE TABLE releases(id, category, subcategory, release_name, version, date, status_kind);"
)
STATUS = (
    "CREATE TABLE status(id, validation_status, comments, links, user_name, messageID,"
    " email_subject, relmon_url);"
)
USERS = "CREATE TABLE users(user_name, email, admin, validator);"

# (value, column, the warning about the rows; None: it is nothing special)
UNFIT = [
    ("'20130620'", "date", "DATE is 20130620; expected a date such as"),
    ("20130620", "date", "DATE is 20130620; expected a date such as"),
    ("'123456789012345678901234567890'", "version", "VERSION is 123456789012345678901234567890;"),
    ("2", "admin", "the row with user_name jdoe: ADMIN is 2; expected 0 or 1"),
    ("x'00'", "user_name", "the row with user_name x'00': USER_NAME is x'00'; expected text"),
    ("NULL", "user_name", None),
]


class Values(SnapshotScene):
    """`comments` is any text: it is that of the table `status`."""

    def meet(self, value, column, expected):
        table = "status" if column == "comments" else "releases"
        database = self.make_live(STATUS if column == "comments" else RELEASES)
        database.execute(f"INSERT INTO {table} (id, {column}) VALUES (17, {value})")
        self.take("--tables", table)
        copy = sqlite3.connect(self.copy)
        copy.text_factory = bytes
        ((kind, found),) = copy.execute(f"SELECT typeof({column}), {column} FROM {table}")
        copy.close()
        self.assertEqual((kind.decode(), found), expected)

    def test_a_text_of_millions_of_characters_is_whole(self):
        database = self.make_live(STATUS)
        text = "äöü€\n" * 700_000
        database.execute("INSERT INTO status(id, comments) VALUES (1, ?)", (text,))
        self.take("--tables", "STATUS")
        ((_, _, found, *_),) = read_table(self.copy, "status")
        self.assertEqual(found, ("text", text.encode()))

    def test_values_that_are_not_of_their_type_are_reported_with_the_first_row(self):
        database = self.make_live("CREATE TABLE releases(id, date, version);")
        dates = ["2013-06-20", "2013-06-20 00:00:00.25", "0:00", "none", "never"]
        for row, date in enumerate(dates):
            database.execute("INSERT INTO releases VALUES (?, ?, 1.5)", (row, date))
        for column in ("category", "subcategory", "release_name", "status_kind"):
            database.execute(f"ALTER TABLE releases ADD COLUMN {column}")
        result = self.take("--tables", "releases")
        for phrase in (
            "releases, the row with id 2 (and 2 others): DATE is 0:00; expected a date",
            "releases, the row with id 0 (and 4 others): VERSION is 1.5; expected an integer",
        ):
            self.assertIn(phrase, result.err)

    def test_keys_may_be_missing_and_repeated(self):
        database = self.make_live(RELEASES)
        database.execute("INSERT INTO releases(id) VALUES (17), (17), (NULL), (NULL), ('x')")
        result = self.take("--tables", "releases")
        self.assertEqual(result.json["rows"], 5)
        ids = [row[0] for row in read_table(self.copy, "releases")]
        seventeen = ("integer", 17)
        nothing = ("null", None)
        self.assertEqual(ids, [seventeen, seventeen, nothing, nothing, ("text", b"x")])

    def test_a_row_with_an_unreadable_date_is_rejected_from_the_snapshot_too(self):
        make_clean(self.live).close()
        database = sqlite3.connect(self.live)
        database.execute("UPDATE releases SET date = 'last week' WHERE id = 2")
        database.execute("UPDATE releases SET date = '2023-02-01 12:00:00.5' WHERE id = 1")
        database.commit()
        database.close()
        self.take()
        documents, outcomes = self.plan(self.copy)
        self.assertEqual((documents, outcomes), self.plan(self.live))
        self.assertEqual(sum(count for row, count in outcomes.items() if row[2] == "rejected"), 2)

    def test_of_two_reports_the_later_one_wins_by_a_fraction_of_a_second(self):
        """The one use that the rules have for fractions."""
        legacy = Legacy(self.live)
        for status, moment in (("OK", "12:00:00.750000"), ("FAILURE", "12:00:00.250000")):
            legacy.add_report("12_5_0", "HLT.Data.MET", status)
            legacy.execute(
                "UPDATE releases SET date = ? WHERE id = (SELECT max(id) FROM releases)",
                f"2023-02-01 {moment}",
            )
        legacy.close()
        self.take()
        expected = self.plan(self.live)
        self.assertEqual(self.plan(self.copy), expected)
        (body,) = expected[0]["campaigns"].values()
        self.assertEqual([report["status"] for report in body["reports"]], [1])


class Unfit(SnapshotScene):
    def meet(self, value, column, phrase):
        table = "users" if column in USERS else "releases"
        database = self.make_live(RELEASES + USERS)
        database.execute("INSERT INTO users VALUES ('jdoe', NULL, 0, 1)")
        database.execute("INSERT INTO releases(id, version) VALUES (17, 1)")
        database.execute(f"UPDATE {table} SET {column} = {value}")
        result = self.take("--tables", table)
        if phrase is None:
            self.assertNotIn("expected", result.err)
        else:
            self.assertIn(f"{table}, the row with ", result.err)
            self.assertIn(phrase, result.err)
            self.assertIn("a plan rejects such a row", result.err)


for number, entry in enumerate(VALUES):
    add_test(Values, f"value_{number:02}_{entry[1]}_of_{entry[2][0]}", *entry)
for number, entry in enumerate(UNFIT):
    add_test(Unfit, f"{number}_a_{entry[1]}_that_is_not_of_its_type_is_told_with_its_row", *entry)


class Tables(SnapshotScene):
    def setUp(self):
        super().setUp()
        make_clean(self.live).close()

    def change(self, sql):
        database = sqlite3.connect(self.live)
        database.executescript(sql)
        database.close()

    def test_tables_of_earlier_versions_may_be_missing(self):
        self.change("DROP TABLE releases_lv; DROP TABLE status_lv;")
        result = self.take()
        for table in ("releases_lv", "status_lv"):
            self.assertIn(f"{table} is left out", result.err)
        tables = [table["table"] for table in result.json["tables"]]
        self.assertEqual(tables, ["users", "user_rights", "releases", "status"])
        self.assertEqual(self.plan(self.copy), self.plan(self.live))
        for source in (self.live, self.copy):
            result = self.rowpost("plan", "--from", source, "--history", "-w", "other.rowpost")
            self.assertStatus(result, 2)
            self.assertIn("releases_lv", result.err)

    def test_any_other_table_has_to_be_there(self):
        self.change("DROP TABLE user_rights")
        result = self.snapshot()
        self.assertStatus(result, 2)
        self.assertIn("has no table user_rights; it has: releases", result.err)
        self.assertNothingLeft()

    def test_a_table_that_is_asked_for_has_to_be_there(self):
        self.change("DROP TABLE status_lv")
        result = self.snapshot("--tables", "STATUS,STATUS_LV")
        self.assertStatus(result, 2)
        self.assertIn("STATUS_LV", result.err)
        self.assertNothingLeft()

    def test_only_the_tables_that_are_asked_for_are_copied(self):
        self.take("--tables", "USERS,user_rights")
        tables = set(read_schema(self.copy)) - {"snapshot"}
        self.assertEqual(tables, {"users", "user_rights"})

    def test_a_table_that_the_backup_does_not_have_comes_as_it_is(self):
        self.change('CREATE TABLE Extra(Id, "Odd ""name""")')
        self.change("INSERT INTO extra VALUES ('01', 2.0)")
        self.take("--tables", "EXTRA")
        schema = 'CREATE TABLE "extra"("id", "odd ""name""")'
        self.assertEqual(read_schema(self.copy)["extra"], schema)
        self.assertEqual(read_table(self.copy, "extra"), [[("text", b"01"), ("real", 2.0)]])

    def test_a_column_that_the_backup_does_not_have_is_after_the_others(self):
        self.change("ALTER TABLE users ADD COLUMN PHONE; UPDATE users SET phone = '+41 22'")
        self.take("--tables", "USERS")
        self.assertEqual(
            read_schema(self.copy)["users"],
            'CREATE TABLE "users"("user_name", "email", "admin", "validator", "phone")',
        )
        self.assertEqual({row[4] for row in read_table(self.copy, "users")}, {("text", b"+41 22")})

    def test_a_column_that_is_missing_is_reported(self):
        self.change("ALTER TABLE status DROP COLUMN email_subject")
        result = self.take()
        self.assertIn("status has no column email_subject", result.err)
        self.assertEqual(self.plan(self.copy), self.plan(self.live))

    def test_columns_come_in_the_order_of_the_layout(self):
        self.change("CREATE TABLE t AS SELECT validator, admin, email, user_name FROM users;")
        self.change("DROP TABLE users; ALTER TABLE t RENAME TO users;")
        self.take("--tables", "users")
        self.assertIn(
            [("text", b"chief"), ("text", b"chief@site.example"), ("integer", 1), ("integer", 0)],
            read_table(self.copy, "users"),
        )

    def test_lists_that_cannot_be_are_refused(self):
        for tables, phrase in (
            ("", "RELEASES,STATUS"),
            ("USERS,", "RELEASES,STATUS"),
            ("USERS; DROP TABLE USERS", "RELEASES,STATUS"),
            ("USERS,users", "users is there twice"),
            ("snapshot", "the snapshot's own"),
            ("sqlite_schema", "the snapshot's own"),
        ):
            with self.subTest(tables=tables):
                result = self.snapshot("--tables", tables)
                self.assertStatus(result, 2)
                self.assertIn(phrase, result.err)
                self.assertNothingLeft()


class Destination(SnapshotScene):
    def setUp(self):
        super().setUp()
        make_clean(self.live).close()

    def assertRefused(self, result, *phrases):
        self.assertStatus(result, 2)
        for phrase in phrases:
            self.assertIn(phrase, result.err)

    def test_a_source_and_a_file_are_needed(self):
        self.assertRefused(self.rowpost("snapshot", "-o", self.copy), "--from")
        self.assertRefused(self.rowpost("snapshot", "--from", self.live), "-o legacy.db")

    def test_a_file_that_is_there_is_replaced_only_by_force(self):
        self.copy.write_text("mine")
        self.assertRefused(self.snapshot(), "legacy.db", "--force")
        self.assertEqual(self.copy.read_text(), "mine")
        self.take("--force")
        self.assertEqual(len(read_table(self.copy, "users")), 3)

    def test_the_source_is_never_replaced(self):
        before = self.live.read_bytes()
        link = self.folder / "link.db"
        os.link(self.live, link)
        for path in (self.live, link):
            source = f"sqlite:{self.live}"
            result = self.rowpost("snapshot", "--from", source, "-o", path, "--force")
            self.assertRefused(result, "is the source itself")
        self.assertEqual(self.live.read_bytes(), before)

    def test_a_folder_is_no_file(self):
        self.copy.mkdir()
        self.assertRefused(self.snapshot("--force"), "is a folder")

    def test_a_journal_that_is_not_the_files_own_is_in_the_way(self):
        for suffix in ("-journal", "-wal"):
            stranger = self.folder / f"legacy.db{suffix}"
            stranger.write_text("of another database")
            self.assertRefused(self.snapshot("--force"), stranger.name, "in the way")
            stranger.unlink()

    def test_a_file_of_somebody_elses_under_the_temporary_name_is_left_alone(self):
        partial = self.folder / "legacy.db.partial"
        make_clean(partial).close()
        before = partial.read_bytes()
        self.assertRefused(self.snapshot(), "legacy.db.partial", "in the way")
        self.assertEqual(partial.read_bytes(), before)

    def test_what_an_interrupted_run_has_left_is_written_anew(self):
        self.take()
        whole = read_table(self.copy, "users")
        partial = self.folder / "legacy.db.partial"
        for left in (self.copy.read_bytes()[:5000], b"", bytes(8192)):
            self.copy.unlink(missing_ok=True)
            partial.write_bytes(left)
            self.take()
            self.assertEqual(read_table(self.copy, "users"), whole)
            self.assertNothingLeft("legacy.db")

    def test_a_source_that_is_none_is_reported(self):
        self.assertStatus(self.snapshot(source=self.folder / "nothing.db"), 3)
        self.assertNothingLeft()

    def test_a_folder_that_is_not_there_is_a_disk_error(self):
        copy = self.folder / "nowhere" / "legacy.db"
        result = self.rowpost("snapshot", "--from", self.live, "-o", copy)
        self.assertStatus(result, 5)
        self.assertIn(str(copy), result.err)


if __name__ == "__main__":
    unittest.main()
