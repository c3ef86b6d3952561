#include "report/html_command_private.h"
#include "report/html_sections_private.h"

#include <stdbool.h>
#include <string.h>

enum { MAX_WARNINGS = 200 };

/* `shown` has what a column counts altogether: without it all columns are shown, with it the first
 * and those that count something. */
static bool is_shown(const int64_t *shown, size_t column) {
    return shown == NULL || column == 0 || shown[column] > 0;
}

static void write_numbers(struct html *html, const int64_t *numbers, size_t count,
                          const int64_t *shown) {
    for (size_t i = 0; i < count; i++) {
        if (!is_shown(shown, i)) {
            continue;
        }
        html_put(html, numbers[i] == 0 ? "<td class=\"none\">{}</td>" : "<td>{}</td>",
                 html_number(numbers[i]));
    }
    html_markup(html, "</tr>\n");
}

/* Ends the table with the sums, which are in its foot. */
static void write_sums(struct html *html, const int64_t *sums, size_t count, const int64_t *shown) {
    html_markup(html, "</tbody>\n<tfoot><tr><th scope=\"row\">Together</th>");
    write_numbers(html, sums, count, shown);
    html_markup(html, "</tfoot></table></div>\n");
}

static void add_numbers(int64_t *sums, const int64_t *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sums[i] = summary_add(sums[i], numbers[i]);
    }
}

enum { ROW_NUMBERS = 2 + OUTCOME_COUNT };

static bool leaves_rows(const struct summary *summary) {
    for (size_t i = 0; i < summary->table_count; i++) {
        if (!span_is_null(summary->tables[i].left_because)) {
            return true;
        }
    }
    return false;
}

static void write_left(struct html *html, const struct summary *summary) {
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct summary_table *table = &summary->tables[i];
        if (!span_is_null(table->left_because)) {
            html_put(html, "<p>{}: {} rows are left at the source: {}</p>\n", table->name,
                     html_number(table->left), table->left_because);
        }
    }
}

static void write_rows(struct html *html, const struct summary *summary) {
    bool has_left = leaves_rows(summary);
    size_t count = has_left ? ROW_NUMBERS : ROW_NUMBERS - 1;
    int64_t sums[ROW_NUMBERS] = {0};
    const struct html_table head = {
        .class_name = "figures",
        .label = "Source rows",
        .caption = "Source rows: each was used, skipped or rejected",
        .columns = {"Table", "Rows", "Used", "Skipped", "Rejected",
                    has_left ? "Left at the source" : NULL},
        .classes = {[0] = "text"},
    };
    html_begin_table(html, &head);
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct summary_table *table = &summary->tables[i];
        int64_t numbers[ROW_NUMBERS] = {table->rows};
        for (size_t outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            numbers[1 + outcome] = table->outcomes[outcome];
        }
        numbers[1 + OUTCOME_COUNT] = table->left;
        html_put(html, "<tr><th scope=\"row\">{}</th>", table->name);
        write_numbers(html, numbers, count, NULL);
        add_numbers(sums, numbers, ROW_NUMBERS);
    }
    write_sums(html, sums, count, NULL);
    write_left(html, summary);
}

enum { DOCUMENT_NUMBERS = 12 };
_Static_assert(1 + DOCUMENT_NUMBERS <= HTML_TABLE_COLUMNS, "the kind and all numbers");

static void count_kind(const struct summary_kind *kind, int64_t numbers[DOCUMENT_NUMBERS]) {
    const int64_t counted[DOCUMENT_NUMBERS] = {
        kind->documents,
        kind->states[STATE_DELIVERED],
        kind->states[STATE_PRESENT],
        kind->states[STATE_DIFFERENT],
        kind->standings[STANDING_DUPLICATE],
        kind->states[STATE_REFUSED],
        kind->states[STATE_SENDING] + kind->states[STATE_UNKNOWN],
        kind->states[STATE_PENDING] + kind->states[STATE_HANDED_OUT] + kind->states[STATE_WAITING],
        kind->verdicts[VERDICT_EQUAL],
        kind->verdicts[VERDICT_NOT_COMPARED],
        kind->verdicts[VERDICT_DIFFERENT],
        kind->verdicts[VERDICT_MISSING],
    };
    memcpy(numbers, counted, sizeof counted);
}

static const char *const document_heads[DOCUMENT_NUMBERS] = {
    "Documents", "Delivered", "Already there",   "Different",    "Duplicate",           "Refused",
    "Unclear",   "Not sent",  "Read back equal", "Not compared", "Read back different", "Missing",
};

