"""The help desk of examples/make_helpdesk.py in Redmine: what has to be there, as a reader of the source
would write it down, and what is there by Redmine's own database, without the API."""

import html
import re

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
