"""make_blog.py FILE [ARTICLES]: a small blog in a SQLite file, with the faults that old blogs have.

It is the source of examples/blog-to-wordpress.sql. The same arguments make the same file."""

import pathlib
import random
import sqlite3
import sys

TABLES = """
CREATE TABLE writer(id INTEGER PRIMARY KEY, login TEXT, mail TEXT, name TEXT, about TEXT,
                    password_md5 TEXT, level TEXT, joined TEXT);
CREATE TABLE category(id INTEGER PRIMARY KEY, name TEXT, parent INTEGER);
CREATE TABLE article(id INTEGER PRIMARY KEY, writer INTEGER, title TEXT, html TEXT, state TEXT,
                     written TEXT, edited TEXT, clicks INTEGER);
CREATE TABLE article_category(article INTEGER, category INTEGER);
CREATE TABLE comment(id INTEGER PRIMARY KEY, article INTEGER, answers INTEGER, name TEXT, mail TEXT,
                     text TEXT, written TEXT, ip TEXT, verdict TEXT);
"""

WRITERS = [  # id, login, mail, name, about, level
    (1, "ann", "Ann@Blog.example", " Ann   Arbor ", "Writes.\r\nOften & <b>long</b>.", "editor"),
    (2, "Björn", "bjoern@blog.example", "Bj&ouml;rn Ö &amp; Sons", "", "writer"),
    (3, "cy d", "<cy+blog@blog.example>", 'Cy "the" D <3', None, "Writer"),
    (4, "ann2", "ann@blog.example", "Ann Arbor", "The same person again", "writer"),
    (5, "eve", "eve at blog", "Eve", None, "writer"),  # no address
    (6, "bjorn", "other.bjorn@blog.example", "", "A login that is taken", "reader"),
    (7, "gus", "gus@blog.example", "Gus", None, "king"),  # no such level
    (8, "字", "zi@blog.example", "字", "字", "reader"),
]

CATEGORIES = [  # id, name, parent
    (1, "News", None),
    (2, "Cats & Dogs", None),
    (3, "Cats", 2),
    (4, "Dogs", 2),
    (5, 'Big "dogs" O\'Neil', 4),
    (6, "news ", None),  # a twin of News
    (7, "Lost", 99),  # an orphan
    (8, "", None),
    (9, "Dogs", 1),  # the same name, another place
    (10, "Dogs", 6),  # its twin, by the twin of its parent
    (11, "Ring", 12),
    (12, "Ring", 11),
    (13, "Äpfel &amp; Öl", None),
    (14, "2012", 13),
]

# What an article has instead of the ordinary, by its id.
ODD_ARTICLES = {
    3: {"title": "2012"},  # would be an archive's address
    4: {"title": "Twice"},
    6: {"title": "  "},
    7: {"title": "Only a title", "html": ""},
    8: {"title": "Twice", "html": None},
    9: {"title": "feed"},
    10: {"writer": 77},
    11: {"writer": 5},
    12: {"state": "lost"},
    13: {"written": "31.02.2012 10:15"},
    14: {"written": "2102-03-04 05:06:07"},
    15: {"title": "", "html": " "},
    16: {"writer": 4},
    17: {"title": "x" * 300},
    18: {"written": "2012-10-28 02:30:00"},  # twice on the clocks
    19: {"title": '<i>Markup</i> & "quotes" \\ in a title '},
    20: {"html": "Text\x0bwith\ttabs, \u00a0 blanks,\r\nCRLF\r and 😀 \\n C:\\new -- 'x' \n"},
}


def make_article(number, chance):
    day, month, hour = number % 28 + 1, number % 12 + 1, number % 24
    written = (f"{day:02}.{month:02}.2012 {hour:02}:15" if number % 3
               else f"2013-{month:02}-{day:02} {hour:02}:15:59")
    article = {
        "id": number,
        "writer": chance.choice((1, 1, 2, 3, 6)),
        "title": f'Article {number}: it\'s "so" & so',
        "html": f"<p>Paragraph {number} &amp; more</p>\r\n<pre>  x  </pre> \n",
        "state": ("public", "Public", "draft", "hidden", "public")[number % 5],
        "written": written,
        "edited": "2014-01-01 00:00:00",
        "clicks": number * 7,
    }
    return {**article, **ODD_ARTICLES.get(number, {})}


