#include "base/json_writer.h"
#include "base/statement.h"
#include "report/account_report.h"

static void write_reasons(struct json_writer *json, const char *key, const char *name,
                          const struct account_reason *reasons, size_t count) {
    json_write_key(json, key);
    json_begin_array(json);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(json);
        json_member_string(json, name, reasons[i].because);
        json_member_integer(json, "rows", reasons[i].rows);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_queries(const struct account *account, size_t kind, struct json_writer *json) {
    json_write_key(json, "queries");
    json_begin_array(json);
    for (size_t i = 0; i < account->query_count; i++) {
        const struct account_query *query = &account->queries[i];
        if (query->kind != kind) {
            continue;
        }
        json_begin_object(json);
        json_member_string(json, "query", query->name);
        json_member_integer(json, "rows_read", query->rows_read);
        json_member_integer(json, "used", query->used);
        json_member_integer(json, "skipped", query->skipped);
        json_member_integer(json, "rejected", query->rejected);
        write_reasons(json, "skipped_by", "rule", query->skips, query->skip_count);
        write_reasons(json, "rejected_because", "reason", query->rejects, query->reject_count);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_documents(const struct account_kind *kind, struct json_writer *json) {
    json_write_key(json, "documents");
    json_begin_object(json);
    json_member_integer(json, "planned", kind->documents);
    for (enum state state = 0; state < STATE_COUNT; state++) {
        json_member_integer(json, state_name(state), kind->states[state]);
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

static void write_corrections(const struct account *account, size_t kind,
                              struct json_writer *json) {
    json_write_key(json, "corrections");
    json_begin_object(json);
    for (size_t i = 0; i < account->correction_count; i++) {
        if (account->corrections[i].kind == kind) {
            /* Ids are terminated where they stand in the arena. */
            json_member_integer(json, account->corrections[i].id.data,
                                account->corrections[i].times);
        }
    }
    json_end_object(json);
}

static void write_warnings(const struct account *account, struct json_writer *json) {
    json_write_key(json, "warnings");
    json_begin_array(json);
    for (size_t i = 0; i < account->warning_count; i++) {
        json_begin_object(json);
        json_member_string(json, "kind", account->kinds[account->warnings[i].kind].name);
        json_member_string(json, "key", account->warnings[i].key);
        json_member_string(json, "text", account->warnings[i].text);
        json_end_object(json);
    }
    json_end_array(json);
}

static const char *const person_keys[PERSON_COUNT] = {
    [PERSON_IS_FOUND] = "found",
    [PERSON_IS_CHOSEN] = "several_addresses",
    [PERSON_IS_NOBODY] = "nobody",
    [PERSON_IS_SEVERAL] = "several_people",
    [PERSON_HAS_NO_ADDRESS] = "no_address",
    [PERSON_HAS_NO_NAME] = "no_name",
};

static void write_lookups(const struct account *account, size_t kind, struct json_writer *json) {
    json_write_key(json, "names");
    json_begin_array(json);
    for (size_t i = 0; i < account->lookup_count; i++) {
        const struct account_lookup *lookup = &account->lookups[i];
        if (lookup->kind != kind) {
            continue;
        }
        json_begin_object(json);
        json_member_string(json, "name", lookup->name);
        json_member_string(json, "outcome", span_of(presence_name(lookup->outcome)));
        json_member_integer(json, "uses", lookup->uses);
        json_member_string(json, "found", lookup->found);
        json_end_object(json);
    }
    json_end_array(json);
}

/* Kinds for which somebody was looked up. */
static void write_people(const struct account *account, struct json_writer *json) {
    json_write_key(json, "people");
    json_begin_array(json);
    for (size_t kind = 0; kind < account->kind_count; kind++) {
        if (account_names_looked_up(&account->kinds[kind]) == 0) {
            continue;
        }
        json_begin_object(json);
        json_member_string(json, "kind", account->kinds[kind].name);
        for (enum presence presence = 0; presence < PERSON_COUNT; presence++) {
            json_member_integer(json, person_keys[presence],
                                account->kinds[kind].persons[presence]);
        }
        write_lookups(account, kind, json);
        json_end_object(json);
    }
    json_end_array(json);
}

static int write_settings(struct workspace *workspace, struct json_writer *json,
                          struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(workspace),
                          "SELECT name, value FROM setting ORDER BY name", error) != 0) {
        return -1;
    }
    json_write_key(json, "settings");
    json_begin_object(json);
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        json_member_string(json, statement_text(&statement, 0).data, statement_text(&statement, 1));
    }
    json_end_object(json);
    statement_finalize(&statement);
    return rc;
}

/* Who worked on the file last, and whether that is going on; null where nobody ever did. */
static int write_owner(struct workspace *workspace, struct json_writer *json, struct error *error) {
    struct statement owner;
    if (statement_prepare(&owner, workspace_database(workspace),
                          "SELECT pid, host, verb, since FROM owner", error) != 0) {
        return -1;
    }
    json_write_key(json, "owner");
    int rc = statement_step(&owner, error);
    if (rc == 1) {
        json_begin_object(json);
        json_member_boolean(json, "is_at_work", workspace_is_at_work(workspace));
        json_member_integer(json, "pid", statement_integer(&owner, 0));
        json_member_string(json, "host", statement_text(&owner, 1));
        json_member_string(json, "verb", statement_text(&owner, 2));
        json_member_string(json, "since", statement_text(&owner, 3));
        json_end_object(json);
    } else {
        json_write_null(json);
    }
    statement_finalize(&owner);
    return rc < 0 ? -1 : 0;
}

int account_write_members(const struct account *account, struct workspace *workspace,
                          struct json_writer *json, struct error *error) {
    json_member_integer(json, "version", ACCOUNT_VERSION);
    json_write_key(json, "kinds");
    json_begin_array(json);
    for (size_t i = 0; i < account->kind_count; i++) {
        json_begin_object(json);
        json_member_string(json, "kind", account->kinds[i].name);
        write_queries(account, i, json);
        write_documents(&account->kinds[i], json);
        write_corrections(account, i, json);
        json_end_object(json);
    }
    json_end_array(json);
    write_people(account, json);
    write_warnings(account, json);
    return write_settings(workspace, json, error) == 0 ? write_owner(workspace, json, error) : -1;
}

int account_append_json(const struct account *account, struct workspace *workspace,
                        struct text *out, struct error *error) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    if (account_write_members(account, workspace, &json, error) != 0) {
        return -1;
    }
    json_end_object(&json);
    return text_check(out, error);
}
