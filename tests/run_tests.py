"""Runs every test of the project, shows what failed, and counts.

Each C test program and each Python test file is a job of its own; as many run at a time as there
are processors. All of them speak TAP. A job fails, too, if it ends badly, ends before all its
tests did, takes too long, or leaves a sanitizer's report, whether or not its tests saw it."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
MESON = "/usr/bin/meson"
PYTHON = "/usr/bin/python3"
ASAN = ROOT / "build-asan"
CLANG = ROOT / "build-clang"
ANALYZED = ROOT / "build-analyzed"
PROCESSORS = len(os.sched_getaffinity(0))
# They only stop what hangs: a machine that is five times slower needs no others.
SECONDS_CHECK = 4 * 3600
SECONDS_FILE = 3600
SECONDS_FILE_LONG = 6 * 3600
SECONDS_SEARCH = 6 * 3600
SHARED = {"test_torture.py", "test_power.py"}  # in a long run
SHARES = 8
ASAN_OPTIONS = "detect_leaks=1:abort_on_error=1"
LSAN_OPTIONS = f"suppressions={ROOT / 'tests' / 'leaks.txt'}:print_suppressions=0"
UBSAN_OPTIONS = "halt_on_error=1:abort_on_error=1:print_stacktrace=1"

PLAN = re.compile(r"^1\.\.(\d+)", re.MULTILINE)
RESULT = re.compile(r"^(not ok|ok) \d+(.*)$", re.MULTILINE)


@dataclasses.dataclass
class Job:
    """A process that tests by TAP; or, a check, by its exit status alone."""

    name: str
    command: list
    seconds: float
    is_check: bool = False
    environment: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Outcome:
    job: Job
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    trouble: list = dataclasses.field(default_factory=list)
    output: str = ""


class Processes:
    """The jobs that run, so that an interruption leaves nothing behind."""

    def __init__(self):
        self.lock = threading.Lock()
        self.running = set()
        self.stopped = False

    def start(self, command, **options):
        with self.lock:
            if self.stopped:
                return None
            process = subprocess.Popen(command, start_new_session=True, **options)
            self.running.add(process)
            return process

    def end(self, process):
        """Ends the process, and what it has left running in its session."""
        with self.lock:
            self.running.discard(process)
        kill_group(process)
        process.wait()

    def stop(self):
        with self.lock:
            self.stopped = True
            for process in self.running:
                kill_group(process)


def kill_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def judge_tap(outcome):
    planned = sum(int(number) for number in PLAN.findall(outcome.output))
    for word, rest in RESULT.findall(outcome.output):
        # cmocka writes `not ok` for a test that it was told to skip.
        if "# SKIP" in rest:
            outcome.skipped += 1
        elif word == "ok":
            outcome.passed += 1
        else:
            outcome.failed += 1
    missing = planned - outcome.passed - outcome.failed - outcome.skipped
    if missing > 0:
        outcome.failed += missing
        outcome.trouble.append(f"{missing} of {planned} tests did not come to an end")
    if planned == 0:
        outcome.trouble.append("it has no test")


def judge(outcome, status, reports):
    if status is None:
        outcome.trouble.append(f"stopped after {outcome.job.seconds:.0f} s")
    elif status != 0:
        outcome.trouble.append(f"exit status {status}")
    for report in reports:
        outcome.trouble.append("a sanitizer has reported")
        outcome.output += "\n" + report.read_text(errors="replace")
    if outcome.job.is_check:
        outcome.failed = 1 if outcome.trouble else 0
        outcome.passed = 1 - outcome.failed
        return
    judge_tap(outcome)
    if outcome.trouble and outcome.failed == 0:
        outcome.failed = 1


def run_job(job, processes, scratch):
    folder = pathlib.Path(tempfile.mkdtemp(dir=scratch))
    reports = folder / "reports"
    work = folder / "work"
    reports.mkdir()
    work.mkdir()
    environment = {
        **os.environ,
        **job.environment,
        "TMPDIR": str(work),
        "ASAN_OPTIONS": f"{ASAN_OPTIONS}:log_path={reports / 'asan'}",
        "LSAN_OPTIONS": LSAN_OPTIONS,
        "UBSAN_OPTIONS": f"{UBSAN_OPTIONS}:log_path={reports / 'ubsan'}",
    }
    outcome = Outcome(job)
    start = time.monotonic()
    with open(folder / "output", "w+b") as output:
        process = processes.start(
            job.command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        if process is None:
            return None
        try:
            status = process.wait(job.seconds)
        except subprocess.TimeoutExpired:
            status = None
        processes.end(process)
        outcome.seconds = time.monotonic() - start
        output.seek(0)
        outcome.output = output.read().decode(errors="replace")
    judge(outcome, status, sorted(reports.iterdir()))
    shutil.rmtree(folder, ignore_errors=True)
    return outcome


def show(outcome):
    word = "FAIL" if outcome.failed else "ok"
    skipped = f", {outcome.skipped} skipped" if outcome.skipped else ""
    print(
        f"{word:4} {outcome.job.name:32} {outcome.passed:4} passed"
        f", {outcome.failed} failed{skipped}  {outcome.seconds:.1f} s",
        flush=True,
    )
    if outcome.failed:
        lines = [line for line in outcome.output.splitlines() if not line.startswith("ok ")]
        for line in lines + outcome.trouble:
            print("     " + line)
        sys.stdout.flush()


def run_jobs(jobs, width, processes, scratch):
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(width) as pool:
        futures = [pool.submit(run_job, job, processes, scratch) for job in jobs]
        try:
            for future in concurrent.futures.as_completed(futures):
                outcome = future.result()
                if outcome is not None:
                    show(outcome)
                    outcomes.append(outcome)
        except KeyboardInterrupt:
            processes.stop()
            raise
    return outcomes


def build_command(folder, *options):
    """Sets the folder up, if that was not done, and compiles."""
    ready = shlex.join(["test", "-f", str(folder / "build.ninja")])
    setup = shlex.join([MESON, "setup", str(folder), str(ROOT), *options])
    compile_all = shlex.join(["ninja", "-C", str(folder), "-j", str(PROCESSORS), "--quiet"])
    return f"{{ {ready} || {setup}; }} && {compile_all}"


def make_check(name, command, compiler):
    environment = {"CC": compiler}
    return Job(name, ["/bin/sh", "-c", command], SECONDS_CHECK, True, environment)


def sanitized_build():
    command = build_command(
        ASAN,
        "-Db_sanitize=address,undefined",
        # The sanitizers make gcc warn of what is not so; the other builds take warnings as errors.
        "-Dwerror=false",
        # gcc's shared UBSan heeds no log_path when ASan is there.
        "-Dc_link_args=-static-libasan -static-libubsan",
    )
    return make_check("build with gcc, sanitized", command, "gcc")


def plain_build():
    """What is installed; and what the tests of failing calls run."""
    return make_check("build with gcc", build_command(ROOT / "build"), "gcc")


def list_c_files():
    git = ["git", "-C", str(ROOT), "-c", f"safe.directory={ROOT}", "ls-files", "-z", "*.c", "*.h"]
    names = subprocess.run(git, stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).exists()]


def analysis_checks():
    """The three analysers, over what is installed: cmocka's checks leave by longjmp(), which none of
    them follows. .clang-tidy and cppcheck.txt say what is left out there, and why."""
    build = build_command(
        ANALYZED,
        "-Dtests=false",
        # gcc 12 gives up whatever a structure owns when a library call is handed a part of it;
        # the sanitized tests find what is not freed.
        "-Dc_args=-fanalyzer -Wno-analyzer-malloc-leak",
    )
    tidy = ["run-clang-tidy", "-p", str(CLANG), "-j", str(PROCESSORS), "-quiet"]
    tidy.append(f"^{re.escape(str(ROOT))}/.*(src|tests/sample|tests/standin)/")
    checks = [
        "cppcheck", "--quiet", "--error-exitcode=1", "-j", str(PROCESSORS),
        "--enable=warning,style,performance,portability", "--std=c11", "--library=posix,gnu",
        f"--suppressions-list={ROOT / 'tests' / 'cppcheck.txt'}", f"-I{ROOT / 'src'}",
        *(str(ROOT / folder) for folder in ("src", "tests/sample", "tests/standin")),
    ]
    return [
        make_check("analysis by gcc", build, "gcc"),
        make_check("analysis by clang-tidy", f"{shlex.join(tidy)} 2>&1", "clang"),
        make_check("analysis by cppcheck", shlex.join(checks), "gcc"),
    ]


def list_checks():
    layout = shlex.join(["clang-format", "--dry-run", "-Werror", *list_c_files()])
    suite = [MESON, "test", "-C", str(CLANG), "--no-rebuild", "--suite", "unit", "--print-errorlogs"]
    return [
        make_check("layout", layout, "gcc"),
        plain_build(),
        make_check(
            "build and unit tests with clang",
            f"{build_command(CLANG)} && {shlex.join(suite)}",
            "clang",
        ),
        *analysis_checks(),
    ]


def list_shares(file, is_long):
    """A file's name and nothing more; or those of its shares, where it takes hours."""
    if not is_long or file.name not in SHARED:
        return [(file.stem, {})]
    return [
        (f"{file.stem} {share} of {SHARES}", {"ROWPOST_SHARE": f"{share}/{SHARES}"})
        for share in range(1, SHARES + 1)
    ]


