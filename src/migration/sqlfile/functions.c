#include "migration/sqlfile/functions.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/statement.h"

enum { JSON_SUBTYPE = 'J', FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC };

/* Of a function that takes or returns JSON. SQLite 3.45 introduced the second flag, and may refuse
 * such a result without it (SQLITE_STRICT_SUBTYPE). */
#ifdef SQLITE_RESULT_SUBTYPE
enum { JSON_FLAGS = FLAGS | SQLITE_SUBTYPE | SQLITE_RESULT_SUBTYPE };
#else
enum { JSON_FLAGS = FLAGS | SQLITE_SUBTYPE };
#endif

/* What belongs to the connection. */
struct functions {
    struct people *people;
    sqlite3 *dates; /* an empty database, whose date functions are called */
};

static const char owner_name[] = "rowpost_functions";

void sql_function_give(sqlite3_context *context, struct text *text) {
    if (text->failed) {
        sqlite3_result_error_nomem(context);
    } else {
        sqlite3_result_text64(context, text_string(text), text->length, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
    }
    text_free(text);
}

static void give_json(sqlite3_context *context, struct text *text) {
    sql_function_give(context, text);
    sqlite3_result_subtype(context, JSON_SUBTYPE);
}

/* ---- markers, which are resolved when the request leaves ---- */

static void run_new_id(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct span kind = statement_value_text(arguments[0]);
    struct span key = statement_value_text(arguments[1]);
    if (span_is_null(kind) || span_is_null(key)) {
        return;
    }
    struct text text = {0};
    text_append_string(&text, "{\"$new\":[");
    json_append_quoted(&text, kind);
    text_append_char(&text, ',');
    json_append_quoted(&text, key);
    text_append_string(&text, "]}");
    give_json(context, &text);
}

static void run_random_secret(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    (void)arguments;
    struct text text = {0};
    text_append_string(&text, "{\"$secret\":true}");
    give_json(context, &text);
}

/* ---- values ---- */

/* A number of JSON, with a sign or zeros in front and blanks around. */
static bool normalize_number(struct span text, struct text *out) {
    text = span_trim(text);
    size_t at = 0;
    if (at < text.length && (text.data[at] == '-' || text.data[at] == '+')) {
        text_append_string(out, text.data[at++] == '-' ? "-" : "");
    }
    size_t first = at;
    while (at < text.length && isdigit((unsigned char)text.data[at])) {
        at++;
    }
    if (at == first) {
        return false;
    }
    while (first + 1 < at && text.data[first] == '0') {
        first++;
    }
    size_t digits = 1;
    if (at < text.length && text.data[at] == '.') {
        digits = 0;
        for (at++; at < text.length && isdigit((unsigned char)text.data[at]); at++) {
            digits++;
        }
    }
    text_append(out, (struct span){text.data + first, at - first});
    return at == text.length && digits > 0;
}

static void run_number(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct text text = {0};
    int type = sqlite3_value_type(arguments[0]);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        sqlite3_result_value(context, arguments[0]);
        return;
    }
    if (type != SQLITE_TEXT || !normalize_number(statement_value_text(arguments[0]), &text)) {
        text_free(&text);
        return;
    }
    char *end;
    char written[32];
    long long number = strtoll(text_string(&text), &end, 10);
    snprintf(written, sizeof written, "%lld", number);
    if (strcmp(written, text_string(&text)) == 0) {
        sqlite3_result_int64(context, number);
        text_free(&text);
        return;
    }
    give_json(context, &text);
}

static void run_bool(sqlite3_context *context, int count, sqlite3_value **arguments) {
    static const char *const words[][2] = {{"true", "1"}, {"t", "1"},   {"yes", "1"}, {"y", "1"},
                                           {"on", "1"},   {"1", "1"},   {"-1", "1"},  {"false", ""},
                                           {"f", ""},     {"no", ""},   {"n", ""},    {"off", ""},
                                           {"0", ""},     {"1.0", "1"}, {"0.0", ""}};
    (void)count;
    struct span value = span_trim(statement_value_text(arguments[0]));
    for (size_t i = 0; !span_is_null(value) && i < sizeof words / sizeof *words; i++) {
        if (span_equal_ignoring_ascii_case(value, span_of(words[i][0]))) {
            sqlite3_result_text(context, *words[i][1] == '1' ? "true" : "false", -1, SQLITE_STATIC);
            sqlite3_result_subtype(context, JSON_SUBTYPE);
            return;
        }
    }
}