def file_article(number, chance):
    """Its categories; some of them twice, some that are not there."""
    chosen = chance.sample(range(1, 15), k=number % 4)
    return [(number, category) for category in chosen + chosen[:number % 2]]


def make_comments(article, first, chance):
    """A thread: answers to earlier ones, of guests and of writers."""
    for place in range(article % 5):
        number = first + place
        name, mail = chance.choice((
            ("Guest One", "one@mail.example"), ("Gäst <b>Zwei</b> & Co", "ZWEI@mail.example"),
            ("", None), ("Ann", "ann@blog.example"), ("No Address", "nothing"),
            (None, " three@mail.example ")))
        yield (
            number, article, chance.choice((None, *range(first, number))), name, mail,
            chance.choice((f"Remark {number}\r\non two lines", f" <b>Remark</b> {number} & so ",
                           f'It\'s "{number}" \\ 😀 <script>alert({number})</script>')),
            f"2014-{article % 12 + 1:02}-{number % 28 + 1:02} {number % 24:02}:{number % 60:02}:07",
            "10.0.0.9", chance.choice(("ok", "ok", "OK", "wait", "spam")))


def make_odd_comments(first):
    guest = ("Guest", "guest@mail.example")
    odd = [
        (1, None, *guest, "Same words", "2014-02-01 10:00:00", "ok"),
        (1, None, *guest, "same WORDS", "2014-02-01 11:00:00", "ok"),  # its twin
        (1, first + 1, *guest, "An answer to the twin", "2014-02-01 12:00:00", "ok"),
        (1, None, "Other", "other@mail.example", "Same words", "2014-02-01 10:00:00", "ok"),
        (1, 4711, *guest, "It answers nothing", "2014-02-01 13:00:00", "ok"),
        (1, first + 6, *guest, "It answers a later one", "2014-02-01 14:00:00", "ok"),
        (1, None, *guest, "At the same time", "2014-02-01 15:00:00", "ok"),
        (1, None, *guest, "At the same time, another", "2014-02-01 15:00:00", "ok"),
        (999, None, *guest, "An orphan", "2014-02-01 16:00:00", "ok"),
        (1, None, *guest, " \r\n ", "2014-02-01 17:00:00", "ok"),
        (1, None, *guest, "No time", "2014-02-30 18:00:00", "ok"),
        (1, None, *guest, "A verdict that nobody knows", "2014-02-01 19:00:00", "maybe"),
        (2, None, *guest, "Of a draft", "2014-02-01 20:00:00", "ok"),
        (12, None, *guest, "Of an article that is left behind", "2014-02-01 21:00:00", "ok"),
        (1, None, *guest, "Spam", "2014-02-01 22:00:00", "spam"),
    ]
    for place, (article, answers, name, mail, text, written, verdict) in enumerate(odd):
        yield first + place, article, answers, name, mail, text, written, "10.0.0.9", verdict


def make(path, articles=30):
    chance = random.Random(9)
    pathlib.Path(path).unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(TABLES)
    database.executemany("INSERT INTO writer VALUES(?, ?, ?, ?, ?, 'old', ?, '2010-01-01')", WRITERS)
    database.executemany("INSERT INTO category VALUES(?, ?, ?)", CATEGORIES)
    comments = []
    for number in range(1, articles + 1):
        database.execute("INSERT INTO article VALUES(:id, :writer, :title, :html, :state, :written,"
                         " :edited, :clicks)", make_article(number, chance))
        database.executemany("INSERT INTO article_category VALUES(?, ?)",
                             file_article(number, chance))
        comments += make_comments(number, len(comments) + 1, chance)
    comments += make_odd_comments(len(comments) + 1)
    database.executemany("INSERT INTO comment VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", comments)
    database.execute("INSERT INTO article_category VALUES(999, 1)")
    database.commit()
    database.close()


if __name__ == "__main__":
    make(sys.argv[1], *map(int, sys.argv[2:3]))
