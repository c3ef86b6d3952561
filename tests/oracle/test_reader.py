"""The reader in C against the emulated server: every type in every field version, packet size and
verifier; errors, detours, broken and hostile servers."""

import datetime
import pathlib
import re
import tempfile
import time
import unittest

import reader
from certificate import make_certificates
from emulator import awkward
from emulator.faults import Fault
from emulator.framing import END_OF_FILE
from emulator.primitives import put_bytes, put_integer
from emulator.server import Emulator
from emulator.silent import SilentAddress
from emulator.settings import (
    FIELD_VERSIONS, VERIFIER_11G_1, VERIFIER_11G_2, VERIFIER_12C, Settings)
from reader import run_reader, run_reader_raw

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "data" / "golden"

# Types that are not read, with what the message says of each.
NOT_READ = {
    "A_LOCAL": ("TIMESTAMP WITH LOCAL TIME ZONE", "CAST(V AS TIMESTAMP)"),
    "AN_OBJECT": ("SDO_GEOMETRY", "SDO_UTIL.TO_WKTGEOMETRY(V)"),
    "AN_XML": ("XMLTYPE", "XMLSERIALIZE(CONTENT V AS CLOB)"),
    "A_CURSOR": ("REF CURSOR", "the columns of its query"),
    "A_FILE": ("BFILE", "TO_BLOB(V)"),
    "A_JSON": ("JSON", "JSON_SERIALIZE(V RETURNING CLOB)"),
    "A_VECTOR": ("VECTOR", "VECTOR_SERIALIZE(V RETURNING CLOB)"),
}
READABLE = [name for name in awkward.TYPES if name not in NOT_READ]
MOMENTS = {"A_DATE", "A_TIMESTAMP", "A_ZONED", "A_REGION"}

LIMIT = 1500                # milliseconds, for servers that stall
HANGS = 200_000             # milliseconds: only stops what hangs
STAGES = ("protocol", "types", "auth-1", "auth-2", "execute", "fetch")


def to_moment(name, text):
    """ISO text as the reader has it: in UTC, six digits behind the point, or nine."""
    if name == "A_REGION":
        text = text[:-6]            # the server sends UTC, and where that is, by a number
    digits = (re.search(r"\.(\d+)", text) or [".", ""])[1].ljust(9, "0")
    moment = datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text))
    if moment.tzinfo:
        moment = moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return f"{moment.isoformat(' ')}.{digits.removesuffix('000')}"


def expect(name, value):
    """The text by which the reader gives what the table says."""
    if value is None:
        return None
    if name in MOMENTS:
        return to_moment(name, value)
    if name == "AN_INFINITY":
        return value.replace("Inf", "~")
    return value


class ReaderCase(unittest.TestCase):
    maxDiff = 2000

    def serve(self, database=None, **settings):
        path = GOLDEN / f"{database}.db" if database else None
        emulator = Emulator(path, Settings(**settings)).start()
        self.addCleanup(emulator.stop)
        return emulator

    def read(self, emulator, *statements, **options):
        """The results of a session in which nothing may go wrong."""
        answer = run_reader(emulator, *statements, **options)
        self.assertNotIn("error", answer)
        self.assertEqual(emulator.trouble, [])
        return answer["results"]

    def assertTypes(self, results, names=READABLE):
        for name, result in zip(names, results):
            with self.subTest(table=name):
                self.assertNotIn("error", result)
                wanted = [[n, expect(name, v), s] for n, v, s in awkward.texts_of(name)]
                self.assertEqual(result["rows"], wanted)

    def read_types(self, names=READABLE, options=None, **settings):
        with self.subTest(**settings, **(options or {})):
            emulator = self.serve(**settings)
            queries = [f"SELECT * FROM {name}" for name in names]
            self.assertTypes(self.read(emulator, *queries, **(options or {})), names)

    def assertFails(self, answer, failure, code=0, *words):
        error = answer.get("error") or answer["results"][0]["error"]
        self.assertEqual((error["failure"], error["code"]), (failure, code), error["message"])
        for word in words:
            self.assertIn(word, error["message"])


