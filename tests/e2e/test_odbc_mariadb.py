"""A MariaDB server as a source, by Debian's odbc-mariadb."""

import unittest

import odbc_cases
from mariadb_server import MariadbServer


class Mariadb(odbc_cases.ServerCases):
    make_server = MariadbServer

    def test_types_of_its_own_are_told_apart(self):
        rows = self.rows(
            "SELECT true AS T, 1.5e0 AS R, X'00ff' AS B, 18446744073709551615 AS U, 3.00 AS W,"
            " NULL AS Z, 'a' || 'b' AS X, '\\' AS S"
        )
        self.assertEqual(rows, [{
            "T": 1, "R": 1.5, "B": {"hex": "00ff"}, "U": "18446744073709551615", "W": 3, "Z": None,
            "X": "ab", "S": "\\",
        }])

    def test_names_that_differ_in_case_alone_stay_apart(self):
        """The server takes them for equal; they are ordered by their bytes all the same."""
        self.load(
            "CREATE TABLE NAMES (N varchar(20));"
            "INSERT INTO NAMES VALUES ('b'), ('A'), ('a'), ('B'), ('a '), (NULL);"
        )
        self.addCleanup(self.load, "DROP TABLE NAMES;")
        rows = self.rows("SELECT X.N FROM NAMES X ORDER BY /*bytes*/ X.N")
        self.assertEqual([row["N"] for row in rows], [None, "A", "B", "a", "a ", "b"])

    def test_the_database_of_the_address_is_the_schema(self):
        self.server.load("CREATE DATABASE elsewhere; CREATE TABLE elsewhere.T (A integer);"
                         "INSERT INTO elsewhere.T VALUES (7);"
                         "GRANT SELECT ON elsewhere.* TO 'reader'@'127.0.0.1';")
        self.addCleanup(self.server.load, "DROP DATABASE elsewhere;")
        _, out, err = odbc_cases.read(self.url() + "elsewhere", "SELECT A FROM T")
        self.assertEqual((out, err), ('{"A":7}\n', ""))


class DirtyMariadb(odbc_cases.Served):
    golden = "backup-dirty"
    make_server = MariadbServer


if __name__ == "__main__":
    unittest.main()