/* ---- the people directory ---- */

static bool accept_any(void *context, struct span address) {
    (void)context;
    return memchr(address.data, '@', address.length) != NULL;
}

static void run_person(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct functions *functions = sqlite3_user_data(context);
    struct span name = statement_value_text(arguments[0]);
    const struct person *person = NULL;
    if (functions->people == NULL) {
        sqlite3_result_error(context, "person() needs a people directory: name one with --people",
                             -1);
        return;
    }
    if (span_is_null(name) ||
        people_find_name(functions->people, name, accept_any, NULL, &person) != PEOPLE_ONE) {
        return;
    }
    struct text text = {0};
    struct json_writer json = json_writer_to(&text);
    json_begin_object(&json);
    json_member_string(&json, "login", person->login);
    json_member_string(&json, "email", person->email);
    json_member_string(&json, "fullname", person->fullname);
    json_end_object(&json);
    give_json(context, &text);
}

/* ---- dates ---- */

enum { DATE_MOST_ARGUMENTS = 8 };

static const char *const date_names[] = {"date",      "time",     "datetime",
                                         "julianday", "strftime", "unixepoch"};

/* Results that differ between runs or machines. */
static bool is_repeatable(const char *name, int count, sqlite3_value **arguments) {
    static const char *const words[] = {"now", "localtime", "utc"};
    if (count == 0 || (count == 1 && strcmp(name, "strftime") == 0)) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        struct span text = sqlite3_value_type(arguments[i]) == SQLITE_TEXT
                               ? span_trim(statement_value_text(arguments[i]))
                               : span_of(NULL);
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            if (span_equal_ignoring_ascii_case(text, span_of(words[w]))) {
                return false;
            }
        }
    }
    return true;
}

struct date_function {
    struct functions *functions;
    const char *name;
    sqlite3_stmt *statements[DATE_MOST_ARGUMENTS + 1];
};

static sqlite3_stmt *prepare_date(struct date_function *date, int count) {
    struct text sql = {0};
    if (date->statements[count] == NULL) {
        text_append_format(&sql, "SELECT %s(", date->name);
        for (int i = 0; i < count; i++) {
            text_append_string(&sql, i == 0 ? "?" : ", ?");
        }
        text_append_char(&sql, ')');
        sqlite3_prepare_v3(date->functions->dates, text_string(&sql), -1, SQLITE_PREPARE_PERSISTENT,
                           &date->statements[count], NULL);
        text_free(&sql);
    }
    return date->statements[count];
}

static void run_date(sqlite3_context *context, int count, sqlite3_value **arguments) {
    struct date_function *date = sqlite3_user_data(context);
    if (count > DATE_MOST_ARGUMENTS || !is_repeatable(date->name, count, arguments)) {
        sqlite3_result_error(context,
                             "a date of now, or of the machine's time zone, is not repeatable; "
                             "expected :as_of, or to_utc()",
                             -1);
        return;
    }
    sqlite3_stmt *statement = prepare_date(date, count);
    if (statement == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    for (int i = 0; i < count; i++) {
        sqlite3_bind_value(statement, i + 1, arguments[i]);
    }
    if (sqlite3_step(statement) == SQLITE_ROW) {
        sqlite3_result_value(context, sqlite3_column_value(statement, 0));
    }
    sqlite3_reset(statement);
}

static void free_date(void *data) {
    struct date_function *date = data;
    for (int i = 0; i <= DATE_MOST_ARGUMENTS; i++) {
        sqlite3_finalize(date->statements[i]);
    }
    free(date);
}

static int register_dates(sqlite3 *database, struct functions *functions) {
    int rc = SQLITE_OK;
    for (size_t i = 0; i < sizeof date_names / sizeof *date_names && rc == SQLITE_OK; i++) {
        struct date_function *date = calloc(1, sizeof *date);
        if (date == NULL) {
            return SQLITE_NOMEM;
        }
        *date = (struct date_function){.functions = functions, .name = date_names[i]};
        rc = sqlite3_create_function_v2(database, date_names[i], -1, FLAGS, date, run_date, NULL,
                                        NULL, free_date);
    }
    return rc;
}

/* ---- registering ---- */

static void run_owner(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) {
        ((struct functions *)sqlite3_user_data(context))->people = NULL;
    }
}

