"""examples/blog-to-wordpress.sql: a blog moves into a real WordPress, through a proxy that spoils
what passes, while rowpost is killed at random moments. In the end WordPress's own database is
compared with the source, without the API and without the program.

The migration is run once, to its end and back; each test looks at one part of what happened. The
seed is printed; ROWPOST_SEED=N draws the same faults again."""

import html
import os
import pathlib
import random
import re
import sqlite3
import sys
import tempfile
import time
import types
import unittest
import zoneinfo
from datetime import datetime

from harness import ROOT, Program, Workspace, wait_until
from spoiling_proxy import READING, SETTLE, WRITING, SpoilingProxy
from wordpress import WordPress, is_installed

sys.path.insert(0, str(ROOT / "examples"))
import make_blog  # noqa: E402

MIGRATION = ROOT / "examples" / "blog-to-wordpress.sql"
ZURICH = zoneinfo.ZoneInfo("Europe/Zurich")
KILLS = 4
PASSED_MOST = 25  # requests between two kills
FORMATS = ("text", "html", "json", "junit", "csv")
BLANKS = " \t\n\r\v"

# What has to be in WordPress, as a reader of the source would write it down.

PEOPLE = [  # login, address, name, about, role
    ("ann", "ann@blog.example", "Ann Arbor", "Writes.\r\nOften & <b>long</b>.", "editor"),
    ("bjorn-2", "bjoern@blog.example", "Björn Ö & Sons", "", "author"),
    ("bjorn-6", "other.bjorn@blog.example", "bjorn", "A login that is taken", "subscriber"),
    ("cy-d", "cy+blog@blog.example", 'Cy "the" D <3', "", "author"),
    ("writer-8", "zi@blog.example", "字", "字", "subscriber"),
]

CATEGORIES = [  # slug, name, the slug of its parent
    ("2012", "2012", "apfel-ol"),
    ("apfel-ol", "Äpfel & Öl", None),
    ("big-dogs-o-neil", 'Big "dogs" O\'Neil', "dogs-4"),
    ("cats", "Cats", "cats-dogs"),
    ("cats-dogs", "Cats & Dogs", None),
    ("dogs-4", "Dogs", "cats-dogs"),
    ("dogs-9", "Dogs", "news"),
    ("news", "News", None),
]

PERSON_OF = {1: "ann", 2: "bjorn-2", 3: "cy-d", 4: "ann", 6: "bjorn-6", 8: "writer-8"}
CATEGORY_OF = {1: "news", 2: "cats-dogs", 3: "cats", 4: "dogs-4", 5: "big-dogs-o-neil", 6: "news",
               9: "dogs-9", 10: "dogs-9", 13: "apfel-ol", 14: "2012"}
STATUS_OF = {"public": "publish", "draft": "draft", "hidden": "private"}
ARTICLES_LEFT_BEHIND = {10, 11, 12, 13, 14, 15}
SLUGS = {3: "post-3", 4: "twice-4", 6: "post-6", 7: "only-a-title", 8: "twice-8", 9: "post-9",
         17: "x" * 150, 19: "i-markup-i-quotes-in-a-title"}


