#include "campaigns.h"

#include "record.h"
#include "reports.h"
#include "validation.h"

#include <stdint.h>

/* The name and subcategories rules; the answer is set if one fails. */
static bool passes(struct standin *standin, struct request *request, const json_t *body) {
    struct text messages = {0};
    const json_t *name = json_object_get(body, "name");
    enum validation verdict = validation_name(name, &messages);
    struct row row;
    int found = 0;
    if (json_is_string(name)) {
        found = storage_find(standin->storage, CAMPAIGNS, slice_of_json(name), &row);
    }
    if (found > 0) {
        validation_fail(&messages, "Name is not unique");
    }
    validation_required(json_object_get(body, "subcategories"), "Subcategories", &messages);
    bool passed = false;
    if (found < 0 || verdict == VALIDATION_CRASHED) {
        answer_error(&request->answer, 500);
    } else if (messages.size > 0) {
        answer_message(&request->answer, 400, (struct slice){messages.data, messages.size});
    } else {
        passed = true;
    }
    text_free(&messages);
    return passed;
}

enum outcome campaigns_check(struct standin *standin, struct request *request) {
    json_t *body = request_payload(request);
    if (body == NULL) {
        return OUTCOME_ANSWERED;
    }
    if (json_object_get(body, "reports") == NULL) {
        answer_error(&request->answer, 500);
    } else if (passes(standin, request, body)) {
        request->document = body;
        return OUTCOME_CHECKED;
    }
    json_decref(body);
    return OUTCOME_ANSWERED;
}

/* Stores the reports up to `limit`. 0, or the status to answer with. */
static unsigned store_reports(struct standin *standin, long long owner, const json_t *reports,
                              size_t limit, struct text *messages) {
    if (!json_is_array(reports)) {
        bool is_empty =
            !record_truth(reports) && (json_is_object(reports) || json_is_string(reports));
        return is_empty ? 0 : 500;
    }
    size_t i;
    json_t *report;
    json_array_foreach(reports, i, report) {
        unsigned status = i < limit ? reports_store(standin, owner, report, messages) : 500;
        if (status != 0) {
            return status;
        }
    }
    return limit == SIZE_MAX ? 0 : 500;
}

/* The deadline as it is kept. Sets *status where the real server stops on it. */
static json_t *read_deadline(json_t *deadline, unsigned *status) {
    char written[20];
    if (deadline == NULL) {
        return json_null();
    }
    if (!json_is_string(deadline)) {
        return json_incref(deadline);
    }
    if (validation_deadline(slice_of_json(deadline), written) != 0) {
        *status = 500;
        return json_incref(deadline);
    }
    return json_string(written);
}

static int insert(struct standin *standin, long long n, const json_t *body, unsigned *status) {
    static const char *const fields[] = {
        "name",   "description",   "deadline", "target_release", "reference_release",
        "relmon", "subcategories", "reports",  "is_open",        "latest_activities"};
    char id[RECORD_ID_SIZE];
    struct text text = {0};
    json_t *record = json_object();
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        json_t *value = json_object_get(body, fields[i]);
        json_object_set_new(record, fields[i], value == NULL ? json_null() : json_incref(value));
    }
    json_object_set_new(record, "reports", json_null());
    if (*status == 0) {
        json_t *deadline = json_object_get(body, "deadline");
        json_object_set_new(record, "deadline", read_deadline(deadline, status));
    }
    record_id_write(CAMPAIGNS, n, id);
    record_set_origin(record, id);
    text_add_json(&text, record);
    struct row row = {.n = n,
                      .name = slice_of_json(json_object_get(body, "name")),
                      .mark = *status == 0 ? 1 : 0,
                      .record = {text.data, text.size}};
    int rc = storage_insert(standin->storage, CAMPAIGNS, &row);
    json_decref(record);
    text_free(&text);
    return rc;
}

static void answer_stored(struct standin *standin, struct request *request, long long n) {
    struct row row;
    if (storage_get(standin->storage, CAMPAIGNS, n, &row) != 1) {
        answer_error(&request->answer, 500);
        return;
    }
    json_t *campaign = campaigns_load(standin, &row);
    answer_value(&request->answer, campaign);
    json_decref(campaign);
}

static void store(struct standin *standin, struct request *request, size_t limit) {
    struct text messages = {0};
    const json_t *reports = json_object_get(request->document, "reports");
    long long n = storage_next(standin->storage, CAMPAIGNS);
    storage_begin(standin->storage);
    unsigned status = store_reports(standin, n, reports, limit, &messages);
    int rc = insert(standin, n, request->document, &status);
    if (storage_commit(standin->storage) != 0 || rc != 0 || status == 500) {
        answer_error(&request->answer, 500);
    } else if (status != 0) {
        answer_message(&request->answer, status, (struct slice){messages.data, messages.size});
    } else {
        answer_stored(standin, request, n);
    }
    text_free(&messages);
}

void campaigns_store(struct standin *standin, struct request *request) {
    store(standin, request, SIZE_MAX);
}

void campaigns_store_half(struct standin *standin, struct request *request) {
    store(standin, request, json_array_size(json_object_get(request->document, "reports")) / 2);
}
