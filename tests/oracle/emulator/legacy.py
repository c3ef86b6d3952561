"""The legacy database as Oracle has it, from its SQLite file: names in upper case, the schema before
them or not, an empty text is null, nulls sort last, DATE is a word that has to stand in quotes."""

import datetime
import re
import sqlite3

from .describe import Column
from .messages import DatabaseError

SCHEMA = "CMS_PDMV_VAL"

_RELEASES = {
    "ID": "NUMBER", "CATEGORY": 40, "SUBCATEGORY": 40, "RELEASE_NAME": 100, "VERSION": "NUMBER",
    "DATE": "DATE", "STATUS_KIND": 20,
}
_STATUS = {
    "ID": "NUMBER", "VALIDATION_STATUS": 50, "COMMENTS": 4000, "LINKS": 4000, "USER_NAME": 100,
    "messageID": 100, "EMAIL_SUBJECT": 500, "RELMON_URL": 500,
}
TABLES = {
    "RELEASES": _RELEASES,
    "STATUS": _STATUS,
    "RELEASES_LV": _RELEASES,
    "STATUS_LV": _STATUS,
    "USERS": {"USER_NAME": 100, "EMAIL": 50, "ADMIN": "NUMBER", "VALIDATOR": "NUMBER"},
    "USER_RIGHTS": {"ID": "NUMBER", "USER_NAME": 100, "CATEGORY": 40, "SUBCATEGORY": 40,
                    "STATUS_KIND": 20},
}
COLUMNS = {name: type for table in TABLES.values() for name, type in table.items()}
MIXED_CASE = {name.upper(): name for name in COLUMNS if name != name.upper()}

TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_$#]*|\s+|.", re.DOTALL)


def _check_word(sql, position, word, schema):
    """Names that Oracle does not know as they stand here."""
    upper = word.upper()
    if upper in TABLES and schema != SCHEMA and not sql[:position].endswith("."):
        raise DatabaseError(942, position=position)
    if upper == "DATE":
        raise DatabaseError(1747 if sql[:position].endswith(".") else 936, position=position)
    if upper in MIXED_CASE:
        raise DatabaseError(904, f'"{upper}"', position=position)
    if word.startswith('"'):
        name = word[1:-1]
        known = MIXED_CASE.get(name.upper(), name.upper())
        if known in COLUMNS and name != known:
            raise DatabaseError(904, word, position=position)


def _with_order_of_nulls(sql):
    """Oracle has nulls behind everything else, SQLite before."""
    depth, start, commas = 0, None, []
    tokens = list(TOKEN.finditer(sql))
    for number, token in enumerate(tokens):
        word = token.group()
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and word.upper() == "BY" and sql[: token.start()].upper().rstrip().endswith(
                "ORDER"):
            start, commas = token.end(), []
        elif depth == 0 and word == "," and start is not None:
            commas.append(token.start())
    if start is None:
        return sql
    edges = [start, *commas, len(sql)]
    terms = [sql[a:b].strip(" ,\n\t") for a, b in zip(edges, edges[1:])]
    return sql[:start] + " " + ", ".join(map(_with_place_of_nulls, terms))


def _with_place_of_nulls(term):
    """One term of an ORDER BY; it may say itself where its nulls stand."""
    upper = term.upper()
    if upper.endswith((" NULLS FIRST", " NULLS LAST")):
        return term
    return f"{term} NULLS {'FIRST' if upper.endswith(' DESC') else 'LAST'}"


def translate(sql, schema=SCHEMA):
    """The statement for SQLite. `schema` is where names without one are looked for."""
    parts = []
    for token in TOKEN.finditer(sql):
        word = token.group()
        _check_word(sql, token.start(), word, schema)
        if word.strip('"').upper() == SCHEMA or (word == "." and parts and parts[-1] is None):
            parts.append(None if word != "." else "")
        else:
            parts.append(word)
    return _with_order_of_nulls("".join(part for part in parts if part))


def _explain(sql, error):
    """SQLite's error as Oracle's, with the place in the statement."""
    text = str(error)
    found = re.match(r"no such (table|column): (.+)", text)
    if not found:
        return DatabaseError(900)
    name = found.group(2)
    place = re.search(re.escape(name).replace(r"main\.", ""), sql, re.IGNORECASE)
    position = place.start() if place else 0
    if found.group(1) == "table":
        return DatabaseError(942, position=position)
    quoted = ".".join(f'"{part.upper()}"' for part in name.split("."))
    return DatabaseError(904, quoted, position=position)


# What a careless tool has written into a DATE: the year 0, a year before Christ, a day 0.
ODD_DATE = re.compile(r"(0000|-\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)")


