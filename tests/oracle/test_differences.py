"""The reader and Oracle's own driver for node in the same odd situations: what comes of it is the
same, but for the situations in the table of docs/oracle.md. Each of those differs as it says."""

import dataclasses
import pathlib
import re
import unittest

from emulator.faults import Fault
from emulator.server import Emulator
from emulator.settings import Settings
from emulator.silent import SilentAddress
from node_driver import make_job, run_client
from reader import run_reader

TABLE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "oracle.md"

# | `situation`, `situation` | what comes of the reader | what comes of the driver | why |
LINE = re.compile(r"^\| (`[a-z0-9`, -]+`) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)

LIMIT = 8000                # milliseconds, for whoever waits for what does not come

SILENT = object()

MISSING = "SELECT * FROM NOWHERE"
SAME = "SELECT * FROM THE_SAME"
DATE = "SELECT * FROM A_DATE"


@dataclasses.dataclass
class Situation:
    name: str
    query: str = DATE
    sign_in: dict = dataclasses.field(default_factory=dict)
    settings: dict = dataclasses.field(default_factory=dict)
    first: object = None        # the settings of an address that is tried before; or SILENT


def _markers():
    """Each order of markers before an error, of a query and of the sign-in."""
    for before, after in (((1,), (2,)), ((2,), ()), ((1, 2), ()), ((1, 2), (2,)), ((1, 2, 2), ()),
                          ((1,), (2, 2)), ((3,), (2,)), ((2, 2), ())):
        name = "markers-" + "-".join(map(str, before))
        name += "-then-" + "-".join(map(str, after)) if after else ""
        markers = {"error_markers": (before, after)}
        yield Situation(name, MISSING, settings=markers)
        yield Situation(f"{name}-at-once", MISSING, settings={**markers, "awaits_reset": False})
        yield Situation(f"{name}-with-noise", MISSING, settings={**markers, "marker_noise": True})
        yield Situation(f"{name}-at-sign-in", DATE, {"password": "wrong"}, markers)


def _down_at(stage):
    return {"capabilities": False, "instance_error": (stage, 1034)}


PROXY = {"proxy_for": "CMS_PDMV_VAL"}

SITUATIONS = [
    *_markers(),
    Situation("down-at-types", settings=_down_at("types")),
    Situation("down-at-sign-in", settings=_down_at("auth-1")),
    Situation("noise-before-accept", settings={"connects": ("accept-noisily",)}),
    Situation("refuse-without-text", settings={"connects": ("refuse-empty",)}),
    Situation("redirect-split", settings={"connects": ("redirect-split:0", "accept")}),
    Situation("redirects-eight", settings={"connects": ("redirect:0",) * 8 + ("accept",)}),
    Situation("redirects-nine", settings={"connects": ("redirect:0",)}),
    Situation("close-at-connect", settings={"connects": ("close",)}),
    Situation("close-at-protocol", settings={"faults": [Fault("protocol", "drop")]}),
    Situation("close-at-sign-in", settings={"faults": [Fault("auth-1", "drop")]}),
    Situation("first-silent", first=SILENT),
    Situation("first-refuses", first={"connects": ("refuse:12514",)}),
    Situation("first-closes", first={"connects": ("close",)}),
    Situation("first-stalls", first={"connects": ("stall",)}),
    Situation("first-is-down", first=_down_at("auth-1")),
    Situation("first-drops-the-protocol", first={"faults": [Fault("protocol", "drop")]}),
    Situation("first-refuses-the-password", sign_in={"password": "wrong"}, first={}),
    Situation("vector-without-bytes", SAME,
              settings={"empty_vectors": True, "prefetches_unasked": True}),
    Situation("proxy-user", DATE, {"user": "CMS_READER[CMS_PDMV_VAL]"}, PROXY),
    Situation("proxy-user-refused", DATE, {"user": "CMS_READER[SYS]"}, PROXY),
    Situation("boolean", "SELECT * FROM A_BOOLEAN"),
    Situation("interval-months", "SELECT * FROM SOME_MONTHS"),
    Situation("interval-seconds", "SELECT * FROM SOME_SECONDS"),
    Situation("odd-date", "SELECT * FROM AN_ODD_DATE"),
    Situation("odd-number", "SELECT * FROM AN_ODD_NUMBER"),
    Situation("object", "SELECT * FROM AN_XML"),
    Situation("local-time", "SELECT * FROM A_LOCAL"),
    Situation("native-encryption", settings={"requires_native_encryption": True}),
]


def outcome_of(answer, number):
    """`number` is what the error's code is called."""
    error = answer.get("error") or answer["results"][0].get("error")
    if error is None:
        return f"{len(answer['results'][0]['rows'])} rows"
    return f"ORA-{error[number]:05}" if error.get(number) else "an error"


class TestDifferences(unittest.TestCase):
    maxDiff = 4000

    def serve(self, settings):
        settings = {**settings, "faults": [Fault(fault.stage, fault.action)
                                           for fault in settings.get("faults", [])]}
        emulator = Emulator(None, Settings(**settings)).start()
        self.addCleanup(emulator.stop)
        return emulator

    def find_first(self, situation):
        if situation.first is not SILENT:
            return self.serve(situation.first)
        silent = SilentAddress()
        self.addCleanup(silent.__exit__)
        return silent.__enter__()

    def set_up(self, situation):
        """The emulated server, and the address by which it is asked for."""
        emulator = self.serve(situation.settings)
        servers = [] if situation.first is None else [self.find_first(situation)]
        places = "".join(f"(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT={server.port}))"
                         for server in (*servers, emulator))
        seconds = LIMIT // 1000
        return emulator, (f"(DESCRIPTION=(CONNECT_TIMEOUT={seconds})"
                          f"(TRANSPORT_CONNECT_TIMEOUT=1){places}"
                          "(CONNECT_DATA=(SERVICE_NAME=emulated)))")

    def ask_reader(self, situation):
        emulator, address = self.set_up(situation)
        answer = run_reader(emulator, situation.query, address=address, silence_limit=LIMIT,
                            **situation.sign_in)
        return outcome_of(answer, "code")

    def ask_driver(self, situations):
        """What comes of the driver in each situation, in one run of node."""
        jobs = []
        for situation in situations:
            emulator, address = self.set_up(situation)
            jobs.append(make_job(emulator, situation.query, connectString=address,
                                 call_timeout=LIMIT, **situation.sign_in))
        return [outcome_of(answer, "number") for answer in run_client(jobs)]

    def test_nothing_differs_that_is_not_explained(self):
        explained = {name: (ours.strip(), theirs.strip())
                     for names, ours, theirs, _ in LINE.findall(TABLE.read_text())
                     for name in re.findall(r"`([^`]+)`", names)}
        found = {}
        for situation, theirs in zip(SITUATIONS, self.ask_driver(SITUATIONS)):
            ours = self.ask_reader(situation)
            if ours != theirs:
                found[situation.name] = (ours, theirs)
        self.assertEqual(found, explained)


if __name__ == "__main__":
    unittest.main()
