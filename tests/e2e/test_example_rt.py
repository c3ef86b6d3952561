"""The example that moves a help desk into Request Tracker, on a real one: through a proxy that
loses, cuts, repeats and delays answers, with rowpost killed at random moments. Afterwards RT's own
database has each record once, and every field of it, and no internal comment is open to the public.

ROWPOST_SEED=N: the faults and the moments of the kills."""

import base64
import html
import json
import quopri
import re
import sqlite3
import sys
import unittest
import urllib.request
import zoneinfo
from datetime import datetime

from harness import PATIENCE, ROOT
from helpdesk_source import read_source
from request_tracker import RequestTracker, is_installed
from spoiled_migration import ServiceTest, SpoiledMigration
from spoiling_proxy import READING

sys.path.insert(0, str(ROOT / "examples"))
import make_helpdesk  # noqa: E402

MIGRATION = ROOT / "examples" / "helpdesk-to-rt.sql"
ZURICH = zoneinfo.ZoneInfo("Europe/Zurich")
UTC = zoneinfo.ZoneInfo("UTC")
SUBJECT_MOST = 200  # bytes

# What has to be in RT, as a reader of the source would write it down.

PEOPLE = [  # name and address, full name, is privileged, is disabled
    ("ann@help.example", "Ann Arbor", True, False),
    ("bjoern@help.example", "Björn Öztürk", True, False),
    ("cy+desk@help.example", 'Cy "the" D. <3', False, True),
    ("cy_desk@help.example", "Cy Desk", False, False),
    ("dora@help.example", "Dora", True, False),
    ("gus@help.example", "gus", False, False),
    ("han@help.example", "Han van der Ng", True, True),
    ("max@help.example", "Maximiliane-Theodora-Wilhelmina O'Neil", False, False),
    ("zi@help.example", "字", False, False),
]

NAME_OF = {1: "ann@help.example", 2: "bjoern@help.example", 3: "cy+desk@help.example",
           4: "dora@help.example", 5: "dora@help.example", 7: "gus@help.example",
           8: "zi@help.example", 9: "cy_desk@help.example", 10: "han@help.example",
           11: "max@help.example"}
WRITER_OF = {1: "Ann Arbor", 2: "Björn Öztürk", 3: 'Cy "the" D. <3', 4: "Dora", 5: "Dora",
             6: "Eve", 8: "字", 10: "Han van der Ng", 11: "Maximiliane-Theodora-Wilhelmina O'Neil"}
AGENTS = {1, 2, 5, 10}
TICKETS_LEFT_BEHIND = {6, 7, 8, 9, 11, 12}
QUEUE_OF = {"net": "Network", "printers": "Printing", "hr": "Personnel"}
STATUS_OF = {"open": "open", "waiting": "stalled", "closed": "resolved"}
PRIORITY_OF = {None: 25, 0: 0, 1: 25, 2: 50, 3: 75, 4: 100}
ODD_TEXTS = {20: "  two\n\n   blanks\t\n\n\u00a0<b> 😀 e\u0301 link"}
NEVER = "1970-01-01 00:00:00"
SINCE = "the migration"  # for the old help desk had no such time


def as_text(markup):
    """The text of a comment or a ticket of the source."""
    text = re.sub(r"</p>\s*<(p|ul)>", "\n\n", markup or "")
    text = re.sub(r"<[^>]*>", "", text.replace("<br>", "\n").replace("<li>", "- "))
    return html.unescape(text).strip(" \t\r\n")


