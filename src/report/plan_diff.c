#include <string.h>

#include "base/json_memory.h"
#include "base/noun.h"
#include "report/html_sections_private.h"
#include "report/plan_diff_private.h"

/* A body that is no JSON, as of a damaged file, is compared as a text. NULL: memory ran out. */
static json_t *parse(struct span body) {
    json_t *parsed =
        json_memory_load(body.data, body.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    return parsed != NULL || json_memory_has_failed()
               ? parsed
               : json_stringn_nocheck(body.data == NULL ? "" : body.data, body.length);
}

static int find_fields(const struct pairing *pairing, struct field_differences *fields,
                       json_t *bodies[PAIRING_SIDES], struct error *error) {
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        bodies[i] = parse(pairing_text(pairing, (enum pairing_side)i, ENTRY_VALUE));
        if (bodies[i] == NULL) {
            return error_set_no_memory(error);
        }
    }
    return field_differences_find(fields, bodies[PAIRING_FIRST], bodies[PAIRING_SECOND], error);
}

/* One walk: what it counts into, and the fields of the document that it is at. */
struct walk {
    const struct diff_visitor *visitor;
    struct diff_counts *counts;
    struct field_differences fields;
};

/* The documents of a kind come in a row. NULL with the error. */
static struct diff_kind *find_kind(struct diff_counts *counts, struct span name,
                                   struct error *error) {
    size_t last = counts->kind_count;
    if (last > 0 && span_equal(text_span(&counts->kinds[last - 1].name), name)) {
        return &counts->kinds[last - 1];
    }
    if (last == DIFF_MOST_KINDS) {
        error_set(error, ERROR_WORKSPACE, "the plans have more than %d kinds of documents",
                  DIFF_MOST_KINDS);
        return NULL;
    }
    text_append(&counts->kinds[last].name, name);
    if (text_check(&counts->kinds[last].name, error) != 0) {
        return NULL;
    }
    counts->kind_count++;
    return &counts->kinds[last];
}

static int visit(struct walk *walk, enum pairing_of list, const struct pairing *pairing,
                 enum pairing_result result, struct error *error) {
    walk->counts->lists[list][result]++;
    if (list == PAIRING_DOCUMENTS) {
        struct diff_kind *kind =
            find_kind(walk->counts, pairing_name(pairing, PAIRING_NAME), error);
        if (kind == NULL) {
            return -1;
        }
        kind->results[result]++;
    }
    if (result == PAIRING_EQUAL) {
        return 0;
    }
    const struct diff_entry entry = {
        .list = list, .result = result, .pairing = pairing, .fields = &walk->fields};
    return walk->visitor->entry(walk->visitor->context, &entry, error);
}

/* Two bodies of other bytes may be the same JSON. */
static int visit_fields(struct walk *walk, const struct pairing *pairing, struct error *error) {
    json_t *bodies[PAIRING_SIDES] = {NULL, NULL};
    int rc = find_fields(pairing, &walk->fields, bodies, error);
    if (rc == 0) {
        rc = visit(walk, PAIRING_DOCUMENTS, pairing,
                   walk->fields.count == 0 ? PAIRING_EQUAL : PAIRING_DIFFERENT, error);
    }
    field_differences_free(&walk->fields);
    json_decref(bodies[PAIRING_FIRST]);
    json_decref(bodies[PAIRING_SECOND]);
    return rc;
}

static int walk_list(struct walk *walk, const struct plan_diff *diff, enum pairing_of list,
                     struct error *error) {
    struct pairing *pairing = pairing_open(diff->sides, list, error);
    if (pairing == NULL) {
        return -1;
    }
    int rc = walk->visitor->begin(walk->visitor->context, list, error);
    int step = 0;
    while (rc == 0 && (step = pairing_next(pairing, error)) == 1) {
        enum pairing_result result = pairing_result(pairing);
        rc = list == PAIRING_DOCUMENTS && result == PAIRING_DIFFERENT
                 ? visit_fields(walk, pairing, error)
                 : visit(walk, list, pairing, result, error);
    }
    pairing_close(pairing);
    if (rc != 0 || step < 0) {
        return -1;
    }
    return walk->visitor->end == NULL ? 0 : walk->visitor->end(walk->visitor->context, list, error);
}

int diff_walk(const struct plan_diff *diff, const struct diff_visitor *visitor,
              struct diff_counts *counts, struct error *error) {
    struct walk walk = {.visitor = visitor, .counts = counts};
    int rc = 0;
    memset(counts, 0, sizeof *counts);
    for (size_t list = 0; list < PAIRING_COUNT && rc == 0; list++) {
        rc = walk_list(&walk, diff, (enum pairing_of)list, error);
    }
    field_differences_free(&walk.fields);
    return rc;
}

void diff_counts_free(struct diff_counts *counts) {
    for (size_t i = 0; i < DIFF_MOST_KINDS; i++) {
        text_free(&counts->kinds[i].name);
    }
}

