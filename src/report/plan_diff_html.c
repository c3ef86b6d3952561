#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/noun.h"
#include "base/shell_word.h"
#include "report/html_command_private.h"
#include "report/html_sections_private.h"
#include "report/html_time_private.h"
#include "report/plan_diff_private.h"

/* What a list has is written into memory until all is counted, as the page begins with the counts;
 * it is cut (html_listing_private.h), so that it stays small. */
struct part {
    struct report report;
    struct html html;
    char *content;
    size_t size;
    int64_t entries;
    struct html_listing_texts texts;
};

struct page {
    const struct plan_diff *diff;
    struct part parts[PAIRING_COUNT];
    struct text files; /* as words of a command */
};

static const struct section {
    const char *id, *title, *explanation, *column;
} sections[PAIRING_COUNT] = {
    [PAIRING_SETTINGS] = {"made", "What they were made with",
                          "Settings that differ. They make no plan different by themselves.",
                          "Setting"},
    [PAIRING_TABLES] = {"tables", "Tables", "Source tables with other numbers of rows.", "Table"},
    [PAIRING_DOCUMENTS] = {"documents", "Documents",
                           "Documents that only one plan has, or whose fields differ.", "Document"},
    [PAIRING_ROWS] = {"rows", "Source rows",
                      "Rows whose outcome differs, or that are in another document.", "Row"},
    [PAIRING_CORRECTIONS] = {"corrections", "Corrections",
                             "How often a correction made a difference.", "Correction"},
    [PAIRING_SKIPS] = {"skips", "Rows skipped by a rule", "How many rows a rule has skipped.",
                       "Rule"},
};

static const struct html_listing documents_listing = {
    .title = "What differs",
    .noun = "documents",
    .columns = {"Document", "Kind", "What"},
    .fold = HTML_LISTING_OPEN,
};

static int open_part(struct part *part, struct error *error) {
    part->report.out = open_memstream(&part->content, &part->size);
    if (part->report.out == NULL) {
        return error_set_no_memory(error);
    }
    part->html = html_begin(&part->report);
    part->texts.left = HTML_LISTING_TEXTS;
    return 0;
}

static int begin_list(void *context, enum pairing_of list, struct error *error) {
    struct page *page = context;
    return open_part(&page->parts[list], error);
}

static int end_list(void *context, enum pairing_of list, struct error *error) {
    struct part *part = &((struct page *)context)->parts[list];
    int rc = html_end(&part->html, error);
    FILE *out = part->report.out;
    part->report.out = NULL;
    return fclose(out) == 0 || rc != 0 ? rc : error_set_no_memory(error);
}

/* A value in a cell, cut where it is long. */
static void write_value(struct part *part, const json_t *value, const json_t *other) {
    struct text shown = {0};
    struct html *html = &part->html;
    if (value == NULL) {
        html_markup(html, "<td><i>no such field</i></td>");
        return;
    }
    diff_append_value(value, other, &shown);
    html_check(html, text_check(&shown, &html->error));
    struct span cut = html_listing_cut(&part->texts, text_span(&shown));
    html_put(html, "<td>{}{}</td>", cut, span_of(cut.length < shown.length ? " (cut here)" : ""));
    text_free(&shown);
}

static struct html_table table_of(const char *caption, const char *column) {
    return (struct html_table){.class_name = "inner",
                               .label = caption,
                               .caption = caption,
                               .columns = {column, "First", "Second"}};
}

static void write_fields(struct part *part, const struct field_differences *fields) {
    const struct html_table table = table_of("What differs", "Field");
    html_begin_more(&part->html, "Field by field");
    html_begin_table(&part->html, &table);
    for (size_t i = 0; i < fields->count && part->texts.left > 0; i++) {
        const struct field_difference *field = &fields->items[i];
        html_put(&part->html, "<tr><th scope=\"row\">{}</th>",
                 field->field.length == 0 ? span_of("the whole body") : text_span(&field->field));
        write_value(part, field->first, field->second);
        write_value(part, field->second, field->first);
        html_markup(&part->html, "</tr>\n");
    }
    html_end_table(&part->html, &table);
    html_end_more(&part->html);
}

