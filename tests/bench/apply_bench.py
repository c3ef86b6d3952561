"""How fast documents are delivered, held against wrk posting the very same bodies, and against
h2load where there are TLS, HTTP/2 and nginx in between."""

import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from statistics import median

import rounds

sys.path.insert(0, str(rounds.ROOT / "tests" / "e2e"))

from nginx_server import Nginx  # noqa: E402, the folder above

PACKAGES = ["wrk", "nghttp2-client"]  # has h2load

DOCUMENTS = 20000
JOBS = 4
TOKEN = {"ROWPOST_TOKEN": "good"}
SCRIPT = pathlib.Path(__file__).with_name("post.lua")
LOADED = re.compile(r"finished in ([0-9.]+)(m?s)")
POSTED = re.compile(r"posted (\d+) in ([0-9.]+) s")


class Standin:
    """A fresh stand-in target, with its data in memory."""

    def __init__(self, scratch):
        port_file = scratch / "port"
        port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [rounds.STANDIN, "--quiet", "--port-file", port_file], stdin=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not port_file.exists():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.stop()
                raise rounds.BenchError("the stand-in did not start")
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{int(port_file.read_text())}"

    def check(self):
        """Every document must be there, and once."""
        with urllib.request.urlopen(f"{self.url}/control/counts") as answer:
            counts = json.load(answer)
        if counts["users"] != DOCUMENTS or counts["duplicates"] != 0:
            raise rounds.BenchError(f"the stand-in has {counts['users']} users of {DOCUMENTS}")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@contextlib.contextmanager
def fresh_standin(scratch):
    standin = Standin(scratch)
    try:
        yield standin
    finally:
        standin.stop()


def cut_body(line):
    """The body in a line of `rowpost export`, {"key":...,"body":...}, as it is sent."""
    end = json.JSONDecoder().raw_decode(line, len('{"key":'))[1]
    return line[end + len(',"body":') : -1]


def prepare(scratch):
    """Plans the documents; gives the workspace and a file of their bodies, one a line."""
    folder = scratch / "posts"
    workspace = scratch / "planned.rowpost"
    size = ["--campaigns", 0, "--rows", 0, "--users", DOCUMENTS, "--posts-only"]
    rounds.run([rounds.SAMPLE, *size, "--out", folder])
    plan = [rounds.ROWPOST, "plan", "--from", folder / "legacy.db", "-w", workspace, "-q"]
    rounds.run(plan, accepted=rounds.ENDED)
    export = [rounds.ROWPOST, "export", "-w", workspace, "--kind", "validators"]
    bodies = [cut_body(line) for line in rounds.run(export).splitlines()]
    if len(bodies) != DOCUMENTS:
        raise rounds.BenchError(f"{len(bodies)} documents are planned, not {DOCUMENTS}")
    file = scratch / "bodies"
    file.write_text("".join(body + "\n" for body in bodies))
    return workspace, file


def apply_once(series, planned, scratch):
    workspace = scratch / "apply.rowpost"
    rounds.remove_database(workspace)
    shutil.copyfile(planned, workspace)
    with fresh_standin(scratch) as standin:
        command = [rounds.ROWPOST, "apply", "--to", standin.url, "-w", workspace, "-q"]
        rounds.measure(series, [*command, "--jobs", JOBS], scratch, environment=TOKEN)
        standin.check()


def wrk_once(series, bodies, scratch):
    with fresh_standin(scratch) as standin:
        command = ["/usr/bin/wrk", "--threads", 1, "--connections", JOBS, "--duration", "600s"]
        rounds.settle()
        output = rounds.run([*command, "--script", SCRIPT, standin.url, "--", bodies])
        standin.check()
    posted = POSTED.search(output)
    if posted is None or int(posted[1]) != DOCUMENTS:
        raise rounds.BenchError(f"wrk has not posted everything: {output.strip()}")
    series.seconds.append(float(posted[2]))


@contextlib.contextmanager
def fresh_nginx(scratch):
    """nginx with TLS and HTTP/2 before a fresh stand-in; a connection takes all requests."""
    folder = scratch / "nginx"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with fresh_standin(scratch) as standin:
        port = int(standin.url.rpartition(":")[2])
        settings = f"keepalive_requests {10 * DOCUMENTS}; access_log off;"
        nginx = Nginx(folder, port, settings, has_http2=True)
        try:
            yield nginx, standin
        finally:
            nginx.stop()


def apply_http2_once(series, planned, scratch):
    workspace = scratch / "apply.rowpost"
    rounds.remove_database(workspace)
    shutil.copyfile(planned, workspace)
    with fresh_nginx(scratch) as (nginx, standin):
        command = [rounds.ROWPOST, "apply", "--to", nginx.url, "--cacert", nginx.authority]
        command += ["-w", workspace, "-q", "--jobs", JOBS]
        rounds.measure(series, command, scratch, environment=TOKEN)
        standin.check()


def h2load_once(series, bodies, scratch):
    """The first body again and again: h2load has one for all requests."""
    body = scratch / "body"
    body.write_text(bodies.read_text().partition("\n")[0])
    with fresh_nginx(scratch) as (nginx, _):
        command = ["/usr/bin/h2load", "-n", DOCUMENTS, "-c", 1, "-m", JOBS, "-d", body]
        for header in ("Authorization: Bearer good", "Content-Type: application/json"):
            command += ["-H", header]
        rounds.settle()
        output = rounds.run([*command, f"{nginx.url}/api/users/"])
    seconds = LOADED.search(output)
    if seconds is None or f" {DOCUMENTS} 2xx" not in output:
        raise rounds.BenchError(f"h2load has not posted everything: {output.strip()}")
    unit = {"s": 1, "ms": 1e-3}[seconds[2]]
    series.seconds.append(float(seconds[1]) * unit)


def report(title, base, apply):
    print(title)
    print(f"  {'':24} {'best s':>9} {'median s':>9} {'best /s':>9} {'median /s':>9}")
    for series in (base, apply):
        rates = f"{DOCUMENTS / series.best:9.0f} {DOCUMENTS / series.median:9.0f}"
        print(f"  {series.name:24} {series.best:9.2f} {series.median:9.2f} {rates}")
    print(
        f"  apply has {base.best / apply.best:.2f} of {base.name}'s rate by the best rounds,"
        f" {base.median / apply.median:.2f} by the medians"
    )
    cpu = [seconds / DOCUMENTS * 1e6 for seconds in apply.cpu_seconds]
    print(f"  apply used {min(cpu):.1f} us of CPU a document (best), {median(cpu):.1f} (median)")
    print(f"  apply held {max(apply.peak_kilobytes) / 1024:.1f} MB at most")


def bench_apply(scratch, times):
    workspace, bodies = prepare(scratch)
    wrk = rounds.Series("wrk")
    apply = rounds.Series("rowpost apply")
    for _ in range(times):
        wrk_once(wrk, bodies, scratch)
        apply_once(apply, workspace, scratch)
    report(f"apply: {DOCUMENTS} posts over {JOBS} connections; {times} rounds", wrk, apply)


def bench_http2(scratch, times):
    workspace, bodies = prepare(scratch)
    h2load = rounds.Series("h2load")
    apply = rounds.Series("rowpost apply")
    for _ in range(times):
        h2load_once(h2load, bodies, scratch)
        apply_http2_once(apply, workspace, scratch)
    title = f"http2: {DOCUMENTS} posts, {JOBS} at a time over one connection, TLS, through nginx"
    report(f"{title}; {times} rounds", h2load, apply)
