"""Tables of every type, with the values that a decoder is likely to get wrong. Each value stands
beside the text that a reader should make of it: NUMBER as exact decimal text, dates as ISO text,
RAW in hexadecimal."""

import struct

from .describe import Column
from .values import NEGATIVE_INFINITY, POSITIVE_INFINITY

ACCENTS = "Ünïcödé – 日本語 🎉"
EVERY = "".join(map(chr, range(1, 0x250)))


def _text(*values):
    return [(value, value) for value in values]


def _date(text, *fields):
    return ((*fields, *[0] * (8 - len(fields))), text)


NUMBERS = [
    *((text, text) for text in (
        "0", "1", "-1", "10", "99", "100", "101", "-100", "12345678901234567890",
        "0.1", "-0.1", "0.01", "0.001", "-0.0001", "1.5", "-1.05", "100.001", "1000000", "0.5",
        "3.14159265358979323846264338327950288419", "-3.14159265358979323846264338327950288419",
        "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999",
        "9007199254740993", "-9007199254740993", "12300", "0.00012",
    )),
    ("1E+125", "1" + "0" * 125), ("-1E+125", "-1" + "0" * 125),
    ("1E-130", "0." + "0" * 129 + "1"), ("-1E-130", "-0." + "0" * 129 + "1"),
]

INFINITIES = [(POSITIVE_INFINITY, "Inf"), (NEGATIVE_INFINITY, "-Inf")]

DATES = [
    _date("2023-03-15T13:14:15", 2023, 3, 15, 13, 14, 15),
    _date("2023-03-15T00:00:00", 2023, 3, 15),
    _date("1970-01-01T00:00:00", 1970, 1, 1),
    _date("2000-02-29T23:59:59", 2000, 2, 29, 23, 59, 59),
    _date("1582-10-15T00:00:00", 1582, 10, 15),
    _date("0001-01-01T00:00:00", 1, 1, 1),
    _date("9999-12-31T23:59:59", 9999, 12, 31, 23, 59, 59),
    _date("1999-12-31T12:00:00", 1999, 12, 31, 12),
]

TIMESTAMPS = [
    _date("2023-03-15T13:14:15.123456789", 2023, 3, 15, 13, 14, 15, 123456789),
    _date("2023-03-15T13:14:15.000000001", 2023, 3, 15, 13, 14, 15, 1),
    _date("2023-03-15T13:14:15.5", 2023, 3, 15, 13, 14, 15, 500000000),
    _date("2023-03-15T13:14:15", 2023, 3, 15, 13, 14, 15),
]

ZONED = [
    _date("2023-03-15T13:14:15.25+01:00", 2023, 3, 15, 13, 14, 15, 250000000, 60),
    _date("2023-03-15T13:14:15+00:00", 2023, 3, 15, 13, 14, 15, 0, 0),
    _date("2023-03-15T13:14:15-05:00", 2023, 3, 15, 13, 14, 15, 0, -300),
    _date("2023-03-15T13:14:15+05:45", 2023, 3, 15, 13, 14, 15, 0, 345),
    _date("2023-01-01T00:15:00-03:30", 2023, 1, 1, 0, 15, 0, 0, -210),
    _date("2022-12-31T23:15:00-12:00", 2022, 12, 31, 23, 15, 0, 0, -720),
    _date("2024-03-01T05:00:00+14:00", 2024, 3, 1, 5, 0, 0, 0, 840),
]

# What is in a DATE that a careless tool has written: each is handed on as text.
ODD_DATES = [
    _date("-0044-03-15 00:00:00", -44, 3, 15),
    _date("-4712-01-01 12:30:59", -4712, 1, 1, 12, 30, 59),
    _date("-0001-12-31 00:00:00", -1, 12, 31),
    _date("0000-01-01 00:00:00", 0, 1, 1),
    _date("0000-00-00 00:00:00", 0, 0, 0),
    _date("2023-02-30 10:00:00", 2023, 2, 30, 10),
    _date("2023-13-00 00:00:00", 2023, 13),
    (b"\x78\x7b\x03\x0f\x00\x00\x00", "bytes 787B030F000000, which are no date"),
    (bytes(7), "bytes 00000000000000, which are no date"),
    (b"\xff" * 7, "bytes FFFFFFFFFFFFFF, which are no date"),
]

