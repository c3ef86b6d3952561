#include "base/shell_word.h"
#include "report/fields.h"
#include "report/html_command_private.h"
#include "report/html_sections_private.h"

/* The index is a text in the page, a line for each document and each row that is in none; the
 * page's script (report/html/report.js) searches it. Fields have a tab between them. The first two
 * lines have the names of kinds and tables, the third what each standing is called; the lines use
 * their numbers, from 0. Then the lines of documents:
 *
 *     kind, standing, id, key, then for each of its rows table and name in one field: "2 4154"
 *
 * without the id where it is the id before plus 1, and with "2" for a row that is named as the key.
 * And those of rows:
 *
 *     "!" (rejected) or "-" (skipped), table, name, and the topics that it has, in one field
 *
 * The element has the beginnings of the commands that show a document, and rows. */

struct index {
    struct html *html;
    const struct summary *summary;
    struct document_rows rows; /* of the documents */
    bool has_rows;
    int64_t id; /* of the document before */
    struct text line;
    char mark; /* of a row */
};

/* A value in a field: without tabs and line breaks. */
static void append_field(struct text *line, struct span value) {
    text_append_char(line, '\t');
    fields_append_visible(line, value);
}

static size_t find_kind(const struct summary *summary, struct span name) {
    size_t i = 0;
    while (i < summary->kind_count && !span_equal(summary->kinds[i].name, name)) {
        i++;
    }
    return i;
}

static size_t find_table(const struct summary *summary, struct span name) {
    size_t i = 0;
    while (i < summary->table_count && !span_equal(summary->tables[i].name, name)) {
        i++;
    }
    return i;
}

static int end_line(struct index *index, struct error *error) {
    text_append_char(&index->line, '\n');
    html_text(index->html, text_span(&index->line));
    int rc = text_check(&index->line, error);
    text_clear(&index->line);
    return rc == 0 && !html_has_failed(index->html) ? 0 : -1;
}

static int append_rows(struct index *index, const struct mention *document, struct error *error) {
    struct span table;
    struct span row;
    int rc;
    while ((rc = document_rows_next(&index->rows, document->document, &table, &row, error)) == 1) {
        text_append_format(&index->line, "\t%zu", find_table(index->summary, table));
        if (!span_equal(row, document->name)) {
            text_append_char(&index->line, ' ');
            fields_append_visible(&index->line, row);
        }
    }
    return rc;
}

static int write_document(void *context, const struct mention *document, struct error *error) {
    struct index *index = context;
    text_append_format(&index->line, "%zu\t%d\t", find_kind(index->summary, document->place),
                       (int)document->standing);
    if (document->document != index->id + 1) {
        text_append_integer(&index->line, document->document);
    }
    index->id = document->document;
    append_field(&index->line, document->name);
    if (index->has_rows && append_rows(index, document, error) != 0) {
        return -1;
    }
    return end_line(index, error);
}

static int write_row(void *context, const struct mention *row, struct error *error) {
    struct index *index = context;
    text_append_format(&index->line, "%c\t%zu", index->mark,
                       find_table(index->summary, row->place));
    append_field(&index->line, row->name);
    char separator = '\t';
    for (size_t i = 0; i < TOPIC_MOST; i++) {
        if (!span_is_empty(row->about[i])) {
            text_append_char(&index->line, separator);
            fields_append_visible(&index->line, row->about[i]);
            separator = ' ';
        }
    }
    return end_line(index, error);
}

static int write_names(struct index *index, struct error *error) {
    for (size_t i = 0; i < index->summary->kind_count; i++) {
        append_field(&index->line, index->summary->kinds[i].name);
    }
    if (end_line(index, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < index->summary->table_count; i++) {
        append_field(&index->line, index->summary->tables[i].name);
    }
    if (end_line(index, error) != 0) {
        return -1;
    }
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        append_field(&index->line, html_standing_words(standing));
    }
    return end_line(index, error);
}

static int write_documents(struct index *index, struct mentions *mentions, struct error *error) {
    const struct mention_filter all = {0};
    struct workspace *workspace = index->html->report->workspace;
    index->has_rows = summary_count_rows(index->summary, OUTCOME_USED) <= HTML_INDEX_ROWS;
    if (index->has_rows &&
        document_rows_open(workspace, DOCUMENTS_ALL, -1, 0, &index->rows, error) != 0) {
        return -1;
    }
    int rc = mentions_each(mentions, MENTION_DOCUMENT, &all, write_document, index, error);
    if (index->has_rows) {
        document_rows_close(&index->rows);
    }
    return rc;
}

