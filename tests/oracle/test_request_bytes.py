"""The reader's requests are those of Oracle's own driver, byte by byte, but for what stands in the
table of docs/oracle.md: nothing differs that is not listed there, and what is listed differs."""

import pathlib
import re
import unittest

from dissect import differences
from emulator.server import Emulator
from emulator.settings import (
    FIELD_VERSIONS, VERIFIER_11G_1, VERIFIER_11G_2, VERIFIER_12C, Settings)
from node_driver import make_job, run_client
from reader import run_reader

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parents[1] / "docs" / "oracle.md"
FIXED_RANDOM = HERE / "node" / "fixed_random.js"

# | `stage` | `field`, `field` | why |
LINE = re.compile(r"^\| `([a-z0-9-]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)

QUERIES = ("SELECT * FROM A_DATE", "SELECT * FROM A_CLOB", "SELECT * FROM MANY_ROWS")


def read_explained():
    """{(stage, field)} of the table."""
    return {(stage, field)
            for stage, fields, _ in LINE.findall(TABLE.read_text())
            for field in re.findall(r"`([^`]+)`", fields)}


def make_known(count):
    return bytes(place & 0xFF for place in range(count))


class TestRequests(unittest.TestCase):
    maxDiff = 4000

    def serve(self, **settings):
        emulator = Emulator(None, Settings(random=make_known, many_rows=2500, **settings)).start()
        self.addCleanup(emulator.stop)
        return emulator

    def compare(self, **settings):
        """What differs in one session with a server like this."""
        ours, theirs = self.serve(**settings), self.serve(**settings)
        version = ours.settings.field_version
        options = {"fetchArraySize": 1000, "prefetchRows": 0}
        answer = run_client([make_job(theirs, *({"sql": sql, "options": options}
                                                for sql in QUERIES))], FIXED_RANDOM)[0]
        self.assertNotIn("error", answer)
        answer = run_reader(ours, *QUERIES, fixed_random=True, field_version=24, packet=8192)
        self.assertNotIn("error", answer)
        found, our_stages, their_stages = differences(
            ours.sessions[0].requests, theirs.sessions[0].requests, version)
        self.assertEqual(our_stages, their_stages)
        return found

    def test_nothing_differs_that_is_not_explained(self):
        explained = read_explained()
        self.assertTrue(explained)
        seen = set()
        servers = [{"field_version": version} for version in FIELD_VERSIONS]
        servers += [{"verifier": verifier} for verifier in (
            VERIFIER_12C, VERIFIER_11G_1, VERIFIER_11G_2)]
        servers += [{"time_zone": True, "long_strings": False}, {"version": 315}]
        for settings in servers:
            with self.subTest(**settings):
                found = self.compare(**settings)
                seen |= set(found)
                unexplained = {key: value for key, value in found.items() if key not in explained}
                self.assertEqual(unexplained, {})
        self.assertEqual(explained - seen, set(), "explained, and does not differ")


if __name__ == "__main__":
    unittest.main()
