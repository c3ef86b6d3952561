#define _POSIX_C_SOURCE 200809L /* strtok_r */
#include "source/oracle_error.h"

#include <string.h>

#include "source/driver.h"

enum { NO_TABLE = 942, NO_COLUMN = 904, NO_SCHEMA = 1435 };

/* What to do about the server's commonest refusals, beside its own words. */
static const struct advice {
    int code;
    const char *sentence;
} advices[] = {
    {1017, "check the user and --source-password-file or ROWPOST_SOURCE_PASSWORD"},
    {1005, "no password was given: use --source-password-file or ROWPOST_SOURCE_PASSWORD"},
    {1435, "the schema does not exist: name the one that has the tables with --schema"},
    {1045, "the account needs the privilege CREATE SESSION"},
    {28000, "the account is locked: its administrator has to unlock it"},
    {28001, "the password has expired: set a new one with Oracle's tools first"},
    {18, "no room for another session: try again later"},
    {20, "no room for another process: try again later"},
    {1033, "the database starts or stops: try again later"},
    {1034, "the instance is down: its administrator has to start it"},
    {1035, "the database takes privileged users only at the moment: try again later"},
    {1089, "the database stops: try again later"},
    {1109, "the database is not open: its administrator has to open it"},
    {2391, "this user has too many sessions: end one, or try again later"},
};

static const char *find_advice(int code) {
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (advices[i].code == code) {
            return advices[i].sentence;
        }
    }
    return NULL;
}

static enum error_code code_of(const struct oracle_error *problem) {
    switch (problem->failure) {
    case ORACLE_USAGE:
        return ERROR_USAGE;
    case ORACLE_SIGN_IN:
        return ERROR_SESSION;
    case ORACLE_MEMORY:
        return ERROR_MEMORY;
    case ORACLE_SERVER:
        return problem->code == NO_TABLE || problem->code == NO_COLUMN || problem->code == NO_SCHEMA
                   ? ERROR_USAGE
                   : ERROR_SOURCE;
    default:
        return ERROR_SOURCE;
    }
}

int oracle_explain(const char *name, const struct oracle_error *problem, struct error *error) {
    const char *advice = find_advice(problem->code);
    bool is_refused = problem->failure == ORACLE_SIGN_IN && problem->code != 0;
    return error_set(error, code_of(problem), "%s: %s%s%s%s", name,
                     is_refused ? "the database refuses the sign-in: " : "", problem->message,
                     advice == NULL ? "" : "; ", advice == NULL ? "" : advice);
}

/* The first column of the query's rows, with commas between. */
static void append_list(struct oracle_connection *connection, const char *sql,
                        struct text *message) {
    struct oracle_error ignored;
    struct oracle_result *result = oracle_query(connection, sql, &ignored);
    const char *before = "";
    while (result != NULL && oracle_next_row(result, &ignored) == 1) {
        struct oracle_value value = oracle_value(result, 0);
        text_append_string(message, before);
        text_append(message, (struct span){value.data, value.length});
        before = ", ";
    }
    oracle_result_close(result);
}

/* The name at the place of the mistake, without its quotes. */
static struct span word_at(const char *sql, int position) {
    if (position < 0 || (size_t)position >= strlen(sql)) {
        return (struct span){NULL, 0};
    }
    const char *word = sql + position;
    return (struct span){word, strcspn(word, " ,()\t\r\n=<>")};
}

static void append_table_names(struct oracle_connection *connection, const char *schema,
                               struct text *tables) {
    struct text sql = {0};
    text_append_format(&sql, "SELECT TABLE_NAME FROM ALL_TABLES WHERE OWNER = '%s' ORDER BY 1",
                       schema);
    append_list(connection, text_string(&sql), tables);
    text_free(&sql);
}

static void append_tables(struct oracle_connection *connection, const char *schema,
                          struct text *message) {
    struct text tables = {0};
    append_table_names(connection, schema, &tables);
    if (tables.length > 0) {
        text_append_format(message, "; %s has: %s", schema, text_string(&tables));
    } else {
        text_append_format(message, "; this user sees no table of %s; name another with --schema",
                           schema);
    }
    text_free(&tables);
}

/* The columns of every table that the query names. */
static void append_columns(struct oracle_connection *connection, const char *schema,
                           const char *query, struct text *message) {
    struct text sql = {0};
    struct text tables = {0};
    append_table_names(connection, schema, &tables);
    for (char *rest = tables.data, *table; rest != NULL && (table = strtok_r(rest, ", ", &rest));) {
        if (!source_query_has_word(span_of(query), span_of(table))) {
            continue;
        }
        text_clear(&sql);
        text_append_format(&sql,
                           "SELECT COLUMN_NAME FROM ALL_TAB_COLUMNS WHERE OWNER = '%s' AND "
                           "TABLE_NAME = '%s' ORDER BY COLUMN_ID",
                           schema, table);
        text_append_format(message, "; %s has: ", table);
        append_list(connection, text_string(&sql), message);
    }
    text_free(&sql);
    text_free(&tables);
}

int oracle_explain_query(struct source *source, struct oracle_connection *connection,
                         const char *schema, const char *sql, const struct oracle_error *problem,
                         struct error *error) {
    if (problem->failure != ORACLE_SERVER) {
        return oracle_explain(source_name(source), problem, error);
    }
    struct text message = {0};
    struct span word = word_at(sql, problem->position);
    text_append_format(&message, "%s: %s", source_name(source), problem->message);
    if (word.length > 0) {
        text_append_format(&message, ", at %.*s", (int)word.length, word.data);
    }
    if (problem->code == NO_TABLE) {
        append_tables(connection, schema, &message);
    } else if (problem->code == NO_COLUMN) {
        append_columns(connection, schema, sql, &message);
    }
    source_append_query(&message, sql);
    if (source_fail(&message, error) != 0 && error->code == ERROR_SOURCE) {
        error->code = code_of(problem);
    }
    return -1;
}