class TestTypes(ReaderCase):
    def test_every_value_in_every_field_version_that_is_asked_for(self):
        for version in FIELD_VERSIONS:
            self.read_types(options={"field_version": version})

    def test_every_value_in_every_field_version_of_the_server(self):
        for version in FIELD_VERSIONS:
            self.read_types(field_version=version)

    def test_every_value_in_packets_of_every_size(self):
        for payload in (5, 6, 7, 13, 64, 511, 8182, 100000):
            self.read_types(payload=payload)

    def test_every_value_whatever_packets_are_asked_for(self):
        for size in (512, 8192, 65535):
            self.read_types(options={"packet": size}, sdu=size)

    def test_every_value_by_the_older_network_versions(self):
        for version in (315, 317, 318):
            self.read_types(version=version)

    def test_every_value_with_and_without_bit_vectors_and_side_information(self):
        self.read_types(bit_vectors=False)
        self.read_types(piggybacks=True)
        self.read_types(piggybacks=True, payload=5)

    def test_every_value_whatever_the_length_of_pieces(self):
        for piece in (1, 250, 65536):
            self.read_types(piece=piece)

    def test_every_value_where_texts_are_at_most_4000_bytes(self):
        self.read_types(long_strings=False)
        self.read_types(time_zone=False)

    def test_every_value_where_rows_come_unasked(self):
        self.read_types(prefetches_unasked=True)

    def test_a_column_without_room_takes_no_byte(self):
        result = self.read(self.serve(), "SELECT * FROM A_NOTHING")[0]
        self.assertEqual(result["rows"], [["1", None, "a"], ["2", None, "a"], ["3", None, "b"]])

    def test_bit_vectors_of_several_bytes(self):
        for count in (7, 8, 9, 16, 17, 40):
            result = self.read(self.serve(), f"SELECT * FROM WIDE_{count}")[0]
            self.assertEqual(result["rows"], awkward.wide_table(count)[1])

    def test_a_type_that_is_not_read_is_named_with_the_way_out(self):
        for table, (name, way) in NOT_READ.items():
            with self.subTest(table=table):
                answer = run_reader(self.serve(), f"SELECT * FROM {table}")
                self.assertFails(answer, reader.UNSUPPORTED, 0, "column V", name, f"instead {way}")

    def test_rows_that_repeat_all_of_the_row_before(self):
        """The vector that says so may have no bytes at all."""
        for settings in ({"prefetches_unasked": True}, {"prefetches_unasked": True, "payload": 5}):
            result = self.read(self.serve(empty_vectors=True, **settings),
                               "SELECT * FROM THE_SAME")[0]
            self.assertEqual(result["rows"], [["7", "same"]] * 5)

    def test_many_rows_come_all_and_in_order(self):
        result = self.read(self.serve(many_rows=2345), "SELECT * FROM MANY_ROWS")[0]
        ids = [row[0] for row in result["rows"]]
        self.assertEqual(ids, [str(1000000 + number % 1000) for number in range(2345)])

    def test_memory_does_not_grow_with_the_rows(self):
        peaks = []
        for count in (100_000, 1_000_000):
            answer = run_reader(self.serve(many_rows=count), "SELECT * FROM MANY_ROWS", count=True)
            self.assertEqual(answer["results"][0]["row_count"], count)
            peaks.append(answer["peak_kilobytes"])
        self.assertLess(peaks[1], peaks[0] + 4096)


