#define _GNU_SOURCE /* memmem */
#include "source/odbc_error.h"

#include <sqlucode.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "source/driver.h"
#include "source/odbc_wide.h"

enum { MESSAGE_UNITS = 2048, NAME_UNITS = 256, MAX_RECORDS = 3, MAX_TABLES = 40 };

/* How databases say that a name is not there: by SQLSTATE (PostgreSQL's own, and ODBC's), by
 * Oracle's number, or, as SQLite does, in words alone. */
static const struct absence {
    const char *state;
    SQLINTEGER native;
    const char *words;
    bool is_table;
} absences[] = {
    {.state = "42P01", .is_table = true},
    {.state = "42S02", .is_table = true},
    {.state = "42703"},
    {.state = "42S22"},
    {.native = 942, .is_table = true},
    {.native = 904},
    {.words = "no such table", .is_table = true},
    {.words = "no such column"},
};

void odbc_append_diagnostics(SQLSMALLINT kind, SQLHANDLE handle, struct text *out,
                             char state[SQL_SQLSTATE_SIZE + 1], SQLINTEGER *native) {
    SQLWCHAR wide_state[SQL_SQLSTATE_SIZE + 1] = {0};
    SQLWCHAR message[MESSAGE_UNITS];
    SQLSMALLINT length = 0;
    SQLINTEGER code = 0;
    memset(state, 0, SQL_SQLSTATE_SIZE + 1);
    *native = 0;
    for (int record = 1; record <= MAX_RECORDS; record++) {
        if (!SQL_SUCCEEDED(SQLGetDiagRecW(kind, handle, (SQLSMALLINT)record, wide_state, &code,
                                          message, MESSAGE_UNITS, &length))) {
            break;
        }
        struct text words = {0};
        struct text line = {0};
        size_t units = (size_t)(length < MESSAGE_UNITS ? length : MESSAGE_UNITS - 1);
        wide_append(&words, message, units * sizeof *message);
        fold_blanks(text_span(&words), &line);
        text_append_string(out, record == 1 ? "" : "; ");
        text_append(out, span_trim(text_span(&line)));
        text_append_string(out, " (SQLSTATE ");
        wide_append(out, wide_state, SQL_SQLSTATE_SIZE * sizeof *wide_state);
        text_append_char(out, ')');
        if (record == 1) {
            *native = code;
            for (size_t i = 0; i < SQL_SQLSTATE_SIZE; i++) {
                state[i] = (char)wide_state[i];
            }
        }
        text_free(&words);
        text_free(&line);
    }
}

static void mask(struct text *text, struct span secret) {
    char *found = NULL;
    while (secret.length > 0 &&
           (found = memmem(text_string(text), text->length, secret.data, secret.length)) != NULL) {
        memset(found, '*', secret.length);
        if (memmem("********", 8, secret.data, secret.length) != NULL) {
            return; /* the secret is of asterisks itself */
        }
    }
}

int odbc_explain(const char *name, const char *doing, SQLSMALLINT kind, SQLHANDLE handle,
                 struct span secret, struct error *error) {
    char state[SQL_SQLSTATE_SIZE + 1];
    SQLINTEGER native = 0;
    struct text message = {0};
    text_append_format(&message, "%s: %s: ", name, doing);
    size_t before = message.length;
    odbc_append_diagnostics(kind, handle, &message, state, &native);
    if (message.length == before) {
        text_append_string(&message, "the driver does not say why");
    }
    mask(&message, secret);
    return source_fail(&message, error);
}

static const struct absence *find_absence(const char *state, SQLINTEGER native,
                                          const char *message) {
    for (size_t i = 0; i < sizeof absences / sizeof *absences; i++) {
        const struct absence *absence = &absences[i];
        if ((absence->state != NULL && strcmp(absence->state, state) == 0) ||
            (absence->native != 0 && absence->native == native) ||
            (absence->words != NULL && strstr(message, absence->words) != NULL)) {
            return absence;
        }
    }
    return NULL;
}

/* A name in column `column` of the current row of a catalog function's result. */
static bool read_name(SQLHSTMT statement, SQLUSMALLINT column, struct text *name) {
    SQLWCHAR units[NAME_UNITS];
    SQLLEN bytes = 0;
    text_clear(name);
    if (!SQL_SUCCEEDED(SQLGetData(statement, column, SQL_C_WCHAR, units, sizeof units, &bytes)) ||
        bytes < 0) {
        return false;
    }
    size_t most = sizeof units - sizeof *units;
    wide_append(name, units, (size_t)bytes < most ? (size_t)bytes : most);
    return true;
}

/* Appends the names in the column of what a catalog function gave, with commas. */
static size_t append_names(SQLHSTMT statement, SQLUSMALLINT column, struct text *out) {
    struct text name = {0};
    size_t count = 0;
    while (SQL_SUCCEEDED(SQLFetch(statement))) {
        if (read_name(statement, column, &name) && ++count <= MAX_TABLES) {
            text_append_format(out, "%s%s", count == 1 ? "" : ", ", text_string(&name));
        }
    }
    text_free(&name);
    return count;
}