ODD_TIMESTAMPS = [
    _date("-0044-03-15 00:00:00 and 123456789 ns", -44, 3, 15, 0, 0, 0, 123456789),
    _date("0000-00-00 00:00:00", 0, 0, 0),
    (b"\x78\x7b\x03\x0f\x01\x01\x01\xff\xff\xff\xff", "bytes 787B030F010101FFFFFFFF, which are no date"),
]

ODD_NUMBERS = [(b"\xc1", "bytes C1, which are no NUMBER"), ("7", "7"),
               (b"\xc1\xff\xff", "bytes C1FFFF, which are no NUMBER")]

BOOLEANS = [(True, "1"), (False, "0")]

MONTHS = [((2, 6), "+02-06"), ((0, 0), "+00-00"), ((-1, -11), "-01-11"), ((0, -7), "-00-07"),
          ((178000000, 0), "+178000000-00")]

SECONDS = [
    ((5, 10, 20, 30, 123456000), "+05 10:20:30.123456"), ((0, 0, 0, 0, 0), "+00 00:00:00.000000"),
    ((-5, -10, -20, -30, -500000000), "-05 10:20:30.500000"),
    ((0, 0, 0, 0, -1), "-00 00:00:00.000000001"),
    ((123456789, 23, 59, 59, 999999999), "+123456789 23:59:59.999999999"),
]

TEXTS = _text(
    "a", "A" * 252, "B" * 253, "C" * 254, "D" * 255, "E" * 256, "F" * 4000, ACCENTS,
    "two\nlines\r\nand a tab\t", "'quoted' \"twice\" \\", " leading and trailing ", EVERY, "\x7f",
)

NATIONAL = _text("a", ACCENTS, "𝄞" * 30, "N" * 126, "N" * 127, "N" * 1000)

FLOATS = [(0.0, "0"), (1.5, "1.5"), (-1.5, "-1.5"), (0.1, "0.1"), (-2.0, "-2"), (1e20, "1e+20"),
          (3.0e-30, "3e-30"), (float("inf"), "Inf"), (float("-inf"), "-Inf"),
          (float("nan"), "NaN")]

ROWIDS = [((0x12D6A, 4, 0x1A3, 7), "AAAS1qAAEAAAAGjAAH"), ((1, 1, 1, 1), "AAAAABAABAAAAABAAB")]

UROWIDS = [(struct.pack(">BIHIH", 1, *value), text) for value, text in ROWIDS]

LONG_TEXT = (ACCENTS * 3000)[:60000]
LONGS = _text("short", "G" * 252, "H" * 253, LONG_TEXT, "P" * 32767, "P" * 32768, "P" * 65535)

RAWS = [(bytes(range(256)), bytes(range(256)).hex().upper()), (b"\0", "00"), (b"\xff" * 252,
        "FF" * 252), (b"\xfe" * 253, "FE" * 253)]

