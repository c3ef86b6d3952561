"""What it costs to split a workspace and to merge its parts, held against SQLite's own copy of the
file; and what eight parts at a time are worth where the target takes its time."""

import json
import shutil
import sqlite3
import subprocess
import time
import urllib.request

import rounds
from apply_bench import JOBS, TOKEN, fresh_standin

PACKAGES = ["sqlite3"]

DOCUMENTS = 1_000_000
PARTS = 8
SLOW_USERS = 8000
DELAY = [{"kind": "delay", "delay_ms": 20, "times": -1}]

# Documents of a kilobyte each, and the rows that they are made of.
FILL = f"""
DELETE FROM document; DELETE FROM body; DELETE FROM source_row;
INSERT INTO document (id, kind, key, rows, sha256, plan)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {DOCUMENTS})
  SELECT i, 0, 'user' || i, 1, lower(hex(randomblob(32))), 1 FROM n;
INSERT INTO body (document, body)
  SELECT id, '{{"email":"' || key || '@site.example","notes":"' || hex(randomblob(480)) || '"}}'
  FROM document;
INSERT INTO source_row (source_table, row, outcome, document)
  SELECT 0, key, 'used', id FROM document;
UPDATE source_table SET rows = {DOCUMENTS}, used = {DOCUMENTS}, skipped = 0, rejected = 0
  WHERE id = 0;
"""

# What a delivery leaves of each document.
DELIVER = """
INSERT INTO attempt (document, purpose, started, duration_us, method, path, status, outcome, excerpt)
  SELECT id, 'post', '2026-01-01T00:00:00.000Z', id, 'POST', '/api/users/', 200, 'delivered', ''
  FROM document;
UPDATE document SET state = 'delivered', target_id = lower(hex(randomblob(12)));
"""


def plan(scratch, users):
    """A planned workspace of so many users."""
    sample = scratch / "sample"
    size = ["--campaigns", 0, "--rows", 0, "--users", users, "--posts-only"]
    rounds.run([rounds.SAMPLE, *size, "--out", sample])
    workspace = scratch / "planned.rowpost"
    rounds.remove_database(workspace)
    command = [rounds.ROWPOST, "plan", "--from", sample / "legacy.db", "-w", workspace, "-q"]
    rounds.run(command, rounds.ENDED)
    return workspace


def execute(database, script):
    connection = sqlite3.connect(database)
    connection.executescript(script)
    connection.close()


def split(workspace, folder):
    """The command, and the files that it makes."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [rounds.ROWPOST, "split", "-w", workspace, "--into", PARTS, "-d", folder, "-q"]
    return command, [folder / f"validators-{i + 1}-of-{PARTS}.rowpost" for i in range(PARTS)]


def merge(workspace, files):
    return [rounds.ROWPOST, "merge", "-w", workspace, *files, "-q"]


def check_delivered(workspace, expected):
    sql = "SELECT count(*) FROM document WHERE state = 'delivered'"
    connection = sqlite3.connect(workspace)
    (count,) = connection.execute(sql).fetchone()
    connection.close()
    if count != expected:
        raise rounds.BenchError(f"{count} documents of {expected} are delivered")


def cost_once(series, workspace, scratch):
    vacuum, splitting, merging = series
    copy = scratch / "copy.rowpost"
    rounds.remove_database(copy)
    rounds.measure(vacuum, ["sqlite3", workspace, f"VACUUM INTO '{copy}'"], scratch)
    command, files = split(copy, scratch / "parts")
    rounds.measure(splitting, command, scratch)
    for file in files:
        execute(file, DELIVER)
    rounds.measure(merging, merge(copy, files), scratch)
    check_delivered(copy, DOCUMENTS)


def bench_cost(scratch, times):
    workspace = plan(scratch, 10)
    execute(workspace, FILL)
    names = ("VACUUM INTO", f"split into {PARTS}", f"merge of {PARTS}")
    series = [rounds.Series(name) for name in names]
    for _ in range(times):
        cost_once(series, workspace, scratch)
    print(f"\n{DOCUMENTS:,} documents in a workspace of {workspace.stat().st_size >> 20} MB")
    for one in series:
        print(
            f"  {one.name:14} best {one.best:6.2f} s, median {one.median:6.2f} s,"
            f" {one.median / series[0].median:4.2f} of VACUUM INTO,"
            f" CPU {min(one.cpu_seconds):6.2f} s, {max(one.peak_kilobytes) / 1024:5.1f} MB"
        )


def make_slow(standin):
    data = json.dumps(DELAY).encode()
    request = urllib.request.Request(f"{standin.url}/control/faults", data, method="PUT")
    urllib.request.urlopen(request).close()


def apply_all(workspaces, scratch):
    """How long it takes them, each with a program of its own, to a target that takes 20 ms."""
    with fresh_standin(scratch) as standin:
        make_slow(standin)
        options = ["--to", standin.url, "--jobs", str(JOBS), "-q"]
        rounds.settle()
        started = time.perf_counter()
        programs = [
            subprocess.Popen(
                [rounds.ROWPOST, "apply", "-w", workspace, *options],
                env=TOKEN,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            for workspace in workspaces
        ]
        if any(program.wait() not in rounds.ENDED for program in programs):
            raise rounds.BenchError("apply ended badly")
        return time.perf_counter() - started


def speed_once(series, planned, scratch):
    alone, together, whole = series
    copy = scratch / "copy.rowpost"
    rounds.remove_database(copy)
    shutil.copyfile(planned, copy)
    alone.seconds.append(apply_all([copy], scratch))
    check_delivered(copy, SLOW_USERS)
    rounds.remove_database(copy)
    shutil.copyfile(planned, copy)
    started = time.perf_counter()
    command, files = split(copy, scratch / "parts")
    rounds.run(command)
    together.seconds.append(apply_all(files, scratch))
    rounds.run(merge(copy, files))
    whole.seconds.append(time.perf_counter() - started)
    check_delivered(copy, SLOW_USERS)


def bench_speed(scratch, times):
    planned = plan(scratch, SLOW_USERS)
    names = ("one apply", f"{PARTS} parts", "with split and merge")
    series = [rounds.Series(name) for name in names]
    for _ in range(times):
        speed_once(series, planned, scratch)
    print(f"\n{SLOW_USERS:,} posts of 20 ms, {JOBS} requests at a time for each apply")
    for one in series:
        print(
            f"  {one.name:22} best {one.best:6.2f} s, median {one.median:6.2f} s,"
            f" {series[0].median / one.median:4.2f} times as fast"
        )


def bench_split(scratch, times):
    bench_speed(scratch, times)
    bench_cost(scratch, times)
