"""The HTML report, opened in a real browser."""

import itertools
import json
import shlex
import unittest

from harness import AS_OF, ROWPOST, wait_until
from legacy import make_clean
from page_test import HOSTILE, REFUSAL, PageTest, make_dirty

COMMAND = shlex.quote(ROWPOST)
ENTRIES = 500
PAGE = 50


class Report(PageTest):
    """A delivery after which a row is rejected, a document refused, one different, one missing."""

    @classmethod
    def prepare(cls):
        migration = cls.migration
        migration.plan(make_dirty)
        migration.standin.add_users({"email": "first@site.example", "role": 2, "groups": []})
        migration.standin.faults(REFUSAL)
        migration.rowpost("apply", *migration.target)
        migration.rowpost("verify", *migration.target)
        migration.change("UPDATE document SET verdict = 'missing' WHERE key = '12_1_0'")
        migration.report()

    def setUp(self):
        super().setUp()
        self.open()
        self.summary = self.migration.rowpost("report", "--format", "json").json

    # What it reports

    def test_the_top_says_in_words_what_is_not_over_and_what_to_do(self):
        self.assertEqual(self.text("h1"), "The delivery has ended, but not everything is as planned")
        concerns = self.all(".concerns li")
        expected = (
            ("1 document was refused by the target.", " apply -w valdb.rowpost --retry-refused --to http"),
            ("1 document is different on the target.", " findings -w valdb.rowpost"),
            ("1 document was delivered and is not on the target any more.", " verify -w valdb.rowpost --to http"),
            ("2 source rows could not be understood", " rejects -w valdb.rowpost"),
        )
        self.assertEqual(len(concerns), len(expected))
        for concern, (words, command) in zip(concerns, expected):
            self.assertTrue(concern.startswith(words), concern)
            self.assertIn(command, concern)

    def test_the_figures_at_the_top_are_those_of_the_summary(self):
        kinds = self.summary["kinds"]
        rows = sum(table["rows"] for table in self.summary["tables"])
        documents = [kind["documents"] for kind in kinds]
        there = sum(states["delivered"] + states["present"] for states in documents)
        planned = sum(states["planned"] for states in documents)
        equal = sum(kind["verified"]["equal"] for kind in kinds)
        rejected = sum(table["rejected"] for table in self.summary["tables"])
        reports = 4
        expected = [rows, planned, reports, there, equal, len(self.summary["attention"]), rejected]
        figures = self.all(".tiles dd")
        self.assertRegex(figures.pop(3), r"^[0-9.]+ (ms|s)$")
        self.assertEqual([int(text) for text in figures], expected)

    def test_the_flow_has_every_count_in_the_picture_and_in_words(self):
        expected = ["rejected", "skipped by a rule", "delivered", "refused", "there, but different"]
        for picture in (".flow.wide", ".flow.narrow"):
            labels = self.all(f"{picture} .label")
            words = self.text("details.words dl")
            for label in labels:
                self.assertIn(label, words)
            for word in expected:
                self.assertTrue(any(label.endswith(word) for label in labels), word)

    def test_a_refused_document_is_there_with_body_answer_and_rows(self):
        ((key, kind, reason),) = self.entries("refused")
        self.assertEqual((key, kind), ("second", "validators"))
        self.assertIn("Refused <script>", reason)
        (details,) = self.details("refused")
        for part in ('"email": "second@site.example"', "POST /api/users/", "400", "rights 3"):
            self.assertIn(part, details)
        self.assertIn(" show -w valdb.rowpost --kind validators second", details)

    def test_a_different_document_is_there_with_the_fields_that_differ(self):
        ((key, kind, reason),) = self.entries("different")
        self.assertEqual((key, kind), ("first", "validators"))
        self.assertIn("different in groups", reason)
        fields = self.all(self.inside("different", ".inner th[scope=row]"))
        self.assertIn("groups", fields)
        self.assertIn("PAGs.FullSim", self.details("different")[0])

    def test_a_missing_document_is_there(self):
        self.assertEqual([entry[0] for entry in self.entries("missing")], ["12_1_0"])

    def test_rejected_rows_are_there_with_the_reason_and_the_row(self):
        rejects = self.migration.rowpost("rejects", "--json").lines
        expected = [[r["row"], r["table"], r["reason"]] for r in rejects]
        found = self.entries("rejected-rows")
        self.assertEqual([[*entry[:2], entry[-1]] for entry in found], expected)
        self.assertIn("<b>12</b>", self.details("rejected-rows")[0])

    def test_a_rejected_row_shows_campaign_group_and_author_of_both_of_its_tables(self):
        topics = {tuple(entry[2:5]) for entry in self.entries("rejected-rows")}
        self.assertEqual(topics, {("<b>12</b>", "HLT.Data.MET", "Given Second")})

    def test_skipped_rows_are_there_by_rule_and_one_by_one(self):
        skips = self.migration.rowpost("skips", "--json").lines
        self.assertGreater(len(skips), 0)
        self.browser.click(self.inside("skipped-rows", "> summary"))
        expected = [[s["row"], s["table"], s["rule"]] for s in skips]
        found = self.entries("skipped-rows")
        self.assertEqual([[*entry[:2], entry[-1]] for entry in found], expected)
        rules = self.text("section:has(> #skipped) > table tbody")
        for rule in {skip["rule"] for skip in skips}:
            self.assertIn(self.summary["meanings"]["skips"][rule], rules)

    def test_corrections_are_there_with_meaning_and_count(self):
        rows = self.browser.run(
            """return Array.from(document.querySelectorAll(
                 "section:has(> #corrections) tbody tr"),
                 row => Array.from(row.cells, cell => cell.textContent))"""
        )
        expected = [
            [kind["kind"], f"{times:,}", f"{self.summary['meanings']['corrections'][name]} {name}"]
            for kind in self.summary["kinds"]
            for name, times in kind["corrections"].items()
        ]
        self.assertEqual(rows, expected)

    def test_answer_times_are_there_for_each_purpose(self):
        requests = self.all(".scroll[aria-labelledby=answer-times] td:nth-child(2)")
        requests = [int(text) for text in requests]
        self.assertEqual(requests, [timing["attempts"] for timing in self.summary["timing"]])

    def test_the_timeline_counts_every_document_that_was_delivered(self):
        delivered = self.all("section:has(> #timeline) .words td:nth-child(2)")
        rows = [entry for entry in self.summary["kinds"]]
        self.assertEqual(
            sum(int(text) for text in delivered),
            sum(kind["documents"]["delivered"] for kind in rows),
        )

    def test_settings_and_version_are_there_and_no_secret(self):
        settings = self.text("section:has(> #settings) table")
        version = self.migration.rowpost("--version").out.strip()
        for part in ("legacy.db", AS_OF, self.migration.standin.url, version):
            self.assertIn(part, settings)
        self.assertNotIn("good-secret", self.migration.path.read_text())

    def test_states_without_a_document_are_folded_away(self):
        heads = self.all(".scroll[aria-label=Documents] thead th")
        self.assertEqual(
            heads,
            ["Kind", "Documents", "Delivered", "Different", "Refused", "Read back equal"]
            + ["Read back different", "Missing"],
        )
        self.assertEqual(
            self.text(".empty p"),
            "Already there: 0, Duplicate: 0, Unclear: 0, Not sent: 0, Not compared: 0",
        )
        self.assertEqual(self.shown(".empty p"), 0)

    def test_a_contents_list_leads_to_every_section(self):
        titles = self.all(".contents a")
        self.assertEqual(titles, self.all("main > section > h2"))
        for title in ("Open points", "Needs attention", "Automatic corrections"):
            self.assertIn(title, titles)
        self.browser.click(".contents li:nth-child(5) a")
        top = "return document.querySelector('#rejected').getBoundingClientRect().top"
        self.assertLess(abs(self.browser.run(top)), 100)

    def test_it_says_that_it_has_personal_data(self):
        self.assertIn("Contains personal data: share with care.", self.all("header .meta"))

    def test_times_are_there_in_the_zone_of_the_reader_as_well(self):
        self.assertNotIn("(", self.all("figcaption time")[0])
        self.browser.set_zone("Asia/Tokyo")
        self.open()
        for text in self.all("figcaption time"):
            self.assertRegex(text, r"^\d{4}-\d\d-\d\d (\d\d):\d\d:\d\d UTC \(.* GMT\+9\)$")
            utc, local = (int(part.split(":")[0][-2:]) for part in text.split(" UTC "))
            self.assertEqual(local, (utc + 9) % 24)

    def test_requests_that_went_wrong_are_counted_as_repaired_or_open(self):
        rows = self.browser.run(
            """return Array.from(document.querySelectorAll(
                 ".scroll[aria-labelledby=faults] tbody tr"),
                 row => Array.from(row.cells, cell => cell.textContent))"""
        )
        self.assertEqual(
            rows,
            [
                ["the target had a record that differs", "2", "0", "2"],
                ["the target refused the document", "1", "0", "1"],
            ],
        )

    # The search over everything

    def find(self, text):
        """What is found: each result with its facts and where it leads."""
        self.browser.type(".finder input", text)
        return self.all(".found li")

    def test_a_document_is_found_by_its_key_with_where_it_is(self):
        (found,) = self.find("12_0_0")
        self.assertTrue(found.startswith("12_0_0 campaigns: on the target, read back equal."))
        self.assertIn(COMMAND + " show -w valdb.rowpost --kind campaigns 12_0_0", found)
        self.assertEqual(self.text(".finder [role=status]"), "1 found")
        self.assertEqual(self.find("nowhere"), [])
        self.assertEqual(self.text(".finder [role=status]"), "Nothing here has that name")

    def test_a_used_row_leads_to_its_document(self):
        found = self.find("1")
        self.assertIn("releases 1, status 1", " ".join(found))

    def test_a_rejected_row_is_found_by_its_campaign_and_its_details_unfold(self):
        found = self.find("<b>12")
        self.assertEqual(len(found), 2)
        self.assertTrue(found[0].startswith("4 row of releases: rejected. Details"))
        self.browser.click(".found li:last-child a")
        opened = self.inside("rejected-rows", "tbody:has(details[open]) > tr:first-child > td")
        wait_until(lambda: self.all(opened), "the link has unfolded the row")
        self.assertEqual(self.all(opened)[0], "status")

    def test_the_details_of_a_document_that_needs_attention_are_a_link_away(self):
        self.assertIn("Details", self.find("second")[0])
        self.browser.press("Tab", "Enter")
        opened = self.inside("refused", "tbody details[open]")
        wait_until(lambda: self.all(opened), "the link has unfolded the document")

    # What it can do

    def test_a_search_leaves_what_has_every_word(self):
        self.browser.type(self.inside("rejected-rows", "input"), "understood not")
        self.assertEqual(len(self.entries("rejected-rows")), 1)
        told = self.inside("rejected-rows", "[role=status]")
        self.assertEqual(self.text(told), "1 of 2 rows")
        self.browser.type(self.inside("rejected-rows", "input"), "understood nowhere")
        self.assertEqual(self.entries("rejected-rows"), [])
        self.assertEqual(self.text(told), "None of these rows has that")

    def test_a_listing_folds_and_unfolds(self):
        self.browser.click(self.inside("refused", "> summary"))
        self.assertEqual(self.entries("refused"), [])
        self.browser.click(self.inside("refused", "> summary"))
        self.assertEqual(len(self.entries("refused")), 1)

    def test_a_listing_counts_its_entries(self):
        self.assertEqual(self.text(self.inside("refused", "[role=status]")), "1 document")
        self.assertEqual(self.text(self.inside("rejected-rows", "[role=status]")), "2 rows")

    def test_all_entries_unfold_at_once(self):
        open_ones = self.inside("refused", "tbody details[open]")
        unfold = self.inside("refused", ".tools button")
        self.assertEqual(self.text(unfold), "Unfold all")
        self.browser.click(unfold)
        self.assertEqual(len(self.all(open_ones)), 1)
        self.assertEqual(self.text(unfold), "Fold all")
        self.browser.click(unfold)
        self.assertEqual(self.all(open_ones), [])

    def test_a_link_to_something_folded_unfolds_it(self):
        self.open("#skipped-rows")
        self.assertGreater(len(self.entries("skipped-rows")), 0)

    # What it must not do

    def test_it_opens_without_a_message_and_asks_no_host_for_anything(self):
        self.assertEqual(self.browser.log("browser"), [])
        self.assertEqual(self.browser.requested(), [self.migration.path.as_uri()])

    def test_markup_in_values_stays_text(self):
        self.assertEqual(self.browser.run("return document.title"), "Migration report: valdb")
        self.assertEqual(len(self.all("script")), 1)
        self.assertEqual(self.all("img, b, iframe, object, embed, link, base, form"), [])
        self.assertIn("<script>document.title='hit'</script>", self.entries("refused")[0][2])

    def test_a_script_that_got_in_would_not_run_nor_fetch(self):
        self.browser.run(
            """const script = document.createElement("script");
               script.textContent = "document.title = 'hit'";
               document.body.append(script);
               const image = document.createElement("img");
               image.src = "http://127.0.0.1:9/x.png";
               document.body.append(image);
               const host = document.createElement("div");
               host.innerHTML = "<a onclick=\\"document.title = 'hit'\\">x</a>";
               document.body.append(host);
               host.firstChild.click();"""
        )
        self.assertEqual(self.browser.run("return document.title"), "Migration report: valdb")
        messages = [entry["message"] for entry in self.browser.log("browser")]
        self.assertGreaterEqual(len(messages), 3)
        for message in messages:
            self.assertIn("Content Security Policy", message)
        self.assertEqual(self.browser.requested(), [self.migration.path.as_uri()])

    # Who can read it

    def test_without_scripts_everything_is_there(self):
        with_scripts = self.entries("rejected-rows")
        self.browser.allow_scripts(False)
        self.open()
        self.assertEqual(self.all(".tools, thead button"), [])
        self.assertEqual(self.entries("rejected-rows"), with_scripts)
        self.browser.click(self.inside("rejected-rows", "tbody summary"))
        self.assertEqual(len(self.all(self.inside("rejected-rows", "tbody details[open]"))), 1)

    def test_ids_are_unique_and_references_lead_somewhere(self):
        script = """return [Array.from(document.querySelectorAll("[id]"), e => e.id),
            Array.from(document.querySelectorAll("[aria-labelledby]"),
                       e => e.getAttribute("aria-labelledby")),
            Array.from(document.querySelectorAll("a[href]"), e => e.getAttribute("href"))]"""
        ids, labels, links = self.browser.run(script)
        self.assertEqual(len(ids), len(set(ids)))
        self.assertLessEqual(set(labels), set(ids))
        self.assertLessEqual({link.removeprefix("#") for link in links}, set(ids))

    def test_headings_are_in_order(self):
        script = """return Array.from(document.querySelectorAll("h1, h2, h3, h4, h5, h6"),
                      heading => Number(heading.tagName[1]))"""
        levels = self.browser.run(script)
        self.assertEqual(levels[0], 1)
        self.assertEqual(levels.count(1), 1)
        for before, level in zip(levels, levels[1:]):
            self.assertLessEqual(level, before + 1, levels)

    def test_tables_have_captions_and_their_heads_a_scope(self):
        self.assertEqual(self.all("table:not(:has(> caption))"), [])
        self.assertEqual(self.all("th:not([scope])"), [])
        self.assertEqual(self.all("tbody > tr:not(.more):not(:has(> th[scope=row]))"), [])

    def test_fields_and_pictures_have_names(self):
        tree = self.browser.command("Accessibility.getFullAXTree")["nodes"]
        roles = ("searchbox", "combobox", "button", "image", "group", "table", "link", "heading")
        named = 0
        for node in tree:
            if node.get("ignored") or node["role"]["value"] not in roles:
                continue
            if node["role"]["value"] == "group" and not node["name"]["value"]:
                continue
            self.assertTrue(node["name"]["value"].strip(), node)
            named += 1
        self.assertGreater(named, 20)

    def test_on_a_phone_tables_are_tables_and_nothing_sticks_out(self):
        self.browser.resize(390, 844)
        width = self.browser.run("return document.documentElement.scrollWidth")
        self.assertLessEqual(width, 390)
        tree = self.browser.command("Accessibility.getFullAXTree")["nodes"]
        roles = [node["role"]["value"] for node in tree if not node.get("ignored")]
        tables = len(self.all("table"))
        folded = len(self.all("details:not([open]) table"))
        self.assertEqual(roles.count("table"), tables - folded)
        self.assertIn("rowheader", roles)
        self.assertIn("columnheader", roles)
        self.assertEqual(self.shown("svg.narrow"), len(self.all("svg.narrow")))
        self.assertEqual(self.shown("svg.wide"), 0)

    def test_on_a_phone_nothing_of_what_is_unfolded_sticks_out(self):
        self.browser.resize(390, 844)
        self.browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        self.assertGreater(self.shown(".more code"), 0)
        width = self.browser.run("return document.documentElement.scrollWidth")
        self.assertLessEqual(width, 390)

    def test_on_a_phone_labels_of_the_flow_are_next_to_their_bands(self):
        self.browser.resize(390, 844)
        boxes = """return Array.from(document.querySelectorAll(arguments[0]),
                     element => element.getBoundingClientRect())
                     .map(box => [box.left, box.right, box.top, box.bottom])"""
        labels = self.browser.run(boxes, ".flow.narrow .label")
        drawn = self.browser.run(boxes, ".flow.narrow .band, .flow.narrow .bar")
        swatch = 12
        shapes = [box for box in drawn if box[1] - box[0] > swatch or box[3] - box[2] > swatch]
        self.assertGreater(len(labels), 4)
        self.assertGreater(len(shapes), 4)
        for label in labels:
            self.assertLessEqual(label[1], 390)
            for shape in shapes:
                is_beside = label[0] >= shape[1] or label[1] <= shape[0]
                is_above = label[3] <= shape[2] or label[2] >= shape[3]
                self.assertTrue(is_beside or is_above, (label, shape))

    def test_on_a_phone_a_table_says_that_there_is_more_of_it_at_the_side(self):
        cue = ".cue:has(+ .scroll[aria-label=Documents])"
        self.assertEqual(self.all(cue), [])
        self.browser.resize(390, 844)
        self.open()
        self.assertEqual(self.all(cue), ["This table goes on to the right \u2192"])

    def test_the_flow_breaks_between_rows_and_documents(self):
        for picture in (".flow.wide", ".flow.narrow"):
            self.assertGreater(len(self.all(f"{picture} .break")), 4)
            self.assertEqual(len(self.all(f"{picture} .unit")), 2)
        self.assertIn("At the break the scale changes", self.text("section:has(> #summary) figcaption"))

    def test_everything_can_be_done_from_the_keyboard(self):
        focused = "const e = document.activeElement; return e.textContent + '|' + e.tagName"
        seen = []
        for _ in range(90):
            self.browser.press("Tab")
            seen.append(self.browser.run(focused))
            if seen[-1] == "Document|BUTTON":
                break
        self.assertIn("To the content|A", seen)
        self.assertIn("Unfold all|BUTTON", seen)
        self.assertEqual(seen[-1], "Document|BUTTON")
        style = "return getComputedStyle(document.activeElement).outlineStyle"
        self.assertEqual(self.browser.run(style), "solid")
        self.browser.press("Enter")
        head = "return document.activeElement.parentNode.getAttribute('aria-sort')"
        self.assertEqual(self.browser.run(head), "ascending")
        self.browser.press("Space")
        self.assertEqual(self.browser.run(head), "descending")

    def test_on_paper_there_are_no_controls(self):
        self.browser.emulate(media="print")
        self.assertEqual(self.shown("input, select, .tools button, .skip"), 0)
        self.assertGreater(self.shown("svg.wide"), 0)
        self.assertEqual(self.shown("section:has(> #find)"), 0)
        self.assertTrue(self.browser.paper().startswith(b"%PDF-"))


    def test_on_paper_rejected_rows_are_unfolded(self):
        content = self.inside("rejected-rows", ".more pre")
        self.assertEqual(self.shown(content), 0)
        self.browser.emulate(media="print")
        self.assertEqual(self.shown(content), 2)