int64_t diff_count(const struct diff_counts *counts, enum pairing_of list) {
    const int64_t *results = counts->lists[list];
    return results[PAIRING_DIFFERENT] + results[PAIRING_ONLY_FIRST] + results[PAIRING_ONLY_SECOND];
}

/* What makes two plans different, with its nouns. */
static const struct counted {
    enum pairing_of list;
    const char *one, *many;
} counted[] = {
    {PAIRING_DOCUMENTS, "document", "documents"},
    {PAIRING_ROWS, "row", "rows"},
    {PAIRING_TABLES, "table", "tables"},
    {PAIRING_CORRECTIONS, "correction", "corrections"},
    {PAIRING_SKIPS, "skipping rule", "skipping rules"},
};

bool diff_is_equal(const struct diff_counts *counts) {
    int64_t different = 0;
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        different += diff_count(counts, counted[i].list);
    }
    return different == 0;
}

void diff_append_conclusion(const struct diff_counts *counts, struct text *out) {
    bool is_equal = diff_is_equal(counts);
    size_t parts = 0;
    text_append_string(out, is_equal ? "The plans are equal:" : "The plans differ in");
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        int64_t count = is_equal ? counts->lists[counted[i].list][PAIRING_EQUAL]
                                 : diff_count(counts, counted[i].list);
        if (count > 0) {
            text_append_format(out, "%s %lld %s", parts++ == 0 ? "" : ",", (long long)count,
                               noun_of(count, counted[i].one, counted[i].many));
        }
    }
    text_append_string(out, is_equal && parts == 0 ? " nothing is planned in either" : "");
}

static void append_row_outcome(const struct pairing *pairing, enum pairing_side side,
                               struct text *out) {
    struct span because = pairing_text(pairing, side, COMPARED_BECAUSE);
    struct span key = pairing_text(pairing, side, COMPARED_KEY);
    text_append(out, pairing_text(pairing, side, COMPARED_OUTCOME));
    if (!span_is_null(because)) {
        text_append_string(out, ": ");
        text_append(out, because);
    }
    if (!span_is_null(key)) {
        text_append_string(out, " in ");
        text_append(out, pairing_text(pairing, side, COMPARED_KIND));
        text_append_char(out, ' ');
        text_append(out, key);
    }
}

static void append_numbers(const struct pairing *pairing, enum pairing_side side,
                           struct text *out) {
    static const char *const nouns[] = {" rows: ", " used, ", " skipped, ", " rejected"};
    for (int i = 0; i < (int)(sizeof nouns / sizeof *nouns); i++) {
        text_append(out, pairing_text(pairing, side, TABLE_ROWS + i));
        text_append_string(out, nouns[i]);
    }
}

bool diff_has_side(const struct diff_entry *entry, enum pairing_side side) {
    return entry->result != (side == PAIRING_FIRST ? PAIRING_ONLY_SECOND : PAIRING_ONLY_FIRST);
}

void diff_append_side(const struct diff_entry *entry, enum pairing_side side, struct text *out) {
    if (!diff_has_side(entry, side) || entry->list == PAIRING_DOCUMENTS) {
        return;
    }
    if (entry->list == PAIRING_ROWS) {
        append_row_outcome(entry->pairing, side, out);
    } else if (entry->list == PAIRING_TABLES) {
        append_numbers(entry->pairing, side, out);
    } else if (entry->list == PAIRING_SETTINGS) {
        struct span value = pairing_text(entry->pairing, side, SETTING_VALUE);
        if (span_is_empty(value)) {
            text_append_string(out, "not given");
        }
        html_append_without_secrets(out, value);
    } else {
        bool is_skip = entry->list == PAIRING_SKIPS;
        struct span number = pairing_text(entry->pairing, side, ENTRY_VALUE);
        int64_t count = span_equal_string(number, "1") ? 1 : 0;
        text_append(out, number);
        text_append_format(
            out, " %s", is_skip ? noun_of(count, "row", "rows") : noun_of(count, "time", "times"));
    }
}

struct span diff_shown_key(struct span key) {
    return key.length == 0 ? span_of("\"\"") : key;
}

void diff_append_name(const struct diff_entry *entry, struct text *out) {
    text_append(out, pairing_name(entry->pairing, PAIRING_NAME));
    if (entry->list != PAIRING_SETTINGS && entry->list != PAIRING_TABLES) {
        text_append_char(out, ' ');
        text_append(out, diff_shown_key(pairing_name(entry->pairing, PAIRING_SECOND_NAME)));
    }
}

void diff_append_value(const json_t *value, const json_t *other, struct text *out) {
    if (json_is_string(value) && json_string_length(value) > 0 &&
        (other == NULL || json_is_string(other))) {
        text_append(out, (struct span){json_string_value(value), json_string_length(value)});
        return;
    }
    char *dumped = json_memory_dump(value, JSON_ENCODE_ANY | JSON_PRESERVE_ORDER);
    out->failed = out->failed || dumped == NULL;
    text_append_string(out, dumped);
    json_memory_free(dumped);
}
