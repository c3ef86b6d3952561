"""People from a directory: what is found there, how often it is asked, and what is kept of it."""

import csv
import pathlib
import random
import signal
import tempfile
import unittest

from harness import AS_OF, find_free_port, wait_until
from legacy import Legacy
from scene import Scene
from slapd import ADMIN, BASE, PASSWORD, Proxy, Slapd, entry_of

FIRST = ("Anna", "Zoë", "Jürgen", "José", "Łukasz", "Émilie", "Šárka", "Søren", "Íñigo", "Иван")
LAST = ("Müller", "Núñez", "O'Neil", "Ångström", "Đorđević", "Dvořák", "Çelik", "Петров", "de la Cruz")
COMMON = 250  # people of one name: more than a page of an answer holds
SHORTEST_BATCH = 50  # names that one search asks for


def make_people(count):
    """(login, name, mail), names and logins all different but for the twins; every tenth has no
    address any more, every 25th shares its name with the one before."""
    people = []
    for i in range(count):
        name = f"{FIRST[i % len(FIRST)]} {LAST[i // len(FIRST) % len(LAST)]} {i // 90 + 1}"
        if i % 25 == 24:
            name = people[-1][1]
        mail = "" if i % 10 == 5 else f"Person.{i}@lab.example"
        people.append((f"user{i:03d}", name, mail))
    return people


PEOPLE = make_people(300)

# Beyond what a list can hold.
SPECIAL = [
    entry_of("star*()\\x", ["Special Login"], ["special@lab.example"]),
    entry_of(["many", "many.more"], ["Many Names", "Much Renamed"],
             ["first@lab.example", "second@lab.example"]),
    entry_of("gone", ["Gone Away"], []),
    entry_of("shared", ["Old Hand"], ["one@lab.example"]),
    entry_of("shared", ["New Hand"], ["two@lab.example"], "ou=archive,dc=rowpost,dc=example"),
]


def write_list(path, people):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("user_name", "email", "fullname"))
        writer.writerows((login, mail, name) for login, name, mail in people)
    return path


def make_source(path, names, logins=()):
    """A database in which each of the names has written a report."""
    legacy = Legacy(path)
    for login in logins:
        legacy.add_validator(login, f"{login}@site.example", "HLT.Data.MET")
    for i, name in enumerate(names):
        legacy.add_report(f"12_0_{i}", "HLT.Data.MET", author=name)
    legacy.close()
    return path


def spell(name, number):
    """The name as somebody else may write it."""
    return (name, name.upper(), name.replace(" ", "   "), f"  {name.lower()}\t")[number % 4]


class DirectoryScene(Scene):
    standin_options = ()
    settings = ""
    further = ()

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        entries = [entry_of(login, [name], [mail] if mail else [])
                   for login, name, mail in PEOPLE]
        cls.slapd = Slapd(folder.name, entries + SPECIAL + list(cls.further), cls.settings)
        cls.addClassCleanup(cls.slapd.stop)

    def plan(self, people, *options, source="legacy.db", **changes):
        return self.rowpost("plan", "--from", source, "--as-of", AS_OF, "--people", people,
                            *options, **changes)

    def planned(self, people, *options, **changes):
        """The bodies of every kind, by key."""
        result = self.plan(people, *options, **changes)
        self.assertEqual(result.status, 0, result.out + result.err)
        kinds = ("validators", "administrators", "authors", "campaigns")
        return {kind: self.exports(kind) for kind in kinds}

    def new_workspace(self):
        self.workspace.unlink(missing_ok=True)

    def outcomes(self):
        lines = self.rowpost("people", "--json").lines
        return {(line["kind"], line["name"]): (line["outcome"], line["found"]) for line in lines}

    def authors_of(self, name, *options):
        """Whom a plan has for the one report, which that name has written."""
        self.new_workspace()
        (self.folder / "legacy.db").unlink(missing_ok=True)
        make_source(self.folder / "legacy.db", [name])
        return self.planned(self.slapd.url(), *options)["campaigns"]["12_0_0"]["reports"][0]["authors"]


