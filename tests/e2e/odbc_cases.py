"""What is asked of every database behind ODBC, and what of every server. A test class says with
which: by `url()`, `environment` and, for a server, `server`."""

import json
import os
import subprocess

import golden_tables
from cutting_proxy import CuttingProxy
from database_server import PASSWORD, USER
from harness import GOLDEN, PATIENCE, find_binary
from scene import Scene

READER = find_binary("ROWPOST_READER", "tests/reader/rowpost-reader")
KINDS = ("validators", "administrators", "authors", "campaigns")

# Cells 15, 24 and 33 of the notebook.
NOTEBOOK_QUERIES = [
    """
SELECT U.USER_NAME, U.EMAIL, U.ADMIN, U.VALIDATOR, UR.CATEGORY, UR.SUBCATEGORY,	UR.STATUS_KIND
FROM CMS_PDMV_VAL.USERS U, CMS_PDMV_VAL.USER_RIGHTS UR
WHERE U.USER_NAME = UR.USER_NAME AND U.ADMIN = 0 AND U.VALIDATOR = 1
""",
    """
SELECT U.USER_NAME, U.EMAIL, U.ADMIN, U.VALIDATOR
FROM CMS_PDMV_VAL.USERS U
WHERE U.ADMIN = 1
""",
    """
SELECT *
FROM CMS_PDMV_VAL.RELEASES R, CMS_PDMV_VAL.STATUS S
WHERE R.ID = S.ID
""",
]

def read(url, sql, *options, **changes):
    """Runs the reader to its end: its status, its lines, and what it says."""
    result = subprocess.run(
        [READER, *options, url, sql],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
        env={**os.environ, "ROWPOST_SOURCE_PASSWORD": PASSWORD, **changes},
    )
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def lower_names(row):
    return {name.lower(): value for name, value in row.items()}


def read_pairs(text):
    """A row as pairs: a name may come twice."""
    return [
        [(name.lower(), value) for name, value in json.loads(line, object_pairs_hook=list)]
        for line in text.split("\n")
        if line
    ]


