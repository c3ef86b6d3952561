"""A MariaDB server as a source, by Debian's odbc-mariadb."""

import unittest

import odbc_cases
from mariadb_server import MariadbServer
from odbc_cases import read

TEXTS = ["''", "'a'", "'é😀'", "'two\nlines'", "'it''s'", "'12'", "'a\\b'"]


def plain(text):
    return text[1:-1].replace("''", "'")


CELLS = [
    *((kind, text, plain(text)) for kind in ("varchar(20)", "char(9)", "longtext", "tinytext")
      for text in TEXTS),
    *(("varchar(20) CHARACTER SET latin1", text, plain(text)) for text in ("''", "'é'", "'ÿ'")),
    ("varchar(20)", "'end  '", "end  "),
    ("char(9)", "'end  '", "end"),
    ("enum('x', 'y')", "'y'", "y"),
    *((kind, number, int(number)) for kind in ("tinyint", "integer", "bigint", "decimal(20)")
      for number in ("0", "-7", "1")),
    ("boolean", "true", 1),
    ("bigint unsigned", "18446744073709551615", "18446744073709551615"),
    ("decimal(9, 2)", "3.00", 3),
    ("decimal(9, 2)", "-0.5", "-0.50"),
    ("double", "1.5", 1.5),
    ("double", "-1e300", -1e300),
    ("float", "0.5", 0.5),
    ("bit(1)", "b'0'", 0),
    ("bit(1)", "b'1'", 1),
    ("bit(16)", "b'101'", 5),
    ("year", "2013", 2013),
    ("date", "'2013-06-20'", "2013-06-20"),
    ("date", "'0000-00-00'", "0000-00-00"),
    ("date", "'2013-00-20'", "2013-00-20"),
    ("date", "'9999-12-31'", "9999-12-31"),
    ("datetime", "'2013-06-20 23:11:40'", "2013-06-20 23:11:40.000000"),
    ("datetime", "'0000-00-00'", "0000-00-00 00:00:00.000000"),
    ("datetime(6)", "'2013-06-20 23:11:40.123456'", "2013-06-20 23:11:40.123456"),
    ("datetime(3)", "'2013-06-20 23:11:40.5'", "2013-06-20 23:11:40.500000"),
    ("timestamp NULL", "'2013-06-20 23:11:40'", "2013-06-20 23:11:40.000000"),
    ("timestamp NULL", "'0000-00-00'", "0000-00-00 00:00:00.000000"),
    ("time", "'12:13:14'", "12:13:14"),
    ("time", "'-838:59:59'", "-838:59:59"),
    ("varbinary(4)", "X'00ff'", {"hex": "00ff"}),
    ("blob", "X''", {"hex": ""}),
]


class Mariadb(odbc_cases.ServerCases):
    make_server = MariadbServer

    def test_values_of_every_type_arrive_as_they_are(self):
        self.load("SET GLOBAL time_zone = '+00:00';")
        self.assertCells(CELLS)

    def test_a_text_that_is_cut_off_at_a_nul_shows_in_what_the_source_counts(self):
        for kind in ("varchar(20)", "longtext"):
            with self.subTest(kind=kind):
                self.load(f"CREATE TABLE CUT (T {kind}); INSERT INTO CUT VALUES ('whole'),"
                          " (concat('a', char(0), 'b'));")
                self.addCleanup(self.load, "DROP TABLE IF EXISTS CUT;")
                counted, arrived = self.measure("CUT", "T")
                self.assertEqual(counted, {"rows": 2, "bytes": [8]})
                self.assertEqual(arrived, {"rows": 2, "bytes": [6]})
                self.load("DROP TABLE CUT;")

    def test_the_database_of_the_address_is_the_schema(self):
        self.server.load("CREATE DATABASE elsewhere; CREATE TABLE elsewhere.T (A integer);"
                         "INSERT INTO elsewhere.T VALUES (7);"
                         "GRANT SELECT ON elsewhere.* TO 'reader'@'127.0.0.1';")
        self.addCleanup(self.server.load, "DROP DATABASE elsewhere;")
        _, out, err = read(self.url() + "elsewhere", "T", "A", ROWPOST_READER_SCHEMA=None)
        self.assertEqual((out, err), ('{"A":7}\n', ""))


class DirtyMariadb(odbc_cases.Served):
    golden = "backup-dirty"
    make_server = MariadbServer


if __name__ == "__main__":
    unittest.main()