def _as_date(value):
    if isinstance(value, int):
        moment = datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    else:
        odd = ODD_DATE.fullmatch(value)
        if odd:
            return (*map(int, odd.groups()), 0, 0)
        moment = datetime.datetime.fromisoformat(value)
    east = moment.utcoffset() or datetime.timedelta()
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second,
            moment.microsecond * 1000, int(east.total_seconds()) // 60)


SIZED_TYPE = re.compile(r"(\w+)\((\d+)\)")


def _as_column(name, first, types):
    type = types.get(name)
    if type is None:
        type = "NUMBER" if isinstance(first, (int, float)) else "VARCHAR2(4000)"
    if type == "NUMBER":
        return Column(name, "NUMBER", precision=38 if name == "ID" else 0)
    sized = SIZED_TYPE.fullmatch(type)
    if not sized:
        return Column(name, type)
    size = int(sized.group(2)) * (2 if sized.group(1).startswith("N") else 1)
    return Column(name, sized.group(1), size)


def _types_of(settings):
    """By column; what the settings say goes before what the tables have."""
    usual = {name: type if isinstance(type, str) else f"VARCHAR2({type})"
             for name, type in COLUMNS.items()}
    return {**usual, **{name: "CLOB" for name in settings.clobs}, **settings.types}


class Legacy:
    """One session's sight of the database."""

    def __init__(self, path, schema, settings):
        self.schema = schema
        self.types = _types_of(settings)
        self.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        there = {row[0].upper() for row in self.database.execute("SELECT name FROM sqlite_schema")}
        self.tables = {name: columns for name, columns in TABLES.items() if name in there}
        for table, columns in self.tables.items():
            selected = ", ".join(
                f'"{name}" AS "{name}"' if isinstance(type, str)
                else f"NULLIF(\"{name}\", '') AS \"{name}\""
                for name, type in columns.items())
            self.database.execute(f"CREATE TEMP VIEW {table} AS SELECT {selected} FROM main.{table}")
        self._add_dictionary()

    def _add_dictionary(self):
        execute = self.database.execute
        execute("CREATE TEMP TABLE DUAL (DUMMY)")
        execute("INSERT INTO DUAL VALUES ('X')")
        execute("CREATE TEMP TABLE ALL_TAB_COLUMNS"
                " (OWNER, TABLE_NAME, COLUMN_NAME, COLUMN_ID, DATA_TYPE)")
        rows = [(SCHEMA, table, name, number, self.types[name].partition("(")[0])
                for table, columns in self.tables.items()
                for number, name in enumerate(columns, 1)]
        self.database.executemany("INSERT INTO ALL_TAB_COLUMNS VALUES (?, ?, ?, ?, ?)", rows)
        execute("CREATE TEMP TABLE NLS_DATABASE_PARAMETERS (PARAMETER, VALUE)")
        execute("INSERT INTO NLS_DATABASE_PARAMETERS VALUES ('NLS_CHARACTERSET', 'AL32UTF8')")
        self.database.create_function("SYS_CONTEXT", 2, lambda space, name: self.schema)
        self.database.create_function(
            "LENGTHB", 1, lambda text: None if text is None else len(str(text).encode()))

    def query(self, sql):
        """The columns, and the rows as they come."""
        translated = translate(sql, self.schema)
        try:
            cursor = self.database.execute(translated)
            first = cursor.fetchone()
        except sqlite3.Error as error:
            raise _explain(sql, error) from error
        if cursor.description is None:
            raise DatabaseError(900)
        quoted = set(re.findall(r'"([^"]*)"', sql)) | set(MIXED_CASE.values())
        names = [entry[0] for entry in cursor.description]
        names = [name if name in quoted else name.upper() for name in names]
        example = first or [None] * len(names)
        columns = [_as_column(name, value, self.types) for name, value in zip(names, example)]
        return columns, self._rows(first, cursor, columns)

    @staticmethod
    def _rows(first, cursor, columns):
        dates = [number for number, column in enumerate(columns)
                 if column.type.startswith(("DATE", "TIMESTAMP"))]
        row = first
        while row is not None:
            if dates:
                row = list(row)
                for number in dates:
                    row[number] = None if row[number] is None else _as_date(row[number])
            yield row
            row = cursor.fetchone()

    def hold_still(self):
        """From here on every query sees the same state."""
        self.let_go()
        self.database.execute("BEGIN")
        self.database.execute("SELECT COUNT(*) FROM main.sqlite_schema").fetchone()

    def let_go(self):
        if self.database.in_transaction:
            self.database.execute("ROLLBACK")

    def close(self):
        self.database.close()
