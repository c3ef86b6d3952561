"""A client's messages as named fields, so that two clients can be compared field by field."""

import struct

from emulator.messages import PIGGYBACK_OF_CLIENT as PIGGYBACK
from emulator.primitives import Reader

CONNECT_FIELDS = [
    ("version", 2), ("oldest-version", 2), ("options", 2), ("sdu", 2), ("tdu", 2),
    ("characteristics", 2), ("line-turnaround", 2), ("byte-order", 2), ("data-length", 2),
    ("data-offset", 2), ("most-data", 4), ("flags-0", 1), ("flags-1", 1), ("unused", 16),
    ("timeout", 2), ("tick", 2), ("address-length", 2), ("address-offset", 2), ("long-sdu", 4),
    ("long-tdu", 4), ("compression", 4), ("flags-2", 4),
]


class Dissector:
    """Takes fields from a message; every byte ends up in one."""

    def __init__(self, content):
        self.reader = Reader(self._end)
        self.reader.start(content)
        self.fields = {}

    @staticmethod
    def _end():
        raise ValueError("the message ends in the middle of a field")

    def take(self, name, read, *arguments):
        start = self.reader.position
        value = read(*arguments)
        self.fields[name] = self.reader.content[start : self.reader.position]
        return value

    def byte(self, name):
        return self.take(name, self.reader.byte)

    def number(self, name):
        return self.take(name, self.reader.integer)

    def bytes(self, name):
        return self.take(name, self.reader.bytes)

    def raw(self, name, count):
        return self.take(name, self.reader.take, count)

    def finish(self):
        self.fields["rest"] = self.reader.rest
        return self.fields


def dissect_connect(content, _):
    dissector = Dissector(content)
    for name, size in CONNECT_FIELDS:
        dissector.raw(name, size)
    fields = dissector.fields
    fields["data"] = dissector.reader.rest
    return fields


def dissect_protocol(content, _):
    dissector = Dissector(content)
    dissector.byte("message")
    dissector.byte("version")
    dissector.byte("terminator")
    dissector.fields["driver-name"] = dissector.reader.rest
    return dissector.fields


def dissect_types(content, _):
    dissector = Dissector(content)
    dissector.byte("message")
    dissector.raw("character-set", 2)
    dissector.raw("character-set-again", 2)
    dissector.byte("encoding-flags")
    for name in ("compile", "run"):
        capabilities = dissector.bytes(f"{name}-capabilities")
        del dissector.fields[f"{name}-capabilities"]
        for place, value in enumerate(capabilities):
            dissector.fields[f"{name}-capability-{place}"] = bytes([value])
    if capabilities[1] & 1:
        dissector.raw("time-zone", 11)
    rest = dissector.reader.rest
    entries = [rest[place : place + 8] for place in range(0, len(rest), 8)]
    dissector.fields["type-order"] = rest
    dissector.fields["type-entries"] = b"".join(sorted(entries))
    return dissector.fields


def _take_head(dissector, field_version):
    if dissector.reader.content[:1] == bytes([PIGGYBACK]):
        _take_function(dissector, field_version, "ahead-")
        dissector.byte("ahead-pointer")
        count = dissector.number("ahead-count")
        for place in range(count):
            dissector.number(f"ahead-cursor-{place}")
    _take_function(dissector, field_version)


def _take_function(dissector, field_version, prefix=""):
    dissector.byte(f"{prefix}message")
    dissector.byte(f"{prefix}function")
    dissector.byte(f"{prefix}sequence")
    if field_version >= 18:
        dissector.number(f"{prefix}token")


def dissect_sign_in(content, field_version):
    dissector = Dissector(content)
    _take_head(dissector, field_version)
    dissector.byte("has-user")
    dissector.number("user-length")
    dissector.number("mode")
    dissector.byte("pairs-pointer")
    count = dissector.number("pair-count")
    dissector.raw("output-pointers", 2)
    dissector.bytes("user")
    for place in range(count):
        start = dissector.reader.position
        key = dissector.reader.counted().decode()
        dissector.reader.counted()
        dissector.reader.integer(4)
        dissector.fields[key] = dissector.reader.content[start : dissector.reader.position]
        dissector.fields[f"key-{place + 1}"] = key.encode()
    return dissector.finish()


