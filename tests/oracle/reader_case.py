"""What the tests of the reader in C have in common: a reader, an emulated server, and what the one
makes of the other's values."""

import datetime
import pathlib
import re
import unittest

from emulator import awkward
from emulator.server import Emulator
from emulator.settings import Settings
from reader import run_reader

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "oracle.md"
GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "data" / "golden"

# Types that are not read, with what the message says of each.
NOT_READ = {
    "A_LOCAL": ("TIMESTAMP WITH LOCAL TIME ZONE", "CAST(V AS TIMESTAMP(9))"),
    "AN_OBJECT": ("SDO_GEOMETRY", "SDO_UTIL.TO_WKTGEOMETRY(V)"),
    "AN_XML": ("XMLTYPE", "XMLSERIALIZE(CONTENT V AS CLOB)"),
    "A_CURSOR": ("REF CURSOR", "the columns of its query"),
    "A_FILE": ("BFILE", "TO_BLOB(V)"),
    "A_JSON": ("JSON", "JSON_SERIALIZE(V RETURNING CLOB)"),
    "A_VECTOR": ("VECTOR", "VECTOR_SERIALIZE(V RETURNING CLOB)"),
}
READABLE = [name for name in awkward.TYPES if name not in NOT_READ]
MOMENTS = {"A_DATE", "A_TIMESTAMP", "A_ZONED", "A_REGION"}

LIMIT = 1500                # milliseconds, for servers that stall
PATIENCE = 8000             # for those that do not, on a busy machine


def to_moment(name, text):
    """ISO text as the reader has it: in UTC, six digits behind the point, or nine."""
    if name == "A_REGION":
        text = text[:-6]            # the server sends UTC, and where that is, by a number
    digits = (re.search(r"\.(\d+)", text) or [".", ""])[1].ljust(9, "0")
    moment = datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text))
    if moment.tzinfo:
        moment = moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return f"{moment.isoformat(' ')}.{digits.removesuffix('000')}"


def expect(name, value):
    """The text by which the reader gives what the table says."""
    if value is None:
        return None
    if name in MOMENTS:
        return to_moment(name, value)
    if name == "AN_INFINITY":
        return value.replace("Inf", "~")
    return value


class ReaderCase(unittest.TestCase):
    maxDiff = 2000

    def serve(self, database=None, **settings):
        path = GOLDEN / f"{database}.db" if database else None
        emulator = Emulator(path, Settings(**settings)).start()
        self.addCleanup(emulator.stop)
        return emulator

    def read(self, emulator, *statements, **options):
        """The results of a session in which nothing may go wrong."""
        answer = run_reader(emulator, *statements, **options)
        self.assertNotIn("error", answer)
        self.assertEqual(emulator.trouble, [])
        return answer["results"]

    def assertTypes(self, results, names=READABLE):
        for name, result in zip(names, results):
            with self.subTest(table=name):
                self.assertNotIn("error", result)
                wanted = [[n, expect(name, v), s] for n, v, s in awkward.texts_of(name)]
                self.assertEqual(result["rows"], wanted)

    def read_types(self, names=READABLE, options=None, **settings):
        with self.subTest(**settings, **(options or {})):
            emulator = self.serve(**settings)
            queries = [f"SELECT * FROM {name}" for name in names]
            self.assertTypes(self.read(emulator, *queries, **(options or {})), names)

    def assertFails(self, answer, failure, code=0, *words):
        error = answer.get("error") or answer["results"][0]["error"]
        self.assertEqual((error["failure"], error["code"]), (failure, code), error["message"])
        for word in words:
            self.assertIn(word, error["message"])
