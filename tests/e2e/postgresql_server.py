"""A PostgreSQL server from Debian's package."""

import pathlib
import signal

from database_server import HOST, PASSWORD, USER, DatabaseServer

PACKAGES = ["postgresql", "odbc-postgresql", "odbcinst"]

FOLDERS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
ADMINISTRATOR = "rowpost"


class PostgresqlServer(DatabaseServer):
    """Texts are ordered as English ones are, not by their bytes, and names fold to lower case."""

    account = "postgres"
    url_host = HOST

    def __init__(self):
        super().__init__()
        self.programs = FOLDERS[-1]
        (self.folder / "password").write_text(PASSWORD)
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        self.run(
            self.programs / "initdb",
            *("-D", self.data, "-U", ADMINISTRATOR, "-E", "UTF8", "--no-sync"),
            *("--auth=trust", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"),
            **self.as_user,
        )
        rules = f"host all {ADMINISTRATOR} {HOST}/32 trust\nhost all all {HOST}/32 scram-sha-256\n"
        (self.data / "pg_hba.conf").write_text(rules)
        settings = {
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "fsync": "off",
            "shared_buffers": "16MB",
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self.serve(self.programs / "postgres", "-D", self.data, "-p", self.port, *options)
        quoted = PASSWORD.replace("'", "''")
        self.sql(f"CREATE ROLE {USER} LOGIN PASSWORD '{quoted}'")
        self.sql("CREATE DATABASE valdb", "postgres")

    def sql(self, text, database="postgres"):
        """Runs SQL as the administrator, and gives what it prints."""
        return self.run(
            *("psql", "-h", HOST, "-p", self.port, "-U", ADMINISTRATOR, "-d", database),
            *("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"),
            input=text.encode(),
        )

    def load(self, text):
        return self.sql(text, "valdb")

    def url(self, port=None):
        return f"postgresql://{USER}@{HOST}:{port or self.port}/valdb"

    def close(self):
        if self.process is not None and self.process.poll() is None:
            # A fast shutdown: sessions are ended, not waited for.
            self.process.send_signal(signal.SIGINT)
        super().close()

    # How its SQL differs.
    use = "SET search_path TO cms_pdmv_val;"
    moment = "timestamp"
    text = "text"
    create_schema = "CREATE SCHEMA CMS_PDMV_VAL; SET search_path TO cms_pdmv_val;"
    date_column = '"date"'
    mixed_column = '"messageID"'
    grant = (
        f"GRANT USAGE ON SCHEMA cms_pdmv_val TO {USER};"
        f"GRANT SELECT ON ALL TABLES IN SCHEMA cms_pdmv_val TO {USER};"
    )
    before_odd_rows = ""
    pads_char = True

    @staticmethod
    def quote(text):
        return "'" + text.replace("'", "''") + "'"

    @staticmethod
    def quote_name(name):
        return f'"{name}"'