# The name of a table, its column, and the values with their texts. Every other row is null.
TYPES = {
    "A_VARCHAR2": (Column("V", "VARCHAR2", 4000), TEXTS),
    "A_CHAR": (Column("V", "CHAR", 4000), TEXTS),
    "A_NVARCHAR2": (Column("V", "NVARCHAR2", 4000), NATIONAL),
    "A_NCHAR": (Column("V", "NCHAR", 2000), NATIONAL),
    "A_NUMBER": (Column("V", "NUMBER"), NUMBERS),
    "AN_INFINITY": (Column("V", "NUMBER"), INFINITIES),
    "A_DATE": (Column("V", "DATE"), DATES),
    "A_TIMESTAMP": (Column("V", "TIMESTAMP", scale=9), TIMESTAMPS),
    "A_ZONED": (Column("V", "TIMESTAMP WITH TIME ZONE", scale=6), ZONED),
    "A_REGION": (Column("V", "TIMESTAMP WITH REGION", scale=6), ZONED[:1]),
    "A_LOCAL": (Column("V", "TIMESTAMP WITH LOCAL TIME ZONE", scale=6), TIMESTAMPS),
    "A_RAW": (Column("V", "RAW", 2000), RAWS),
    "A_ROWID": (Column("V", "ROWID"), ROWIDS),
    "A_UROWID": (Column("V", "UROWID"), UROWIDS),
    "A_FLOAT": (Column("V", "BINARY_FLOAT"), FLOATS),
    "A_DOUBLE": (Column("V", "BINARY_DOUBLE"), FLOATS),
    "A_CLOB": (Column("V", "CLOB"), LONGS),
    "AN_NCLOB": (Column("V", "NCLOB"), LONGS),
    "A_LONG": (Column("V", "LONG"), LONGS),
    "A_LONG_RAW": (Column("V", "LONG RAW"), RAWS),
    "A_WIDE": (Column("V", "VARCHAR2", 32767), LONGS[:3]),
    "A_BLOB": (Column("V", "BLOB"), RAWS + [(b"blob" * 20000, "626C6F62" * 20000)]),
    "A_BOOLEAN": (Column("V", "BOOLEAN"), BOOLEANS),
    "SOME_MONTHS": (Column("V", "INTERVAL YEAR TO MONTH", scale=9), MONTHS),
    "SOME_SECONDS": (Column("V", "INTERVAL DAY TO SECOND", scale=9), SECONDS),
    "AN_ODD_NUMBER": (Column("V", "NUMBER"), ODD_NUMBERS),
    "AN_ODD_DATE": (Column("V", "DATE"), ODD_DATES),
    "AN_ODD_TIMESTAMP": (Column("V", "TIMESTAMP", scale=9), ODD_TIMESTAMPS),
    "AN_OBJECT": (Column("V", "OBJECT", object_type=("MDSYS", "SDO_GEOMETRY")), []),
    "AN_XML": (Column("V", "OBJECT", object_type=("SYS", "XMLTYPE")), []),
    "A_CURSOR": (Column("V", "REF CURSOR"), []),
    "A_FILE": (Column("V", "BFILE"), []),
    "A_JSON": (Column("V", "JSON"), []),
    "A_VECTOR": (Column("V", "VECTOR"), []),
}


def rows_of(name):
    """(number, value, a text that repeats); a null behind each value."""
    rows = []
    for value, _ in TYPES[name][1]:
        rows += [(len(rows) + 1, value, "same"), (len(rows) + 2, None, "same")]
    return rows


def texts_of(name):
    """What a reader should make of the rows above: [number, value, text]."""
    texts = []
    for _, text in TYPES[name][1]:
        texts += [[str(len(texts) + 1), text, "same"], [str(len(texts) + 2), None, "same"]]
    return texts


def table(name):
    """The columns and the rows of such a table: a value between two others, so that one that is
    taken for longer or shorter than it is shows."""
    columns = [
        Column("N", "NUMBER", precision=10, nullable=False,
               annotations=(("Display", "a number"), ("Empty", "")), domain=("SOME", "DOMAIN")),
        TYPES[name][0],
        Column("S", "VARCHAR2", 10),
    ]
    return columns, rows_of(name)


def nothing_table():
    """A column without any room, as '' is in a select list: not a byte of it stands in a row."""
    columns = [Column("N", "NUMBER"), Column("E", "VARCHAR2", 0), Column("S", "VARCHAR2", 10)]
    return columns, [(1, None, "a"), (2, None, "a"), (3, None, "b")]


def same_table():
    """Rows that do not differ."""
    return [Column("N", "NUMBER"), Column("S", "VARCHAR2", 10)], [(7, "same")] * 5


def wide_table(count):
    """More columns than a byte has bits, most of which stay the same from row to row."""
    columns = [Column(f"C{number}", "VARCHAR2", 30) for number in range(count)]
    first = [f"value {number}" for number in range(count)]
    rows = []
    for row in range(40):
        changed = list(first)
        changed[row % count] = f"row {row}"
        changed[(row * 7) % count] = None
        rows.append(changed)
    return columns, rows
