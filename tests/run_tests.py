"""Builds what the chosen tests need, runs them, shows what failed, and counts.

list_tests.sh has the tests and what each needs. Each C test program and each Python test file is a
job of its own; as many run at a time as there are processors. All of them print TAP. A job also
fails if its exit status is not 0, if it ends before all its tests did, if it takes too long, or if
a sanitizer has written a report, whether or not its tests noticed."""

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
SECONDS_LONG = 6 * 3600
SHARED = {"test_torture.py", "test_power.py"}  # in a long run
SHARES = 8
ASAN_OPTIONS = "detect_leaks=1:abort_on_error=1"
LSAN_OPTIONS = f"suppressions={ROOT / 'tests' / 'leaks.txt'}:print_suppressions=0"
UBSAN_OPTIONS = "halt_on_error=1:abort_on_error=1:print_stacktrace=1"

NAMED_MOST = 6  # jobs that are named before they start

PLAN = re.compile(r"^1\.\.(\d+)", re.MULTILINE)
RESULT = re.compile(r"^(not ok|ok) \d+(.*)$", re.MULTILINE)


@dataclasses.dataclass
class Test:
    """A line of list_tests.sh."""

    name: str
    file: str
    builds: list
    plain_builds: list


@dataclasses.dataclass
class Job:
    """A process that reports by TAP; or, a check, by its exit status only."""

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


def announce(jobs):
    if 1 < len(jobs) <= NAMED_MOST:
        print(f"running {', '.join(job.name for job in jobs)}", flush=True)
    elif jobs:
        print(f"running {jobs[0].name if len(jobs) == 1 else f'{len(jobs)} tests'}", flush=True)


def run_jobs(jobs, width, processes, scratch):
    announce(jobs)
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


def build_command(folder, targets, *options):
    """Sets the folder up, if that was not done, and makes the targets."""
    ready = shlex.join(["test", "-f", str(folder / "build.ninja")])
    setup = shlex.join([MESON, "setup", str(folder), str(ROOT), *options])
    ninja = ["ninja", "-C", str(folder), "-j", str(PROCESSORS), "--quiet"]
    return f"{{ {ready} || {setup}; }} && {shlex.join([*ninja, *targets])}"


def make_check(name, command, compiler):
    environment = {"CC": compiler}
    return Job(name, ["/bin/sh", "-c", command], SECONDS_CHECK, True, environment)


def sanitized_build(targets):
    """What the tests run."""
    command = build_command(
        ASAN,
        targets,
        "-Db_sanitize=address,undefined",
        # The sanitizers make gcc warn of what is not so; the other builds take warnings as errors.
        "-Dwerror=false",
        # gcc's shared UBSan heeds no log_path when ASan is there.
        "-Dc_link_args=-static-libasan -static-libubsan",
    )
    return make_check("build with gcc, sanitized", command, "gcc")


def plain_build(targets):
    """What is installed; and what the tests of failing calls run."""
    return make_check("build with gcc", build_command(ROOT / "build", targets), "gcc")


def list_c_files():
    git = ["git", "-C", str(ROOT), "-c", f"safe.directory={ROOT}", "ls-files", "-z", "*.c", "*.h"]
    names = subprocess.run(git, stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).exists()]


def check_layout():
    return shlex.join(["clang-format", "--dry-run", "-Werror", *list_c_files()])


def check_clang():
    suite = [MESON, "test", "-C", str(CLANG), "--no-rebuild", "--suite", "unit", "--print-errorlogs"]
    return f"{build_command(CLANG, [])} && {shlex.join(suite)}"


# The three analysers go over what is installed: cmocka's checks leave by longjmp(), which none of
# them follows. .clang-tidy and cppcheck.txt say what is left out there, and why.
ANALYSED = ("src", "tests/sample", "tests/standin")


def check_with_gcc():
    return build_command(
        ANALYZED,
        [],
        "-Dtests=false",
        # gcc 12 gives up whatever a structure owns when a library call is handed a part of it;
        # the sanitized tests find what is not freed.
        "-Dc_args=-fanalyzer -Wno-analyzer-malloc-leak",
    )


def check_with_clang_tidy():
    """It reads how each file is compiled, and files that the build makes."""
    tidy = ["run-clang-tidy", "-p", str(CLANG), "-j", str(PROCESSORS), "-quiet"]
    tidy.append(f"^{re.escape(str(ROOT))}/.*({'|'.join(ANALYSED)})/")
    return f"{build_command(CLANG, [])} && {shlex.join(tidy)} 2>&1"


def check_with_cppcheck():
    return shlex.join([
        "cppcheck", "--quiet", "--error-exitcode=1", "-j", str(PROCESSORS),
        "--enable=warning,style,performance,portability", "--std=c11", "--library=posix,gnu",
        f"--suppressions-list={ROOT / 'tests' / 'cppcheck.txt'}", f"-I{ROOT / 'src'}",
        *(str(ROOT / folder) for folder in ANALYSED),
    ])


