"""The reader in C and servers that break off, fall silent, lie or talk without an end."""

import unittest

import reader
from emulator.faults import Fault
from emulator.primitives import put_bytes, put_integer
from reader import run_reader
from reader_case import LIMIT, ReaderCase

HANGS = 200_000             # milliseconds: only stops what hangs
STAGES = ("protocol", "types", "auth-1", "auth-2", "execute", "fetch")


class TestBroken(ReaderCase):
    """Whatever the server does, the reader ends with an error, soon and in its right mind."""

    def assertError(self, fault, **settings):
        emulator = self.serve(many_rows=5000, faults=[fault], **settings)
        ends_by_itself = fault.action in ("drop", "cut")
        is_connected = fault.stage in ("execute", "fetch")
        answer = run_reader(emulator, "SELECT * FROM MANY_ROWS", count=True,
                            connect_limit=HANGS if ends_by_itself or is_connected else LIMIT,
                            silence_limit=HANGS if ends_by_itself else LIMIT)
        self.assertGreater(fault.struck, 0)
        error = answer.get("error") or answer["results"][0].get("error")
        self.assertIsNotNone(error, answer)
        self.assertTrue(error["message"])
        return error

    def at_every_stage(self, action, **fields):
        for stage in STAGES:
            with self.subTest(stage=stage):
                yield stage, self.assertError(Fault(stage, action, **fields))

    def test_a_connection_that_is_dropped(self):
        for _, error in self.at_every_stage("drop"):
            self.assertEqual(error["failure"], reader.UNREACHABLE)

    def test_a_connection_that_ends_within_an_answer(self):
        for count in (1, 2, 5, 17):
            for _, error in self.at_every_stage("cut", count=count):
                self.assertEqual(error["failure"], reader.UNREACHABLE)

    def test_a_server_that_falls_silent(self):
        for _, error in self.at_every_stage("stall"):
            self.assertEqual(error["failure"], reader.TIMEOUT)
        for _, error in self.at_every_stage("stall", count=9):
            self.assertEqual(error["failure"], reader.TIMEOUT)

    def test_a_listener_that_falls_silent(self):
        error = self.assertError(Fault("connect", "stall"))
        self.assertEqual(error["failure"], reader.TIMEOUT)

    def test_garbage_instead_of_a_packet(self):
        noise = bytes(place * 73 & 0xFF for place in range(3000))
        for content in (noise, b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 100, bytes(100)):
            for _ in self.at_every_stage("raw", content=content):
                pass

    def test_garbage_instead_of_a_message(self):
        for content in (b"\xee" * 40, bytes(40), b"\x04" + b"\xff" * 60, b"\x10\xfe\x04\xff"):
            for _ in self.at_every_stage("replace", content=content):
                pass

    def test_lengths_that_lie(self):
        huge = b"\x04\x7f\xff\xff\xff"
        describe = b"\x10" + put_bytes(b"x") + put_integer(1)
        for content in (
            describe + huge + b"\x01",                              # columns without number
            b"\x08" + b"\x02\xff\xff" + huge * 20,                  # pairs without number
            b"\x06\x22" + bytes(6) + huge + b"\xfe" + huge,         # a bit vector without end
            b"\x0f\x02\x6d\x60\x02\xff\xff\x00\xfe" + huge,         # a warning without end
        ):
            for stage in ("execute", "fetch"):
                self.assertError(Fault(stage, "replace", content=content))

    def test_a_byte_that_is_another(self):
        """Whatever byte of an answer it is: an end, and no sanitizer's report."""
        for stage in ("protocol", "auth-1", "execute", "fetch"):
            for place in range(0, 160, 9):
                for content in (b"\x00", b"\xff", b"\xfe"):
                    fault = Fault(stage, "corrupt", count=place, content=content)
                    emulator = self.serve(many_rows=3000, faults=[fault])
                    run_reader(emulator, "SELECT * FROM MANY_ROWS", count=True,
                               connect_limit=LIMIT, silence_limit=300)
                    emulator.stop()

    def test_a_flood(self):
        warning = b"\x0f" + put_integer(28002) + put_integer(4) + b"\0" + put_bytes(b"soon")
        piece = b"\xfe" + b"\x02\x40\x00" + b"x" * 0x4000
        for stage in ("auth-2", "execute", "fetch"):
            for content in (warning, piece, b"\x17\x01"):
                with self.subTest(stage=stage, content=content[:4]):
                    self.assertError(Fault(stage, "flood", content=content))


if __name__ == "__main__":
    unittest.main()
