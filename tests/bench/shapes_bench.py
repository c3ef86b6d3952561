"""What a row of each table costs a plan, when that table is large and when it is ten times as large.

Each shape grows one table of a small sample and leaves the others as they are. The cost of a row is
the CPU time beyond that of the sample, divided by the rows that were added: neighbours on the machine
count for little there."""

import dataclasses
import sqlite3
import typing

import rounds

BASE = {"campaigns": 50, "rows": 2000, "users": 100}
SMALL = 30000
GROWTH = 10
MOST_GROWTH_OF_COST = 1.3
MOST_MEGABYTES = 64

STATUS = (
    "INSERT INTO status (id, validation_status, comments, links, user_name, relmon_url)"
    " SELECT id, 'OK', {comments}, 'https://host/' || id, 'Some Person', NULL"
    " FROM {releases} WHERE id >= :first"
)


def number(rows, sql):
    """The statement over the numbers 0 to rows - 1, as n."""
    return (
        f"WITH RECURSIVE counting(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counting"
        f" WHERE n + 1 < {rows}) {sql}"
    )


def add_releases(database, rows, name, comments="'as expected'", suffix=""):
    first = 10_000_000
    database.execute(
        number(
            rows,
            f"INSERT INTO releases{suffix} (id, category, subcategory, release_name, version, date,"
            f" status_kind) SELECT {first} + n, 'Reconstruction', 'Data', {name}, n, 1300000000 + n,"
            f" 'JET' FROM counting",
        )
    )
    statement = STATUS.format(comments=comments, releases=f"releases{suffix}")
    database.execute(statement.replace("INTO status", f"INTO status{suffix}"), {"first": first})


def grow_users(database, rows):
    database.execute(
        number(
            rows,
            "INSERT INTO users (user_name, email, admin, validator)"
            " SELECT 'u' || n, 'u' || n || '@host.ch', 0, 1 FROM counting",
        )
    )


def grow_rights(database, rows):
    """Some twenty rights for each of many logins."""
    grow_users(database, rows // 20)
    database.execute(
        number(
            rows,
            "INSERT INTO user_rights (id, user_name, category, subcategory, status_kind)"
            f" SELECT 10000000 + n, 'u' || (n * 7919 % {max(rows // 20, 1)}), 'HLT', 'Data', 'TAU'"
            " FROM counting",
        )
    )


def grow_campaigns(database, rows):
    """Many small documents: a campaign for each row."""
    add_releases(database, rows, "'12_0_0_c' || n")


def grow_reports(database, rows):
    """Campaigns of 90 rows, whose ids are mixed."""
    add_releases(database, rows, f"'12_0_0_c' || (n * 7919 % {max(rows // 90, 1)})")


def grow_wide_reports(database, rows):
    """A tenth of the rows, with texts of 4,000 bytes."""
    count = rows // 10
    add_releases(
        database, count, f"'12_0_0_c' || (n * 7919 % {max(count // 90, 1)})", "hex(zeroblob(2000))"
    )


def grow_history(database, rows):
    add_releases(database, rows // 10, f"'12_0_0_c' || (n % {max(rows // 900, 1)})")
    add_releases(database, rows, f"'12_0_0_c' || (n * 7919 % {max(rows // 900, 1)})", suffix="_lv")


def grow_status(database, rows):
    """Rows of status without their row of releases."""
    database.execute(
        number(
            rows,
            "INSERT INTO status (id, validation_status, comments, user_name)"
            " SELECT 20000000 + n, 'OK', 'lost', 'Some Person' FROM counting",
        )
    )


def grow_releases(database, rows):
    """Rows of releases without their row of status."""
    database.execute(
        number(
            rows,
            "INSERT INTO releases (id, category, subcategory, release_name, version, date,"
            " status_kind) SELECT 20000000 + n, 'HLT', 'Data', '12_0_0_lost', 1, 1300000000, 'TAU'"
            " FROM counting",
        )
    )


@dataclasses.dataclass
class Shape:
    name: str
    grow: typing.Callable
    rules: tuple = ("corrected", "notebook")
    options: tuple = ()


SHAPES = (
    Shape("users", grow_users),
    Shape("rights", grow_rights),
    Shape("reports", grow_reports),
    Shape("wide reports", grow_wide_reports),
    Shape("campaigns of one row", grow_campaigns),
    Shape("earlier versions", grow_history, ("corrected",), ("--history",)),
    Shape("releases without status", grow_releases),
    Shape("status without releases", grow_status),
)


def make_database(scratch, shape, rows):
    path = scratch / f"{shape.name}-{rows}.db"
    rounds.remove_database(path)
    path.write_bytes((scratch / "base" / "legacy.db").read_bytes())
    with sqlite3.connect(path) as database:
        shape.grow(database, rows)
    database.close()
    return path


def plan_once(series, legacy, rules, shape, scratch):
    workspace = scratch / "plan.rowpost"
    rounds.remove_database(workspace)
    command = [rounds.ROWPOST, "plan", "--from", legacy, "-w", workspace, "-q", "--rules", rules]
    rounds.measure(series, [*command, *shape.options], scratch, accepted=rounds.ENDED)


def bench_shape(shape, rules, files, scratch, times):
    base = rounds.Series("base")
    small = rounds.Series("small")
    large = rounds.Series("large")
    for _ in range(times):
        plan_once(base, scratch / "base" / "legacy.db", rules, shape, scratch)
        plan_once(small, files[SMALL], rules, shape, scratch)
        plan_once(large, files[SMALL * GROWTH], rules, shape, scratch)
    first = (small.best_cpu - base.best_cpu) / SMALL * 1e6
    second = (large.best_cpu - base.best_cpu) / (SMALL * GROWTH) * 1e6
    peak = max(large.peak_kilobytes) / 1024
    print(
        f"  {shape.name:24} {rules:10} {first:8.2f} {second:8.2f} {second / first:7.2f}"
        f" {large.best:8.2f} {peak:8.1f}",
        flush=True,
    )


def bench_shapes(scratch, times):
    options = [word for name, value in BASE.items() for word in (f"--{name}", value)]
    command = [rounds.SAMPLE, *options, "--history", "yes", "--dirty", "no"]
    rounds.run([*command, "--out", scratch / "base"])
    print(
        f"plan, one table large: {SMALL} rows and {SMALL * GROWTH}; {times} rounds; the CPU time of a"
        f" row should not grow by more than {MOST_GROWTH_OF_COST}, the memory not beyond"
        f" {MOST_MEGABYTES} MB"
    )
    print(
        f"  {'table':24} {'rules':10} {'us/row':>8} {'us/row':>8} {'growth':>7} {'best s':>8}"
        f" {'peak MB':>8}"
    )
    for shape in SHAPES:
        files = {rows: make_database(scratch, shape, rows) for rows in (SMALL, SMALL * GROWTH)}
        for rules in shape.rules:
            bench_shape(shape, rules, files, scratch, times)
        for file in files.values():
            rounds.remove_database(file)
