"""What a value of each of a server's types is in a snapshot: the form in which every migration reads
it, or what the server holds, where it is not of the column's type."""

import sqlite3
import unittest

from database_server import PASSWORD
from mariadb_server import MariadbServer
from postgresql_server import PostgresqlServer
from scene import Scene

# The column in which the values are: one of each type that a migration declares.
PLACES = {
    "key": ("releases", "id"),
    "word": ("releases", "release_name"),
    "text": ("status", "comments"),
    "flag": ("users", "admin"),
    "moment": ("releases", "date"),
    "integer": ("releases", "version"),
}

COLUMNS = {
    "releases": "id category subcategory release_name version date status_kind".split(),
    "status": "id validation_status comments links user_name relmon_url".split(),
    "users": "user_name email admin validator".split(),
}

PADDED = "jdoe".ljust(100)

# (declared type of the column, type in the database, [(literal, what is in the snapshot)]). A value
# that is written in a pair is of no such type, and a warning tells it.
POSTGRESQL = [
    ("flag", "boolean", [("true", 1), ("false", 0), ("NULL", None)]),
    ("flag", "smallint", [("1", 1), ("-1", 1), ("2", ("2", 2))]),
    ("flag", "numeric(3,1)", [("1", 1), ("0", 0), ("0.5", ("0.5", "0.5"))]),
    ("flag", "char(1)", [("'Y'", 1), ("'n'", 0), ("'x'", ("x", "x"))]),
    ("flag", "char(8)", [("'true'", 1), ("'F'", 0), ("' '", " " * 8)]),
    ("flag", "varchar(8)", [("'False'", 0), ("'1'", 1), ("''", "")]),
    ("flag", "bit(1)", [("B'1'", 1), ("B'0'", 0)]),
    ("flag", "bytea", [("'\\x01'", 1), ("'\\x02'", ("x'02'", b"\2"))]),
    ("key", "bigint", [("9223372036854775807", 2**63 - 1), ("NULL", None), ("7", 7), ("7", 7)]),
    ("key", "numeric(20,0)", [("10", 10), ("18446744073709551615", "18446744073709551615")]),
    ("key", "double precision", [("10", 10), ("1.5", "1.5")]),
    ("key", "varchar(20)", [("'10'", 10), ("'9'", 9), ("'010'", "010"), ("'x'", "x")]),
    ("key", "char(5)", [("'10'", "10   "), ("'x'", "x    ")]),
    ("word", "char(100)", [("'jdoe'", PADDED), ("NULL", None)]),
    ("word", "varchar(100)", [("'jdoe '", "jdoe "), ("''", "")]),
    ("text", "text", [("'ä€😀'", "ä€😀"), ("''", ""), ("NULL", None), ("E'a\\nb'", "a\nb")]),
    ("text", "integer", [("7", "7")]),
    ("text", "bytea", [("'\\x00ff'", ("x'00ff'", b"\0\xff"))]),
    ("integer", "smallint", [("7", 7), ("NULL", None)]),
    ("integer", "numeric(30,2)", [("7", 7), ("7.5", ("7.50", "7.50")), ("1e27", ("1000",
        "1000000000000000000000000000.00"))]),
    ("integer", "double precision", [("7", 7), ("'infinity'", ("inf", float("inf"))),
                                     ("'nan'", ("nan", "nan"))]),
    ("integer", "varchar(20)", [("'12'", 12), ("'twelve'", ("twelve", "twelve"))]),
    ("moment", "timestamp", [
        ("'2013-06-20 23:11:40'", 1371769900),
        ("'2013-06-20 23:11:40.25'", "2013-06-20 23:11:40.250000"),
        ("'1975-03-01 12:00'", "1975-03-01 12:00:00"),
        ("'infinity'", ("infinity", "infinity")),
        ("'0044-03-15 BC'", ("0044-03-15 00:00:00 BC", "0044-03-15 00:00:00 BC")),
        ("'12022-06-15 00:00'", ("12022-06-15 00:00:00", "12022-06-15 00:00:00")),
    ]),
    ("moment", "timestamptz", [("'2013-06-21 01:11:40+02'", 1371769900)]),
    ("moment", "date", [
        ("'2013-06-20'", 1371686400),
        ("'-infinity'", ("-infinity", "-infinity")),
        ("'0044-03-15 BC'", ("0044-03-15 BC", "0044-03-15 BC")),
        ("'12022-06-15'", ("12022-06-15", "12022-06-15")),
    ]),
    ("moment", "bigint", [("1371769900", 1371769900), ("20220615", ("20220615", 20220615))]),
    ("moment", "varchar(30)", [
        ("'1371769900'", 1371769900),
        ("'2013-06-20T23:11:40Z'", 1371769900),
        ("''", ""),
        ("'44727'", ("44727", "44727")),
    ]),
]