# The contrast of every text that can be seen with its background, by WCAG 2.2, 1.4.3. Behind a
# text in a picture lies the page, or a band of any tone on it.
CONTRAST = """
const parse = colour => {
  const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
  return [r, g, b, a];
};
const over = (front, back) => front.slice(0, 3)
  .map((value, i) => value * front[3] + back[i] * (1 - front[3])).concat(1);
const luminance = colour => {
  const [r, g, b] = colour.map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a, b) => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};
const backgroundOf = element => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    layers.push(colour);
    if (colour[3] === 1) break;
  }
  return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255, 1]);
};
const bands = Array.from(document.querySelectorAll(".band"), band => {
  const style = getComputedStyle(band);
  const colour = parse(style.fill);
  colour[3] = Number(style.fillOpacity);
  return over(colour, backgroundOf(band));
});
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || element.closest("script") || !element.checkVisibility()) {
    continue;
  }
  const style = getComputedStyle(element);
  const isDrawn = element.closest("svg") !== null;
  const colour = parse(isDrawn ? style.fill : style.color);
  const backs = [backgroundOf(element), ...(isDrawn ? bands : [])];
  const worst = Math.min(...backs.map(back => ratio(over(colour, back), back)));
  found.push([worst, walker.currentNode.data.trim().slice(0, 40), element.className.toString()]);
}
return found;
"""


