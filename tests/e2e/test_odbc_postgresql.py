"""A PostgreSQL server as a source, by Debian's odbc-postgresql."""

import json
import os
import unittest

import odbc_cases
from odbc_cases import SCHEMA, read
from postgresql_server import PostgresqlServer

TEXTS = ["''", "'a'", "'é😀'", "'two\nlines'", "'it''s'", "'12'", "'a\\b'", "'end  '"]
MOMENTS = {
    "2013-06-20 23:11:40": "2013-06-20 23:11:40.000000",
    "2013-06-20 23:11:40.1234": "2013-06-20 23:11:40.123400",
    "0001-01-01": "0001-01-01 00:00:00.000000",
    "9999-12-31 23:59:59.999999": "9999-12-31 23:59:59.999999",
}
ODD_DAYS = ["infinity", "-infinity", "0044-03-15 BC", "12022-06-15"]


def plain(text):
    return text[1:-1].replace("''", "'")


CELLS = [
    *((kind, text, plain(text)) for kind in ("varchar(20)", "text", "varchar") for text in TEXTS),
    *(("char(9)", text, plain(text).ljust(9)) for text in TEXTS),
    *((kind, number, int(number)) for kind in ("smallint", "integer", "bigint", "numeric")
      for number in ("0", "-7", "1")),
    ("numeric", "0.5", "0.5"),
    ("numeric", "3.00", 3),
    ("numeric", "'NaN'", "NaN"),
    ("boolean", "true", 1),
    ("boolean", "false", 0),
    ("float8", "1.5", 1.5),
    ("float8", "-1e300", -1e300),
    ("float8", "'infinity'", {"real": "inf"}),
    ("float8", "'NaN'", {"real": "nan"}),
    ("real", "0.5", 0.5),
    ("bit(1)", "B'1'", "1"),
    ("money", "12.34", "12.34"),
    ("bytea", "'\\x00ff'", {"hex": "00ff"}),
    ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("json", "'{\"a\": 1}'", '{"a": 1}'),
    ("time", "'12:13:14.5'", "12:13:14.5"),
    ("interval", "'1 day'", "1 day"),
    ("date", "'2013-06-20'", "2013-06-20"),
    *(("date", f"'{day}'", day) for day in ODD_DAYS),
    *((kind, f"'{given}'", expected) for kind in ("timestamp", "timestamptz")
      for given, expected in MOMENTS.items()),
    ("timestamptz", "'2020-02-03 04:05:06+02'", "2020-02-03 02:05:06.000000"),
    ("timestamp", "'infinity'", "infinity"),
    ("timestamp", "'-infinity'", "-infinity"),
    ("timestamp", "'0044-03-15 01:02:03 BC'", "0044-03-15 01:02:03 BC"),
    ("timestamp", "'12022-06-15'", "12022-06-15 00:00:00"),
    ("timestamptz", "'12022-06-15'", "12022-06-15 00:00:00+00"),
]