class TestSession(ReaderCase):
    def test_cursors_are_given_back(self):
        emulator = self.serve("legacy", open_cursors=2)
        queries = [f"SELECT ID FROM CMS_PDMV_VAL.STATUS WHERE ID = {number}"
                   for number in range(1, 12)]
        results = self.read(emulator, *queries)
        self.assertEqual([result["rows"] for result in results],
                         [[[str(number)]] for number in range(1, 12)])

    def test_it_takes_its_leave(self):
        emulator = self.serve()
        self.read(emulator, "SELECT * FROM A_DATE")
        emulator.wait()
        session = emulator.sessions[0]
        self.assertEqual(session.requests[-1].stage, "logoff")
        self.assertEqual(session.framing.flags[-1:], [END_OF_FILE])

    def test_a_result_that_is_not_read_to_its_end_is_left_behind(self):
        emulator = self.serve(many_rows=100_000)
        answer = run_reader(emulator, "SELECT * FROM A_DATE", "SELECT * FROM MANY_ROWS",
                            "SELECT * FROM A_DATE", most_rows=10)
        self.assertEqual([len(result["rows"]) for result in answer["results"]], [10, 10, 10])
        self.assertEqual(emulator.trouble, [])

    def test_a_schema_becomes_the_current_one(self):
        results = self.read(self.serve("legacy"), "SELECT ID FROM STATUS WHERE ID = 7",
                            schema="CMS_PDMV_VAL")
        self.assertEqual(results[0]["rows"], [["7"]])

    def test_a_trace_masks_what_signs_in(self):
        emulator = self.serve()
        ended = run_reader_raw(emulator, "SELECT * FROM A_DATE", trace=True)
        shown = re.sub(r"\s+", " ", ended.stderr.decode())
        self.assertIn(b"SELECT".hex(" "), shown)
        sent = next(request.content for request in emulator.sessions[0].requests
                    if request.stage == "auth-2")
        for key in (b"AUTH_SESSKEY", b"AUTH_PASSWORD", b"AUTH_PBKDF2_SPEEDY_KEY"):
            secret = re.search(key + rb"[^0-9A-F]+([0-9A-F]{32})", sent).group(1)
            self.assertNotIn(secret.hex(" "), shown)
        self.assertNotIn(emulator.settings.password.encode().hex(" "), shown)


class TestSigningIn(ReaderCase):
    def test_by_every_verifier(self):
        for verifier in (VERIFIER_12C, VERIFIER_11G_1, VERIFIER_11G_2):
            for size in (None, 32, 48):
                self.read_types(["A_DATE"], verifier=verifier, session_key_bytes=size,
                                verifier_rounds=64)

    def test_a_password_of_any_characters(self):
        for password in ("ä €\"@/:'\\", "p" * 128, "".join(map(chr, range(1, 128))), "🎉" * 100):
            self.read_types(["A_DATE"], password=password)

    def test_a_user_signs_in_for_another(self):
        for user in ("CMS_READER[CMS_PDMV_VAL]", "CMS_READER [CMS_PDMV_VAL] "):
            self.read_types(["A_DATE"], {"user": user}, proxy_for="CMS_PDMV_VAL")

    def test_a_bracket_in_quotes_belongs_to_the_name(self):
        self.read_types(["A_DATE"], user='"odd[name]"')

    def test_whom_the_user_may_not_sign_in_for_is_told(self):
        self.assertSignInFails(1017, options={"user": "CMS_READER[SYS]"}, proxy_for="CMS_PDMV_VAL")

    def assertSignInFails(self, code, *words, options=None, **settings):
        for style in (False, True):
            emulator = self.serve(errors_by_marker=style, **settings)
            answer = run_reader(emulator, **(options or {}))
            self.assertFails(answer, reader.SIGN_IN, code, *words)
            self.assertEqual(emulator.trouble, [])

    def test_a_wrong_password_is_told(self):
        self.assertSignInFails(1017, "ORA-01017", options={"password": "wrong"})
        self.assertSignInFails(1017, "ORA-01017", options={"password": "wrong"},
                               verifier=VERIFIER_11G_2)

    def test_a_password_is_not_told(self):
        answer = run_reader(self.serve(), password="not-to-be-seen")
        self.assertNotIn("not-to-be-seen", str(answer))

    def test_an_unknown_user_is_told_as_a_wrong_password(self):
        self.assertSignInFails(1017, options={"user": "somebody"})

    def test_a_locked_account_is_told(self):
        self.assertSignInFails(28000, "ORA-28000", account="locked")

    def test_an_expired_password_is_told(self):
        self.assertSignInFails(28001, "ORA-28001", account="expired")

    def test_a_password_that_will_expire_is_a_warning(self):
        answer = run_reader(self.serve(account="expires-soon"))
        self.assertNotIn("error", answer)
        self.assertIn("5 days", answer["warning"])

    def test_a_server_that_does_not_know_the_password_is_found_out(self):
        answer = run_reader(self.serve(is_genuine=False))
        self.assertFails(answer, reader.SIGN_IN)

    def test_an_absurd_number_of_rounds_is_refused(self):
        for rounds in (0, 100_001):
            with self.subTest(rounds=rounds):
                emulator = self.serve()
                emulator.settings.combo_rounds = rounds or -1
                self.assertIn("error", run_reader(emulator))

    def test_an_older_verifier_is_refused(self):
        answer = run_reader(self.serve(verifier=0x939))
        self.assertIn("error", answer)
        self.assertEqual(answer["error"]["failure"], reader.UNSUPPORTED)


