"""Completion in real shells: words are typed, the keys are pressed, the line is read."""

import contextlib
import os
import pathlib
import sqlite3
import tempfile
import unittest

from built import PAGES, ROWPOST, call, environment, list_verbs, read_options
from harness import AS_OF, GOLDEN
from shells import Shell

PACKAGES = ["zsh"]

# Each shell has a key that puts all that is possible into the line.
ALL = "\x1b*"
KINDS = ["validators", "administrators", "authors", "campaigns"]
# The shells call the program by its name for what is in a workspace.
SETTINGS = environment(TERM="dumb", LC_ALL="C.UTF-8",
                       PATH=f"{pathlib.Path(ROWPOST).parent}:{os.environ['PATH']}")
ODD_KEYS = ["job:27", "ann@site.example", "a=b", "n::1", "night run:7"]
JOBS = """\
--@ migration jobs
--@ table jobs key name
SELECT name FROM job;
--@ classify jobs as all_jobs
SELECT name AS row FROM jobs;
--@ kind jobs from all_jobs
--@ noun job
--@ create POST /jobs
--@ success :status = 201
--@ find GET /jobs?name={key}
--@ match :answer ->> '$.id'
SELECT row AS key, json_object('name', row) AS body FROM all_jobs;
"""
FORMATS = {"text", "html", "json", "junit", "csv"}