class Postgresql(odbc_cases.ServerCases):
    make_server = PostgresqlServer

    def in_database(self, name, encoding, sql):
        """Makes another database; its address."""
        self.server.sql(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C'"
                        " LOCALE_PROVIDER libc TEMPLATE template0")
        self.server.sql(sql, name)
        return self.url().rpartition("/")[0] + f"/{name}"

    def test_values_of_every_type_arrive_as_they_are(self):
        self.load("ALTER ROLE reader SET timezone TO 'Asia/Tokyo';"
                  "ALTER ROLE reader SET datestyle TO 'German';"
                  "SET timezone TO 'UTC';")
        self.assertCells(CELLS)

    def test_a_type_of_the_databases_own_is_read_as_what_it_is_made_of(self):
        self.load("CREATE DOMAIN moment AS timestamp; CREATE TYPE mood AS ENUM ('sad', 'happy');")
        self.addCleanup(self.load, "DROP TYPE mood; DROP DOMAIN moment;")
        given = self.values("M moment, E mood", "(1, 'infinity', 'happy'), (2, '2020-01-02', 'sad')")
        self.assertEqual(given, [["infinity", "happy"], ["2020-01-02 00:00:00.000000", "sad"]])

    def test_quoted_names_in_upper_case_are_found(self):
        url = self.in_database("quoted", "UTF8", (
            'CREATE SCHEMA "CMS_PDMV_VAL"; CREATE TABLE "CMS_PDMV_VAL"."USERS" ("Name" text);'
            'INSERT INTO "CMS_PDMV_VAL"."USERS" VALUES (\'jdoe\');'
            'GRANT USAGE ON SCHEMA "CMS_PDMV_VAL" TO reader;'
            'GRANT SELECT ON "CMS_PDMV_VAL"."USERS" TO reader;'))
        for schema, table in ((SCHEMA, "USERS"), ("cms_pdmv_val", "users"), (None, f"{SCHEMA}.Users")):
            with self.subTest(schema=schema, table=table):
                _, out, err = read(url, table, "NAME", ROWPOST_READER_SCHEMA=schema)
                self.assertEqual((out, err), ('{"Name":"jdoe"}\n', ""))
        err = self.assertRefused(["nope"], url=url, ROWPOST_READER_SCHEMA="cms_pdmv_val")
        self.assertIn("has no table nope in schema cms_pdmv_val; it has: USERS", err)

    def test_a_name_that_may_be_two_tables_is_refused_unless_it_is_exact(self):
        self.load('CREATE TABLE "Twin" (A integer); CREATE TABLE "TWIN" (A integer);'
                  'INSERT INTO "TWIN" VALUES (1);')
        self.addCleanup(self.load, 'DROP TABLE "Twin"; DROP TABLE "TWIN";')
        self.assertEqual(self.rows("TWIN"), [{"a": 1}])
        self.assertRefused(["twin"], 'twin may be "TWIN" or "Twin"')

    def test_without_a_schema_the_search_path_counts(self):
        url = self.in_database("pathless", "UTF8", (
            "CREATE TABLE T (A integer); INSERT INTO T VALUES (7);"
            "GRANT SELECT ON T TO reader;"))
        _, out, err = read(url, "T", ROWPOST_READER_SCHEMA=None)
        self.assertEqual((out, err), ('{"a":7}\n', ""))

    def test_a_byte_that_is_no_text_spoils_one_value_and_not_the_reading(self):
        url = self.in_database("any_bytes", "SQL_ASCII", (
            "SET client_encoding TO SQL_ASCII;"
            "CREATE TABLE T (ID integer, V varchar(20), C char(4), X text);"
            "INSERT INTO T VALUES (1, 'é', 'é', NULL), (2, E'a\\xe9', 'x', ''), (3, 'z', NULL, 'z');"
            "GRANT SELECT ON T TO reader;"))
        _, out, err = read(url, "T", ROWPOST_READER_SCHEMA=None)
        rows = [list(json.loads(line).values()) for line in out.splitlines()]
        self.assertEqual((rows, err), ([[1, "é", "é  ", None], [2, {"text": "61e9"}, "x   ", ""],
                                        [3, "z", None, "z"]], ""))
        _, out, _ = read(url, "T", "V", "C", "X", option="--measure", ROWPOST_READER_SCHEMA=None)
        self.assertEqual(json.loads(out), {"rows": 3, "bytes": [5, 8, 1]})

    def test_bytes_are_counted_in_utf8_whatever_the_database_has(self):
        url = self.in_database("latin", "LATIN1", (
            "SET client_encoding TO UTF8;"
            "CREATE TABLE T (C char(4)); INSERT INTO T VALUES ('é');"
            "GRANT SELECT ON T TO reader;"))
        _, out, _ = read(url, "T", "C", option="--measure", ROWPOST_READER_SCHEMA=None)
        self.assertEqual(json.loads(out), {"rows": 1, "bytes": [5]})

    def test_a_table_that_may_not_be_read_is_named(self):
        self.load("CREATE TABLE SECRET (A integer); REVOKE ALL ON SECRET FROM reader;")
        self.server.load(self.server.use + "REVOKE ALL ON SECRET FROM reader;")
        self.addCleanup(self.load, "DROP TABLE SECRET;")
        self.assertRefused(["secret"], "table secret: ", "permission denied", "SQLSTATE 42501")

    def test_a_million_rows_take_no_more_memory_than_a_hundred_thousand(self):
        peaks = []
        for count in (100000, 1000000):
            self.load(
                "CREATE OR REPLACE VIEW MANY AS SELECT I AS ID, 'row ' || I AS NAME,"
                " repeat('x', 100)::varchar(100) AS FILLING"
                f" FROM generate_series(1, {count}) I;"
            )
            options = os.environ.get("ASAN_OPTIONS", "")
            _, out, err = read(
                self.url(), "MANY", option="--count",
                ASAN_OPTIONS=f"{options}:quarantine_size_mb=1",
            )
            answer = json.loads(out)
            self.assertEqual(answer["rows"], count, err)
            peaks.append(answer["peak_kilobytes"])
        self.load("DROP VIEW MANY;")
        # The result itself is more than 100 MB.
        self.assertLess(peaks[1], peaks[0] + 20000, peaks)

    def test_a_dsn_reads_as_well(self):
        ini = self.folder / "odbc.ini"
        ini.write_text(
            "[valdb]\nDriver=PostgreSQL Unicode\nServername=127.0.0.1\n"
            f"Port={self.server.port}\nDatabase=valdb\n"
        )
        status, out, err = read("odbc:dsn=valdb;UID=reader", "USERS", ODBCINI=str(ini))
        self.assertEqual((status, err), (0, ""))
        self.assertGreater(len(out.splitlines()), 5)


class DirtyPostgresql(odbc_cases.Served):
    golden = "backup-dirty"
    make_server = PostgresqlServer


if __name__ == "__main__":
    unittest.main()