/* Statements of the dates may still be open: the connection ends when the last of them is
 * finalized. */
static void free_functions(void *data) {
    struct functions *functions = data;
    sqlite3_close_v2(functions->dates);
    free(functions);
}

static const struct sql_function value_functions[] = {
    {"new_id", 2, run_new_id}, {"number", 1, run_number},
    {"bool", 1, run_bool},     {"random_secret", 0, run_random_secret},
    {"person", 1, run_person},
};

static int register_all(sqlite3 *database, struct functions *functions) {
    int rc = SQLITE_OK;
    for (size_t i = 0; i < sizeof value_functions / sizeof *value_functions && rc == SQLITE_OK;
         i++) {
        rc =
            sqlite3_create_function(database, value_functions[i].name, value_functions[i].arguments,
                                    JSON_FLAGS, functions, value_functions[i].run, NULL, NULL);
    }
    for (const struct sql_function *f = text_functions; f->name != NULL && rc == SQLITE_OK; f++) {
        rc = sqlite3_create_function(database, f->name, f->arguments, FLAGS, functions, f->run,
                                     NULL, NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_create_function(database, "array_in_order", 2, JSON_FLAGS, NULL, NULL,
                                     ordered_array_step, ordered_array_end);
    }
    return rc == SQLITE_OK ? register_dates(database, functions) : rc;
}

int sql_functions_register(sqlite3 *database, struct people *people, struct error *error) {
    struct functions *functions = calloc(1, sizeof *functions);
    if (functions == NULL) {
        return error_set_no_memory(error);
    }
    functions->people = people;
    /* The owner is registered first: it is the last to be freed when a connection is closed. */
    if (sqlite3_open(":memory:", &functions->dates) != SQLITE_OK ||
        sqlite3_create_function_v2(database, owner_name, 1, SQLITE_UTF8, functions, run_owner, NULL,
                                   NULL, free_functions) != SQLITE_OK ||
        register_all(database, functions) != SQLITE_OK) {
        return error_set_no_memory(error);
    }
    /* Their tables are declared where they are first used; an authorizer would refuse that. */
    return statement_execute(database, "SELECT 1 FROM json_each('[]'), json_tree('[]')", error);
}

void sql_functions_forget_people(sqlite3 *database) {
    sqlite3_exec(database, "SELECT rowpost_functions(NULL)", NULL, NULL, NULL);
}

/* ---- what a file may call ---- */

bool sql_functions_allow(const char *name, struct text *refusal) {
    static const struct {
        const char *name;
        bool is_foreign; /* else its result is not repeatable */
    } refused[] = {
        {"random", false},        {"randomblob", false},        {"current_timestamp", false},
        {"current_date", false},  {"current_time", false},      {"changes", false},
        {"total_changes", false}, {"last_insert_rowid", false}, {"load_extension", true},
        {owner_name, true},       {"sqlite_version", true},     {"sqlite_source_id", true},
        {"fts3_tokenizer", true}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (sqlite3_stricmp(name, refused[i].name) != 0) {
            continue;
        }
        if (refusal->length == 0) {
            text_append_format(refusal,
                               refused[i].is_foreign ? "%s() is not for migrations"
                                                     : "%s is not repeatable; expected the same "
                                                       "result in every run",
                               name);
        }
        return false;
    }
    return true;
}
