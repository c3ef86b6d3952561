"""What a server says beside rows: the end of a call, warnings, the state, side information."""

from .primitives import put_bytes, put_counted, put_integer

PROTOCOL, DATA_TYPES, FUNCTION, ERROR, ROW_HEADER, ROW = 1, 2, 3, 4, 6, 7
PARAMETER, STATUS, WARNING, DESCRIBE, PIGGYBACK_OF_CLIENT = 8, 9, 15, 16, 17
BIT_VECTOR, PIGGYBACK_OF_SERVER = 21, 23

NO_MORE_ROWS = 1403

TEXTS = {
    904: "{}: invalid identifier",
    936: "missing expression",
    1033: "ORACLE initialization or shutdown in progress",
    1034: "ORACLE not available",
    1045: "user {} lacks CREATE SESSION privilege; logon denied",
    942: "table or view does not exist",
    900: "invalid SQL statement",
    1000: "maximum open cursors exceeded",
    1001: "invalid cursor",
    1002: "fetch out of sequence",
    1013: "user requested cancel of current operation",
    1017: "invalid username/password; logon denied",
    NO_MORE_ROWS: "no data found",
    1747: "invalid user.table.column, table.column, or column specification",
    3120: "two-task conversion routine: integer overflow",
    28000: "The account is locked.",
    28001: "the password has expired",
    28002: "the password will expire within {} days",
}


class DatabaseError(Exception):
    """An error of the database, which a client gets with its code and the place in the SQL."""

    def __init__(self, code, *details, position=0):
        super().__init__(f"ORA-{code:05}: {TEXTS[code].format(*details)}")
        self.code = code
        self.position = position


def put_end_of_call(field_version, code=0, text="", position=0, cursor=0, rows=0):
    """The message that ends a call, with an error or without."""
    parts = [
        bytes([ERROR]),
        put_integer(1),                 # state of the call
        put_integer(1),                 # sequence number
        put_integer(rows),
        put_integer(code if code < 65536 else 0),
        put_integer(0) * 2,             # errors of arrays
        put_integer(cursor),
        put_integer(position),
        bytes(6),                       # kind of SQL, fatal, flags, cursor options, UPI, warning
        put_integer(0) * 2, b"\0", put_integer(0) * 2,      # row id
        put_integer(0),                 # error of the operating system
        bytes(2),                       # statement, call number
        put_integer(0),                 # padding
        put_integer(1),                 # iterations
        put_integer(0),                 # logical row id
        put_integer(0) * 3,             # errors of a batch: codes, places, texts
        put_integer(code),
        put_integer(rows),
    ]
    if field_version >= 14:
        parts.append(put_integer(0) * 2)        # kind of SQL, checksum
    if code:
        parts.append(put_bytes(text.encode()))
    return b"".join(parts)


def put_error(field_version, error, cursor=0, rows=0):
    text = f"{error}\n"
    return put_end_of_call(field_version, error.code, text, error.position, cursor, rows)


def put_no_more_rows(field_version, cursor, rows):
    text = f"{DatabaseError(NO_MORE_ROWS)}\n"
    return put_end_of_call(field_version, NO_MORE_ROWS, text, 0, cursor, rows)


def put_warning(code, text):
    content = text.encode() + b"\n"
    head = bytes([WARNING]) + put_integer(code) + put_integer(len(content)) + put_integer(0)
    return head + put_bytes(content)


def put_status():
    return bytes([STATUS]) + put_integer(1) + put_integer(1)


def put_pairs(pairs):
    """The pairs that a server gives while somebody signs in."""
    return bytes([PARAMETER]) + put_integer(len(pairs)) + b"".join(pairs)


def put_execute_parameters():
    """What goes along with the first answer to a statement: nothing that a reader needs."""
    head = bytes([PARAMETER]) + put_integer(6)
    numbers = b"".join(put_integer(number) for number in (0x5163, 5, 1, 2, 0, 0))
    return head + numbers + put_integer(0) * 3


def put_side_information():
    """One of each kind that a client may have to skip."""
    word = put_integer(1) + b"\0"
    schema = b"CMS_PDMV_VAL"
    synced = put_integer(len(schema)) + put_bytes(schema) + put_integer(0) + put_integer(168)
    value = put_integer(0) + put_integer(2) + put_bytes(b"\x01\x02") + put_integer(169)
    session = put_integer(3) + put_bytes(b"key") + put_integer(3) + put_bytes(b"val") + b"\0"
    kinds = {
        1: b"",                                             # query cache
        2: put_integer(4) + b"\0" + b"\x01\x02\x03\x04",    # process
        3: b"",                                             # trace
        4: word + put_integer(1) + b"\0" + session + put_integer(0) * 3,
        5: word + put_integer(2) + b"\0" + synced + value + put_integer(0),
        7: put_counted(bytes(range(16))),                   # logical transaction
        8: word + put_integer(0) * 2 + b"\0" + put_counted(b"context"),
        9: word,
        10: word + put_integer(1 << 40) + put_integer(7) + put_integer(0),
    }
    return b"".join(bytes([PIGGYBACK_OF_SERVER, kind]) + body for kind, body in kinds.items())
