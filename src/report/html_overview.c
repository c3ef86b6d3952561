#include "report/html_sections_private.h"

#include "base/date.h"
#include "report/html_time_private.h"

/* What the whole amounts to; the first that applies. */
enum headline {
    HEADLINE_UNPLANNED, /* there is no plan */
    HEADLINE_UNSENT,    /* nothing was sent yet */
    HEADLINE_OPEN,      /* documents are pending or unclear */
    HEADLINE_BAD,       /* refused, different or missing documents */
    HEADLINE_UNREAD,    /* all delivered, not all read back */
    HEADLINE_LEFT,      /* all there; rows were rejected, or the plan has changed since */
    HEADLINE_OVER,
    HEADLINE_COUNT
};

/* What is not done: how often, in words, what to do, and where the page has more. */
enum concern {
    CONCERN_PENDING,
    CONCERN_HANDED_OUT,
    CONCERN_UNCLEAR,
    CONCERN_WAITING,
    CONCERN_REFUSED,
    CONCERN_DIFFERENT,
    CONCERN_DUPLICATE,
    CONCERN_MISSING,
    CONCERN_STRANGER,
    CONCERN_UNREAD,
    CONCERN_REJECTED,
    CONCERN_CHANGED,
    CONCERN_STRANDED,
    CONCERN_COUNT
};

static const struct {
    const char *one, *many; /* after the number */
    const char *advice, *command;
    const char *anchor; /* NULL where there is no more */
} concerns[CONCERN_COUNT] = {
    [CONCERN_PENDING] = {"document has not been sent yet", "documents have not been sent yet",
                         "Run the delivery again; it continues where it stopped.", "rowpost apply",
                         NULL},
    [CONCERN_HANDED_OUT] = {"document is handed out to another workspace",
                            "documents are handed out to other workspaces",
                            "Deliver these parts, and merge them.", "rowpost merge", NULL},
    [CONCERN_UNCLEAR] = {"document may or may not have arrived",
                         "documents may or may not have arrived",
                         "Run the delivery again; it asks the target for them before it sends "
                         "anything.",
                         "rowpost apply", "#unclear"},
    [CONCERN_WAITING] = {"document refers to a record that the target does not have",
                         "documents refer to records that the target does not have",
                         "See what happened to those records; the next delivery tries these again.",
                         "rowpost apply", "#waiting"},
    [CONCERN_REFUSED] = {"document was refused by the target",
                         "documents were refused by the target",
                         "Read the target's answers, fix the cause in the source or on the target, "
                         "plan again, and send these once more.",
                         "rowpost apply --retry-refused", "#refused"},
    [CONCERN_DIFFERENT] = {"document is different on the target",
                           "documents are different on the target",
                           "Compare the fields and decide which side is right. Nothing was "
                           "overwritten.",
                           "rowpost findings", "#different"},
    [CONCERN_DUPLICATE] =
        {"document is on the target several times", "documents are on the target several times",
         "Ask those who run the target to remove all records but one; the ids are "
         "below.",
         "rowpost findings", "#duplicate"},
    [CONCERN_MISSING] = {"document was delivered and is not on the target any more",
                         "documents were delivered and are not on the target any more",
                         "Ask the operators of the target what happened to them.", "rowpost verify",
                         "#missing"},
    [CONCERN_STRANGER] = {"record is new on the target and belongs to no document",
                          "records are new on the target and belong to no document",
                          "Ask those who run the target who made them. A request that was thought "
                          "to be lost may have been carried out late.",
                          "rowpost findings", NULL},
    [CONCERN_UNREAD] = {"document is on the target, but was not read back to compare it",
                        "documents are on the target, but were not read back to compare them",
                        "Read them back now.", "rowpost verify", NULL},
    [CONCERN_REJECTED] = {"source row could not be understood and is in no document",
                          "source rows could not be understood and are in no document",
                          "Look at the reasons. Rows of documents that were not delivered can "
                          "be fixed in the source before you plan again; or accept them with "
                          "rowpost plan --accept-rejects.",
                          "rowpost rejects", "#rejected"},
    [CONCERN_CHANGED] = {"document is planned differently now than it was sent",
                         "documents are planned differently now than they were sent",
                         "The target has what was sent. Decide whether that is good enough.",
                         "rowpost report -o documents.csv", "#changed"},
    [CONCERN_STRANDED] = {"document was delivered, or may have arrived, and is planned no more",
                          "documents were delivered, or may have arrived, and are planned no more",
                          "The target has it still. Decide whether it should.",
                          "rowpost report -o documents.csv", "#stranded"},
};