/* The states that no document is in, folded. */
static void write_empty_states(struct html *html, const int64_t sums[DOCUMENT_NUMBERS]) {
    const char *separator = "";
    for (size_t i = 1; i < DOCUMENT_NUMBERS; i++) {
        if (sums[i] == 0) {
            html_markup(html, *separator == '\0' ? "<details class=\"words empty\"><summary>States "
                                                   "without a document</summary>\n<p>"
                                                 : separator);
            html_put(html, "{}: 0", span_of(document_heads[i]));
            separator = ", ";
        }
    }
    html_markup(html, *separator == '\0' ? "" : "</p></details>\n");
}

static void write_documents(struct html *html, const struct summary *summary) {
    struct html_table table = {
        .class_name = "figures",
        .label = "Documents",
        .caption = "Documents: where each is, and what reading it back showed",
        .columns = {"Kind"},
        .classes = {[0] = "text"},
    };
    int64_t numbers[DOCUMENT_NUMBERS];
    int64_t sums[DOCUMENT_NUMBERS] = {0};
    for (size_t i = 0; i < summary->kind_count; i++) {
        count_kind(&summary->kinds[i], numbers);
        add_numbers(sums, numbers, DOCUMENT_NUMBERS);
    }
    size_t columns = 1;
    for (size_t i = 0; i < DOCUMENT_NUMBERS; i++) {
        if (is_shown(sums, i)) {
            table.columns[columns++] = document_heads[i];
        }
    }
    html_begin_table(html, &table);
    for (size_t i = 0; i < summary->kind_count; i++) {
        count_kind(&summary->kinds[i], numbers);
        html_put(html, "<tr><th scope=\"row\">{}</th>", summary->kinds[i].name);
        write_numbers(html, numbers, DOCUMENT_NUMBERS, sums);
    }
    write_sums(html, sums, DOCUMENT_NUMBERS, sums);
    write_empty_states(html, sums);
}

void html_write_figures(struct html *html, const struct summary *summary) {
    html_markup(html, "<h3>The same in figures</h3>\n");
    write_rows(html, summary);
    write_documents(html, summary);
}

static struct span meaning_of(const struct html *html, struct span id) {
    const struct migration *migration = html->report->migration;
    for (size_t i = 0; i < migration->correction_count; i++) {
        if (span_equal_string(id, migration->corrections[i].id)) {
            return span_of(migration->corrections[i].meaning);
        }
    }
    return span_of("this program does not know it");
}

bool html_has_corrections(const struct html_content *content) {
    return content->summary->correction_count > 0;
}

void html_write_corrections(struct html *html, const struct html_content *content) {
    static const struct html_table table = {
        .class_name = "reasons",
        .caption = "Corrections that were applied",
        .columns = {"Kind", "Times", "What it means"},
        .classes = {[1] = "number"},
    };
    const struct summary *summary = content->summary;
    html_markup(
        html, "<p>Each correction is a rule of this migration that corrects what would "
              "otherwise be lost or refused. The numbers count where it made a difference.</p>\n");
    html_begin_table(html, &table);
    for (size_t i = 0; i < summary->correction_count; i++) {
        const struct summary_correction *correction = &summary->corrections[i];
        struct span kind = {0};
        if (correction->kind < summary->kind_count) {
            kind = summary->kinds[correction->kind].name;
        }
        html_put(html,
                 "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td>"
                 "<td>{} <code>{}</code></td></tr>\n",
                 kind, html_number(correction->times), meaning_of(html, correction->id),
                 correction->id);
    }
    html_end_table(html, &table);
}

bool html_has_warnings(const struct html_content *content) {
    return content->summary->warning_count > 0;
}

void html_write_warnings(struct html *html, const struct html_content *content) {
    static const struct html_table table = {
        .class_name = "reasons",
        .caption = "Warnings of the plan",
        .columns = {"Document", "Kind", "Warning"},
    };
    const struct summary *summary = content->summary;
    html_markup(html, "<p>The plan noticed these things; they stop nothing.</p>\n");
    html_begin_table(html, &table);
    for (size_t i = 0; i < summary->warning_count && i < MAX_WARNINGS; i++) {
        const struct summary_warning *warning = &summary->warnings[i];
        html_put(html, "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n", warning->key,
                 summary->kinds[warning->kind].name, warning->text);
    }
    html_end_table(html, &table);
    if (summary->warning_count > MAX_WARNINGS) {
        html_put(html, "<p class=\"cut\">The first {} of {} warnings are shown. All of them: ",
                 html_number(MAX_WARNINGS), html_number((int64_t)summary->warning_count));
        html_put_command(html, &(struct html_command){"status", "--json"});
        html_markup(html, "</p>\n");
    }
}
