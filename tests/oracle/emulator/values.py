"""Values as they stand in a row. A value is a Python one: str, int or decimal text for NUMBER, bytes,
float; a date is a tuple (year, month, day, hour, minute, second, nanosecond, minutes east). None is
null. A NUMBER may also be given as the very bytes, for what Python's numbers do not have."""

import datetime
import decimal
import functools
import struct

from .primitives import put_bytes, put_integer

POSITIVE_INFINITY, NEGATIVE_INFINITY = b"\xff\x65", b"\x00"

NULL = b"\0"


@functools.lru_cache(1 << 16)
def number_bytes(value):
    """Base 100 behind an exponent; a negative number is complemented and ends with 102."""
    if isinstance(value, bytes):
        return value
    sign, digits, exponent = decimal.Decimal(value).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    exponent += len(text) - len(stripped)
    if not stripped:
        return b"\x80"
    text = stripped
    if exponent % 2:
        text, exponent = text + "0", exponent - 1
    if len(text) % 2:
        text = "0" + text
    pairs = [int(text[place : place + 2]) for place in range(0, len(text), 2)]
    first = (exponent + len(text)) // 2 + 192
    if not sign:
        return bytes([first, *(pair + 1 for pair in pairs)])
    end = [102] if len(pairs) < 20 else []
    return bytes([first ^ 0xFF, *(101 - pair for pair in pairs), *end])


@functools.lru_cache(1 << 16)
def date_bytes(value):
    """Before Christ the century and the year of the century count down from 100. What is no date at
    all may be given as the very bytes."""
    if isinstance(value, bytes):
        return value
    year, month, day, hour, minute, second = value[:6]
    century, rest = int(year / 100), year - int(year / 100) * 100
    return bytes([century + 100, rest + 100, month, day, hour + 1, minute + 1, second + 1])


def timestamp_bytes(value):
    if isinstance(value, bytes):
        return value
    fraction = struct.pack(">I", value[6]) if value[6] else b""
    return date_bytes(value) + fraction


def zoned_bytes(value):
    """In UTC, with the distance of the zone behind it."""
    east = datetime.timedelta(minutes=value[7])
    utc = datetime.datetime(*value[:6]) - east
    fields = (utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second)
    hours, minutes = int(value[7] / 60), value[7] - int(value[7] / 60) * 60
    return date_bytes(fields) + struct.pack(">IBB", value[6], hours + 20, minutes + 60)


def region_bytes(value):
    """As above, with the number of a named region instead of a distance."""
    return date_bytes(value) + struct.pack(">IBB", value[6], 0x80 | 0x01, 0x04)


def _ordered(packed):
    """Bytes of a float that sort as its values do."""
    if packed[0] & 0x80:
        return bytes(byte ^ 0xFF for byte in packed)
    return bytes([packed[0] | 0x80]) + packed[1:]


def float_bytes(value):
    return _ordered(struct.pack(">f", value))


def double_bytes(value):
    return _ordered(struct.pack(">d", value))


def put_rowid(value):
    if value is None:
        return NULL
    object_number, file, block, slot = value
    return b"".join([
        bytes([13]), put_integer(object_number), put_integer(file), b"\0", put_integer(block),
        put_integer(slot),
    ])


def put_urowid(value):
    return NULL if value is None else put_integer(len(value)) + put_bytes(value)


def put_lob(value):
    """A place to read the value from, which this server does not offer: a locator."""
    if value is None:
        return NULL
    locator = struct.pack(">H", 112) + bytes(110)
    return put_integer(112) + put_integer(len(value)) + put_integer(8060) + put_bytes(locator)


def boolean_bytes(value):
    return b"\x01\x01" if value else b"\x00"


def months_bytes(value):
    """(years, months), both negative or neither."""
    return struct.pack(">IB", value[0] + (1 << 31), value[1] + 60)


def seconds_bytes(value):
    """(days, hours, minutes, seconds, nanoseconds), all negative or none."""
    return struct.pack(">IBBBI", value[0] + (1 << 31), value[1] + 60, value[2] + 60, value[3] + 60,
                       value[4] + (1 << 31))


def text_bytes(value):
    return value.encode()


def national_bytes(value):
    return value.encode("utf-16-be")
