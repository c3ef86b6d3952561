"""make_helpdesk.py FILE [TICKETS]: a small help desk in a SQLite file, with the faults that old help
desks have.

It is the source of the examples helpdesk-to-redmine.sql and helpdesk-to-rt.sql. The same arguments
make the same file."""

import pathlib
import random
import sqlite3
import sys

TABLES = """
CREATE TABLE person(id INTEGER PRIMARY KEY, login TEXT, mail TEXT, name TEXT, agent INTEGER,
                    left_on TEXT);
CREATE TABLE ticket(id INTEGER PRIMARY KEY, person_id INTEGER, agent_id INTEGER, team TEXT,
                    title TEXT, state TEXT, prio INTEGER, html TEXT, opened TEXT, closed TEXT,
                    spam INTEGER);
CREATE TABLE comment(id INTEGER PRIMARY KEY, ticket_id INTEGER, person_id INTEGER,
                     internal INTEGER, html TEXT, written TEXT);
"""

PEOPLE = [  # id, login, mail, name, agent, left_on
    (1, "ann", "Ann@Help.example", " Ann   Arbor ", 1, None),
    (2, "björn", "bjoern@help.example", "Björn Öztürk", 1, None),
    (3, "cy", "<cy+desk@help.example>", 'Cy "the" D. <3', 0, "2015-01-31"),
    (4, "dora", "dora@help.example", "Dora", 0, None),
    (5, "dora2", "DORA@help.example ", "Dora Again", 1, None),  # the same person, now an agent
    (6, "eve", "eve at help", "Eve", 0, None),  # no address
    (7, "gus", "mail gus@help.example please", "", 0, ""),
    (8, "字", "zi@help.example", "字", 0, None),
    (9, "cy_desk", "cy_desk@help.example", "Cy Desk", 0, None),  # nearly the address of 3
    (10, "han", "han@help.example", "Han van der Ng", 1, "2014-12-31"),
    (11, "max", "max@help.example", "Maximiliane-Theodora-Wilhelmina O'Neil", 0, None),
    (12, "nil", None, None, 0, None),
]

# What a ticket has instead of the ordinary, by its id.
ODD_TICKETS = {
    3: {"title": "Printer is on fire", "person_id": 3},
    4: {"title": "Printer is on fire", "person_id": 3, "state": "waiting", "agent_id": 1},
    5: {"title": " \r\n ", "agent_id": 5},
    6: {"spam": 1},
    7: {"state": "reopened?"},
    8: {"team": "catering"},
    9: {"prio": 9},
    10: {"prio": None},
    11: {"person_id": 6},  # a person without an address
    12: {"person_id": 77},  # nobody
    13: {"agent_id": 3},  # not an agent
    14: {"agent_id": 99},  # nobody
    15: {"title": "Ä" * 300, "html": None},
    16: {"opened": "2014-02-30 09:00:00", "state": "closed", "closed": "0000-00-00 00:00:00"},
    17: {"opened": None, "html": ""},
    18: {"person_id": 5, "agent_id": 10, "team": "HR"},
    19: {"title": '<i>Markup</i> & "quotes" \\ C:\\new -- \'x\'; 100% {key} %41 + ü'},
    20: {"html": "<pre>  two\r\n\r\n   blanks\t</pre>\u00a0&lt;b&gt; 😀 e\u0301 "
                 "<a href='http://x.example/?a=1&amp;b=2'>link</a>"},
}


def make_ticket(number, chance):
    day, month = number % 28 + 1, number % 12 + 1
    state = ("open", "OPEN ", "closed", "waiting")[number % 4]
    ticket = {
        "id": number,
        "person_id": chance.choice((3, 4, 7, 8, 9, 11)),
        "agent_id": chance.choice((1, 2, None)),
        "team": chance.choice(("net", "Printers", " hr")),
        "title": f'Ticket {number}: it\'s "so"  & so ',
        "state": state,
        "prio": number % 5,
        "html": f"<p>It&nbsp;broke &amp; smokes<br>in room {number}</p>\r\n<ul><li>Ü</li></ul> ",
        "opened": f"2014-{month:02}-{day:02} 09:{number % 60:02}:00",
        "closed": f"2014-12-{day:02} 17:00:00" if state == "closed" else None,
        "spam": 0,
    }
    return {**ticket, **ODD_TICKETS.get(number, {})}


def make_comments(ticket, first, chance):
    """A thread of customers, agents and people without an address; some remarks are internal."""
    for place in range(ticket % 4):
        number = first + place
        internal = int(place == 1)
        person = chance.choice((1, 2, 5, 10)) if internal else chance.choice((1, 3, 4, 6, 8, 11))
        html = chance.choice((f"<p>Remark {number}</p>\r\n<p>and <b>more</b></p>",
                              f"Remark {number} &lt;3 & so",
                              f"Secret: 'x' \\ \"{number}\" 😀<br>Zeile zwei: ÄÖÜ"))
        yield (number, ticket, person, internal, html,
               f"2014-{ticket % 12 + 1:02}-{(number * 5) % 28 + 1:02} {number % 24:02}:05:07")


def make_odd_comments(first):
    """(ticket, person, internal, html, written)"""
    same = ("Any news?", "2014-06-01 10:00:00")
    odd = [
        (1, 4, 0, *same),
        (1, 4, 0, *same),  # the same again: two remarks
        (1, 4, 1, "A customer wrote this, and it is internal", "2014-06-02 10:00:00"),
        (1, 6, 1, "Internal, of somebody without an address", "2014-06-03 10:00:00"),
        (1, 88, 0, "Of nobody", "2014-06-04 10:00:00"),
        (1, None, None, "Of a program", "2014-06-05 10:00:00"),
        (1, 1, 0, " <p> </p> ", "2014-06-06 10:00:00"),
        (1, 1, 0, None, "2014-06-07 10:00:00"),
        (1, 1, 0, f"[comment {first}] was the first", "2014-06-08 10:00:00"),
        (1, 1, 7, "Marked as neither", "2014-06-09 10:00:00"),
        (2, 8, 0, "At an impossible time", "2014-02-30 25:00:00"),
        (2, 8, 0, "At no time", None),
        (6, 1, 0, "To spam", "2014-06-10 10:00:00"),
        (7, 1, 1, "To a ticket that is rejected", "2014-06-11 10:00:00"),
        (999, 1, 0, "To nothing", "2014-06-12 10:00:00"),
    ]
    for place, comment in enumerate(odd):
        yield first + place, *comment


def make(path, tickets=24):
    chance = random.Random(4)
    pathlib.Path(path).unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(TABLES)
    database.executemany("INSERT INTO person VALUES(?, ?, ?, ?, ?, ?)", PEOPLE)
    comments = []
    for number in range(1, tickets + 1):
        database.execute("INSERT INTO ticket VALUES(:id, :person_id, :agent_id, :team, :title,"
                         " :state, :prio, :html, :opened, :closed, :spam)",
                         make_ticket(number, chance))
        comments += make_comments(number, len(comments) + 1, chance)
    comments += make_odd_comments(len(comments) + 1)
    database.executemany("INSERT INTO comment VALUES(?, ?, ?, ?, ?, ?)", comments)
    database.commit()
    database.close()


if __name__ == "__main__":
    make(sys.argv[1], *map(int, sys.argv[2:3]))
