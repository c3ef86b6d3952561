"""How long a plan takes, held against SQLite's own copy of the same database."""

import rounds

PACKAGES = ["sqlite3"]

FILE = rounds.ROOT / "examples" / "valdb-notebook.sql"
LARGE = {"campaigns": 10000, "rows": 900000, "users": 2000}
SMALL = {"campaigns": 1000, "rows": 90000, "users": 200}


def make_sample(folder, size):
    options = [word for name, value in size.items() for word in (f"--{name}", value)]
    rounds.run([rounds.SAMPLE, *options, "--history", "no", "--dirty", "no", "--out", folder])
    return folder / "legacy.db"


def copy_once(series, legacy, scratch):
    copy = scratch / "copy.db"
    rounds.remove_database(copy)
    rounds.measure(series, ["/usr/bin/sqlite3", legacy, f"VACUUM INTO '{copy}'"], scratch)


def plan_once(series, legacy, scratch, *rules):
    workspace = scratch / "plan.rowpost"
    rounds.remove_database(workspace)
    command = [rounds.ROWPOST, "plan", "--from", legacy, "-w", workspace, "-q", *rules]
    rounds.measure(series, command, scratch, accepted=rounds.ENDED)


def describe(size):
    return f"{size['campaigns']} campaigns, {size['rows']} rows, {size['users']} validators"


def bench_plan(scratch, times):
    large = make_sample(scratch / "large", LARGE)
    small = make_sample(scratch / "small", SMALL)
    copy = rounds.Series("sqlite3 VACUUM INTO")
    plan = rounds.Series("rowpost plan")
    notebook = rounds.Series("plan --rules notebook")
    in_sql = rounds.Series("plan, the same in SQL")
    admins = large.with_name("admins.csv")
    tenth = rounds.Series("rowpost plan, a tenth")
    for _ in range(times):
        copy_once(copy, large, scratch)
        plan_once(plan, large, scratch)
        plan_once(notebook, large, scratch, "--rules", "notebook", "--admins", admins)
        plan_once(in_sql, large, scratch, "--migration", FILE, "--set", f"admins={admins}")
        plan_once(tenth, small, scratch)
    print(f"plan: {describe(LARGE)}; {large.stat().st_size / 1e6:.0f} MB; {times} rounds")
    print(f"  {'':24} {'best s':>9} {'median s':>9} {'CPU s':>9} {'peak MB':>9}")
    for series in (copy, plan, notebook, in_sql, tenth):
        peak = max(series.peak_kilobytes) / 1024
        print(
            f"  {series.name:24} {series.best:9.2f} {series.median:9.2f} {series.best_cpu:9.2f}"
            f" {peak:9.1f}"
        )
    print(
        f"  plan takes {plan.best / copy.best:.2f} times the copy by the best rounds,"
        f" {plan.median / copy.median:.2f} by the medians,"
        f" {plan.best_cpu / copy.best_cpu:.2f} by the CPU"
    )
    print(
        f"  under the notebook's rules {notebook.best / copy.best:.2f} times by the best rounds;"
        f" these in SQL take {in_sql.best_cpu / notebook.best_cpu:.2f} times the CPU"
    )
    peaks = max(plan.peak_kilobytes) / max(tenth.peak_kilobytes)
    print(f"  ten times the rows take {peaks:.2f} times the memory")
