"""A help desk, the migration file that brings it to a small service, and its delivery there."""

import sqlite3

from rest_server import RestServer
from scene import Scene

SOURCE = """\
CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT, name TEXT);
CREATE TABLE ticket(id INTEGER PRIMARY KEY, person INTEGER, title TEXT, queue TEXT);
INSERT INTO person VALUES(1, 'ann@x.example', 'Ann'), (2, 'bob@x.example', 'Bob');
INSERT INTO ticket VALUES(10, 1, 'It broke', 'net'), (11, 2, 'It smokes', 'hr'),
                         (12, 1, 'Again', 'net');
"""

DESK = """\
--@ migration desk
--@ auth    header X-Desk-Key
--@ probe   GET /me
--@ ready   :status = 200 AND :answer ->> '$.role' = 'admin'

--@ existing queues
--@ get GET /queues{queue_page}
SELECT value ->> '$.name' AS key, value ->> '$.id' AS id FROM json_each(:answer);

--@ table people key id
SELECT id, mail, name FROM person;
--@ classify people as users
SELECT id AS row, mail, name FROM people;

--@ kind users from users
--@ noun     user
--@ create   POST /users
--@ header   X-On-Behalf-Of: {behalf}
--@ success  :status = 201 AND :answer ->> '$.mail' = :mail
--@ id       :answer ->> '$.id'
--@ conflict :status = 409
--@ retry    :status = 422 AND :answer ->> '$.errors' = '[]'
--@ refuse   :status = 422
--@ find     GET /users?mail={mail}
--@ match    SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.mail' = :mail
--@ read     GET /users/{id}
--@ actual   json_object('mail', :answer ->> '$.mail', 'name', :answer ->> '$.name',
--@ +          'role', :answer ->> '$.role')
--@ ignore   password
--@ list     GET /users?page={page}
--@ each     SELECT value ->> '$.id' FROM json_each(:answer)
--@ update   PUT /users/{id} name
--@ delete   DELETE /users/{id}
--@ secret   api_key
SELECT row AS key, mail, iif(row = 1, 'root', '') AS behalf,
       json_object('mail', mail, 'name', name, 'password', json(random_secret())) AS body
FROM users;

--@ table tickets key id
SELECT id, person, title, queue FROM ticket;
--@ classify tickets as used
SELECT id AS row, person, title, queue FROM tickets;

--@ kind tickets from used
--@ noun    ticket
--@ create  POST /tickets
--@ success :status = 201
--@ id      from match
--@ find    GET /tickets?legacy={key}
--@ match   SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.legacy' = :key
--@ actual  :answer -> '$[0]'
--@ delete  DELETE /tickets/{id}
SELECT row AS key, 'person ' || person AS ordering_key,
       json_object('legacy', CAST(row AS TEXT), 'title', title, 'queue', new_id('queues', queue),
                   'person', new_id('users', person)) AS body
FROM used ORDER BY row;
"""

KEY = "secret-key-of-the-desk"


class Delivery(Scene):
    server_options = {"unique": {"users": "mail"}}

    @classmethod
    def setUpClass(cls):
        """Each test has a server of its own."""

    def setUp(self):
        super().setUp()
        self.server = RestServer(**self.server_options)
        self.addCleanup(self.server.close)
        self.queues = {name: self.server.add("queues", name=name)["id"] for name in ("net", "hr")}
        self.file = self.folder / "desk.sql"
        self.write()
        self.key = self.folder / "key"
        self.key.write_text(KEY + "\n")
        self.key.chmod(0o600)
        database = sqlite3.connect(self.folder / "desk.db")
        database.executescript(SOURCE)
        database.close()

    def write(self, *changes, queue_page=""):
        text = DESK.replace("{queue_page}", queue_page)
        for piece, by in changes:
            self.assertIn(piece, text)
            text = text.replace(piece, by)
        self.file.write_text(text)

    def plan(self):
        self.assertStatus(self.rowpost("plan", "--from", self.folder / "desk.db", "--migration",
                                       self.file), 0)

    def change_source(self, statement):
        database = sqlite3.connect(self.folder / "desk.db")
        database.execute(statement)
        database.commit()
        database.close()

    @property
    def target(self):
        return ["--to", self.server.url, "--token-file", self.key, "--settle", "0.05"]

    def deliver(self, status=0, *options):
        self.plan()
        result = self.rowpost("apply", *self.target, *options)
        self.assertStatus(result, status)
        return result

    def verify(self, status=0):
        result = self.rowpost("verify", *self.target)
        self.assertStatus(result, status)
        return result

    def state_of(self, kind, key):
        return self.documents()[kind, str(key)]["state"]

    def there(self, collection, member):
        return sorted(record[member] for record in self.server.records.get(collection, []))

    def ticket(self, legacy):
        return next(record for record in self.server.records["tickets"]
                    if record["legacy"] == legacy)

    def changes_to(self, collection):
        return [(method, body) for method, path, _, body in self.server.changes
                if path.partition("/")[0] == collection]
