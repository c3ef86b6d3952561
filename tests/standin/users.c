#include "users.h"

#include "listing.h"
#include "record.h"
#include "validation.h"

enum role { ROLE_ADMINISTRATOR = 1, ROLE_VALIDATOR = 2, ROLE_USER = 3 };

/* A user on its way to the database. Nothing in it is owned but `record`. */
struct draft {
    long long n;
    const char *created_at;
    const json_t *role;
    const json_t *email;
    const json_t *fullname;
    struct slice groups; /* JSON text */
    struct text record;
};

static bool is_readable_role(const json_t *role) {
    long long number = record_number(role);
    return role == NULL || json_is_null(role) ||
           (number >= ROLE_ADMINISTRATOR && number <= ROLE_USER);
}

static void write_record(struct draft *draft) {
    char id[RECORD_ID_SIZE];
    char now[RECORD_STAMP_SIZE];
    struct text *out = &draft->record;
    record_id_write(USERS, draft->n, id);
    record_stamp(now);
    text_add_string(out, "{\"id\": \"");
    text_add_string(out, id);
    text_add_string(out, "\", \"created_at\": \"");
    text_add_string(out, draft->created_at == NULL ? now : draft->created_at);
    text_add_string(out, "\", \"updated_at\": \"");
    text_add_string(out, now);
    text_add_string(out, "\", \"role\": ");
    text_add_json(out, draft->role);
    text_add_string(out, ", \"email\": ");
    text_add_json(out, draft->email);
    text_add_string(out, ", \"fullname\": ");
    text_add_json(out, draft->fullname);
    text_add_string(out, ", \"groups\": ");
    text_add(out, draft->groups.data, draft->groups.size);
    text_add_string(out, "}");
}

/* Gives the row of a draft; it is good as long as the draft. */
static struct row row_of(struct draft *draft) {
    write_record(draft);
    return (struct row){.n = draft->n,
                        .name = slice_of_json(draft->email),
                        .detail = slice_of_json(draft->fullname),
                        .mark = is_readable_role(draft->role) ? 1 : 0,
                        .record = {draft->record.data, draft->record.size}};
}

static void answer_row(struct request *request, const struct row *row) {
    if (row->mark == 0) {
        answer_error(&request->answer, 500);
        return;
    }
    struct text *body = answer_json(&request->answer, 200);
    text_add(body, row->record.data, row->record.size);
    text_add_string(body, "\n");
}

/* The groups that a body with this role ends with: every one, none, or those given. */
static void set_groups(struct standin *standin, struct draft *draft, const json_t *groups,
                       struct text *given) {
    switch (record_number(draft->role)) {
    case ROLE_ADMINISTRATOR:
        draft->groups = (struct slice){standin->all_groups.data, standin->all_groups.size};
        return;
    case ROLE_USER:
        draft->groups = slice_of("[]");
        return;
    default:
        text_add_json(given, groups);
        draft->groups = (struct slice){given->data, given->size};
    }
}

/* Whether the address passes; if not, the answer is set. */
static bool passes(struct request *request, const json_t *email) {
    struct text messages = {0};
    enum validation verdict = validation_email(email, &messages);
    if (verdict == VALIDATION_CRASHED) {
        answer_error(&request->answer, 500);
    } else if (verdict == VALIDATION_FAILED) {
        answer_message(&request->answer, 400, (struct slice){messages.data, messages.size});
    }
    text_free(&messages);
    return verdict == VALIDATION_PASSED;
}

static void create(struct standin *standin, struct request *request, const json_t *body) {
    struct draft draft = {.role = json_object_get(body, "role"),
                          .email = json_object_get(body, "email"),
                          .fullname = json_object_get(body, "fullname")};
    if (!passes(request, draft.email)) {
        return;
    }
    struct text given = {0};
    draft.n = storage_next(standin->storage, USERS);
    set_groups(standin, &draft, json_object_get(body, "groups"), &given);
    struct row row = row_of(&draft);
    if (storage_insert_unseen(standin->storage, USERS, &row) != 0) {
        row.mark = 0;
    }
    answer_row(request, &row);
    text_free(&draft.record);
    text_free(&given);
}

static void find_or_create(struct standin *standin, struct request *request, const json_t *body) {
    struct slice email = slice_of_json(json_object_get(body, "email"));
    struct row row;
    int found = email.data == NULL ? 0 : storage_find(standin->storage, USERS, email, &row);
    if (found < 0) {
        answer_error(&request->answer, 500);
    } else if (found > 0) {
        answer_row(request, &row);
    } else {
        create(standin, request, body);
    }
}

enum outcome users_post(struct standin *standin, struct request *request) {
    json_t *body = request_payload(request);
    if (body != NULL) {
        find_or_create(standin, request, body);
        json_decref(body);
    }
    return OUTCOME_ANSWERED;
}

