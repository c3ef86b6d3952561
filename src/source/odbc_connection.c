#define _DEFAULT_SOURCE /* strncasecmp */
#include "source/odbc_connection.h"

#include <sqlucode.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "source/driver.h"
#include "source/odbc_error.h"
#include "source/odbc_url.h"
#include "source/odbc_wide.h"

enum { LOGIN_SECONDS = 30, NAME_UNITS = 256 };

/* What a driver is told beside the address, so that it streams a result instead of holding all of
 * it, by the name of its library. psqlodbc: its documentation, config.html; MariaDB from 3.2 on
 * (before, it holds every result, and passes over what it does not know); MySQL's Connector/ODBC:
 * its reference of connection parameters; sqliteodbc: its README. */
static const struct addition {
    const char *library; /* how SQL_DRIVER_NAME begins, `lib` apart */
    const char *key;     /* where the connection string has it, it is the user's */
    const char *value;
} additions[] = {
    {"psqlodbc", "UseDeclareFetch", "0"}, {"psqlodbc", "BoolsAsChar", "0"},
    {"psqlodbc", "UnknownSizes", "1"},    {"maodbc", "FORWARDONLY", "1"},
    {"maodbc", "STREAMRS", "1"},          {"myodbc", "FORWARD_CURSOR", "1"},
    {"myodbc", "NO_CACHE", "1"},          {"sqlite3odbc", "StepAPI", "1"},
    {"sqlite3odbc", "BigInt", "1"},
};

static void list_drivers(SQLHENV environment, struct text *list) {
    SQLCHAR name[NAME_UNITS];
    SQLCHAR attributes[4 * NAME_UNITS];
    SQLSMALLINT length = 0;
    SQLSMALLINT attributes_length = 0;
    SQLUSMALLINT direction = SQL_FETCH_FIRST;
    while (SQL_SUCCEEDED(SQLDrivers(environment, direction, name, sizeof name, &length, attributes,
                                    sizeof attributes, &attributes_length))) {
        direction = SQL_FETCH_NEXT;
        text_append_format(list, "%s%s", list->length == 0 ? "" : "\n", (const char *)name);
    }
}

/* The line of the list that begins with `name`; of several the last, which is the newest version
 * where they are numbered. */
static struct span find_line(const struct text *list, const char *name) {
    struct span found = span_of(NULL);
    for (const char *line = text_string(list); *line != '\0';) {
        size_t length = strcspn(line, "\n");
        size_t wanted = strlen(name);
        bool is_it = length >= wanted && strncasecmp(line, name, wanted) == 0;
        bool is_later = span_is_null(found) || span_compare((struct span){line, length}, found) > 0;
        if (is_it && is_later) {
            found = (struct span){line, length};
        }
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    return found;
}

/* The installed drivers' names, one a line. */
static void append_installed(struct text *out) {
    SQLHENV environment = SQL_NULL_HENV;
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment))) {
        return;
    }
    struct text list = {0};
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    list_drivers(environment, &list);
    SQLFreeHandle(SQL_HANDLE_ENV, environment);
    text_append(out, text_span(&list));
    text_free(&list);
}

static void append_in_a_row(struct span lines, struct text *out) {
    for (size_t i = 0; i < lines.length; i++) {
        text_append_string(out, lines.data[i] == '\n' ? ", " : "");
        if (lines.data[i] != '\n') {
            text_append_char(out, lines.data[i]);
        }
    }
}

static bool find_driver(const char *const *names, struct text *driver, struct text *installed) {
    struct text list = {0};
    struct span found = span_of(NULL);
    append_installed(&list);
    for (size_t i = 0; names[i] != NULL && span_is_null(found); i++) {
        found = find_line(&list, names[i]);
    }
    text_append(driver, found);
    append_in_a_row(text_span(&list), installed);
    text_free(&list);
    return !span_is_null(found);
}

static int allocate(struct odbc_connection *connection, struct error *error) {
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &connection->environment)) ||
        !SQL_SUCCEEDED(SQLSetEnvAttr(connection->environment, SQL_ATTR_ODBC_VERSION,
                                     (SQLPOINTER)SQL_OV_ODBC3, 0)) ||
        !SQL_SUCCEEDED(
            SQLAllocHandle(SQL_HANDLE_DBC, connection->environment, &connection->handle))) {
        return error_set_no_memory(error);
    }
    SQLSetConnectAttr(connection->handle, SQL_ATTR_LOGIN_TIMEOUT, odbc_number(LOGIN_SECONDS), 0);
    return 0;
}

