"""A SQLite file as a source, by Debian's libsqliteodbc: a third driver's ways."""

import json
import os
import shutil
import sqlite3
import unittest

import odbc_cases
from harness import GOLDEN
from odbc_cases import read

PACKAGES = ["libsqliteodbc", "odbcinst"]


class SqliteOdbc(odbc_cases.OdbcCases):
    environment = {}

    def setUp(self):
        super().setUp()
        self.file = self.folder / "legacy.db"
        shutil.copyfile(GOLDEN / f"{self.golden}.db", self.file)

    def url(self):
        return f"odbc:DRIVER=SQLite3;Database={self.file}"

    def write(self, sql):
        database = sqlite3.connect(self.file, isolation_level=None, timeout=0.1)
        try:
            database.execute(sql)
        except sqlite3.OperationalError as error:
            self.assertIn("locked", str(error))
        finally:
            database.close()

    def add_user(self, name):
        self.write(f"INSERT INTO users VALUES ('{name}', NULL, 0, 0)")

    def remove_user(self, name):
        self.write(f"DELETE FROM users WHERE user_name = '{name}'")


class DirtySqliteOdbc(SqliteOdbc):
    golden = "backup-dirty"


class SqliteOdbcAlone(odbc_cases.Scene):
    """What needs no golden data."""

    @classmethod
    def setUpClass(cls):
        """No target is wanted."""

    def url(self, name):
        return f"odbc:DRIVER=SQLite3;Database={self.folder / name}"

    def test_every_value_in_a_column_of_any_type_is_what_the_file_itself_gives(self):
        values = ["NULL", "0", "-7", str(2**63 - 1), "2.5", "0.1", "1e300", "9e999", "''", "'true'",
                  "'12'", "'007'", "'é😀'", "X'00ff'", "X''"]
        kinds = ["", "INTEGER", "REAL", "TEXT", "varchar(10)", "date", "boolean", "decimal(10, 2)",
                 "BLOB"]
        columns = [f"C{number} {kind}" for number, kind in enumerate(kinds)]
        rows = [f"({', '.join([value] * len(kinds))})" for value in values]
        database = sqlite3.connect(self.folder / "odd.db")
        database.executescript(f"CREATE TABLE ODD ({', '.join(columns)});"
                               f"INSERT INTO ODD VALUES {', '.join(rows)};")
        database.close()
        expected = read(str(self.folder / "odd.db"), "odd")
        self.assertEqual(len(expected[1].splitlines()), len(values))
        self.assertEqual(read(self.url("odd.db"), "odd"), expected)

    def test_a_text_that_is_cut_off_at_a_nul_shows_in_what_the_source_counts(self):
        database = sqlite3.connect(self.folder / "cut.db")
        database.executescript("CREATE TABLE T (A TEXT); INSERT INTO T VALUES ('a' || char(0) || 'b')")
        database.close()
        _, out, _ = read(self.url("cut.db"), "T", "A", option="--measure")
        self.assertEqual(json.loads(out), {"rows": 1, "bytes": [3]})
        self.assertEqual(read(self.url("cut.db"), "T", "A")[1], '{"A":"a"}\n')
        self.assertEqual(read(str(self.folder / "cut.db"), "T", "A")[1], '{"A":"a\\u0000b"}\n')

    def test_a_million_rows_take_no_more_memory_than_a_hundred_thousand(self):
        peaks = []
        for count in (100000, 1000000):
            database = sqlite3.connect(self.folder / "many.db")
            database.executescript(
                "DROP VIEW IF EXISTS MANY; CREATE VIEW MANY AS WITH RECURSIVE N(I) AS"
                f" (SELECT 1 UNION ALL SELECT I + 1 FROM N WHERE I < {count})"
                " SELECT I, 'row ' || I AS NAME, hex(zeroblob(50)) AS FILLING FROM N"
            )
            database.close()
            options = os.environ.get("ASAN_OPTIONS", "")
            _, out, err = read(
                self.url("many.db"), "MANY", option="--count",
                ASAN_OPTIONS=f"{options}:quarantine_size_mb=1",
            )
            answer = json.loads(out)
            self.assertEqual(answer["rows"], count, err)
            peaks.append(answer["peak_kilobytes"])
        # The result itself is more than 100 MB.
        self.assertLess(peaks[1], peaks[0] + 20000, peaks)

    def test_an_unknown_driver_is_named_with_those_there_are(self):
        status, _, err = read("odbc:DRIVER=Nope;UID=me", "T")
        self.assertEqual(status, 3)
        for phrase in ("Nope", "SQLSTATE", "installed: ", "SQLite3"):
            self.assertIn(phrase, err)

    def test_an_unknown_data_source_is_named(self):
        status, _, err = read("odbc:dsn=nowhere", "T")
        self.assertEqual(status, 3)
        self.assertIn("IM002", err)

    def test_oracles_driver_is_missing_and_it_is_said_what_to_do(self):
        result = self.rowpost("plan", "--from", "oracle+odbc://reader@db.example:1521/valdb")
        self.assertStatus(result, 3)
        for phrase in ("no ODBC driver for Oracle", "SQLite3", "docs/oracle.md"):
            self.assertIn(phrase, result.err)

    def test_a_password_on_the_command_line_is_refused_and_not_repeated(self):
        for url in (
            "odbc:DRIVER=SQLite3;Database=x;UID=me;PWD=hunter2",
            "odbc:dsn=valdb;Password={hunter2}",
            "postgresql://me:hunter2@127.0.0.1/valdb",
            "oracle+odbc://me:hunter2@db.example:1521/valdb",
        ):
            with self.subTest(url=url):
                result = self.rowpost("plan", "--from", url)
                self.assertStatus(result, 2)
                self.assertIn("--source-password-file", result.err)
                self.assertNotIn("hunter2", result.out + result.err)


if __name__ == "__main__":
    unittest.main()
