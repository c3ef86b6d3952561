"""The scene of a test with an emulated Oracle as the source."""

import pathlib
import shutil
import sqlite3
import sys

from harness import AS_OF, GOLDEN, ROOT
from scene import Scene

sys.path.insert(0, str(ROOT / "tests" / "oracle"))

# pylint: disable=wrong-import-position
from emulator.server import Emulator  # noqa: E402
from emulator.settings import Settings  # noqa: E402

KINDS = ("validators", "administrators", "authors", "campaigns")
DATES = {"releases": "date", "releases_lv": "date"}
PASSWORD = "ROWPOST_SOURCE_PASSWORD"


def copy_as_oracle_holds_it(source, target):
    """A copy of a legacy database with what Oracle makes of its values: an empty text is null, a
    date has a type of its own."""
    shutil.copyfile(source, target)
    database = sqlite3.connect(target)
    tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema"
                                                 " WHERE type = 'table'")]
    for table in tables:
        for column in [row[1] for row in database.execute(f"PRAGMA table_info({table})")]:
            database.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} = ''")
        if table in DATES:
            date = DATES[table]
            database.execute(
                f"UPDATE {table} SET {date} = strftime('%Y-%m-%d %H:%M:%S', {date}, 'unixepoch')"
                f" || '.000000' WHERE typeof({date}) = 'integer'")
    database.commit()
    database.close()


class OracleScene(Scene):
    """A test with a folder and as many databases as it likes; no target."""

    @classmethod
    def setUpClass(cls):
        pass

    def serve(self, database="legacy", **settings):
        path = GOLDEN / f"{database}.db" if isinstance(database, str) else database
        emulator = Emulator(path, Settings(**settings)).start()
        self.addCleanup(emulator.stop)
        return emulator

    @staticmethod
    def url(emulator, user=None):
        protocol = "oracle+tcps" if emulator.settings.tls else "oracle"
        user = user or emulator.settings.user
        return f"{protocol}://{user}@127.0.0.1:{emulator.port}/emulated"

    def plan(self, source, name="legacy", *options, password=None, workspace=None, **changes):
        """Plans from the source, with the lists that go with the golden database `name`."""
        words = ["plan", "--from", source, "--as-of", AS_OF, "-w", workspace or self.workspace]
        for option, part in (("--admins", "admins"), ("--people", "people")):
            if (GOLDEN / f"{name}.{part}.csv").exists():
                words += [option, GOLDEN / f"{name}.{part}.csv"]
        if password is not None:
            changes[PASSWORD] = password
        return self.rowpost(*words, *options, **changes)

    def plan_from(self, emulator, name="legacy", *options, **changes):
        """Plans from the emulated server, in a workspace of its own."""
        workspace = pathlib.Path(self.folder) / f"oracle-{emulator.port}.rowpost"
        changes.setdefault("password", emulator.settings.password)
        result = self.plan(self.url(emulator), name, *options, workspace=workspace, **changes)
        return result, workspace

    def outcome(self, workspace):
        """Everything that a plan decides: bodies, rejects and skips."""
        found = {}
        for kind in KINDS:
            lines = self.rowpost("export", "-w", workspace, "--kind", kind).lines
            found[kind] = {line["key"]: line["body"] for line in lines}
        for verb in ("rejects", "skips"):
            found[verb] = self.rowpost(verb, "-w", workspace).out.split("\n")
        return found