def to_utc(written):
    """The moment in UTC; SINCE: there is no such time."""
    try:
        moment = datetime.strptime(written or "", "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZURICH)
    except ValueError:
        return SINCE
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def cut(title):
    """As many whole characters as a subject can have."""
    return title.encode()[:SUBJECT_MOST].decode(errors="ignore")


def migrated(tickets):
    return [row for row in tickets if row["id"] not in TICKETS_LEFT_BEHIND]


def expect_tickets(tickets):
    """(old number, queue, status, priority, requestor, owner, subject, text, when it was begun,
    when it was resolved) of each."""
    for row in migrated(tickets):
        number = row["id"]
        title = " ".join(row["title"].split()) or "(no title)"
        is_lost = row["closed"] and to_utc(row["closed"]) == SINCE
        closed = f", closed {row['closed']}" if is_lost else ""
        text = ODD_TEXTS.get(number, as_text(row["html"]))
        lines = [f"[ticket {number}, opened {row['opened'] or 'at no known time'}{closed}]"]
        lines += [title] if cut(title) != title else []
        lines += [text] if text else []
        status = STATUS_OF[row["state"].strip().lower()]
        yield (str(number), QUEUE_OF[row["team"].strip().lower()], status,
               PRIORITY_OF[row["prio"]], NAME_OF[row["person_id"]],
               NAME_OF[row["agent_id"]] if row["agent_id"] in AGENTS else "Nobody",
               cut(title), "\n".join(lines), to_utc(row["opened"]),
               to_utc(row["closed"]) if status == "resolved" else NEVER)


def expect_comments(tickets, comments):
    """(old number of the ticket, who sees it, subject, text) of each, in the order of writing."""
    there = {row["id"] for row in migrated(tickets)}
    for row in comments:
        text = as_text(row["html"])
        if row["ticket_id"] in there and text:
            writer = WRITER_OF.get(row["person_id"], "somebody")
            yield (str(row["ticket_id"]), "Correspond" if row["internal"] == 0 else "Comment",
                   f"Legacy comment {row['id']}",
                   f"[{writer}, {row['written'] or 'at no known time'}]\n{text}")


# RT's own database.

LEGACY_ID = """(SELECT v.Content FROM ObjectCustomFieldValues v
                JOIN CustomFields f ON f.id = v.CustomField
                WHERE f.Name = 'Legacy id' AND v.ObjectType = 'RT::Ticket' AND v.Disabled = 0
                  AND v.ObjectId = t.id)"""
IN_GROUP = "SELECT m.MemberId FROM GroupMembers m JOIN Groups g ON g.id = m.GroupId WHERE"
DECODERS = {"none": str.encode, "": str.encode, None: str.encode,
            "quoted-printable": quopri.decodestring, "base64": base64.b64decode}


def decode(content, encoding):
    return DECODERS[encoding](content).decode()


def since(moment, began):
    return SINCE if moment >= began else moment


def read_people(tracker):
    """(name, address, full name, is privileged, is disabled) of each."""
    return tracker.sql(f"""
        SELECT u.Name, u.EmailAddress, u.RealName,
               u.id IN ({IN_GROUP} g.Domain = 'SystemInternal' AND g.Name = 'Privileged'),
               p.Disabled
        FROM Users u JOIN Principals p ON p.id = u.id
        WHERE u.Name NOT IN ('RT_System', 'Nobody', 'root') ORDER BY u.Name""")


def read_tickets(tracker, began):
    return [(*row[:7], decode(*row[7:9]), since(row[9], began), since(row[10], began))
            for row in tracker.sql(f"""
        SELECT {LEGACY_ID}, q.Name, t.Status, t.Priority,
               (SELECT group_concat(u.Name) FROM Users u WHERE u.id IN
                ({IN_GROUP} g.Domain = 'RT::Ticket-Role' AND g.Name = 'Requestor'
                 AND g.Instance = t.id)),
               o.Name, t.Subject, a.Content, a.ContentEncoding, t.Started, t.Resolved
        FROM Tickets t JOIN Queues q ON q.id = t.Queue JOIN Users o ON o.id = t.Owner
        LEFT JOIN Transactions x ON x.ObjectType = 'RT::Ticket' AND x.ObjectId = t.id
                                 AND x.Type = 'Create'
        LEFT JOIN Attachments a ON a.TransactionId = x.id
        WHERE t.Status <> 'deleted' ORDER BY t.id""")]


def read_comments(tracker):
    return [(*row[:3], decode(*row[3:])) for row in tracker.sql(f"""
        SELECT {LEGACY_ID}, x.Type, a.Subject, a.Content, a.ContentEncoding
        FROM Transactions x JOIN Tickets t ON t.id = x.ObjectId
        LEFT JOIN Attachments a ON a.TransactionId = x.id
        WHERE x.ObjectType = 'RT::Ticket' AND x.Type IN ('Comment', 'Correspond') ORDER BY x.id""")]


def read_changes(tracker):
    """How often a ticket got that status."""
    return dict(tracker.sql("""
        SELECT NewValue, count(*) FROM Transactions
        WHERE ObjectType = 'RT::Ticket' AND Type = 'Status' GROUP BY NewValue"""))


def make_one_secret(path):
    """A help desk with one ticket, and on it an internal comment."""
    make_helpdesk.make(path, tickets=0)
    database = sqlite3.connect(path)
    database.executescript("""
        DELETE FROM person; DELETE FROM comment;
        INSERT INTO person VALUES(101, 'kim', 'kim@help.example', 'Kim', 0, NULL);
        INSERT INTO ticket VALUES(201, 101, NULL, 'hr', 'Mine', 'open', 1, '', NULL, NULL, 0);
        INSERT INTO comment VALUES(301, 201, 101, 1, 'Nobody else must know', '2014-01-01')""")
    database.close()


def in_order(rows):
    return sorted(rows, key=repr)


@unittest.skipUnless(is_installed(), "Request Tracker is not installed")
class Migration(SpoiledMigration, ServiceTest):
    """What happened from the first plan to the undo."""

    migration = MIGRATION
    kills = 3

    @classmethod
    def start_service(cls):
        cls.began = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        tracker = RequestTracker()
        cls.addClassCleanup(tracker.close)
        return tracker

    @classmethod
    def read_token(cls):
        return cls.service.token

    @classmethod
    def make_source(cls, path):
        make_helpdesk.make(path)
        cls.tickets, cls.comments = read_source(path)

    @classmethod
    def read_target(cls):
        return read_tickets(cls.service, cls.began)

    @classmethod
    def list_secrets(cls):
        return [cls.service.token]

    @classmethod
    def go_on(cls, run):
        cls.people = read_people(cls.service)
        cls.discussed = read_comments(cls.service)
        cls.changes = read_changes(cls.service)
        cls.check_as_a_clerk()

    @classmethod
    def migrate(cls, run):
        super().migrate(run)
        cls.publish()

    @classmethod
    def publish(cls):
        """A file that makes internal comments public."""
        make_one_secret(cls.folder / "secret.db")
        text = MIGRATION.read_text().replace("iif(is_private, 'comment', 'correspond') AS verb",
                                             "'correspond' AS verb")
        (cls.folder / "open.sql").write_text(text)
        run = lambda *arguments: cls.rowpost(*arguments, "-w", "open.rowpost")
        run("plan", "--from", "secret.db", "--migration", "open.sql")
        cls.published = run("apply", *cls.target)
        cls.findings = run("findings")

    @classmethod
    def check_as_a_clerk(cls):
        """A user who may do nothing."""
        clerk = {"Name": "clerk", "Password": "clerk's password", "Privileged": 1}
        request = urllib.request.Request(
            cls.service.url + "/REST/2.0/user", json.dumps(clerk).encode(),
            {**dict([cls.service.sign_in]), "Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=PATIENCE).close()
        (cls.folder / "clerk").write_text("clerk:clerk's password")
        cls.checked = cls.rowpost("check", "--migration", MIGRATION, "--to", cls.service.url,
                                  "--auth-scheme", "basic", "--token-file", "clerk")

    def test_each_fault_of_a_request_that_reads_was_met(self):
        self.assertEqual(self.list_struck("GET"), set(READING))

    def test_each_person_is_there_once_and_is_disabled_after_leaving(self):
        self.assertEqual(self.people, [(address, address, *row) for address, *row in PEOPLE])

    def test_each_ticket_is_there_once_and_equal(self):
        expected = list(expect_tickets(self.tickets))
        self.assertGreater(len(expected), 15)
        self.assertEqual(in_order(self.delivered), in_order(expected))

    def test_each_state_was_set_once(self):
        expected = [row[2] for row in expect_tickets(self.tickets)]
        for status in ("stalled", "resolved"):
            self.assertGreater(expected.count(status), 2)
            self.assertEqual(self.changes.pop(status), expected.count(status))
        self.assertEqual(self.changes, {})

    def test_each_comment_is_there_once_and_as_internal_as_it_was(self):
        expected = list(expect_comments(self.tickets, self.comments))
        for who in ("Comment", "Correspond"):
            self.assertGreater(len([comment for comment in expected if comment[1] == who]), 10)
        self.assertEqual(in_order(self.discussed), in_order(expected))

    def test_the_comments_of_a_ticket_are_in_the_order_of_writing(self):
        expected = list(expect_comments(self.tickets, self.comments))
        for ticket in {comment[0] for comment in expected}:
            self.assertEqual([comment for comment in self.discussed if comment[0] == ticket],
                             [comment for comment in expected if comment[0] == ticket])

    def test_undo_deletes_all_tickets_but_those_that_it_lists(self):
        """What was found after a lost answer may be somebody else's, and stays."""
        listed = {line.split("\t")[1] for line in self.undone.out.splitlines()
                  if line.startswith("tickets\t")}
        self.assertStatus(self.undone, 1 if listed else 0)
        self.assertLess(len(listed), len(self.delivered))
        self.assertEqual({row[0] for row in self.left}, listed)

    def test_an_internal_comment_that_is_public_in_rt_differs(self):
        self.assertStatus(self.published, 1)
        self.assertRegex(self.findings.out, r"comments\t301\t.*\tType\tComment\tCorrespond")

    def test_a_user_who_cannot_see_all_is_not_accepted(self):
        """To such a user RT answers that there is nothing, and all would be sent again."""
        self.assertStatus(self.checked, 4)


if __name__ == "__main__":
    unittest.main()