EXECUTE_HEAD = [
    ("options", "number"), ("cursor", "number"), ("sql-pointer", "byte"), ("sql-length", "number"),
    ("vector-pointer", "byte"), ("vector-length", "number"), ("output-vector-pointer", "byte"),
    ("output-vector-length", "byte"), ("prefetch-bytes", "byte"), ("prefetch-rows", "number"),
    ("long-size", "number"), ("bind-pointer", "byte"), ("bind-count", "number"),
    ("unused-pointer-1", "byte"), ("unused-pointer-2", "byte"), ("unused-pointer-3", "byte"),
    ("unused-pointer-4", "byte"), ("unused-pointer-5", "byte"), ("define-pointer", "byte"),
    ("define-count", "number"), ("registration-low", "number"), ("object-pointer", "byte"),
    ("object-length-pointer", "byte"), ("value-pointer", "byte"), ("value-length", "number"),
    ("name-pointer", "byte"), ("name-length", "number"), ("registration-high", "number"),
    ("counts-pointer", "byte"), ("counts-length", "number"), ("counts-length-pointer", "byte"),
]
EXECUTE_12_2 = [
    ("signature-pointer", "byte"), ("signature-length", "number"), ("sql-id-pointer", "byte"),
    ("sql-id-size", "number"), ("sql-id-length-pointer", "byte"),
]
EXECUTE_12_2_1 = [("chunks-pointer", "byte"), ("chunk-count", "number")]


def dissect_execute(content, field_version):
    dissector = Dissector(content)
    _take_head(dissector, field_version)
    layout = list(EXECUTE_HEAD)
    if field_version >= 8:
        layout += EXECUTE_12_2
    if field_version >= 9:
        layout += EXECUTE_12_2_1
    found = {}
    for name, kind in layout:
        found[name] = getattr(dissector, kind)(name)
    if found["sql-pointer"]:
        dissector.bytes("sql")
    for place in range(found["vector-length"]):
        dissector.number(f"vector-{place}")
    for column in range(found["define-count"]):
        for name in ("type", "flags", "precision", "scale"):
            dissector.byte(f"define-{column}-{name}")
        for name in ("size", "elements", "more-flags", "object-id", "version", "character-set"):
            dissector.number(f"define-{column}-{name}")
        dissector.byte(f"define-{column}-form")
        dissector.number(f"define-{column}-prefetch")
        if field_version >= 8:
            dissector.number(f"define-{column}-id")
    return dissector.finish()


def dissect_fetch(content, field_version):
    dissector = Dissector(content)
    _take_head(dissector, field_version)
    dissector.number("cursor")
    dissector.number("rows")
    return dissector.finish()


def dissect_plain(content, field_version):
    dissector = Dissector(content)
    _take_head(dissector, field_version)
    return dissector.finish()


STAGES = {
    "connect": dissect_connect, "protocol": dissect_protocol, "types": dissect_types,
    "auth-1": dissect_sign_in, "auth-2": dissect_sign_in, "execute": dissect_execute,
    "fetch": dissect_fetch, "logoff": dissect_plain, "end": dissect_plain,
}


def dissect(request, field_version):
    """The fields of a message, and `packet-flags` of the packets that it came in."""
    fields = STAGES[request.stage](request.content, field_version)
    fields["packet-flags"] = b"".join(struct.pack(">H", flags) for flags in request.flags)
    return fields


def differences(ours, theirs, field_version):
    """{(stage, field)} in which two sessions differ, message by message, each with an example; and
    the two lists of stages."""
    found = {}
    for our, their in zip(ours, theirs):
        if our.stage != their.stage:
            break
        here, there = dissect(our, field_version), dissect(their, field_version)
        for name in {**here, **there}:
            if here.get(name) != there.get(name):
                found.setdefault((our.stage, name), (here.get(name), there.get(name)))
    return found, [our.stage for our in ours], [their.stage for their in theirs]
