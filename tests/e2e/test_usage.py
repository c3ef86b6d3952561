"""What people get wrong, and what they are told: exit statuses, messages, and where they go."""

import os
import pty
import shlex
import subprocess
import unittest

from harness import AS_OF, GOLDEN, ROWPOST, environment
from legacy import Legacy, make_clean
from scene import Scene, add_test

VERBS = ["run", "plan", "apply", "verify", "status", "show", "report", "rejects", "skips"]
VERBS += ["findings", "export", "demo", "check", "undo", "people", "snapshot", "split", "merge"]
VERBS += ["draft", "test", "diff", "complete"]
DIRTY = str(GOLDEN / "backup-dirty.db")
HEADER = "user_name,email,fullname\n"

# (name, files, arguments, exit status, what the message says). The folder is the working folder.
MISTAKES = [
    ("unknown_verb", {}, ["deliver"], 2, ["deliver is not a verb; see", "rowpost help`"]),
    ("verb_with_a_slip", {}, ["aply"], 2, ["aply is not a verb; did you mean apply?"]),
    ("verb_cut_short", {}, ["stat"], 2, ["did you mean status?"]),
    ("help_of_a_verb_with_a_slip", {}, ["help", "plna"], 2, ["did you mean plan?"]),
    ("option_with_a_slip", {}, ["plan", "--poeple", "x"], 2, ["did you mean --people?"]),
    ("option_with_a_value_and_a_slip", {}, ["plan", "--form=x"], 2, ["did you mean --from?"]),
    ("rules_with_a_slip", {}, ["plan", "--rules", "notbook"], 2, ["did you mean notebook?"]),
    ("format_with_a_slip", {}, ["report", "--format", "htlm"], 2, ["did you mean html?"]),
    ("scheme_with_a_slip", {}, ["apply", "--auth-scheme", "baerer"], 2, ["did you mean bearer?"]),
    ("report_of_a_kind_of_file_there_is_none", {}, ["report", "-o", "x.pdf"], 2,
     ["-o x.pdf", ".txt (text)", ".html (html)", ".xml (junit)", "--format"]),
    ("diff_of_a_kind_of_file_there_is_none", {}, ["diff", "a", "b", "-o", "x.csv"], 2,
     ["-o x.csv", ".txt (text)", ".json (json)"]),
    ("diff_of_one", {}, ["diff", "a.rowpost"], 2, ["diff needs FIRST SECOND"]),
    ("diff_of_three", {}, ["diff", "a", "b", "c"], 2, ["c: diff takes no more than FIRST SECOND"]),
    ("completion_of_no_option", {}, ["complete", "jobs"], 2, ["complete jobs", "key, kind"]),
    ("unknown_option", {}, ["plan", "--form", "x"], 2, ["--form", "rowpost help plan"]),
    ("unknown_letter", {}, ["plan", "-x"], 2, ["-x", "rowpost help plan"]),
    ("option_of_another_verb", {}, ["status", "--to", "x"], 2, ["--to", "rowpost help status"]),
    ("option_without_value", {}, ["plan", "--from"], 2, ["--from", "SOURCE"]),
    ("flag_with_value", {}, ["status", "--json=1"], 2, ["--json", "no value"]),
    ("argument_too_many", {}, ["verify", "more"], 2, ["more", "verify"]),
    ("show_without_key", {}, ["show"], 2, ["KEY"]),
    ("export_without_workspace", {}, ["export"], 2, ["valdb.rowpost", "the verb plan"]),
    ("unknown_migration", {}, ["plan", "--migration", "other"], 2, ["--migration other", "valdb"]),
    ("kind_of_rows", {}, ["skips", "--kind", "validators"], 2, ["--kind", "no such option"]),
    (
        "option_of_a_migration_elsewhere",
        {},
        ["apply", "--rules", "notebook"],
        2,
        ["--rules", "apply takes no such option"],
    ),
    ("unknown_format", {}, ["report", "--format", "pdf"], 2, ["pdf", "text", "json"]),
    ("no_source", {}, ["plan"], 2, ["--from"]),
    ("no_source_for_run", {}, ["run", "--to", "http://127.0.0.1:1"], 2, ["--from"]),
    ("day_that_is_none", {}, ["plan", "--as-of", "2023-02-30"], 2, ["2023-02-30", "2023-03-15"]),
    ("alias_without_new", {}, ["plan", "--alias", "Susy"], 2, ["--alias Susy", "OLD=NEW"]),
    ("alias_of_no_group", {}, ["plan", "-f", DIRTY, "--alias", "No=NPS"], 2, ["No=NPS", "Susy"]),
    ("unknown_rules", {}, ["plan", "--rules", "new"], 2, ["new", "corrected", "notebook"]),
    ("unknown_log_format", {}, ["status", "--log-format", "xml"], 2, ["xml", "text", "json"]),
    ("no_jobs", {}, ["apply", "-j", "0"], 2, ["--jobs 0", "from 1 to"]),
    ("jobs_that_are_no_number", {}, ["apply", "--jobs=4x"], 2, ["4x", "from 1 to"]),
    ("rate_of_none", {}, ["apply", "--rate", "fast"], 2, ["--rate fast", "20/s"]),
    ("patience_of_none", {}, ["apply", "--give-up-after", "0"], 2, ["--give-up-after 0"]),
    ("missing_source", {}, ["plan", "-f", "no.db"], 3, ["no.db", "No such file"]),
    ("folder_as_source", {}, ["plan", "-f", "."], 3, ["is a folder"]),
    ("source_that_is_none", {"x.db": "hello"}, ["plan", "-f", "x.db"], 3, ["x.db", "not a SQLite"]),
    ("empty_source", {"x.db": ""}, ["plan", "-f", "x.db"], 3, ["x.db"]),
    ("unknown_kind_of_source", {}, ["plan", "-f", "ftp://h/x"], 2, ["ftp:", "sqlite:"]),
    ("missing_list", {}, ["plan", "-f", DIRTY, "--admins", "a.csv"], 2, ["a.csv", "No such"]),
    (
        "open_quote_in_a_list",
        {"a.csv": HEADER + 'a,b,c\nx,"y\n'},
        ["plan", "-f", DIRTY, "--admins", "a.csv"],
        2,
        ["a.csv, line 3", "quote"],
    ),
    (
        "short_line_in_a_list",
        {"a.csv": HEADER + "a,b,c\n\nx,y\n"},
        ["plan", "-f", DIRTY, "--people", "a.csv"],
        2,
        ["a.csv, line 4", "2 fields", "3"],
    ),
    (
        "list_with_other_columns",
        {"a.csv": "login,mail\n"},
        ["plan", "-f", DIRTY, "--admins", "a.csv"],
        2,
        ["a.csv", "user_name", "login, mail"],
    ),
    (
        "list_with_a_column_twice",
        {"a.csv": "user_name,email,fullname,Email\n"},
        ["plan", "-f", DIRTY, "--people", "a.csv"],
        2,
        ["a.csv", "email twice", "columns 2 and 4"],
    ),
    ("empty_list", {"a.csv": ""}, ["plan", "-f", DIRTY, "--admins", "a.csv"], 2, ["empty"]),
    ("no_workspace", {}, ["status"], 2, ["valdb.rowpost", "the verb plan"]),
    ("text_as_workspace", {"w": "hello" * 99}, ["status", "-w", "w"], 2, ["not a rowpost"]),
    ("source_as_workspace", {}, ["report", "-w", DIRTY], 2, ["not a rowpost workspace"]),
    ("empty_workspace", {"w": ""}, ["status", "-w", "w"], 2, ["empty"]),
    ("missing_credentials", {}, ["run", "--credentials", "c.json"], 2, ["c.json", "No such"]),
    (
        "credentials_that_are_no_json",
        {"c.json": '{"new": {\n'},
        ["run", "--credentials", "c.json"],
        2,
        ["c.json", "line 2"],
    ),
    (
        "credentials_without_new",
        {"c.json": "{}"},
        ["run", "--credentials", "c.json"],
        2,
        ["new", "host_url"],
    ),
    (
        "credentials_with_a_key_twice",
        {"c.json": '{"new": {"host_url": "a",\n"host_url": "b"}}'},
        ["run", "--credentials", "c.json"],
        2,
        ["c.json", "second time", "line 2"],
    ),
    (
        "notebook_address_without_host",
        {},
        ["plan", "--from", "oracle+cx_oracle://me@/?service_name=val"],
        2,
        ["oracle+cx_oracle://me@/?service_name=val", "expected HOST[:PORT]/SERVICE"],
    ),
]