class Contrast(PageTest):
    @classmethod
    def prepare(cls):
        cls.migration.plan(make_dirty)
        cls.migration.standin.faults(REFUSAL)
        cls.migration.rowpost("apply", *cls.migration.target)
        cls.migration.rowpost("verify", *cls.migration.target)

    def assertContrast(self, scheme, media=""):
        self.browser.emulate(scheme, media)
        self.open()
        self.browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = self.browser.run(CONTRAST)
        self.assertGreater(len(found), 200)
        self.assertEqual([text for text in found if text[0] < 4.5], [])

    # Each of the three colours that the top can have.
    STATES = {"bad": (), "wait": ("UPDATE document SET state = 'pending'",)}
    GOOD = (
        "UPDATE document SET state = 'delivered', verdict = 'equal'",
        "UPDATE source_row SET outcome = 'used' WHERE outcome = 'rejected'",
        "UPDATE source_table SET used = used + rejected, rejected = 0",
    )

    def test_all_text_is_legible_in_light_and_dark_and_on_paper(self):
        for tone, statements in (*self.STATES.items(), ("good", self.GOOD)):
            self.migration.change(*statements)
            self.assertIn(f'<header class="top {tone}">', self.migration.report())
            for scheme, media in itertools.product(("light", "dark"), ("", "print")):
                with self.subTest(tone=tone, scheme=scheme, media=media):
                    self.assertContrast(scheme, media)


