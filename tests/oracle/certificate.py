"""A certificate authority and a certificate for this machine, made for one test."""

import datetime
import ipaddress
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PACKAGES = ["python3-cryptography"]

DAY = datetime.timedelta(days=1)
PEM = serialization.Encoding.PEM


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _make(subject, issuer, key, issuer_key, *extensions):
    now = datetime.datetime.utcnow()
    builder = (x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(issuer))
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now - DAY).not_valid_after(now + DAY))
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def make_certificates(folder):
    """Writes `ca.pem` and gives a server's context with a certificate that it has signed, for
    localhost and 127.0.0.1."""
    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority_certificate = _make("Authority of a test", "Authority of a test", authority,
                                  authority, x509.BasicConstraints(ca=True, path_length=None))
    names = x509.SubjectAlternativeName([
        x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = _make("localhost", "Authority of a test", key, authority, names)
    (folder / "ca.pem").write_bytes(authority_certificate.public_bytes(PEM))
    own = folder / "server.pem"
    own.write_bytes(certificate.public_bytes(PEM) + key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    # What is sent unasked after the handshake would get in the way of a second one.
    context.num_tickets = 0
    return context
