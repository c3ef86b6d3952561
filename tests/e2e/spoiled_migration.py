"""What holds for each example that moves something into a real service: its source is planned,
delivered through the proxy that spoils what passes while rowpost is killed at random moments,
delivered again, verified, reported and undone.

The migration is run once, to its end and back; each test looks at one part of what happened. The
seed is printed; ROWPOST_SEED=N draws the same faults again."""

import os
import pathlib
import random
import tempfile
import unittest

from harness import ROOT, SETTLE, Program
from spoiled_run import SpoiledRun
from spoiling_proxy import WRITING

AS_OF = "2026-11-30"
FORMATS = ("text", "html", "json", "junit", "csv")
SIGN_IN = ("--token-file", "token")


class ServiceTest(unittest.TestCase):
    """A folder, in which the file `token` is the sign-in to `service`."""

    maxDiff = None

    @classmethod
    def start_service(cls):
        """A service with `url`."""
        raise NotImplementedError

    @classmethod
    def read_token(cls):
        """What `--token-file` is to hold."""
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rowpost-service-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.service = cls.start_service()
        (cls.folder / "token").write_text(cls.read_token())
        cls.target = ["--to", cls.service.url, *SIGN_IN, "--settle", SETTLE]

    @classmethod
    def rowpost(cls, *arguments):
        return Program(arguments, cls.folder).end()

    def assertStatus(self, result, status):
        self.assertEqual(result.status, status, result.out + result.err)


class SpoiledMigration:
    """Tests of a ServiceTest, which has `migration`, `kills`, and the functions below."""

    @classmethod
    def make_source(cls, path):
        raise NotImplementedError

    @classmethod
    def read_target(cls):
        """All that the service's own database has."""
        raise NotImplementedError

    @classmethod
    def list_secrets(cls):
        """What must not be kept or printed."""
        raise NotImplementedError

    @classmethod
    def go_on(cls, run):
        """What happens between the delivery and the undo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        seed = int(os.environ.get("ROWPOST_SEED", random.randrange(10**6)))
        print(f"# {cls.__module__}: ROWPOST_SEED={seed}", flush=True)
        cls.make_source(cls.folder / "source.db")
        cls.run_ = SpoiledRun(cls.folder, cls.service.url, seed, *SIGN_IN)
        cls.addClassCleanup(cls.run_.close)
        try:
            cls.migrate(cls.run_)
        except BaseException:
            cls.run_.show_log()
            raise

    @classmethod
    def plan(cls, run):
        return run.rowpost("plan", "--from", "source.db", "--migration", cls.migration,
                           "--as-of", AS_OF)

    @classmethod
    def migrate(cls, run):
        cls.planned = cls.plan(run)
        run.kill_again_and_again(cls.kills)
        cls.applied = run.apply_to_the_end()
        cls.delivered = cls.read_target()
        cls.secrets = cls.list_secrets()
        cls.applied_again, cls.methods_of_apply_again = run.apply_again()
        cls.verified = run.rowpost("verify", *run.target)
        cls.status = run.rowpost("status", "--json")
        cls.reports = [run.rowpost("report", "--format", form) for form in FORMATS]
        cls.go_on(run)
        cls.undone = run.rowpost("undo", *run.target, "--yes")
        cls.left = cls.read_target()

    def list_struck(self, *methods):
        return {fault for method, fault in self.run_.proxy.struck if method in methods}

    def test_the_plan_ends_with_1_for_the_rows_that_it_rejects(self):
        self.assertStatus(self.planned, 1)

    def test_apply_ends_well(self):
        self.assertStatus(self.applied, 0)

    def test_each_fault_of_a_request_that_writes_was_met(self):
        self.assertEqual(self.list_struck("POST", "PUT", "PATCH", "DELETE"), set(WRITING))

    def test_apply_again_sends_nothing(self):
        self.assertStatus(self.applied_again, 0)
        self.assertLessEqual(self.methods_of_apply_again, {"GET"})

    def test_verify_finds_all_equal(self):
        self.assertStatus(self.verified, 0)

    def test_status_shows_all_delivered(self):
        self.assertStatus(self.status, 0)
        for kind in self.status.json["kinds"]:
            counts = kind["documents"]
            self.assertEqual(counts["delivered"], counts["planned"], kind["kind"])

    def test_each_form_of_the_report_shows_the_kinds(self):
        for form, report in zip(FORMATS, self.reports):
            with self.subTest(format=form):
                self.assertStatus(report, 0)
                self.assertIn("comments", report.out)

    def test_no_secret_is_in_the_workspace_or_printed(self):
        kept = b"".join(file.read_bytes() for file in self.folder.glob("run.rowpost*"))
        self.assertGreater(len(kept), 0)
        for secret in self.secrets:
            self.assertGreater(len(secret), 15)
            self.assertNotIn(secret.encode(), kept)
            for report in self.reports:
                self.assertNotIn(secret, report.out)

    def test_the_tests_of_the_file_hold(self):
        result = Program(["test", self.migration], ROOT).end()
        self.assertStatus(result, 0)
        self.assertIn("0 failed", result.out)
