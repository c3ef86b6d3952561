"""Redmine 5.0, from Debian's package: a copy of it in the scratch folder, SQLite, one thread of puma.
With more threads Redmine on SQLite answers some requests by 500, `database is locked`."""

import pathlib
import shutil
import sqlite3

from service import HOST, SCRIPTS, Service

PACKAGES = ["redmine", "redmine-sqlite", "dbconfig-no-thanks", "puma"]
INSTALLED = pathlib.Path("/usr/share/redmine")


def is_installed():
    return INSTALLED.is_dir() and shutil.which("puma") is not None


class Redmine(Service):
    """Projects net, printers and hr; a custom field `Legacy id` of issues that can be looked for."""

    def start(self):
        self.app = self.folder / "app"
        self.database = self.folder / "redmine.db"
        self.environment |= {
            "RAILS_ENV": "production",
            "SECRET_KEY_BASE": "7" * 64,
            "BUNDLE_GEMFILE": str(self.app / "Gemfile"),
            "BUNDLE_SILENCE_ROOT_WARNING": "1",
            "RUBYOPT": "-W0",
            "X_DEBIAN_SITEID": "default",
        }
        self.copy()
        here = {"cwd": self.app}
        printed = self.run("ruby", "bin/rails", "runner", SCRIPTS / "redmine_prepare.rb", **here)
        self.key = printed.strip().splitlines()[-1]
        self.sign_in = ("X-Redmine-API-Key", self.key)
        self.serve(
            *("puma", "-e", "production", "-b", f"tcp://{HOST}:{self.port}", "-t", "1:1"),
            "config.ru",
            is_ready=lambda: self.answers("/users/current.json"),
            **here,
        )

    def copy(self):
        """Debian's Redmine has its instances next to it, each with a configuration of its own."""
        left_out = shutil.ignore_patterns("instances", "*.lock")
        shutil.copytree(INSTALLED, self.app, symlinks=True, ignore=left_out)
        instance = self.app / "instances" / "default"
        for name in ("config", "tmp/cache", "tmp/pids", "log", "files", "public/plugin_assets"):
            (instance / name).mkdir(parents=True)
        for name in ("tmp", "plugins"):
            (self.app / name).mkdir(exist_ok=True)
        (self.app / "config" / "database.yml").unlink(missing_ok=True)
        (self.app / "Gemfile.local").write_text("gem 'sqlite3', '~> 1.4.0'\ngem 'puma'\n")
        (instance / "config" / "database.yml").write_text(
            f"production:\n  adapter: sqlite3\n  database: {self.database}\n  timeout: 10000\n"
        )

    def sql(self, text, *values):
        """The rows of a query on its own database."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(text, values).fetchall()
