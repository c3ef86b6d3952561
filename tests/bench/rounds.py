"""Timing of processes over alternating rounds."""

import dataclasses
import os
import pathlib
import statistics
import subprocess
import time

PACKAGES = ["time"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROWPOST = ROOT / "build" / "rowpost"
SAMPLE = ROOT / "build" / "tests" / "sample" / "rowpost-sample"
STANDIN = ROOT / "build" / "tests" / "standin" / "rowpost-standin"

# What plan, apply and verify end with: all well, or the work ended and something was wrong.
ENDED = (0, 1)


class BenchError(Exception):
    """Something that makes a measurement worthless, in words."""


@dataclasses.dataclass
class Series:
    """What the rounds of one contender took."""

    name: str
    seconds: list = dataclasses.field(default_factory=list)
    cpu_seconds: list = dataclasses.field(default_factory=list)
    peak_kilobytes: list = dataclasses.field(default_factory=list)

    @property
    def best(self):
        return min(self.seconds)

    @property
    def best_cpu(self):
        return min(self.cpu_seconds)

    @property
    def median(self):
        return statistics.median(self.seconds)


def run(command, accepted=(0,), environment=None):
    """What the process prints."""
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        check=False,
        text=True,
    )
    if done.returncode not in accepted:
        raise BenchError(f"{command[0]} ended with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def settle():
    """Lets what earlier rounds wrote reach the disk, so that no round pays for another's."""
    os.sync()


def measure(series, command, scratch, **how):
    """Runs the process once more and notes its time, by the wall and of the CPU, and the most
    memory that it held."""
    peak = scratch / "peak"
    settle()
    start = time.perf_counter()
    output = run(["/usr/bin/time", "--quiet", "-f", "%M %U %S", "-o", peak, *command], **how)
    series.seconds.append(time.perf_counter() - start)
    kilobytes, user, system = peak.read_text().split()[-3:]
    series.peak_kilobytes.append(int(kilobytes))
    series.cpu_seconds.append(float(user) + float(system))
    return output


def remove_database(path):
    for name in (path, f"{path}-wal", f"{path}-shm"):
        pathlib.Path(name).unlink(missing_ok=True)
