"""The reader in C and the markers by which a server breaks its answer off."""

import unittest

import reader
from emulator.faults import Fault
from reader import run_reader
from reader_case import PATIENCE, ReaderCase

# (before the client's reset, after it): the kinds of markers by which a server announces an error.
MARKERS = (
    ((1,), (2,)), ((2,), ()), ((2,), (2,)), ((1, 2), ()), ((1, 2), (2,)), ((1, 2, 2), ()),
    ((1,), (2, 2)), ((3,), (2,)), ((3, 2), ()), ((1, 1), (2,)), ((2, 2), ()), ((2, 1), ()),
)


class TestMarkers(ReaderCase):
    """Whatever markers go before an error, it is the server's own that is told, and soon."""

    def assertSoon(self, failure, code, sql=(), options=None, **settings):
        for markers in MARKERS:
            for rest in ({}, {"awaits_reset": False}, {"marker_noise": True},
                         {"marker_noise": True, "awaits_reset": False}, {"payload": 5}):
                with self.subTest(markers=markers, **rest, **settings):
                    emulator = self.serve(error_markers=markers, **rest, **settings)
                    answer = run_reader(emulator, *sql, silence_limit=PATIENCE, connect_limit=PATIENCE,
                                        **(options or {}))
                    self.assertFails(answer, failure, code, f"ORA-{code:05}")
                    self.assertEqual(emulator.trouble, [])
                    for result in answer.get("results", [])[1:]:
                        self.assertEqual(len(result["rows"]), 1000)

    def test_of_a_query(self):
        self.assertSoon(reader.SERVER, 942, ("SELECT * FROM NOWHERE", "SELECT * FROM MANY_ROWS"))

    def test_of_the_sign_in(self):
        self.assertSoon(reader.SIGN_IN, 1017, options={"password": "wrong"})

    def test_in_the_middle_of_an_answer(self):
        """What came before belongs to no row and to no message."""
        for stage in ("execute", "fetch"):
            for count in (1, 40, 4000):
                fault = Fault(stage, "break-within", nth=1, count=count)
                for markers in MARKERS:
                    with self.subTest(stage=stage, count=count, markers=markers):
                        emulator = self.serve(error_markers=markers, many_rows=3000, faults=[fault])
                        answer = run_reader(emulator, "SELECT * FROM MANY_ROWS",
                                            "SELECT * FROM A_DATE", count=True,
                                            silence_limit=PATIENCE)
                        self.assertFails(answer, reader.SERVER, 1013)
                        self.assertEqual(answer["results"][1]["row_count"], 16)
                        self.assertEqual(emulator.trouble, [])

    def test_of_an_instance_that_is_down(self):
        for stage in ("types", "auth-1"):
            self.assertSoon(reader.UNREACHABLE, 1034, instance_error=(stage, 1034),
                            capabilities=False)


if __name__ == "__main__":
    unittest.main()
