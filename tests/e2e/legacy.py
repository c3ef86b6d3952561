"""Small legacy databases, in the layout of the site's own backup, made row by row."""

import datetime
import sqlite3

SCHEMA = """
CREATE TABLE releases(id integer primary key, category text, subcategory text, release_name text,
    version integer, date integer, status_kind text);
CREATE TABLE status(id integer, validation_status text, comments text, links text, user_name text,
    messageID text, email_subject text, relmon_url text);
CREATE TABLE releases_lv(id integer primary key, category text, subcategory text,
    release_name text, version integer, date integer, status_kind text);
CREATE TABLE status_lv(id integer, validation_status text, comments text, links text,
    user_name text, messageID text, email_subject text, relmon_url text);
CREATE TABLE users(user_name text, email text, admin short, validator short);
CREATE TABLE user_rights(id integer primary key, user_name text, category text, subcategory text,
    status_kind text);
"""


def seconds_of(day):
    """Noon of the day, UTC, as the backup script writes dates."""
    moment = datetime.datetime.fromisoformat(day + "T12:00:00+00:00")
    return int(moment.timestamp())


class Legacy:
    """A legacy database. Every change is on the disk when its method returns."""

    def __init__(self, path):
        self.path = path
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.executescript(SCHEMA)

    def close(self):
        self.database.close()

    def execute(self, sql, *values):
        return self.database.execute(sql, values).fetchall()

    def add_validator(self, login, email, *groups):
        """A group is written as `HLT.Data.MET`."""
        self.execute("INSERT INTO users VALUES (?, ?, 0, 1)", login, email)
        for group in groups:
            self.execute(
                "INSERT INTO user_rights (user_name, category, subcategory, status_kind)"
                " VALUES (?, ?, ?, ?)",
                login,
                *group.split("."),
            )

    def add_administrator(self, login, email):
        self.execute("INSERT INTO users VALUES (?, ?, 1, 0)", login, email)

    def add_report(self, campaign, group, status="OK", comments="Looks fine.", author=None):
        category, subcategory, kind = group.split(".")
        self.execute(
            "INSERT INTO releases (category, subcategory, release_name, version, date,"
            " status_kind) VALUES (?, ?, ?, 1, ?, ?)",
            category,
            subcategory,
            campaign,
            seconds_of("2023-02-01"),
            kind,
        )
        ((number,),) = self.execute("SELECT last_insert_rowid()")
        self.execute(
            "INSERT INTO status VALUES (?, ?, ?, NULL, ?, NULL, NULL, ?)",
            number,
            status,
            comments,
            author,
            "https://relmon.example/" + campaign,
        )


def make_clean(path):
    """Every row can be used: two validators, an administrator, two campaigns."""
    legacy = Legacy(path)
    legacy.add_validator("first", "first@site.example", "HLT.Data.MET", "PAGs.FullSim.TOP")
    legacy.add_validator("second", "second@site.example", "GEN.Gen.GEN")
    legacy.add_administrator("chief", "chief@site.example")
    legacy.add_report("12_0_0", "HLT.Data.MET", comments="One.", author="Given First")
    legacy.add_report("12_0_0", "PAGs.Data.TOP", "FAILURE", "Two.")
    legacy.add_report("12_1_0", "GEN.Gen.GEN", "IN PROGRESS", None)
    return legacy


def make_user(path):
    """A database with one validator and nothing else: one document."""
    legacy = Legacy(path)
    legacy.add_validator("jdoe", "jdoe@site.example", "HLT.Data.MET", "HLT.Data.TAU")
    return legacy


def make_campaign(path):
    """A database with one campaign of two reports and nothing else: one document."""
    legacy = Legacy(path)
    legacy.add_report("12_5_0", "HLT.Data.MET", comments="One.")
    legacy.add_report("12_5_0", "HLT.Data.TAU", "FAILURE", "Two.")
    return legacy