class Completion:
    """What both shells have to do."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for name in ("site legacy.db", "admins.csv", "valdb.rowpost", "helpdesk.sql"):
            (cls.folder / name).touch()
        (cls.folder / "demo-folder").mkdir()
        plan = ["plan", "--from", GOLDEN / "legacy.db", "--as-of", AS_OF, "-w", "site one.rowpost"]
        call(ROWPOST, *plan, "-q", cwd=cls.folder, allowed=(0, 1))
        cls.plan_jobs()
        cls.shell = cls.start()
        cls.addClassCleanup(cls.shell.close)

    @classmethod
    def plan_jobs(cls):
        """A workspace with keys at which bash cuts a word, or which need quotes."""
        with contextlib.closing(sqlite3.connect(cls.folder / "site legacy.db")) as database:
            database.execute("CREATE TABLE job(name TEXT PRIMARY KEY)")
            database.executemany("INSERT INTO job VALUES (?)", [(key,) for key in ODD_KEYS])
            database.commit()
        (cls.folder / "helpdesk.sql").write_text(JOBS)
        plan = ["plan", "--from", "site legacy.db", "--migration", "helpdesk.sql"]
        call(ROWPOST, *plan, "-w", "jobs.rowpost", "-q", cwd=cls.folder)

    def complete(self, text, *keys):
        return self.shell.complete(text, *keys)

    def options_of(self, verb):
        return {word for word in self.complete(f"rowpost {verb} --", ALL) if word.startswith("--")}

    def test_a_verb(self):
        self.assertEqual(self.complete("rowpost fin"), ["rowpost", "findings"])

    def test_all_verbs(self):
        words = self.complete("rowpost ", ALL)
        self.assertLessEqual(set(list_verbs()), set(words))

    def test_the_options_of_each_verb(self):
        for verb in list_verbs():
            offered = {word.rstrip("=") for word in self.options_of(verb)}
            self.assertEqual(offered, {f"--{option[1]}" for option in read_options(verb)}, verb)

    def test_no_option_of_another_verb(self):
        self.assertEqual(self.complete("rowpost status --coo")[2], "--coo")

    def test_the_kinds(self):
        for option in ("show --kind", "apply --only"):
            words = self.complete(f"rowpost {option} ", ALL)
            self.assertEqual(sorted(words[3:]), sorted(KINDS))

    def test_the_formats_of_a_report(self):
        offered = self.complete("rowpost report --format ", ALL)[3:]
        self.assertLessEqual(FORMATS, set(offered))
        (told,) = (option[3] for option in read_options("report") if option[1] == "format")
        for name in offered:
            self.assertIn(name, told)

    def test_the_sets_of_rules(self):
        self.assertEqual(self.complete("rowpost plan --rules n")[3], "notebook")

    def test_the_kinds_of_a_workspace(self):
        for option in ("-w 'site one.rowpost' --kind c", "--workspace='site one.rowpost' --only c"):
            verb = "show" if "--kind" in option else "apply"
            self.assertEqual(self.complete(f"rowpost {verb} {option}")[-1], "campaigns")

    def test_the_keys_of_the_workspace_that_is_named(self):
        with contextlib.closing(sqlite3.connect(self.folder / "site one.rowpost")) as database:
            keys = {key for (key,) in database.execute(
                "SELECT d.key FROM document d JOIN kind k ON k.position = d.kind"
                " WHERE k.name = 'campaigns'")}
        self.assertGreater(len(keys), 3)
        line = "rowpost apply -w 'site one.rowpost' --only campaigns --key "
        self.assertEqual(set(self.complete(line, ALL)[7:]), keys)
        key = min(keys)
        for line in ("apply -w 'site one.rowpost' --key ", "show -w 'site one.rowpost' --kind "
                     "campaigns "):
            offered = self.complete(f"rowpost {line}{key[:-1]}", ALL)
            self.assertIn(key, offered, line)

    def test_a_key_with_what_cuts_a_word(self):
        for typed, key in (("job:2", "job:27"), ("job:", "job:27"), ("ann@s", "ann@site.example"),
                           ("ann", "ann@site.example"), ("a=", "a=b"), ("n:", "n::1"),
                           ("night\\ run:", "night run:7"), ("nig", "night run:7"),
                           ("'night run:", "night run:7")):
            for line in ("show -w jobs.rowpost ", "show --workspace=jobs.rowpost ",
                         "apply -w jobs.rowpost --key ", "apply -w jobs.rowpost --key="):
                with self.subTest(line=line + typed):
                    value = self.complete(f"rowpost {line}{typed}")[-1]
                    self.assertEqual(value.removeprefix("--key="), key)

    def test_a_value_behind_a_workspace_with_what_cuts_a_word(self):
        (self.folder / "a:b.rowpost").write_bytes((self.folder / "jobs.rowpost").read_bytes())
        self.assertEqual(self.complete("rowpost show -w a:b.rowpost job:2")[-1], "job:27")
        self.assertEqual(self.complete("rowpost status -w a:b")[-1], "a:b.rowpost")
        (self.folder / "a:b.rowpost").unlink()

    def test_the_tables_of_a_workspace(self):
        words = self.complete("rowpost rejects -w 'site one.rowpost' --table user_")
        self.assertEqual(words[-1], "user_rights")

    def test_no_key_without_a_workspace(self):
        self.assertEqual(self.complete("rowpost show ab"), ["rowpost", "show", "ab"])

    def test_files_by_their_suffix(self):
        for line, word in (("plan --from ", "site legacy.db"), ("plan --people ", "admins.csv"),
                           ("test ", "helpdesk.sql")):
            words = self.complete(f"rowpost {line}", ALL)
            found = {word.rstrip("/") for word in words} - {"rowpost", *line.split()}
            self.assertEqual(found, {word, "demo-folder"}, line)

    def test_any_file_where_none_has_the_suffix(self):
        self.assertEqual(self.complete("rowpost plan --cacert adm")[3], "admins.csv")

    def test_a_migration_by_its_name_or_its_file(self):
        words = self.complete("rowpost plan --migration ", ALL)
        self.assertLessEqual({"valdb", "helpdesk.sql"}, set(words))

    def test_both_files_of_a_diff(self):
        words = self.complete("rowpost diff valdb.rowpost val")
        self.assertEqual(words[2:], ["valdb.rowpost", "valdb.rowpost"])

    def test_the_verb_behind_help(self):
        self.assertEqual(self.complete("rowpost help fin"), ["rowpost", "help", "findings"])

    def test_a_value_behind_an_equals_sign(self):
        self.assertIn("--rules=notebook", self.complete("rowpost plan --rules=n"))

    def test_a_file_with_a_blank_in_its_name(self):
        self.assertEqual(self.complete("rowpost plan --from si")[3], "site legacy.db")

    def test_a_file_behind_a_letter(self):
        self.assertEqual(self.complete("rowpost status -w va")[3], "valdb.rowpost")

    def test_a_folder_where_a_folder_is_wanted(self):
        words = self.complete("rowpost demo --dir ", ALL)
        self.assertEqual([word.rstrip("/") for word in words[3:]], ["demo-folder"])

    def test_nothing_for_a_number(self):
        self.assertEqual(self.complete("rowpost apply --limit a")[3], "a")


class Bash(Completion, unittest.TestCase):
    @classmethod
    def start(cls):
        lines = ["bind 'set enable-bracketed-paste off'", "PS1=", f"source '{PAGES / 'rowpost'}'"]
        command = ["bash", "--norc", "--noprofile", "-i"]
        return Shell(command, cls.folder, lines, SETTINGS)


class Zsh(Completion, unittest.TestCase):
    @classmethod
    def start(cls):
        lines = [
            "unsetopt zle_bracketed_paste 2>/dev/null; PS1= PROMPT_SP=; bindkey -e",
            f"fpath=('{PAGES}' $fpath); autoload -Uz compinit; compinit -u -D",
            "zle -C all-matches complete-word _generic",
            "zstyle ':completion:all-matches:*' completer _all_matches _complete",
            "zstyle ':completion:all-matches:*' insert yes; bindkey '^[*' all-matches",
        ]
        command = ["zsh", "-f", "-i"]
        return Shell(command, cls.folder, lines, SETTINGS)


if __name__ == "__main__":
    unittest.main()
