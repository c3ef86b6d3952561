"""The program under the shim (shim.c): a small migration whose calls fail one by one, or whose disk
loses power.

The plain build is used: a sanitizer's run-time has a malloc() of its own.

A long run can be shared by several processes: ROWPOST_SHARE=2/8 meets every eighth point from the
second on."""

import itertools
import os
import pathlib
import random
import shutil
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ["ROWPOST"] = os.environ.get("ROWPOST_PLAIN", str(ROOT / "build" / "rowpost"))
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from harness import AS_OF, IS_LONG, make_sample, read_states  # noqa: E402
from scene import Scene  # noqa: E402

PLAIN_BUILDS = ["rowpost", "tests/torture/rowpost-shim.so"]

SHIM = os.environ.get("ROWPOST_SHIM", str(ROOT / "build" / "tests" / "torture" / "rowpost-shim.so"))
SIZE = {"campaigns": 3, "rows": 12, "users": 3, "dirty": "no", "history": "no"}
USERS = ("validators", "administrators", "authors")
SHARE, SHARES = (int(number) for number in os.environ.get("ROWPOST_SHARE", "1/1").split("/"))


class Torture(Scene):
    """A planned workspace, one that was delivered, and an empty target."""

    def setUp(self):
        super().setUp()
        seed = int(os.environ.get("ROWPOST_SEED", random.randrange(10**6)))
        print(f"# {self.id()}: ROWPOST_SEED={seed}", flush=True)
        self.random = random.Random(seed)
        self.plan = [*make_sample(self.folder / "sample", **SIZE), "--as-of", AS_OF]
        self.assertStatus(self.rowpost("plan", *self.plan), 0)
        self.planned = self.keep("planned")
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.delivered = self.keep("delivered")

    def each(self, points):
        """The points of this process, one after the other; prints their number at the end."""
        number = 0
        begun = time.monotonic()
        for point in itertools.islice(points, SHARE - 1, None, SHARES):
            yield point
            number += 1
        seconds = time.monotonic() - begun
        print(f"# {self.id()}: {number} points in {seconds:.0f} s", flush=True)

    def keep(self, name):
        """A copy of the workspace as it is now."""
        kept = self.folder / f"{name}.kept"
        shutil.copyfile(self.workspace, kept)
        return kept

    def put_back(self, kept):
        """The workspace of that copy, or none."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            pathlib.Path(f"{self.workspace}{suffix}").unlink(missing_ok=True)
        if kept is not None:
            shutil.copyfile(kept, self.workspace)

    def empty_target(self):
        self.standin.reset()

    def fill_target(self):
        """The target as it is when everything was delivered by a workspace, which is left here."""
        self.empty_target()
        self.put_back(self.planned)
        self.assertStatus(self.rowpost("apply", *self.target), 0)

    def under_shim(self, *arguments, **changes):
        return self.rowpost(*arguments, LD_PRELOAD=SHIM, **changes)

    def count_calls(self, *arguments):
        """How many calls of each class the command makes when nothing fails."""
        file = self.folder / "counts"
        self.under_shim(
            *arguments, ROWPOST_SHIM_COUNT=str(file), ROWPOST_SHIM_FOLDER=str(self.folder)
        )
        lines = [line.split() for line in file.read_text().splitlines()]
        return {name: int(count) for name, count in lines}

    def assertEverythingOnce(self):
        self.assertTargetHolds()
        self.assertStatus(self.rowpost("verify", *self.target, "--deep", "-q"), 0)
