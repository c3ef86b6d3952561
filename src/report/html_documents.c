#include "report/html_sections_private.h"

static const struct {
    uint32_t standings;
    struct html_listing listing;
} listings[] = {
    {STANDING_BIT(STANDING_REFUSED),
     {"refused",
      "Refused by the target",
      "The target looked at these documents and did not take them. Its answer says why.",
      "documents",
      {"Document", "Kind", "Why"},
      {"report", "-o documents.csv"},
      NULL,
      HTML_LISTING_OPEN}},
    {STANDING_BIT(STANDING_WAITING),
     {"waiting",
      "Waiting for other records",
      "These documents refer to records that the target does not have, or come after such a "
      "document under their ordering key, and were not sent. The next delivery tries them again.",
      "documents",
      {"Document", "Kind", "Why"},
      {"report", "-o documents.csv"},
      NULL,
      HTML_LISTING_OPEN}},
    {STANDING_BIT(STANDING_DIFFERENT) | STANDING_BIT(STANDING_ALTERED),
     {"different",
      "Different on the target",
      "The target has a record of this name that is not what was planned. It was left as it is. "
      "The fields that differ are below each.",
      "documents",
      {"Document", "Kind", "Why"},
      {"findings", NULL},
      NULL,
      HTML_LISTING_OPEN}},
    {STANDING_BIT(STANDING_DUPLICATE),
     {"duplicate",
      "Several times on the target",
      "The target has more than one record of this name. The target's own ids are below each.",
      "documents",
      {"Document", "Kind", "Why"},
      {"findings", NULL},
      NULL,
      HTML_LISTING_OPEN}},
    {STANDING_BIT(STANDING_MISSING),
     {"missing",
      "Missing on the target",
      "The target had confirmed these documents, and when they were read back they were not there.",
      "documents",
      {"Document", "Kind", "Why"},
      {"report", "-o documents.csv"},
      NULL,
      HTML_LISTING_OPEN}},
    {STANDING_BIT(STANDING_UNCLEAR),
     {"unclear",
      "Not known yet",
      "These documents were sent, and no usable answer came. The next delivery looks them up on "
      "the "
      "target before it sends anything again.",
      "documents",
      {"Document", "Kind", "Why"},
      {"report", "-o documents.csv"},
      NULL,
      HTML_LISTING_OPEN}},
    {STANDING_BIT(STANDING_CHANGED),
     {"changed",
      "Planned differently since",
      "These documents are on the target as they were sent. Today's plan makes them "
      "differently; apply --update changes them, if the target allows it.",
      "documents",
      {"Document", "Kind", "Why"},
      {"report", "-o documents.csv"},
      NULL,
      HTML_LISTING_OPEN}},
    {STANDING_BIT(STANDING_STRANDED),
     {"stranded",
      "Delivered, and no longer planned",
      "These documents were delivered, or may have arrived, and today's plan does not have them.",
      "documents",
      {"Document", "Kind", "Why"},
      {"report", "-o documents.csv"},
      NULL,
      HTML_LISTING_OPEN}},
};

enum { LISTING_COUNT_OF_PAGE = sizeof listings / sizeof *listings };

/* One listing on its way. */
struct writing {
    struct html *html;
    const struct html_listing *listing;
    struct document_rows rows;
    struct html_listing_texts texts;
    int64_t written;
    struct text reason;
};

static int write_entry(void *context, const struct listed_document *document, struct error *error) {
    struct writing *writing = context;
    struct html *html = writing->html;
    if (writing->written == HTML_LISTING_ENTRIES || html_has_failed(html)) {
        return 1;
    }
    writing->written++;
    text_clear(&writing->reason);
    document_append_reason(document, &writing->reason);
    const struct span facts[HTML_LISTING_COLUMNS] = {document->key, document->kind,
                                                     text_span(&writing->reason)};
    html_begin_entry(html, writing->listing, "document", document->id, facts);
    html_begin_more(html, "What was sent, the answers, the source rows");
    int rc = html_write_details(html, document, &writing->rows, &writing->texts, error);
    html_end_more(html);
    return rc;
}

static int write_listing(struct writing *writing, uint32_t standings, struct error *error) {
    struct workspace *workspace = writing->html->report->workspace;
    if (document_rows_open(workspace, standings, HTML_LISTING_ENTRIES, 0, &writing->rows, error) !=
        0) {
        return -1;
    }
    int rc = documents_each(workspace, &(struct document_filter){.standings = standings},
                            write_entry, writing, error);
    document_rows_close(&writing->rows);
    return rc;
}

bool html_has_attention(const struct html_content *content) {
    return summary_count_standings(content->summary, documents_wanting_attention()) > 0;
}

void html_write_documents(struct html *html, const struct html_content *content) {
    for (size_t i = 0; i < LISTING_COUNT_OF_PAGE && !html_has_failed(html); i++) {
        const struct html_listing *listing = &listings[i].listing;
        int64_t documents = summary_count_standings(content->summary, listings[i].standings);
        if (documents == 0) {
            continue;
        }
        struct writing writing = {.html = html, .listing = listing, .texts = {HTML_LISTING_TEXTS}};
        html_begin_listing(html, listing, documents);
        html_check(html, write_listing(&writing, listings[i].standings, &html->error));
        html_end_listing(html);
        text_free(&writing.reason);
    }
}