SQLPOINTER odbc_number(SQLULEN number) {
    return (SQLPOINTER)(uintptr_t)number; /* NOLINT(performance-no-int-to-ptr): ODBC wants it so */
}

/* The driver manager's own refusals: no such data source, or no such driver. */
static bool is_unknown_driver(const char *message) {
    return strstr(message, "SQLSTATE IM0") != NULL || strstr(message, "Can't open lib") != NULL;
}

static int explain_refusal(const struct odbc_connection *connection, const struct odbc_url *parts,
                           const struct text *password, struct error *error) {
    struct error said;
    struct text advice = {0};
    odbc_explain(text_string(&parts->name), "cannot be opened", SQL_HANDLE_DBC, connection->handle,
                 text_span(password), &said);
    if (is_unknown_driver(said.message)) {
        struct text installed = {0};
        append_installed(&installed);
        text_append_string(&advice, "; the drivers that are installed: ");
        append_in_a_row(text_span(&installed), &advice);
        text_free(&installed);
    } else if (parts->user.length > 0 && password->length == 0) {
        text_append_string(&advice,
                           ". No password was given; it comes from --source-password-file, "
                           "ROWPOST_SOURCE_PASSWORD, the credentials file or a prompt");
    }
    int rc = error_set(error, said.code, "%s%s", said.message, text_string(&advice));
    text_free(&advice);
    return rc;
}

static int connect_once(struct odbc_connection *connection, const struct odbc_url *parts,
                        const struct text *password, struct error *error) {
    struct text string = {0};
    SQLSMALLINT length = 0;
    int rc = -1;
    /* A text that grows leaves its former bytes behind. */
    text_reserve(&string, parts->string.length + 2 * password->length + 16);
    text_append(&string, text_span(&parts->string));
    if (password->length > 0) {
        odbc_append_attribute(&string, "PWD", text_span(password));
    }
    SQLWCHAR *wide = wide_of(text_span(&string), &length);
    if (wide == NULL || text_check(&string, error) != 0) {
        error_set_no_memory(error);
        goto out;
    }
    if (!SQL_SUCCEEDED(SQLDriverConnectW(connection->handle, NULL, wide, length, NULL, 0, NULL,
                                         SQL_DRIVER_NOPROMPT))) {
        explain_refusal(connection, parts, password, error);
        goto out;
    }
    connection->is_open = true;
    rc = 0;
out:
    if (wide != NULL) {
        struct text wiped = {.data = (char *)wide, .capacity = ((size_t)length + 1) * sizeof *wide};
        text_wipe(&wiped);
    }
    text_wipe(&string);
    return rc;
}

static void append_info(const struct odbc_connection *connection, SQLUSMALLINT what,
                        struct text *out) {
    SQLWCHAR units[NAME_UNITS];
    SQLSMALLINT bytes = 0;
    if (SQL_SUCCEEDED(SQLGetInfoW(connection->handle, what, units, sizeof units, &bytes)) &&
        bytes > 0) {
        size_t most = sizeof units - sizeof *units;
        wide_append(out, units, (size_t)bytes < most ? (size_t)bytes : most);
    }
}

/* Appends what the driver is to be told and the user has not; true where there was something. */
static bool add_settings(const struct odbc_connection *connection, struct text *string) {
    struct text library = {0};
    append_info(connection, SQL_DRIVER_NAME, &library);
    const char *name = text_string(&library);
    name += strncmp(name, "lib", 3) == 0 ? 3 : 0;
    bool has_added = false;
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++) {
        if (strncasecmp(name, additions[i].library, strlen(additions[i].library)) == 0 &&
            !odbc_has_attribute(text_span(string), additions[i].key)) {
            text_append_format(string, ";%s=%s", additions[i].key, additions[i].value);
            has_added = true;
        }
    }
    text_free(&library);
    return has_added;
}

