"""The two messages by which client and server agree on what each understands."""

import struct

from .messages import DATA_TYPES, PROTOCOL
from .primitives import ProtocolError, put_bytes

CHARACTER_SET_UTF8 = 873
CHARACTER_SET_UTF16 = 2000

# Places in the capabilities of compilation and of the run.
FIELD_VERSION = 7
TIME_ZONE, LONG_STRINGS = 1, 6

COMPILE_BYTES, RUN_BYTES = 53, 11


def put_protocol(settings):
    compiled = bytearray(COMPILE_BYTES)
    compiled[FIELD_VERSION] = settings.field_version
    run = bytearray(RUN_BYTES)
    run[0] = 2
    run[TIME_ZONE] = 1 if settings.time_zone else 0
    run[LONG_STRINGS] = 4 if settings.long_strings else 0
    # Where the national character set stands depends on two lengths in bytes 5 and 6.
    conversions = bytes([0, 0, 0, 0x60, 1, 2, 3]) + bytes(7) + struct.pack(">H", CHARACTER_SET_UTF16)
    elements = struct.pack(">HBH", 102, 3, 3) * 10
    return b"".join([
        bytes([PROTOCOL, 6, 0]), settings.banner.encode(), b"\0",
        struct.pack("<HBH", CHARACTER_SET_UTF8, 1, 10), elements,
        struct.pack(">H", len(conversions)), conversions,
        *([put_bytes(bytes(compiled)), put_bytes(bytes(run))] if settings.capabilities
          else [b"\0\0"]),
    ])


def read_protocol(reader):
    """The name that the driver gives itself."""
    version = reader.byte()
    if version != 6 or reader.byte() != 0:
        raise ProtocolError(f"protocol {version}, not 6")
    name = b""
    while not name.endswith(b"\0"):
        name += reader.take(1)
    return name[:-1].decode()


def read_data_types(reader):
    """The client's capabilities and its list of types: (field version, has a time zone, types)."""
    for _ in range(2):
        if reader.fixed(2, "little") != CHARACTER_SET_UTF8:
            raise ProtocolError("another character set than UTF-8")
    reader.byte()
    compiled, run = reader.bytes(), reader.bytes()
    has_time_zone = bool(run[TIME_ZONE] & 1)
    if has_time_zone:
        reader.take(11)
    types = []
    while True:
        kind = reader.fixed(2)
        if kind == 0:
            return compiled[FIELD_VERSION], has_time_zone, types
        converted = reader.fixed(2)
        if converted:
            types.append((kind, converted, reader.fixed(2)))
            reader.fixed(2)


def put_data_types(types, has_time_zone):
    """The server agrees to every type but a few of its own choice."""
    parts = [bytes([DATA_TYPES])]
    if has_time_zone:
        parts.append(bytes.fromhex("800000003c3c3c80000000"))
    for number, (kind, converted, representation) in enumerate(types):
        if number % 50 == 49:
            parts.append(struct.pack(">HH", kind, 0))
        else:
            parts.append(struct.pack(">HHHH", kind, converted, representation, 0))
    return b"".join(parts) + b"\0\0"