# (before the client's reset, after it): the kinds of markers by which a server announces an error.
MARKERS = (
    ((1,), (2,)), ((2,), ()), ((2,), (2,)), ((1, 2), ()), ((1, 2), (2,)), ((1, 2, 2), ()), ((1,), (2, 2)),
    ((3,), (2,)), ((3, 2), ()), ((1, 1), (2,)), ((2, 2), ()), ((2, 1), ()),
)


class TestMarkers(ReaderCase):
    """Whatever markers go before an error, it is the server's own that is told, and soon."""

    def assertSoon(self, failure, code, sql=(), options=None, **settings):
        for markers in MARKERS:
            for rest in ({}, {"awaits_reset": False}, {"marker_noise": True},
                         {"marker_noise": True, "awaits_reset": False}, {"payload": 5}):
                with self.subTest(markers=markers, **rest, **settings):
                    emulator = self.serve(error_markers=markers, **rest, **settings)
                    answer = run_reader(emulator, *sql, silence_limit=LIMIT, connect_limit=LIMIT,
                                        **(options or {}))
                    self.assertFails(answer, failure, code, f"ORA-{code:05}")
                    self.assertEqual(emulator.trouble, [])
                    for result in answer.get("results", [])[1:]:
                        self.assertEqual(len(result["rows"]), 1000)

    def test_of_a_query(self):
        self.assertSoon(reader.SERVER, 942, ("SELECT * FROM NOWHERE", "SELECT * FROM MANY_ROWS"))

    def test_of_the_sign_in(self):
        self.assertSoon(reader.SIGN_IN, 1017, options={"password": "wrong"})

    def test_of_an_instance_that_is_down(self):
        for stage in ("types", "auth-1"):
            self.assertSoon(reader.UNREACHABLE, 1034, instance_error=(stage, 1034),
                            capabilities=False)


class TestErrors(ReaderCase):
    def assertError(self, sql, code, position):
        for style in (False, True):
            emulator = self.serve("legacy", errors_by_marker=style)
            answer = run_reader(emulator, sql, "SELECT ID FROM CMS_PDMV_VAL.STATUS WHERE ID = 1")
            self.assertFails(answer, reader.SERVER, code, f"ORA-{code:05}")
            self.assertEqual(answer["results"][0]["error"]["position"], position)
            self.assertEqual(answer["results"][1]["rows"], [["1"]])

    def test_a_table_that_is_not_there(self):
        self.assertError("SELECT * FROM NOWHERE", 942, 14)

    def test_a_column_that_is_not_there(self):
        self.assertError("SELECT R.ID, R.ABSENT FROM CMS_PDMV_VAL.RELEASES R", 904, 13)

    def test_an_error_of_no_place_has_no_position(self):
        self.assertError("NONSENSE", 900, -1)

    def test_an_error_after_a_break_in_the_middle_of_fetching(self):
        emulator = self.serve(many_rows=5000, faults=[Fault("fetch", "break", nth=2)])
        result = self.read(emulator, "SELECT * FROM MANY_ROWS", count=True)[0]
        self.assertEqual(result["row_count"], 5000)


class TestInstance(ReaderCase):
    """A database that lets nobody in says why."""

    def test_an_instance_that_is_down_tells_no_capabilities_and_is_not_taken_for_an_old_one(self):
        for stage in ("types", "auth-1"):
            for code in (1033, 1034):
                for style in (False, True):
                    emulator = self.serve(capabilities=False, instance_error=(stage, code),
                                          errors_by_marker=style)
                    answer = run_reader(emulator)
                    self.assertFails(answer, reader.UNREACHABLE, code, f"ORA-{code:05}")
                    self.assertEqual(emulator.trouble, [])

    def test_a_server_without_capabilities_that_goes_on_is_read(self):
        self.read_types(["A_DATE"], {"field_version": 24}, capabilities=False)

    def test_a_server_that_is_too_old_is_named(self):
        answer = run_reader(self.serve(field_version=6))
        self.assertFails(answer, reader.UNSUPPORTED, 0, "older than Oracle 12.1")

    def test_an_end_while_connecting_is_told_with_its_likely_causes(self):
        cases = (
            ({"connects": ("close",)}, ("TCP.VALIDNODE_CHECKING", "tcps://", "listener.log")),
            ({"faults": [Fault("protocol", "drop")]},
             ("SQLNET.ENCRYPTION_SERVER", "TCP.VALIDNODE_CHECKING", "PROCESSES", "tcps://")),
            ({"faults": [Fault("types", "drop")]}, ("SQLNET.ENCRYPTION_SERVER", "PROCESSES")),
            ({"faults": [Fault("auth-1", "drop")]}, ("SESSIONS", "SQLNET.ENCRYPTION_SERVER")),
            ({"faults": [Fault("auth-2", "drop")]}, ("SESSIONS", "trigger at logon")),
        )
        for settings, words in cases:
            with self.subTest(**settings):
                answer = run_reader(self.serve(**settings))
                self.assertFails(answer, reader.UNREACHABLE, 0, *words)


