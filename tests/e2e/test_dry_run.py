"""apply --dry-run: what would be sent, in order, as lines for people or commands for a shell."""

import contextlib
import json
import re
import sqlite3
import subprocess
import unittest

from harness import environment
from scene import Scene
from desk import KEY, Delivery

TREE = """\
--@ migration tree
--@ auth token

--@ table nodes key id
SELECT id, above, title FROM node;
--@ classify nodes as used
SELECT id AS row, above, title FROM nodes;

--@ kind nodes from used
--@ create  POST /nodes/{above_id}/{title}
--@ header  X-Above: {above_id}
--@ success :status = 201
--@ id      :answer ->> '$.id'
--@ find    GET /nodes?legacy={key}
--@ match   SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.legacy' = :key
SELECT row AS key, title, iif(above IS NULL, 'top', new_id('nodes', above)) AS above_id,
       json_object('legacy', CAST(row AS TEXT), 'title', title,
                   'above', iif(above IS NULL, NULL, new_id('nodes', above))) AS body
FROM used;
"""


class Lines(Delivery):
    def dry(self, *options):
        result = self.rowpost("apply", "--dry-run", *options)
        self.assertStatus(result, 0)
        return result.out.splitlines()

    def test_a_line_for_each_request_in_order(self):
        self.plan()
        self.assertEqual(self.dry(), ["POST\t/users\tusers\t1", "POST\t/users\tusers\t2",
                                      "POST\t/tickets\ttickets\t10", "POST\t/tickets\ttickets\t11",
                                      "POST\t/tickets\ttickets\t12"])

    def test_nothing_is_sent_and_nothing_changes(self):
        self.plan()
        before = self.workspace.read_bytes()
        self.dry("--to", self.server.url)
        self.assertEqual(self.workspace.read_bytes(), before)
        self.assertEqual(self.server.changes + self.server.reads, [])

    def test_only_what_is_selected_and_what_it_needs(self):
        self.plan()
        self.assertEqual(self.dry("--only", "tickets", "--key", "11"),
                         ["POST\t/users\tusers\t2", "POST\t/tickets\ttickets\t11"])
        self.assertEqual(len(self.dry("--limit", "1")), 2)

    def test_what_is_delivered_is_not_sent_again(self):
        self.server.faults[1] = (422, {"message": "no"})
        self.deliver(1, "--jobs", "1", "--only", "users")
        self.assertNotIn("users", {line.split("\t")[2] for line in self.dry()})
        self.assertIn("POST\t/users\tusers\t1", self.dry("--retry-refused"))

    def test_what_is_unknown_is_looked_up_first(self):
        self.plan()
        self.change("UPDATE document SET state = 'unknown' WHERE key = '2' AND kind = 0")
        self.assertEqual(self.dry()[:2], ["GET\t/users?mail=bob%40x.example\tusers\t2",
                                          "POST\t/users\tusers\t1"])

    def test_a_change_is_shown_field_by_field(self):
        self.deliver()
        number = next(record["id"] for record in self.server.records["users"]
                      if record["name"] == "Bob")
        self.write(("SELECT id AS row, mail, name FROM people;",
                    "SELECT id AS row, mail, iif(id = 2, 'Rob', name) AS name FROM people;"))
        self.plan()
        self.assertEqual(self.dry(), [])
        self.assertEqual(self.dry("--update"),
                         [f"PUT\t/users/{number}\tusers\t2", "\tname: Bob -> Rob"])

    def test_a_workspace_at_work_can_be_read(self):
        self.plan()
        with contextlib.closing(sqlite3.connect(self.workspace)) as database:
            database.execute("BEGIN IMMEDIATE")
            self.assertEqual(len(self.dry()), 5)

    def test_other_forms_are_refused(self):
        self.plan()
        for options in (["--dry-run", "--format", "xml"], ["--dry-run", "--json"],
                        ["--format", "curl"]):
            self.assertStatus(self.rowpost("apply", *options), 2)


