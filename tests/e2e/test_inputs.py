"""Cookie files, credentials, targets and workspaces that are not what they should be."""

import json
import sqlite3
import unittest

from harness import AS_OF
from legacy import make_clean
from scene import Scene, add_test

VALUE = "a-value-that-nobody-should-see"
PAST, FUTURE = 1500000000, 4000000000

# (name, content of the cookie file, the message)
COOKIE_FILES = [
    ("missing", None, ["cookies.bad", "No such file"]),
    ("empty", "", ["holds no cookie"]),
    ("comments_alone", "# Netscape HTTP Cookie File\n\n", ["holds no cookie"]),
    ("json", f'[{{"name": "session", "value": "{VALUE}"}}]', ["JSON", "Netscape format"]),
    ("a_page", f"<html>{VALUE}</html>", ["HTML", "Netscape format"]),
    ("a_header", f"Cookie: session={VALUE}", ["a request header", "Netscape format"]),
    ("cut_off", f"127.0.0.1\tFALSE\t/\tFALSE\t0\n{VALUE}\n", ["line 1"]),
    ("blanks_for_tabs", f"# x\n127.0.0.1 FALSE / FALSE 0 session {VALUE}\n", ["line 2"]),
    (
        "for_another_host",
        f"valdb.example\tFALSE\t/\tFALSE\t0\tsession\t{VALUE}\n",
        ["no cookie for 127.0.0.1", "valdb.example"],
    ),
    (
        "expired",
        f"127.0.0.1\tFALSE\t/\tFALSE\t{PAST}\tsession\t{VALUE}\n",
        ["expired", "2017-07-14"],
    ),
]

# (name, --to, exit status, the message)
TARGETS = [
    ("without_scheme", "valdb.example", 2, ["https://host"]),
    ("of_another_scheme", "ftp://valdb.example", 2, ["http"]),
    ("with_a_password", "http://me:hunter2@127.0.0.1", 2, ["password", "cookie file or a token"]),
    ("with_a_query", "http://127.0.0.1/?a=b", 2, ["query"]),
    ("that_is_empty", "", 2, ["URL"]),
    ("that_nobody_listens_at", "http://127.0.0.1:1", 3, ["127.0.0.1:1", "Check --to"]),
    ("that_cannot_be_resolved", "http://no.such.host.invalid", 3, ["no.such.host.invalid"]),
]


class Planned(Scene):
    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        self.plan = ["--from", "legacy.db", "--as-of", AS_OF]
        self.assertStatus(self.rowpost("plan", *self.plan), 0)
        self.number = self.states()["pending"]

    def assertNothingHappened(self, result, status, phrases):
        self.assertStatus(result, status)
        self.assertEqual(result.out, "")
        for phrase in phrases:
            self.assertIn(phrase, result.err)
        self.assertEqual(self.states(), {"pending": self.number})
        self.assertEqual(self.standin.counts()["users"], 0)


class CookieFile(Planned):
    def meet(self, content, phrases):
        path = self.folder / "cookies.bad"
        if content is not None:
            path.write_text(content)
        result = self.rowpost("apply", "--to", self.standin.url, "--cookies", path)
        self.assertNothingHappened(result, 2, phrases)
        self.assertNotIn(VALUE, result.err)

    def test_a_live_cookie_among_foreign_and_expired_ones_is_used(self):
        lines = [
            "# Netscape HTTP Cookie File",
            f"valdb.example\tFALSE\t/\tTRUE\t{FUTURE}\tsession\tother",
            f"127.0.0.1\tFALSE\t/\tFALSE\t{PAST}\told\tvalue",
            f"#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t{FUTURE}\tsession\tgood-x",
        ]
        path = self.folder / "cookies.many"
        path.write_text("\r\n".join(lines) + "\r\n")
        result = self.rowpost("apply", "--to", self.standin.url, "--cookies", path)
        self.assertStatus(result, 0)


class Target(Planned):
    def meet(self, url, status, phrases):
        result = self.rowpost("apply", "--to", url, "--give-up-after", "1")
        self.assertNothingHappened(result, status, phrases)
        self.assertNotIn("hunter2", result.err)

    def test_a_target_is_needed(self):
        for verb in ("apply", "verify"):
            self.assertNothingHappened(self.rowpost(verb), 2, ["--to", "https://host"])

    def test_a_path_that_is_not_the_api_is_reported(self):
        target = ["--to", self.standin.url + "/nothing/here", "--cookies", self.cookies]
        result = self.rowpost("apply", *target)
        self.assertNothingHappened(result, 3, ["404", "Check --to"])

    def test_a_slash_behind_the_url_does_not_matter(self):
        target = ["--to", self.standin.url + "/", "--cookies", self.cookies]
        self.assertStatus(self.rowpost("apply", *target), 0)

    def test_bad_tokens_are_reported_and_never_shown(self):
        path = self.folder / "token"
        for content in ("", "\n", f"{VALUE} and more", f"{VALUE}\n{VALUE}", f"{VALUE}\x01"):
            with self.subTest(content=content):
                path.write_text(content)
                result = self.rowpost("apply", "--to", self.standin.url, "--token-file", path)
                self.assertNothingHappened(result, 2, ["token"])
                self.assertNotIn(VALUE, result.err)


