#include "valdb/administrators.h"

#include "base/fold.h"
#include "base/json_writer.h"
#include "people/csv.h"
#include "valdb/lookups.h"

static const char administrators_sql[] =
    "SELECT U.USER_NAME AS USER_NAME, U.EMAIL AS EMAIL, U.ADMIN AS ADMIN, U.VALIDATOR AS VALIDATOR"
    " FROM USERS U WHERE U.ADMIN = 1 ORDER BY " SOURCE_BY_BYTES "U.USER_NAME";

enum list_column { LIST_LOGIN, LIST_EMAIL, LIST_FULLNAME, LIST_COLUMN_COUNT };

static const char *const list_column_names[LIST_COLUMN_COUNT] = {"user_name", "email", "fullname"};

/* A row of the database that is an administrator; kept until the list has been read. */
struct administrator {
    struct row_reference reference;
    struct span login;
    struct span email;
    struct span json;
    bool is_settled;
    struct user *user;   /* whose document its login has become; of the first row of a login */
    const char *refusal; /* why its login becomes no document; likewise */
    struct administrator *next;
};

struct reading {
    struct rules *rules;
    struct users *users;
    struct arena arena;
    struct map by_login; /* to struct administrator */
    struct administrator *first;
    struct administrator *last;
    struct text text;
    struct text email;
};

static int reject(struct reading *reading, struct row_reference reference,
                  enum correction correction, const char *reason, struct span json,
                  struct error *error) {
    struct migration_sink *sink = reading->rules->sink;
    rules_corrects(reading->rules, KIND_ADMINISTRATORS, correction);
    return sink->reject_row(sink->context, reference, span_of(reason), json, error);
}

/* The row, with its content, becomes part of the user. */
static int add_row(struct reading *reading, struct user *user, struct row_reference reference,
                   struct span json, struct error *error) {
    return migration_show_row(reading->rules->sink, reference, json, error) == 0
               ? users_add_row(reading->users, user, reference, error)
               : -1;
}

static int keep_row(struct reading *reading, int query, const struct rows *rows, size_t login,
                    size_t email, struct error *error) {
    struct administrator *kept = arena_allocate(&reading->arena, sizeof *kept);
    if (kept == NULL) {
        return error_set_no_memory(error);
    }
    text_clear(&reading->rules->json);
    rows_append_json(rows, &reading->rules->json);
    struct arena *arena = &reading->arena;
    *kept = (struct administrator){
        .login = arena_copy(arena, rows_text(rows, login, &reading->text)),
        .json = arena_copy(arena, text_span(&reading->rules->json)),
    };
    kept->email = arena_copy(arena, rows_text(rows, email, &reading->text));
    kept->reference = (struct row_reference){.query = query, .row = kept->login};
    if (arena->failed || (map_find(&reading->by_login, kept->login) == NULL &&
                          map_put(&reading->by_login, kept->login, kept) != 0)) {
        return error_set_no_memory(error);
    }
    if (reading->last == NULL) {
        reading->first = kept;
    } else {
        reading->last->next = kept;
    }
    reading->last = kept;
    return 0;
}

static int read_database(struct reading *reading, struct error *error) {
    struct migration_sink *sink = reading->rules->sink;
    int query;
    size_t login;
    size_t email;
    int64_t rows_read = 0;
    int rc = -1;
    struct rows *rows = source_query(reading->rules->source, administrators_sql, error);
    if (rows == NULL || rows_find_column(rows, "USER_NAME", &login, error) != 0 ||
        rows_find_column(rows, "EMAIL", &email, error) != 0 ||
        sink->begin_query(sink->context, KIND_ADMINISTRATORS, "administrators", administrators_sql,
                          &query, error) != 0) {
        goto done;
    }
    while ((rc = rows_step(rows, error)) == 1) {
        rows_read++;
        if (keep_row(reading, query, rows, login, email, error) != 0) {
            rc = -1;
            goto done;
        }
    }
    if (rc == 0) {
        rc = sink->end_query(sink->context, query, rows_read, error);
    }
done:
    rows_close(rows);
    return rc;
}

