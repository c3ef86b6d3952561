"""Where the reader in C looks for a database: lists of addresses, forms that are pasted, names."""

import pathlib
import tempfile
import time
import unittest

import reader
from emulator.faults import Fault
from emulator.server import Emulator
from emulator.silent import SilentAddress
from reader import run_reader
from reader_case import PATIENCE, ReaderCase


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
                                    before="(TRANSPORT_CONNECT_TIMEOUT=5)")
            seconds = self.assertReads(emulator, address, connect_limit=PATIENCE)
        self.assertGreater(seconds, PATIENCE / 1000)

    def test_a_limit_may_have_a_unit(self):
        emulator = self.serve()
        with SilentAddress() as silent:
            for limit in ("200ms", "200 ms", "0200MS"):
                answer = run_reader(emulator, address=self.describe(
                    self.place(silent), before=f"(TRANSPORT_CONNECT_TIMEOUT={limit})"))
                self.assertFails(answer, reader.TIMEOUT, 0, "no answer within 0.2 seconds")
        answer = run_reader(emulator, address=self.describe(
            self.place(emulator), before="(TRANSPORT_CONNECT_TIMEOUT=soon)"))
        self.assertFails(answer, reader.USAGE, 0, "TRANSPORT_CONNECT_TIMEOUT is soon")

    def test_an_address_that_is_not_reached_is_reported_with_its_limit(self):
        with SilentAddress() as silent:
            answer = run_reader(self.nobody(), address=self.describe(
                self.place(silent), before="(TRANSPORT_CONNECT_TIMEOUT=300 ms)"))
        self.assertFails(answer, reader.TIMEOUT, 0, f":{silent.port}: cannot be reached",
                         "0.3 seconds")

    def test_each_address_that_failed_is_reported(self):
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
                                 connect_limit=PATIENCE)
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


if __name__ == "__main__":
    unittest.main()