class TestPeople(DirectoryScene):
    """The whole directory against a list of the same people."""

    def setUp(self):
        super().setUp()
        names = [spell(name, i) for i, (_, name, _) in enumerate(PEOPLE)]
        names += [login for login, _, _ in PEOPLE[:20]] + ["Nobody Known", "Unknown name"]
        make_source(self.folder / "legacy.db", names, [login for login, _, _ in PEOPLE[100:130]])
        self.list = write_list(self.folder / "people.csv", PEOPLE)

    def test_the_plan_is_the_one_of_a_list_of_the_same_people(self):
        listed = self.planned(self.list)
        listed_outcomes = self.outcomes()
        self.new_workspace()
        self.assertEqual(self.planned(self.slapd.url()), listed)
        self.assertEqual(self.outcomes(), listed_outcomes)
        authors = [b["reports"][0]["authors"] for b in listed["campaigns"].values()]
        self.assertGreater(sum(map(len, authors)), 200)
        self.assertGreater(len(listed_outcomes), 30)

    def test_searches_are_for_many_names_at_once(self):
        before = self.slapd.searches()
        self.planned(self.slapd.url())
        asked = 330  # names that differ: people, logins, and nobody known
        searches = self.slapd.searches() - before
        self.assertGreater(searches, 0)
        self.assertLessEqual(searches, asked // SHORTEST_BATCH + 1)

    def test_a_plan_is_made_again_without_the_directory(self):
        first = self.planned(self.slapd.url())
        outcomes = self.outcomes()
        summary = self.summary()
        before = self.slapd.searches()
        self.assertEqual(self.planned(self.slapd.url()), first)
        self.assertEqual(self.slapd.searches(), before, "nobody had to be asked for again")
        url = self.slapd.url()
        self.slapd.stop()
        try:
            self.assertEqual(self.planned(url), first)
            self.assertEqual(self.outcomes(), outcomes)
            again = self.summary()
            del summary["settings"]["planned"], again["settings"]["planned"]
            self.assertEqual(again, summary)
            refreshed = self.plan(url, "--people-refresh")
            self.assertEqual(refreshed.status, 3)
            self.assertEqual({kind: self.exports(kind) for kind in first}, first)
        finally:
            self.slapd.start()

    def test_only_new_names_are_asked_for_when_planning_again(self):
        self.planned(self.slapd.url())
        legacy = self.folder / "more.db"
        make_source(legacy, ["Gone Away", PEOPLE[0][1]])
        before = self.slapd.searches()
        result = self.plan(self.slapd.url(), source=legacy)
        self.assertIn("2 names, 1 known from before", result.err)
        self.assertEqual(self.slapd.searches() - before, 1)

    def test_refreshing_asks_for_everybody_again(self):
        first = self.planned(self.slapd.url())
        before = self.slapd.searches()
        self.assertEqual(self.planned(self.slapd.url(), "--people-refresh"), first)
        self.assertGreater(self.slapd.searches() - before, 5)

    def test_other_attributes_are_another_question(self):
        self.planned(self.slapd.url())
        before = self.slapd.searches()
        self.planned(self.slapd.url(), "--ldap-attributes", "name=cn")
        self.assertGreater(self.slapd.searches() - before, 5)

    def test_the_notebooks_rules_ask_nobody(self):
        before = self.slapd.searches()
        result = self.plan(self.slapd.url(), "--rules", "notebook")
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(self.slapd.searches(), before)

    def test_the_summary_counts_everybody_and_names_whom_it_has_not(self):
        result = self.plan(self.slapd.url(), "--json")
        people = {section["kind"]: section for section in result.json["people"]}
        authors = people["authors"]
        self.assertEqual(authors["nobody"], 1)
        # Every tenth of 300 has no address; two of twelve pairs of twins hold such a one.
        self.assertEqual(authors["found"] + authors["no_address"] + authors["several_people"] + 1,
                         len(authors["names"]) + authors["found"])
        nobody = [n for n in authors["names"] if n["outcome"] == "nobody"]
        self.assertEqual([(n["name"], n["uses"]) for n in nobody], [("Nobody Known", 1)])
        text = self.rowpost("report").out
        self.assertIn("1 nobody", text)
        self.assertIn(" people -w valdb.rowpost`", text)


class TestEntries(DirectoryScene):
    """One person each."""

    def test_a_name_is_found_whatever_its_blanks_and_case(self):
        for name in ("Many Names", "  many\t  NAMES ", "MANY NAMES"):
            self.assertEqual(self.authors_of(name), ["first@lab.example"], name)

    def test_accents_have_a_case_too(self):
        login, name, mail = PEOPLE[1]
        self.assertEqual(self.authors_of(name.upper()), [mail.lower()])

    def test_a_name_without_its_accents_is_another(self):
        self.assertEqual(self.authors_of("Zoe Muller 1"), [])

    def test_what_has_a_meaning_in_a_filter_is_a_character_of_a_name(self):
        self.assertEqual(self.authors_of("star*()\\x"), ["special@lab.example"])
        self.assertEqual(self.authors_of("*"), [])
        self.assertEqual(self.authors_of("x)(cn=*"), [])

    def test_every_name_and_every_login_of_an_entry_is_its_persons(self):
        for name in ("Many Names", "Much Renamed", "many", "many.more"):
            authors = self.authors_of(name, "--ldap-attributes", "name=sn")
            self.assertEqual(authors, ["first@lab.example"], name)
        outcome = self.outcomes()[("authors", "many.more")]
        self.assertEqual(outcome, ("several addresses", "many <first@lab.example>"))

    def test_twins_are_nobodys_author_and_are_both_named(self):
        twins = [(login, mail) for login, name, mail in PEOPLE if name == PEOPLE[49][1]]
        self.assertEqual(len(twins), 2)
        self.assertEqual(self.authors_of(PEOPLE[49][1]), [])
        found = ", ".join(f"{login} <{mail}>" for login, mail in twins)
        self.assertEqual(self.outcomes()[("authors", PEOPLE[49][1])], ("several people", found))

    def test_who_has_left_is_named_as_such(self):
        self.assertEqual(self.authors_of("Gone Away"), [])
        self.assertEqual(self.outcomes()[("authors", "Gone Away")], ("no address", "gone"))

    def test_one_login_of_two_people_is_nobodys(self):
        make_source(self.folder / "legacy.db", ["shared", "Old Hand"], ["shared"])
        bodies = self.planned(self.slapd.url("dc=rowpost,dc=example"))
        self.assertIsNone(bodies["validators"]["shared"]["fullname"])
        self.assertEqual(bodies["campaigns"]["12_0_0"]["reports"][0]["authors"], [])
        found = "shared <two@lab.example>, shared <one@lab.example>"
        self.assertEqual(self.outcomes()[("validators", "shared")], ("several people", found))

    def test_a_filter_in_the_url_narrows_down_who_is_looked_at(self):
        make_source(self.folder / "legacy.db", ["Old Hand", "Many Names"])
        bodies = self.planned(self.slapd.url() + "??sub?(cn=many)")
        authors = [b["reports"][0]["authors"] for b in bodies["campaigns"].values()]
        self.assertEqual(authors, [[], ["first@lab.example"]])

    def test_a_list_of_administrators_comes_before_the_directory(self):
        source = self.folder / "legacy.db"
        make_source(source, ["Many Names", "Boss"])
        admins = write_list(self.folder / "admins.csv", [("many", "Boss", "boss@lab.example")])
        bodies = self.planned(self.slapd.url(), "--admins", admins)
        authors = [b["reports"][0]["authors"] for b in bodies["campaigns"].values()]
        self.assertEqual(authors, [["boss@lab.example"], ["boss@lab.example"]])

    def test_an_authors_document_says_which_entry_it_comes_from(self):
        self.authors_of("Many Names")
        origin = self.documents()[("authors", "many")]["origin"]
        self.assertEqual(origin, f"ldap://127.0.0.1:{self.slapd.port}, cn=many,{BASE}")


class TestConnections(DirectoryScene):
    """TLS, binds, and servers that fail."""

    def setUp(self):
        super().setUp()
        make_source(self.folder / "legacy.db", ["Many Names"])
        self.certificate = self.slapd.folder / "ca.pem"

    def assertFails(self, result, status, *words):
        self.assertEqual(result.status, status, result.out + result.err)
        for word in words:
            self.assertIn(word, result.err)
        self.assertFalse(self.workspace.exists())

    def assertFinds(self, result):
        self.assertEqual(result.status, 0, result.out + result.err)
        self.assertIn("1 found", result.out.replace("several addresses", "found"))

    def test_ldaps_with_an_authority_of_ones_own(self):
        self.assertFinds(self.plan(self.slapd.tls_url(), "--cacert", self.certificate))

    def test_starttls(self):
        options = ("--ldap-starttls", "--cacert", self.certificate)
        self.assertFinds(self.plan(self.slapd.url(), *options))
        self.assertIn("STARTTLS", self.slapd.log())

    def test_a_certificate_of_an_unknown_authority_is_refused(self):
        self.assertFails(self.plan(self.slapd.tls_url()), 3, "127.0.0.1", "certificate")
        self.assertFails(self.plan(self.slapd.url(), "--ldap-starttls"), 3, "certificate")

    def test_a_certificate_of_another_host_is_refused(self):
        url = self.slapd.tls_url().replace("127.0.0.1", "localhost")
        self.assertFails(self.plan(url, "--cacert", self.certificate), 3, "certificate")

    def test_a_certificate_is_not_looked_at_by_insecure(self):
        result = self.plan(self.slapd.tls_url(), "--insecure")
        self.assertFinds(result)
        self.assertIn("not verified", result.err)

    def test_a_bind_with_the_password_from_a_file_or_the_environment(self):
        (self.folder / "password").write_text(PASSWORD + "\n")
        bind = ("--ldap-bind", ADMIN, "--cacert", self.certificate)
        url = self.slapd.tls_url()
        self.assertFinds(self.plan(url, *bind, "--ldap-password-file", "password"))
        self.new_workspace()
        self.assertFinds(self.plan(url, *bind, ROWPOST_LDAP_PASSWORD=PASSWORD))
        self.assertIn(f'BIND dn="{ADMIN}" mech=SIMPLE', self.slapd.log())

    def test_a_wrong_password_is_said_and_shown_nowhere(self):
        result = self.plan(self.slapd.url(), "--ldap-bind", ADMIN, "-v",
                           ROWPOST_LDAP_PASSWORD="wr0ng-4711")
        self.assertFails(result, 3, "--ldap-bind", "password", "unprotected")
        self.assertNotIn("wr0ng-4711", result.out + result.err)

    def test_a_password_is_in_no_workspace(self):
        result = self.plan(self.slapd.url(), "--ldap-bind", ADMIN, "-v",
                           ROWPOST_LDAP_PASSWORD=PASSWORD)
        self.assertFinds(result)
        self.assertNotIn(PASSWORD, result.out + result.err)
        self.assertNotIn(PASSWORD.encode(), self.workspace.read_bytes())

    def test_a_bind_needs_a_password_and_a_password_a_bind(self):
        self.assertFails(self.plan(self.slapd.url(), "--ldap-bind", ADMIN), 2, "password")
        self.assertFails(self.plan(self.slapd.url(), "--ldap-bind", ADMIN,
                                   ROWPOST_LDAP_PASSWORD=""), 2, "is empty")
        (self.folder / "password").write_text(PASSWORD)
        self.assertFails(self.plan(self.slapd.url(), "--ldap-password-file", "password"), 2,
                         "--ldap-bind")

    def test_a_server_that_is_not_there(self):
        port = find_free_port()
        result = self.plan(f"ldap://127.0.0.1:{port}/{BASE}")
        self.assertFails(result, 3, f"127.0.0.1:{port}", "cannot be reached", "refused")

    def test_a_base_that_is_not_there(self):
        self.assertFails(self.plan(self.slapd.url("dc=other")), 3, "base DN")
        self.assertFails(self.plan(self.slapd.url("ou=none," + BASE)), 3, "base DN")

    def test_a_referral_is_not_followed(self):
        result = self.plan(self.slapd.url("ou=moved,dc=rowpost,dc=example"))
        self.assertFails(result, 3, "refers to another server")

    def test_a_filter_that_is_none(self):
        self.assertFails(self.plan(self.slapd.url() + "??sub?(cn=x"), 2, "filter")
        self.assertFails(self.plan(self.slapd.url() + "??sub?(a=b))(|(cn=x"), 2, "filter")

    def test_a_server_that_says_nothing(self):
        silent = Proxy()
        self.addCleanup(silent.close)
        for scheme, options in (("ldap", ()), ("ldaps", ()), ("ldap", ("--ldap-starttls",))):
            url = f"{scheme}://127.0.0.1:{silent.port}/{BASE}"
            result = self.plan(url, "--ldap-timeout", "1", *options)
            self.assertFails(result, 3, "has not answered for 1 seconds")

    def test_a_server_that_stops_in_the_middle(self):
        ports = (("ldap", self.slapd.port), ("ldaps", self.slapd.tls_port))
        for scheme, port in ports:
            for limit in (3, 20, 700, 1600):
                with self.subTest(scheme=scheme, limit=limit):
                    proxy = Proxy(port, limit)
                    self.addCleanup(proxy.close)
                    url = f"{scheme}://127.0.0.1:{proxy.port}/{BASE}"
                    options = ("--ldap-timeout", "1", "--cacert", self.certificate)
                    result = self.plan(url, *options)
                    if limit < 100:
                        self.assertFails(result, 3, "127.0.0.1")
                    self.assertIn(result.status, (0, 3), result.err)
                    self.new_workspace()

    def test_a_server_that_speaks_something_else(self):
        answers = (b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x30\x84\xff",
                   bytes(random.Random(5).randrange(256) for _ in range(5000)),
                   b"\x30\x84\x7f\xff\xff\xff" + bytes(200), b"\x30\x05\x02\x01\x01\x65\x00")
        for scheme in ("ldap", "ldaps"):
            for answer in answers:
                with self.subTest(scheme=scheme, answer=answer[:12]):
                    proxy = Proxy(answer=answer)
                    self.addCleanup(proxy.close)
                    result = self.plan(f"{scheme}://127.0.0.1:{proxy.port}/{BASE}",
                                       "--ldap-timeout", "1")
                    self.assertFails(result, 3, "people directory")

    def test_a_plan_that_waits_for_the_directory_can_be_stopped(self):
        silent = Proxy()
        self.addCleanup(silent.close)
        program = self.start("plan", "--from", "legacy.db", "--people",
                             f"ldap://127.0.0.1:{silent.port}/{BASE}")
        wait_until(lambda: silent.sockets, "it has connected")
        program.send(signal.SIGINT)
        result = program.end()
        self.assertEqual(result.status, 1, result.err)
        self.assertIn("stopped", result.err)
        self.assertFalse(self.workspace.exists())


class TestLimits(DirectoryScene):
    """A server that gives few entries at once."""

    settings = "sizelimit 7"
    further = [entry_of(f"common{i}", ["Common Name"], [f"{i}@lab.example"]) for i in range(COMMON)]

    def test_a_size_limit_makes_batches_smaller_and_nobody_is_lost(self):
        names = [name for _, name, _ in PEOPLE[:60]]
        make_source(self.folder / "legacy.db", names)
        listed = self.planned(write_list(self.folder / "people.csv", PEOPLE))
        self.new_workspace()
        before = self.slapd.searches()
        self.assertEqual(self.planned(self.slapd.url()), listed)
        searches = self.slapd.searches() - before
        self.assertLess(searches, 60, "still several names at once")

    def test_a_large_answer_comes_in_pages(self):
        self.slapd.restart("sizelimit size.soft=unlimited size.hard=unlimited")
        try:
            self.assertEqual(self.authors_of("Common Name"), [])
            outcome, found = self.outcomes()[("authors", "Common Name")]
            self.assertEqual(outcome, "several people")
            self.assertTrue(found.endswith(f" and {COMMON - 8} more"), found)
            self.assertEqual(self.slapd.searches(), 2, "pages of 200")
        finally:
            self.slapd.restart(self.settings)

    def test_a_limit_that_is_too_low_for_one_name_is_said(self):
        self.slapd.restart("sizelimit 1")
        try:
            make_source(self.folder / "legacy.db", [PEOPLE[0][1], PEOPLE[49][1]])
            result = self.plan(self.slapd.url())
            self.assertEqual(result.status, 3, result.err)
            self.assertIn(f'too low even for "{PEOPLE[49][1]}"', result.err)
            self.assertFalse(pathlib.Path(self.workspace).exists())
        finally:
            self.slapd.restart(self.settings)


if __name__ == "__main__":
    unittest.main()
