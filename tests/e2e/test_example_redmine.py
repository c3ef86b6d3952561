"""The example that moves a help desk into Redmine, on a real one: through a proxy that loses, cuts,
repeats and delays answers, with rowpost killed at random moments. Afterwards Redmine's own database
has each record once, and every field of it, and nobody sees a private note who must not.

ROWPOST_SEED=N: the faults and the moments of the kills."""

import html
import json
import os
import pathlib
import random
import re
import sqlite3
import sys
import tempfile
import unittest
import urllib.request

from harness import PATIENCE, ROOT, SETTLE, Program
from redmine import Redmine, is_installed
from spoiled_run import SpoiledRun
from spoiling_proxy import READING, WRITING

sys.path.insert(0, str(ROOT / "examples"))
import make_helpdesk  # noqa: E402

MIGRATION = ROOT / "examples" / "helpdesk-to-redmine.sql"
AS_OF = "2026-11-30"
KILLS = 3
FORMATS = ("text", "html", "json", "junit", "csv")

# What has to be in Redmine, as a reader of the source would write it down.

PEOPLE = [  # login, address, first name, last name, is locked
    ("ann@help.example", "ann@help.example", "Ann", "Arbor", False),
    ("bjoern@help.example", "bjoern@help.example", "Björn", "Öztürk", False),
    ("cy_desk@help.example", "cy_desk@help.example", "Cy", "Desk", False),
    ("cy_desk@help.example-3", "cy+desk@help.example", "Cy", '"the" D. <3', True),
    ("dora@help.example", "dora@help.example", "-", "Dora", False),
    ("gus@help.example", "gus@help.example", "-", "gus", False),
    ("han@help.example", "han@help.example", "Han", "van der Ng", True),
    ("max@help.example", "max@help.example", "Maximiliane-Theodora-Wilhelmin", "O'Neil", False),
    ("zi@help.example", "zi@help.example", "-", "字", False),
]

LOGIN_OF = {1: "ann@help.example", 2: "bjoern@help.example", 3: "cy_desk@help.example-3",
            4: "dora@help.example", 5: "dora@help.example", 7: "gus@help.example",
            8: "zi@help.example", 9: "cy_desk@help.example", 10: "han@help.example",
            11: "max@help.example"}
WRITER_OF = {1: "Ann Arbor", 2: "Björn Öztürk", 3: 'Cy "the" D. <3', 4: "Dora", 5: "Dora",
             6: "Eve", 8: "字", 10: "Han van der Ng", 11: "Maximiliane-Theodora-Wilhelmina O'Neil"}
AGENTS = {1, 2, 5, 10}
TICKETS_LEFT_BEHIND = {6, 7, 8, 9, 11, 12}
STATUS_OF = {"open": "New", "waiting": "Feedback", "closed": "Closed"}
PRIORITY_OF = {None: "Normal", 0: "Low", 1: "Normal", 2: "High", 3: "Urgent", 4: "Immediate"}
NO_SUCH_DAYS = {"2014-02-30"}
ODD_TEXTS = {20: "```\n  two\n\n   blanks\t\n```\n\n\u00a0\\<b> 😀 e\u0301 "
                 "[link](http://x.example/?a=1&b=2)"}


def read_source(path):
    """The rows of the tickets, and those of the comments in the order of their threads."""
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    tickets = database.execute("SELECT * FROM ticket ORDER BY id").fetchall()
    comments = database.execute("SELECT * FROM comment ORDER BY ticket_id, written IS NULL,"
                                " written, id").fetchall()
    database.close()
    return tickets, comments


def as_markdown(markup):
    """The text of a comment or a ticket of the source, in Markdown."""
    text = re.sub(r"([\\\[\]])", r"\\\1", markup or "")
    text = re.sub(r"</p>\s*<p>", "\n\n", text)
    text = re.sub(r"</p>\s*<ul><li>", "\n\n- ", text)
    text = re.sub(r"</?b>", "**", text)
    text = re.sub(r"<[^>]*>", "", text.replace("<br>", "\n"))
    return html.unescape(text).strip()


def migrated(tickets):
    return [row for row in tickets if row["id"] not in TICKETS_LEFT_BEHIND]


def expect_tickets(tickets):
    """(old number, project, tracker, status, priority, author, assignee, subject, description, start,
    is private) of each."""
    for row in migrated(tickets):
        number = row["id"]
        title = " ".join(row["title"].split()) or "(no title)"
        opened = row["opened"] or "at no known time"
        closed = f", closed {row['closed']}" if row["closed"] else ""
        text = ODD_TEXTS.get(number, as_markdown(row["html"]))
        lines = [f"[ticket {number}, opened {opened}{closed}]"]
        lines += [title] if len(title) > 255 else []
        lines += [text] if text else []
        yield (str(number), row["team"].strip().lower(), "Support",
               STATUS_OF[row["state"].strip().lower()], PRIORITY_OF[row["prio"]],
               LOGIN_OF[row["person_id"]],
               LOGIN_OF[row["agent_id"]] if row["agent_id"] in AGENTS else None,
               title[:255], "\n".join(lines),
               None if opened[:10] in NO_SUCH_DAYS or not row["opened"] else opened[:10], 0)