/* Which driver it is can be asked only once it is there: then it may be told more. */
static int connect_as_wanted(struct odbc_connection *connection, struct odbc_url *parts,
                             const struct text *password, struct error *error) {
    if (connect_once(connection, parts, password, error) != 0) {
        return -1;
    }
    if (!add_settings(connection, &parts->string)) {
        return 0;
    }
    SQLDisconnect(connection->handle);
    connection->is_open = false;
    return connect_once(connection, parts, password, error);
}

static int run(struct odbc_connection *connection, const char *name, const char *sql,
               struct error *error) {
    SQLHSTMT statement = SQL_NULL_HSTMT;
    SQLINTEGER length = 0;
    SQLWCHAR *wide = wide_of_long(span_of(sql), &length);
    int rc = -1;
    if (wide == NULL ||
        !SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, connection->handle, &statement))) {
        free(wide);
        return error_set_no_memory(error);
    }
    SQLRETURN said = SQLExecDirectW(statement, wide, length);
    if (SQL_SUCCEEDED(said) || said == SQL_NO_DATA) {
        rc = 0;
    } else {
        struct error reason;
        odbc_explain(name, sql, SQL_HANDLE_STMT, statement, span_of(NULL), &reason);
        *error = reason;
    }
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    free(wide);
    return rc;
}

/* The database that the connection names is the schema where they are the same thing. */
static bool has_current_database(const struct odbc_connection *connection, struct text *database) {
    SQLWCHAR units[NAME_UNITS] = {0};
    SQLINTEGER bytes = 0;
    if (!SQL_SUCCEEDED(SQLGetConnectAttrW(connection->handle, SQL_ATTR_CURRENT_CATALOG, units,
                                          sizeof units, &bytes)) ||
        bytes <= 0 || bytes >= (SQLINTEGER)sizeof units) {
        return false;
    }
    wide_append(database, units, (size_t)bytes);
    return database->length > 0 && strcmp(text_string(database), "null") != 0;
}

static int attach_second_name(struct odbc_connection *connection, const char *name,
                              const char *schema, struct error *error) {
    struct text file = {0};
    struct text sql = {0};
    append_info(connection, SQL_DATABASE_NAME, &file);
    int rc = 0;
    if (file.length > 0) {
        text_append_string(&sql, "ATTACH DATABASE '");
        for (size_t i = 0; i < file.length; i++) {
            text_append_char(&sql, file.data[i]);
            if (file.data[i] == '\'') {
                text_append_char(&sql, '\'');
            }
        }
        text_append_string(&sql, "' AS ");
        dialect_append_name(connection->dialect, span_of(schema), &sql);
        rc = run(connection, name, text_string(&sql), error);
    }
    text_free(&file);
    text_free(&sql);
    return rc;
}

static int use_schema(struct odbc_connection *connection, const char *name, const char *wanted,
                      struct error *error) {
    const struct dialect *dialect = connection->dialect;
    const char *schema = wanted == NULL ? SOURCE_DEFAULT_SCHEMA : wanted;
    if (dialect->is_loosely_typed) {
        return attach_second_name(connection, name, schema, error);
    }
    if (dialect->schema_is_database && wanted == NULL &&
        has_current_database(connection, &connection->schema)) {
        return 0;
    }
    text_clear(&connection->schema);
    if (dialect->use_schema == NULL) {
        return wanted == NULL
                   ? 0
                   : error_set(error, ERROR_USAGE,
                               "--schema %s: this database cannot be told of a schema by this "
                               "program; make it the default one of the user",
                               wanted);
    }
    struct text quoted = {0};
    struct text sql = {0};
    dialect_append_name(dialect, span_of(schema), &quoted);
    const char *hole = strstr(dialect->use_schema, "%s");
    text_append(&sql, (struct span){dialect->use_schema, (size_t)(hole - dialect->use_schema)});
    text_append(&sql, text_span(&quoted));
    text_append_string(&sql, hole + 2);
    text_append(&connection->schema,
                (struct span){text_string(&quoted) + 1, quoted.length < 2 ? 0 : quoted.length - 2});
    int rc = run(connection, name, text_string(&sql), error);
    text_free(&quoted);
    text_free(&sql);
    return rc;
}