class TestListener(ReaderCase):
    def assertReads(self, emulator, **options):
        self.assertTypes(self.read(emulator, "SELECT * FROM A_DATE", **options), ["A_DATE"])

    def test_refusals_come_with_their_code(self):
        for action in ("refuse:12514", "refuse-apart:12514"):
            answer = run_reader(self.serve(connects=(action,)))
            self.assertFails(answer, answer["error"]["failure"], 12514, "12514")

    def test_a_resend_is_answered(self):
        self.assertReads(self.serve(connects=("resend", "accept")))
        self.assertReads(self.serve(connects=("resend", "resend", "accept")))

    def test_resends_without_an_end_are_an_error(self):
        self.assertIn("error", run_reader(self.serve(connects=("resend",))))

    def test_a_refusal_without_a_word_is_told_at_once(self):
        answer = run_reader(self.serve(connects=("refuse-empty",)), connect_limit=LIMIT)
        self.assertFails(answer, reader.UNREACHABLE, 0, "gave no reason")

    def test_packets_that_mean_nothing_are_passed_over(self):
        self.assertReads(self.serve(connects=("accept-noisily",)))

    def test_redirects_are_followed(self):
        for kind in ("redirect", "redirect-apart", "redirect-split", "redirect-data"):
            with self.subTest(kind=kind):
                target = self.serve()
                self.assertReads(self.serve(connects=(f"{kind}:{target.port}",)))
                self.assertEqual(len(target.sessions), 1)

    def test_eight_redirects_are_followed(self):
        self.assertReads(self.serve(connects=("redirect:0",) * 8 + ("accept",)))

    def test_redirects_without_an_end_are_an_error(self):
        answer = run_reader(self.serve(connects=("redirect:0",)))
        self.assertFails(answer, reader.PROTOCOL, 0, "redirects more than 8 times")

    def test_connect_data_of_any_length(self):
        emulator = self.serve()
        self.assertReads(emulator, address=(
            f"(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT={emulator.port}))"
            f"(CONNECT_DATA=(SERVICE_NAME={'s' * 300})))"))
        self.assertGreater(len(emulator.sessions[0].connect_request.data), 230)

    def test_native_encryption_is_refused_and_the_way_out_named(self):
        answer = run_reader(self.serve(requires_native_encryption=True))
        self.assertFails(answer, reader.UNSUPPORTED, 0, "tcps")

    def test_nobody_listens(self):
        emulator = Emulator()
        port = emulator.port
        emulator.socket.close()
        answer = run_reader(emulator, address=f"127.0.0.1:{port}/emulated")
        self.assertFails(answer, reader.UNREACHABLE, 0, str(port))