MARIADB = [
    ("flag", "boolean", [("true", 1), ("false", 0), ("NULL", None)]),
    ("flag", "tinyint", [("1", 1), ("-1", 1), ("2", ("2", 2))]),
    ("flag", "decimal(3,1)", [("1", 1), ("0.5", ("0.5", "0.5"))]),
    ("flag", "bit(1)", [("b'1'", 1), ("b'0'", 0), ("NULL", None)]),
    ("flag", "enum('Y','N')", [("'Y'", 1), ("'N'", 0)]),
    ("flag", "char(5)", [("'true'", 1), ("'no'", 0), ("''", ""), ("'x'", ("x", "x"))]),
    ("flag", "varchar(5)", [("'False'", 0), ("'t'", 1), ("'y '", 1)]),
    ("flag", "varbinary(1)", [("x'01'", 1), ("x'02'", ("x'02'", b"\2"))]),
    ("key", "bigint", [("9223372036854775807", 2**63 - 1), ("NULL", None), ("7", 7), ("7", 7)]),
    ("key", "bigint unsigned", [("10", 10), ("18446744073709551615", "18446744073709551615")]),
    ("key", "decimal(20,0)", [("10", 10)]),
    ("key", "double", [("10", 10), ("1.5", "1.5")]),
    ("key", "varchar(20)", [("'10'", 10), ("'9'", 9), ("'010'", "010"), ("'x'", "x")]),
    ("word", "char(100)", [("'jdoe'", "jdoe"), ("NULL", None)]),
    ("word", "varchar(100)", [("'jdoe '", "jdoe "), ("''", "")]),
    ("word", "varchar(100) collate utf8mb4_general_ci", [("'jdoe'", "jdoe"), ("'JDoe'", "JDoe")]),
    ("word", "varchar(100) character set latin1", [("'Ünal'", "Ünal")]),
    ("text", "longtext", [("'ä€😀'", "ä€😀"), ("''", ""), ("NULL", None), ("'a\\nb'", "a\nb")]),
    ("text", "integer", [("7", "7")]),
    ("text", "blob", [("x'00ff'", ("x'00ff'", b"\0\xff"))]),
    ("integer", "smallint", [("7", 7), ("NULL", None)]),
    ("integer", "decimal(30,2)", [("7", 7), ("7.5", ("7.50", "7.50"))]),
    ("integer", "double", [("7", 7), ("7.25", ("7.25", 7.25))]),
    ("integer", "varchar(20)", [("'12'", 12), ("'twelve'", ("twelve", "twelve"))]),
    ("integer", "year", [("2013", 2013)]),
    ("moment", "datetime(6)", [
        ("'2013-06-20 23:11:40'", 1371769900),
        ("'2013-06-20 23:11:40.25'", "2013-06-20 23:11:40.250000"),
        ("'1975-03-01 12:00'", "1975-03-01 12:00:00"),
        ("'9999-12-31 23:59:59'", "9999-12-31 23:59:59"),
        ("'0000-00-00'", ("0000-00-00 00:00:00", "0000-00-00 00:00:00.000000")),
        ("'2022-00-15'", ("2022-00-15 00:00:00", "2022-00-15 00:00:00.000000")),
    ]),
    ("moment", "date", [
        ("'2013-06-20'", 1371686400),
        ("'0000-00-00'", ("0000-00-00", "0000-00-00")),
        ("'2013-02-30'", ("2013-02-30", "2013-02-30")),
    ]),
    ("moment", "bigint", [("1371769900", 1371769900), ("20220615", ("20220615", 20220615))]),
    ("moment", "varchar(30)", [
        ("'1371769900'", 1371769900),
        ("'2013-06-20T23:11:40Z'", 1371769900),
        ("''", ""),
        ("'44727'", ("44727", "44727")),
    ]),
]


