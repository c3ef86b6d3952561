"""How many rows a second come from an Oracle server: the reader against Oracle's own driver for
node, from the same emulated server in one run, and the reader from a recorded session."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys

import rounds

ORACLE = rounds.ROOT / "tests" / "oracle"
sys.path.insert(0, str(ORACLE))

# pylint: disable=wrong-import-position
from node_driver import find_driver  # noqa: E402

PACKAGES = ["python3-cryptography"]  # for the emulator

CLIENT = rounds.ROOT / "build" / "tests" / "oracle" / "rowpost-oracle-client"
NODE_CLIENT = pathlib.Path(__file__).with_name("oracle_rows.js")
ROWS = 500_000
RECORDED_ROWS = 200_000
SQL = "SELECT * FROM MANY_ROWS"
USER, PASSWORD = "CMS_READER", "tiger-12c"


class Server:
    """The emulator in a process of its own."""

    def __init__(self, *words):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", "-m", "emulator", *map(str, words)], cwd=ORACLE,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.address = f"127.0.0.1:{int(self.process.stdout.readline())}/emulated"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@dataclasses.dataclass
class Contender:
    name: str
    rates: list = dataclasses.field(default_factory=list)
    shares: list = dataclasses.field(default_factory=list)      # of the time on a processor
    peaks: list = dataclasses.field(default_factory=list)

    def note(self, measured, rows):
        if measured["row_count"] != rows:
            raise rounds.BenchError(f"{self.name} read {measured['row_count']} rows, not {rows}")
        self.rates.append(rows / measured["seconds"])
        self.shares.append(min(1.0, measured["cpu_seconds"] / measured["seconds"]))
        self.peaks.append(measured["peak_kilobytes"] / 1024)

    def print(self):
        print(f"  {self.name:34} {max(self.rates):12,.0f} {sorted(self.rates)[len(self.rates) // 2]:12,.0f}"
              f" {self.shares[self.rates.index(max(self.rates))]:6.0%} {max(self.peaks):9.1f}")


def run_reader(address):
    output = rounds.run([CLIENT, "--count", f"--password={PASSWORD}", address, USER, SQL])
    answer = json.loads(output)
    if "error" in answer or "error" in answer["results"][0]:
        raise rounds.BenchError(output)
    return {**answer, **answer["results"][0]}


def run_driver(address):
    environment = {"NODE_PATH": str(find_driver())}
    words = ["node", NODE_CLIENT, address, USER, PASSWORD, SQL]
    return json.loads(rounds.run(words, environment=environment))


def bench_oracle(scratch, times):
    reader, driver = Contender("the reader"), Contender("node-oracledb, thin")
    replayed = Contender("the reader, from a recording")
    recording = scratch / "recording"
    with Server("--record", recording, f"many_rows={RECORDED_ROWS}") as server:
        run_reader(server.address)
    size = os.path.getsize(recording)
    with Server(f"many_rows={ROWS}") as live, Server(f"replay={recording}") as recorded:
        for _ in range(times):
            reader.note(run_reader(live.address), ROWS)
            driver.note(run_driver(live.address), ROWS)
            replayed.note(run_reader(recorded.address), RECORDED_ROWS)
    print(f"oracle: {ROWS:,} rows of 12 columns, {size / RECORDED_ROWS:.0f} bytes each on the line;"
          f" the recording has {RECORDED_ROWS:,}; {times} rounds")
    print(f"  {'':34} {'best rows/s':>12} {'median':>12} {'cpu':>6} {'peak MB':>9}")
    for contender in (reader, driver, replayed):
        contender.print()
    print(f"  the reader is {max(reader.rates) / max(driver.rates):.1f} times as fast as the driver"
          " by the best rounds")
    print(f"  from the recording it reads {max(replayed.rates) / max(reader.rates):.1f} times as"
          " many rows a second: what bounds it is the server")
