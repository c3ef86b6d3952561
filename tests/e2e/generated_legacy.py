"""Legacy databases made by chance, from a seed: users, rights, releases and states with the dirt
that the site's own data has. The same seed makes the same database."""

import csv
import random

from legacy import Legacy

CATEGORIES = ("Reconstruction", "HLT", "PAGs", "IN", "GEN", "HIN")
SUBCATEGORIES = ("Data", "FullSim", "FastSim", "Gen")
KINDS = ("CSC", "TAU", "TRACKING", "BTAG", "JET", "ECAL", "RPC", "TK", "HGCAL", "SUMMARY", "HIGGS",
         "B2G", "B", "FWD", "EXOTICA", "GEN", "TRACKER", "HEAVYFLAVOR")
STATES = ("OK", "NOT YET DONE", "FAILURE", "CHANGES EXPECTED", "IN PROGRESS", "KNOWN ISSUE",
          "OK TO BE SIGNED-OFF BY THE VALIDATORS", "FAILURE TO BE SIGNED-OFF BY THE VALIDATORS")
COMMENTS = ("Looks fine.", None, "", " ", "Line one\nline two\r\n", "<b>bold</b> &amp; <br/>",
            'A "quoted" word, a \\ and a \t tab', "Größe µ → ∞ 😀", "{\"a\": [1]}", "[]",
            "it's -- not; a comment /* of */ SQL", "\u0001\u001f", "a\u2028b", "x" * 4000)
ADDRESSES = ("{0}@cern.ch", "{0}@cern.ch", "{0}.Person@x.example", "{0}@cern.ch, other@cern.ch",
             "<{0}@cern.ch>", " {0}@cern.ch", "{0} at cern", "", None, "same@cern.ch",
             "{0}+tag@a-b.example.", "ä{0}@cern.ch", "{0}@cern")
# 2023-01-15 is two months before the tests' day of planning.
SECONDS = (951782400, 1673740799, 1673740800, 1673827199, 1673827200, 1678000000)
NO_SECONDS = (0, -1, 20220615, 315532799, 4102444800, None)
MOMENTS = ("2023-01-14 23:59:59", "2023-01-15 00:00:00", "2023-01-16 00:00:00", "2023-03-01",
           "2020-02-29 08:00:00.123456")
NO_MOMENTS = ("yesterday", "2022-13-01 00:00:00", "2022-02-30 10:00:00", "20220615", "", None)
CAMPAIGNS = ("12_5_0_pre2", "12_5_0", "10_6_20 with blanks", "CMSSW", "13_0_0_pre1 ",
             "Ünicode_1", "12_5_0_PRE2", "1/2?3#4")


class GeneratedLegacy:
    """A database of that seed, and the list of administrators that belongs to it."""

    def __init__(self, seed, folder):
        self.chance = random.Random(seed)
        self.path = folder / f"generated-{seed}.db"
        self.admins = folder / f"generated-{seed}.csv"
        self.logins = [f"user{number}" for number in range(10)]
        self.logins += ["ab", "longlogin9", "ünï", "UPPER", "o'brien", "x y"]
        # No name and an empty one are the same to Oracle.
        self.campaigns = (*CAMPAIGNS, self.chance.choice(("", None)))
        self.dates = self.chance.choice(((SECONDS, NO_SECONDS), (MOMENTS, NO_MOMENTS)))
        legacy = Legacy(self.path)
        self.add = legacy.execute
        self.add("BEGIN")
        self.make_people()
        self.make_reports()
        self.add("COMMIT")
        legacy.close()
        self.make_list()

    def pick(self, values, dirt=()):
        """One of the values; one time in eight, dirt."""
        return self.chance.choice(dirt if dirt and self.chance.random() < 0.125 else values)

    def word(self, values):
        """In the site's spelling, or in another, or a word that is none."""
        word = self.chance.choice(values)
        return self.pick((word,), (word.lower(), word.title(), f" {word}", f"{word} ", "", None,
                                   "Nonsense", f"{word}\n", f"\u00a0{word}"))

    def make_people(self):
        for login in self.logins:
            admin, validator = self.pick(((0, 1), (0, 1), (1, 0), (1, 1), (0, 0)),
                                         ((None, 1), (0, None), (2, 0), (0, 2), (None, None)))
            address = self.pick(ADDRESSES)
            self.add("INSERT INTO users VALUES (?, ?, ?, ?)", login,
                     None if address is None else address.format(login), admin, validator)
        for _ in range(self.chance.randrange(5, 30)):
            login = self.pick(self.logins, ("nobody", "", None))
            right = (self.word(CATEGORIES), self.word(SUBCATEGORIES), self.word(KINDS))
            for _ in range(self.pick((1,), (2,))):
                self.add("INSERT INTO user_rights (user_name, category, subcategory, status_kind)"
                         " VALUES (?, ?, ?, ?)", login, *right)

    def make_reports(self):
        for number in range(1, self.chance.randrange(10, 60)):
            if self.pick((True,), (False,)):
                self.add("INSERT INTO releases VALUES (?, ?, ?, ?, 1, ?, ?)", number,
                         self.word(CATEGORIES), self.word(SUBCATEGORIES),
                         self.pick(self.campaigns), self.pick(*self.dates), self.word(KINDS))
            if self.pick((True,), (False,)):
                self.add("INSERT INTO status VALUES (?, ?, ?, 'links', 'Ann Who', NULL, NULL, ?)",
                         number, self.word(STATES), self.pick(COMMENTS),
                         self.pick((None, "", "https://cms.example/relmon?a=1&b=2", " ")))

    def make_list(self):
        with self.admins.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(("user_name", "email", "fullname"))
            for login in self.chance.sample([*self.logins, "stranger"], 9):
                for _ in range(self.pick((1,), (2,))):
                    lines.writerow((login, f"{login}{self.chance.randrange(9)}@cern.ch",
                                    self.pick(('Ann "A." Who, Jr.', "Zoë Ü", "Plain Name", ""))))