def make_table(place, database_type, literals, quote, more=""):
    """SQL that makes the table with one column of that type, and a row for each literal."""
    table, column = place
    columns = [
        f"{quote(name)} {database_type if name == column else 'varchar(30)'}"
        for name in COLUMNS[table]
    ]
    rows = ", ".join(f"({number}, {literal})" for number, literal in enumerate(literals))
    return (
        f"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} (nr integer, {', '.join(columns)});"
        f"{more}INSERT INTO {table} (nr, {quote(column)}) VALUES {rows};"
    )


class TypesScene(Scene):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.make_server()
        cls.addClassCleanup(cls.server.close)
        cls.server.load(cls.server.create_schema)

    def snapshot(self, table):
        copy = self.folder / "copy.db"
        words = ["--from", self.server.url(), "-o", copy, "--force", "--tables", table]
        result = self.rowpost("snapshot", *words, ROWPOST_SOURCE_PASSWORD=PASSWORD)
        database = sqlite3.connect(copy)
        self.addCleanup(database.close)
        return result, database

    def meet(self, kind, database_type, cells):
        table, column = PLACES[kind]
        literals = [literal for literal, _ in cells]
        more = self.before_rows
        made = make_table((table, column), database_type, literals, self.quote_name, more)
        self.server.load(self.server.use + made + self.server.grant)
        result, database = self.snapshot(table)
        self.assertStatus(result, 0)
        expected = [value[1] if isinstance(value, tuple) else value for _, value in cells]
        rows = database.execute(f"SELECT typeof({column}), {column} FROM {table} ORDER BY nr")
        found = rows.fetchall()
        database.close()
        self.assertEqual([value for _, value in found], expected)
        self.assertEqual(
            [name for name, _ in found], [TYPE_NAMES[type(value)] for value in expected]
        )
        unfit = [value[0] for _, value in cells if isinstance(value, tuple)]
        if unfit:
            self.assertIn(f"{column.upper()} is {unfit[0]}", result.err)
        self.assertEqual("a plan rejects" in result.err, bool(unfit), result.err)

    def assertAllMet(self, cells):
        self.assertGreaterEqual(sum(len(values) for _, _, values in cells), 60)
        for kind, database_type, values in cells:
            with self.subTest(kind=kind, type=database_type):
                self.meet(kind, database_type, values)


TYPE_NAMES = {int: "integer", float: "real", str: "text", bytes: "blob", type(None): "null"}


class Postgresql(TypesScene):
    make_server = PostgresqlServer
    before_rows = ""  # SQL between the table and its rows

    @staticmethod
    def quote_name(name):
        return f'"{name}"'

    def test_each_type_has_its_form(self):
        self.assertAllMet(POSTGRESQL)


class Mariadb(TypesScene):
    make_server = MariadbServer
    before_rows = "SET sql_mode = 'ALLOW_INVALID_DATES';"

    @staticmethod
    def quote_name(name):
        return f"`{name}`"

    def test_each_type_has_its_form(self):
        self.assertAllMet(MARIADB)

    def test_a_text_that_the_driver_cuts_off_at_a_nul_is_an_error(self):
        literals = ["'whole'", "concat('a', char(0), 'b')"]
        made = make_table(PLACES["text"], "varchar(30)", literals, self.quote_name)
        self.server.load(self.server.use + made + self.server.grant)
        result, _ = self.snapshot("status")
        self.assertStatus(result, 3)
        self.assertIn("status: the texts of the column comments have 8 bytes in the", result.err)
        self.assertIn("and 6 arrive: the driver cuts texts off", result.err)


class SqliteOdbc(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is wanted."""

    def test_a_text_that_the_driver_cuts_off_at_a_nul_is_an_error(self):
        live, copy = self.folder / "live.db", self.folder / "copy.db"
        database = sqlite3.connect(live)
        database.execute(f"CREATE TABLE status ({', '.join(COLUMNS['status'])})")
        database.execute("INSERT INTO status(id, comments) VALUES (1, 'whole'), (2, ?)", ("a\0b",))
        database.commit()
        database.close()
        source = f"odbc:DRIVER=SQLite3;Database={live}"
        result = self.rowpost("snapshot", "--from", source, "-o", copy, "--tables", "status")
        self.assertStatus(result, 3)
        self.assertIn("status: the texts of the column comments have 8 bytes in the", result.err)
        self.assertIn("and 6 arrive: the driver cuts texts off", result.err)
        self.assertEqual(list(self.folder.glob("copy*")), [])


if __name__ == "__main__":
    unittest.main()
