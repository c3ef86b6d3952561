"""How long the HTML report of a large workspace takes, to write, to open and to search."""

import sqlite3
import statistics
import sys

import rounds

sys.path.insert(0, str(rounds.ROOT / "tests" / "e2e"))

from browser import Browser  # noqa: E402, the folder above

USERS = 100_000

# A third each; every document was sent once and has two fields that differ. As many rows again are
# rejected.
STATEMENTS = (
    "UPDATE document SET state = CASE id % 3 WHEN 0 THEN 'refused' WHEN 1 THEN 'different'"
    " ELSE 'delivered' END",
    "INSERT INTO attempt (document, purpose, started, duration_us, method, path, status, outcome,"
    " excerpt) SELECT id, 'post', strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + id / 50.0,"
    " 'unixepoch'), 9000 + id % 5000, 'POST', '/api/users/', 400, 'refused', '400: Some words'"
    " FROM document",
    "INSERT INTO finding (document, found, during, field, planned_value, found_value)"
    " SELECT d.id, '2023-11-14T00:00:00.000Z', 'apply', f.value, '\"this\"', '\"that\"'"
    " FROM document d, json_each('[\"role\",\"groups\"]') f",
    "INSERT INTO source_row (source_table, row, outcome, because, content)"
    " SELECT 0, 'x' || id, 'rejected', 'unknown category \"X\"', '{\"ID\":' || id || ',\"COMMENTS\":\"Some words.\"}' FROM document",
    "UPDATE source_table SET rejected = rejected + (SELECT count(*) FROM document),"
    " rows = rows + (SELECT count(*) FROM document) WHERE id = 0",
)

# Until the page has been read and its script has run; until it is shown for the first time.
TIMES = """
const [page] = performance.getEntriesByType("navigation");
const [paint] = performance.getEntriesByName("first-contentful-paint");
return [page.loadEventEnd, paint ? paint.startTime : null];
"""

# The first search, which reads the index, and one after it.
SEARCH = """
const input = document.querySelector(".finder input");
const times = arguments[0].map(text => {
  const begin = performance.now();
  input.value = text;
  input.dispatchEvent(new Event("input"));
  return performance.now() - begin;
});
return [times, document.querySelectorAll(".found li").length];
"""


def make_workspace(scratch):
    sample = [rounds.SAMPLE, "--campaigns", 0, "--rows", 0, "--users", USERS, "--posts-only"]
    rounds.run([*sample, "--history", "no", "--out", scratch])
    workspace = scratch / "large.rowpost"
    plan = [rounds.ROWPOST, "plan", "--from", scratch / "legacy.db", "-w", workspace, "-q"]
    rounds.run(plan, accepted=rounds.ENDED)
    database = sqlite3.connect(workspace)
    for statement in STATEMENTS:
        database.execute(statement)
    database.commit()
    ((count, key),) = database.execute("SELECT count(*), max(key) FROM document")
    database.close()
    return workspace, count, key


def open_once(browser, page, loads, paints):
    browser.open(page)
    load, paint = browser.run(TIMES)
    if paint is None or load <= 0:
        raise rounds.BenchError("the browser did not tell when the page was there")
    loads.append(load / 1000)
    paints.append(paint / 1000)


def search_once(browser, key, firsts, nexts):
    (first, following), found = browser.run(SEARCH, ["nowhere", key])
    if found == 0:
        raise rounds.BenchError(f"the page does not find {key}")
    firsts.append(first / 1000)
    nexts.append(following / 1000)


def bench_report(scratch, times):
    workspace, count, key = make_workspace(scratch)
    page = scratch / "report.html"
    written = rounds.Series("rowpost report")
    loads, paints, firsts, nexts = [], [], [], []
    browser = Browser()
    try:
        for _ in range(times):
            command = [rounds.ROWPOST, "report", "-w", workspace, "-o", page]
            rounds.measure(written, command, scratch)
            open_once(browser, page, loads, paints)
            search_once(browser, key, firsts, nexts)
    finally:
        browser.close()
    print(f"report: {count} documents; {page.stat().st_size / 1e6:.1f} MB of HTML; {times} rounds")
    print(f"  {'':24} {'best s':>9} {'median s':>9} {'peak MB':>9}")
    peak = max(written.peak_kilobytes) / 1024
    print(f"  {written.name:24} {written.best:9.2f} {written.median:9.2f} {peak:9.1f}")
    measured = (
        ("shown by Chromium", paints),
        ("loaded by Chromium", loads),
        ("first search", firsts),
        ("next search", nexts),
    )
    for name, seconds in measured:
        print(f"  {name:24} {min(seconds):9.2f} {statistics.median(seconds):9.2f}")
