#include "base/json_memory.h"
#include "base/json_writer.h"
#include "report/html_sections_private.h"
#include "report/plan_diff_private.h"

/* What is on its way to the file; the writer continues over all of it. */
struct writing {
    const struct plan_diff *diff;
    struct text out;
    struct json_writer json;
};

static const char *const side_names[PAIRING_SIDES] = {"first", "second"};

/* The members of an entry that name it, and those of what a side has. An only value has no name. */
static const struct form {
    const char *list;
    const char *names[2];
    const char *values[4];
} forms[PAIRING_COUNT] = {
    [PAIRING_SETTINGS] = {"settings", {"name", NULL}, {NULL}},
    [PAIRING_TABLES] = {"tables", {"table", NULL}, {"rows", "used", "skipped", "rejected"}},
    [PAIRING_DOCUMENTS] = {"documents", {"kind", "key"}, {NULL}},
    [PAIRING_ROWS] = {"rows", {"table", "row"}, {"outcome", "because", "kind", "key"}},
    [PAIRING_CORRECTIONS] = {"corrections", {"kind", "id"}, {NULL}},
    [PAIRING_SKIPS] = {"skips", {"table", "rule"}, {NULL}},
};

static const char *const result_names[PAIRING_RESULTS] = {
    [PAIRING_EQUAL] = "equal",
    [PAIRING_DIFFERENT] = "different",
    [PAIRING_ONLY_FIRST] = "only first",
    [PAIRING_ONLY_SECOND] = "only second",
};

/* Numbers are kept as numbers; a foreign file may have anything in their place. */
static void write_number(struct json_writer *json, struct span value) {
    bool is_number = value.length > 0 && value.length < 19;
    for (size_t i = 0; i < value.length; i++) {
        is_number = is_number && value.data[i] >= '0' && value.data[i] <= '9';
    }
    is_number = is_number && (value.length == 1 || value.data[0] != '0');
    (is_number ? json_write_raw : json_write_string)(json, value);
}

static int names_of(const struct form *form) {
    return form->names[1] == NULL ? 1 : 2;
}

/* A setting has no secret; should one be in it, it is left out. */
static void write_value_of_side(struct json_writer *json, const struct diff_entry *entry,
                                enum pairing_side side) {
    struct span value = pairing_text(entry->pairing, side, names_of(&forms[entry->list]));
    if (entry->list != PAIRING_SETTINGS) {
        write_number(json, value);
        return;
    }
    struct text shown = {0};
    html_append_without_secrets(&shown, value);
    json_write_string(json, text_span(&shown));
    text_free(&shown);
}

static void write_side(struct json_writer *json, const struct diff_entry *entry,
                       enum pairing_side side) {
    const struct form *form = &forms[entry->list];
    bool is_number = entry->list == PAIRING_TABLES;
    json_write_key(json, side_names[side]);
    if (!diff_has_side(entry, side)) {
        json_write_null(json);
        return;
    }
    if (form->values[0] == NULL) {
        write_value_of_side(json, entry, side);
        return;
    }
    json_begin_object(json);
    for (int i = 0; i < 4; i++) {
        json_write_key(json, form->values[i]);
        struct span value = pairing_text(entry->pairing, side, names_of(form) + i);
        (is_number ? write_number : json_write_string)(json, value);
    }
    json_end_object(json);
}

static void write_value(struct writing *writing, const char *name, const json_t *value) {
    char *dumped =
        value == NULL
            ? NULL
            : json_memory_dump(value, JSON_ENCODE_ANY | JSON_PRESERVE_ORDER | JSON_COMPACT);
    writing->out.failed = writing->out.failed || (value != NULL && dumped == NULL);
    if (dumped != NULL) {
        json_write_key(&writing->json, name);
        json_write_raw(&writing->json, span_of(dumped));
    }
    json_memory_free(dumped);
}

/* A field that a side does not have has no member there; one that is null has null. */
static void write_fields(struct writing *writing, const struct field_differences *fields) {
    struct json_writer *json = &writing->json;
    json_write_key(json, "fields");
    json_begin_array(json);
    for (size_t i = 0; i < fields->count; i++) {
        json_begin_object(json);
        json_member_string(json, "field", text_span(&fields->items[i].field));
        write_value(writing, "first", fields->items[i].first);
        write_value(writing, "second", fields->items[i].second);
        json_end_object(json);
    }
    json_end_array(json);
}

