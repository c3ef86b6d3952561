"""What is asked of every database that ODBC reads, and what of every server. A test class names its
database: by `url()`, `environment` and, for a server, `server`."""

import json
import os
import subprocess

import golden_tables
from cutting_proxy import CuttingProxy
from database_server import PASSWORD, USER
from harness import GOLDEN, PATIENCE, find_binary
from scene import Scene

BUILDS = ["tests/reader/rowpost-reader"]

READER = find_binary("ROWPOST_READER", "tests/reader/rowpost-reader")
KINDS = ("validators", "administrators", "authors", "campaigns")

SCHEMA = "CMS_PDMV_VAL"


def read(url, *words, option=None, **changes):
    """Runs the reader to its end: its status, its output and its messages."""
    defaults = {"ROWPOST_SOURCE_PASSWORD": PASSWORD, "ROWPOST_READER_SCHEMA": SCHEMA}
    settings = {**os.environ, **defaults, **changes}
    result = subprocess.run(
        [READER, *([option] if option else []), url, *words],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
        env={name: value for name, value in settings.items() if value is not None},
    )
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def read_twice(url, change, **changes):
    """Reads USERS, makes a change, and reads it again in the same transaction: what came first, and
    what then."""
    settings = {"ROWPOST_SOURCE_PASSWORD": PASSWORD, "ROWPOST_READER_SCHEMA": SCHEMA, **changes}
    process = subprocess.Popen(
        [READER, "--still", url, "USERS"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **settings},
    )
    lines = [process.stdout.readline()]
    while lines[-1] not in (b"go on\n", b""):
        lines.append(process.stdout.readline())
    try:
        change()
    finally:
        out, _ = process.communicate(b"\n")
    if process.returncode != 0 or lines[0] != b"still\n":
        raise AssertionError(f"status {process.returncode}: {lines[0]}")
    return lines[1:-1], out.splitlines(keepends=True)


