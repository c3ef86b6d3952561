"""Runs the unittest cases of one file and prints a line of TAP for each as it ends."""

import importlib.util
import pathlib
import signal
import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    """Prints; a test that failed in several places (subtests, tearDown) is one line."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.reported = None

    def _print(self, word, test, reason=""):
        if self.reported == test.id():
            return
        self.reported = test.id()
        self.number += 1
        print(f"{word} {self.number} - {test.id()}{reason}", flush=True)

    def _print_failure(self, test, error):
        self._print("not ok", test)
        for line in "".join(traceback.format_exception(*error)).splitlines():
            print("# " + line, flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.reported = None

    def addSuccess(self, test):
        super().addSuccess(test)
        self._print("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._print_failure(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self._print_failure(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._print_failure(test, err)
            print(f"# {subtest}", flush=True)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._print("ok", test, f" # SKIP {reason}")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._print("ok", test)

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._print("not ok", test)


def load(path):
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def main():
    # A shell starts what runs in the background with SIGINT ignored, and programs inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    suite = load(pathlib.Path(sys.argv[1]).resolve())
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
