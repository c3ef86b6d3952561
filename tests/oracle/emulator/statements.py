"""What a statement gives: columns, and rows or what stands for them."""

import re

from . import awkward
from .describe import Column
from .legacy import Legacy
from .messages import DatabaseError
from .rowstream import RepeatedRows, RowStream, make_encoders

FROM_ONE_TABLE = re.compile(r"\s*SELECT\s+(.+?)\s+FROM\s+(\w+)\s*", re.IGNORECASE | re.DOTALL)

CURRENT_SCHEMA = re.compile(
    r"\s*ALTER\s+SESSION\s+SET\s+CURRENT_SCHEMA\s*=\s*\"?(\w+)\"?\s*", re.IGNORECASE)
OTHER_SESSION = re.compile(r"\s*ALTER\s+SESSION\s+SET\s+\w+\s*=.*", re.IGNORECASE | re.DOTALL)
READ_ONLY = re.compile(r"\s*SET\s+TRANSACTION\s+READ\s+ONLY\s*", re.IGNORECASE)

COMMIT = re.compile(r"\s*COMMIT\s*", re.IGNORECASE)

TIME_ZONE = re.compile(r"\s*SELECT\s+DBTIMEZONE\s+FROM\s+DUAL\s*", re.IGNORECASE)

MANY_COLUMNS = [
    Column("ID", "NUMBER", precision=10, nullable=False), Column("CATEGORY", "VARCHAR2", 40),
    Column("SUBCATEGORY", "VARCHAR2", 40), Column("RELEASE_NAME", "VARCHAR2", 100),
    Column("VERSION", "NUMBER", precision=10), Column("DATE", "DATE"),
    Column("STATUS_KIND", "VARCHAR2", 20), Column("VALIDATION_STATUS", "VARCHAR2", 50),
    Column("COMMENTS", "VARCHAR2", 4000), Column("LINKS", "VARCHAR2", 4000),
    Column("USER_NAME", "VARCHAR2", 100), Column("RELMON_URL", "VARCHAR2", 500),
]


def _many_rows():
    """A thousand rows like those of the legacy database."""
    kinds = ("CSC", "TAU", "TRACKING", "BTAG", "JET", "ECAL")
    rows = []
    for number in range(1000):
        name = f"12_{number % 7}_0_pre{number % 11}"
        comment = "Small shift in the eta distribution, under investigation.\n" * (number % 4)
        links = "\n".join(f"https://cmsweb.example/dqm?run={number};w={w}" for w in range(3))
        rows.append((
            1000000 + number, "Reconstruction", "FullSim" if number % 2 else "Data", name,
            number % 30, (2023, number % 12 + 1, number % 28 + 1, number % 24, 11, 40, 0, 0),
            kinds[number % 6], "OK", comment or None, links, f"First{number % 50} Last",
            f"https://cms-pdmv.example/relmon/{name}",
        ))
    return rows


class Statements:
    """The statements of one session."""

    def __init__(self, settings, database):
        self.settings = settings
        schema = settings.user.upper()
        self.legacy = Legacy(database, schema, settings) if database else None

    @staticmethod
    def _fixed(name):
        if name in awkward.TYPES:
            return awkward.table(name)
        if name == "A_NOTHING":
            return awkward.nothing_table()
        if name == "THE_SAME":
            return awkward.same_table()
        if name.startswith("WIDE_"):
            return awkward.wide_table(int(name[5:]))
        if name == "MANY_ROWS":
            return MANY_COLUMNS, _many_rows()
        return None

    def run(self, sql):
        """Does what is no query. False: it is one, or nothing that is known here."""
        schema = CURRENT_SCHEMA.fullmatch(sql)
        if schema and self.legacy:
            self.legacy.schema = schema.group(1).upper()
        elif READ_ONLY.fullmatch(sql) and self.legacy:
            self.legacy.hold_still()
        elif COMMIT.fullmatch(sql):
            self.end_transaction()
        others = (READ_ONLY, COMMIT, OTHER_SESSION)
        return bool(schema or any(other.fullmatch(sql) for other in others))

    def end_transaction(self):
        if self.legacy:
            self.legacy.let_go()

    def describe(self, sql):
        """The columns of a query, and its rows for `stream`."""
        if TIME_ZONE.fullmatch(sql):
            return [Column("DBTIMEZONE", "VARCHAR2", 6)], [("+00:00",)]
        match = FROM_ONE_TABLE.fullmatch(sql)
        found = self._fixed(match.group(2).upper()) if match else None
        if found is None:
            if self.legacy is None:
                raise DatabaseError(942, position=match.start(2) if match else 0)
            return self.legacy.query(sql)
        columns, rows = found
        if match.group(1).strip() == "*":
            return columns, rows
        names = [name.strip().upper() for name in match.group(1).split(",")]
        places = {column.name: number for number, column in enumerate(columns)}
        for name in names:
            if name not in places:
                raise DatabaseError(904, f'"{name}"', position=sql.upper().find(name))
        wanted = [places[name] for name in names]
        return [columns[place] for place in wanted], [[row[place] for place in wanted]
                                                      for row in rows]

    def stream(self, sql, columns, rows, defines):
        """The rows as the client wants them; `defines` are the types that it has asked for."""
        encoders = make_encoders(columns, defines, self.settings)
        if columns == MANY_COLUMNS:
            return RepeatedRows(rows, encoders, self.settings.many_rows)
        return RowStream(rows, encoders, self.settings)

    def close(self):
        if self.legacy:
            self.legacy.close()
