#include "base/json_writer.h"
#include "report/account_report.h"
#include "workspace/statement.h"

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

int account_append_json(const struct account *account, struct workspace *workspace,
                        struct text *out, struct error *error) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    json_member_integer(&json, "version", 1);
    json_write_key(&json, "kinds");
    json_begin_array(&json);
    for (size_t i = 0; i < account->kind_count; i++) {
        json_begin_object(&json);
        json_member_string(&json, "kind", account->kinds[i].name);
        write_queries(account, i, &json);
        write_documents(&account->kinds[i], &json);
        write_corrections(account, i, &json);
        json_end_object(&json);
    }
    json_end_array(&json);
    write_warnings(account, &json);
    if (write_settings(workspace, &json, error) != 0) {
        return -1;
    }
    json_end_object(&json);
    return text_check(out, error);
}

int account_write_json(const struct report *report, struct error *error) {
    struct account account;
    struct text out = {0};
    if (account_load(report->workspace, &account, error) != 0) {
        return -1;
    }
    int rc = account_append_json(&account, report->workspace, &out, error);
    account_free(&account);
    if (rc == 0) {
        text_append_char(&out, '\n');
        rc = text_check(&out, error);
    }
    if (rc == 0) {
        fwrite(text_string(&out), 1, out.length, report->out);
    }
    text_free(&out);
    return rc;
}
