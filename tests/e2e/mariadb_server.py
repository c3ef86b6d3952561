"""A MariaDB server from Debian's programs, without the package that makes a service of it."""

from database_server import HOST, PASSWORD, USER, DatabaseServer

PACKAGES = ["mariadb-server-core", "mariadb-client-core", "odbc-mariadb", "odbcinst"]


class MariadbServer(DatabaseServer):
    """Texts are compared without case, as MariaDB does unless it is configured otherwise."""

    def __init__(self):
        super().__init__()
        self.socket = self.folder / "socket"
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        self.run(
            "mariadb-install-db",
            *("--no-defaults", f"--datadir={self.data}", "--auth-root-authentication-method=normal"),
            *("--skip-test-db", "--innodb-log-file-size=8M"),
            **self.as_user,
        )
        self.serve(
            "mariadbd",
            *("--no-defaults", f"--datadir={self.data}", f"--socket={self.socket}"),
            *(f"--port={self.port}", f"--bind-address={HOST}", f"--pid-file={self.folder}/pid"),
            *("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"),
            *("--innodb-log-file-size=8M", "--character-set-server=utf8mb4"),
        )
        password = PASSWORD.replace("'", "''")
        self.sql(f"CREATE USER '{USER}'@'{HOST}' IDENTIFIED BY '{password}'")

    def sql(self, text, database="mysql"):
        return self.run(
            *("mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root"),
            *("--default-character-set=utf8mb4", "--batch", "--skip-column-names"),
            *("--binary-mode", database),
            input=text.encode(),
        )

    load = sql

    def url(self, port=None):
        return f"mysql://{USER}@{HOST}:{port or self.port}/"

    # How its SQL differs.
    use = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; USE CMS_PDMV_VAL;"
    moment = "datetime"
    text = "longtext"
    create_schema = (
        "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';"
        "CREATE DATABASE CMS_PDMV_VAL; USE CMS_PDMV_VAL;"
    )
    date_column = '"DATE"'
    mixed_column = '"messageID"'
    grant = f"GRANT SELECT ON CMS_PDMV_VAL.* TO '{USER}'@'{HOST}';"
    before_odd_rows = "SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES';"
    pads_char = False

    @staticmethod
    def quote(text):
        return "'" + text.replace("'", "''") + "'"

    @staticmethod
    def quote_name(name):
        return f"`{name}`"
