"""Request Tracker 5, from Debian's packages: only its REST 2 interface, SQLite, a few workers."""

import pathlib
import sqlite3

from service import SCRIPTS, Service

PACKAGES = ["request-tracker5", "rt5-standalone", "rt5-db-sqlite", "dbconfig-no-thanks", "msmtp-mta"]
INSTALLED = pathlib.Path("/usr/share/request-tracker5/lib")

# The stock life cycle does not let a ticket be made as stalled; it does not matter who closes one.
CONFIGURATION = """\
$RT::VarPath = '{folder}/var';
$RT::MasonDataDir = '{folder}/mason';
$RT::MasonSessionDir = '{folder}/session';
Set($rtname, 'rt.example');
Set($Organization, 'rt.example');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/rt.db');
Set($MailCommand, 'testfile');
Set($CorrespondAddress, 'rt@rt.example');
Set($CommentAddress, 'comment@rt.example');
Set($Timezone, 'Europe/Zurich');
Set($WebSessionClass, 'Apache::Session::File');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set($BcryptCost, 4); # what a token costs at each request
1;
"""


def is_installed():
    return INSTALLED.is_dir()


class RequestTracker(Service):
    """Queues Network, Printing and Personnel; a custom field `Legacy id` of tickets; no scrips, which
    would open closed tickets again and write mail."""

    def start(self):
        for name in ("var", "mason", "session", "tmp", "empty"):
            (self.folder / name).mkdir()
        site = self.folder / "site.pm"
        text = CONFIGURATION.replace("{folder}", str(self.folder))
        site.write_text(text.replace("{port}", str(self.port)))
        self.environment |= {
            "RT_SITE_CONFIG": str(site),
            "RT_SITE_CONFIG_DIR": str(self.folder / "empty"),
        }
        self.token = self.run("perl", SCRIPTS / "rt_prepare.pl").strip().splitlines()[-1]
        self.sign_in = ("Authorization", f"token {self.token}")
        self.serve(
            *("perl", SCRIPTS / "rt_serve.pl", self.port, 4),
            is_ready=lambda: self.answers("/REST/2.0/rt"),
        )

    def sql(self, text, *values):
        """The rows of a query on its own database."""
        with sqlite3.connect(f"file:{self.folder}/rt.db?mode=ro", uri=True) as database:
            return database.execute(text, values).fetchall()
