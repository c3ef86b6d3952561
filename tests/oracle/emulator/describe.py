"""The columns of an answer: what they are called and what is in them."""

import dataclasses

from .messages import DESCRIBE
from .negotiation import CHARACTER_SET_UTF8, CHARACTER_SET_UTF16
from .primitives import put_bytes, put_counted, put_integer
from . import values

LONG, LONG_RAW, CLOB, BLOB = 8, 24, 112, 113
NO_FORM, DATABASE_FORM, NATIONAL_FORM = 0, 1, 2


@dataclasses.dataclass(frozen=True)
class Kind:
    """A type: its code, the form of its characters, and how a value becomes bytes: those of a byte
    string (`to_bytes`), or with a length of their own (`put`)."""

    code: int
    form: int = NO_FORM
    to_bytes: object = None
    put: object = None


KINDS = {
    "VARCHAR2": Kind(1, DATABASE_FORM, values.text_bytes),
    "NVARCHAR2": Kind(1, NATIONAL_FORM, values.national_bytes),
    "NUMBER": Kind(2, NO_FORM, values.number_bytes),
    "LONG": Kind(LONG, DATABASE_FORM, values.text_bytes),
    "ROWID": Kind(11, NO_FORM, put=values.put_rowid),
    "DATE": Kind(12, NO_FORM, values.date_bytes),
    "RAW": Kind(23, NO_FORM, bytes),
    "LONG RAW": Kind(LONG_RAW, NO_FORM, bytes),
    "CHAR": Kind(96, DATABASE_FORM, values.text_bytes),
    "NCHAR": Kind(96, NATIONAL_FORM, values.national_bytes),
    "BINARY_FLOAT": Kind(100, NO_FORM, values.float_bytes),
    "BINARY_DOUBLE": Kind(101, NO_FORM, values.double_bytes),
    "CLOB": Kind(CLOB, DATABASE_FORM, values.text_bytes, values.put_lob),
    "NCLOB": Kind(CLOB, NATIONAL_FORM, values.national_bytes, values.put_lob),
    "TIMESTAMP": Kind(180, NO_FORM, values.timestamp_bytes),
    "TIMESTAMP WITH TIME ZONE": Kind(181, NO_FORM, values.zoned_bytes),
    "TIMESTAMP WITH REGION": Kind(181, NO_FORM, values.region_bytes),
    "TIMESTAMP WITH LOCAL TIME ZONE": Kind(231, NO_FORM, values.timestamp_bytes),
    "UROWID": Kind(208, NO_FORM, put=values.put_urowid),
    "BLOB": Kind(BLOB, NO_FORM, bytes, values.put_lob),
    "BOOLEAN": Kind(252, NO_FORM, values.boolean_bytes),
    "INTERVAL YEAR TO MONTH": Kind(182, NO_FORM, values.months_bytes),
    "INTERVAL DAY TO SECOND": Kind(183, NO_FORM, values.seconds_bytes),
    "REF CURSOR": Kind(102, NO_FORM, bytes),
    "OBJECT": Kind(109, NO_FORM, bytes),
    "BFILE": Kind(114, NO_FORM, bytes),
    "JSON": Kind(119, NO_FORM, bytes),
    "VECTOR": Kind(127, NO_FORM, bytes),
}

# Bytes of a value of those types that have no size of their own.
SIZES = {
    "NUMBER": 22, "DATE": 7, "TIMESTAMP": 11, "TIMESTAMP WITH TIME ZONE": 13,
    "TIMESTAMP WITH REGION": 13, "TIMESTAMP WITH LOCAL TIME ZONE": 11, "BINARY_FLOAT": 4,
    "BINARY_DOUBLE": 8, "ROWID": 18, "UROWID": 4000, "CLOB": 4000, "NCLOB": 4000, "BLOB": 4000,
    "LONG": 0, "LONG RAW": 0, "OBJECT": 2000, "BOOLEAN": 1, "INTERVAL YEAR TO MONTH": 5,
    "INTERVAL DAY TO SECOND": 11, "REF CURSOR": 20, "BFILE": 530, "JSON": 8200, "VECTOR": 8200,
}


@dataclasses.dataclass(frozen=True)
class Column:
    name: str
    type: str
    size: int = -1                      # in bytes; -1: that of the type
    precision: int = 0
    scale: int = 0
    nullable: bool = True
    annotations: tuple = ()             # pairs; from field version 20 on
    domain: tuple = ()                  # schema and name; from 17 on
    object_type: tuple = ("", "")       # schema and name of an object's type

    @property
    def kind(self):
        return KINDS[self.type]

    @property
    def bytes(self):
        return SIZES[self.type] if self.size < 0 else self.size


def _put_annotations(column):
    if not column.annotations:
        return put_integer(0)
    parts = [put_integer(1), b"\x01", put_integer(len(column.annotations)), b"\x01"]
    for key, value in column.annotations:
        parts += [put_integer(len(key)), put_bytes(key.encode()), put_counted(value.encode()),
                  put_integer(0)]
    return b"".join(parts) + put_integer(0)


def _put_column(column, position, field_version):
    kind = column.kind
    character_set = {NO_FORM: 0, DATABASE_FORM: CHARACTER_SET_UTF8,
                     NATIONAL_FORM: CHARACTER_SET_UTF16}[kind.form]
    characters = column.bytes // (2 if kind.form == NATIONAL_FORM else 1) if kind.form else 0
    parts = [
        bytes([kind.code, 0x80, column.precision, column.scale & 0xFF]),
        put_integer(column.bytes),
        put_integer(0) * 2,                     # elements of an array, flags
        put_counted(b""),                       # object id
        put_integer(0),                         # version
        put_integer(character_set),
        bytes([kind.form]),
        put_integer(characters),
    ]
    if field_version >= 8:
        parts.append(put_integer(0))
    name = column.name.encode()
    parts += [
        bytes([1 if column.nullable else 0, min(len(name), 255)]),
        put_counted(name),
        *(put_counted(part.encode()) for part in column.object_type),
        put_integer(position),
        put_integer(0),
    ]
    if field_version >= 17:
        parts += [put_counted(part.encode()) for part in (column.domain or ("", ""))]
    if field_version >= 20:
        parts.append(_put_annotations(column))
    if field_version >= 24:
        parts += [put_integer(0), bytes(2)]     # vectors
    return b"".join(parts)


def put_describe(columns, field_version):
    width = sum(column.bytes for column in columns)
    parts = [
        bytes([DESCRIBE]), put_bytes(bytes(range(23))), put_integer(min(width, 0xFFFFFFFF)),
        put_integer(len(columns)), b"\x01" if columns else b"",
    ]
    parts += [_put_column(column, number, field_version) for number, column in enumerate(columns)]
    today = bytes.fromhex("787b030f0d010c")
    parts += [put_integer(7), put_bytes(today)]
    parts += [put_integer(number) for number in (1, 8168, 10, 10, 0)]
    return b"".join(parts)