/* The administrator whose document these are: what the login has become already, a twin who came
 * first (correction twins-merged), or a new one. NULL with the error where memory ran out. */
static struct user *find_or_add(struct reading *reading, struct administrator *known,
                                struct span email, struct span fullname, struct error *error) {
    if (known->user != NULL) {
        return known->user;
    }
    struct user *twin = users_find_email(reading->users, email);
    if (twin != NULL &&
        rules_corrects(reading->rules, KIND_ADMINISTRATORS, CORRECTION_TWINS_MERGED)) {
        known->user = twin;
    } else {
        known->user =
            users_add(reading->users, ROLE_ADMINISTRATOR, known->login, email, fullname, error);
    }
    return known->user;
}

static int use_database_row(struct reading *reading, const struct administrator *row,
                            struct error *error) {
    struct rules *rules = reading->rules;
    if (!json_is_utf8(row->login) || !json_is_utf8(row->email)) {
        return reject(reading, row->reference, CORRECTION_ROW_REJECTED,
                      "USER_NAME or EMAIL is not valid UTF-8", row->json, error);
    }
    users_append_email(rules, KIND_ADMINISTRATORS, row->login, row->email, &reading->email);
    struct span email = text_span(&reading->email);
    const char *refusal = users_refusal(rules, email);
    if (refusal != NULL) {
        return reject(reading, row->reference, CORRECTION_TARGET_ACCEPTS, refusal, row->json,
                      error);
    }
    struct administrator *known = map_find(&reading->by_login, row->login);
    struct span fullname = {0};
    if (known->user == NULL &&
        lookups_find_fullname(rules, KIND_ADMINISTRATORS, row->login, &fullname, error) != 0) {
        return -1;
    }
    struct user *user = find_or_add(reading, known, email, fullname, error);
    return user == NULL ? -1 : add_row(reading, user, row->reference, row->json, error);
}

