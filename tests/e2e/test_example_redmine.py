"""The example that moves a help desk into Redmine, on a real one: through a proxy that loses, cuts,
repeats and delays answers, with rowpost killed at random moments. Afterwards Redmine's own database
has each record once, and every field of it, and nobody sees a private note who must not.

ROWPOST_SEED=N: the faults and the moments of the kills."""

import functools
import json
import sqlite3
import sys
import unittest
import urllib.request

from harness import PATIENCE, ROOT
from helpdesk_in_redmine import (
    AGENTS, LOGIN_OF, PEOPLE, expect_notes, expect_tickets, migrated, read_all, read_notes)
from helpdesk_source import read_source
from redmine import Redmine, is_installed
from spoiled_migration import ServiceTest, SpoiledMigration
from spoiling_proxy import READING

sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "tests" / "docs")]
import make_helpdesk  # noqa: E402
import test_migration_tutorial as tutorial  # noqa: E402

MIGRATION = ROOT / "examples" / "helpdesk-to-redmine.sql"


@unittest.skipUnless(is_installed(), "Redmine or puma is not installed")
class OnRedmine(ServiceTest):
    """All of this file on one server, which is cleared before each class."""

    @classmethod
    def start_service(cls):
        redmine = start_redmine()
        clear(redmine)
        return redmine

    @classmethod
    def read_token(cls):
        return cls.service.key


@functools.cache
def start_redmine():
    redmine = Redmine()
    unittest.addModuleCleanup(redmine.close)
    return redmine


def request(redmine, method, path, **headers):
    """The content of the answer, as the administrator."""
    headers = {**dict([redmine.sign_in]), **headers}
    made = urllib.request.Request(redmine.url + path, method=method, headers=headers)
    with urllib.request.urlopen(made, timeout=PATIENCE) as answer:
        return answer.read()


def clear(redmine):
    """Removes what another class has left."""
    for (number,) in redmine.sql("SELECT id FROM issues"):
        request(redmine, "DELETE", f"/issues/{number}.json")
    for (number,) in redmine.sql("SELECT id FROM users WHERE type = 'User' AND login <> 'admin'"):
        request(redmine, "DELETE", f"/users/{number}.json")


def read_as(redmine, login):
    """All that Redmine shows to that user of all issues: one text."""
    shown = [json.loads(request(redmine, "GET", f"/issues/{number}.json?include=journals",
                                **{"X-Redmine-Switch-User": login}))
             for (number,) in redmine.sql("SELECT id FROM issues")]
    return json.dumps(shown, ensure_ascii=False)


def in_order(rows):
    return sorted(rows, key=repr)


class Migration(SpoiledMigration, OnRedmine):
    """What happened from the first plan to the undo."""

    migration = MIGRATION
    kills = 3

    @classmethod
    def make_source(cls, path):
        make_helpdesk.make(path)
        cls.tickets, cls.comments = read_source(path)

    @classmethod
    def read_target(cls):
        return read_all(cls.service)

    @classmethod
    def list_secrets(cls):
        """Redmine shows the key of a user in the answer that makes the user."""
        return [value for (value,) in cls.service.sql("SELECT value FROM tokens")]

    @classmethod
    def go_on(cls, run):
        cls.seen_by_a_customer = read_as(cls.service, "zi@help.example")
        cls.status_changes = cls.service.sql(
            "SELECT count(*) FROM journal_details WHERE prop_key = 'status_id'")
        cls.check_as_a_customer()
        cls.move_on(run)

    @classmethod
    def check_as_a_customer(cls):
        ((key,),) = cls.service.sql("""
            SELECT t.value FROM tokens t JOIN users u ON u.id = t.user_id
            WHERE u.login = 'zi@help.example' AND t.action = 'api'""")
        (cls.folder / "customer").write_text(key)
        cls.checked = cls.rowpost("check", "--migration", MIGRATION, "--to", cls.service.url,
                                  "--token-file", "customer")

    @classmethod
    def move_on(cls, run):
        """The old help desk is in use until the switch."""
        with sqlite3.connect(cls.folder / "source.db") as database:
            database.executescript("""
                UPDATE ticket SET state = 'closed' WHERE id IN (1, 3);
                INSERT INTO comment VALUES(1000, 3, 8, 0, 'One more', '2015-01-01')""")
        cls.plan(run)
        cls.moved_on = run.rowpost("apply", *run.target, "--update", "--yes")
        cls.later = read_all(cls.service)

    def test_each_fault_of_a_request_that_reads_was_met(self):
        self.assertEqual(self.list_struck("GET"), set(READING))

    def test_each_person_is_there_once_and_is_locked_after_leaving(self):
        self.assertEqual(self.delivered["people"], PEOPLE)

    def test_an_agent_is_a_member_where_tickets_are_assigned_to_the_agent(self):
        expected = {(row["team"].strip().lower(), LOGIN_OF[row["agent_id"]], "Developer")
                    for row in migrated(self.tickets) if row["agent_id"] in AGENTS}
        self.assertGreater(len(expected), 4)
        self.assertEqual(self.delivered["members"], sorted(expected))

    def test_each_ticket_is_there_once_and_equal(self):
        expected = list(expect_tickets(self.tickets))
        self.assertGreater(len(expected), 15)
        self.assertEqual(in_order(self.delivered["tickets"]), in_order(expected))

    def test_each_status_was_set_once(self):
        moved = [row for row in expect_tickets(self.tickets) if row[3] != "New"]
        self.assertEqual(self.status_changes, [(len(moved),)])

    def test_each_note_is_there_once_and_as_private_as_it_was(self):
        expected = list(expect_notes(self.tickets, self.comments))
        self.assertGreater(sum(note[3] for note in expected), 10)
        self.assertGreater(sum(1 - note[3] for note in expected), 10)
        self.assertEqual(in_order(self.delivered["notes"]), in_order(expected))

    def test_the_notes_of_a_ticket_are_in_the_order_of_writing(self):
        expected = list(expect_notes(self.tickets, self.comments))
        for ticket in {note[0] for note in expected}:
            self.assertEqual([note for note in self.delivered["notes"] if note[0] == ticket],
                             [note for note in expected if note[0] == ticket])

    def test_a_customer_sees_the_public_notes_and_no_private_one(self):
        for _, _, text, is_private in expect_notes(self.tickets, self.comments):
            shown = json.dumps(text, ensure_ascii=False)[1:-1] in self.seen_by_a_customer
            self.assertEqual(shown, not is_private, text)

    def test_redmine_gave_each_person_a_key(self):
        self.assertGreater(len(self.secrets), len(PEOPLE))

    def test_a_later_plan_closes_tickets_and_adds_a_note(self):
        self.assertStatus(self.moved_on, 0)
        statuses = {row[0]: row[3] for row in self.delivered["tickets"]}
        self.assertEqual({row[0]: row[3] for row in self.later["tickets"]},
                         {**statuses, "1": "Closed", "3": "Closed"})
        self.assertEqual(
            self.later["notes"], self.delivered["notes"] +
            [("3", "zi@help.example", "[comment 1000, 字, 2015-01-01]\nOne more", 0)])

    def test_the_key_of_a_customer_is_not_accepted(self):
        """With it Redmine ignores in whose name a record is to be made."""
        self.assertStatus(self.checked, 4)

    def test_undo_removes_all_but_what_it_lists(self):
        """What was found after a lost answer may be somebody else's, and stays. Notes and a status
        have no request that removes them; notes go with their ticket."""
        listed = {"people": set(), "members": set(), "tickets": set()}
        for line in self.undone.out.splitlines():
            kind, key, _ = line.split("\t")
            listed.get(kind, set()).add(key)
        self.assertStatus(self.undone, 1 if any(listed.values()) else 0)
        self.assertLess(len(listed["tickets"]), len(self.delivered["tickets"]))
        self.assertEqual({row[0] for row in self.left["people"]},
                         {LOGIN_OF[int(key)] for key in listed["people"]})
        self.assertEqual({row[0] for row in self.left["tickets"]}, listed["tickets"])
        self.assertLessEqual({row[0] for row in self.left["notes"]}, listed["tickets"])
        self.assertLessEqual(len(self.left["members"]), len(listed["members"]))