def read_source(path):
    """The rows of each table, by name."""
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    tables = ("article", "article_category", "comment")
    rows = {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    database.close()
    return rows


def to_utc(written):
    """The moment in UTC, as WordPress writes it; None: there is no such time."""
    form = "%d.%m.%Y %H:%M" if re.match(r"\d\d\.", written) else "%Y-%m-%d %H:%M:%S"
    try:
        moment = datetime.strptime(written, form).replace(tzinfo=ZURICH)
    except ValueError:
        return None
    return moment.astimezone(zoneinfo.ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S")


def expect_posts(source):
    """(title, text, status, moment, login of the author, slugs of the categories) of each."""
    for row in source["article"]:
        if row["id"] not in ARTICLES_LEFT_BEHIND:
            filed = {CATEGORY_OF.get(filing["category"]) for filing in source["article_category"]
                     if filing["article"] == row["id"]} - {None}
            yield (row["title"].strip(BLANKS), row["html"] or "", STATUS_OF[row["state"].lower()],
                   to_utc(row["written"]), PERSON_OF[row["writer"]],
                   sorted(filed) or ["uncategorized"])


def is_left_behind(row, states):
    return (row["verdict"].lower() not in ("ok", "wait") or not row["text"].strip(BLANKS)
            or states.get(row["article"], "draft") == "draft" or to_utc(row["written"]) is None)


def expect_comments(source):
    """(the article's text, moment, text, name, address, login or nothing, approved, (moment, text)
    of what it answers or nothing) of each; a twin is the first of them."""
    states = {row["id"]: row["state"].lower() for row in source["article"]
              if row["id"] not in ARTICLES_LEFT_BEHIND}
    texts = {row["id"]: row["html"] or "" for row in source["article"]}
    first, by_id = {}, {}
    for row in source["comment"]:
        if is_left_behind(row, states):
            continue
        name = " ".join(re.sub("<[^>]*>", "", row["name"] or "").split()) or "Anonymous"
        address = (row["mail"] or "").strip().lower()
        address = address if "@" in address else f"comment-{row['id']}@blog.invalid"
        text = html.escape(row["text"].strip(BLANKS), quote=False)
        answered = by_id.get(row["answers"])
        answered = answered if answered and answered[0] == texts[row["article"]] else None
        comment = (
            texts[row["article"]], to_utc(row["written"]), text, name, address,
            "ann" if address == "ann@blog.example" else None,
            "0" if row["verdict"] == "wait" else "1", answered and answered[1:3])
        twin = (row["article"], answered, name, address, text.lower())
        by_id[row["id"]] = first.setdefault(twin, comment)
    return list(first.values())


# WordPress's own database. Texts come in hexadecimal digits: XML changes line breaks.


def text_of(digits):
    return None if digits is None else bytes.fromhex(digits).decode()


def read_table(wordpress, sql):
    """The rows of a SELECT whose columns are HEX(...), ordered."""
    return sorted((tuple(map(text_of, row)) for row in wordpress.sql(sql)), key=repr)


def read_people(wordpress):
    rows = read_table(wordpress, """
        SELECT HEX(user_login), HEX(user_email), HEX(display_name),
               HEX((SELECT meta_value FROM wp_usermeta m
                    WHERE m.user_id = u.ID AND meta_key = 'description')),
               HEX((SELECT meta_value FROM wp_usermeta m
                    WHERE m.user_id = u.ID AND meta_key = 'wp_capabilities'))
        FROM wp_users u WHERE user_login <> 'admin'""")
    return [(login, address, html.unescape(name), html.unescape(about),
             *re.fullmatch(r'a:1:\{s:\d+:"(\w+)";b:1;\}', roles).groups())
            for login, address, name, about, roles in rows]


def read_categories(wordpress):
    rows = read_table(wordpress, """
        SELECT HEX(t.slug), HEX(t.name), HEX(p.slug)
        FROM wp_terms t JOIN wp_term_taxonomy x ON x.term_id = t.term_id
        LEFT JOIN wp_terms p ON p.term_id = x.parent
        WHERE x.taxonomy = 'category' AND t.slug <> 'uncategorized'""")
    return [(slug, html.unescape(name), parent) for slug, name, parent in rows]


def read_posts(wordpress):
    rows = read_table(wordpress, """
        SELECT HEX(post_title), HEX(post_content), HEX(post_status), HEX(post_date_gmt),
               HEX(user_login), HEX((SELECT GROUP_CONCAT(slug ORDER BY slug) FROM wp_terms t
                   JOIN wp_term_taxonomy x ON x.term_id = t.term_id
                   JOIN wp_term_relationships r ON r.term_taxonomy_id = x.term_taxonomy_id
                   WHERE r.object_id = p.ID AND x.taxonomy = 'category'))
        FROM wp_posts p JOIN wp_users u ON u.ID = p.post_author WHERE post_type = 'post'""")
    return [(*row[:5], row[5].split(",")) for row in rows]


def read_comments(wordpress):
    rows = read_table(wordpress, """
        SELECT HEX(p.post_content), HEX(c.comment_date_gmt), HEX(c.comment_content),
               HEX(c.comment_author), HEX(c.comment_author_email), HEX(user_login),
               HEX(c.comment_approved), HEX(a.comment_date_gmt), HEX(a.comment_content)
        FROM wp_comments c JOIN wp_posts p ON p.ID = c.comment_post_ID
        LEFT JOIN wp_users u ON u.ID = c.user_id
        LEFT JOIN wp_comments a ON a.comment_ID = c.comment_parent""")
    return [(*row[:3], html.unescape(row[3]), *row[4:7], row[7] and row[7:]) for row in rows]


def read_target(wordpress):
    return types.SimpleNamespace(
        people=read_people(wordpress), categories=read_categories(wordpress),
        posts=read_posts(wordpress), comments=read_comments(wordpress),
        slugs=[row[0] for row in read_table(
            wordpress, "SELECT HEX(post_name) FROM wp_posts WHERE post_type = 'post'")],
        local_times=read_table(wordpress, """
            SELECT HEX(post_title), HEX(post_date) FROM wp_posts WHERE post_type = 'post'"""))


def read_numbers(wordpress):
    """(kind, id) of each record that was made since the installation."""
    return sorted(map(tuple, wordpress.sql("""
        SELECT 'people', ID FROM wp_users WHERE ID > 1
        UNION SELECT 'posts', ID FROM wp_posts WHERE post_type = 'post'
        UNION SELECT 'comments', comment_ID FROM wp_comments
        UNION SELECT 'categories', term_id FROM wp_term_taxonomy
              WHERE taxonomy = 'category' AND term_id > 1""")))


@unittest.skipUnless(is_installed(), "PHP or MariaDB is not installed")
class Migration(unittest.TestCase):
    """What happened from the first plan to the undo."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rowpost-wordpress-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        seed = int(os.environ.get("ROWPOST_SEED", random.randrange(10**6)))
        print(f"# {cls.__name__}: ROWPOST_SEED={seed}", flush=True)
        cls.random = random.Random(seed)
        make_blog.make(cls.folder / "blog.db")
        cls.source = read_source(cls.folder / "blog.db")
        cls.wordpress = WordPress()
        cls.addClassCleanup(cls.wordpress.close)
        cls.proxy = SpoilingProxy(cls.wordpress.url, seed)
        cls.addClassCleanup(cls.proxy.close)
        (cls.folder / "token").write_text(cls.wordpress.password)
        try:
            cls.migrate_a_little_and_undo()
            cls.migrate()
        except BaseException:
            print("\n".join(f"# {entry}" for entry in cls.proxy.log), flush=True)
            raise

    @classmethod
    def migrate_a_little_and_undo(cls):
        """A part of the blog, unspoiled."""
        make_blog.make(cls.folder / "little.db", articles=4)
        target = ["--to", cls.wordpress.url, "--token-file", "token", "-w", "little.rowpost"]
        run = lambda *arguments: Program(arguments, cls.folder).end()
        run("plan", "--from", "little.db", "--migration", MIGRATION, "-w", "little.rowpost")
        cls.little = [run("apply", *target), run("undo", *target, "--yes")]
        cls.left_of_little = read_target(cls.wordpress)

    @classmethod
    def migrate(cls):
        cls.planned = cls.rowpost("plan", "--from", "blog.db", "--migration", MIGRATION,
                                  "--as-of", "2026-11-30")
        cls.kill_again_and_again()
        cls.applied = cls.apply_to_the_end()
        cls.delivered = read_target(cls.wordpress)
        cls.proxy.be_honest()
        passed = len(cls.proxy.log)
        cls.applied_again = cls.rowpost("apply", *cls.target)
        cls.methods_of_apply_again = {entry["method"] for entry in cls.proxy.log[passed:]}
        cls.verified = cls.rowpost("verify", *cls.target)
        cls.status = cls.rowpost("status", "--json")
        cls.reports = [cls.rowpost("report", "--format", form) for form in FORMATS]
        cls.undone = cls.rowpost("undo", *cls.target, "--yes")
        cls.left = read_numbers(cls.wordpress)

    @classmethod
    @property
    def target(cls):
        return ["--to", cls.proxy.url, "--token-file", "token", "--settle", SETTLE]

    @classmethod
    def rowpost(cls, *arguments):
        return Program([*arguments, "-w", "blog.rowpost"], cls.folder).end()

    @classmethod
    def kill_again_and_again(cls):
        """A killed program leaves requests behind; the proxy has them carried out."""
        for _ in range(KILLS):
            enough = len(cls.proxy.log) + cls.random.randint(1, PASSED_MOST)
            program = Program(["apply", *cls.target, "-w", "blog.rowpost"], cls.folder)
            wait_until(lambda: len(cls.proxy.log) >= enough or not program.is_running,
                       "requests have passed")
            time.sleep(cls.random.uniform(0, 0.1))
            program.kill()
            cls.proxy.wait_until_idle()

    @classmethod
    def apply_to_the_end(cls):
        """A document that was hit too often in a row may have been given up as refused."""
        for _ in range(10):
            result = cls.rowpost("apply", *cls.target, "--retry-refused")
            if result.status == 0:
                break
        return result

    def assertStatus(self, result, status):
        self.assertEqual(result.status, status, result.out + result.err)

    def test_the_plan_ends_with_1_for_the_rows_that_it_rejects(self):
        self.assertStatus(self.planned, 1)

    def test_apply_ends_well(self):
        self.assertStatus(self.applied, 0)

    def test_each_kind_of_fault_was_met(self):
        struck = {method: {fault for by, fault in self.proxy.struck if by == method}
                  for method in ("POST", "GET")}
        self.assertEqual(struck["POST"], set(WRITING))
        self.assertLessEqual(struck["GET"], set(READING))
        self.assertGreater(len(struck["GET"]), 0)

    def test_each_person_is_there_once_and_equal(self):
        self.assertEqual(self.delivered.people, sorted(PEOPLE))

    def test_each_category_is_there_once_in_its_place(self):
        self.assertEqual(self.delivered.categories, sorted(CATEGORIES, key=repr))

    def test_each_article_is_there_once_and_equal(self):
        expected = sorted(expect_posts(self.source), key=repr)
        self.assertGreater(len(expected), 20)
        self.assertEqual(sorted(self.delivered.posts, key=repr), expected)

    def test_each_article_has_the_slug_that_was_planned(self):
        expected = [SLUGS.get(row["id"], f"article-{row['id']}-it-s-so-so")
                    for row in self.source["article"] if row["id"] not in ARTICLES_LEFT_BEHIND]
        self.assertEqual(self.delivered.slugs, sorted(expected))

    def test_each_article_shows_the_time_of_the_old_blog(self):
        times = dict(self.delivered.local_times)
        self.assertEqual(times["Only a title"], self.written(7))
        self.assertEqual(times["x" * 300], self.written(17))

    def written(self, number):
        (row,) = (row for row in self.source["article"] if row["id"] == number)
        day, _, clock = row["written"].partition(" ")
        if "." in day:
            return "-".join(reversed(day.split("."))) + f" {clock}:00"
        return row["written"]

    def test_each_comment_is_there_once_in_its_thread(self):
        expected = sorted(expect_comments(self.source), key=repr)
        self.assertGreater(len(expected), 30)
        self.assertGreater(len([comment for comment in expected if comment[-1]]), 10)
        self.assertEqual(sorted(self.delivered.comments, key=repr), expected)

    def test_apply_again_sends_nothing(self):
        self.assertStatus(self.applied_again, 0)
        self.assertLessEqual(self.methods_of_apply_again, {"GET"})

    def test_verify_finds_all_equal(self):
        self.assertStatus(self.verified, 0)

    def test_status_and_reports_show_all_delivered(self):
        self.assertStatus(self.status, 0)
        for kind in self.status.json["kinds"]:
            counts = kind["documents"]
            self.assertEqual(counts["delivered"], counts["planned"], kind)
        for form, report in zip(FORMATS, self.reports):
            with self.subTest(format=form):
                self.assertStatus(report, 0)
                self.assertIn("comments", report.out)

    def test_no_password_is_in_the_workspace_or_printed(self):
        secret = self.wordpress.password.partition(":")[2].encode()
        files = list(self.folder.glob("blog.rowpost*"))
        self.assertGreater(len(files), 0)
        for file in files:
            self.assertNotIn(secret, file.read_bytes())
        for report in self.reports:
            self.assertNotIn(secret.decode(), report.out)

    def test_undo_leaves_the_site_as_it_was(self):
        for result in self.little:
            self.assertStatus(result, 0)
        self.assertEqual(self.left_of_little, types.SimpleNamespace(
            people=[], categories=[], posts=[], comments=[], slugs=[], local_times=[]))

    def test_undo_after_lost_answers_leaves_only_what_it_lists(self):
        """Who made a record whose answer was lost is not known. With a post WordPress deletes its
        comments, too."""
        listed = set(re.findall(r"^(\w+)\t\w+\t(\d+)$", self.undone.out, re.MULTILINE))
        self.assertStatus(self.undone, 1 if listed else 0)
        self.assertLessEqual(set(self.left), listed)
        self.assertLessEqual({kind for kind, _ in listed - set(self.left)}, {"comments"})
        self.assertLess(len(listed), len(self.delivered.posts))


class Tests(unittest.TestCase):
    def test_the_tests_of_the_file_hold(self):
        result = Program(["test", MIGRATION], ROOT).end()
        self.assertEqual(result.status, 0, result.out + result.err)
        self.assertIn("0 failed", result.out)


if __name__ == "__main__":
    unittest.main()