enum { TABLE_NAME_COLUMN = 3, COLUMN_NAME_COLUMN = 4 }; /* of SQLTables and SQLColumns */

/* Tables and views of the schema, or of the whole database where it is NULL or has none. MariaDB
 * calls a schema a catalog. */
static SQLRETURN ask_tables(SQLHSTMT statement, const char *schema, bool is_catalog) {
    SQLWCHAR types[] = {'T', 'A', 'B', 'L', 'E', ',', 'V', 'I', 'E', 'W', 0};
    SQLWCHAR all[] = {'%', 0};
    SQLWCHAR *wide = schema == NULL ? NULL : wide_of(span_of(schema), NULL);
    SQLRETURN rc = SQLTablesW(statement, is_catalog ? wide : NULL, SQL_NTS,
                              is_catalog ? NULL : wide, SQL_NTS, all, SQL_NTS, types, SQL_NTS);
    free(wide);
    return rc;
}

static size_t append_tables(SQLHDBC connection, const char *schema, struct text *out) {
    size_t count = 0;
    for (int is_catalog = 0; is_catalog < 2 && count == 0; is_catalog++) {
        SQLHSTMT statement = SQL_NULL_HSTMT;
        if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement))) {
            return count;
        }
        if (SQL_SUCCEEDED(ask_tables(statement, schema, is_catalog != 0))) {
            count = append_names(statement, TABLE_NAME_COLUMN, out);
        }
        SQLFreeHandle(SQL_HANDLE_STMT, statement);
    }
    return count;
}

static void append_columns(SQLHDBC connection, const char *schema, const char *table,
                           struct text *out) {
    SQLHSTMT statement = SQL_NULL_HSTMT;
    SQLWCHAR *wide_table = wide_of(span_of(table), NULL);
    SQLWCHAR *wide_schema = schema == NULL ? NULL : wide_of(span_of(schema), NULL);
    struct text columns = {0};
    for (int is_catalog = 0; is_catalog < 2 && columns.length == 0 && wide_table != NULL;
         is_catalog++) {
        if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement))) {
            break;
        }
        if (SQL_SUCCEEDED(SQLColumnsW(statement, is_catalog ? wide_schema : NULL, SQL_NTS,
                                      is_catalog ? NULL : wide_schema, SQL_NTS, wide_table, SQL_NTS,
                                      NULL, 0))) {
            append_names(statement, COLUMN_NAME_COLUMN, &columns);
        }
        SQLFreeHandle(SQL_HANDLE_STMT, statement);
    }
    if (columns.length > 0) {
        text_append_format(out, "; %s has: %s", table, text_string(&columns));
    }
    text_free(&columns);
    free(wide_table);
    free(wide_schema);
}

/* The columns of every table that the query names. */
static void append_columns_of_query(SQLHDBC connection, const char *schema, const char *sql,
                                    struct text *out) {
    struct text tables = {0};
    if (append_tables(connection, schema, &tables) == 0) {
        text_free(&tables);
        return;
    }
    for (char *at = tables.data; at != NULL && *at != '\0';) {
        char *comma = strstr(at, ", ");
        if (comma != NULL) {
            *comma = '\0';
        }
        if (source_query_has_word(span_of(sql), span_of(at))) {
            append_columns(connection, schema, at, out);
        }
        at = comma == NULL ? NULL : comma + 2;
    }
    text_free(&tables);
}

static void append_what_is_there(const struct absence *absence, SQLHDBC connection,
                                 const char *schema, const char *sql, struct text *message) {
    if (!absence->is_table) {
        append_columns_of_query(connection, schema, sql, message);
        return;
    }
    struct text tables = {0};
    size_t count = append_tables(connection, schema, &tables);
    const char *where = schema == NULL ? "the database" : schema;
    if (count == 0) {
        text_append_format(message,
                           "; %s has no tables that this user may see (--schema names "
                           "another schema)",
                           where);
    } else {
        text_append_format(message, "; %s has: %s", where, text_string(&tables));
    }
    text_free(&tables);
}

int odbc_explain_query(const char *name, SQLHDBC connection, SQLHSTMT statement, const char *schema,
                       const char *sql, struct error *error) {
    char state[SQL_SQLSTATE_SIZE + 1];
    SQLINTEGER native = 0;
    struct text message = {0};
    text_append_format(&message, "%s: ", name);
    size_t before = message.length;
    odbc_append_diagnostics(SQL_HANDLE_STMT, statement, &message, state, &native);
    if (message.length == before) {
        text_append_string(&message, "the driver does not say why the query failed");
    }
    const struct absence *absence = find_absence(state, native, text_string(&message) + before);
    if (absence != NULL) {
        SQLFreeStmt(statement, SQL_CLOSE);
        append_what_is_there(absence, connection, schema, sql, &message);
    }
    source_append_query(&message, sql);
    return source_fail(&message, error);
}
