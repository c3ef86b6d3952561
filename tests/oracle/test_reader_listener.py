"""The reader in C on its way to the emulated database: the listener, TLS, and an instance that lets
nobody in."""

import pathlib
import tempfile
import unittest

import reader
from certificate import make_certificates
from emulator.faults import Fault
from emulator.server import Emulator
from reader import run_reader
from reader_case import LIMIT, PATIENCE, ReaderCase


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

    def test_a_refusal_without_a_word_is_reported_at_once(self):
        answer = run_reader(self.serve(connects=("refuse-empty",)), connect_limit=PATIENCE)
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


class TestInstance(ReaderCase):
    """A database that lets nobody in says why."""

    def test_an_instance_that_is_down_sends_no_capabilities_and_is_not_taken_for_an_old_one(self):
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

    def test_an_end_while_connecting_is_reported_with_its_likely_causes(self):
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


if __name__ == "__main__":
    unittest.main()