class Commands(Delivery):
    def commands(self, *options):
        result = self.rowpost("apply", "--dry-run", "--format", "curl", "--to", self.server.url,
                              *options)
        self.assertStatus(result, 0)
        return result.out.splitlines()

    def paste(self, lines, **variables):
        """Runs the commands one after the other, and sets the ids that their answers have."""
        variables = environment(ROWPOST_TOKEN=KEY, **variables)
        answer = None
        for line in lines:
            name = re.match(r"# (new_\w+)=", line)
            if name:
                variables[name[1]] = str(answer["id"])
            elif line.startswith("TARGET="):
                variables["TARGET"] = subprocess.run(
                    ["sh", "-c", f'{line}; printf %s "$TARGET"'], stdout=subprocess.PIPE,
                    text=True, check=True).stdout
            elif not line.startswith("#"):
                done = subprocess.run(["sh", "-c", line], env=variables, check=True, text=True,
                                      stdout=subprocess.PIPE)
                answer = json.loads(done.stdout)

    def test_what_is_pasted_delivers(self):
        database = self.folder / "desk.db"
        subprocess.run(["sqlite3", database, "UPDATE ticket SET title = 'It''s \"$HOME\" `id` "
                        "\\ €' || char(10) || '%41' WHERE id = 10"], check=True)
        self.plan()
        self.know_existing()
        self.paste(self.commands(), secret_users__1__1="first word", secret_users__2__1="it's $HOME")
        users = {record["mail"]: record for record in self.server.records["users"]}
        self.assertEqual(self.ticket("10")["title"], "It's \"$HOME\" `id` \\ €\n%41")
        self.assertEqual(self.ticket("11")["person"], users["bob@x.example"]["id"])
        self.assertEqual(self.ticket("11")["queue"], self.queues["hr"])
        self.assertEqual(users["ann@x.example"]["password"], "first word")
        headers = self.server.changes[0][2]
        self.assertEqual((headers["X-Desk-Key"], headers["X-On-Behalf-Of"]), (KEY, "root"))
        self.assertEqual(self.there("tickets", "legacy"), ["10", "11", "12"])

    def know_existing(self):
        """The names that the target has are in the workspace once an apply has read them."""
        self.assertStatus(self.rowpost("apply", *self.target, "--key", "none"), 0)

    def test_a_command_without_its_variable_is_not_run(self):
        self.plan()
        command = self.commands()[1]
        for missing in ("ROWPOST_TOKEN", "TARGET", "secret_users__1__1"):
            known = {"ROWPOST_TOKEN": KEY, "TARGET": self.server.url, "secret_users__1__1": "x"}
            del known[missing]
            done = subprocess.run(["sh", "-c", command], env=environment(**known), text=True,
                                  stderr=subprocess.PIPE)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(missing, done.stderr)
        self.assertEqual(self.server.changes, [])

    def test_no_secret_is_in_them(self):
        self.plan()
        result = self.rowpost("apply", "--dry-run", "--format", "curl", *self.target)
        self.assertNotIn(KEY, result.out + result.err)


class Trees(Scene):
    def test_a_document_is_behind_those_to_which_it_refers(self):
        (self.folder / "tree.sql").write_text(TREE)
        subprocess.run(["sqlite3", self.folder / "tree.db",
                        "CREATE TABLE node(id INTEGER PRIMARY KEY, above INTEGER, title TEXT);"
                        "INSERT INTO node VALUES(1, 3, 'a b'), (2, NULL, 'x'), (3, 2, 'y')"],
                       check=True)
        self.assertStatus(self.rowpost("plan", "--from", self.folder / "tree.db", "--migration",
                                       self.folder / "tree.sql"), 0)
        self.assertEqual(self.rowpost("apply", "--dry-run").out.splitlines(),
                         ["POST\t/nodes/top/x\tnodes\t2", "POST\t/nodes/$new_nodes__2/y\tnodes\t3",
                          "POST\t/nodes/$new_nodes__3/a%20b\tnodes\t1"])


class Valdb(Scene):
    def test_it_works_for_the_rules_of_the_program(self):
        self.assertStatus(self.rowpost("plan", *self.source("legacy")), 0)
        lines = self.rowpost("apply", "--dry-run").out.splitlines()
        kinds = [line.split("\t")[2] for line in lines]
        self.assertEqual(len(lines), sum(self.states().values()))
        self.assertEqual(list(dict.fromkeys(kinds)), ["validators", "administrators", "campaigns"])
        commands = self.rowpost("apply", "--dry-run", "--format", "curl").out
        self.assertIn('-H "Authorization: Bearer ${ROWPOST_TOKEN:?}"', commands)


if __name__ == "__main__":
    unittest.main()
