"""Measures plan, apply and report and prints a table; see docs/performance.md."""

import argparse
import pathlib
import sys
import tempfile

from apply_bench import bench_apply, bench_http2
from migration_bench import bench_migration
from oracle_bench import bench_oracle
from plan_bench import bench_plan
from report_bench import bench_report
from rounds import BenchError
from shapes_bench import bench_shapes
from split_bench import bench_split

BENCHES = {
    "plan": bench_plan,
    "shapes": bench_shapes,
    "apply": bench_apply,
    "http2": bench_http2,
    "report": bench_report,
    "split": bench_split,
    "oracle": bench_oracle,
    "migration": bench_migration,
}


def read_arguments():
    description = "Measures plan, apply and report."
    parser = argparse.ArgumentParser(prog="./run bench", description=description)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each contender (5)")
    names = "|".join(BENCHES)
    parser.add_argument("names", nargs="*", metavar=names, help="what to measure (all)")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHES]
    if unknown or arguments.rounds < 1:
        parser.error(f"{unknown[0]} is no benchmark" if unknown else "--rounds starts at 1")
    return arguments


def main():
    arguments = read_arguments()
    for name in arguments.names or BENCHES:
        with tempfile.TemporaryDirectory(prefix="rowpost-bench-") as scratch:
            BENCHES[name](pathlib.Path(scratch), arguments.rounds)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"bench: {error}")