# The notebook's own address of its database, with the password that nobody is to see.
ADDRESS = "oracle+cx_oracle://me:{}@db.lab.example:1521/?service_name=val"
PASSWORDS = ["hunter2", "hunter2%40x", "hunter2@x", "hunter2/x", "hunter2:x?y", "hunter2#"]
SOURCE_PLACES = [
    ["plan", "--from", "{}"],
    ["plan", "--from={}"],
    ["plan", "-f", "{}"],
    ["check", "--from", "{}"],
    ["snapshot", "--from", "{}", "-o", "x"],
]
PLACES = [
    ["plan", "-f{}"],
    ["plan", "--people", "{}"],
    ["plan", "--admins={}"],
    ["apply", "--to", "{}"],
    ["apply", "--credentials", "{}"],
    ["status", "-w", "{}"],
    ["show", "{}"],
    ["verify", "{}"],
    ["plan", "--{}"],
    ["plan", "--alias", "Susy={}"],
    ["{}"],
]


class Mistake(Scene):
    """A message on stderr alone, one line of it, and no workspace left behind."""

    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def meet(self, files, arguments, status, phrases):
        for name, content in files.items():
            (self.folder / name).write_text(content)
        result = self.rowpost(*arguments)
        self.assertStatus(result, status)
        self.assertEqual(result.out, "")
        self.assertRegex(result.err, r"\A(run|plan\n)?rowpost: [^\n]+\n\Z")
        for phrase in phrases:
            self.assertIn(phrase, result.err)
        self.assertFalse(self.workspace.exists())
        for name, content in files.items():
            self.assertEqual((self.folder / name).read_text(), content)