SECRET = "Nobody else must know"


def make_one_secret(path):
    """A help desk with one ticket, and on it a remark of its customer that is internal."""
    make_helpdesk.make(path, tickets=0)
    database = sqlite3.connect(path)
    database.executescript(f"""
        DELETE FROM person; DELETE FROM comment;
        INSERT INTO person VALUES(101, 'kim', 'kim@help.example', 'Kim', 0, NULL);
        INSERT INTO ticket VALUES(201, 101, NULL, 'hr', 'Mine', 'open', 1, '', NULL, NULL, 0);
        INSERT INTO comment VALUES(301, 201, 101, 1, '{SECRET}', '2014-01-01')""")
    database.close()


class Publication(OnRedmine):
    """A file that writes private notes in the name of their writers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_one_secret(cls.folder / "secret.db")
        cls.plan = ("plan", "--from", "secret.db", "--migration", "open.sql")
        cls.text = MIGRATION.read_text()
        for column in ("login", "person"):
            cls.text = cls.text.replace(f"iif(is_private, NULL, {column}) AS {column}", column)

    def test_the_check_of_the_file_refuses_it(self):
        (self.folder / "open.sql").write_text(self.text)
        planned = self.rowpost(*self.plan)
        self.assertStatus(planned, 2)
        self.assertIn("a private note is never written in the name of a user", planned.err)

    def test_without_the_check_redmine_publishes_the_note_and_it_differs(self):
        without = self.text.replace("is_private AND login IS NOT NULL", "0")
        (self.folder / "open.sql").write_text(without)
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.assertStatus(self.rowpost("apply", *self.target), 1)
        self.assertIn("issue.private_notes", self.rowpost("findings").out)
        ((_, _, note, is_private),) = read_notes(self.service)
        self.assertIn(SECRET, note)
        self.assertFalse(is_private)


class Tutorial(OnRedmine):
    def test_the_file_of_the_tutorial_is_delivered(self):
        make_helpdesk.make(self.folder / "helpdesk.db", tickets=6)
        tutorial.write_file(self.folder)
        planned = self.rowpost("plan", "--from", "helpdesk.db", "--migration", tutorial.FILE,
                               "--json")
        self.assertStatus(planned, 1)
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.assertStatus(self.rowpost("verify", *self.target), 0)
        there = read_all(self.service)
        self.assertEqual([len(there[name]) for name in ("people", "tickets", "notes")],
                         [kind["documents"]["planned"] for kind in planned.json["kinds"]])
        private = [note for _, _, note, is_private in there["notes"] if is_private]
        shown = read_as(self.service, "person-8")
        self.assertGreater(len(private), 2)
        for note in private:
            self.assertNotIn(json.dumps(note, ensure_ascii=False)[1:-1], shown)


if __name__ == "__main__":
    unittest.main()
