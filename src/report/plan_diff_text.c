#include "report/fields.h"
#include "report/plan_diff_private.h"

/* What is on its way to the file. */
struct writing {
    const struct plan_diff *diff;
    struct text out;
    struct text value;
    bool has_title; /* of the list that is written */
};

static const char *const titles[PAIRING_COUNT] = {
    [PAIRING_SETTINGS] = "made with",      [PAIRING_TABLES] = "tables",
    [PAIRING_DOCUMENTS] = "documents",     [PAIRING_ROWS] = "rows",
    [PAIRING_CORRECTIONS] = "corrections", [PAIRING_SKIPS] = "rows skipped by a rule",
};

static const char *const marks[PAIRING_SIDES] = {[PAIRING_FIRST] = "-", [PAIRING_SECOND] = "+"};

static int write_head(struct writing *writing, struct error *error) {
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        struct text *moment = &writing->value;
        if (workspace_get_setting(writing->diff->sides[i], "planned", moment, error) != 0) {
            return -1;
        }
        text_append_format(&writing->out, "%s ", marks[i]);
        fields_append_visible(&writing->out, span_of(workspace_path(writing->diff->sides[i])));
        text_append_string(&writing->out, moment->length == 0 ? ", not planned yet" : ", planned ");
        fields_append_visible(&writing->out, text_span(moment));
        text_append_char(&writing->out, '\n');
    }
    return 0;
}

static int begin_list(void *context, enum pairing_of list, struct error *error) {
    struct writing *writing = context;
    (void)list;
    (void)error;
    writing->has_title = false;
    return 0;
}

enum { LONG_PART = 160, CONTEXT = 40 };

/* Not in the middle of a character. */
static size_t step_back(const char *text, size_t at) {
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

/* How much at the start, and at the end, two long texts have in common and is left out: all but a
 * few characters next to the difference. */
static void find_alike(const struct span values[PAIRING_SIDES], size_t *start, size_t *end) {
    struct span a = values[PAIRING_FIRST];
    struct span b = values[PAIRING_SECOND];
    size_t most = a.length < b.length ? a.length : b.length;
    *start = 0;
    *end = 0;
    while (*start < most && a.data[*start] == b.data[*start]) {
        (*start)++;
    }
    while (*end < most - *start && a.data[a.length - 1 - *end] == b.data[b.length - 1 - *end]) {
        (*end)++;
    }
    *start = *start < LONG_PART ? 0 : step_back(a.data, *start - CONTEXT);
    *end = *end < LONG_PART ? 0 : a.length - step_back(a.data, a.length - *end + CONTEXT);
}

static void append_field(struct writing *writing, const struct field_difference *field) {
    const json_t *fields[PAIRING_SIDES] = {field->first, field->second};
    struct text values[PAIRING_SIDES] = {{0}, {0}};
    size_t start = 0;
    size_t end = 0;
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        if (fields[i] != NULL) {
            diff_append_value(fields[i], fields[1 - i], &values[i]);
        }
    }
    if (fields[PAIRING_FIRST] != NULL && fields[PAIRING_SECOND] != NULL) {
        const struct span spans[] = {text_span(&values[0]), text_span(&values[1])};
        find_alike(spans, &start, &end);
    }
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        if (fields[i] != NULL) {
            struct span value = text_span(&values[i]);
            text_clear(&writing->value);
            text_append_string(&writing->value, start > 0 ? "... " : "");
            text_append(&writing->value,
                        (struct span){value.data + start, value.length - start - end});
            text_append_string(&writing->value, end > 0 ? " ..." : "");
            fields_append_one(&writing->out, marks[i], text_span(&writing->value), 6);
        }
        writing->out.failed = writing->out.failed || values[i].failed;
        text_free(&values[i]);
    }
}