class NotebookAddress(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def test_a_password_in_the_address_of_the_source_is_used_and_not_shown(self):
        address = ADDRESS.replace("db.lab.example:1521", "127.0.0.1:1")
        for password in PASSWORDS:
            for place in SOURCE_PLACES:
                arguments = [part.format(address.format(password)) for part in place]
                with self.subTest(arguments=arguments):
                    result = self.rowpost(*arguments)
                    self.assertStatus(result, 3)
                    self.assertNotIn("hunter2", result.out + result.err)
                    self.assertIn("me:***@127.0.0.1:1", result.err)

    def test_a_password_in_any_other_place_is_refused_and_not_shown(self):
        for password in PASSWORDS:
            for place in PLACES:
                arguments = [part.format(ADDRESS.format(password)) for part in place]
                with self.subTest(arguments=arguments):
                    result = self.rowpost(*arguments)
                    self.assertStatus(result, 2)
                    self.assertNotIn("hunter2", result.out + result.err)
                    self.assertIn("oracle://me@db.lab.example:1521/val", result.err)
                    self.assertIn("--source-password-file", result.err)

    def test_without_a_password_it_is_the_programs_own(self):
        for scheme in ("oracle+cx_oracle", "oracle+oracledb", "Oracle+CX_Oracle"):
            source = f"{scheme}://me@127.0.0.1:1/?service_name=val"
            with self.subTest(source=source):
                result = self.rowpost("plan", "--from", source, ROWPOST_SOURCE_PASSWORD="hunter2")
                self.assertStatus(result, 3)
                self.assertIn("me@127.0.0.1:1", result.err)


class SourceMistake(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def assertNamed(self, change, *phrases):
        legacy = Legacy(self.folder / "legacy.db")
        legacy.execute(change)
        legacy.close()
        result = self.rowpost("plan", "--from", "legacy.db")
        self.assertStatus(result, 2)
        for phrase in phrases:
            self.assertIn(phrase, result.err)
        self.assertFalse(self.workspace.exists())

    def test_a_missing_table_is_named_with_those_that_are_there(self):
        self.assertNamed("DROP TABLE user_rights", "user_rights", "users", "releases_lv")

    def test_a_missing_column_is_named_with_those_that_are_there(self):
        change = "ALTER TABLE releases RENAME COLUMN status_kind TO kind"
        self.assertNamed(change, "status_kind", "release_name", "version", "kind")

    def test_a_damaged_source_is_named(self):
        content = bytearray((GOLDEN / "backup-dirty.db").read_bytes())
        content[4096:200000] = b"\xa5" * (200000 - 4096)
        (self.folder / "damaged.db").write_bytes(content)
        result = self.rowpost("plan", "--from", "damaged.db")
        self.assertStatus(result, 3)
        self.assertIn("damaged.db", result.err)


class Help(Scene):
    @classmethod
    def setUpClass(cls):
        """No target is needed."""

    def test_every_verb_has_its_help(self):
        for verb in VERBS:
            with self.subTest(verb=verb):
                result = self.rowpost(verb, "--help")
                self.assertStatus(result, 0)
                self.assertEqual(result.err, "")
                for part in (f"usage: rowpost {verb}", "output options", "--quiet", "examples"):
                    self.assertIn(part, result.out)
                self.assertEqual(self.rowpost("help", verb).out, result.out)

    def test_the_examples_come_before_the_options(self):
        for verb in VERBS:
            text = self.rowpost(verb, "--help").out
            self.assertLess(text.index("\nexamples\n"), text.index(" options\n"), verb)

    def test_no_help_is_wider_than_a_terminal(self):
        helps = [self.rowpost("--help").out, self.rowpost().out]
        for text in helps + [self.rowpost(verb, "--help").out for verb in VERBS]:
            for line in text.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_every_option_is_in_a_group(self):
        for verb in VERBS:
            rest = self.rowpost(verb, "--help").out.split("\nother options\n")[1]
            self.assertEqual(rest.split("\n"), ["  -h, --help                  this text", ""],
                             "add the option to a group of src/cli/option_groups.c")

    def test_an_example_that_goes_on_is_one_command_to_a_shell(self):
        text = self.rowpost("plan", "--help").out.split("\nexamples\n")[1].split("\n\n")[0]
        self.assertIn(" \\\n", text)
        commands = text.replace("\\\n", "").splitlines()
        for command in commands:
            self.assertEqual(shlex.split(command)[:2], ["rowpost", "plan"], command)

    def test_the_programs_help_names_every_verb_and_exit_status(self):
        result = self.rowpost("--help")
        self.assertStatus(result, 0)
        for verb in VERBS:
            self.assertRegex(result.out, rf"(?m)^  {verb} ")
        for status in range(6):
            self.assertRegex(result.out, rf"(?m)^  {status} ")
        self.assertEqual(self.rowpost("help").out, result.out)

    def test_the_version_is_told_with_its_commit(self):
        result = self.rowpost("--version")
        self.assertStatus(result, 0)
        self.assertRegex(result.out, r"\Arowpost \d+\.\d+\.\d+ \([0-9a-f]{12}(-dirty)?\)\n\Z")


class Output(Scene):
    """Results go to stdout, messages to stderr, and colours to a terminal alone."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.run_clean = ["run", "--from", "legacy.db", "--as-of", AS_OF, *self.target]

    def read_terminal(self, *arguments, **changes):
        """What the program writes to stdout where that is a terminal."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execve(ROWPOST, [ROWPOST, *map(str, arguments)], environment(**changes))
        text = b""
        try:
            while piece := os.read(terminal, 65536):
                text += piece
        except OSError:
            pass
        os.close(terminal)
        os.waitpid(child, 0)
        return text.decode()

    def test_results_and_messages_go_their_ways(self):
        result = self.rowpost(*self.run_clean)
        self.assertStatus(result, 0)
        self.assertIn("documents", result.out)
        self.assertNotIn("documents", result.err)
        self.assertIn("apply", result.err)

    def test_json_is_all_of_stdout(self):
        self.assertEqual(self.rowpost(*self.run_clean, "--json").json["version"], 2)

    def test_quiet_is_silent_on_stderr(self):
        for option in ("-q", "--quiet"):
            result = self.rowpost(*self.run_clean, option)
            self.assertStatus(result, 0)
            self.assertEqual(result.err, "")
            self.assertIn("documents", result.out)

    def test_quiet_still_says_why_it_failed(self):
        result = self.rowpost("plan", "--from", "no.db", "-q")
        self.assertStatus(result, 3)
        self.assertIn("no.db", result.err)

    def test_verbose_tells_of_each_failure(self):
        self.standin.faults({"kind": "drop", "method": "POST"})
        self.assertIn("first", self.rowpost(*self.run_clean, "-v").err)

    def test_no_escape_codes_where_there_is_no_terminal(self):
        result = self.rowpost(*self.run_clean)
        self.assertNotIn("\033", result.out + result.err)

    def test_colours_on_a_terminal_unless_no_color_is_set(self):
        self.rowpost(*self.run_clean)
        self.assertIn("\033[1m", self.read_terminal("status", TERM="xterm"))
        self.assertNotIn("\033[", self.read_terminal("status", TERM="xterm", NO_COLOR="1"))

    def test_a_dumb_terminal_gets_no_escape_codes(self):
        self.rowpost(*self.run_clean)
        self.assertNotIn("\033[", self.read_terminal("status", TERM="dumb"))

    def test_the_progress_line_leaves_a_terminal_in_order(self):
        # What is done sooner than a tenth of a second shows no line.
        self.standin.faults({"kind": "delay", "delay_ms": 300, "method": "POST", "times": -1})
        text = self.read_terminal(*self.run_clean, TERM="xterm")
        shown = [line.split("\r")[-1] for line in text.split("\r\n")]
        self.assertTrue(any(line.startswith("campaigns  2/2  100%") for line in shown), text)
        self.assertIn("\033[1mcampaigns\033[0m", shown)

    def test_results_that_cannot_be_written_are_an_error(self):
        self.rowpost(*self.run_clean)
        with open("/dev/full", "wb") as full:
            process = subprocess.run(
                [ROWPOST, "status"], cwd=self.folder, stdout=full, stderr=subprocess.PIPE
            )
        self.assertEqual(process.returncode, 5)
        self.assertIn(b"cannot be written", process.stderr)


for entry in MISTAKES:
    add_test(Mistake, entry[0], *entry[1:])

if __name__ == "__main__":
    unittest.main()
