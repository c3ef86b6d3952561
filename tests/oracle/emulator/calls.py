"""What a client asks for, taken apart. Each reader takes what follows the head of its message."""

import dataclasses

from .primitives import ProtocolError

CLOSE_CURSORS, CANCEL_CURSORS, SET_SCHEMA = 105, 120, 152
AUTH_1, AUTH_2, EXECUTE, FETCH = 118, 115, 94, 5
REEXECUTE, REEXECUTE_AND_FETCH, LOGOFF, PING, COMMIT, ROLLBACK = 4, 78, 9, 147, 14, 15

# Options of an execute.
PARSE, BIND, DEFINE, EXECUTE_IT, FETCH_IT = 0x01, 0x08, 0x10, 0x20, 0x40


@dataclasses.dataclass
class SignInRequest:
    user: str
    mode: int
    pairs: dict


def read_sign_in(reader):
    has_user = reader.byte()
    reader.integer(4)
    mode = reader.integer(4)
    reader.byte()
    count = reader.integer(4)
    reader.take(2)
    user = reader.bytes().decode() if has_user else ""
    return SignInRequest(user, mode, reader.pairs(count))


@dataclasses.dataclass
class ExecuteRequest:
    options: int
    cursor: int
    rows: int                   # to fetch along
    sql: str
    defines: list               # types of columns


def _read_define(reader, field_version):
    kind = reader.byte()
    reader.take(3)
    for _ in range(3):
        reader.integer(4)
    if reader.integer(4):
        raise ProtocolError("an object is defined")
    for _ in range(2):
        reader.integer(2)
    reader.byte()
    reader.integer(4)
    if field_version >= 8:
        reader.integer(4)
    return kind


def read_execute(reader, field_version):
    options, cursor = reader.integer(4), reader.integer(4)
    has_sql, sql_length = reader.byte(), reader.integer(4)
    reader.byte()
    array_length = reader.integer(4)
    reader.take(3)
    rows = reader.integer(4)
    reader.integer(4)
    reader.byte()
    if reader.integer(4):
        raise ProtocolError("this server knows no bind variables")
    reader.take(5)
    reader.byte()
    defines = reader.integer(4)
    reader.integer(4)
    reader.take(3)
    reader.integer(4)
    reader.byte()
    reader.integer(4)
    reader.integer(4)
    reader.byte()
    reader.integer(4)
    reader.byte()
    if field_version >= 8:
        reader.byte()
        reader.integer(4)
        reader.byte()
        reader.integer(4)
        reader.byte()
    if field_version >= 9:
        reader.byte()
        reader.integer(4)
    sql = reader.bytes() if has_sql else b""
    if len(sql) != sql_length:
        raise ProtocolError(f"{len(sql)} bytes of SQL; {sql_length} were announced")
    for _ in range(array_length):
        reader.integer(4)
    kinds = [_read_define(reader, field_version) for _ in range(defines)]
    return ExecuteRequest(options, cursor, rows, sql.decode(), kinds)


def read_reexecute(reader):
    """The cursor and the number of rows to fetch along."""
    cursor, rows = reader.integer(4), reader.integer(4)
    reader.integer(4)
    reader.integer(4)
    return cursor, rows


def read_fetch(reader):
    return reader.integer(4), reader.integer(4)


def read_cursors(reader):
    reader.byte()
    return [reader.integer(4) for _ in range(reader.integer(4))]