def expect_notes(tickets, comments):
    """(old number of the ticket, writer, text, is private) of each, in the order of writing."""
    there = {row["id"] for row in migrated(tickets)}
    for row in comments:
        text = as_markdown(row["html"])
        if row["ticket_id"] in there and text:
            is_private = row["internal"] != 0
            writer = WRITER_OF.get(row["person_id"], "somebody")
            written = row["written"] or "at no known time"
            yield (str(row["ticket_id"]),
                   "admin" if is_private else LOGIN_OF.get(row["person_id"], "admin"),
                   f"[comment {row['id']}, {writer}, {written}]\n{text}", int(is_private))


# Redmine's own database.

LEGACY_ID = """(SELECT v.value FROM custom_values v JOIN custom_fields f ON f.id = v.custom_field_id
                WHERE f.name = 'Legacy id' AND v.customized_type = 'Issue'
                  AND v.customized_id = i.id)"""


def read_people(redmine):
    return redmine.sql("""
        SELECT u.login, a.address, u.firstname, u.lastname, u.status = 3
        FROM users u LEFT JOIN email_addresses a ON a.user_id = u.id
        WHERE u.type = 'User' AND u.login <> 'admin' ORDER BY u.login""")


def read_members(redmine):
    return redmine.sql("""
        SELECT p.identifier, u.login, r.name
        FROM members m JOIN projects p ON p.id = m.project_id JOIN users u ON u.id = m.user_id
        JOIN member_roles x ON x.member_id = m.id JOIN roles r ON r.id = x.role_id
        ORDER BY 1, 2""")


def read_tickets(redmine):
    return redmine.sql(f"""
        SELECT {LEGACY_ID}, p.identifier, t.name, s.name, e.name, author.login, assignee.login,
               i.subject, replace(i.description, char(13), ''), i.start_date, i.is_private
        FROM issues i JOIN projects p ON p.id = i.project_id JOIN trackers t ON t.id = i.tracker_id
        JOIN issue_statuses s ON s.id = i.status_id JOIN enumerations e ON e.id = i.priority_id
        JOIN users author ON author.id = i.author_id
        LEFT JOIN users assignee ON assignee.id = i.assigned_to_id ORDER BY i.id""")


def read_notes(redmine):
    return redmine.sql(f"""
        SELECT {LEGACY_ID}, u.login, j.notes, j.private_notes
        FROM journals j JOIN issues i ON i.id = j.journalized_id JOIN users u ON u.id = j.user_id
        WHERE j.journalized_type = 'Issue' AND j.notes <> '' ORDER BY j.id""")


def read_all(redmine):
    return {"people": read_people(redmine), "members": read_members(redmine),
            "tickets": read_tickets(redmine), "notes": read_notes(redmine)}


def read_as(redmine, login):
    """All that Redmine shows to that user of all issues: one text."""
    shown = []
    for (number,) in redmine.sql("SELECT id FROM issues"):
        request = urllib.request.Request(
            f"{redmine.url}/issues/{number}.json?include=journals",
            headers={**dict([redmine.sign_in]), "X-Redmine-Switch-User": login})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            shown.append(json.dumps(json.load(answer), ensure_ascii=False))
    return "\n".join(shown)


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


def in_order(rows):
    return sorted(rows, key=repr)


