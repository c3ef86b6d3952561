"""What an emulated server is like. A test sets what it is about and leaves the rest."""

import dataclasses
import os
import ssl
from typing import Callable, Optional

from .faults import Fault

VERIFIER_12C = 0x4815
VERIFIER_11G_1 = 0xB152
VERIFIER_11G_2 = 0x1B25

# Capability 7, and the release that brought it: 7 is 12.1, 8 12.2, 12 19c, 16 21c, 24 23ai.
FIELD_VERSIONS = range(7, 25)

# A listener that accepts announces at least this many bytes a packet.
SMALLEST_SDU = 512


@dataclasses.dataclass
class Settings:
    # The session
    version: int = 319                  # of the network layer; 315 and more have 4-byte lengths
    sdu: int = 8192                     # announced; what the client may put into a packet
    payload: Optional[int] = None       # bytes of content in each packet that is sent; None: the SDU's
    tls: Optional[ssl.SSLContext] = None
    requires_native_encryption: bool = False

    # What a connect request gets, in order; the last one for ever. `accept`, `accept-noisily` (behind
    # packets that mean nothing), `resend`, `resend-tls`, `refuse:12514`, `refuse-apart:12514` (text in
    # the next packet), `refuse-empty` (no text at all), `redirect:PORT` (0: here), `redirect-apart:PORT`
    # (address in the next packet), `redirect-split:PORT` (address over two packets),
    # `redirect-data:PORT` (with connect data), `close` (the connection ends), `stall` (silence).
    connects: tuple = ("accept",)

    # The protocol
    field_version: int = 24
    capabilities: bool = True           # False: none are told, as by an instance that is down
    instance_error: tuple = ()          # (stage, code) of an instance that is down, such as
                                        # ("types", 1034), ("auth-1", 1033)
    long_strings: bool = True           # VARCHAR2 up to 32767, not 4000
    time_zone: bool = True              # a time zone stands in the negotiation of types
    banner: str = "Emulator of a database"

    # Who may sign in
    user: str = "CMS_READER"            # may read the legacy schema, and has none of its own
    password: str = "tiger-12c"
    account: str = "open"               # or `locked`, `expired`, `expires-soon`
    proxy_for: str = ""                 # whom the user may sign in for, as USER[TARGET]
    verifier: int = VERIFIER_12C
    session_key_bytes: Optional[int] = None     # 32 or 48; None: as the verifier is used to
    verifier_rounds: int = 4096
    combo_rounds: int = 3
    is_genuine: bool = True             # it knows the password, too, and proves it

    # The answers
    errors_by_marker: bool = False      # break and reset go before an error
    error_markers: tuple = ()           # (before the client's reset, after it): the kinds of the
                                        # markers that go before an error instead
    awaits_reset: bool = True           # False: says all of it at once
    marker_noise: bool = False          # other packets and a pause between the markers
    prefetches_unasked: bool = False    # rows with the first answer though no fetch was asked for
    bit_vectors: bool = True            # values equal to those of the row before are left out
    empty_vectors: bool = False         # a row that is all the same has a vector without a byte
    piece: int = 32767                  # bytes of a long value that stand together
    piggybacks: bool = False            # side information goes before each answer
    clobs: tuple = ()                   # columns of the legacy tables that are CLOB, not VARCHAR2
    types: dict = dataclasses.field(default_factory=dict)   # other types of columns of the legacy
                                        # tables: {"ADMIN": "CHAR(5)"}
    open_cursors: int = 300             # that a session may have
    many_rows: int = 1000               # in the table MANY_ROWS
    replay: Optional[str] = None        # a recording from which queries and fetches are answered

    faults: list[Fault] = dataclasses.field(default_factory=list)
    random: Callable[[int], bytes] = os.urandom

    @property
    def content_bytes(self):
        return self.payload or self.sdu - 10
