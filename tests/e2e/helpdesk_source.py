"""The source of the help desk's examples (examples/make_helpdesk.py), as tests read it."""

import sqlite3


def read_source(path):
    """The rows of the tickets, and those of the comments in the order of their threads."""
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    tickets = database.execute("SELECT * FROM ticket ORDER BY id").fetchall()
    comments = database.execute("SELECT * FROM comment ORDER BY ticket_id, written IS NULL,"
                                " written, id").fetchall()
    database.close()
    return tickets, comments
