#include "base/date.h"
#include "base/json_writer.h"
#include "report/summary_report.h"
#include "workspace/listing.h"

static void write_reasons(struct json_writer *json, const char *key, const char *name,
                          const struct summary_reasons *reasons) {
    json_write_key(json, key);
    json_begin_array(json);
    for (size_t i = 0; i < reasons->count; i++) {
        json_begin_object(json);
        json_member_string(json, name, reasons->items[i].because);
        json_member_integer(json, "rows", reasons->items[i].rows);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_tables(const struct summary *summary, struct json_writer *json) {
    json_write_key(json, "tables");
    json_begin_array(json);
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct summary_table *table = &summary->tables[i];
        json_begin_object(json);
        json_member_string(json, "table", table->name);
        json_member_integer(json, "rows", table->rows);
        for (enum row_outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            json_member_integer(json, row_outcome_name(outcome), table->outcomes[outcome]);
        }
        json_member_integer(json, "left", table->left);
        json_member_string(json, "left_because", table->left_because);
        write_reasons(json, "skipped_by", "rule", &table->reasons[OUTCOME_SKIPPED]);
        write_reasons(json, "rejected_because", "reason", &table->reasons[OUTCOME_REJECTED]);
        json_end_object(json);
    }
    json_end_array(json);
}

/* The words of a state or an outcome as a name: "handed_out". */
static void write_count(struct json_writer *json, const char *words, int64_t count) {
    struct text name = {0};
    for (const char *c = words; *c != '\0'; c++) {
        text_append_char(&name, (char)(*c == ' ' ? '_' : *c));
    }
    json_member_integer(json, text_string(&name), count);
    json->out->failed = json->out->failed || name.failed;
    text_free(&name);
}

static void write_documents(const struct summary_kind *kind, struct json_writer *json) {
    json_write_key(json, "documents");
    json_begin_object(json);
    json_member_integer(json, "planned", kind->documents);
    for (enum state state = 0; state < STATE_COUNT; state++) {
        write_count(json, state_name(state), kind->states[state]);
    }
    json_member_integer(json, "changed", kind->changed);
    json_member_integer(json, "gone", kind->gone);
    json_end_object(json);
    json_write_key(json, "verified");
    json_begin_object(json);
    for (enum verdict verdict = VERDICT_EQUAL; verdict < VERDICT_COUNT; verdict++) {
        json_member_integer(json, verdict_name(verdict), kind->verdicts[verdict]);
    }
    json_end_object(json);
}

static void write_corrections(const struct summary *summary, size_t kind,
                              struct json_writer *json) {
    json_write_key(json, "corrections");
    json_begin_object(json);
    for (size_t i = 0; i < summary->correction_count; i++) {
        if (summary->corrections[i].kind == kind) {
            /* Ids are terminated in the arena. */
            json_member_integer(json, summary->corrections[i].id.data,
                                summary->corrections[i].times);
        }
    }
    json_end_object(json);
}

/* Documents that a lost request may still change, and until when. */
static void write_unsettled(const struct summary_kind *kind, struct json_writer *json) {
    char moment[DATE_MOMENT_SIZE];
    json_write_key(json, "unsettled");
    json_begin_object(json);
    json_member_integer(json, "documents", kind->unsettled);
    date_format_moment(kind->settled_at, moment);
    json_member_string(json, "until", kind->unsettled > 0 ? span_of(moment) : span_of(NULL));
    json_end_object(json);
}

/* Parts that are handed out. */
static void write_parts(const struct summary *summary, struct json_writer *json) {
    json_write_key(json, "parts");
    json_begin_array(json);
    for (size_t i = 0; i < summary->part_count; i++) {
        const struct summary_part *part = &summary->parts[i];
        json_begin_object(json);
        json_member_string(json, "kind", summary->kinds[part->kind].name);
        json_member_integer(json, "number", part->number);
        json_member_integer(json, "of", part->parts);
        json_member_integer(json, "documents", part->documents);
        json_member_integer(json, "handed_out", part->out);
        json_member_string(json, "file", part->file);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_warnings(const struct summary *summary, struct json_writer *json) {
    json_write_key(json, "warnings");
    json_begin_array(json);
    for (size_t i = 0; i < summary->warning_count; i++) {
        json_begin_object(json);
        json_member_string(json, "kind", summary->kinds[summary->warnings[i].kind].name);
        json_member_string(json, "key", summary->warnings[i].key);
        json_member_string(json, "text", summary->warnings[i].text);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_names(const struct summary *summary, size_t kind, struct json_writer *json) {
    json_write_key(json, "names");
    json_begin_array(json);
    for (size_t i = 0; i < summary->person_count; i++) {
        const struct summary_person *person = &summary->persons[i];
        if (person->kind != kind) {
            continue;
        }
        json_begin_object(json);
        json_member_string(json, "name", person->name);
        json_member_string(json, "outcome", span_of(person_outcome_name(person->outcome)));
        json_member_integer(json, "uses", person->uses);
        json_member_string(json, "found", person->found);
        json_end_object(json);
    }
    json_end_array(json);
}

/* Kinds for which somebody was looked up. */
static void write_people(const struct summary *summary, struct json_writer *json) {
    json_write_key(json, "people");
    json_begin_array(json);
    for (size_t kind = 0; kind < summary->kind_count; kind++) {
        if (summary_count_names(&summary->kinds[kind]) == 0) {
            continue;
        }
        json_begin_object(json);
        json_member_string(json, "kind", summary->kinds[kind].name);
        for (enum person_outcome outcome = 0; outcome < PERSON_OUTCOME_COUNT; outcome++) {
            write_count(json, person_outcome_name(outcome), summary->kinds[kind].persons[outcome]);
        }
        write_names(summary, kind, json);
        json_end_object(json);
    }
    json_end_array(json);
}

static int write_settings(struct workspace *workspace, struct json_writer *json,
                          struct error *error) {
    struct listing settings;
    if (listing_open(&settings, workspace, LISTING_SETTINGS, &(struct listing_filter){0}, error) !=
        0) {
        return -1;
    }
    json_write_key(json, "settings");
    json_begin_object(json);
    int rc;
    while ((rc = listing_next(&settings, error)) == 1) {
        json_member_string(json, listing_text(&settings, 0).data, listing_text(&settings, 1));
    }
    json_end_object(json);
    listing_close(&settings);
    return rc;
}

/* Who worked on the file last, and whether that is going on; null where nobody ever did. */
static int write_owner(struct workspace *workspace, struct json_writer *json, struct error *error) {
    struct listing owner;
    if (listing_open(&owner, workspace, LISTING_OWNER, &(struct listing_filter){0}, error) != 0) {
        return -1;
    }
    json_write_key(json, "owner");
    int rc = listing_next(&owner, error);
    if (rc == 1) {
        json_begin_object(json);
        json_member_boolean(json, "is_at_work", workspace_is_at_work(workspace));
        for (size_t i = 0; i < owner.column_count; i++) {
            listing_write_member(&owner, (int)i, json);
        }
        json_end_object(json);
    } else {
        json_write_null(json);
    }
    listing_close(&owner);
    return rc < 0 ? -1 : 0;
}

/* Null where nobody has accepted the rejected rows. */
static void write_acceptance(const struct summary *summary, struct json_writer *json) {
    bool is_accepted = !span_is_empty(summary->rejects_accepted);
    json_member_string(json, "rejects_accepted",
                       is_accepted ? summary->rejects_accepted : (struct span){0});
}

int summary_write_members(const struct summary *summary, struct workspace *workspace,
                          struct json_writer *json, struct error *error) {
    json_member_integer(json, "version", SUMMARY_VERSION);
    write_tables(summary, json);
    write_acceptance(summary, json);
    json_write_key(json, "kinds");
    json_begin_array(json);
    for (size_t i = 0; i < summary->kind_count; i++) {
        json_begin_object(json);
        json_member_string(json, "kind", summary->kinds[i].name);
        write_documents(&summary->kinds[i], json);
        write_unsettled(&summary->kinds[i], json);
        json_member_integer(json, "strangers", summary->kinds[i].strangers);
        write_corrections(summary, i, json);
        json_end_object(json);
    }
    json_end_array(json);
    write_parts(summary, json);
    write_people(summary, json);
    write_warnings(summary, json);
    return write_settings(workspace, json, error) == 0 ? write_owner(workspace, json, error) : -1;
}

int summary_append_json(const struct summary *summary, struct workspace *workspace,
                        struct text *out, struct error *error) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    if (summary_write_members(summary, workspace, &json, error) != 0) {
        return -1;
    }
    json_end_object(&json);
    return text_check(out, error);
}