class EmptyServer(Scene):
    """A server of the class's own, with a schema in which there is nothing."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.make_server()
        cls.addClassCleanup(cls.server.close)
        cls.server.load(cls.server.create_schema)

    def replace_tables(self, names, sql):
        """Drops the tables, and makes them again by the SQL."""
        drop = "".join(f"DROP TABLE IF EXISTS {name};" for name in names)
        self.server.load(self.server.use + drop + sql + self.server.grant)


class OdbcCases(Scene):
    """Every database. A golden database is loaded for the whole class."""

    golden = "legacy"
    environment = {"ROWPOST_SOURCE_PASSWORD": PASSWORD}

    @classmethod
    def setUpClass(cls):
        """No target is wanted."""

    def rows(self, table, *columns, **changes):
        status, out, err = read(self.url(), table, *columns, **changes)
        self.assertEqual((status, err), (0, ""))
        return [json.loads(line) for line in out.split("\n") if line]

    def measure(self, table, *columns):
        """What the source counts, and the texts that arrive, in the same form."""
        status, out, err = read(self.url(), table, *columns, option="--measure")
        self.assertEqual((status, err), (0, ""))
        rows = self.rows(table, *columns)
        texts = [[value for value in row.values() if isinstance(value, str)] for row in rows]
        arrived = sum(len(text.encode()) for row in texts for text in row)
        return json.loads(out), {"rows": len(rows), "bytes": [arrived]}

    def assertRefused(self, words, *phrases, url=None, **changes):
        status, out, err = read(url or self.url(), *words, **changes)
        self.assertEqual((status, out), (3, ""), err)
        for phrase in phrases:
            self.assertIn(phrase, err)
        self.assertNotIn(PASSWORD, err)
        return err

    def plan_and_list(self, source, options):
        """The outcome of every row and every document, as it is shown."""
        self.workspace.unlink(missing_ok=True)
        lists = self.source(self.golden)[2:]
        planned = self.rowpost("plan", "--from", source, *lists, *options, **self.environment)
        self.assertIn(planned.status, (0, 1), planned.err)
        shown = [planned.without_ending]
        for kind in KINDS:
            shown.append(self.rowpost("export", "--kind", kind).out)
        for verb in ("rejects", "skips"):
            shown.append(self.rowpost(verb, "--json").out)
        return shown

    def compare(self, options):
        expected = self.plan_and_list(GOLDEN / f"{self.golden}.db", options)
        given = self.plan_and_list(self.url(), options)
        self.assertGreater(len(expected[4]), 10000, "there are campaigns to compare")
        self.assertEqual(given, expected)

    def test_the_corrected_plan_is_that_of_the_sqlite_file(self):
        self.compare([])

    def test_the_plan_with_history_is_that_of_the_sqlite_file(self):
        self.compare(["--history"])

    def test_the_plan_of_the_notebook_is_that_of_the_sqlite_file(self):
        self.compare(["--rules", "notebook"])

    def take_snapshot(self, source, path):
        """The file's rows and checksums by table."""
        words = ["snapshot", "--from", source, "-o", path, "--json"]
        result = self.rowpost(*words, **self.environment)
        self.assertStatus(result, 0)
        tables = result.json["tables"]
        return {table["table"]: (table["rows"], table["checksum"]) for table in tables}

    def test_a_snapshot_is_that_of_the_sqlite_file(self):
        copy = self.folder / "copy.db"
        expected = self.take_snapshot(GOLDEN / f"{self.golden}.db", self.folder / "golden.db")
        self.assertEqual(self.take_snapshot(self.url(), copy), expected)
        self.assertEqual(len(expected), 6)
        self.assertEqual(
            self.plan_and_list(copy, ["--history"]), self.plan_and_list(self.url(), ["--history"])
        )

    def test_a_sample_and_the_rows_of_a_document_come_from_there(self):
        lists = self.source(self.golden)[2:]
        words = ["plan", "--from", self.url(), *lists, "--sample", "12", "--json"]
        sample = self.rowpost(*words, **self.environment).json["sample"]
        self.assertEqual(len(sample), 12)
        tables = [entry for entry in sample if not entry["table"].endswith("-list")]
        self.assertTrue(all(entry["content"] for entry in tables))
        used = next(e for e in sample if (e["table"], e["outcome"]) == ("releases", "used"))
        words = ["show", used["key"], "--kind", "campaigns", "--from", self.url(), "--json"]
        rows = self.rowpost(*words, **self.environment).json["source_rows"]
        contents = {(row["table"], row["row"]): row["content"] for row in rows}
        self.assertEqual(contents["releases", used["row"]], used["content"])

    def test_a_missing_table_is_named_with_those_there_are(self):
        err = self.assertRefused(["RELEASED"], "has no table RELEASED")
        for name in ("releases", "user_rights"):
            self.assertIn(name, err.lower())

    def test_a_missing_column_is_named_with_those_there_are(self):
        err = self.assertRefused(["users", "login"], "has no column login; it has: ")
        self.assertIn("user_name, email, admin, validator", err.lower())

    def test_names_are_found_in_whatever_case_with_a_schema_and_without(self):
        expected = [list(row.values()) for row in self.rows("USERS", "USER_NAME", "admin")]
        self.assertGreater(len(expected), 5)
        for table in ("users", "Users", f"{SCHEMA}.USERS", f"{SCHEMA.lower()}.users"):
            with self.subTest(table=table):
                rows = self.rows(table, "user_name", "ADMIN")
                self.assertEqual([list(row.values()) for row in rows], expected)

    def test_tables_and_columns_are_listed(self):
        _, out, _ = read(self.url(), option="--tables")
        self.assertEqual(
            sorted(name.upper() for name in out.split()),
            ["RELEASES", "RELEASES_LV", "STATUS", "STATUS_LV", "USERS", "USER_RIGHTS"],
        )
        _, out, _ = read(self.url(), "users", option="--columns")
        names = [line.split(" ")[0].upper() for line in out.splitlines()]
        self.assertEqual(names, ["USER_NAME", "EMAIL", "ADMIN", "VALIDATOR"])

    def test_the_source_counts_what_arrives(self):
        for column in ("COMMENTS", "LINKS", "user_name"):
            with self.subTest(column=column):
                counted, arrived = self.measure("STATUS", column)
                self.assertGreater(counted["bytes"][0], 1000)
                self.assertEqual(counted, arrived)

    def test_several_tables_are_read_as_of_one_moment(self):
        self.addCleanup(self.remove_user, "late")
        first, again = read_twice(self.url(), lambda: self.add_user("late"))
        self.assertGreater(len(first), 5)
        self.assertEqual(again, first)


