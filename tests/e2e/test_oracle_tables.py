"""Tables of an emulated Oracle, by the reader of tests/reader/."""

import json
import sqlite3
import unittest

from harness import GOLDEN
from odbc_cases import SCHEMA, read, read_twice
from oracle_scene import OracleScene, copy_as_oracle_holds_it

TABLES = ["RELEASES", "RELEASES_LV", "STATUS", "STATUS_LV", "USERS", "USER_RIGHTS"]


class OracleTables(OracleScene):
    def read(self, emulator, *words, **changes):
        changes.setdefault("ROWPOST_SOURCE_PASSWORD", emulator.settings.password)
        return read(self.url(emulator), *words, **changes)

    def rows(self, emulator, *words, **changes):
        status, out, err = self.read(emulator, *words, **changes)
        self.assertEqual((status, err), (0, ""))
        return [list(json.loads(line).values()) for line in out.splitlines()]

    def expected(self, sql):
        path = self.folder / "expected.db"
        copy_as_oracle_holds_it(GOLDEN / "legacy.db", path)
        database = sqlite3.connect(path)
        self.addCleanup(database.close)
        return [list(row) for row in database.execute(sql)]

    def test_every_table_is_read_whole(self):
        emulator = self.serve()
        self.assertEqual(self.read(emulator, option="--tables")[1].split(), TABLES)
        for table in TABLES:
            with self.subTest(table=table):
                self.assertEqual(self.rows(emulator, table), self.expected(f"SELECT * FROM {table}"))

    def test_names_are_found_in_whatever_case_with_a_schema_and_without(self):
        emulator = self.serve()
        expected = self.expected("SELECT email, user_name FROM users")
        for table, schema in (("users", SCHEMA), ("Users", SCHEMA.lower()),
                              (f"{SCHEMA}.USERS", None), ("cms_pdmv_val.users", "NOWHERE")):
            with self.subTest(table=table, schema=schema):
                rows = self.rows(emulator, table, "email", "USER_NAME", ROWPOST_READER_SCHEMA=schema)
                self.assertEqual(rows, expected)

    def test_what_is_missing_is_named_with_what_is_there(self):
        emulator = self.serve()
        for words, schema, phrase in (
            (["nope"], SCHEMA, "has no table nope in schema CMS_PDMV_VAL; it has: RELEASES, "),
            (["users"], "NOBODY", "in schema NOBODY; there is none at all that this user may see;"
                                  " --schema names another: CMS_PDMV_VAL"),
            (["users", "login"], SCHEMA, "table USERS has no column login; it has: USER_NAME, EMAIL"),
        ):
            with self.subTest(words=words, schema=schema):
                status, _, err = self.read(emulator, *words, ROWPOST_READER_SCHEMA=schema)
                self.assertEqual(status, 3)
                self.assertIn(phrase, err)

    def test_the_source_counts_rows_and_bytes_but_for_a_clob(self):
        for clobs, comments in (((), None), (("COMMENTS",), -1)):
            with self.subTest(clobs=clobs):
                emulator = self.serve(clobs=clobs)
                words = ["STATUS", "ID", "COMMENTS", "USER_NAME"]
                _, out, err = self.read(emulator, *words, option="--measure")
                rows = self.rows(emulator, *words)
                sums = [sum(len(row[at].encode()) for row in rows if row[at]) for at in (1, 2)]
                expected = [-1, sums[0] if comments is None else comments, sums[1]]
                self.assertEqual((json.loads(out), err), ({"rows": len(rows), "bytes": expected}, ""))

    def test_tables_are_read_as_of_one_moment(self):
        path = self.folder / "live.db"
        copy_as_oracle_holds_it(GOLDEN / "legacy.db", path)
        database = sqlite3.connect(path)
        database.execute("PRAGMA journal_mode = wal")
        self.addCleanup(database.close)
        emulator = self.serve(path)

        def empty():
            database.execute("DELETE FROM users")
            database.commit()

        first, again = read_twice(self.url(emulator), empty,
                                  ROWPOST_SOURCE_PASSWORD=emulator.settings.password)
        self.assertGreater(len(first), 5)
        self.assertEqual(again, first)


if __name__ == "__main__":
    unittest.main()