static void write_document(struct part *part, const struct diff_entry *entry) {
    struct text what = {0};
    if (entry->result == PAIRING_DIFFERENT) {
        text_append_format(
            &what, "%zu %s", entry->fields->count,
            noun_of((int64_t)entry->fields->count, "field differs", "fields differ"));
    } else {
        text_append_string(&what, entry->result == PAIRING_ONLY_FIRST ? "only in the first plan"
                                                                      : "only in the second plan");
    }
    const struct span facts[HTML_LISTING_COLUMNS] = {
        diff_shown_key(pairing_name(entry->pairing, PAIRING_SECOND_NAME)),
        pairing_name(entry->pairing, PAIRING_NAME), text_span(&what)};
    html_begin_entry(&part->html, &documents_listing, "document", part->entries, facts);
    if (entry->fields->count > 0) {
        write_fields(part, entry->fields);
    } else {
        html_markup(&part->html, "</td></tr></tbody>\n");
    }
    text_free(&what);
}

static void write_sides(struct part *part, const struct diff_entry *entry) {
    struct text text = {0};
    diff_append_name(entry, &text);
    html_put(&part->html, "<tr><th scope=\"row\">{}</th>", text_span(&text));
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        text_clear(&text);
        diff_append_side(entry, (enum pairing_side)i, &text);
        html_put(&part->html, "<td>{}</td>",
                 text.length == 0 ? span_of("nothing") : text_span(&text));
    }
    html_markup(&part->html, "</tr>\n");
    text_free(&text);
}

static int write_entry(void *context, const struct diff_entry *entry, struct error *error) {
    struct part *part = &((struct page *)context)->parts[entry->list];
    (void)error; /* a failure is kept, and end_list() returns it */
    if (part->entries++ < HTML_LISTING_ENTRIES) {
        (entry->list == PAIRING_DOCUMENTS ? write_document : write_sides)(part, entry);
    }
    return 0;
}

/* Nothing acts in the page: it has no script. */
static void write_head(struct html *html, const struct diff_counts *counts) {
    bool is_equal = diff_is_equal(counts);
    struct text conclusion = {0};
    diff_append_conclusion(counts, &conclusion);
    html_write_head(html, NULL, "Two plans compared");
    html_put(html,
             "<header class=\"top {}\">\n"
             "<p class=\"eyebrow\">Two plans compared</p>\n<h1>{}</h1>\n<p class=\"lead\">{}.</p>\n"
             "<p class=\"meta\">This page names people: share it with care.</p>\n</header>\n"
             "<main id=\"main\">\n",
             span_of(is_equal ? "good" : "wait"),
             span_of(is_equal ? "The plans are equal" : "The plans differ"),
             text_span(&conclusion));
    text_free(&conclusion);
}

static void write_files(struct html *html, const struct plan_diff *diff) {
    static const char *const names[PAIRING_SIDES] = {"First", "Second"};
    static const struct html_table table = {
        .class_name = "settings",
        .caption = "The two workspaces",
        .columns = {"", "File", "Planned"},
    };
    struct text moment = {0};
    html_begin_table(html, &table);
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        html_check(html, workspace_get_setting(diff->sides[i], "planned", &moment, &html->error));
        html_put(html, "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
                 span_of(names[i]), span_of(workspace_path(diff->sides[i])),
                 moment.length == 0 ? span_of("not yet") : html_stored(text_span(&moment)));
    }
    html_end_table(html, &table);
    text_free(&moment);
}

static void write_counts(struct html *html, struct span name,
                         const int64_t results[PAIRING_RESULTS]) {
    html_put(html, "<tr><th scope=\"row\">{}</th>", name);
    for (size_t i = 0; i < PAIRING_RESULTS; i++) {
        html_put(html, "<td>{}</td>", html_number(results[i]));
    }
    html_markup(html, "</tr>\n");
}

