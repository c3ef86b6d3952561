"""Who is there: two calls in which client and server prove to each other that they know the same
password, and neither sends it. The names of the keys are the protocol's."""

import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .messages import DatabaseError
from .primitives import put_pair
from .settings import VERIFIER_12C

PACKAGES = ["python3-cryptography"]

PROOF = b"SERVER_TO_CLIENT"
SPEEDY = b"AUTH_PBKDF2_SPEEDY_KEY"


def _cipher(key):
    return Cipher(algorithms.AES(key), modes.CBC(bytes(16)))


def encrypt(key, content):
    encryptor = _cipher(key).encryptor()
    return encryptor.update(content) + encryptor.finalize()


def decrypt(key, content):
    decryptor = _cipher(key).decryptor()
    return decryptor.update(content) + decryptor.finalize()


class SignIn:
    """One client's way in."""

    def __init__(self, settings):
        self.settings = settings
        self.is_12c = settings.verifier == VERIFIER_12C
        self.salt = settings.random(16 if self.is_12c else 10)
        self.combo_salt = settings.random(16)
        size = settings.session_key_bytes or (32 if self.is_12c else 48)
        self.server_key = settings.random(size)
        password = settings.password.encode()
        if self.is_12c:
            self.speedy = hashlib.pbkdf2_hmac("sha512", password, self.salt + SPEEDY,
                                              settings.verifier_rounds, 64)
            self.verifier = hashlib.sha512(self.speedy + self.salt).digest()[:32]
        else:
            self.speedy = None
            self.verifier = hashlib.sha1(password + self.salt).digest() + bytes(4)

    def challenge(self):
        """The pairs of the first answer."""
        settings = self.settings
        encrypted = encrypt(self.verifier, self.server_key)
        pairs = [
            put_pair("AUTH_SESSKEY", encrypted.hex().upper()),
            put_pair("AUTH_VFR_DATA", self.salt.hex().upper(), settings.verifier),
        ]
        if self.is_12c or len(self.server_key) != 48:
            pairs += [
                put_pair("AUTH_PBKDF2_CSK_SALT", self.combo_salt.hex().upper()),
                put_pair("AUTH_PBKDF2_VGEN_COUNT", str(settings.verifier_rounds)),
                put_pair("AUTH_PBKDF2_SDER_COUNT", str(settings.combo_rounds)),
            ]
        pairs.append(put_pair("AUTH_GLOBALLY_UNIQUE_DBID\0", "CA78D8600E4CED125CB455C72BC519F3"))
        return pairs

    def _combine(self, client_key):
        size = 32 if self.is_12c else 24
        if len(self.server_key) == 48:
            mixed = bytes(a ^ b for a, b in zip(self.server_key[16:40], client_key[16:40]))
            halves = hashlib.md5(mixed[:16]).digest() + hashlib.md5(mixed[16:]).digest()
            return halves[:size]
        both = (client_key[:size] + self.server_key[:size]).hex().upper().encode()
        return hashlib.pbkdf2_hmac("sha512", both, self.combo_salt, self.settings.combo_rounds,
                                   size)

    def _is_right(self, pairs, combo):
        content = decrypt(combo, bytes.fromhex(pairs["AUTH_PASSWORD"]))
        padding = content[-1]
        if not 1 <= padding <= 16 or content[-padding:] != bytes([padding]) * padding:
            return False
        if content[16:-padding].decode(errors="replace") != self.settings.password:
            return False
        if self.speedy is None:
            return True
        speedy = decrypt(combo, bytes.fromhex(pairs["AUTH_PBKDF2_SPEEDY_KEY"]))
        return speedy[16:80] == self.speedy

    def answer(self, user, pairs):
        """The pairs of the second answer, if the password was right and the account is open."""
        client_key = decrypt(self.verifier, bytes.fromhex(pairs["AUTH_SESSKEY"]))
        if len(client_key) != len(self.server_key):
            raise DatabaseError(1017)
        combo = self._combine(client_key)
        settings = self.settings
        if settings.account == "locked":
            raise DatabaseError(28000)
        if user.upper() != settings.user.upper() or not self._is_right(pairs, combo):
            raise DatabaseError(1017)
        if settings.account == "expired":
            raise DatabaseError(28001)
        if pairs.get("PROXY_CLIENT_NAME", "") != settings.proxy_for:
            raise DatabaseError(1017)
        proof = settings.random(16) + (PROOF if settings.is_genuine else bytes(16))
        return [
            put_pair("AUTH_VERSION_STRING", "- Production"),
            put_pair("AUTH_VERSION_NO", "385875968"),
            put_pair("AUTH_SVR_RESPONSE", encrypt(combo, proof).hex().upper()),
            put_pair("AUTH_DBNAME", "EMULATED"),
            put_pair("AUTH_SC_SERVICE_NAME", "emulated"),
            put_pair("AUTH_SESSION_ID", "231"),
            put_pair("AUTH_SERIAL_NUM", "54034"),
            put_pair("AUTH_SC_DB_DOMAIN", ""),
            put_pair("AUTH_MAX_OPEN_CURSORS", "300"),
            put_pair("AUTH_SC_INSTANCE_START_TIME", "2023-03-15 13:00:42.000000000 +00:00"),
        ]