@unittest.skipUnless(is_installed(), "Redmine or puma is not installed")
class Migration(unittest.TestCase):
    """What happened from the first plan to the undo."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rowpost-redmine-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        seed = int(os.environ.get("ROWPOST_SEED", random.randrange(10**6)))
        print(f"# {cls.__name__}: ROWPOST_SEED={seed}", flush=True)
        make_helpdesk.make(cls.folder / "desk.db")
        cls.tickets, cls.comments = read_source(cls.folder / "desk.db")
        cls.redmine = Redmine()
        cls.addClassCleanup(cls.redmine.close)
        (cls.folder / "key").write_text(cls.redmine.key)
        cls.run_ = SpoiledRun(cls.folder, cls.redmine.url, seed, "--token-file", "key")
        cls.addClassCleanup(cls.run_.close)
        try:
            cls.migrate(cls.run_)
        except BaseException:
            cls.run_.show_log()
            raise

    @classmethod
    def migrate(cls, run):
        cls.planned = run.rowpost("plan", "--from", "desk.db", "--migration", MIGRATION,
                                  "--as-of", AS_OF)
        run.kill_again_and_again(KILLS)
        cls.applied = run.apply_to_the_end()
        cls.delivered = read_all(cls.redmine)
        cls.seen_by_a_customer = read_as(cls.redmine, "zi@help.example")
        cls.keys = [value for (value,) in cls.redmine.sql("SELECT value FROM tokens")]
        cls.status_changes = cls.redmine.sql(
            "SELECT count(*) FROM journal_details WHERE prop_key = 'status_id'")
        cls.applied_again, cls.methods_of_apply_again = run.apply_again()
        cls.verified = run.rowpost("verify", *run.target)
        cls.status = run.rowpost("status", "--json")
        cls.reports = [run.rowpost("report", "--format", form) for form in FORMATS]
        cls.check_as_a_customer()
        cls.undone = run.rowpost("undo", *run.target, "--yes")
        cls.left = read_all(cls.redmine)
        cls.publish()

    @classmethod
    def check_as_a_customer(cls):
        ((key,),) = cls.redmine.sql("""
            SELECT t.value FROM tokens t JOIN users u ON u.id = t.user_id
            WHERE u.login = 'zi@help.example' AND t.action = 'api'""")
        (cls.folder / "customer").write_text(key)
        cls.checked = Program(["check", "--migration", MIGRATION, "--to", cls.redmine.url,
                               "--token-file", "customer"], cls.folder).end()

    @classmethod
    def publish(cls):
        """A file that writes private notes in the name of their writers, in spite of its check."""
        make_one_secret(cls.folder / "secret.db")
        text = MIGRATION.read_text().replace("iif(is_private, NULL, login) AS login", "login")
        text = text.replace("iif(is_private, NULL, person) AS person", "person")
        (cls.folder / "open.sql").write_text(text)
        cls.refused = cls.rowpost("plan", "--from", "secret.db", "--migration", "open.sql")
        (cls.folder / "open.sql").write_text(text.replace("is_private AND login IS NOT NULL", "0"))
        cls.rowpost("plan", "--from", "secret.db", "--migration", "open.sql")
        cls.published = cls.rowpost("apply", "--to", cls.redmine.url, "--token-file", "key",
                                    "--settle", SETTLE)
        cls.findings = cls.rowpost("findings")
        cls.secret_is_private = [row[3] for row in read_notes(cls.redmine)
                                 if row[2].endswith(SECRET)]

    @classmethod
    def rowpost(cls, *arguments):
        return Program([*arguments, "-w", "open.rowpost"], cls.folder).end()

    def assertStatus(self, result, status):
        self.assertEqual(result.status, status, result.out + result.err)

    def test_the_plan_ends_with_1_for_the_rows_that_it_rejects(self):
        self.assertStatus(self.planned, 1)

    def test_apply_ends_well(self):
        self.assertStatus(self.applied, 0)

    def test_each_kind_of_fault_was_met(self):
        struck = {is_reading: {fault for method, fault in self.run_.proxy.struck
                               if (method == "GET") == is_reading} for is_reading in (True, False)}
        self.assertEqual(struck[False], set(WRITING))
        self.assertEqual(struck[True], set(READING))

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

    def test_apply_again_sends_nothing(self):
        self.assertStatus(self.applied_again, 0)
        self.assertLessEqual(self.methods_of_apply_again, {"GET"})

    def test_verify_finds_all_equal(self):
        self.assertStatus(self.verified, 0)

    def test_status_and_reports_show_all_delivered(self):
        self.assertStatus(self.status, 0)
        for kind in self.status.json["kinds"]:
            counts = kind["documents"]
            self.assertEqual(counts["delivered"], counts["planned"], kind["kind"])
        for form, report in zip(FORMATS, self.reports):
            with self.subTest(format=form):
                self.assertStatus(report, 0)
                self.assertIn("comments", report.out)

    def test_no_key_is_in_the_workspace_or_printed(self):
        """Redmine shows the key of a user in the answer that makes the user."""
        self.assertGreater(len(self.keys), len(PEOPLE))
        kept = b"".join(file.read_bytes() for file in self.folder.glob("run.rowpost*"))
        for key in self.keys:
            self.assertNotIn(key.encode(), kept)
            for report in self.reports:
                self.assertNotIn(key, report.out)

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

    def test_the_check_refuses_to_write_a_private_note_in_the_name_of_a_user(self):
        self.assertStatus(self.refused, 2)
        self.assertIn("a private note is never written in the name of a user", self.refused.err)

    def test_a_private_note_that_redmine_has_published_differs(self):
        self.assertEqual(self.secret_is_private, [0])
        self.assertStatus(self.published, 1)
        self.assertIn("issue.private_notes", self.findings.out)


class Tests(unittest.TestCase):
    def test_the_tests_of_the_file_hold(self):
        result = Program(["test", MIGRATION], ROOT).end()
        self.assertEqual(result.status, 0, result.out + result.err)
        self.assertIn("0 failed", result.out)


if __name__ == "__main__":
    unittest.main()