class Credentials(Planned):
    """The notebook's own credentials.json."""

    def write(self, **new):
        old = {"database_username": "me", "database_password": "hunter2", "database_url": "h:1"}
        path = self.folder / "credentials.json"
        path.write_text(json.dumps({"old": old, "new": new}))
        return ["--credentials", path]

    def test_host_cookies_and_list_are_taken_from_it(self):
        admins = self.folder / "admins.csv"
        admins.write_text("user_name,email,fullname\nchief,boss@site.example,The Boss\n")
        options = self.write(
            host_url=self.standin.url,
            cookie_location=str(self.cookies),
            admins_list_path=str(admins),
        )
        self.assertStatus(self.rowpost("run", *self.plan, *options), 0)
        names = {user["email"]: user["fullname"] for user in self.standin.state()["users"]}
        self.assertEqual(names["boss@site.example"], "The Boss")

    def test_an_option_counts_before_it(self):
        options = self.write(host_url="http://127.0.0.1:1", cookie_location="nowhere.txt")
        self.assertStatus(self.rowpost("apply", *options, *self.target), 0)

    def assertRefused(self, document, *phrases):
        """Nothing is sent, and no value of the file is shown."""
        path = self.folder / "credentials.json"
        path.write_text(json.dumps(document))
        result = self.rowpost("apply", "--credentials", path)
        self.assertNothingHappened(result, 2, ["credentials.json", *phrases])
        self.assertNotIn("hunter2", result.out + result.err)

    def test_a_value_that_is_no_text_is_named_with_what_it_is(self):
        values = [(["hunter2"], "a list"), ({"x": "hunter2"}, "an object"), (7, "a number")]
        values += [(7.5, "a number"), (True, "true"), (False, "false")]
        keys = [("new", "host_url"), ("new", "cookie_location"), ("new", "admins_list_path")]
        keys += [("old", f"database_{key}") for key in ("username", "url", "service")]
        for value, noun in values:
            for section, key in keys:
                with self.subTest(section=section, key=key, value=value):
                    document = {"new": {}, "old": {}}
                    document[section][key] = value
                    self.assertRefused(document, f"{section}.{key} is {noun}", "expected a text")

    def test_a_part_that_is_no_object_is_named_with_what_it_is(self):
        for value, noun in [(["hunter2"], "a list"), ("hunter2", "a text"), (None, "null")]:
            with self.subTest(value=value):
                self.assertRefused({"new": value}, f'"new" is {noun}', "host_url, cookie_location")
                document = {"new": {}, "old": value}
                self.assertRefused(document, f'"old" is {noun}', "database_username")

    def test_keys_that_are_not_known_are_warned_of_once(self):
        options = self.write(
            host_url=self.standin.url, cookie_location=str(self.cookies), host_uri="hunter2"
        )
        path = options[1]
        document = json.loads(path.read_text())
        document["old"]["Database_Url"] = "hunter2"
        document["new"]["host\u200b_url"] = "hunter2"
        document["olt"] = {}
        path.write_text(json.dumps(document))
        result = self.rowpost("run", *self.plan, *options)
        self.assertStatus(result, 0)
        known = "is not known and not used; known are"
        for key, expected in [
            ("new.host_uri", "host_url, cookie_location, admins_list_path"),
            ("new.host<U+200B>_url", "host_url, cookie_location, admins_list_path"),
            ("old.Database_Url", "database_username, database_password"),
            ("olt", "new, old"),
        ]:
            self.assertEqual(result.err.count(f'the key "{key}" {known} {expected}'), 1, result.err)
        self.assertEqual(result.err.count(known), 4)
        self.assertNotIn("hunter2", result.out + result.err)

    def test_a_byte_order_mark_is_passed_over(self):
        options = self.write(host_url=self.standin.url, cookie_location=str(self.cookies))
        path = options[1]
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        self.assertStatus(self.rowpost("apply", *options), 0)

    def test_the_address_of_a_database_in_another_place_is_named(self):
        for address in (
            "oracle+cx_oracle://me:hunter2@h:1/?service_name=val",
            "oracle://me:hunter2@h:1/val",
        ):
            for section, key in [
                ("new", "host_url"),
                ("new", "cookie_location"),
                ("new", "admins_list_path"),
                ("old", "database_username"),
                ("old", "database_service"),
            ]:
                with self.subTest(key=key, address=address):
                    document = {"new": {}, "old": {}}
                    document[section][key] = address
                    self.assertRefused(document, f"{section}.{key}", "address of a database")

    def test_an_address_of_another_form_is_named(self):
        for address in ("oracle://me:hunter2@h:1/val", "me:hunter2@h:1", "mysql://me:hunter2@h/"):
            with self.subTest(address=address):
                document = {"new": {}, "old": {"database_url": address}}
                self.assertRefused(document, "old.database_url", "HOST:PORT")

    def test_the_notebooks_whole_address_names_the_source(self):
        path = self.folder / "credentials.json"
        whole = "oracle+cx_oracle://me:hunter2@127.0.0.1:1/?service_name=val"
        no_service = "oracle+cx_oracle://me:hunter2@127.0.0.1:1"
        for old in (
            {"database_url": whole},
            {"database_url": whole, "database_username": "me", "database_password": "hunter2"},
            {"database_url": no_service, "database_service": "val"},
        ):
            with self.subTest(old=old):
                path.write_text(json.dumps({"old": old, "new": {}}))
                result = self.rowpost("plan", "--credentials", path, "-v", "-v")
                self.assertStatus(result, 3)
                self.assertIn("the source is oracle://me@127.0.0.1:1/val", result.err)
                self.assertNotIn("hunter2", result.out + result.err)

    def test_two_users_are_one_too_many(self):
        path = self.folder / "credentials.json"
        address = "oracle+cx_oracle://you:hunter2@127.0.0.1:1/?service_name=val"
        old = {"database_url": address, "database_username": "me"}
        path.write_text(json.dumps({"old": old, "new": {}}))
        result = self.rowpost("plan", "--credentials", path)
        self.assertStatus(result, 2)
        self.assertIn("another user than old.database_username", result.err)
        self.assertNotIn("hunter2", result.out + result.err)


