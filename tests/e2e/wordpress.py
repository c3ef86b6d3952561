"""WordPress 6.1, from Debian's package unpacked: PHP's own web server, and a MariaDB on a socket."""

import os
import shutil
import xml.etree.ElementTree

from harness import ROOT
from service import HOST, SCRIPTS, Service, basic

PACKAGES = ["php-cli", "php-mysql", "php-mbstring", "mariadb-server-core", "mariadb-client-core"]
UNPACKED = ["wordpress"]  # it would install a web server
UNPACKED_IN = ROOT / "build" / "unpacked" / "wordpress"
TITLE = "A blog that was moved"

CONFIGURATION = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
{salts}
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords without TLS
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_POST_REVISIONS', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
SALTS = [
    f"{name}_{word}"
    for name in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE")
    for word in ("KEY", "SALT")
]
PHP = (
    *("php", "-d", "opcache.enable_cli=1", "-d", "display_errors=0", "-d", "log_errors=1"),
    *("-d", "memory_limit=256M", "-d", "date.timezone=UTC"),
)


def is_installed():
    programs = all(shutil.which(program) for program in ("php", "mariadbd"))
    return programs and UNPACKED_IN.is_dir()


class WordPress(Service):
    """Its time zone is Europe/Zurich; nobody is sent mail."""

    def start(self):
        self.socket = self.folder / "database.socket"
        self.site = self.folder / "site"
        self.start_database()
        self.make_site()
        printed = self.run(*PHP, SCRIPTS / "wordpress_install.php", self.site, self.url, TITLE)
        self.password = printed.strip().splitlines()[-1]
        self.sign_in = basic(self.password)
        self.serve(
            *(*PHP, "-S", f"{HOST}:{self.port}", "-t", self.site),
            SCRIPTS / "wordpress_router.php",
            is_ready=lambda: self.answers("/wp-json/wp/v2/users/me"),
            env={**self.environment, "PHP_CLI_SERVER_WORKERS": "2"},
        )

    def start_database(self):
        data = self.folder / "database"
        user = ("--user=root",) if os.getuid() == 0 else ()
        self.run(
            *("mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db", *user),
            "--auth-root-authentication-method=normal",
        )
        self.serve(
            *("mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={self.socket}", *user),
            *(f"--pid-file={self.folder}/database.pid", "--skip-networking", "--skip-log-bin"),
            *("--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M"),
            *("--innodb-flush-log-at-trx-commit=0", "--performance-schema=0"),
            is_ready=self.has_database,
        )
        self.sql("CREATE DATABASE wordpress CHARACTER SET utf8mb4", database="mysql")

    def has_database(self):
        try:
            self.sql("SELECT 1", database="mysql")
            return True
        except AssertionError:
            return False

    def sql(self, text, database="wordpress"):
        """The rows of a query, as lists of texts; NULL is None."""
        printed = self.run(
            *("mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "--xml"),
            *("--default-character-set=utf8mb4", database),
            input=text.encode(),
        )
        return read_rows(printed)

    def make_site(self):
        root = UNPACKED_IN / "usr/share/wordpress"
        content = self.site / "wp-content"
        for name in ("mu-plugins", "uploads", "themes", "plugins"):
            (content / name).mkdir(parents=True)
        for file in root.glob("*.php"):
            shutil.copy(file, self.site)
        for name in ("wp-includes", "wp-admin"):
            (self.site / name).symlink_to(root / name)
        shutil.copy(SCRIPTS / "wordpress_quiet.php", content / "mu-plugins")
        salts = "\n".join(f"define('{name}', 'of a test: {name}');" for name in SALTS)
        (self.site / "wp-config.php").write_text(
            CONFIGURATION.format(socket=self.socket, salts=salts)
        )


def read_rows(text):
    """What `mariadb --xml` prints."""
    if not text.strip():
        return []
    nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"
    return [
        [None if field.get(nil) == "true" else field.text or "" for field in row]
        for row in xml.etree.ElementTree.fromstring(text).iter("row")
    ]
