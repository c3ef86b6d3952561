"""The reader in C against the emulated server: every type in every field version, packet size and
verifier; sessions, sign-ins and errors."""

import re
import unittest

import reader
from emulator import awkward
from emulator.faults import Fault
from emulator.framing import END_OF_FILE
from emulator.settings import FIELD_VERSIONS, VERIFIER_11G_1, VERIFIER_11G_2, VERIFIER_12C
from reader import run_reader, run_reader_raw
from reader_case import NOT_READ, PAGE, ReaderCase


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
                self.assertRegex(PAGE.read_text(), rf"\| `{name}` \| `?" + re.escape(
                    re.sub(r"\bV\b", "column", way)))

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

    def test_whom_the_user_may_not_sign_in_for_is_reported(self):
        self.assertSignInFails(1017, options={"user": "CMS_READER[SYS]"}, proxy_for="CMS_PDMV_VAL")

    def assertSignInFails(self, code, *words, options=None, **settings):
        for style in (False, True):
            emulator = self.serve(errors_by_marker=style, **settings)
            answer = run_reader(emulator, **(options or {}))
            self.assertFails(answer, reader.SIGN_IN, code, *words)
            self.assertEqual(emulator.trouble, [])

    def test_a_wrong_password_is_reported(self):
        self.assertSignInFails(1017, "ORA-01017", options={"password": "wrong"})
        self.assertSignInFails(1017, "ORA-01017", options={"password": "wrong"},
                               verifier=VERIFIER_11G_2)

    def test_a_password_is_not_shown(self):
        answer = run_reader(self.serve(), password="not-to-be-seen")
        self.assertNotIn("not-to-be-seen", str(answer))

    def test_an_unknown_user_is_reported_as_a_wrong_password(self):
        self.assertSignInFails(1017, options={"user": "somebody"})

    def test_a_locked_account_is_reported(self):
        self.assertSignInFails(28000, "ORA-28000", account="locked")

    def test_an_expired_password_is_reported(self):
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


if __name__ == "__main__":
    unittest.main()