class WorkspaceFile(Planned):
    def work(self):
        """Every verb that opens a workspace."""
        yield ["plan", *self.plan]
        yield ["run", *self.plan, *self.target]
        for verb in ("apply", "verify"):
            yield [verb, *self.target]
        for verb in ("status", "report", "rejects", "skips", "findings"):
            yield [verb]
        yield ["export", "--kind", "campaigns"]
        yield ["show", "12_0_0"]

    def assertRefusedUntouched(self, pragma, phrase):
        database = sqlite3.connect(self.workspace)
        database.execute(pragma)
        database.commit()
        database.close()
        before = self.workspace.read_bytes(), self.workspace.stat().st_mtime_ns
        for arguments in self.work():
            with self.subTest(verb=arguments[0]):
                result = self.rowpost(*arguments)
                self.assertStatus(result, 2)
                self.assertIn(phrase, result.err)
        after = self.workspace.read_bytes(), self.workspace.stat().st_mtime_ns
        self.assertEqual(after, before)
        beside = [path.name for path in self.folder.glob("valdb.rowpost*")]
        self.assertEqual(beside, ["valdb.rowpost"])

    def test_a_newer_workspace_is_refused_untouched(self):
        self.assertRefusedUntouched("PRAGMA user_version = 99", "version 99")

    def test_a_database_of_another_program_is_refused_untouched(self):
        self.assertRefusedUntouched("PRAGMA application_id = 7", "not a rowpost workspace")

    def test_a_folder_that_is_not_there_is_a_disk_error(self):
        result = self.rowpost("plan", *self.plan, "-w", "nowhere/valdb.rowpost")
        self.assertStatus(result, 5)
        self.assertIn("nowhere/valdb.rowpost", result.err)

    def test_a_report_that_cannot_be_written_is_a_disk_error(self):
        for path in ("nowhere/report", "/dev/full"):
            result = self.rowpost("report", "-o", path)
            self.assertStatus(result, 5)
            self.assertIn(path, result.err)

    def test_an_unknown_key_is_reported_with_the_way_to_find_one(self):
        result = self.rowpost("show", "nobody")
        self.assertStatus(result, 2)
        self.assertIn('"nobody"', result.err)
        self.assertIn("complete -w valdb.rowpost key` lists all keys", result.err)


class WorkspaceInUse(Planned):
    """While one program works on a workspace, others may only look."""

    def setUp(self):
        super().setUp()
        self.standin.hold(method="POST")
        self.program = self.start("apply", *self.target)
        self.wait_until_held(self.program)

    def test_a_second_program_is_refused_with_the_pid_of_the_first(self):
        for arguments in (["apply", *self.target], ["verify", *self.target], ["plan", *self.plan]):
            with self.subTest(verb=arguments[0]):
                result = self.rowpost(*arguments)
                self.assertStatus(result, 2)
                self.assertIn(f"process {self.program.pid}", result.err)
                self.assertIn("rowpost apply", result.err)
        self.assertTrue(self.program.is_running)

    def test_looking_is_allowed_all_the_while(self):
        account = self.rowpost("status", "--json").json
        (validators, *_) = account["kinds"]
        self.assertEqual(validators["documents"]["sending"], 2)
        self.assertStatus(self.rowpost("report"), 0)
        self.assertStatus(self.rowpost("show", "first"), 0)

    def test_the_workspace_is_free_once_the_first_was_killed(self):
        self.assertTrue(self.program.kill())
        self.standin.release()
        self.assertStatus(self.rowpost("apply", *self.target), 0)


for entry in COOKIE_FILES:
    add_test(CookieFile, f"a_cookie_file_{entry[0]}", *entry[1:])
for entry in TARGETS:
    add_test(Target, f"a_target_{entry[0]}", *entry[1:])

if __name__ == "__main__":
    unittest.main()