static int use_database(struct reading *reading, struct error *error) {
    for (const struct administrator *row = reading->first; row != NULL; row = row->next) {
        if (use_database_row(reading, row, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static void append_line_json(const struct csv *csv, const size_t columns[LIST_COLUMN_COUNT],
                             struct text *out) {
    text_clear(out);
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        json_member_string(&json, list_column_names[i], csv_field(csv, columns[i]));
    }
    json_end_object(&json);
}

/* The name as the body has it: blanks folded as in the people directory, null for none. */
static struct span list_fullname(struct reading *reading, struct span field) {
    text_clear(&reading->text);
    if (reading->rules->is_corrected) {
        people_fold_blanks(field, &reading->text);
    } else {
        text_append(&reading->text, field);
    }
    if (reading->text.length == 0) {
        return (struct span){0};
    }
    return text_span(&reading->text);
}

static struct span list_email(struct reading *reading, struct span field) {
    text_clear(&reading->email);
    if (!reading->rules->is_corrected) {
        text_append(&reading->email, field);
        return text_span(&reading->email);
    }
    fold_case(field, &reading->email);
    if (!span_equal(field, text_span(&reading->email))) {
        rules_corrects(reading->rules, KIND_ADMINISTRATORS, CORRECTION_EMAIL_LOWER);
    }
    return text_span(&reading->email);
}

/* Every row of the database with that login becomes part of the user, or shares the refusal. */
static int settle_rows(struct reading *reading, struct span login, struct user *user,
                       const char *refusal, struct error *error) {
    for (struct administrator *row = reading->first; row != NULL; row = row->next) {
        if (row->is_settled || !span_equal(row->login, login)) {
            continue;
        }
        row->is_settled = true;
        int rc = user != NULL ? add_row(reading, user, row->reference, row->json, error)
                              : reject(reading, row->reference, CORRECTION_TARGET_ACCEPTS, refusal,
                                       row->json, error);
        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

static int use_line(struct reading *reading, const struct csv *csv,
                    const size_t columns[LIST_COLUMN_COUNT], struct row_reference reference,
                    struct error *error) {
    struct rules *rules = reading->rules;
    struct migration_sink *sink = rules->sink;
    struct span login = csv_field(csv, columns[LIST_LOGIN]);
    append_line_json(csv, columns, &rules->json);
    struct administrator *known = map_find(&reading->by_login, login);
    if (known == NULL) {
        return sink->skip_row(sink->context, reference, skip_rules[SKIP_LISTED_NOT_ADMIN].id,
                              text_span(&rules->json), error);
    }
    struct span email = list_email(reading, csv_field(csv, columns[LIST_EMAIL]));
    /* As in the notebook, the first line of a login counts. */
    const char *refusal = known->user != NULL      ? NULL
                          : known->refusal != NULL ? known->refusal
                                                   : users_refusal(rules, email);
    if (refusal != NULL) {
        known->refusal = refusal;
        if (reject(reading, reference, CORRECTION_TARGET_ACCEPTS, refusal, text_span(&rules->json),
                   error) != 0) {
            return -1;
        }
        return settle_rows(reading, login, NULL, refusal, error);
    }
    struct span fullname = list_fullname(reading, csv_field(csv, columns[LIST_FULLNAME]));
    struct user *user = find_or_add(reading, known, email, fullname, error);
    if (user == NULL || add_row(reading, user, reference, text_span(&rules->json), error) != 0) {
        return -1;
    }
    return settle_rows(reading, login, user, NULL, error);
}

static int skip_unlisted(struct reading *reading, struct error *error) {
    struct migration_sink *sink = reading->rules->sink;
    for (const struct administrator *row = reading->first; row != NULL; row = row->next) {
        if (!row->is_settled &&
            sink->skip_row(sink->context, row->reference, skip_rules[SKIP_ADMIN_NOT_LISTED].id,
                           row->json, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int use_list(struct reading *reading, const char *path, struct error *error) {
    struct migration_sink *sink = reading->rules->sink;
    struct row_reference reference;
    size_t columns[LIST_COLUMN_COUNT];
    char line[24];
    int64_t lines_read = 0;
    int rc = -1;
    struct csv *csv = csv_open(path, error);
    if (csv == NULL || sink->begin_query(sink->context, KIND_ADMINISTRATORS, "administrators-list",
                                         path, &reference.query, error) != 0) {
        goto done;
    }
    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        if (csv_find_column(csv, list_column_names[i], &columns[i], error) != 0) {
            goto done;
        }
    }
    while ((rc = csv_next(csv, error)) == 1) {
        lines_read++;
        snprintf(line, sizeof line, "%zu", csv_line(csv));
        reference.row = span_of(line);
        if (use_line(reading, csv, columns, reference, error) != 0) {
            rc = -1;
            goto done;
        }
    }
    if (rc == 0) {
        rc = sink->end_query(sink->context, reference.query, lines_read, error);
    }
done:
    csv_close(csv);
    return rc;
}

int administrators_read(struct rules *rules, struct users *users, struct error *error) {
    struct reading reading = {.rules = rules, .users = users};
    const char *list = rules->settings->admins;
    int rc = read_database(&reading, error);
    if (rc == 0 && list == NULL && rules->is_corrected) {
        rc = use_database(&reading, error);
    } else if (rc == 0) {
        /* The notebook cannot do without its list: no list, no administrators. */
        rc = list == NULL ? 0 : use_list(&reading, list, error);
        rc = rc == 0 ? skip_unlisted(&reading, error) : -1;
    }
    map_free(&reading.by_login);
    arena_free(&reading.arena);
    text_free(&reading.text);
    text_free(&reading.email);
    return rc;
}
