"""A snapshot that is stopped, by whatever, is never taken for a whole one, and the same command
makes the whole one; and its memory does not grow with the rows.

The moments of the kills are drawn by chance. The seed is printed; ROWPOST_SEED=N draws the same
ones again."""

import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

from harness import IS_LONG, ROWPOST, Program, environment, make_sample
from scene import Scene
from volume import open_volume

KILLS = 60 if IS_LONG else 12
TRIES = 20  # to meet it at a certain place, on a machine where the test is slow to look
ROWS = 40_000
SAMPLE_OF = {"campaigns": 400, "users": 40, "dirty": "no", "history": "yes"}
WRITTEN = 5 << 20  # more than is held back in memory
CHECKING_SECONDS_MOST = 1.0


def make_live(folder, rows=ROWS, **more):
    """A legacy database with so many rows of releases and status."""
    make_sample(folder, **{**SAMPLE_OF, **more}, rows=rows)
    return folder / "legacy.db"


def read_sums(path):
    """What a finished snapshot records of itself: rows and checksum of each table."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    sums = database.execute("SELECT table_name, row_count, checksum FROM snapshot").fetchall()
    database.close()
    return sums


class Stopped(Scene):
    """One database, large enough that there is time to stop its copying."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        folder = pathlib.Path(folder.name)
        cls.live = make_live(folder)
        whole = folder / "whole.db"
        result = Program(["snapshot", "--from", cls.live, "-o", whole], folder).end()
        if result.status != 0:
            raise AssertionError(result.err)
        cls.sums = read_sums(whole)
        cls.size = whole.stat().st_size

    def setUp(self):
        super().setUp()
        self.copy = self.folder / "copy.db"
        self.partial = self.folder / "copy.db.partial"
        self.words = ["snapshot", "--from", self.live, "-o", self.copy]

    def written(self):
        return self.partial.stat().st_size if self.partial.exists() else 0

    def start_until(self, size, *more):
        """A snapshot that is stopped (SIGSTOP) when so many bytes are in the file."""
        for _ in range(TRIES):
            program = self.start(*self.words, *more)
            if program.stop_when(lambda: self.written() >= size):
                return program
            self.copy.unlink()
        raise AssertionError(f"it was never met at {size} bytes")

    def assertWhole(self):
        self.assertEqual(read_sums(self.copy), self.sums)
        self.assertEqual([path.name for path in self.folder.glob("copy.db*")], ["copy.db"])

    def assertTakenByTheSameCommand(self, *more):
        self.assertStatus(self.rowpost(*self.words, *more), 0)
        self.assertWhole()


class Killed(Stopped):
    def setUp(self):
        super().setUp()
        seed = int(os.environ.get("ROWPOST_SEED", random.randrange(10**6)))
        print(f"# {self.id()}: ROWPOST_SEED={seed}", flush=True)
        self.random = random.Random(seed)

    def assertNothingIsTakenForWhole(self):
        if self.copy.exists():
            self.assertWhole()
            self.copy.unlink()

    def test_again_and_again_while_it_writes_the_next_run_makes_a_whole_one(self):
        for _ in range(KILLS):
            program = self.start_until(self.random.uniform(0, self.size / 2))
            self.assertTrue(program.kill())
            self.assertNothingIsTakenForWhole()
        self.assertTakenByTheSameCommand()

    def test_again_and_again_while_it_checks_the_next_run_makes_a_whole_one(self):
        """Or when it has ended: what counts is what it leaves."""
        for _ in range(KILLS // 3):
            program = self.start_until(WRITTEN)
            program.go_on()
            time.sleep(self.random.uniform(0, CHECKING_SECONDS_MOST))
            program.kill()
            self.assertNothingIsTakenForWhole()
        self.assertTakenByTheSameCommand()

    def test_an_earlier_file_is_kept_until_the_new_one_is_whole(self):
        self.copy.write_text("the earlier one")
        self.assertTrue(self.start_until(WRITTEN, "--force").kill())
        self.assertEqual(self.copy.read_text(), "the earlier one")
        self.assertTakenByTheSameCommand("--force")


class Interrupted(Stopped):
    def assertStopsCleanly(self, number):
        program = self.start_until(WRITTEN)
        program.send(number)
        program.go_on()
        result = program.end()
        self.assertStatus(result, 1)
        self.assertEqual(list(self.folder.glob("copy.db*")), [])
        self.assertPastes(result)
        self.assertWhole()

    def test_sigint_leaves_nothing_and_the_printed_command_takes_it(self):
        self.assertStopsCleanly(signal.SIGINT)

    def test_sigterm_leaves_nothing_and_the_printed_command_takes_it(self):
        self.assertStopsCleanly(signal.SIGTERM)

    def test_two_at_a_time_are_kept_apart(self):
        first = self.start_until(WRITTEN)
        second = self.rowpost(*self.words)
        first.go_on()
        self.assertStatus(second, 2)
        self.assertIn("another snapshot is being written there", second.err)
        self.assertStatus(first.end(), 0)
        self.assertWhole()

    def test_a_file_that_has_come_in_the_meantime_is_not_replaced(self):
        program = self.start_until(WRITTEN)
        self.copy.write_text("somebody else's")
        program.go_on()
        result = program.end()
        self.assertStatus(result, 5)
        self.assertIn(str(self.copy), result.err)
        self.assertEqual(self.copy.read_text(), "somebody else's")
        self.assertFalse(self.partial.exists())


class FullDisk(Stopped):
    def setUp(self):
        super().setUp()
        self.volume = open_volume(self.folder / "volume")
        self.addCleanup(self.volume.close)
        self.copy = self.volume.path / "copy.db"
        self.words[-1] = self.copy

    def assertDiskError(self, result):
        self.assertStatus(result, 5)
        self.assertIn(str(self.copy), result.err)
        self.assertEqual(list(self.volume.path.glob("copy*")), [])

    def test_it_is_reported_and_leaves_nothing_and_continues(self):
        """The volume has room only for the small tables."""
        self.volume.fill(1 << 20)
        self.assertDiskError(self.rowpost(*self.words))
        self.volume.make_room()
        self.assertStatus(self.rowpost(*self.words, "--tables", "USERS,USER_RIGHTS"), 0)
        sums = {name: rest for name, *rest in self.sums}
        for name, *rest in read_sums(self.copy):
            self.assertEqual(rest, sums[name])

    def test_a_folder_that_cannot_be_written_is_reported(self):
        self.volume.make_read_only()
        self.assertDiskError(self.rowpost(*self.words))


class Memory(Scene):
    """What the program holds at most, of a database and of one five times as large."""

    @classmethod
    def setUpClass(cls):
        """Nothing to start."""

    def measure(self, rows):
        """The size of the snapshot and the peak of the memory, in bytes."""
        folder = self.folder / str(rows)
        live = make_live(folder, rows, campaigns=1100, history="no")
        copy = folder / "copy.db"
        # What a sanitizer keeps of memory that was freed is not the program's.
        surroundings = environment(ASAN_OPTIONS="quarantine_size_mb=1")
        process = subprocess.Popen(
            [ROWPOST, "snapshot", "--from", live, "-o", copy],
            env=surroundings,
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return copy.stat().st_size, usage.ru_maxrss * 1024

    def test_it_does_not_grow_with_the_rows(self):
        small, small_peak = self.measure(60_000)
        large, large_peak = self.measure(300_000)
        print(f"# {small} bytes: {small_peak}; {large} bytes: {large_peak}", flush=True)
        self.assertGreater(large - small, 50 << 20)
        self.assertLess(large_peak - small_peak, 16 << 20)


if __name__ == "__main__":
    unittest.main()
