"""The tables of a migration file, kept as a snapshot by `plan --keep-staged`: the same file makes the
same plan of it."""

import sqlite3
import unittest

from scene import Scene

SOURCE = """\
CREATE TABLE PERSON(ID INTEGER PRIMARY KEY, MAIL TEXT, fullName TEXT, note TEXT, data BLOB);
INSERT INTO PERSON VALUES(1, 'Ann@x.example', 'Ann', NULL, x'00ff'), (2, NULL, 'Bob', 'x', NULL),
                         (3, 'cy@x.example', 'Cy', '17', NULL);
CREATE TABLE ticket(id TEXT, person INTEGER, weight);
INSERT INTO ticket VALUES('010', 1, 2.5), ('11', 3, '2.5'), ('12', 2, NULL);
"""

DESK = """\
--@ migration desk
--@ table people key number
SELECT id AS number, mail AS address, fullName AS name FROM app.person;
--@ unused people note, data: nobody reads them
--@ classify people as users
SELECT number AS row, iif(address IS NULL, 'no address', NULL) AS reject, address, name FROM people;
--@ kind users from users
--@ create POST /users
--@ success :status = 201
--@ find GET /users?mail={address}
--@ match :answer ->> '$.id'
--@ actual :answer
SELECT row AS key, address, json_object('mail', address, 'name', name) AS body FROM users;

--@ table tickets key id
SELECT id, id AS code, person, weight FROM ticket;
--@ classify tickets as used
SELECT t.id AS row, iif(u.row IS NULL, 'nobody', NULL) AS skip, t.code, t.weight
FROM tickets t LEFT JOIN users u ON u.row = t.person;
--@ kind tickets from used
--@ create POST /tickets
--@ success :status = 201
--@ find GET /tickets/{key}
--@ match :answer ->> '$.id'
--@ actual :answer
SELECT row AS key, json_object('code', code, 'weight', weight) AS body FROM used;
"""

SECOND = """
--@ table notes key id
SELECT id, note FROM app.person;
--@ unused notes mail, fullName, data: people have them
--@ classify notes as noted
SELECT id AS row, iif(note IS NULL, 'no-note', NULL) AS skip, note FROM notes;
--@ kind notes from noted
--@ create POST /notes
--@ success :status = 201
--@ find GET /notes/{key}
--@ match :answer ->> '$.id'
--@ actual :answer
SELECT row AS key, json_object('note', note) AS body FROM noted;
"""


class KeptStaged(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def setUp(self):
        super().setUp()
        self.source = self.folder / "desk.db"
        self.kept = self.folder / "kept.db"
        self.file = self.folder / "desk.sql"
        self.write(DESK)
        database = sqlite3.connect(self.source)
        database.executescript(SOURCE)
        database.close()

    def write(self, text):
        self.file.write_text(text)

    def plan(self, source, *options):
        self.workspace.unlink(missing_ok=True)
        return self.rowpost("plan", "--from", source, "--migration", self.file, *options)

    def export(self):
        """The bodies of each kind, as they are exported."""
        kinds = [kind["kind"] for kind in self.rowpost("status", "--json").json["kinds"]]
        results = [self.rowpost("export", "--kind", kind) for kind in kinds]
        for result in results:
            self.assertStatus(result, 0)
        return {kind: result.out for kind, result in zip(kinds, results)}

    def check_same_plan(self):
        """The bodies of three plans: of the source, of the staged tables, of what was kept."""
        self.assertStatus(self.plan(self.source), 1)
        bodies = self.export()
        self.assertStatus(self.plan(self.source, "--keep-staged", self.kept), 1)
        self.assertEqual(self.export(), bodies)
        tables = self.rowpost("status", "--json").json["tables"]
        self.assertStatus(self.plan(self.kept), 1)
        self.assertEqual(self.export(), bodies)
        self.assertEqual(self.rowpost("status", "--json").json["tables"], tables)

    def test_the_same_file_makes_the_same_plan_of_it(self):
        self.check_same_plan()

    def test_it_has_the_names_of_the_source_and_each_column_once(self):
        self.plan(self.source, "--keep-staged", self.kept)
        database = sqlite3.connect(self.kept)
        columns = {table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
                   for table in ("person", "ticket")}
        database.close()
        self.assertEqual(columns, {"person": ["id", "mail", "fullname", "note", "data"],
                                   "ticket": ["id", "person", "weight"]})

    def test_two_tables_of_the_file_may_read_one_of_the_source(self):
        self.write(DESK + SECOND)
        self.check_same_plan()

    def test_tables_of_one_name_with_other_rows_are_refused(self):
        self.write(DESK + SECOND.replace(
            "--@ table notes key id\n", "--@ table notes key id\n--@ only note IS NOT NULL: empty\n"))
        result = self.plan(self.source, "--keep-staged", self.kept)
        self.assertStatus(result, 2)
        self.assertIn("people and notes are read from tables of one name, person, and are not the "
                      "same rows; a snapshot has each name once", result.err)
        self.assertFalse(self.kept.exists())

    def test_rows_that_were_left_at_the_source_are_not_in_it(self):
        self.write(DESK.replace("--@ table people key number\n", "--@ table people key number\n"
                                "--@ only mail IS NOT NULL: no address\n"))
        self.assertStatus(self.plan(self.source, "--keep-staged", self.kept), 0)
        bodies = self.export()
        left = [table["left"] for table in self.rowpost("status", "--json").json["tables"]]
        self.assertStatus(self.plan(self.kept), 0)
        self.assertEqual(self.export(), bodies)
        again = [table["left"] for table in self.rowpost("status", "--json").json["tables"]]
        self.assertEqual((left, again), ([1, 0], [0, 0]))


if __name__ == "__main__":
    unittest.main()