static int list_row(const struct row *row, void *context) {
    struct listing *listing = context;
    if (!listing_wants(listing, row->detail, row->name)) {
        return 0;
    }
    return listing_add(listing, row->record);
}

enum outcome users_list(struct standin *standin, struct request *request) {
    struct listing listing;
    if (listing_open(&listing, request, LISTING_BY_BYTES) != 0 ||
        storage_each(standin->storage, USERS, list_row, &listing) != 0) {
        answer_error(&request->answer, 500);
    } else {
        listing_write(&listing, answer_json(&request->answer, 200));
    }
    listing_close(&listing);
    return OUTCOME_ANSWERED;
}

/* The row that the path names: 1 found, 0 none, -1 the answer is 500. */
static int find_by_path(struct standin *standin, struct request *request, struct row *row) {
    long long n;
    if (record_id_read(USERS, request->arguments[0].data, &n) != 0) {
        return -1;
    }
    return storage_get(standin->storage, USERS, n, row);
}

enum outcome users_get(struct standin *standin, struct request *request) {
    struct row row;
    int found = find_by_path(standin, request, &row);
    if (found < 0) {
        answer_error(&request->answer, 500);
    } else if (found > 0) {
        answer_row(request, &row);
    } else {
        text_add_string(answer_json(&request->answer, 200),
                        "{\"id\": null, \"created_at\": null, \"updated_at\": null, \"role\": null,"
                        " \"email\": null, \"fullname\": null, \"groups\": null}\n");
    }
    return OUTCOME_ANSWERED;
}

/* The value of a field after the change: a null in the body leaves the stored one. */
static const json_t *changed(const json_t *body, const json_t *stored, const char *field) {
    const json_t *value = json_object_get(body, field);
    return value == NULL || json_is_null(value) ? json_object_get(stored, field) : value;
}

static void change(struct standin *standin, struct request *request, const json_t *body,
                   const struct row *old) {
    struct text given = {0};
    json_t *stored = json_loadb(old->record.data, old->record.size, JSON_ALLOW_NUL, NULL);
    struct draft draft = {
        .n = old->n,
        .created_at = json_string_value(json_object_get(stored, "created_at")),
        .role = json_object_get(body, "role"),
        .email = changed(body, stored, "email"),
        .fullname = changed(body, stored, "fullname"),
    };
    if (!passes(request, draft.email)) {
        goto done;
    }
    set_groups(standin, &draft, changed(body, stored, "groups"), &given);
    draft.role = changed(body, stored, "role");
    struct row row = row_of(&draft);
    if (storage_replace(standin->storage, USERS, &row) != 0) {
        row.mark = 0;
    }
    answer_row(request, &row);
done:
    text_free(&draft.record);
    text_free(&given);
    json_decref(stored);
}

enum outcome users_put(struct standin *standin, struct request *request) {
    json_t *body = request_payload(request);
    if (body == NULL) {
        return OUTCOME_ANSWERED;
    }
    struct row row;
    int found = find_by_path(standin, request, &row);
    if (found < 0) {
        answer_error(&request->answer, 500);
    } else if (found > 0) {
        change(standin, request, body, &row);
    } else {
        find_or_create(standin, request, body);
    }
    json_decref(body);
    return OUTCOME_ANSWERED;
}

enum outcome users_delete(struct standin *standin, struct request *request) {
    struct row row;
    int found = find_by_path(standin, request, &row);
    if (found < 0 || (found > 0 && storage_delete(standin->storage, USERS, row.n) != 0)) {
        answer_error(&request->answer, 500);
    } else {
        text_add_string(answer_json(&request->answer, 200), "\"ok\"\n");
    }
    return OUTCOME_ANSWERED;
}

int users_seed(struct standin *standin, const json_t *user) {
    struct text groups = {0};
    struct draft draft = {.role = json_object_get(user, "role"),
                          .email = json_object_get(user, "email"),
                          .fullname = json_object_get(user, "fullname")};
    draft.n = storage_next(standin->storage, USERS);
    text_add_json(&groups, json_object_get(user, "groups"));
    draft.groups = (struct slice){groups.data, groups.size};
    struct row row = row_of(&draft);
    int rc = storage_insert(standin->storage, USERS, &row);
    text_free(&draft.record);
    text_free(&groups);
    return rc;
}

json_t *users_load(struct standin *standin, long long n) {
    static const char *const fields[] = {"role", "email",      "fullname",  "groups",
                                         "id",   "created_at", "updated_at"};
    struct row row;
    if (storage_get(standin->storage, USERS, n, &row) == 1) {
        json_t *user = json_loadb(row.record.data, row.record.size, JSON_ALLOW_NUL, NULL);
        record_set_mail_ids(user);
        return user;
    }
    json_t *nobody = json_object();
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        json_object_set_new(nobody, fields[i], json_null());
    }
    json_object_set_new(nobody, "reference_email_id", json_null());
    json_object_set_new(nobody, "channel_email_id", json_null());
    return nobody;
}
