"""A PostgreSQL server as a source, by Debian's odbc-postgresql."""

import json
import os
import unittest

import odbc_cases
from odbc_cases import read
from postgresql_server import PostgresqlServer


class Postgresql(odbc_cases.ServerCases):
    make_server = PostgresqlServer

    def test_types_of_its_own_are_told_apart(self):
        rows = self.rows(
            "SELECT true AS T, false AS F, 1.5::float8 AS R, 'a'::varchar AS V, 'b'||'c' AS X,"
            " '\\x00ff'::bytea AS B, 0.5::numeric AS N, 3::numeric AS W, NULL AS Z,"
            " timestamptz '2020-02-03 04:05:06+02' AS M"
        )
        self.assertEqual(rows, [{
            "T": 1, "F": 0, "R": 1.5, "V": "a", "X": "bc", "B": {"hex": "00ff"}, "N": "0.5", "W": 3,
            "Z": None, "M": "2020-02-03 02:05:06.000000",
        }])

    def test_a_million_rows_take_no_more_memory_than_a_hundred_thousand(self):
        peaks = []
        for count in (100000, 1000000):
            sql = (
                "SELECT I AS ID, 'row ' || I AS NAME, repeat('x', 100)::varchar(100) AS FILLING"
                f" FROM generate_series(1, {count}) I"
            )
            options = os.environ.get("ASAN_OPTIONS", "")
            _, out, err = read(
                self.url(), sql, "--count", ASAN_OPTIONS=f"{options}:quarantine_size_mb=1"
            )
            answer = json.loads(out)
            self.assertEqual(answer["rows"], count, err)
            peaks.append(answer["peak_kilobytes"])
        # The result itself is more than 100 MB.
        self.assertLess(peaks[1], peaks[0] + 20000, peaks)

    def test_a_dsn_reads_as_well(self):
        ini = self.folder / "odbc.ini"
        ini.write_text(
            "[valdb]\nDriver=PostgreSQL Unicode\nServername=127.0.0.1\n"
            f"Port={self.server.port}\nDatabase=valdb\n"
        )
        options = ["--from", "odbc:dsn=valdb;UID=reader", "--as-of", "2023-03-15"]
        result = self.rowpost("plan", *options, ODBCINI=str(ini), **self.environment)
        self.assertIn(result.status, (0, 1), result.err)
        self.assertTrue(self.workspace.exists())


class DirtyPostgresql(odbc_cases.Served):
    golden = "backup-dirty"
    make_server = PostgresqlServer


if __name__ == "__main__":
    unittest.main()
