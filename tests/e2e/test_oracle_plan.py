"""`plan` from an Oracle database gives what `plan` from a SQLite file with the same rows gives: the
same documents, rejects and skips, whatever the server is like."""

import json
import os
import unittest
from urllib.parse import quote

from harness import AS_OF, GOLDEN, make_sample
from oracle_scene import KINDS, OracleScene, copy_as_oracle_holds_it
from certificate import make_certificates
from emulator.faults import Fault
from emulator.settings import (
    FIELD_VERSIONS, VERIFIER_11G_1, VERIFIER_11G_2, VERIFIER_12C)


class TestSamePlan(OracleScene):
    """One comparison each; what SQLite gives is planned once a test."""

    def expected(self, name, *options):
        """What a plan from the SQLite file gives."""
        copy = self.folder / f"{name}.db"
        copy_as_oracle_holds_it(GOLDEN / f"{name}.db", copy)
        workspace = self.folder / f"{name}-sqlite.rowpost"
        self.status = self.plan(copy, name, *options, workspace=workspace).status
        return self.outcome(workspace)

    def assertSame(self, expected, name, *options, **settings):
        with self.subTest(name=name, options=options, **settings):
            emulator = self.serve(name, **settings)
            result, workspace = self.plan_from(emulator, name, *options)
            self.assertStatus(result, self.status)
            self.assertEqual(emulator.trouble, [])
            found = self.outcome(workspace)
            for part in (*KINDS, "rejects", "skips"):
                self.assertEqual(found[part], expected[part], part)

    def test_both_golden_databases_under_both_sets_of_rules(self):
        for name in ("legacy", "backup-dirty"):
            for options in ((), ("--rules", "notebook")):
                if options and name == "backup-dirty":
                    continue        # the notebook does not reach its end there
                self.assertSame(self.expected(name, *options), name, *options)

    def test_every_field_version(self):
        expected = self.expected("backup-dirty")
        for version in FIELD_VERSIONS:
            self.assertSame(expected, "backup-dirty", field_version=version)

    def test_every_verifier(self):
        expected = self.expected("backup-dirty")
        for verifier in (VERIFIER_12C, VERIFIER_11G_1, VERIFIER_11G_2):
            for size in (32, 48):
                self.assertSame(expected, "backup-dirty", verifier=verifier,
                                session_key_bytes=size)

    def test_every_packet_size_from_five_bytes_of_content_on(self):
        expected = self.expected("backup-dirty")
        for payload in (5, 6, 7, 11, 64, 502, 8182, 100000):
            self.assertSame(expected, "backup-dirty", payload=payload)

    def test_comments_and_links_as_clobs(self):
        expected = self.expected("backup-dirty")
        self.assertSame(expected, "backup-dirty", clobs=("COMMENTS", "LINKS"))
        self.assertSame(expected, "backup-dirty", clobs=("COMMENTS", "LINKS"), payload=7)

    def test_rows_that_come_unasked_and_side_information(self):
        expected = self.expected("backup-dirty")
        self.assertSame(expected, "backup-dirty", prefetches_unasked=True, piggybacks=True)
        self.assertSame(expected, "backup-dirty", bit_vectors=False, long_strings=False)

    @unittest.skipUnless(os.environ.get("ROWPOST_LONG"), "takes minutes: --long")
    def test_a_million_rows_in_flat_memory(self):
        peaks = []
        for rows in (100_000, 1_000_000):
            folder = self.folder / str(rows)
            options = make_sample(folder, rows=rows, campaigns=rows // 90, history="no",
                                  dirty="no")
            emulator = self.serve(folder / "legacy.db")
            words = ["plan", "--from", self.url(emulator), "-w", folder / "w.rowpost", "-q"]
            peaks.append(self.peak_of(*words, *options[2:], password=emulator.settings.password))
        self.assertLess(peaks[1], peaks[0] * 1.5)

    def peak_of(self, *arguments, password):
        """The most kilobytes that the program held."""
        program = self.start(*arguments, ROWPOST_SOURCE_PASSWORD=password,
                             ASAN_OPTIONS="quarantine_size_mb=1:detect_leaks=0")
        _, status, usage = os.wait4(program.pid, 0)
        program.process.returncode = os.waitstatus_to_exitcode(status)
        self.assertIn(program.process.returncode, (0, 1))
        return usage.ru_maxrss