class TestAddresses(ReaderCase):
    """Which listeners are tried, and for how long."""

    def place(self, server, host="127.0.0.1"):
        return f"(ADDRESS=(PROTOCOL=TCP)(HOST={host})(PORT={server.port}))"

    def describe(self, *places, before=""):
        return f"(DESCRIPTION={before}{''.join(places)}(CONNECT_DATA=(SERVICE_NAME=emulated)))"

    def assertReads(self, emulator, address, **options):
        started = time.monotonic()
        result = self.read(emulator, "SELECT * FROM A_DATE", address=address, **options)
        self.assertTypes(result, ["A_DATE"])
        return time.monotonic() - started

    def nobody(self):
        """A port on which nobody listens."""
        emulator = Emulator()
        emulator.socket.close()
        return emulator

    def test_an_address_that_swallows_packets_takes_its_own_time_only(self):
        emulator = self.serve()
        with SilentAddress() as first, SilentAddress() as second:
            address = self.describe(self.place(first), self.place(second), self.place(emulator),
                                    before="(TRANSPORT_CONNECT_TIMEOUT=1)")
            seconds = self.assertReads(emulator, address, connect_limit=1500)
        self.assertGreater(seconds, 1.9)

    def test_a_limit_may_have_a_unit(self):
        emulator = self.serve()
        with SilentAddress() as silent:
            for limit in ("200ms", "200 ms"):
                address = self.describe(self.place(silent), self.place(emulator),
                                        before=f"(TRANSPORT_CONNECT_TIMEOUT={limit})")
                self.assertLess(self.assertReads(emulator, address), 4)
        answer = run_reader(emulator, address=self.describe(
            self.place(emulator), before="(TRANSPORT_CONNECT_TIMEOUT=soon)"))
        self.assertFails(answer, reader.USAGE, 0, "TRANSPORT_CONNECT_TIMEOUT is soon")

    def test_an_address_that_is_not_reached_is_told_with_its_limit(self):
        with SilentAddress() as silent:
            answer = run_reader(self.nobody(), address=self.describe(
                self.place(silent), before="(TRANSPORT_CONNECT_TIMEOUT=300 ms)"))
        self.assertFails(answer, reader.TIMEOUT, 0, f":{silent.port}: cannot be reached",
                         "0.3 seconds")

    def test_each_address_that_failed_is_told(self):
        one, two = self.nobody(), self.serve(connects=("refuse:12514",))
        answer = run_reader(one, address=self.describe(self.place(one), self.place(two)))
        self.assertFails(answer, reader.UNREACHABLE, 12514, f":{one.port}: cannot be reached",
                         f":{two.port}: the listener knows no such service")

    def test_the_next_address_follows_one_that_fails_in_any_way_but_the_sign_in(self):
        for settings in ({"connects": ("refuse:12528",)}, {"connects": ("stall",)},
                         {"connects": ("close",)}, {"faults": [Fault("types", "drop")]},
                         {"faults": [Fault("auth-1", "stall")]},
                         {"instance_error": ("auth-1", 1034), "capabilities": False}):
            with self.subTest(**settings):
                first, second = self.serve(**settings), self.serve()
                self.assertReads(second, self.describe(self.place(first), self.place(second)),
                                 connect_limit=LIMIT)
                self.assertEqual(first.trouble, [])

    def test_a_password_that_is_refused_is_not_tried_elsewhere(self):
        first, second = self.serve(), self.serve()
        answer = run_reader(first, password="wrong", address=self.describe(
            self.place(first), self.place(second)))
        self.assertFails(answer, reader.SIGN_IN, 1017)
        self.assertEqual(second.sessions, [])

    def test_failover_may_be_forbidden(self):
        nobody, emulator = self.nobody(), self.serve()
        for switch in ("(FAILOVER=off)", "(FAILOVER=no)", "(SOURCE_ROUTE=yes)"):
            answer = run_reader(emulator, address=self.describe(
                self.place(nobody), self.place(emulator), before=switch))
            self.assertFails(answer, reader.UNREACHABLE, 0, str(nobody.port))
        self.assertReads(emulator, self.describe(self.place(nobody), self.place(emulator)))

    def test_load_balance_begins_with_any_address(self):
        emulators = [self.serve(), self.serve()]
        address = self.describe(*map(self.place, emulators), before="(LOAD_BALANCE=on)")
        for _ in range(60):
            self.assertNotIn("error", run_reader(emulators[0], address=address))
            if all(emulator.sessions for emulator in emulators):
                return
        self.fail("one of two was never chosen")

    def test_a_list_of_descriptions_has_connect_data_for_each(self):
        nobody, emulator = self.nobody(), self.serve()
        one = self.describe(self.place(nobody)).replace("emulated", "first")
        two = self.describe(self.place(emulator)).replace("emulated", "second")
        self.assertReads(emulator, f"(DESCRIPTION_LIST=(LOAD_BALANCE=off){one}{two})")
        self.assertIn(b"(SERVICE_NAME=second)", emulator.sessions[0].connect_request.data)

    def test_forms_that_are_pasted(self):
        emulator = self.serve()
        place = self.place(emulator)
        data = "(CONNECT_DATA=(SERVICE_NAME=emulated))"
        spread = self.describe(place).replace("(", "\n  ( ").replace("=", " = ")
        for address in (f"VALDB = {self.describe(place)}", f"VALDB.WORLD=\n{spread}", spread,
                        place, f"{place}{data}", f"{data}{place}",
                        f"(ADDRESS_LIST={place}){data}",
                        f"(DESCRIPTION=(ADDRESS_LIST={place}){data})",
                        self.describe(place).replace("SERVICE_NAME", "SID"),
                        f"127.0.0.1:{emulator.port}:EMULATED",
                        f"//127.0.0.1:{emulator.port}/emulated"):
            with self.subTest(address=address):
                self.assertReads(emulator, address)
        sids = [session.connect_request.data for session in emulator.sessions
                if b"(SID=EMULATED)" in session.connect_request.data]
        self.assertEqual(len(sids), 1)

    def test_a_short_form_with_several_hosts(self):
        nobody, emulator = self.nobody(), self.serve()
        for hosts in (f"127.0.0.1:{nobody.port},127.0.0.1:{emulator.port}",
                      f"127.0.0.9,127.0.0.1:{emulator.port}",
                      f"127.0.0.1:{nobody.port};127.0.0.1:{emulator.port}"):
            self.assertReads(emulator, f"tcp://{hosts}/emulated?connect_timeout=3"
                                       "&transport_connect_timeout=300ms&failover=on")
        answer = run_reader(emulator, address=f"127.0.0.1:{emulator.port}/emulated?wonder=1")
        self.assertFails(answer, reader.USAGE, 0, "wonder")

    def test_a_name_of_tnsnames_ora(self):
        emulator = self.serve()
        with tempfile.TemporaryDirectory() as folder:
            more = pathlib.Path(folder) / "more.ora"
            more.write_text(f"SHORT = 127.0.0.1:{emulator.port}/emulated\n")
            names = pathlib.Path(folder) / "tnsnames.ora"
            names.write_text(
                "# (the site's databases)\n"
                "OTHER=(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=nowhere)(PORT=1)))\n"
                f"IFILE = {more.name}\n"
                "VALDB.WORLD, VALDB2 =\n"
                "  (DESCRIPTION =\n"
                f"    {self.place(emulator)} # here\n"
                "    (CONNECT_DATA = (SERVICE_NAME = emulated)))\n")
            for alias in ("VALDB", "valdb.world", "ValDB2", "short"):
                with self.subTest(alias=alias):
                    self.assertReads(emulator, alias, tns_admin=folder)
                    self.assertReads(emulator, alias, environment={"TNS_ADMIN": folder})
            answer = run_reader(emulator, address="ABSENT", tns_admin=folder)
            self.assertFails(answer, reader.USAGE, 0, "ABSENT", "OTHER, SHORT, VALDB.WORLD, VALDB2")
        answer = run_reader(emulator, address="VALDB", tns_admin=folder)
        self.assertFails(answer, reader.USAGE, 0, "tnsnames.ora", "No such file")
        answer = run_reader(emulator, address="VALDB")
        self.assertFails(answer, reader.USAGE, 0, "--tns-admin or TNS_ADMIN")


