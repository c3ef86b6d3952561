"""migration_script.py SOURCE OUTPUT: what migration_bench.sql says, as one writes it in Python."""

import hashlib
import json
import sqlite3
import sys

LEVEL = {"editor": "editor", "writer": "author", "reader": "subscriber"}
TOWN = {"Bern": 1, "Genf": 2, "Basel": 3}
LANG = {"de": "de_CH", "fr": "fr_CH", "it": "it_CH"}
STATE = {"open": "new", "closed": "done", "waiting": "pending"}
TEAM = {"net": "Network", "hr": "Personnel", "print": "Printing"}

source = sqlite3.connect(sys.argv[1])
out = sqlite3.connect(sys.argv[2])
out.executescript(
    "CREATE TABLE document(kind TEXT, key TEXT, sha256 TEXT, body TEXT, PRIMARY KEY (kind, key));"
    "CREATE TABLE source_row(name TEXT, row TEXT, outcome TEXT, because TEXT, content TEXT);")
known = {"people": set(), "tickets": set()}


def use(kind, table, key, body):
    text = json.dumps(body)
    digest = hashlib.sha256(text.encode()).hexdigest()
    out.execute("INSERT INTO document VALUES(?,?,?,?)", (kind, str(key), digest, text))
    out.execute("INSERT INTO source_row VALUES(?,?,'used',NULL,NULL)", (table, str(key)))


def leave(table, key, outcome, because, row):
    out.execute("INSERT INTO source_row VALUES(?,?,?,?,?)",
                (table, str(key), outcome, because, json.dumps(row)))


for row in source.execute("SELECT id, mail, level, town, lang FROM person"):
    key, mail, level, town, lang = row
    if mail is None:
        leave("person", key, "rejected", "no address", row)
        continue
    known["people"].add(key)
    use("people", "person", key, {"mail": mail.lower(), "level": LEVEL.get(level.lower()),
                                  "town": TOWN.get(town), "lang": LANG.get(lang)})

for row in source.execute("SELECT id, person, team, state, prio, text FROM ticket"):
    key, person, team, state, prio, text = row
    if person not in known["people"]:
        leave("ticket", key, "rejected", "its person is not migrated", row)
        continue
    known["tickets"].add(key)
    use("tickets", "ticket", key, {"person": {"$new": ["people", str(person)]},
                                   "team": TEAM.get(team), "state": STATE.get(state.lower()),
                                   "prio": prio, "text": text})

for row in source.execute("SELECT id, ticket, kind, state, lang, text FROM comment"):
    key, ticket, kind, state, lang, text = row
    if kind == "spam":
        leave("comment", key, "skipped", "spam", row)
    elif ticket not in known["tickets"]:
        leave("comment", key, "rejected", "its ticket is not migrated", row)
    else:
        use("comments", "comment", key, {"ticket": {"$new": ["tickets", str(ticket)]},
                                         "state": STATE.get(state.lower()),
                                         "lang": LANG.get(lang), "text": text})
out.commit()