class Served(OdbcCases):
    """The same, by a server of the class's own."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.make_server()
        cls.addClassCleanup(cls.server.close)
        golden_tables.load(cls.server, f"{cls.golden}.db")

    def url(self, port=None):
        return self.server.url(port)

    def add_user(self, name):
        self.server.load(self.server.use + f"INSERT INTO USERS VALUES ('{name}', NULL, 0, 0);")

    def remove_user(self, name):
        self.server.load(self.server.use + f"DELETE FROM USERS WHERE USER_NAME = '{name}';")

    def load(self, sql):
        self.server.load(self.server.use + sql + self.server.grant)


class ServerCases(Served):
    """Every server."""

    def test_a_wrong_password_is_refused_and_not_shown(self):
        wrong = "wr0ng-word"
        changes = {"ROWPOST_SOURCE_PASSWORD": wrong}
        result = self.rowpost("plan", "--from", self.url(), **changes)
        self.assertStatus(result, 3)
        self.assertIn("SQLSTATE", result.err)
        self.assertIn(USER, result.err)
        self.assertNotIn(wrong, result.out + result.err)
        self.assertFalse(self.workspace.exists())

    def test_without_a_password_it_is_said_where_one_comes_from(self):
        result = self.rowpost("plan", "--from", self.url(), ROWPOST_SOURCE_PASSWORD="")
        self.assertStatus(result, 3)
        for phrase in ("No password was given", "--source-password-file"):
            self.assertIn(phrase, result.err)

    def test_a_server_that_is_not_there_is_named(self):
        err = self.assertRefused(["USERS"], "cannot be opened", url=self.url(1))
        self.assertIn("127.0.0.1", err)

    def test_a_connection_that_is_cut_is_an_error_at_any_point(self):
        proxy = CuttingProxy(self.server.port)
        self.addCleanup(proxy.close)
        status, out, err = read(self.url(proxy.port), "STATUS")
        self.assertEqual((status, err), (0, ""))
        self.assertGreater(proxy.passed, 200000)
        for part in (0.2, 0.5, 0.95):
            cutting = CuttingProxy(self.server.port, int(proxy.passed * part))
            self.addCleanup(cutting.close)
            with self.subTest(part=part):
                status, some, err = read(self.url(cutting.port), "STATUS")
                self.assertTrue(cutting.was_cut)
                self.assertEqual(status, 3, err)
                self.assertIn(f":{cutting.port}", err)
                self.assertLess(len(some), len(out))

    def test_a_plan_whose_connection_is_cut_leaves_no_workspace(self):
        cutting = CuttingProxy(self.server.port, 60000)
        self.addCleanup(cutting.close)
        result = self.rowpost("plan", "--from", self.url(cutting.port), **self.environment)
        self.assertTrue(cutting.was_cut)
        self.assertStatus(result, 3)
        self.assertFalse(self.workspace.exists())

    def values(self, declared, rows):
        """What arrives of a table made of these columns and rows; each begins with its number."""
        self.load(f"CREATE TABLE MADE (ID integer, {declared}); INSERT INTO MADE VALUES {rows};")
        self.addCleanup(self.load, "DROP TABLE MADE;")
        return [list(row.values())[1:] for row in sorted(self.rows("MADE"), key=self.number_of)]

    @staticmethod
    def number_of(row):
        return list(row.values())[0]

    def test_a_text_of_any_length_comes_whole(self):
        text = "0123456789é😀" * 20000
        texts = (text, "", "short", text[:65536], text[:65535])
        quote = self.server.quote
        rows = ", ".join(
            f"({number}, {quote(value)}, {quote('behind ' + str(number))})"
            for number, value in enumerate(texts)
        )
        given = self.values(f"T {self.server.text}, U varchar(40)", f"{rows}, (5, NULL, NULL)")
        self.assertEqual([row[0] for row in given], [*texts, None])
        self.assertEqual([row[1] for row in given][:2], ["behind 0", "behind 1"])

    def test_numbers_keep_every_digit(self):
        given = self.values(
            "D decimal(38, 10), W decimal(38, 0), B bigint",
            "(1, 9007199254740993, 9007199254740993, 9007199254740993),"
            " (2, 1234567890123456789.0123456789, 12345678901234567890123456789, NULL),"
            " (3, -0.5, -9223372036854775808, -9223372036854775807), (4, 7.00, 0, 0)",
        )
        self.assertEqual(given, [
            [9007199254740993, 9007199254740993, 9007199254740993],
            ["1234567890123456789.0123456789", "12345678901234567890123456789", None],
            ["-0.5000000000", -9223372036854775808, -9223372036854775807],
            [7, 0, 0],
        ])

    def assertCells(self, cells):
        """Each cell is a type, a value as SQL, and what arrives of it."""
        self.assertGreaterEqual(len(cells), 60)
        declared = ", ".join(f"C{number} {cell[0]}" for number, cell in enumerate(cells))
        values = ", ".join(cell[1] for cell in cells)
        nulls = ", ".join("NULL" for _ in cells)
        given = self.values(declared, f"(1, {values}), (2, {nulls})")
        for cell, value, null in zip(cells, *given):
            with self.subTest(type=cell[0], value=cell[1]):
                self.assertEqual(value, cell[2])
                self.assertIsNone(null)

    def test_another_schema_can_be_named(self):
        err = self.assertRefused(["USERS"], ROWPOST_READER_SCHEMA="NOT_THERE")
        self.assertIn("has no table USERS in schema NOT_THERE", err)
        self.assertIn(f"--schema names another: {SCHEMA.lower()}", err.lower())

    def test_no_secret_is_in_an_output(self):
        outputs = []
        file = self.folder / "password"
        file.write_text(PASSWORD + "\n")
        options = ["--from", self.url(), "--source-password-file", file, "-v", "-v"]
        result = self.rowpost("plan", *options)
        self.assertIn(result.status, (0, 1), result.err)
        outputs += [result.out, result.err]
        result = self.rowpost("plan", *options, "--log-format", "json", "--json")
        outputs += [result.out, result.err, self.rowpost("report").out]
        for text in outputs:
            self.assertNotIn(PASSWORD, text)
        for path in self.folder.iterdir():
            if path != file:
                self.assertNotIn(PASSWORD.encode(), path.read_bytes(), path.name)
