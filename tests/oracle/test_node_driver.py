"""Oracle's own driver takes the emulator for a database: whatever it asks, it gets every value
right. So what the emulator sends is what the driver's makers meant."""

import datetime
import pathlib
import sqlite3
import tempfile
import unittest

from certificate import make_certificates
from emulator import awkward
from emulator.faults import Fault
from emulator.server import Emulator
from emulator.settings import (
    FIELD_VERSIONS, VERIFIER_11G_1, VERIFIER_11G_2, VERIFIER_12C, Settings)
from node_driver import make_job, run_client

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "data" / "golden"

# As the notebook asks, in its cells 15, 24 and 33.
VALIDATORS = """
SELECT U.USER_NAME, U.EMAIL, U.ADMIN, U.VALIDATOR, UR.CATEGORY, UR.SUBCATEGORY,\tUR.STATUS_KIND
FROM CMS_PDMV_VAL.USERS U, CMS_PDMV_VAL.USER_RIGHTS UR
WHERE U.USER_NAME = UR.USER_NAME AND U.ADMIN = 0 AND U.VALIDATOR = 1
"""
ADMINISTRATORS = """
SELECT U.USER_NAME, U.EMAIL, U.ADMIN, U.VALIDATOR
FROM CMS_PDMV_VAL.USERS U
WHERE U.ADMIN = 1
"""
RELEASES = """
SELECT *
FROM CMS_PDMV_VAL.RELEASES R, CMS_PDMV_VAL.STATUS S
WHERE R.ID = S.ID
"""
NOTEBOOK = (VALIDATORS, ADMINISTRATORS, RELEASES)

# Types whose values the driver can give: not a region, not objects.
NOT_THE_DRIVERS = {
    "AN_INFINITY", "A_REGION", "AN_OBJECT", "AN_XML", "A_CURSOR", "A_FILE", "A_JSON", "A_VECTOR",
    "AN_ODD_NUMBER", "AN_ODD_DATE", "AN_ODD_TIMESTAMP",
}
READABLE = [name for name in awkward.TYPES if name not in NOT_THE_DRIVERS]
DATES = {"A_DATE", "A_TIMESTAMP", "A_ZONED", "A_LOCAL"}
FLOATS = {"A_FLOAT", "A_DOUBLE"}


def to_moment(text):
    """ISO text as the driver's Date has it: in UTC, in milliseconds."""
    head, east = text, 0
    if len(text) > 6 and text[-6] in "+-" and text[-3] == ":":
        head = text[:-6]
        east = (1 if text[-6] == "+" else -1) * (int(text[-5:-3]) * 60 + int(text[-2:]))
    whole, _, fraction = head.partition(".")
    moment = datetime.datetime.fromisoformat(whole) - datetime.timedelta(minutes=east)
    if moment.year < 100:
        # The language takes such a year for one of the twentieth century.
        moment = moment.replace(year=1900 + moment.year)
    milliseconds = int(fraction.ljust(9, "0")[:3]) if fraction else 0
    return f"{moment.isoformat()}.{milliseconds:03}Z"


INTERVALS = {"SOME_MONTHS", "SOME_SECONDS"}


def to_interval(parts):
    """The driver's parts of an interval as TO_CHAR has them."""
    sign = "-" if any(number < 0 for number in parts.values()) else "+"
    years, months, days, hours, minutes, seconds, fraction = (
        abs(parts.get(name, 0)) for name in ("years", "months", "days", "hours", "minutes",
                                             "seconds", "fseconds"))
    if "years" in parts:
        return f"{sign}{years:02}-{months:02}"
    digits = f"{fraction:09}".removesuffix("000") if fraction % 1000 == 0 else f"{fraction:09}"
    return f"{sign}{days:02} {hours:02}:{minutes:02}:{seconds:02}.{digits}"


def to_comparable(name, value):
    """What the driver gave, and what it should have given, made alike."""
    if name == "A_NUMBER" and value is not None:
        sign = "-" if value.startswith("-") else ""
        value = value.lstrip("-")
        return sign + ("0" + value if value.startswith(".") else value)
    if name in FLOATS and value is not None:
        number = value["number"] if isinstance(value, dict) else value
        number = float(number.replace("Inf", "inf").replace("infinity", "inf"))
        return repr(float(f"{number:.6g}"))
    if name == "A_BOOLEAN" and value is not None:
        return str(int(value))
    if name in INTERVALS and isinstance(value, dict):
        return to_interval(value)
    if name in DATES and value is not None and not value.endswith("Z"):
        return to_moment(value)
    return value


