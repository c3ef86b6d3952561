#include "reports.h"

#include "record.h"
#include "users.h"
#include "validation.h"

/* Finds the people by their addresses, exactly; who is unknown is left out. 0, or the status. */
static unsigned find_authors(struct standin *standin, const json_t *addresses, json_t *numbers) {
    if (!json_is_array(addresses)) {
        return json_is_string(addresses) || json_is_object(addresses) ? 0 : 500;
    }
    size_t i;
    json_t *address;
    json_array_foreach(addresses, i, address) {
        struct slice email = slice_of_json(address);
        struct row row;
        int found = email.data == NULL ? 0 : storage_find(standin->storage, USERS, email, &row);
        if (found < 0 || (found > 0 && row.mark == 0)) {
            return 500;
        }
        if (found > 0) {
            json_array_append_new(numbers, json_integer(row.n));
        }
    }
    return 0;
}

static unsigned validate(const json_t *report, struct text *messages) {
    validation_required(json_object_get(report, "group"), "Group", messages);
    validation_required(json_object_get(report, "campaign_name"), "Campaign Name", messages);
    validation_required(json_object_get(report, "status"), "Status", messages);
    if (messages->size > 0) {
        return 400;
    }
    long long status = record_number(json_object_get(report, "status"));
    return status >= 1 && status <= REPORT_STATUS_LAST ? 0 : 500;
}

static int insert(struct standin *standin, long long owner, const json_t *report, json_t *authors) {
    static const char *const fields[] = {"group",   "campaign_name", "status",
                                         "content", "activities",    "attachments"};
    char id[RECORD_ID_SIZE];
    struct text text = {0};
    long long n = storage_next(standin->storage, REPORTS);
    json_t *record = json_object();
    json_object_set(record, "authors", authors);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        json_t *value = json_object_get(report, fields[i]);
        json_object_set_new(record, fields[i], value == NULL ? json_null() : json_incref(value));
    }
    record_id_write(REPORTS, n, id);
    record_set_origin(record, id);
    text_add_json(&text, record);
    struct row row = {.n = n,
                      .owner = owner,
                      .name = slice_of_json(json_object_get(report, "campaign_name")),
                      .detail = slice_of_json(json_object_get(report, "group")),
                      .mark = (int)record_number(json_object_get(report, "status")),
                      .record = {text.data, text.size}};
    int rc = storage_insert(standin->storage, REPORTS, &row);
    json_decref(record);
    text_free(&text);
    return rc;
}

unsigned reports_store(struct standin *standin, long long owner, const json_t *report,
                       struct text *messages) {
    json_t *addresses = json_object_get(report, "authors");
    if (addresses == NULL) {
        return 500;
    }
    json_t *authors = json_array();
    unsigned status = find_authors(standin, addresses, authors);
    if (status == 0) {
        status = validate(report, messages);
    }
    if (status == 0 && insert(standin, owner, report, authors) != 0) {
        status = 500;
    }
    json_decref(authors);
    return status;
}

json_t *reports_load(struct standin *standin, const struct row *row) {
    json_t *report = json_loadb(row->record.data, row->record.size, JSON_ALLOW_NUL, NULL);
    json_t *people = json_array();
    size_t i;
    json_t *number;
    json_array_foreach(json_object_get(report, "authors"), i, number) {
        json_array_append_new(people, users_load(standin, json_integer_value(number)));
    }
    json_object_set_new(report, "authors", people);
    record_set_mail_ids(report);
    return report;
}

enum outcome reports_search(struct standin *standin, struct request *request) {
    struct slice campaign = {request->arguments[0].data, request->arguments[0].size};
    struct slice group = {request->arguments[1].data, request->arguments[1].size};
    struct row row;
    int found = storage_find_report(standin->storage, campaign, group, &row);
    if (found < 0) {
        answer_error(&request->answer, 500);
        return OUTCOME_ANSWERED;
    }
    json_t *report = found == 0 ? NULL : reports_load(standin, &row);
    answer_value(&request->answer, report);
    json_decref(report);
    return OUTCOME_ANSWERED;
}
