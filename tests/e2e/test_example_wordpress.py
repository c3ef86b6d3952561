"""examples/blog-to-wordpress.sql: a blog moves into a real WordPress, through a proxy that spoils
what passes, while rowpost is killed at random moments. In the end WordPress's own database is
compared with the source, without the API and without the program.

ROWPOST_SEED=N: the faults and the moments of the kills."""

import html
import re
import sqlite3
import sys
import types
import unittest
import zoneinfo
from datetime import datetime

from harness import ROOT
from spoiled_migration import ServiceTest, SpoiledMigration
from spoiling_proxy import READING
from wordpress import WordPress, is_installed

sys.path.insert(0, str(ROOT / "examples"))
import make_blog  # noqa: E402

MIGRATION = ROOT / "examples" / "blog-to-wordpress.sql"
ZURICH = zoneinfo.ZoneInfo("Europe/Zurich")
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
class Migration(SpoiledMigration, ServiceTest):
    """What happened from the first plan to the undo."""

    migration = MIGRATION
    kills = 4

    @classmethod
    def start_service(cls):
        wordpress = WordPress()
        cls.addClassCleanup(wordpress.close)
        return wordpress

    @classmethod
    def read_token(cls):
        return cls.service.password

    @classmethod
    def make_source(cls, path):
        make_blog.make(path)
        cls.source = read_source(path)

    @classmethod
    def read_target(cls):
        return read_target(cls.service)

    @classmethod
    def list_secrets(cls):
        return [cls.service.password.partition(":")[2]]

    @classmethod
    def migrate(cls, run):
        cls.migrate_a_little_and_undo()
        super().migrate(run)
        cls.numbers_left = read_numbers(cls.service)

    @classmethod
    def migrate_a_little_and_undo(cls):
        """A part of the blog, unspoiled."""
        make_blog.make(cls.folder / "little.db", articles=4)
        run = lambda *arguments: cls.rowpost(*arguments, "-w", "little.rowpost")
        run("plan", "--from", "little.db", "--migration", MIGRATION)
        cls.little = [run("apply", *cls.target), run("undo", *cls.target, "--yes")]
        cls.left_of_little = cls.read_target()

    def test_faults_of_requests_that_read_were_met(self):
        """Not each one: there are few of these requests."""
        self.assertGreater(len(self.list_struck("GET")), 0)
        self.assertLessEqual(self.list_struck("GET"), set(READING))

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
        left = set(self.numbers_left)
        self.assertLessEqual(left, listed)
        self.assertLessEqual({kind for kind, _ in listed - left}, {"comments"})
        self.assertLess(len(listed), len(self.delivered.posts))


if __name__ == "__main__":
    unittest.main()