static void append_fields(struct writing *writing, const struct field_differences *fields) {
    for (size_t i = 0; i < fields->count; i++) {
        const struct text *name = &fields->items[i].field;
        text_append_string(&writing->out, "    ");
        fields_append_visible(&writing->out,
                              name->length == 0 ? span_of("the whole body") : text_span(name));
        text_append_char(&writing->out, '\n');
        append_field(writing, &fields->items[i]);
    }
}

/* A document that one plan has only is one line. */
static void append_document(struct writing *writing, const struct diff_entry *entry) {
    const char *mark = entry->result == PAIRING_ONLY_FIRST    ? marks[PAIRING_FIRST]
                       : entry->result == PAIRING_ONLY_SECOND ? marks[PAIRING_SECOND]
                                                              : " ";
    text_clear(&writing->value);
    diff_append_name(entry, &writing->value);
    text_append_format(&writing->out, "%s ", mark);
    fields_append_visible(&writing->out, text_span(&writing->value));
    text_append_char(&writing->out, '\n');
    append_fields(writing, entry->fields);
}

static void append_entry(struct writing *writing, const struct diff_entry *entry) {
    text_clear(&writing->value);
    diff_append_name(entry, &writing->value);
    text_append_string(&writing->out, "  ");
    fields_append_visible(&writing->out, text_span(&writing->value));
    text_append_char(&writing->out, '\n');
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        text_clear(&writing->value);
        diff_append_side(entry, (enum pairing_side)i, &writing->value);
        if (writing->value.length > 0) {
            fields_append_one(&writing->out, marks[i], text_span(&writing->value), 4);
        }
    }
}

static int write_entry(void *context, const struct diff_entry *entry, struct error *error) {
    struct writing *writing = context;
    if (!writing->has_title) {
        text_append_format(&writing->out, "\n%s\n", titles[entry->list]);
        writing->has_title = true;
    }
    if (entry->list == PAIRING_DOCUMENTS) {
        append_document(writing, entry);
    } else {
        append_entry(writing, entry);
    }
    writing->out.failed = writing->out.failed || writing->value.failed;
    return report_flush(writing->diff->out, &writing->out, error);
}

static void append_counts(struct text *out, struct span name,
                          const int64_t results[PAIRING_RESULTS]) {
    size_t before = out->length;
    text_append_string(out, "  ");
    fields_append_visible(out, name);
    size_t width = out->length - before;
    text_append_format(out, "%*s", width < 26 ? 26 - (int)width : 1, "");
    text_append_format(out, "%10lld%12lld%14lld%15lld\n", (long long)results[PAIRING_EQUAL],
                       (long long)results[PAIRING_DIFFERENT],
                       (long long)results[PAIRING_ONLY_FIRST],
                       (long long)results[PAIRING_ONLY_SECOND]);
}

static void append_summary(const struct diff_counts *counts, struct text *out) {
    text_append_format(out, "\n%-26s%10s%12s%14s%15s\n", "summary", "equal", "different",
                       "- only first", "+ only second");
    for (size_t i = 0; i < counts->kind_count; i++) {
        append_counts(out, text_span(&counts->kinds[i].name), counts->kinds[i].results);
    }
    append_counts(out, span_of("source rows"), counts->lists[PAIRING_ROWS]);
    text_append_char(out, '\n');
    diff_append_conclusion(counts, out);
    text_append_string(out, ".\n");
}

int plan_diff_write_text(const struct plan_diff *diff, struct error *error) {
    struct writing writing = {.diff = diff};
    const struct diff_visitor visitor = {&writing, begin_list, write_entry, NULL};
    struct diff_counts counts = {0};
    int rc = write_head(&writing, error);
    if (rc == 0) {
        rc = diff_walk(diff, &visitor, &counts, error);
    }
    if (rc == 0) {
        append_summary(&counts, &writing.out);
        rc = report_flush(diff->out, &writing.out, error);
    }
    bool is_equal = diff_is_equal(&counts);
    diff_counts_free(&counts);
    text_free(&writing.value);
    text_free(&writing.out);
    return rc != 0 ? -1 : !is_equal;
}
