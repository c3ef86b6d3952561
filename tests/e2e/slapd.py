"""A people directory: OpenLDAP's server on loopback, in a folder of its own."""

import base64
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading

from certificates import make_certificates
from harness import find_free_port, wait_until

PACKAGES = ["slapd"]

BASE = "ou=people,dc=rowpost,dc=example"
ADMIN = "cn=reader,dc=rowpost,dc=example"
PASSWORD = "l.d4p pässword"

CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
{settings}
database mdb
suffix "dc=rowpost,dc=example"
rootdn "{admin}"
rootpw "{password}"
directory {folder}/data
index objectClass,cn,displayName eq
"""


def encode(name, value):
    """A line of LDIF (RFC 2849)."""
    return f"{name}:: {base64.b64encode(value.encode()).decode()}"


def escape(value):
    """A value in a DN (RFC 4514)."""
    return "".join("\\" + c if c in ',+"\\<>;=#' else c for c in value)


def entry_of(login, names=(), mails=(), base=BASE):
    """The LDIF of a person. `login` may be several; displayName is the first name, sn all."""
    logins = [login] if isinstance(login, str) else login
    lines = [encode("dn", f"cn={escape(logins[0])},{base}"), "objectClass: inetOrgPerson"]
    lines += [encode("cn", value) for value in logins]
    lines += [encode("displayName", value) for value in names[:1]]
    lines += [encode("sn", value) for value in names or ("Somebody",)]
    lines += [encode("mail", value) for value in mails]
    return "\n".join(lines) + "\n\n"


TREE = """dn: dc=rowpost,dc=example
objectClass: domain
dc: rowpost

dn: ou=people,dc=rowpost,dc=example
objectClass: organizationalUnit
ou: people

dn: ou=archive,dc=rowpost,dc=example
objectClass: organizationalUnit
ou: archive

dn: ou=elsewhere,ou=people,dc=rowpost,dc=example
objectClass: referral
objectClass: extensibleObject
ou: elsewhere
ref: ldap://127.0.0.1:1/ou=people,dc=rowpost,dc=example

dn: ou=moved,dc=rowpost,dc=example
objectClass: referral
objectClass: extensibleObject
ou: moved
ref: ldap://127.0.0.1:1/ou=people,dc=rowpost,dc=example

"""


class Slapd:
    """The server with these entries; `settings` are lines of slapd.conf(5). It counts searches."""

    def __init__(self, folder, entries, settings=""):
        self.folder = pathlib.Path(folder)
        self.process = None
        (self.folder / "data").mkdir()
        make_certificates(self.folder)
        # Under its own path AppArmor keeps slapd out of every folder but its own.
        self.program = shutil.copy("/usr/sbin/slapd", self.folder / "slapd")
        self.configure(settings)
        self.load(TREE + "".join(entries))
        self.start()

    def configure(self, settings):
        text = CONFIGURATION.format(
            folder=self.folder, settings=settings, admin=ADMIN, password=PASSWORD
        )
        (self.folder / "slapd.conf").write_text(text)

    def load(self, ldif):
        (self.folder / "people.ldif").write_text(ldif)
        command = [self.program, "-T", "add", "-f", "slapd.conf", "-l", "people.ldif"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def start(self):
        """Starts it; where somebody took the port in between, on another."""
        for _ in range(10):
            self.port, self.tls_port = find_free_port(), find_free_port()
            urls = f"ldap://127.0.0.1:{self.port}/ ldaps://127.0.0.1:{self.tls_port}/"
            command = [self.program, "-f", "slapd.conf", "-h", urls, "-d", "stats"]
            with open(self.folder / "log", "w") as log:
                self.process = subprocess.Popen(command, cwd=self.folder, stderr=log)
            wait_until(lambda: self.is_listening() or self.process.poll() is not None, "it listens")
            if self.process.poll() is None:
                return
        raise AssertionError((self.folder / "log").read_text())

    def is_listening(self):
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def restart(self, settings):
        self.stop()
        self.configure(settings)
        self.start()

    def url(self, base=BASE):
        return f"ldap://127.0.0.1:{self.port}/{base}"

    def tls_url(self, base=BASE):
        return f"ldaps://127.0.0.1:{self.tls_port}/{base}"

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def searches(self):
        """How many it was asked for since it was started."""
        return len(re.findall(r" SRCH base=", self.log()))


class Proxy:
    """Passes bytes on to a port, and answers nothing any more once `limit` bytes have come back;
    with `answer`, sends that instead and passes nothing."""

    def __init__(self, port=None, limit=None, answer=None):
        self.target = port
        self.limit = limit
        self.answer = answer
        self.sockets = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.sockets.append(client)
            if self.answer is not None:
                client.sendall(self.answer)
                continue
            if self.target is None:
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            self.sockets.append(server)
            threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
            arguments = (server, client, self.limit)
            threading.Thread(target=self._pass, args=arguments, daemon=True).start()

    @staticmethod
    def _pass(source, sink, limit):
        try:
            while data := source.recv(65536):
                if limit is not None:
                    data = data[:limit]
                    limit -= len(data)
                sink.sendall(data)
        except OSError:
            pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in self.sockets:
            one.close()