def list_python_jobs(is_long):
    tests = ROOT / "tests"
    environment = {
        "ROWPOST": str(ASAN / "rowpost"),
        "ROWPOST_STANDIN": str(ASAN / "tests" / "standin" / "rowpost-standin"),
        "ROWPOST_SAMPLE": str(ASAN / "tests" / "sample" / "rowpost-sample"),
        "ROWPOST_ORACLE_CLIENT": str(ASAN / "tests" / "oracle" / "rowpost-oracle-client"),
        "ROWPOST_PLAIN": str(ROOT / "build" / "rowpost"),
        "ROWPOST_SHIM": str(ROOT / "build" / "tests" / "torture" / "rowpost-shim.so"),
        "ROWPOST_TEST_DATA": str(tests / "data"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if is_long:
        environment["ROWPOST_LONG"] = "1"
    seconds = SECONDS_FILE_LONG if is_long else SECONDS_FILE
    folders = ["package", "docs", "oracle", "torture", "e2e", "standin"]
    files = [file for folder in folders for file in sorted((tests / folder).glob("test_*.py"))]
    files.append(tests / "test_includes.py")
    runner = [PYTHON, str(tests / "run_python.py")]
    return [
        Job(name, [*runner, str(file)], seconds, False, {**environment, **share})
        for file in files
        for name, share in list_shares(file, is_long)
    ]


def list_program_jobs(is_long):
    """The C programs that meson knows as tests."""
    command = [MESON, "introspect", str(ASAN), "--tests"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    environment = {"CMOCKA_MESSAGE_OUTPUT": "TAP"}
    if is_long:
        environment["ROWPOST_LONG"] = "1"
    return [
        Job(test["name"], test["cmd"], test["timeout"], False, {**test["env"], **environment})
        for test in json.loads(listed)
    ]


def list_jobs(is_long):
    """The longest first."""
    jobs = list_python_jobs(is_long) + list_program_jobs(is_long)
    if is_long:
        search = ["/bin/sh", str(ROOT / "tests" / "fuzz" / "run_long.sh")]
        jobs.insert(0, Job("fuzz search", search, SECONDS_SEARCH, True))
    return jobs


def is_wanted(job, names):
    file = os.path.relpath(job.command[-1], ROOT)
    return not names or any(name in job.name or name in file for name in names)


def run_everything(names, is_long, processes, scratch):
    """The outcomes. Without the sanitized build there is nothing to test."""
    build = run_jobs([sanitized_build()], 1, processes, scratch)
    if build[0].failed:
        return build
    wanted = [job for job in list_jobs(is_long) if is_wanted(job, names)]
    if not names:
        outcomes = build + run_jobs(list_checks(), 1, processes, scratch)
    elif any("torture" in job.command[-1] for job in wanted):
        outcomes = run_jobs([plain_build()], 1, processes, scratch)
    else:
        outcomes = []
    return outcomes + run_jobs(wanted, PROCESSORS, processes, scratch)


def read_arguments():
    parser = argparse.ArgumentParser(prog="./run test", description="Runs the tests.")
    parser.add_argument("--long", action="store_true", help="tests of many minutes, too")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only what has NAME in its name")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    processes = Processes()
    with tempfile.TemporaryDirectory(prefix="rowpost-test-") as scratch:
        outcomes = run_everything(arguments.names, arguments.long, processes, scratch)
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