def fill_rejected(migration, count):
    """So many rejected rows, and the sums that go with them."""
    migration.change(
        "DELETE FROM source_row WHERE outcome = 'rejected'",
        f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO source_row (source_table, row, outcome, because, content)
            SELECT 0, i, 'rejected', 'reason-' || (i % 7),
            '{{"number":' || (i * 7919 % 1000) || '}}' FROM n""",
        f"UPDATE source_table SET rejected = {count}, rows = used + skipped + {count} WHERE id = 0",
        "UPDATE source_table SET rejected = 0, rows = used + skipped WHERE id <> 0",
    )


class LongListing(PageTest):
    """More rejected rows than a listing shows."""

    ROWS = 612

    @classmethod
    def prepare(cls):
        cls.migration.plan()
        fill_rejected(cls.migration, cls.ROWS)
        cls.migration.report()

    def setUp(self):
        super().setUp()
        self.open()

    def names(self):
        return [entry[0] for entry in self.entries("rejected-rows")]

    def told(self):
        return self.text(self.inside("rejected-rows", "[role=status]"))

    def click(self, text):
        script = """Array.from(document.querySelectorAll(arguments[0]))
                      .find(button => button.textContent === arguments[1]).click()"""
        self.browser.run(script, self.inside("rejected-rows", "button"), text)

    def test_it_says_what_is_left_out_and_where_it_is(self):
        cut = self.text(self.inside("rejected-rows", "> .cut"))
        self.assertEqual(
            cut, "The first 500 of 612 rows are shown here. All of them: "
                 f"{COMMAND} rejects -w valdb.rowpost"
        )
        self.assertEqual(self.text("#rejected-rows .count"), "612")

    def test_it_is_turned_page_by_page(self):
        first = self.names()
        self.assertEqual(len(first), PAGE)
        self.assertEqual(self.told(), "1 to 50 of 500 rows")
        self.click("Next")
        self.assertEqual(self.told(), "51 to 100 of 500 rows")
        self.assertEqual(set(self.names()) & set(first), set())
        self.click("Previous")
        self.click("Previous")
        self.assertEqual(self.names(), first)

    def test_numbers_are_sorted_as_numbers_over_all_pages(self):
        self.click("Row")
        numbers = [int(name.split()[-1]) for name in self.names()]
        self.assertEqual(numbers, list(range(1, PAGE + 1)))
        self.click("Row")
        numbers = [int(name.split()[-1]) for name in self.names()]
        self.assertEqual(numbers, list(range(ENTRIES, ENTRIES - PAGE, -1)))

    def test_sorting_keeps_what_is_folded_with_its_entry(self):
        before = dict(zip(self.allNames(), self.details("rejected-rows")))
        self.click("Reason")
        self.assertEqual(dict(zip(self.allNames(), self.details("rejected-rows"))), before)

    def allNames(self):
        return self.all(self.inside("rejected-rows", ".listing > tbody > tr:first-child > th"))

    def test_a_search_looks_at_all_pages(self):
        self.browser.type(self.inside("rejected-rows", "input"), "reason-3")
        self.assertEqual({entry[-1] for entry in self.entries("rejected-rows")}, {"reason-3"})
        number = len([i for i in range(1, ENTRIES + 1) if i % 7 == 3])
        self.assertEqual(self.told(), f"1 to {PAGE} of {number} of 500 rows")

    def test_without_scripts_and_on_paper_all_pages_are_there(self):
        self.browser.emulate(media="print")
        self.assertEqual(len(self.names()), ENTRIES)
        self.browser.emulate()
        self.browser.allow_scripts(False)
        self.open()
        self.assertEqual(len(self.names()), ENTRIES)


class Headline(PageTest):
    """The first words, for whatever the workspace holds."""

    def setUp(self):
        super().setUp()
        self.migration.forget()
        self.migration.standin.reset()
        self.migration.plan()

    def headline(self, *statements):
        self.migration.change(*statements)
        self.migration.report()
        self.open()
        self.assertEqual(self.browser.log("browser"), [])
        return self.text("h1")

    def test_before_there_is_a_plan(self):
        tables = ("kind", "source_table", "document", "body", "source_row", "setting")
        headline = self.headline(*(f"DELETE FROM {table}" for table in tables))
        self.assertEqual(headline, "There is no plan yet")

    def test_planned(self):
        headline = self.headline()
        self.assertEqual(headline, "Planned, and nothing has been delivered yet")
        self.assertEqual(self.text("section:has(> #timeline) p"), "Nothing has been sent yet.")

    def test_half_way(self):
        headline = self.headline("UPDATE document SET state = 'delivered' WHERE id = 1")
        self.assertEqual(headline, "The delivery is not complete yet")

    def test_unclear(self):
        headline = self.headline(
            "UPDATE document SET state = 'delivered', verdict = 'equal'",
            "UPDATE document SET state = 'unknown', verdict = NULL WHERE id = 1",
        )
        self.assertEqual(headline, "The delivery is not complete yet")
        self.assertEqual(len(self.entries("unclear")), 1)

    def test_delivered_and_not_read_back(self):
        headline = self.headline("UPDATE document SET state = 'delivered'")
        self.assertEqual(headline, "Everything is delivered, but not yet checked")

    def test_rows_were_left(self):
        fill_rejected(self.migration, 3)
        headline = self.headline("UPDATE document SET state = 'present', verdict = 'equal'")
        self.assertEqual(
            headline,
            "Everything planned is delivered. 3 rows were left out; please decide about them",
        )

    def test_rows_before_a_delivery_can_be_fixed_in_the_source(self):
        fill_rejected(self.migration, 3)
        self.headline()
        (advice,) = [text for text in self.all(".concerns li") if "could not be" in text]
        self.assertIn("can be fixed in the source before you plan again", advice)
        self.assertNotIn("not sent again", advice)

    def test_after_a_delivery_the_advice_is_what_still_works_for_each_kind(self):
        fill_rejected(self.migration, 3)
        self.headline("UPDATE document SET state = 'delivered'")
        (advice,) = [text for text in self.all(".concerns li") if "could not be" in text]
        self.assertIn(f"validators: plan again, then {COMMAND} apply -w valdb.rowpost --update", advice)
        self.assertIn("campaigns: change them on the target by hand", advice)

    def test_changed_and_stranded(self):
        self.headline(
            "UPDATE document SET state = 'delivered', verdict = 'equal'",
            "UPDATE document SET change = 'changed' WHERE id = 1",
            "UPDATE body SET changed_body = '{\"role\":3}' WHERE document = 1",
            "UPDATE document SET change = 'gone' WHERE id = 2",
        )
        self.assertEqual((len(self.entries("changed")), len(self.entries("stranded"))), (1, 1))
        self.assertIn('"role": 3', self.details("changed")[0])

    def test_a_document_in_every_state_makes_every_column_of_the_figures(self):
        states = ("delivered", "present", "different", "duplicate", "refused", "unknown", "pending")
        verdicts = ("'equal'", "'not compared'", "'different'", "'missing'")
        found = [("delivered", verdict) for verdict in verdicts]
        found += [(state, "NULL") for state in states]
        self.headline(
            "DELETE FROM document",
            *(f"INSERT INTO document (kind, key, state, verdict) VALUES (0, 'n{i}', '{state}',"
              f" {verdict})" for i, (state, verdict) in enumerate(found)),
        )
        heads = self.all(".scroll[aria-label=Documents] thead th")
        self.assertEqual(
            heads,
            ["Kind", "Documents", "Delivered", "Already there", "Different", "Duplicate", "Refused"]
            + ["Unclear", "Not sent", "Read back equal", "Not compared", "Read back different"]
            + ["Missing"],
        )
        self.assertEqual(len(self.all(".scroll[aria-label=Documents] tfoot :is(th, td)")), len(heads))

    def test_what_is_not_compared_has_the_colour_of_what_is_not_complete_and_room_for_its_count(self):
        headline = self.headline(
            "DELETE FROM document",
            """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12345)
               INSERT INTO document (kind, key, state, verdict)
               SELECT 0, 'n' || i, 'delivered', 'not compared' FROM n""",
        )
        self.assertEqual(headline, "Everything is delivered, but not everything can be compared")
        self.assertEqual(self.all(".flow.wide .label")[-1], "12,345 not compared")
        ends = self.browser.run(
            """const picture = document.querySelector(".flow.wide");
               const labels = picture.querySelectorAll(".label");
               return [labels[labels.length - 1], picture]
                 .map(element => element.getBoundingClientRect().right)"""
        )
        self.assertEqual(ends, sorted(ends))
        self.assertEqual(len(self.all(".flow.wide .bar.wait")), 1)

    def test_over(self):
        target = self.migration.target
        result = self.migration.rowpost("run", "--from", "legacy.db", "--as-of", AS_OF, *target)
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(self.headline(), "Everything is delivered and checked")
        self.assertEqual(self.all(".listing tbody"), [])
        self.assertIn("nothing left to do", self.text("section:has(> #todo)"))


# Every text of a workspace that comes from outside.
TEXTS = {
    "setting": ("value",),
    "kind": ("name",),
    "source_table": ("name",),
    "source_row": ("row", "because", "content"),
    "document": ("key", "origin", "target_id"),
    "body": ("body", "changed_body"),
    "correction": ("id",),
    "warning": ("key", "text"),
    "lookup": ("name", "found"),
    "attempt": ("started", "purpose", "method", "path", "outcome", "excerpt"),
    "finding": ("during", "field", "planned_value", "found_value"),
}

# A program that does not have the migration reports nothing.
KEPT = {"setting": "name <> 'migration'", "correction": "true"}


class Hostile(PageTest):
    """Markup in every text of the workspace, and what no text should hold."""

    def fill(self, text):
        quoted = text.replace("'", "''")
        statements = [
            f"UPDATE {table} SET {column} = '{quoted}' || rowid"
            if table not in ("setting", "correction")
            else f"UPDATE OR REPLACE {table} SET {column} = '{quoted}' WHERE {KEPT[table]}"
            for table, columns in TEXTS.items()
            for column in columns
        ]
        self.migration.forget()
        self.migration.plan(make_dirty)
        self.migration.standin.faults(REFUSAL)
        self.migration.rowpost("apply", *self.migration.target)
        self.migration.change(
            "INSERT INTO warning VALUES (0, '', '')",
            "INSERT INTO lookup VALUES (0, '', 'nobody', 1, '')",
        )
        states = ("refused", "different", "unknown", "delivered", "delivered", "present")
        for number, state in enumerate(states, 1):
            self.migration.change(f"UPDATE document SET state = '{state}' WHERE id = {number}")
        self.migration.change("UPDATE document SET verdict = 'missing' WHERE id = 4", *statements)
        self.migration.report()
        self.open()

    def assertHarmless(self):
        self.assertEqual(self.browser.run("return document.title"), "Migration report: valdb")
        self.assertEqual(self.all("img, b, iframe, object, embed, link, base, form"), [])
        self.assertEqual(len(self.all("script")), 1)
        script = """return Array.from(document.querySelectorAll("*"),
                      e => Array.from(e.attributes, a => a.name)).flat()
                      .filter(name => name.startsWith("on") || name === "src")"""
        self.assertEqual(self.browser.run(script), [])
        self.assertEqual(self.browser.log("browser"), [])
        self.assertEqual(self.browser.requested(), [self.migration.path.as_uri()])

    def test_markup_everywhere_stays_text(self):
        self.fill(HOSTILE)
        self.assertHarmless()
        self.assertIn("<script>", self.entries("refused")[0][0])

    def test_what_ends_a_quoted_attribute_or_a_comment_stays_text(self):
        self.fill("\" autofocus onfocus=\"document.title='hit'\" x=\"--></style></svg></title>")
        self.assertHarmless()

    def test_templates_are_filled_once(self):
        self.fill("{} {{}} %s %n")
        self.assertHarmless()
        self.assertTrue(self.entries("refused")[0][0].startswith("{} {{}} %s %n"))


class Large(PageTest):
    """A workspace of 100,000 documents, nearly all of which need attention."""

    DOCUMENTS = 100_000

    @classmethod
    def prepare(cls):
        cls.migration.plan()
        planned = sum(kind["documents"]["planned"] for kind in cls.migration.summary()["kinds"])
        count = cls.DOCUMENTS - planned
        numbers = (
            "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL"
            f" SELECT i + 1 FROM n WHERE i < {count + 999})"
        )
        body = json.dumps({"name": "x" * 40, "reports": [{"content": "y" * 200}] * 4})
        cls.migration.change(
            f"{numbers} INSERT INTO document (id, kind, key, state, plan)"
            " SELECT i, 3, 'campaign_' || i, CASE i % 3 WHEN 0 THEN 'refused'"
            " WHEN 1 THEN 'different' ELSE 'unknown' END, 1 FROM n",
            f"{numbers} INSERT INTO body (document, body) SELECT i, '{body}' FROM n",
            f"{numbers} INSERT INTO attempt (document, purpose, started, duration_us, method, path,"
            " status, outcome, excerpt) SELECT i, 'post', strftime('%Y-%m-%dT%H:%M:%fZ',"
            " 1700000000 + i / 100.0, 'unixepoch'), 1000 + i % 500, 'POST', '/api/', 400,"
            " 'refused', '400: no' FROM n",
            f"{numbers} INSERT INTO source_row (source_table, row, outcome, document) SELECT 0, i, 'used', i"
            " FROM n",
        )
        fill_rejected(cls.migration, cls.DOCUMENTS)
        cls.migration.report()

    def test_it_opens_and_is_whole(self):
        self.assertLess(self.migration.path.stat().st_size, 16 << 20)
        self.open()
        self.assertEqual(self.text("footer p").split(" (")[0], "Written by rowpost 0.1.0")
        for listing in ("refused", "different", "unclear", "rejected-rows"):
            self.assertEqual(len(self.entries(listing)), PAGE, listing)
            self.assertEqual(len(self.details(listing)), ENTRIES, listing)
            self.assertIn("The first 500 of", self.text(self.inside(listing, "> .cut")))
        self.assertEqual(self.browser.log("browser"), [])

    def test_every_document_is_found_by_its_key(self):
        self.open()
        self.browser.type(".finder input", "campaign_50999")
        (found,) = self.all(".found li")
        self.assertIn(" show -w valdb.rowpost --kind campaigns campaign_50999", found)
        self.browser.type(".finder input", "campaign_1002")
        found = self.all(".found li")
        self.assertTrue(found[0].startswith("campaign_1002 campaigns: refused by the target. Details"))
        self.assertTrue(found[1].startswith("campaign_10020 "))
        self.browser.type(".finder input", "campaign")
        self.assertEqual(len(self.all(".found li")), PAGE)
        self.browser.click(".finder > button")
        self.assertEqual(len(self.all(".found li")), 2 * PAGE)

    def test_of_one_document_more_it_says_which_command_answers(self):
        self.migration.change(
            "INSERT INTO document (id, kind, key, state, plan) VALUES (500000, 3, 'one', 'refused', 1)",
            "INSERT INTO body (document, body) VALUES (500000, '{}')",
        )
        path = self.migration.folder / "more.html"
        self.assertEqual(self.migration.rowpost("report", "-o", path).status, 0)
        self.open(path=path)
        self.assertEqual(
            self.all("section:has(> #find) .cut"),
            ["This page does not search the 100,001 documents: it searches 100,000 at most. "
             f"This command answers: {COMMAND} complete -w valdb.rowpost key"],
        )
        self.browser.type(".finder input", "one")
        self.assertEqual(self.all(".found li"), [])


if __name__ == "__main__":
    unittest.main()