static const struct {
    const char *tone, *mark, *text;
} headlines[HEADLINE_COUNT] = {
    [HEADLINE_UNPLANNED] = {"wait", "\xE2\x80\xA6", "There is no plan yet"},
    [HEADLINE_UNSENT] = {"wait", "\xE2\x80\xA6", "Planned, and nothing has been delivered yet"},
    [HEADLINE_OPEN] = {"wait", "\xE2\x80\xA6", "The delivery is not complete yet"},
    [HEADLINE_BAD] = {"bad", "!", "The delivery has ended, but not everything is as planned"},
    [HEADLINE_UNREAD] = {"wait", "\xE2\x80\xA6", "Everything is delivered, but not yet checked"},
    [HEADLINE_LEFT] = {"wait", "!", "Everything planned is delivered"}, /* and what is left */
    [HEADLINE_OVER] = {"good", "\xE2\x9C\x93", "Everything is delivered and checked"},
};

/* What a document of each standing makes of the page; the headline is the first that there is. */
static const struct {
    enum concern concern;
    enum headline headline;
} by_standing[STANDING_COUNT] = {
    [STANDING_PENDING] = {CONCERN_PENDING, HEADLINE_OPEN},
    [STANDING_HANDED_OUT] = {CONCERN_HANDED_OUT, HEADLINE_OPEN},
    [STANDING_WAITING] = {CONCERN_WAITING, HEADLINE_OPEN},
    [STANDING_UNCLEAR] = {CONCERN_UNCLEAR, HEADLINE_OPEN},
    [STANDING_REFUSED] = {CONCERN_REFUSED, HEADLINE_BAD},
    [STANDING_DIFFERENT] = {CONCERN_DIFFERENT, HEADLINE_BAD},
    [STANDING_ALTERED] = {CONCERN_DIFFERENT, HEADLINE_BAD},
    [STANDING_DUPLICATE] = {CONCERN_DUPLICATE, HEADLINE_BAD},
    [STANDING_MISSING] = {CONCERN_MISSING, HEADLINE_BAD},
    [STANDING_UNREAD] = {CONCERN_UNREAD, HEADLINE_UNREAD},
    [STANDING_CHANGED] = {CONCERN_CHANGED, HEADLINE_LEFT},
    [STANDING_STRANDED] = {CONCERN_STRANDED, HEADLINE_LEFT},
    [STANDING_EQUAL] = {CONCERN_COUNT, HEADLINE_OVER},
    [STANDING_LEFT_OUT] = {CONCERN_COUNT, HEADLINE_OVER},
};

static void count_concerns(const struct summary *summary, int64_t counts[CONCERN_COUNT]) {
    for (size_t i = 0; i < CONCERN_COUNT; i++) {
        counts[i] = 0;
    }
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (by_standing[standing].concern < CONCERN_COUNT) {
            counts[by_standing[standing].concern] += summary_count_standing(summary, standing);
        }
    }
    counts[CONCERN_STRANGER] = summary_count_strangers(summary);
    counts[CONCERN_REJECTED] = summary_count_rows(summary, OUTCOME_REJECTED);
}

static enum headline choose_headline(const struct html_content *content) {
    const struct summary *summary = content->summary;
    int64_t planned = content->flow->nodes[FLOW_PLANNED].count;
    int64_t pending = summary_count_standing(summary, STANDING_PENDING);
    if (!html_has_plan(content)) {
        return HEADLINE_UNPLANNED;
    }
    if (pending > 0 && pending == planned) {
        return HEADLINE_UNSENT;
    }
    enum headline headline =
        summary_count_rows(summary, OUTCOME_REJECTED) > 0 ? HEADLINE_LEFT : HEADLINE_OVER;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (summary_count_standing(summary, standing) > 0 &&
            by_standing[standing].headline < headline) {
            headline = by_standing[standing].headline;
        }
    }
    if (summary_count_strangers(summary) > 0 && headline > HEADLINE_BAD) {
        headline = HEADLINE_BAD;
    }
    return headline;
}

