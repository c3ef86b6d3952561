"""A SQLite file as a source, by Debian's libsqliteodbc: a third driver's ways."""

import json
import os
import shutil
import sqlite3
import unittest

import odbc_cases
from harness import GOLDEN
from odbc_cases import read


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

    def test_a_million_rows_take_no_more_memory_than_a_hundred_thousand(self):
        sqlite3.connect(self.folder / "empty.db").executescript("CREATE TABLE t(a)")
        peaks = []
        for count in (100000, 1000000):
            sql = (
                f"WITH RECURSIVE N(I) AS (SELECT 1 UNION ALL SELECT I + 1 FROM N WHERE I < {count})"
                " SELECT I, 'row ' || I AS NAME, hex(zeroblob(50)) AS FILLING FROM N"
            )
            options = os.environ.get("ASAN_OPTIONS", "")
            _, out, err = read(
                f"odbc:DRIVER=SQLite3;Database={self.folder}/empty.db", sql, "--count",
                ASAN_OPTIONS=f"{options}:quarantine_size_mb=1",
            )
            answer = json.loads(out)
            self.assertEqual(answer["rows"], count, err)
            peaks.append(answer["peak_kilobytes"])
        # The result itself is more than 100 MB.
        self.assertLess(peaks[1], peaks[0] + 20000, peaks)

    def test_an_unknown_driver_is_named_with_those_there_are(self):
        status, _, err = read("odbc:DRIVER=Nope;UID=me", "SELECT 1")
        self.assertEqual(status, 3)
        for phrase in ("Nope", "SQLSTATE", "installed: ", "SQLite3"):
            self.assertIn(phrase, err)

    def test_an_unknown_data_source_is_named(self):
        status, _, err = read("odbc:dsn=nowhere", "SELECT 1")
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
