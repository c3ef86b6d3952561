"""A migration file over a million rows: its plan against SQLite's own copy of the source, and
against a script of some lines that does the same with sqlite3 and json."""

import pathlib
import sqlite3
import sys

import rounds

PACKAGES = ["sqlite3"]

ROWS = 1_000_000
TABLES = ("person", "ticket", "comment")
SCRIPT = pathlib.Path(__file__).with_name("migration_script.py")
FILE = pathlib.Path(__file__).with_name("migration_bench.sql")


def make_source(path):
    """Three tables of a third each: people, tickets of people, comments of tickets."""
    third = ROWS // 3
    database = sqlite3.connect(path)
    database.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT, level TEXT, town TEXT, lang TEXT);"
        "CREATE TABLE ticket(id INTEGER PRIMARY KEY, person INTEGER, team TEXT, state TEXT,"
        " prio INTEGER, text TEXT);"
        "CREATE TABLE comment(id INTEGER PRIMARY KEY, ticket INTEGER, kind TEXT, state TEXT,"
        " lang TEXT, text TEXT);")
    levels, towns, langs = ("editor", "Writer", "reader"), ("Bern", "Genf", "Basel"), ("de", "fr", "it")
    states, teams = ("open", "Closed", "waiting"), ("net", "hr", "print")
    text = "It broke on Monday, and nobody knows why; please have a look at it. " * 3
    database.executemany(
        "INSERT INTO person VALUES(?,?,?,?,?)",
        ((i, f"User{i}@x.example" if i % 50 else None, levels[i % 3], towns[i % 3], langs[i % 3])
         for i in range(1, third + 1)))
    database.executemany(
        "INSERT INTO ticket VALUES(?,?,?,?,?,?)",
        ((i, i * 7 % third + 1, teams[i % 3], states[i % 3], i % 3, text) for i in range(1, third + 1)))
    database.executemany(
        "INSERT INTO comment VALUES(?,?,?,?,?,?)",
        ((i, i * 11 % third + 1, "note" if i % 40 else "spam", states[i % 3], langs[i % 3], text)
         for i in range(1, third + 1)))
    database.commit()
    database.close()


def bench_migration(scratch, times):
    source, workspace, copy = (scratch / name for name in ("desk.db", "desk.rowpost", "copy.db"))
    make_source(source)
    vacuum = rounds.Series("sqlite3 VACUUM INTO")
    plan = rounds.Series("rowpost plan")
    script = rounds.Series("Python, sqlite3, json")
    for _ in range(times):
        rounds.remove_database(copy)
        rounds.measure(vacuum, ["/usr/bin/sqlite3", source, f"VACUUM INTO '{copy}'"], scratch)
        rounds.remove_database(workspace)
        rounds.measure(plan, [rounds.ROWPOST, "plan", "-q", "--from", source, "--migration", FILE,
                              "-w", workspace], scratch, accepted=rounds.ENDED)
        rounds.remove_database(copy)
        rounds.measure(script, [sys.executable, SCRIPT, source, copy], scratch)
    print(f"migration: {ROWS} rows in {len(TABLES)} tables, three lookups each;"
          f" {source.stat().st_size / 1e6:.0f} MB; {times} rounds")
    print(f"  {'':24} {'best s':>9} {'median s':>9} {'CPU s':>9} {'peak MB':>9}")
    for series in (vacuum, plan, script):
        peak = max(series.peak_kilobytes) / 1024
        print(f"  {series.name:24} {series.best:9.2f} {series.median:9.2f} {series.best_cpu:9.2f}"
              f" {peak:9.1f}")
    print(f"  the plan takes {1e6 * plan.best_cpu / ROWS:.1f} us of CPU a row,"
          f" {plan.best_cpu / vacuum.best_cpu:.2f} times the copy;"
          f" the script takes {script.best_cpu / plan.best_cpu:.2f} times the plan")
    print(f"  the workspace has {workspace.stat().st_size / 1e6:.0f} MB")