/* "8 rows were left out; please decide about them". */
static void write_left(struct html *html, const struct summary *summary) {
    int64_t rows = summary_count_rows(summary, OUTCOME_REJECTED);
    int64_t documents = summary_count_standing(summary, STANDING_CHANGED) +
                        summary_count_standing(summary, STANDING_STRANDED);
    if (rows > 0) {
        html_put(html, ". {} {} left out; please decide about {}", html_number(rows),
                 html_plural(rows, "row was", "rows were"), html_plural(rows, "it", "them"));
    } else {
        html_put(html, ". {} {} planned differently now; please decide about {}",
                 html_number(documents), html_plural(documents, "document is", "documents are"),
                 html_plural(documents, "it", "them"));
    }
}

static int64_t count_on_target(const struct flow *flow) {
    return flow->nodes[FLOW_DELIVERED].count + flow->nodes[FLOW_PRESENT].count;
}

static void write_lead(struct html *html, const struct flow *flow) {
    int64_t planned = flow->nodes[FLOW_PLANNED].count;
    int64_t there = count_on_target(flow);
    int64_t equal = flow->nodes[FLOW_EQUAL].count;
    if (planned == 0) {
        html_markup(html, "<p class=\"lead\">No document is planned.</p>\n");
        return;
    }
    html_put(html,
             "<p class=\"lead\"><strong>{}</strong> of <strong>{}</strong> {} {} delivered or "
             "already there, ",
             html_number(there), html_number(planned),
             html_plural(planned, "document", "documents"), html_plural(there, "is", "are"));
    if (equal == 0) {
        html_markup(html, "and none has been read back and found equal yet.</p>\n");
    } else {
        html_put(html,
                 "and <strong>{}</strong> {} read back from the target and found equal.</p>\n",
                 html_number(equal), html_plural(equal, "was", "were"));
    }
}

static void write_tile(struct html *html, const char *tone, const char *words, struct span figure) {
    html_put(html, "<div class=\"tile {}\"><dt>{}</dt><dd>{}</dd></div>\n", span_of(tone),
             span_of(words), figure);
}

/* A tone only where there is something. */
static void write_count(struct html *html, const char *tone, const char *words, int64_t count) {
    write_tile(html, count == 0 ? "plain" : tone, words, html_number(count));
}

static void write_parts_tile(struct html *html, const struct html_content *content) {
    const struct migration_topics *topics = html->report->migration->topics;
    struct text words = {0};
    if (topics == NULL) {
        write_count(html, "plain", "Requests sent", content->history->attempts);
        return;
    }
    text_append_format(&words, "Planned %s in them", topics->parts);
    write_count(html, "plain", text_string(&words), content->parts);
    text_free(&words);
}

static void write_tiles(struct html *html, const struct html_content *content) {
    const struct flow *flow = content->flow;
    const struct history *history = content->history;
    html_markup(html, "<dl class=\"tiles\">\n");
    write_count(html, "plain", "Source rows read", flow->nodes[FLOW_ROWS_READ].count);
    write_count(html, "plain", "Documents planned", flow->nodes[FLOW_PLANNED].count);
    write_parts_tile(html, content);
    write_tile(html, "plain", "Time of the delivery, all runs",
               history->attempts == 0 ? span_of(HTML_DASH) : html_duration(history->duration));
    write_count(html, "good", "Delivered or already there", count_on_target(flow));
    write_count(html, "good", "Read back equal", flow->nodes[FLOW_EQUAL].count);
    write_count(html, "bad", "Documents that need attention",
                summary_count_standings(content->summary, documents_wanting_attention()));
    write_count(html, "bad", "Rows rejected",
                summary_count_rows(content->summary, OUTCOME_REJECTED));
    html_markup(html, "</dl>\n");
}