static int write_rows(struct index *index, struct mentions *mentions, enum row_outcome outcome,
                      struct error *error) {
    const struct mention_filter all = {0};
    if (summary_count_rows(index->summary, outcome) > HTML_INDEX_ENTRIES) {
        return 0;
    }
    index->mark = outcome == OUTCOME_REJECTED ? '!' : '-';
    return mentions_each(mentions, outcome == OUTCOME_REJECTED ? MENTION_REJECTED : MENTION_SKIPPED,
                         &all, write_row, index, error);
}

/* What is too much for the index, and who answers. */
static void write_limits(struct html *html, const struct summary *summary, int64_t documents,
                         const char *page_of_example) {
    const struct {
        int64_t count, most;
        const char *what;
        struct html_command command;
    } limits[] = {
        {documents, HTML_INDEX_ENTRIES, "documents", {"complete", "key"}},
        {summary_count_rows(summary, OUTCOME_USED),
         HTML_INDEX_ROWS,
         "rows that are in a document",
         {"report", page_of_example}},
        {summary_count_rows(summary, OUTCOME_REJECTED),
         HTML_INDEX_ENTRIES,
         "rejected rows",
         {"rejects", NULL}},
        {summary_count_rows(summary, OUTCOME_SKIPPED),
         HTML_INDEX_ENTRIES,
         "skipped rows",
         {"skips", NULL}},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (limits[i].count > limits[i].most) {
            html_put(
                html,
                "<p class=\"cut\">This page does not search the {} {}: it searches {} at most. "
                "This command answers: ",
                html_number(limits[i].count), span_of(limits[i].what), html_number(limits[i].most));
            html_put_command(html, &limits[i].command);
            html_markup(html, "</p>\n");
        }
    }
}

/* The commands that show one thing are shown with the first document as an example. */
struct examples {
    const struct report *report;
    struct text show; /* the whole command */
    struct text page; /* `--key KEY -o one.html` */
};

static int take_example(void *context, const struct mention *document, struct error *error) {
    struct examples *examples = context;
    html_append_show_command(examples->report, document->place, document->name, &examples->show);
    text_append_string(&examples->page, "--key ");
    shell_word_append(&examples->page, document->name);
    text_append_string(&examples->page, " -o one.html");
    return text_check(&examples->show, error) == 0 ? text_check(&examples->page, error) : -1;
}

static void write_examples(struct html *html, const struct html_content *content,
                           int64_t documents) {
    const struct mention_filter first = {.limit = 1};
    struct examples examples = {.report = html->report};
    html_check(html, mentions_each(content->mentions, MENTION_DOCUMENT, &first, take_example,
                                   &examples, &html->error));
    html_markup(html, "<p>Every document by its name, and every source row by its key.");
    if (examples.show.length > 0) {
        html_put(html, " Without a script, this command shows one: <code>{}</code>",
                 text_span(&examples.show));
    }
    html_markup(html, "</p>\n");
    write_limits(html, content->summary, documents, text_string(&examples.page));
    text_free(&examples.show);
    text_free(&examples.page);
}

/* How the commands begin that the script shows. */
static void write_commands(struct html *html) {
    static const char *const verbs[] = {"show", "rejects", "skips"};
    struct text command = {0};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        text_clear(&command);
        html_append_command(html->report, &(struct html_command){verbs[i], NULL}, &command);
        html_put(html, " data-{}=\"{}\"", span_of(verbs[i]), text_span(&command));
    }
    text_free(&command);
}

void html_write_index(struct html *html, const struct html_content *content) {
    int64_t documents = summary_count_standings(content->summary, DOCUMENTS_ALL);
    struct index index = {.html = html, .summary = content->summary};
    struct error *error = &html->error;
    write_examples(html, content, documents);
    html_markup(html, "<pre id=\"index\" hidden");
    write_commands(html);
    html_markup(html, ">\n");
    bool is_whole = documents <= HTML_INDEX_ENTRIES;
    if (write_names(&index, error) != 0 ||
        (is_whole && write_documents(&index, content->mentions, error) != 0) ||
        write_rows(&index, content->mentions, OUTCOME_REJECTED, error) != 0 ||
        write_rows(&index, content->mentions, OUTCOME_SKIPPED, error) != 0) {
        html_check(html, -1);
    }
    html_markup(html, "</pre>\n");
    text_free(&index.line);
}