def read_as_oracle(path, sql):
    """What the database has, by SQLite alone: an empty text is null, a date is a moment."""
    database = sqlite3.connect(":memory:")
    on_disk = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    on_disk.backup(database)
    on_disk.close()
    for table in ("users", "user_rights", "releases", "status"):
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        emptied = ", ".join(f"{name} = NULLIF({name}, '')" for name in columns)
        database.execute(f"UPDATE {table} SET {emptied}")
    cursor = database.execute(sql.replace("CMS_PDMV_VAL.", ""))
    names = [entry[0].upper() for entry in cursor.description]

    def convert(name, value):
        if value is None:
            return None
        if name == "DATE":
            moment = (datetime.datetime.utcfromtimestamp(value) if isinstance(value, int)
                      else datetime.datetime.fromisoformat(value))
            return f"{moment.isoformat(timespec='seconds')}.000Z"
        return str(value)

    rows = [[convert(name, value) for name, value in zip(names, row)] for row in cursor]
    database.close()
    return rows


class DriverCase(unittest.TestCase):
    maxDiff = 2000

    def serve(self, database="legacy", **settings):
        path = GOLDEN / f"{database}.db" if database else None
        emulator = Emulator(path, Settings(**settings)).start()
        self.addCleanup(emulator.stop)
        return emulator

    def ask(self, emulator, *queries, **changes):
        """The results of a session in which nothing may go wrong."""
        answer = run_client([make_job(emulator, *queries, **changes)])[0]
        self.check_answer(emulator, answer)
        return answer["results"]

    def check_answer(self, emulator, answer):
        self.assertNotIn("error", answer)
        self.assertNotIn("close_error", answer)
        self.assertEqual(emulator.trouble, [])

    def assertTypes(self, results, names=READABLE):
        for name, result in zip(names, results):
            with self.subTest(table=name):
                self.assertNotIn("error", result)
                found = [[n, to_comparable(name, v), s] for n, v, s in result["rows"]]
                wanted = [[n, to_comparable(name, v), s] for n, v, s in awkward.texts_of(name)]
                self.assertEqual(found, wanted)

    def ask_types_of(self, *many_settings, names=READABLE, **changes):
        """Every type from servers with these settings, in one run of node."""
        emulators = [self.serve(None, **settings) for settings in many_settings]
        queries = [f"SELECT * FROM {name}" for name in names]
        answers = run_client([make_job(emulator, *queries, **changes) for emulator in emulators])
        for settings, emulator, answer in zip(many_settings, emulators, answers):
            with self.subTest(**settings):
                self.check_answer(emulator, answer)
                self.assertTypes(answer["results"], names)


class TestNotebook(DriverCase):
    def assertNotebook(self, database, **settings):
        emulator = self.serve(database, **settings)
        results = self.ask(emulator, *NOTEBOOK)
        for sql, result in zip(NOTEBOOK, results):
            self.assertNotIn("error", result)
            wanted = read_as_oracle(GOLDEN / f"{database}.db", sql)
            self.assertEqual(sorted(map(repr, result["rows"])), sorted(map(repr, wanted)))

    def test_three_queries_give_the_rows_of_the_legacy_database(self):
        self.assertNotebook("legacy")

    def test_three_queries_give_the_rows_of_the_sites_backup(self):
        self.assertNotebook("backup-dirty")

    def test_three_queries_give_the_same_where_comments_and_links_are_clobs(self):
        self.assertNotebook("backup-dirty", clobs=("COMMENTS", "LINKS"))

    def test_columns_have_the_names_and_types_of_oracle(self):
        result = self.ask(self.serve(), RELEASES)[0]
        self.assertEqual(result["columns"][:8], [
            ["ID", "NUMBER", None], ["CATEGORY", "VARCHAR2", 40], ["SUBCATEGORY", "VARCHAR2", 40],
            ["RELEASE_NAME", "VARCHAR2", 100], ["VERSION", "NUMBER", None], ["DATE", "DATE", None],
            ["STATUS_KIND", "VARCHAR2", 20], ["ID_1", "NUMBER", None]])
        self.assertEqual(result["columns"][12], ["messageID", "VARCHAR2", 100])