static void write_summary(struct html *html, const struct diff_counts *counts) {
    static const struct html_table table = {
        .class_name = "figures",
        .label = "How many are equal",
        .caption = "Documents by kind, and source rows",
        .columns = {"", "Equal", "Different", "Only in the first", "Only in the second"},
    };
    html_begin_section(html, "summary", "Summary");
    html_begin_table(html, &table);
    for (size_t i = 0; i < counts->kind_count; i++) {
        write_counts(html, text_span(&counts->kinds[i].name), counts->kinds[i].results);
    }
    write_counts(html, span_of("source rows"), counts->lists[PAIRING_ROWS]);
    html_end_table(html, &table);
    html_markup(html, "</section>\n");
}

static void write_part(struct html *html, enum pairing_of list, const struct part *part,
                       const struct html_command *command) {
    const struct section *section = &sections[list];
    html_begin_section(html, section->id, section->title);
    if (list == PAIRING_DOCUMENTS) {
        struct html_listing listing = documents_listing;
        listing.id = "what-differs";
        listing.explanation = section->explanation;
        listing.command = *command;
        html_begin_listing(html, &listing, part->entries);
        html_put_asset(html, part->content, part->size);
        html_end_listing(html);
    } else {
        html_put(html, "<p>{}</p>\n", span_of(section->explanation));
        if (part->entries > HTML_LISTING_ENTRIES) {
            html_put(html, "<p class=\"cut\">The first {} of {} are shown here. All of them: ",
                     html_number(HTML_LISTING_ENTRIES), html_number(part->entries));
            html_put_command(html, command);
            html_markup(html, "</p>\n");
        }
        const struct html_table table = table_of(section->title, section->column);
        html_begin_table(html, &table);
        html_put_asset(html, part->content, part->size);
        html_end_table(html, &table);
    }
    html_markup(html, "</section>\n");
}

static int write_page(struct page *page, const struct diff_counts *counts, struct error *error) {
    static const enum pairing_of order[PAIRING_COUNT] = {PAIRING_DOCUMENTS, PAIRING_ROWS,
                                                         PAIRING_TABLES,    PAIRING_CORRECTIONS,
                                                         PAIRING_SKIPS,     PAIRING_SETTINGS};
    const struct report report = {.out = page->diff->out, .program = page->diff->program};
    struct html html = html_begin(&report);
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        text_append_string(&page->files, i == 0 ? "" : " ");
        shell_word_append(&page->files, span_of(workspace_path(page->diff->sides[i])));
    }
    const struct html_command command = {"diff", text_string(&page->files)};
    write_head(&html, counts);
    write_files(&html, page->diff);
    write_summary(&html, counts);
    for (size_t i = 0; i < PAIRING_COUNT; i++) {
        if (page->parts[order[i]].entries > 0) {
            write_part(&html, order[i], &page->parts[order[i]], &command);
        }
    }
    html_write_foot(&html, NULL);
    return html_end(&html, error);
}

int plan_diff_write_html(const struct plan_diff *diff, struct error *error) {
    struct page page = {.diff = diff};
    const struct diff_visitor visitor = {&page, begin_list, write_entry, end_list};
    struct diff_counts counts = {0};
    int rc = diff_walk(diff, &visitor, &counts, error);
    if (rc == 0) {
        rc = write_page(&page, &counts, error);
    }
    bool is_equal = diff_is_equal(&counts);
    for (size_t i = 0; i < PAIRING_COUNT; i++) {
        struct part *part = &page.parts[i];
        if (part->report.out != NULL) {
            struct error other;
            html_end(&part->html, &other);
            fclose(part->report.out);
        }
        free(part->content);
    }
    text_free(&page.files);
    diff_counts_free(&counts);
    return rc != 0 ? -1 : !is_equal;
}