/* Until when the target may be working on requests whose answers were lost. */
static void write_wait(struct html *html, const struct summary *summary) {
    int64_t last = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        const struct summary_kind *kind = &summary->kinds[i];
        last = kind->unsettled > 0 && kind->settled_at > last ? kind->settled_at : last;
    }
    if (last > date_now()) {
        html_put(html,
                 " The target may still be working on lost requests until {}; until then, a "
                 "missing record may still appear.",
                 html_moment(last));
    }
}

/* Documents of the kind that what is fixed in the source does not reach by itself any more. */
static int64_t count_fixed(const struct summary_kind *kind, enum concern concern) {
    return concern == CONCERN_CHANGED    ? kind->standings[STANDING_CHANGED]
           : concern == CONCERN_REJECTED ? summary_count_sent(kind)
                                         : 0;
}

/* What to do about documents that were delivered, kind by kind: planning again does not change
 * them. */
static void write_advice_for_kinds(struct html *html, const struct summary *summary,
                                   enum concern concern) {
    const struct migration *migration = html->report->migration;
    bool has_any = false;
    for (size_t i = 0; i < summary->kind_count && i < migration->kind_count; i++) {
        if (count_fixed(&summary->kinds[i], concern) == 0) {
            continue;
        }
        html_markup(html, has_any ? "; " : " What was delivered is not sent again: ");
        html_put(html,
                 kind_has(&migration->kinds[i], KIND_UPDATE)
                     ? "{}: <code>rowpost plan</code>, then <code>rowpost apply "
                       "--update</code>"
                     : "{}: change them on the target by hand",
                 summary->kinds[i].name);
        has_any = true;
    }
    html_markup(html, has_any ? "." : "");
}

static void write_concern(struct html *html, const struct html_content *content,
                          enum concern concern, int64_t count) {
    html_put(html, "<li><strong>{} {}.</strong> {} <code>{}</code>", html_number(count),
             html_plural(count, concerns[concern].one, concerns[concern].many),
             span_of(concerns[concern].advice), span_of(concerns[concern].command));
    if (concern == CONCERN_UNCLEAR) {
        write_wait(html, content->summary);
    }
    if (concerns[concern].anchor != NULL) {
        html_put(html, " <a href=\"{}\">See which</a>", span_of(concerns[concern].anchor));
    }
    write_advice_for_kinds(html, content->summary, concern);
    html_markup(html, "</li>\n");
}

bool html_has_plan(const struct html_content *content) {
    return content->flow->nodes[FLOW_PLANNED].count > 0 || content->summary->table_count > 0;
}

void html_write_concerns(struct html *html, const struct html_content *content) {
    int64_t counts[CONCERN_COUNT];
    bool has_any = false;
    count_concerns(content->summary, counts);
    for (enum concern concern = 0; concern < CONCERN_COUNT; concern++) {
        if (counts[concern] > 0) {
            html_markup(html, has_any ? "" : "<ul class=\"concerns\">\n");
            write_concern(html, content, concern, counts[concern]);
            has_any = true;
        }
    }
    html_markup(html, has_any ? "</ul>\n" : "<p>None. There is nothing left to do.</p>\n");
}

void html_write_overview(struct html *html, const struct html_content *content) {
    enum headline headline = choose_headline(content);
    html_put(html,
             "<header class=\"top {}\">\n<p class=\"mark\" aria-hidden=\"true\">{}</p>\n"
             "<p class=\"eyebrow\">Migration report</p>\n<h1>{}",
             span_of(headlines[headline].tone), span_of(headlines[headline].mark),
             span_of(headlines[headline].text));
    if (headline == HEADLINE_LEFT) {
        write_left(html, content->summary);
    }
    html_markup(html, "</h1>\n");
    write_lead(html, content->flow);
    html_write_origin(html);
    html_markup(html, "</header>\n<main id=\"main\">\n");
    write_tiles(html, content);
    if (headline == HEADLINE_UNPLANNED) {
        html_markup(html, "<p>Make a plan first: <code>rowpost plan</code></p>\n");
    }
}