class TestTypes(DriverCase):
    def test_every_value_in_every_field_version(self):
        self.ask_types_of(*({"field_version": version} for version in FIELD_VERSIONS))

    def test_every_value_in_packets_of_every_size(self):
        sizes = (5, 6, 7, 13, 64, 511, 8182, 100000)
        self.ask_types_of(*({"payload": size} for size in sizes))

    def test_every_value_by_the_older_network_versions(self):
        self.ask_types_of(*({"version": version} for version in (315, 317, 318)))

    def test_every_value_with_and_without_bit_vectors_and_side_information(self):
        self.ask_types_of({"bit_vectors": False}, {"piggybacks": True},
                          {"piggybacks": True, "field_version": 7, "payload": 5})

    def test_every_value_whatever_the_length_of_pieces(self):
        self.ask_types_of({"piece": 1}, {"piece": 250}, {"piece": 64 * 1024})

    def test_every_value_where_texts_are_at_most_4000_bytes(self):
        self.ask_types_of({"long_strings": False}, {"time_zone": False})

    def test_a_column_without_room_takes_no_byte(self):
        result = self.ask(self.serve(None), "SELECT * FROM A_NOTHING")[0]
        self.assertEqual(result["rows"], [["1", None, "a"], ["2", None, "a"], ["3", None, "b"]])

    def test_bit_vectors_of_several_bytes(self):
        counts = (7, 8, 9, 16, 17, 40)
        queries = [f"SELECT * FROM WIDE_{count}" for count in counts]
        results = self.ask(self.serve(None), *queries)
        for count, result in zip(counts, results):
            self.assertEqual(result["rows"], awkward.wide_table(count)[1])

    def test_a_bit_vector_reaches_across_two_fetches(self):
        few = {"sql": "SELECT * FROM WIDE_9",
               "options": {"fetchArraySize": 3, "prefetchRows": 2}}
        result = self.ask(self.serve(None), few)[0]
        self.assertEqual(result["rows"], awkward.wide_table(9)[1])

    def test_annotations_and_domains_of_23ai(self):
        result = self.ask(self.serve(None), "SELECT * FROM A_DATE")[0]
        self.assertEqual(result["annotations"][0], {"Display": "a number", "Empty": ""})
        self.assertEqual(result["domains"][0], "DOMAIN")

    def test_many_rows_come_all_and_in_order(self):
        result = self.ask(self.serve(None, many_rows=2345),
                          {"sql": "SELECT ID FROM MANY_ROWS"},
                          {"sql": "SELECT * FROM MANY_ROWS", "options": {"fetchArraySize": 777}})
        self.assertEqual(len(result[0]["rows"]), 1000)
        ids = [row[0] for row in result[1]["rows"]]
        self.assertEqual(ids, [str(1000000 + number % 1000) for number in range(2345)])


class TestSession(DriverCase):
    def test_another_schema_becomes_the_current_one(self):
        results = self.ask(self.serve(), "ALTER SESSION SET CURRENT_SCHEMA = CMS_PDMV_VAL",
                           "SET TRANSACTION READ ONLY", "SELECT ID FROM RELEASES WHERE ID = 7")
        self.assertEqual(results[2]["rows"], [["7"]])

    def test_nulls_sort_behind_everything_else(self):
        rows = self.ask(self.serve("backup-dirty"), "SELECT RELMON_URL FROM CMS_PDMV_VAL.STATUS"
                        " ORDER BY RELMON_URL")[0]["rows"]
        self.assertIsNone(rows[-1][0])
        self.assertIsNotNone(rows[0][0])

    def test_a_recorded_session_gives_the_same_again(self):
        recording = self.folder() / "session"
        query = {"sql": "SELECT * FROM MANY_ROWS"}
        with Emulator(None, Settings(many_rows=2500), recording) as emulator:
            first = self.ask(emulator, query)
        again = self.ask(self.serve(None, replay=recording, many_rows=0), query)
        self.assertEqual(len(first[0]["rows"]), 2500)
        self.assertEqual(again, first)

    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name)


class TestSigningIn(DriverCase):
    def test_by_every_verifier(self):
        self.ask_types_of(
            *({"verifier": verifier, "session_key_bytes": size, "verifier_rounds": 64}
              for verifier in (VERIFIER_12C, VERIFIER_11G_1, VERIFIER_11G_2)
              for size in (None, 32, 48)),
            names=["A_DATE"])

    def assertSignInFails(self, code, changes=None, **settings):
        for style in (False, True):
            emulator = self.serve(None, errors_by_marker=style, **settings)
            answer = run_client([make_job(emulator, **(changes or {}))])[0]
            self.assertEqual(answer["error"]["number"], code)

    def test_a_wrong_password_is_reported(self):
        self.assertSignInFails(1017, {"password": "wrong"})
        self.assertSignInFails(1017, {"password": "wrong"}, verifier=VERIFIER_11G_2)

    def test_an_unknown_user_is_reported_as_a_wrong_password(self):
        self.assertSignInFails(1017, {"user": "somebody"})

    def test_a_locked_account_is_reported(self):
        self.assertSignInFails(28000, account="locked")

    def test_an_expired_password_is_reported(self):
        self.assertSignInFails(28001, account="expired")

    def test_a_password_that_will_expire_is_a_warning(self):
        emulator = self.serve(None, account="expires-soon")
        answer = run_client([make_job(emulator)])[0]
        self.check_answer(emulator, answer)
        self.assertEqual(answer["warning"], 28002)

    def test_a_server_that_does_not_know_the_password_is_found_out(self):
        emulator = self.serve(None, is_genuine=False)
        answer = run_client([make_job(emulator)])[0]
        self.assertEqual(answer["error"]["code"], "NJS-173")