# By the name of the test: the command, and the compiler of the build that it makes.
CHECKS = {
    "check/layout": (check_layout, "gcc"),
    "check/build-gcc": (lambda: build_command(ROOT / "build", []), "gcc"),
    "check/build-clang": (check_clang, "clang"),
    "check/analysis-gcc": (check_with_gcc, "gcc"),
    "check/analysis-clang-tidy": (check_with_clang_tidy, "clang"),
    "check/analysis-cppcheck": (check_with_cppcheck, "gcc"),
}


def make_python_job(test, is_long, share=None):
    environment = {
        "ROWPOST": str(ASAN / "rowpost"),
        "ROWPOST_STANDIN": str(ASAN / "tests" / "standin" / "rowpost-standin"),
        "ROWPOST_SAMPLE": str(ASAN / "tests" / "sample" / "rowpost-sample"),
        "ROWPOST_ORACLE_CLIENT": str(ASAN / "tests" / "oracle" / "rowpost-oracle-client"),
        "ROWPOST_PLAIN": str(ROOT / "build" / "rowpost"),
        "ROWPOST_SHIM": str(ROOT / "build" / "tests" / "torture" / "rowpost-shim.so"),
        "ROWPOST_TEST_DATA": str(ROOT / "tests" / "data"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if share is not None:
        environment["ROWPOST_SHARE"] = f"{share}/{SHARES}"
    name = test.name if share is None else f"{test.name} {share} of {SHARES}"
    command = [PYTHON, str(ROOT / "tests" / "run_python.py"), str(ROOT / test.file)]
    return Job(name, command, SECONDS_LONG if is_long else SECONDS_FILE, False, environment)


def list_programs():
    """The C programs that meson knows as tests, by their place in the build folder."""
    command = [MESON, "introspect", str(ASAN), "--tests"]
    listed = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return {os.path.relpath(test["cmd"][0], ASAN): test for test in listed}


def make_program_job(test, programs):
    known = programs[test.builds[0]]
    environment = {**known["env"], "CMOCKA_MESSAGE_OUTPUT": "TAP"}
    return Job(test.name, known["cmd"], known["timeout"], False, environment)


def make_jobs(tests, is_long):
    programs = list_programs() if any(test.file.endswith(".c") for test in tests) else {}
    jobs = []
    for test in tests:
        if is_long and os.path.basename(test.file) in SHARED:
            jobs += [make_python_job(test, is_long, share + 1) for share in range(SHARES)]
        elif test.file.endswith(".py"):
            jobs.append(make_python_job(test, is_long))
        elif test.file.endswith(".c"):
            jobs.append(make_program_job(test, programs))
        elif test.file.endswith(".sh"):
            jobs.append(Job(test.name, ["/bin/sh", str(ROOT / test.file)], SECONDS_LONG, True))
    if is_long:
        for job in jobs:
            job.environment["ROWPOST_LONG"] = "1"
    return jobs


def read_tests(arguments):
    """The chosen tests, or None where a name is none; what was wrong has been printed then."""
    command = ["/bin/sh", str(ROOT / "tests" / "list_tests.sh"), *arguments]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if listed.returncode != 0:
        return None
    tests = []
    for line in listed.stdout.splitlines():
        name, file, *lists = line.split("\t")
        builds, plain_builds, *_ = ([] if text == "-" else text.split() for text in lists)
        tests.append(Test(name, file, builds, plain_builds))
    return tests


def list_targets(tests, kind):
    return sorted({target for test in tests for target in getattr(test, kind)})


def run_tests(tests, is_whole, is_long, processes, scratch):
    """The outcomes. Where what is tested does not compile, there is nothing to test."""
    outcomes = []
    builds = list_targets(tests, "builds")
    if builds:
        targets = [*(["all"] if is_whole else []), *builds]
        outcomes += run_jobs([sanitized_build(targets)], 1, processes, scratch)
    plain_builds = list_targets(tests, "plain_builds")
    if plain_builds and not is_whole:
        outcomes += run_jobs([plain_build(plain_builds)], 1, processes, scratch)
    if any(outcome.failed for outcome in outcomes):
        return outcomes
    checks = [
        make_check(test.name, command(), compiler)
        for test in tests
        if test.name in CHECKS
        for command, compiler in [CHECKS[test.name]]
    ]
    outcomes += run_jobs(checks, 1, processes, scratch)
    return outcomes + run_jobs(make_jobs(tests, is_long), PROCESSORS, processes, scratch)


def main():
    arguments = sys.argv[1:]
    tests = read_tests(arguments)
    if tests is None:
        return 2
    is_long = "--long" in arguments
    is_whole = not set(arguments) - {"--long"}
    processes = Processes()
    with tempfile.TemporaryDirectory(prefix="rowpost-test-") as scratch:
        outcomes = run_tests(tests, is_whole, is_long, processes, scratch)
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
