"""The reader and Oracle's own driver for node in the same odd situations: what comes of it is the
same, but for the situations in the table of docs/oracle.md. Each of those differs as it says."""

import pathlib
import re
import unittest

from emulator.faults import Fault
from emulator.server import Emulator
from emulator.settings import Settings
from node_driver import make_job, run_client
from reader import run_reader

TABLE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "oracle.md"

# | `situation`, `situation` | what comes of the reader | what comes of the driver | why |
LINE = re.compile(r"^\| (`[a-z0-9`, -]+`) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)

LIMIT = 3000                # milliseconds, for whoever waits for what does not come

MISSING = "SELECT * FROM NOWHERE"
SAME = "SELECT * FROM THE_SAME"
DATE = "SELECT * FROM A_DATE"


def _markers():
    """Each order of markers before an error, of a query and of the sign-in."""
    for before, after in (((1,), (2,)), ((2,), ()), ((1, 2), ()), ((1, 2), (2,)), ((1, 2, 2), ()),
                          ((1,), (2, 2)), ((3,), (2,)), ((2, 2), ())):
        name = "-".join(map(str, before)) + ("-then-" + "-".join(map(str, after)) if after else "")
        markers = {"error_markers": (before, after)}
        yield f"markers-{name}", MISSING, {}, markers
        yield f"markers-{name}-at-once", MISSING, {}, {**markers, "awaits_reset": False}
        yield f"markers-{name}-with-noise", MISSING, {}, {**markers, "marker_noise": True}
        yield f"markers-{name}-at-sign-in", DATE, {"password": "wrong"}, markers


# (name, query, sign-in, the server's settings)
SITUATIONS = [
    *_markers(),
    ("down-at-types", DATE, {}, {"capabilities": False, "instance_error": ("types", 1034)}),
    ("down-at-sign-in", DATE, {}, {"capabilities": False, "instance_error": ("auth-1", 1034)}),
    ("noise-before-accept", DATE, {}, {"connects": ("accept-noisily",)}),
    ("refuse-without-text", DATE, {}, {"connects": ("refuse-empty",)}),
    ("redirect-split", DATE, {}, {"connects": ("redirect-split:0", "accept")}),
    ("redirects-eight", DATE, {}, {"connects": ("redirect:0",) * 8 + ("accept",)}),
    ("redirects-nine", DATE, {}, {"connects": ("redirect:0",)}),
    ("close-at-connect", DATE, {}, {"connects": ("close",)}),
    ("close-at-protocol", DATE, {}, {"faults": [Fault("protocol", "drop")]}),
    ("close-at-sign-in", DATE, {}, {"faults": [Fault("auth-1", "drop")]}),
    ("vector-without-bytes", SAME, {}, {"empty_vectors": True, "prefetches_unasked": True}),
    ("proxy-user", DATE, {"user": "CMS_READER[CMS_PDMV_VAL]"}, {"proxy_for": "CMS_PDMV_VAL"}),
    ("proxy-user-refused", DATE, {"user": "CMS_READER[SYS]"}, {"proxy_for": "CMS_PDMV_VAL"}),
    ("boolean", "SELECT * FROM A_BOOLEAN", {}, {}),
    ("interval-months", "SELECT * FROM SOME_MONTHS", {}, {}),
    ("interval-seconds", "SELECT * FROM SOME_SECONDS", {}, {}),
    ("odd-date", "SELECT * FROM AN_ODD_DATE", {}, {}),
    ("odd-number", "SELECT * FROM AN_ODD_NUMBER", {}, {}),
    ("object", "SELECT * FROM AN_XML", {}, {}),
    ("local-time", "SELECT * FROM A_LOCAL", {}, {}),
    ("native-encryption", DATE, {}, {"requires_native_encryption": True}),
]


def outcome_of_reader(emulator, query, sign_in):
    answer = run_reader(emulator, query, connect_limit=LIMIT, silence_limit=LIMIT, **sign_in)
    error = answer.get("error") or answer["results"][0].get("error")
    if error is None:
        return f"{len(answer['results'][0]['rows'])} rows"
    return f"ORA-{error['code']:05}" if error["code"] else "an error"


def outcome_of_driver(answer):
    error = answer.get("error") or answer["results"][0].get("error")
    if error is None:
        return f"{len(answer['results'][0]['rows'])} rows"
    return f"ORA-{error['number']:05}" if error.get("number") else "an error"


class TestDifferences(unittest.TestCase):
    maxDiff = 4000

    def serve(self, settings):
        settings = {**settings, "faults": [Fault(fault.stage, fault.action)
                                           for fault in settings.get("faults", [])]}
        emulator = Emulator(None, Settings(**settings)).start()
        self.addCleanup(emulator.stop)
        return emulator

    def ask_driver(self, situations):
        """What comes of the driver in each situation, in one run of node."""
        jobs = []
        for _, query, sign_in, settings in situations:
            emulator = self.serve(settings)
            place = f"127.0.0.1:{emulator.port}/emulated?connect_timeout={LIMIT // 1000}"
            jobs.append(make_job(emulator, query, connectString=place, call_timeout=LIMIT, **sign_in))
        return [outcome_of_driver(answer) for answer in run_client(jobs)]

    def test_nothing_differs_that_is_not_explained(self):
        explained = {name: (ours.strip(), theirs.strip())
                     for names, ours, theirs, _ in LINE.findall(TABLE.read_text())
                     for name in re.findall(r"`([^`]+)`", names)}
        found = {}
        for situation, theirs in zip(SITUATIONS, self.ask_driver(SITUATIONS)):
            name, query, sign_in, settings = situation
            ours = outcome_of_reader(self.serve(settings), query, sign_in)
            if ours != theirs:
                found[name] = (ours, theirs)
        self.assertEqual(found, explained)


if __name__ == "__main__":
    unittest.main()