class OdbcCases(Scene):
    """Every database. A golden database is loaded for the whole class."""

    golden = "legacy"
    environment = {"ROWPOST_SOURCE_PASSWORD": PASSWORD}

    @classmethod
    def setUpClass(cls):
        """No target is wanted."""

    def rows(self, sql, **changes):
        status, out, err = read(self.url(), sql, **changes)
        self.assertEqual((status, err), (0, ""))
        return [json.loads(line) for line in out.split("\n") if line]

    def assertRefused(self, sql, *phrases, url=None, **changes):
        status, out, err = read(url or self.url(), sql, **changes)
        self.assertEqual((status, out), (3, ""), err)
        for phrase in phrases:
            self.assertIn(phrase, err)
        self.assertNotIn(PASSWORD, err)
        return err

    def plan_and_list(self, source, options):
        """What became of every row and every document, as it is shown."""
        self.workspace.unlink(missing_ok=True)
        lists = self.source(self.golden)[2:]
        planned = self.rowpost("plan", "--from", source, *lists, *options, **self.environment)
        self.assertIn(planned.status, (0, 1), planned.err)
        shown = [planned.out]
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
            self.plan_and_list(copy, ["--history"])[1:5],
            self.plan_and_list(self.url(), ["--history"])[1:5],
        )

    def test_a_sample_and_the_rows_of_a_document_come_from_there(self):
        lists = self.source(self.golden)[2:]
        words = ["plan", "--from", self.url(), *lists, "--sample", "12", "--json"]
        sample = self.rowpost(*words, **self.environment).json["sample"]
        self.assertEqual(len(sample), 12)
        self.assertTrue(all(entry["content"] for entry in sample))
        used = next(e for e in sample if (e["query"], e["fate"]) == ("reports", "used"))
        words = ["show", used["key"], "--kind", "campaigns", "--from", self.url(), "--json"]
        rows = self.rowpost(*words, **self.environment).json["source_rows"]
        contents = {row["row"]: row["content"] for row in rows}
        self.assertEqual(contents[used["row"]], used["content"])

    def test_the_notebooks_queries_run_as_they_stand(self):
        plain = [sql.replace("CMS_PDMV_VAL.", "") for sql in NOTEBOOK_QUERIES]
        for sql, expected_sql in zip(NOTEBOOK_QUERIES, plain):
            with self.subTest(sql=sql):
                status, out, err = read(self.url(), sql)
                self.assertEqual((status, err), (0, ""))
                _, expected, _ = read(str(GOLDEN / f"{self.golden}.db"), expected_sql)
                rows, wanted = read_pairs(out), read_pairs(expected)
                self.assertGreater(len(wanted), 1)
                self.assertEqual(sorted(map(repr, rows)), sorted(map(repr, wanted)))

    def test_a_missing_table_is_named_with_those_there_are(self):
        err = self.assertRefused("SELECT * FROM RELEASED R", "SQLSTATE", "the query was: SELECT *")
        for name in ("released", "releases", "user_rights"):
            self.assertIn(name, err.lower())

    def test_a_missing_column_is_named_with_those_there_are(self):
        err = self.assertRefused("SELECT U.LOGIN FROM USERS U", "SQLSTATE")
        for name in ("login", "users has: user_name, email, admin, validator"):
            self.assertIn(name, err.lower())

    def test_what_is_not_one_select_is_refused(self):
        for sql in ("DELETE FROM USERS", "SELECT 1; DELETE FROM USERS", " -- nothing\n", "SELECT 'a"):
            with self.subTest(sql=sql):
                self.assertRefused(sql, "the query")
        self.assertGreater(len(self.rows("SELECT U.USER_NAME FROM USERS U; -- all of them")), 5)

    def test_several_tables_are_held_still(self):
        sql = "SELECT COUNT(*) AS N FROM USERS"
        process = subprocess.Popen(
            [READER, "--still", self.url(), sql],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **self.environment},
        )
        lines = [process.stdout.readline().strip() for _ in range(3)]
        self.assertEqual((lines[0], lines[2]), (b"still", b"go on"))
        try:
            self.add_user("late")
        finally:
            out, _ = process.communicate(b"\n")
            self.remove_user("late")
        self.assertEqual(process.returncode, 0)
        self.assertEqual(out.strip(), lines[1])


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

    def test_a_wrong_password_is_refused_and_not_told(self):
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
        err = self.assertRefused("SELECT 1", "cannot be opened", url=self.url(1))
        self.assertIn("127.0.0.1", err)

    def test_a_connection_that_is_cut_is_an_error_at_any_point(self):
        sql = "SELECT R.*, S.* FROM RELEASES R, STATUS S WHERE R.ID = S.ID"
        proxy = CuttingProxy(self.server.port)
        self.addCleanup(proxy.close)
        status, out, err = read(self.url(proxy.port), sql)
        self.assertEqual((status, err), (0, ""))
        self.assertGreater(proxy.passed, 200000)
        for part in (0.2, 0.5, 0.95):
            cutting = CuttingProxy(self.server.port, int(proxy.passed * part))
            self.addCleanup(cutting.close)
            with self.subTest(part=part):
                status, some, err = read(self.url(cutting.port), sql)
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

    def test_a_text_of_any_length_comes_whole(self):
        text = "0123456789é😀" * 20000
        server = self.server
        values = ", ".join(
            f"({number}, {server.quote(value)}, {server.quote('behind ' + str(number))})"
            for number, value in enumerate((text, "", "short", text[:65536], text[:65535]))
        )
        self.load(
            f"CREATE TABLE LONGER (ID integer, T {server.text}, U varchar(40));"
            f"INSERT INTO LONGER VALUES {values}; INSERT INTO LONGER VALUES (5, NULL, NULL);"
        )
        self.addCleanup(self.load, "DROP TABLE LONGER;")
        rows = self.rows("SELECT ID, T, U FROM LONGER ORDER BY ID")
        given = [row["T"] for row in rows]
        self.assertEqual(given, [text, "", "short", text[:65536], text[:65535], None])
        self.assertEqual([row["U"] for row in rows][:2], ["behind 0", "behind 1"])

    def test_texts_come_in_utf8_beyond_the_basic_plane_too(self):
        self.load(
            f"CREATE TABLE WORDS (ID integer, W varchar(12));"
            f"INSERT INTO WORDS VALUES (1, {self.server.quote('😀' * 12)}), (2, ''), (3, NULL),"
            f" (4, {self.server.quote('Žluťoučký 日本')});"
        )
        self.addCleanup(self.load, "DROP TABLE WORDS;")
        rows = self.rows("SELECT W FROM WORDS ORDER BY ID")
        self.assertEqual([row["W"] for row in rows], ["😀" * 12, "", None, "Žluťoučký 日本"])

    def test_numbers_keep_every_digit(self):
        self.load(
            "CREATE TABLE NUMBERS (ID integer, D decimal(38, 10), W decimal(38, 0), B bigint);"
            "INSERT INTO NUMBERS VALUES (1, 9007199254740993, 9007199254740993, 9007199254740993),"
            " (2, 1234567890123456789.0123456789, 12345678901234567890123456789, NULL),"
            " (3, -0.5, -9223372036854775808, -9223372036854775807), (4, 7.00, 0, 0);"
        )
        self.addCleanup(self.load, "DROP TABLE NUMBERS;")
        rows = self.rows("SELECT D, W, B FROM NUMBERS ORDER BY ID")
        self.assertEqual([list(row.values()) for row in rows], [
            [9007199254740993, 9007199254740993, 9007199254740993],
            ["1234567890123456789.0123456789", "12345678901234567890123456789", None],
            ["-0.5000000000", -9223372036854775808, -9223372036854775807],
            [7, 0, 0],
        ])

    def test_dates_are_iso_text(self):
        self.load(
            f"CREATE TABLE DAYS (ID integer, D date, M {self.server.moment}(6));"
            "INSERT INTO DAYS VALUES (1, '2020-02-29', '2020-02-29 23:59:59.123456'),"
            " (2, '1970-01-01', '1970-01-01 00:00:00'), (3, NULL, NULL);"
        )
        self.addCleanup(self.load, "DROP TABLE DAYS;")
        rows = self.rows("SELECT D, M FROM DAYS ORDER BY ID")
        self.assertEqual([list(row.values()) for row in rows], [
            ["2020-02-29", "2020-02-29 23:59:59.123456"],
            ["1970-01-01", "1970-01-01 00:00:00.000000"],
            [None, None],
        ])

    def test_another_schema_can_be_named(self):
        err = self.assertRefused("SELECT * FROM USERS", ROWPOST_READER_SCHEMA="NOT_THERE")
        self.assertIn("not_there", err.lower())
        rows = self.rows("SELECT COUNT(*) AS N FROM USERS", ROWPOST_READER_SCHEMA="CMS_PDMV_VAL")
        self.assertGreater(rows[0]["N"], 5)

    def test_no_secret_stands_in_an_output(self):
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