class TestCredentials(OracleScene):
    """The notebook's credentials.json, with the two ways in which people fill it in."""

    def assertPlans(self, emulator, **old):
        path = self.folder / "credentials.json"
        path.write_text(json.dumps({"old": old, "new": {}}))
        words = ["--as-of", AS_OF, "-w", self.folder / f"{len(old)}.rowpost"]
        result = self.rowpost("plan", "--credentials", path, *words)
        self.assertIn(result.status, (0, 1))
        self.assertIn("documents", result.out)
        self.assertNotIn(emulator.settings.password, result.out + result.err)

    def test_its_four_entries_open_the_database(self):
        emulator = self.serve("legacy")
        self.assertPlans(emulator, database_username=emulator.settings.user,
                         database_password=emulator.settings.password,
                         database_url=f"127.0.0.1:{emulator.port}", database_service="emulated")

    def test_the_notebooks_whole_address_opens_the_database(self):
        emulator = self.serve("legacy")
        user, password = map(quote, (emulator.settings.user, emulator.settings.password))
        server = f"127.0.0.1:{emulator.port}/?service_name=emulated"
        self.assertPlans(emulator, database_url=f"oracle+cx_oracle://{user}:{password}@{server}")


class TestNoPlan(OracleScene):
    """What goes wrong is told, with what to do; no workspace pretends to hold a plan."""

    def assertNoPlan(self, emulator, status, *words, **changes):
        result, _ = self.plan_from(emulator, "legacy", **changes)
        self.assertStatus(result, status)
        for word in words:
            self.assertIn(word, result.err)
        self.assertNotIn(emulator.settings.password, result.out + result.err)
        return result

    def test_a_wrong_password(self):
        result = self.assertNoPlan(self.serve(), 3, "ORA-01017", password="not-the-one")
        self.assertNotIn("not-the-one", result.out + result.err)

    def test_accounts_that_are_closed(self):
        self.assertNoPlan(self.serve(account="locked"), 3, "ORA-28000")
        self.assertNoPlan(self.serve(account="expired"), 3, "ORA-28001")

    def test_a_listener_that_does_not_know_the_service(self):
        self.assertNoPlan(self.serve(connects=("refuse:12514",)), 3, "12514")

    def test_native_encryption_names_the_way_out(self):
        self.assertNoPlan(self.serve(requires_native_encryption=True), 3, "tcps")

    def test_a_server_that_drops_the_connection_while_rows_are_read(self):
        emulator = self.serve(faults=[Fault("fetch", "drop", nth=3)])
        self.assertNoPlan(emulator, 3)

    def test_garbage_while_rows_are_read(self):
        emulator = self.serve(faults=[Fault("fetch", "replace", nth=3, content=b"\xee" * 99)])
        self.assertNoPlan(emulator, 3)

    def test_the_same_workspace_after_a_drop_is_planned_again(self):
        fault = Fault("fetch", "drop", nth=3)
        emulator = self.serve(faults=[fault])
        self.assertNoPlan(emulator, 3)
        emulator.settings.faults.clear()
        result, workspace = self.plan_from(emulator)
        self.assertIn(result.status, (0, 1))
        self.assertTrue(self.outcome(workspace)["campaigns"])

    def test_redirects_and_resends_are_followed(self):
        target = self.serve()
        first = self.serve(connects=("resend", f"redirect:{target.port}"))
        result, workspace = self.plan_from(first)
        self.assertIn(result.status, (0, 1))
        self.assertTrue(self.outcome(workspace)["campaigns"])

    def test_by_tcps(self):
        context = make_certificates(self.folder)
        emulator = self.serve(tls=context)
        result, workspace = self.plan_from(emulator, SSL_CERT_FILE=str(self.folder / "ca.pem"))
        self.assertIn(result.status, (0, 1), result.err)
        self.assertTrue(self.outcome(workspace)["campaigns"])
        self.assertNoPlan(emulator, 3, "certificate")


if __name__ == "__main__":
    unittest.main()
