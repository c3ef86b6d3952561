"""One database gives one plan, whatever holds it: the same bodies, rejects, skips and sums of every
table from a server, from a SQLite file, and from the snapshot of each. The databases have columns of
every type that people have made of them, with a row for every value."""

import sqlite3
import unittest

from database_server import PASSWORD
from harness import AS_OF
from mariadb_server import MariadbServer
from odbc_cases import EmptyServer
from odd_database import KINDS as KINDS_OF_COLUMNS
from odd_database import OddDatabase, list_variants
from oracle_scene import KINDS, OracleScene
from postgresql_server import PostgresqlServer
from scene import Scene
from type_cells import MARIADB, ORACLE, POSTGRESQL, SQLITE, count

PACKAGES = ["libsqliteodbc", "odbcinst"]


class ParityScene(Scene):
    """A test class decides what is loaded where."""

    environment = {"ROWPOST_SOURCE_PASSWORD": PASSWORD}

    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def plan_and_list(self, source):
        """The outcome of every row, as it is shown."""
        self.workspace.unlink(missing_ok=True)
        words = ["plan", "--from", source, "--as-of", AS_OF]
        planned = self.rowpost(*words, **self.environment)
        self.assertIn(planned.status, (0, 1), planned.err)
        shown = {"plan": (planned.status, planned.without_ending)}
        for kind in KINDS:
            shown[kind] = self.rowpost("export", "--kind", kind).out
        for verb in ("rejects", "skips"):
            shown[verb] = self.rowpost(verb, "--json").out
        return shown

    def take_snapshot(self, source):
        copy = self.folder / "copy.db"
        words = ["snapshot", "--from", source, "-o", copy, "--force"]
        self.assertStatus(self.rowpost(*words, **self.environment), 0)
        return copy

    def make_reference(self, odd):
        """A SQLite file with what a snapshot holds of every value."""
        path = self.folder / "reference.db"
        path.unlink(missing_ok=True)
        database = sqlite3.connect(path)
        odd.insert_into(database, 1)
        database.close()
        return path

    def assertParity(self, odd, sources):
        reference = self.make_reference(odd)
        expected = self.plan_and_list(reference)
        self.assertGreater(expected["campaigns"].count("\n"), 4)
        self.assertGreater(expected["validators"].count("\n"), 1)
        self.assertGreater(expected["rejects"].count("\n"), 0)
        given = {"the snapshot of the file": self.take_snapshot(reference)}
        for name, source in sources.items():
            given[name] = source
        for name, source in given.items():
            self.assertEqualShown(name, source, expected)
        for name, source in sources.items():
            self.assertEqualShown(f"the snapshot of {name}", self.take_snapshot(source), expected)

    def assertEqualShown(self, name, source, expected):
        shown = self.plan_and_list(source)
        for part, text in expected.items():
            self.assertEqual(shown[part], text, f"{part} of {name}")

    def assertEveryVariant(self, cells):
        self.assertGreaterEqual(count(cells), 60)
        for variant in list_variants(cells):
            with self.subTest(types={kind: name for kind, (name, _) in variant.items()}):
                self.meet(variant)


class ServerParity(EmptyServer, ParityScene):
    def meet(self, variant):
        server = self.server
        odd = OddDatabase(variant, self.quote, server.pads_char)
        made = odd.make_sql("varchar(40)", server.quote_name, server.before_odd_rows)
        self.replace_tables(odd.rows, made)
        self.assertParity(odd, {"the server": self.server.url()})

    def quote(self, text):
        return "NULL" if text is None else self.server.quote(text)


class Postgresql(ServerParity):
    make_server = PostgresqlServer

    def test_columns_of_every_type_give_the_plan_of_the_file(self):
        self.assertEveryVariant(POSTGRESQL)


class Mariadb(ServerParity):
    make_server = MariadbServer

    def test_columns_of_every_type_give_the_plan_of_the_file(self):
        self.assertEveryVariant(MARIADB)


class Sqlite(ParityScene):
    """A file with types, read in place and by ODBC."""

    environment = {}

    def meet(self, variant):
        odd = OddDatabase(variant, self.quote)
        path = self.folder / "typed.db"
        path.unlink(missing_ok=True)
        database = sqlite3.connect(path)
        database.executescript(odd.make_sql("varchar(40)", self.quote_name))
        database.close()
        self.assertParity(
            odd, {"the file": path, "the driver": f"odbc:DRIVER=SQLite3;Database={path}"}
        )

    @staticmethod
    def quote(text):
        return "NULL" if text is None else "'" + text.replace("'", "''") + "'"

    @staticmethod
    def quote_name(name):
        return f'"{name}"'

    def test_columns_of_every_type_give_the_plan_of_the_file(self):
        self.assertEveryVariant(SQLITE)


class Oracle(OracleScene, ParityScene):
    def meet(self, variant):
        odd = OddDatabase(variant, lambda text: text, pads_char=True)
        path = self.folder / "held.db"
        path.unlink(missing_ok=True)
        database = sqlite3.connect(path)
        odd.insert_into(database, 0)
        database.close()
        types = {column.upper(): odd.types[kind] for kinds in KINDS_OF_COLUMNS.values()
                 for column, kind in kinds.items()}
        emulator = self.serve(path, types=types)
        self.environment = {"ROWPOST_SOURCE_PASSWORD": emulator.settings.password}
        self.assertParity(odd, {"the server": self.url(emulator)})
        self.assertEqual(emulator.trouble, [])

    def test_columns_of_every_type_give_the_plan_of_the_file(self):
        self.assertEveryVariant(ORACLE)


if __name__ == "__main__":
    unittest.main()
