"""`plan` from an Oracle database gives what `plan` from a SQLite file with the same rows gives: the
same documents, rejects and skips, whatever the server is like."""

import json
import os
import pathlib
import sqlite3
import time
import unittest
from urllib.parse import quote
import urllib.parse

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

    def test_a_snapshot_of_a_golden_database_gives_the_same_plan(self):
        for name in ("legacy", "backup-dirty"):
            with self.subTest(name=name):
                expected = self.expected(name)
                emulator = self.serve(name)
                copy = self.folder / f"{name}-snapshot.db"
                words = ["snapshot", "--from", self.url(emulator), "-o", copy]
                password = {"ROWPOST_SOURCE_PASSWORD": emulator.settings.password}
                self.assertStatus(self.rowpost(*words, **password), 0)
                workspace = self.folder / f"{name}-snapshot.rowpost"
                self.plan(copy, name, workspace=workspace)
                self.assertEqual(self.outcome(workspace), expected)

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

    def test_a_date_that_is_none_costs_its_own_rows_only(self):
        for odd in ("-0044-03-15 00:00:00", "0000-00-00 00:00:00", "0000-01-01 12:00:00"):
            database = self.folder / "odd.db"
            copy_as_oracle_holds_it(GOLDEN / "legacy.db", database)
            connection = sqlite3.connect(database)
            connection.execute("UPDATE releases SET date = ? WHERE id ="
                               " (SELECT id FROM releases WHERE date IS NOT NULL LIMIT 1)", (odd,))
            connection.commit()
            connection.close()
            expected = self.folder / "odd-sqlite.rowpost"
            self.plan(database, workspace=expected)
            found = self.outcome(expected)
            self.assertIn(odd, str(found["rejects"]))
            result, workspace = self.plan_from(self.serve(database))
            self.assertIn(result.status, (0, 1), result.err)
            self.assertEqual(self.outcome(workspace), found)

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


class TestAddresses(OracleScene):
    """The address of the database may have many forms."""

    def assertPlanned(self, source, *options, **changes):
        result = self.plan(source, "legacy", *options, **changes)
        self.assertIn(result.status, (0, 1), result.err)
        self.assertTrue(self.outcome(self.workspace)["campaigns"])
        return result

    def test_the_notebooks_own_address_with_its_password(self):
        password = "ti@g/e:r%12?c"
        emulator = self.serve(password=password)
        place = f"127.0.0.1:{emulator.port}/?service_name=emulated"
        for scheme in ("oracle+cx_oracle", "oracle+oracledb"):
            for written in (urllib.parse.quote(password, safe=""), "ti@g/e:r%2512?c"):
                result = self.assertPlanned(f"{scheme}://CMS_READER:{written}@{place}")
                self.assertNotIn(written, result.out + result.err)
                for line in self.rowpost("status", "-w", self.workspace, "--json").lines:
                    self.assertNotIn(written, str(line))
                self.assertNotIn(written.encode(), pathlib.Path(self.workspace).read_bytes())

    def test_a_password_in_the_address_is_masked_in_the_list_of_processes(self):
        emulator = self.serve(connects=("stall",))
        source = f"oracle+cx_oracle://CMS_READER:not-to-be-seen@127.0.0.1:{emulator.port}/SID"
        program = self.start("plan", "--from", source, "-w", self.workspace)
        for _ in range(600):
            if emulator.sessions:
                break
            time.sleep(0.05)
        words = pathlib.Path(f"/proc/{program.pid}/cmdline").read_bytes()
        program.process.kill()
        program.process.wait()
        self.assertIn(b"CMS_READER:****", words)
        self.assertNotIn(b"not-to-be-seen", words)

    def test_a_sid_a_name_and_a_proxy_user(self):
        emulator = self.serve(proxy_for="CMS_PDMV_VAL")
        password = emulator.settings.password
        place = (f"(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT={emulator.port}))"
                 "(CONNECT_DATA=(SERVICE_NAME=emulated)))")
        (self.folder / "tnsnames.ora").write_text(f"VALDB = {place}\n")
        user = "CMS_READER[CMS_PDMV_VAL]"
        self.assertPlanned(f"oracle:{user}@{place}", password=password)
        self.assertPlanned(f"oracle://{user}@127.0.0.1:{emulator.port}:SID", password=password)
        self.assertPlanned(f"oracle://{user}@VALDB", "--tns-admin", self.folder, password=password)
        self.assertPlanned(f"oracle://{user}@valdb", password=password, TNS_ADMIN=str(self.folder))
        self.assertPlanned(f"oracle+cx_oracle://{user}:{password}@VALDB", TNS_ADMIN=str(self.folder))
        quoted = urllib.parse.quote(user, safe="")
        self.assertPlanned(f"oracle+cx_oracle://{quoted}:{password}@127.0.0.1:{emulator.port}/SID")


class TestNoPlan(OracleScene):
    """What goes wrong is reported, with what to do; no workspace pretends to hold a plan."""

    def assertNoPlan(self, emulator, status, *words, **changes):
        result, _ = self.plan_from(emulator, "legacy", **changes)
        self.assertStatus(result, status)
        for word in words:
            self.assertIn(word, result.err)
        self.assertNotIn(emulator.settings.password, result.out + result.err)
        return result

    def test_a_wrong_password(self):
        result = self.assertNoPlan(self.serve(), 4, "the database refuses the sign-in: ORA-01017",
                                   "--source-password-file", password="not-the-one")
        self.assertNotIn("not-the-one", result.out + result.err)

    def test_accounts_that_are_closed(self):
        self.assertNoPlan(self.serve(account="locked"), 4, "ORA-28000", "unlock")
        self.assertNoPlan(self.serve(account="expired"), 4, "ORA-28001")

    def test_a_table_that_is_not_there(self):
        folder = self.folder / "empty"
        folder.mkdir()
        database = folder / "legacy.db"
        copy_as_oracle_holds_it(GOLDEN / "legacy.db", database)
        connection = sqlite3.connect(database)
        connection.execute("DROP TABLE releases")
        connection.commit()
        connection.close()
        self.assertNoPlan(self.serve(database), 2, "has no table releases", "it has: ")

    def test_a_schema_that_is_not_there(self):
        result, _ = self.plan_from(self.serve(), "legacy", "--schema", "NOBODY")
        self.assertStatus(result, 2)

    def test_an_instance_that_is_down(self):
        for style in (False, True):
            emulator = self.serve(capabilities=False, instance_error=("auth-1", 1034),
                                  errors_by_marker=style)
            self.assertNoPlan(emulator, 3, "ORA-01034", "has to start it")

    def test_a_server_that_is_silent_for_longer_than_may_be(self):
        emulator = self.serve(faults=[Fault("fetch", "stall")])
        result, _ = self.plan_from(emulator, "legacy", "--source-timeout", "1")
        self.assertStatus(result, 3)
        self.assertIn("did not answer for 1 seconds", result.err)

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
