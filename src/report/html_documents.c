#include "report/html_documents.h"

#include "report/html_details.h"
#include "report/html_listing.h"

static const struct {
    enum document_selection selection;
    struct html_listing listing;
} listings[] = {
    {DOCUMENTS_REFUSED,
     {"refused",
      "Refused by the target",
      "The target looked at these documents and did not take them. Its answer says why.",
      "documents",
      {"Document", "Kind", "Why"},
      "rowpost report -o documents.csv",
      LISTING_OPEN}},
    {DOCUMENTS_DIFFERENT,
     {"different",
      "Different on the target",
      "The target has a record of this name that is not what was planned. It was left as it is. "
      "Below each stand the fields that differ.",
      "documents",
      {"Document", "Kind", "Why"},
      "rowpost findings",
      LISTING_OPEN}},
    {DOCUMENTS_MISSING,
     {"missing",
      "Missing on the target",
      "The target had confirmed these documents, and when they were read back they were not there.",
      "documents",
      {"Document", "Kind", "Why"},
      "rowpost report -o documents.csv",
      LISTING_OPEN}},
    {DOCUMENTS_UNCLEAR,
     {"unclear",
      "Not known yet",
      "These documents were sent, and no usable answer came. The next delivery looks them up on "
      "the "
      "target before it sends anything again.",
      "documents",
      {"Document", "Kind", "Why"},
      "rowpost report -o documents.csv",
      LISTING_OPEN}},
    {DOCUMENTS_CHANGED,
     {"changed",
      "Planned differently since",
      "These documents are on the target as they were sent. Today's plan would make them "
      "otherwise; "
      "they are not sent again.",
      "documents",
      {"Document", "Kind", "Why"},
      "rowpost report -o documents.csv",
      LISTING_OPEN}},
    {DOCUMENTS_STRANDED,
     {"stranded",
      "Delivered and planned no more",
      "These documents were delivered, and today's plan does not have them.",
      "documents",
      {"Document", "Kind", "Why"},
      "rowpost report -o documents.csv",
      LISTING_OPEN}},
};

enum { LISTING_COUNT = sizeof listings / sizeof *listings };

int html_count_documents(struct workspace *workspace, struct html_document_counts *counts,
                         struct error *error) {
    *counts = (struct html_document_counts){{0}};
    for (size_t i = 0; i < LISTING_COUNT; i++) {
        enum document_selection selection = listings[i].selection;
        if (document_count(workspace, selection, &counts->of[selection], error) != 0) {
            return -1;
        }
        counts->of[DOCUMENTS_ATTENTION] += counts->of[selection];
    }
    return 0;
}

/* One listing on its way. */
struct writing {
    struct html *html;
    struct document_rows rows;
    struct listing_texts texts;
    int64_t written;
    struct text reason;
};

static int write_entry(void *context, const struct listed_document *document, struct error *error) {
    struct writing *writing = context;
    struct html *html = writing->html;
    if (writing->written == LISTING_ENTRIES || html_has_failed(html)) {
        return 1;
    }
    writing->written++;
    text_clear(&writing->reason);
    document_append_reason(document, &writing->reason);
    const struct span facts[] = {document->key, document->kind, text_span(&writing->reason)};
    html_begin_entry(html, facts);
    html_begin_more(html, "What was sent, the answers, the source rows");
    int rc = html_write_details(html, document, &writing->rows, &writing->texts, error);
    html_end_more(html);
    return rc;
}

static int write_listing(struct writing *writing, enum document_selection selection,
                         struct error *error) {
    struct workspace *workspace = writing->html->report->workspace;
    if (document_rows_open(workspace, selection, LISTING_ENTRIES, &writing->rows, error) != 0) {
        return -1;
    }
    int rc = document_list_each(workspace, NULL, selection, write_entry, writing, error);
    document_rows_close(&writing->rows);
    return rc;
}

void html_write_documents(struct html *html, const struct html_document_counts *counts) {
    if (counts->of[DOCUMENTS_ATTENTION] == 0) {
        return;
    }
    html_markup(html, "<section aria-labelledby=\"documents\">\n"
                      "<h2 id=\"documents\">Documents that need a person</h2>\n");
    for (size_t i = 0; i < LISTING_COUNT && !html_has_failed(html); i++) {
        enum document_selection selection = listings[i].selection;
        if (counts->of[selection] == 0) {
            continue;
        }
        struct writing writing = {.html = html, .texts = {LISTING_TEXTS}};
        html_begin_listing(html, &listings[i].listing, counts->of[selection]);
        if (write_listing(&writing, selection, &html->error) != 0) {
            html_fail(html);
        }
        html_end_listing(html);
        text_free(&writing.reason);
    }
    html_markup(html, "</section>\n");
}
