"""What a value of each of a server's types is in a snapshot: the form in which every migration reads
it, or what the server holds, where it is not of the column's type."""

import sqlite3
import unittest

from database_server import PASSWORD
from mariadb_server import MariadbServer
from odbc_cases import EmptyServer
from postgresql_server import PostgresqlServer
from scene import Scene
from type_cells import MARIADB, POSTGRESQL, REFUSED, count, held

PACKAGES = ["libsqliteodbc", "odbcinst"]

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


def write_table(server, place, database_type, literals):
    """SQL that makes the table with one column of that type, and a row for each literal."""
    table, column = place
    quote = server.quote_name
    columns = [
        f"{quote(name)} {database_type if name == column else 'varchar(30)'}"
        for name in COLUMNS[table]
    ]
    rows = ", ".join(f"({number}, {literal})" for number, literal in enumerate(literals))
    return (
        f"CREATE TABLE {table} (nr integer, {', '.join(columns)});"
        f"{server.before_odd_rows}INSERT INTO {table} (nr, {quote(column)}) VALUES {rows};"
    )


class TypesScene(EmptyServer):
    def snapshot(self, table):
        copy = self.folder / "copy.db"
        words = ["--from", self.server.url(), "-o", copy, "--force", "--tables", table]
        result = self.rowpost("snapshot", *words, ROWPOST_SOURCE_PASSWORD=PASSWORD)
        database = sqlite3.connect(copy)
        self.addCleanup(database.close)
        return result, database

    def make_table(self, place, database_type, literals):
        self.replace_tables(place[:1], write_table(self.server, place, database_type, literals))

    def meet(self, kind, database_type, cells):
        table, column = PLACES[kind]
        cells = [cell for cell in cells if cell[1] is not REFUSED]
        literals = [literal for literal, _ in cells]
        self.make_table((table, column), database_type, literals)
        result, database = self.snapshot(table)
        self.assertStatus(result, 0)
        expected = [held(value) for _, value in cells]
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
        self.assertGreaterEqual(count(cells), 60)
        for kind, database_type, values in cells:
            with self.subTest(kind=kind, type=database_type):
                self.meet(kind, database_type, values)

    def assertRefusals(self, cells):
        """The server itself takes no value that is marked so."""
        refused = [(*entry[:2], literal) for entry in cells for literal, value in entry[2]
                   if value is REFUSED]
        self.assertGreater(len(refused), 3)
        for kind, database_type, literal in refused:
            with self.subTest(kind=kind, type=database_type, value=literal):
                place = PLACES[kind]
                self.make_table(place, database_type, ["NULL"])
                self.assertRaises(AssertionError, self.make_table, place, database_type, [literal])


TYPE_NAMES = {int: "integer", float: "real", str: "text", bytes: "blob", type(None): "null"}


class Postgresql(TypesScene):
    make_server = PostgresqlServer

    def test_each_type_has_its_form(self):
        self.assertAllMet(POSTGRESQL)

    def test_what_the_table_calls_refused_the_server_does_not_hold(self):
        self.assertRefusals(POSTGRESQL)


class Mariadb(TypesScene):
    make_server = MariadbServer

    def test_each_type_has_its_form(self):
        self.assertAllMet(MARIADB)

    def test_what_the_table_calls_refused_the_server_does_not_hold(self):
        self.assertRefusals(MARIADB)

    def test_a_text_that_the_driver_cuts_off_at_a_nul_is_an_error(self):
        literals = ["'whole'", "concat('a', char(0), 'b')"]
        self.make_table(PLACES["text"], "varchar(30)", literals)
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