class TestErrors(DriverCase):
    def assertError(self, sql, code, position):
        for style in (False, True):
            result = self.ask(self.serve("legacy", errors_by_marker=style), sql,
                              "SELECT ID FROM CMS_PDMV_VAL.STATUS WHERE ID = 1")
            self.assertEqual(result[0]["error"]["number"], code)
            self.assertEqual(result[0]["error"]["offset"], position)
            self.assertEqual(result[1]["rows"], [["1"]])

    def test_a_table_that_is_not_there(self):
        self.assertError("SELECT * FROM NOWHERE", 942, 14)

    def test_a_column_that_is_not_there(self):
        self.assertError("SELECT R.ID, R.ABSENT FROM CMS_PDMV_VAL.RELEASES R", 904, 13)

    def test_a_mixed_case_column_has_to_be_quoted(self):
        self.assertError("SELECT messageID FROM CMS_PDMV_VAL.STATUS", 904, 7)

    def test_date_is_no_column_name_unless_it_is_quoted(self):
        self.assertError("SELECT R.DATE FROM CMS_PDMV_VAL.RELEASES R", 1747, 9)

    def test_a_table_of_another_schema_is_not_there_without_it(self):
        self.assertError("SELECT ID FROM RELEASES", 942, 15)

    def test_a_call_that_is_broken_off(self):
        fault = Fault("fetch", "until-break")
        answer = run_client([make_job(self.serve(faults=[fault]), RELEASES, ADMINISTRATORS,
                                      call_timeout=3000)])[0]
        self.assertEqual(answer["results"][0]["error"]["code"], "NJS-123")
        self.assertEqual(len(answer["results"][1]["rows"]),
                         len(read_as_oracle(GOLDEN / "legacy.db", ADMINISTRATORS)))

    def test_a_connection_that_is_dropped(self):
        fault = Fault("fetch", "drop")
        answer = run_client([make_job(self.serve(faults=[fault]), RELEASES)])[0]
        self.assertEqual(answer["results"][0]["error"]["code"], "NJS-500")


class TestListener(DriverCase):
    def assertAsks(self, emulator, **changes):
        result = self.ask(emulator, "SELECT * FROM A_DATE", **changes)
        self.assertTypes(result, ["A_DATE"])

    def test_refusals_come_with_their_code(self):
        for action in ("refuse:12514", "refuse-apart:12514"):
            emulator = self.serve(None, connects=(action,))
            answer = run_client([make_job(emulator)])[0]
            self.assertEqual(answer["error"]["code"], "NJS-518")

    def test_a_resend_is_answered(self):
        self.assertAsks(self.serve(None, connects=("resend", "accept")))

    def test_redirects_are_followed(self):
        for kind in ("redirect", "redirect-apart", "redirect-data"):
            target = self.serve(None)
            first = self.serve(None, connects=(f"{kind}:{target.port}",))
            self.assertAsks(first)
            self.assertEqual(len(target.sessions), 1)

    def test_connect_data_of_any_length(self):
        emulator = self.serve(None)
        self.assertAsks(emulator, connectString=(
            f"(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT={emulator.port}))"
            f"(CONNECT_DATA=(SERVICE_NAME={'s' * 300})))"))
        self.assertGreater(len(emulator.sessions[0].connect_request.data), 230)


class TestTls(DriverCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.context = make_certificates(self.folder)

    def run_tls(self, emulator, **changes):
        job = make_job(emulator, "SELECT * FROM A_DATE", host="localhost")
        return run_client([job], **changes)[0]

    def test_every_value_by_tcps(self):
        authority = str(self.folder / "ca.pem")
        for connects in (("accept",), ("resend-tls", "accept")):
            emulator = self.serve(None, tls=self.context, connects=connects)
            answer = self.run_tls(emulator, NODE_EXTRA_CA_CERTS=authority)
            self.check_answer(emulator, answer)
            self.assertTypes(answer["results"], ["A_DATE"])

    def test_an_unknown_authority_is_not_believed(self):
        answer = self.run_tls(self.serve(None, tls=self.context))
        self.assertIn("error", answer)


if __name__ == "__main__":
    unittest.main()