static int begin_list(void *context, enum pairing_of list, struct error *error) {
    struct writing *writing = context;
    (void)error;
    json_write_key(&writing->json, forms[list].list);
    json_begin_array(&writing->json);
    return 0;
}

static int write_entry(void *context, const struct diff_entry *entry, struct error *error) {
    struct writing *writing = context;
    struct json_writer *json = &writing->json;
    const struct form *form = &forms[entry->list];
    json_begin_object(json);
    for (int i = 0; i < names_of(form); i++) {
        json_member_string(json, form->names[i], pairing_name(entry->pairing, i));
    }
    if (entry->list == PAIRING_DOCUMENTS) {
        json_member_string(json, "result", span_of(result_names[entry->result]));
        write_fields(writing, entry->fields);
    } else {
        write_side(json, entry, PAIRING_FIRST);
        write_side(json, entry, PAIRING_SECOND);
    }
    json_end_object(json);
    return report_flush(writing->diff->out, &writing->out, error);
}

static int end_list(void *context, enum pairing_of list, struct error *error) {
    struct writing *writing = context;
    (void)list;
    json_end_array(&writing->json);
    return report_flush(writing->diff->out, &writing->out, error);
}

static int write_head(struct writing *writing, struct error *error) {
    const struct span nothing = {0};
    struct text moment = {0};
    int rc = 0;
    json_begin_object(&writing->json);
    json_member_integer(&writing->json, "version", 1);
    for (size_t i = 0; i < PAIRING_SIDES && rc == 0; i++) {
        rc = workspace_get_setting(writing->diff->sides[i], "planned", &moment, error);
        json_write_key(&writing->json, side_names[i]);
        json_begin_object(&writing->json);
        json_member_string(&writing->json, "file",
                           span_of(workspace_path(writing->diff->sides[i])));
        json_member_string(&writing->json, "planned",
                           moment.length == 0 ? nothing : text_span(&moment));
        json_end_object(&writing->json);
    }
    text_free(&moment);
    return rc;
}

static void write_counts(struct json_writer *json, const int64_t results[PAIRING_RESULTS]) {
    static const char *const members[PAIRING_RESULTS] = {"equal", "different", "only_first",
                                                         "only_second"};
    json_begin_object(json);
    for (size_t i = 0; i < PAIRING_RESULTS; i++) {
        json_member_integer(json, members[i], results[i]);
    }
    json_end_object(json);
}

static void write_totals(struct json_writer *json, const struct diff_counts *counts) {
    json_write_key(json, "totals");
    json_begin_object(json);
    json_write_key(json, "kinds");
    json_begin_object(json);
    for (size_t i = 0; i < counts->kind_count; i++) {
        json_write_key(json, text_string(&counts->kinds[i].name));
        write_counts(json, counts->kinds[i].results);
    }
    json_end_object(json);
    for (size_t list = PAIRING_TABLES; list < PAIRING_COUNT; list++) {
        json_write_key(json, forms[list].list);
        write_counts(json, counts->lists[list]);
    }
    json_end_object(json);
}

int plan_diff_write_json(const struct plan_diff *diff, struct error *error) {
    struct writing writing = {.diff = diff};
    const struct diff_visitor visitor = {&writing, begin_list, write_entry, end_list};
    struct diff_counts counts = {0};
    writing.json = json_writer_to(&writing.out);
    int rc = write_head(&writing, error);
    if (rc == 0) {
        rc = diff_walk(diff, &visitor, &counts, error);
    }
    bool is_equal = diff_is_equal(&counts);
    if (rc == 0) {
        write_totals(&writing.json, &counts);
        json_member_boolean(&writing.json, "equal", is_equal);
        json_end_object(&writing.json);
        text_append_char(&writing.out, '\n');
        rc = report_flush(diff->out, &writing.out, error);
    }
    diff_counts_free(&counts);
    text_free(&writing.out);
    return rc != 0 ? -1 : !is_equal;
}