static int settle(struct odbc_connection *connection, const char *name, const char *schema,
                  struct error *error) {
    struct text database = {0};
    append_info(connection, SQL_DBMS_NAME, &database);
    connection->dialect = dialect_find(text_string(&database));
    text_free(&database);
    if (use_schema(connection, name, schema, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < DIALECT_SETTINGS && connection->dialect->settings[i] != NULL; i++) {
        if (run(connection, name, connection->dialect->settings[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

int odbc_connection_open(struct odbc_connection *connection, const char *url,
                         const struct source_access *access, struct text *name,
                         struct error *error) {
    struct odbc_url parts = {0};
    struct text password = {0};
    int rc = -1;
    if (odbc_url_read(&parts, url, access->user, find_driver, error) != 0) {
        goto out;
    }
    text_append(name, text_span(&parts.name));
    if (parts.user.length > 0 && source_ask_password(access, text_string(&parts.user),
                                                     text_string(name), &password, error) != 0) {
        goto out;
    }
    if (allocate(connection, error) != 0 ||
        connect_as_wanted(connection, &parts, &password, error) != 0) {
        goto out;
    }
    rc = settle(connection, text_string(name), access->schema, error);
out:
    text_wipe(&password);
    odbc_url_free(&parts);
    return rc;
}

void odbc_connection_close(struct odbc_connection *connection) {
    if (connection->is_in_transaction) {
        SQLEndTran(SQL_HANDLE_DBC, connection->handle, SQL_ROLLBACK);
    }
    if (connection->is_open) {
        SQLDisconnect(connection->handle);
    }
    if (connection->handle != SQL_NULL_HDBC) {
        SQLFreeHandle(SQL_HANDLE_DBC, connection->handle);
    }
    if (connection->environment != SQL_NULL_HENV) {
        SQLFreeHandle(SQL_HANDLE_ENV, connection->environment);
    }
    text_free(&connection->schema);
}

const char *odbc_connection_schema(const struct odbc_connection *connection) {
    return connection->schema.length == 0 ? NULL : text_string(&connection->schema);
}

static int begin_transaction(struct odbc_connection *connection, const char *name,
                             SQLULEN isolation, struct error *error) {
    bool is_begun = (isolation == 0 ||
                     SQL_SUCCEEDED(SQLSetConnectAttr(connection->handle, SQL_ATTR_TXN_ISOLATION,
                                                     odbc_number(isolation), 0))) &&
                    SQL_SUCCEEDED(SQLSetConnectAttr(connection->handle, SQL_ATTR_AUTOCOMMIT,
                                                    (SQLPOINTER)SQL_AUTOCOMMIT_OFF, 0));
    if (!is_begun) {
        return odbc_explain(name, "a transaction cannot be begun", SQL_HANDLE_DBC,
                            connection->handle, span_of(NULL), error);
    }
    connection->is_in_transaction = true;
    return 0;
}

int odbc_connection_enter(struct odbc_connection *connection, const char *name,
                          struct error *error) {
    if (connection->dialect->has_cursors && !connection->is_in_transaction &&
        begin_transaction(connection, name, 0, error) != 0) {
        return -1;
    }
    connection->open_rows++;
    return 0;
}

void odbc_connection_leave(struct odbc_connection *connection) {
    connection->open_rows--;
    if (connection->open_rows == 0 && connection->is_in_transaction && !connection->is_still) {
        SQLEndTran(SQL_HANDLE_DBC, connection->handle, SQL_ROLLBACK);
        SQLSetConnectAttr(connection->handle, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)SQL_AUTOCOMMIT_ON,
                          0);
        connection->is_in_transaction = false;
    }
}

void odbc_connection_let_go(struct odbc_connection *connection) {
    connection->is_still = false;
    connection->open_rows++;
    odbc_connection_leave(connection);
}

int odbc_connection_hold_still(struct odbc_connection *connection, const char *name, bool *is_still,
                               struct error *error) {
    const struct dialect *dialect = connection->dialect;
    *is_still = connection->is_still;
    if (dialect->still_statement == NULL || connection->is_still) {
        return 0;
    }
    if (begin_transaction(connection, name, dialect->still_isolation, error) != 0 ||
        run(connection, name, dialect->still_statement, error) != 0) {
        return -1;
    }
    connection->is_still = true;
    *is_still = true;
    return 0;
}
