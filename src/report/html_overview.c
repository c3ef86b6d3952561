#include "report/html_sections_private.h"

#include "report/html_command_private.h"
#include "report/html_time_private.h"

/* What the whole amounts to; the first that applies. */
enum headline {
    HEADLINE_UNPLANNED,    /* there is no plan */
    HEADLINE_UNSENT,       /* nothing was sent yet */
    HEADLINE_OPEN,         /* documents are pending or unclear */
    HEADLINE_BAD,          /* refused, different or missing documents */
    HEADLINE_UNREAD,       /* all delivered, not all read back */
    HEADLINE_NOT_COMPARED, /* all delivered, and some only known to be there */
    HEADLINE_LEFT,         /* all there; rows were rejected, or the plan has changed since */
    HEADLINE_ACCEPTED,     /* all there; rows were rejected, and that was accepted */
    HEADLINE_OVER,
    HEADLINE_COUNT
};

static const struct {
    const char *tone, *mark, *text;
} headlines[HEADLINE_COUNT] = {
    [HEADLINE_UNPLANNED] = {"wait", "\xE2\x80\xA6", "There is no plan yet"},
    [HEADLINE_UNSENT] = {"wait", "\xE2\x80\xA6", "Planned, and nothing has been delivered yet"},
    [HEADLINE_OPEN] = {"wait", "\xE2\x80\xA6", "The delivery is not complete yet"},
    [HEADLINE_BAD] = {"bad", "!", "The delivery has ended, but not everything is as planned"},
    [HEADLINE_UNREAD] = {"wait", "\xE2\x80\xA6", "Everything is delivered, but not yet checked"},
    [HEADLINE_NOT_COMPARED] = {"wait", "!",
                               "Everything is delivered, but not everything can be compared"},
    [HEADLINE_LEFT] = {"wait", "!", "Everything planned is delivered"}, /* and what is left */
    [HEADLINE_ACCEPTED] = {"good", "\xE2\x9C\x93", "Everything planned is delivered and checked"},
    [HEADLINE_OVER] = {"good", "\xE2\x9C\x93", "Everything is delivered and checked"},
};

/* What a document of each standing makes of the page; the headline is the first that there is. */
static const enum headline headline_of[STANDING_COUNT] = {
    [STANDING_PENDING] = HEADLINE_OPEN,
    [STANDING_HANDED_OUT] = HEADLINE_OPEN,
    [STANDING_WAITING] = HEADLINE_OPEN,
    [STANDING_UNCLEAR] = HEADLINE_OPEN,
    [STANDING_REFUSED] = HEADLINE_BAD,
    [STANDING_DIFFERENT] = HEADLINE_BAD,
    [STANDING_ALTERED] = HEADLINE_BAD,
    [STANDING_DUPLICATE] = HEADLINE_BAD,
    [STANDING_MISSING] = HEADLINE_BAD,
    [STANDING_UNREAD] = HEADLINE_UNREAD,
    [STANDING_CHANGED] = HEADLINE_LEFT,
    [STANDING_STRANDED] = HEADLINE_LEFT,
    [STANDING_NOT_COMPARED] = HEADLINE_NOT_COMPARED,
    [STANDING_EQUAL] = HEADLINE_OVER,
    [STANDING_LEFT_OUT] = HEADLINE_OVER,
};

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
    enum headline headline = HEADLINE_OVER;
    if (summary_count_rows(summary, OUTCOME_REJECTED) > 0) {
        headline = html_has_acceptance(summary) ? HEADLINE_ACCEPTED : HEADLINE_LEFT;
    }
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (summary_count_standing(summary, standing) > 0 && headline_of[standing] < headline) {
            headline = headline_of[standing];
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
    if (rows > 0 && !html_has_acceptance(summary)) {
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

bool html_has_plan(const struct html_content *content) {
    return content->flow->nodes[FLOW_PLANNED].count > 0 || content->summary->table_count > 0;
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
    } else if (headline == HEADLINE_ACCEPTED) {
        int64_t rows = summary_count_rows(content->summary, OUTCOME_REJECTED);
        html_put(html, ". {} {} left out, which was accepted", html_number(rows),
                 html_plural(rows, "row was", "rows were"));
    }
    html_markup(html, "</h1>\n");
    write_lead(html, content->flow);
    html_write_origin(html);
    html_markup(html, "</header>\n<main id=\"main\">\n");
    write_tiles(html, content);
    if (headline == HEADLINE_UNPLANNED) {
        html_markup(html, "<p>Make a plan first; this command shows how: ");
        html_put_help(html, "plan");
        html_markup(html, "</p>\n");
    }
}
