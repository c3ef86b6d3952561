"""The legacy tables of the golden data, as SQL for a server."""

import sqlite3

from harness import GOLDEN

TABLES = ("releases", "status", "releases_lv", "status_lv", "users", "user_rights")

# By column: what the tables of the site have. What is not named here is a varchar.
TYPES = {
    "id": "integer",
    "version": "integer",
    "admin": "decimal(1)",
    "validator": "decimal(1)",
}
WIDTHS = {"comments": 4000, "email_subject": 500, "relmon_url": 500, "release_name": 100}


def columns_of(database, table):
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def has_moments(database):
    """Whether dates are texts, or seconds since 1970 as the site's backup has them."""
    return database.execute("SELECT typeof(date) FROM releases LIMIT 1").fetchone()[0] == "text"


def declare(server, column, moment):
    if column == "date":
        return f"{server.date_column} {moment}"
    if column == "messageID":
        return f"{server.mixed_column} varchar(200)"
    if column == "links":
        return f"LINKS {server.text}"
    kind = TYPES.get(column) or f"varchar({WIDTHS.get(column, 120)})"
    return f"{column.upper()} {kind}"


def literal(server, value):
    if value is None:
        return "NULL"
    return server.quote(value) if isinstance(value, str) else str(value)


def make_tables(server, name):
    """SQL that makes and fills the six tables of a golden database."""
    database = sqlite3.connect(GOLDEN / name)
    moment = f"{server.moment}" if has_moments(database) else "bigint"
    lines = []
    for table in TABLES:
        columns = columns_of(database, table)
        declared = ", ".join(declare(server, column, moment) for column in columns)
        lines.append(f"CREATE TABLE {table.upper()} ({declared});")
        rows = [
            "(" + ", ".join(literal(server, value) for value in row) + ")"
            for row in database.execute(f"SELECT * FROM {table}")
        ]
        for start in range(0, len(rows), 200):
            values = ",\n".join(rows[start : start + 200])
            lines.append(f"INSERT INTO {table.upper()} VALUES {values};")
    database.close()
    return "\n".join(lines)


def load(server, name):
    server.load(server.create_schema + make_tables(server, name) + server.grant)
