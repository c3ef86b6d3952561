"""The words that the pages, the help and the comments do not use: each has a plainer one."""

import re
import unittest

from built import ROOT, ROWPOST, call, list_verbs

# The word, as a pattern between word boundaries, and what to use instead.
WORDS = {
    r"account(s|ed)?": "summary or reconciliation; of a person: user",
    r"fates?": "outcome",
    r"mend(s|ed|ing)?": "fix",
    r"alone": "only",
    r"tells?|told|telling": "show, report",
    r"says?|said|saying": "show, report, state",
    r"stands?(?!-)|stood": "is",
    r"(is|are|was|were|be|been) had": "is obtained",
    r"at work": "running, in use",
    r"rests": "is waiting",
    r"(that|those) which": "two sentences",
    r"whoever|whomever|whatsoever": "anybody who, the person that",
    r"whence|whither|thereof|wherein|whereof|lest|hence": "so, from there",
    r"anew": "again",
    r"(becomes?|became|comes?) of": "the outcome of, happens to",
    r"for so long": "for this long",
    r"go(es)? on": "continue",
    r"(pass|passes|passed) over": "leave out, ignore",
    r"behind each other": "in a row",
    r"(by|for) (the )?eye": "look at",
    r"nobody's": "belongs to nobody",
    r"is no (verb|terminal|error|user|group|report|workspace|part)": "is not a",
    r"lies? (in|beside|behind)": "is",
    r"holds? still": "does not change",
    r"beside": "next to, with",
    r"alike": "both, equally",
    r"odd": "unusual",
}

# The folders of src whose comments use none of them.
COMMENT_FOLDERS = ("base", "cli", "delivery", "http", "manual", "metrics", "migration", "oracle",
                   "people", "report", "source", "staging", "valdb", "workspace")

PATTERNS = {re.compile(rf"\b(?:{word})\b", re.IGNORECASE): instead for word, instead in WORDS.items()}
# A string is matched so that nothing inside one begins a comment.
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")),
         *sorted((ROOT / "docs").rglob("*.scd")), *sorted((ROOT / "docs").rglob("*.svg"))]


def list_comments(code):
    """The comments of a C file, without the asterisks at the start of their lines."""
    for found in COMMENT.finditer(code):
        if found.group(0).startswith("/"):
            yield re.sub(r"\n\s*\*", "\n", found.group(0))


def find_words(text):
    """(the word with what is around it, what to use instead) of each that is not used."""
    text = " ".join(text.split())
    for pattern, instead in PATTERNS.items():
        for found in pattern.finditer(text):
            around = text[max(0, found.start() - 40):found.end() + 40]
            yield found.group(0), around, instead


class Words(unittest.TestCase):
    def assertPlain(self, name, text):
        for word, around, instead in find_words(text):
            self.fail(f"{name} has \"{word}\" in \"...{around}...\"; use: {instead}")

    def test_the_pages_use_none_of_them(self):
        for page in PAGES:
            with self.subTest(page=str(page.relative_to(ROOT))):
                self.assertPlain(page.name, page.read_text())

    def test_what_is_not_released_yet_is_described_without_them(self):
        changes = (ROOT / "CHANGELOG.md").read_text()
        unreleased = changes.split("\n## [Unreleased]\n")[1].split("\n## [")[0]
        self.assertPlain("CHANGELOG.md", unreleased)

    def test_the_help_of_the_program_uses_none_of_them(self):
        self.assertPlain("rowpost --help", call(ROWPOST, "--help"))

    def test_the_help_of_each_verb_uses_none_of_them(self):
        for verb in list_verbs():
            with self.subTest(verb=verb):
                self.assertPlain(f"rowpost {verb} --help", call(ROWPOST, verb, "--help"))

    def test_the_comments_of_the_sources_use_none_of_them(self):
        for folder in COMMENT_FOLDERS:
            for path in sorted((ROOT / "src" / folder).rglob("*.[ch]")):
                with self.subTest(path=str(path.relative_to(ROOT))):
                    comments = " ".join(list_comments(path.read_text()))
                    self.assertPlain(path.name, comments)

    def test_a_word_is_found_in_a_comment_and_not_in_a_string(self):
        code = 'put("told"); /* It is at\n * work. */\nend("// anew"); // anew'
        found = [word for word, _, _ in find_words(" ".join(list_comments(code)))]
        self.assertEqual(sorted(found), ["anew", "at work"])

    def test_a_word_is_found_across_the_end_of_a_line(self):
        found = [word for word, _, _ in find_words("It is\n    at\nwork, and ends at worktime.")]
        self.assertEqual(found, ["at work"])


if __name__ == "__main__":
    unittest.main()
