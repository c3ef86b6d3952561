#include "report/html_sections_private.h"
#include "workspace/listing.h"

/* What went wrong with requests, in words. */
static const char *const meanings[ATTEMPT_OUTCOME_COUNT] = {
    [ATTEMPT_DIFFERENT] = "the target had a record that differs",
    [ATTEMPT_MISSING] = "reading back found no record",
    [ATTEMPT_REFUSED] = "the target refused the document",
    [ATTEMPT_NOT_TAKEN] = "the request was certainly not carried out",
    [ATTEMPT_UNCERTAIN] = "the answer was lost or could not be used",
    [ATTEMPT_SESSION] = "the session was not accepted",
    [ATTEMPT_NOT_API] = "something other than the API answered",
    [ATTEMPT_INTERRUPTED] = "the program was stopped",
};

/* Requests that ended so: of documents that are well now, and of others. */
struct fault {
    int64_t repaired, open;
};

static void count_ending(const struct listing *endings, struct fault *faults) {
    enum purpose purpose = purpose_of(listing_text(endings, ENDING_PURPOSE));
    enum attempt_outcome outcome = attempt_outcome_of(listing_text(endings, ENDING_OUTCOME));
    int64_t standing = listing_integer(endings, ENDING_STANDING);
    int64_t requests = listing_integer(endings, ENDING_REQUESTS);
    if (!history_is_trouble(purpose, outcome)) {
        return;
    }
    if (standing_meanings[standing].class == CLASS_WELL) {
        faults[outcome].repaired = summary_add(faults[outcome].repaired, requests);
    } else {
        faults[outcome].open = summary_add(faults[outcome].open, requests);
    }
}

static int count_faults(struct workspace *workspace, struct fault *faults, struct error *error) {
    struct listing endings;
    if (listing_open(&endings, workspace, LISTING_ENDINGS, &(struct listing_filter){0}, error) !=
        0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&endings, error)) == 1) {
        count_ending(&endings, faults);
    }
    listing_close(&endings);
    return rc;
}

static void write_table(struct html *html, const struct fault *faults) {
    static const struct html_table table = {
        .class_name = "figures",
        .labelled_by = "faults",
        .caption = "Requests that went wrong; repaired: nothing is left to do for their documents",
        .columns = {"What went wrong", "Requests", "Repaired", "Open"},
    };
    html_begin_table(html, &table);
    for (size_t i = 0; i < ATTEMPT_OUTCOME_COUNT; i++) {
        int64_t requests = summary_add(faults[i].repaired, faults[i].open);
        if (requests > 0) {
            html_put(html, "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                     span_of(meanings[i]), html_number(requests), html_number(faults[i].repaired),
                     html_number(faults[i].open));
        }
    }
    html_end_table(html, &table);
}

void html_write_faults(struct html *html) {
    struct fault faults[ATTEMPT_OUTCOME_COUNT + 1] = {{0, 0}};
    int64_t repaired = 0;
    int64_t open = 0;
    html_check(html, count_faults(html->report->workspace, faults, &html->error));
    for (size_t i = 0; i < ATTEMPT_OUTCOME_COUNT; i++) {
        repaired = summary_add(repaired, faults[i].repaired);
        open = summary_add(open, faults[i].open);
    }
    html_markup(html, "<h3 id=\"faults\">What went wrong, and what was repaired</h3>\n");
    if (repaired + open == 0) {
        html_markup(html, "<p>No request went wrong.</p>\n");
        return;
    }
    html_put(html,
             open == 0 ? "<p class=\"repaired\">{} {} wrong. All of it is repaired: nothing "
                         "is left to do for these documents.</p>\n"
                       : "<p>{} {} wrong. The table shows what is repaired and what is "
                         "open.</p>\n",
             html_number(repaired + open),
             html_plural(repaired + open, "request went", "requests went"));
    write_table(html, faults);
}
