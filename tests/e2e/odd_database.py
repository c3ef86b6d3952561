"""A legacy database whose columns have odd types: one type for each kind of column, and a row for
every value of type_cells.py."""

from type_cells import REFUSED, held

COLUMNS = {
    "users": "user_name email admin validator".split(),
    "user_rights": "id user_name category subcategory status_kind".split(),
    "releases": "id category subcategory release_name version date status_kind".split(),
    "status": "id validation_status comments links user_name messageID email_subject"
              " relmon_url".split(),
}

# What the columns are declared as; the others are plain text.
KINDS = {
    "users": {"user_name": "word", "admin": "flag", "validator": "flag"},
    "user_rights": {"id": "key", "user_name": "word"},
    "releases": {"id": "key", "release_name": "word", "version": "integer", "date": "moment"},
    "status": {"id": "key", "comments": "text"},
}


def list_variants(cells):
    """Every type of every kind, in as few databases as there are types of one kind."""
    by_kind = {}
    for kind, database_type, values in cells:
        kept = [cell for cell in values if cell[1] is not REFUSED]
        by_kind.setdefault(kind, []).append((database_type, kept))
    most = max(map(len, by_kind.values()))
    return [
        {kind: types[number % len(types)] for kind, types in by_kind.items()}
        for number in range(most)
    ]


class OddDatabase:
    """The rows. A value is a cell: (how the server gets it, what a snapshot holds of it)."""

    def __init__(self, variant, quote, pads_char=False):
        """`quote` writes a text for the server, which may fill a CHAR(n) up."""
        self.types = {kind: database_type for kind, (database_type, _) in variant.items()}
        self.cells = {kind: values for kind, (_, values) in variant.items()}
        self.quote = quote
        self.pads_char = pads_char
        self.number = 0
        self.rows = {table: [] for table in COLUMNS}
        self.add_people()
        self.add_reports()

    def text(self, kind, text):
        """A text that every type of the kind can hold."""
        database_type = self.types.get(kind, "")
        if self.pads_char and database_type.lower().startswith(("char(", "nchar(")):
            text = text.ljust(int(database_type.rstrip(")").partition("(")[2]))
        return self.quote(text), text

    def next_id(self):
        self.number += 1
        written, digits = self.text("key", str(100 + self.number))
        return written, digits if digits.endswith(" ") else int(digits)

    def first(self, kind):
        """A value that is of its type."""
        return self.cells[kind][0]

    def find_flag(self, value):
        return next(cell for cell in self.cells["flag"] if cell[1] == value)

    def add(self, table, **values):
        self.rows[table].append(values)

    def add_user(self, name, email, **flags):
        self.add("users", user_name=name, email=self.text("", email), **flags)
        self.add("user_rights", id=self.next_id(), user_name=name, category=self.text("", "HLT"),
                 subcategory=self.text("", "Data"), status_kind=self.text("", "TAU"))

    def add_people(self):
        """A user for each flag in each of its columns, and for each login."""
        yes, no = (self.find_flag(value) for value in (1, 0))
        for number, cell in enumerate(self.cells["flag"]):
            for column in ("admin", "validator"):
                login = f"{column[:3]}{number}"
                flags = {"admin": no, "validator": yes, column: cell}
                self.add_user(self.text("word", login), f"{login}@lab.example", **flags)
        for number, cell in enumerate(self.cells["word"]):
            self.add_user(cell, f"word{number}@lab.example", admin=no, validator=yes)

    def add_report(self, name, **values):
        """A row of RELEASES and its row of STATUS; an id is theirs both."""
        key = values.pop("id", None) or self.next_id()
        comments = values.pop("comments", self.text("", None))
        values.setdefault("date", self.first("moment"))
        values.setdefault("version", self.first("integer"))
        self.add("releases", id=key, category=self.text("", "PAGs"),
                 subcategory=self.text("", "Data"), status_kind=self.text("", "TOP"),
                 release_name=name, **values)
        self.add("status", id=key, validation_status=self.text("", "OK"), comments=comments,
                 user_name=self.text("", "Given Name"))

    def add_reports(self):
        """A campaign for each value, and one in which all of the values of a kind meet."""
        for kind, column in (("key", "id"), ("text", "comments"), ("integer", "version"),
                             ("moment", "date")):
            for number, cell in enumerate(self.cells[kind]):
                self.add_report(self.text("word", f"12_{number}_0_{kind}"), **{column: cell})
                self.add_report(self.text("word", f"13_0_0_{kind}"), **{column: cell})
        for cell in self.cells["word"]:
            self.add_report(cell)

    def type_of(self, table, column, plain):
        return self.types.get(KINDS[table].get(column), plain)

    def make_sql(self, plain, quote_name, before_rows=""):
        """The tables for a server; `plain` is the type of the columns of no kind."""
        parts = []
        for table, columns in COLUMNS.items():
            declared = ", ".join(f"{quote_name(c)} {self.type_of(table, c, plain)}" for c in columns)
            parts.append(f"CREATE TABLE {table} ({declared});")
        parts.append(before_rows)
        for table, columns in COLUMNS.items():
            rows = ", ".join(
                "(" + ", ".join(row.get(c, ("NULL", None))[0] for c in columns) + ")"
                for row in self.rows[table]
            )
            parts.append(f"INSERT INTO {table} VALUES {rows};")
        return "\n".join(parts)

    def insert_into(self, database, side):
        """The tables in a SQLite database, without types: `side` 0 has what the server gets,
        1 what a snapshot holds."""
        for table, columns in COLUMNS.items():
            database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            for row in self.rows[table]:
                values = [held(row.get(column, (None, None))[side]) for column in columns]
                places = ", ".join("?" for _ in columns)
                database.execute(f"INSERT INTO {table} VALUES ({places})", values)
        database.commit()