class TestTls(ReaderCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.context = make_certificates(self.folder)
        self.authority = self.folder / "ca.pem"

    def test_every_value_by_tcps(self):
        self.read_types(options={"ca": self.authority}, tls=self.context)
        self.read_types(options={"ca": self.authority}, tls=self.context, payload=5)

    def test_a_resend_with_a_new_handshake(self):
        self.read_types(["A_DATE"], {"ca": self.authority}, tls=self.context,
                        connects=("resend-tls", "accept"))

    def test_an_unknown_authority_is_not_believed(self):
        answer = run_reader(self.serve(tls=self.context))
        self.assertFails(answer, answer["error"]["failure"], 0, "certificate")

    def test_another_name_is_not_believed(self):
        emulator = self.serve(tls=self.context)
        answer = run_reader(emulator, ca=self.authority,
                            address=f"tcps://127.0.0.2:{emulator.port}/emulated")
        self.assertIn("error", answer)

    def test_a_server_without_tls_is_not_taken_for_one(self):
        emulator = self.serve()
        answer = run_reader(emulator, ca=self.authority,
                            address=f"tcps://127.0.0.1:{emulator.port}/emulated",
                            connect_limit=LIMIT)
        self.assertIn("error", answer)


class TestBroken(ReaderCase):
    """Whatever the server does, the reader ends with an error, soon and in its right mind."""

    def assertError(self, fault, **settings):
        emulator = self.serve(many_rows=5000, faults=[fault], **settings)
        ends_by_itself = fault.action in ("drop", "cut")
        is_connected = fault.stage in ("execute", "fetch")
        answer = run_reader(emulator, "SELECT * FROM MANY_ROWS", count=True,
                            connect_limit=HANGS if ends_by_itself or is_connected else LIMIT,
                            silence_limit=HANGS if ends_by_itself else LIMIT)
        self.assertGreater(fault.struck, 0)
        error = answer.get("error") or answer["results"][0].get("error")
        self.assertIsNotNone(error, answer)
        self.assertTrue(error["message"])
        return error

    def at_every_stage(self, action, **fields):
        for stage in STAGES:
            with self.subTest(stage=stage):
                yield stage, self.assertError(Fault(stage, action, **fields))

    def test_a_connection_that_is_dropped(self):
        for _, error in self.at_every_stage("drop"):
            self.assertEqual(error["failure"], reader.UNREACHABLE)

    def test_a_connection_that_ends_within_an_answer(self):
        for count in (1, 2, 5, 17):
            for _, error in self.at_every_stage("cut", count=count):
                self.assertEqual(error["failure"], reader.UNREACHABLE)

    def test_a_server_that_falls_silent(self):
        for _, error in self.at_every_stage("stall"):
            self.assertEqual(error["failure"], reader.TIMEOUT)
        for _, error in self.at_every_stage("stall", count=9):
            self.assertEqual(error["failure"], reader.TIMEOUT)

    def test_a_listener_that_falls_silent(self):
        error = self.assertError(Fault("connect", "stall"))
        self.assertEqual(error["failure"], reader.TIMEOUT)

    def test_garbage_instead_of_a_packet(self):
        noise = bytes(place * 73 & 0xFF for place in range(3000))
        for content in (noise, b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 100, bytes(100)):
            for _ in self.at_every_stage("raw", content=content):
                pass

    def test_garbage_instead_of_a_message(self):
        for content in (b"\xee" * 40, bytes(40), b"\x04" + b"\xff" * 60, b"\x10\xfe\x04\xff"):
            for _ in self.at_every_stage("replace", content=content):
                pass

    def test_lengths_that_lie(self):
        huge = b"\x04\x7f\xff\xff\xff"
        describe = b"\x10" + put_bytes(b"x") + put_integer(1)
        for content in (
            describe + huge + b"\x01",                              # columns without number
            b"\x08" + b"\x02\xff\xff" + huge * 20,                  # pairs without number
            b"\x06\x22" + bytes(6) + huge + b"\xfe" + huge,         # a bit vector without end
            b"\x0f\x02\x6d\x60\x02\xff\xff\x00\xfe" + huge,         # a warning without end
        ):
            for stage in ("execute", "fetch"):
                self.assertError(Fault(stage, "replace", content=content))

    def test_a_byte_that_is_another(self):
        """Whatever byte of an answer it is: an end, and no sanitizer's report."""
        for stage in ("protocol", "auth-1", "execute", "fetch"):
            for place in range(0, 160, 9):
                for content in (b"\x00", b"\xff", b"\xfe"):
                    fault = Fault(stage, "corrupt", count=place, content=content)
                    emulator = self.serve(many_rows=3000, faults=[fault])
                    run_reader(emulator, "SELECT * FROM MANY_ROWS", count=True,
                               connect_limit=LIMIT, silence_limit=300)
                    emulator.stop()

    def test_a_flood(self):
        warning = b"\x0f" + put_integer(28002) + put_integer(4) + b"\0" + put_bytes(b"soon")
        piece = b"\xfe" + b"\x02\x40\x00" + b"x" * 0x4000
        for stage in ("auth-2", "execute", "fetch"):
            for content in (warning, piece, b"\x17\x01"):
                with self.subTest(stage=stage, content=content[:4]):
                    self.assertError(Fault(stage, "flood", content=content))


if __name__ == "__main__":
    unittest.main()
