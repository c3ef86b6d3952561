"""The first exchange: the client says where it wants to go, and the listener accepts, refuses, sends
it elsewhere, or has it say so again."""

import dataclasses
import struct

from .framing import ACCEPT, CONNECT, DATA, REDIRECT, REFUSE, RESEND, Gone

FIRST_WITH_LONG_LENGTHS = 315
FIRST_WITH_FLAGS = 318

# In the accepting packet.
NO_NATIVE_SERVICES = 0x08
NATIVE_WANTED, NATIVE_REQUIRED = 0x01, 0x10

# In the header of a packet.
REDIRECT_HAS_CONNECT_DATA = 0x02
RESEND_WITH_NEW_TLS = 0x08


@dataclasses.dataclass
class ConnectRequest:
    packet: bytes               # what follows the header
    version: int
    oldest_version: int
    sdu: int
    data: bytes                 # (DESCRIPTION=...)


def receive_connect(framing):
    kind, body = framing.receive_packet()
    if kind != CONNECT:
        raise Gone()
    version, oldest = struct.unpack_from(">HH", body, 0)
    length, offset = struct.unpack_from(">HH", body, 16)
    (sdu,) = struct.unpack_from(">I", body, 50)
    data = body[offset - 8 : offset - 8 + length]
    while len(data) < length:
        data += framing.receive_content()
    return ConnectRequest(body, version, oldest, sdu, data)


def put_accept(settings, request):
    version = min(settings.version, request.version)
    sdu = min(settings.sdu, request.sdu)
    if settings.requires_native_encryption:
        flags = NATIVE_WANTED | NATIVE_REQUIRED
    else:
        flags = NO_NATIVE_SERVICES
    body = struct.pack(">HHHHHHHBB8x", version, 1, min(sdu, 65535), 65535, 0x0100, 0, 0, flags,
                       flags)
    if version >= FIRST_WITH_LONG_LENGTHS:
        body += struct.pack(">IIB", sdu, sdu, 0)
    if version >= FIRST_WITH_FLAGS:
        body += struct.pack(">I", 0)
    return version, sdu, body


def accept(settings, framing, request):
    """Accepts, and gives the bytes that the client may put into a packet."""
    version, sdu, body = put_accept(settings, request)
    framing.send_packet(ACCEPT, body)
    framing.has_long_lengths = version >= FIRST_WITH_LONG_LENGTHS
    return sdu


def refuse_without_text(framing):
    framing.send_packet(REFUSE, struct.pack(">BBH", 4, 0, 0))


def refuse(framing, code, is_apart):
    text = f"(DESCRIPTION=(TMP=)(VSNNUM=385875968)(ERR={code})(ERROR_STACK=(ERROR=(CODE={code})))) "
    text = text.strip().encode()
    head = struct.pack(">BBH", 34, 0, len(text))
    framing.send_packet(REFUSE, head if is_apart else head + text)
    if is_apart:
        framing.send_packet(DATA, b"\0\0" + text)


def redirect(framing, protocol, port, style, connect_data):
    """`style` is where the address stands: `with` the packet, `apart` in the next one, or `split`
    over this one and the two behind it."""
    address = f"(ADDRESS=(PROTOCOL={protocol})(HOST=127.0.0.1)(PORT={port}))".encode()
    content = address + b"\0" + connect_data if connect_data else address
    flags = REDIRECT_HAS_CONNECT_DATA if connect_data else 0
    head = struct.pack(">H", len(content))
    here = {"with": len(content), "apart": 0, "split": 9}[style]
    framing.send_packet(REDIRECT, head + content[:here], flags)
    rest = content[here:]
    middle = len(rest) // 2 if style == "split" else len(rest)
    for part in (rest[:middle], rest[middle:]):
        if part:
            framing.send_packet(DATA, b"\0\0" + part)


def resend(framing, with_new_tls):
    framing.send_packet(RESEND, b"", RESEND_WITH_NEW_TLS if with_new_tls else 0)
