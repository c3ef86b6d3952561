#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/odbc_private.h"

enum { LOGIN_SECONDS = 30, NAME_UNITS = 256 };

/* The settings of a driver in addition to the address, so that it streams a result instead of
 * holding all of it, by the name of its library. psqlodbc: its documentation, config.html; MariaDB
 * from 3.2 on (before, it holds every result, and ignores what it does not know); MySQL's
 * Connector/ODBC: its reference of connection parameters; sqliteodbc: its README. */
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
static struct span find_line(struct span list, const char *name) {
    struct span found = span_of(NULL);
    while (list.length > 0) {
        struct span line = span_cut(&list, '\n');
        if (span_begins_with_ignoring_ascii_case(line, name) && span_compare(line, found) > 0) {
            found = line;
        }
    }
    return found;
}

/* The installed drivers' names, one a line; `out` is empty. */
static void append_installed(struct text *out) {
    SQLHENV environment = SQL_NULL_HENV;
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment))) {
        return;
    }
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    list_drivers(environment, out);
    SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

static void append_in_a_row(struct span lines, struct text *out) {
    while (lines.length > 0) {
        text_append(out, span_cut(&lines, '\n'));
        text_append_string(out, lines.length > 0 ? ", " : "");
    }
}

static bool find_driver(const char *const *names, struct text *driver, struct text *installed) {
    struct text list = {0};
    struct span found = span_of(NULL);
    append_installed(&list);
    for (size_t i = 0; names[i] != NULL && span_is_null(found); i++) {
        found = find_line(text_span(&list), names[i]);
    }
    text_append(driver, found);
    append_in_a_row(text_span(&list), installed);
    text_free(&list);
    return !span_is_null(found);
}

static int allocate(struct odbc_source *source, struct error *error) {
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &source->environment)) ||
        !SQL_SUCCEEDED(SQLSetEnvAttr(source->environment, SQL_ATTR_ODBC_VERSION,
                                     (SQLPOINTER)SQL_OV_ODBC3, 0)) ||
        !SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, source->environment, &source->handle))) {
        return error_set_no_memory(error);
    }
    SQLSetConnectAttr(source->handle, SQL_ATTR_LOGIN_TIMEOUT, odbc_number(LOGIN_SECONDS), 0);
    return 0;
}

SQLPOINTER odbc_number(SQLULEN number) {
    return (SQLPOINTER)(uintptr_t)number; /* NOLINT(performance-no-int-to-ptr): ODBC wants it so */
}

/* The driver manager's own refusals: no such data source, or no such driver. */
static bool is_unknown_driver(const char *message) {
    return strstr(message, "SQLSTATE IM0") != NULL || strstr(message, "Can't open lib") != NULL;
}

static int explain_refusal(const struct odbc_source *source, const struct odbc_url *parts,
                           const struct text *password, struct error *error) {
    struct error said;
    struct text advice = {0};
    odbc_explain(text_string(&parts->name), "cannot be opened", SQL_HANDLE_DBC, source->handle,
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

static int connect_once(struct odbc_source *source, const struct odbc_url *parts,
                        const struct text *password, struct error *error) {
    struct text string = {0};
    SQLINTEGER length = 0;
    int rc = -1;
    /* A text that grows leaves its former bytes in memory. */
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
    if (!SQL_SUCCEEDED(SQLDriverConnectW(source->handle, NULL, wide, (SQLSMALLINT)length, NULL, 0,
                                         NULL, SQL_DRIVER_NOPROMPT))) {
        explain_refusal(source, parts, password, error);
        goto out;
    }
    source->is_open = true;
    rc = 0;
out:
    if (wide != NULL) {
        struct text wiped = {.data = (char *)wide, .capacity = ((size_t)length + 1) * sizeof *wide};
        text_wipe(&wiped);
    }
    text_wipe(&string);
    return rc;
}

static void append_info(const struct odbc_source *source, SQLUSMALLINT what, struct text *out) {
    SQLWCHAR units[NAME_UNITS];
    SQLSMALLINT bytes = 0;
    if (SQL_SUCCEEDED(SQLGetInfoW(source->handle, what, units, sizeof units, &bytes)) &&
        bytes > 0) {
        size_t most = sizeof units - sizeof *units;
        wide_append(out, units, (size_t)bytes < most ? (size_t)bytes : most);
    }
}

/* Appends the driver's settings that the user has not given; true where there was one. */
static bool add_settings(const struct odbc_source *source, struct text *string) {
    struct text library = {0};
    append_info(source, SQL_DRIVER_NAME, &library);
    struct span name = text_span(&library);
    if (strncmp(name.data, "lib", 3) == 0) {
        name = (struct span){name.data + 3, name.length - 3};
    }
    bool has_added = false;
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++) {
        if (span_begins_with_ignoring_ascii_case(name, additions[i].library) &&
            !odbc_has_attribute(text_span(string), additions[i].key)) {
            text_append_format(string, ";%s=%s", additions[i].key, additions[i].value);
            has_added = true;
        }
    }
    text_free(&library);
    return has_added;
}

/* The kind of driver can be asked only once it is loaded: then further settings may follow. */
static int connect_as_wanted(struct odbc_source *source, struct odbc_url *parts,
                             const struct text *password, struct error *error) {
    if (connect_once(source, parts, password, error) != 0) {
        return -1;
    }
    if (!add_settings(source, &parts->string)) {
        return 0;
    }
    SQLDisconnect(source->handle);
    source->is_open = false;
    return connect_once(source, parts, password, error);
}

int odbc_execute(const char *name, const char *doing, SQLHSTMT statement, struct span sql,
                 struct error *error) {
    SQLINTEGER length = 0;
    SQLWCHAR *wide = wide_of(sql, &length);
    if (wide == NULL) {
        return error_set_no_memory(error);
    }
    SQLRETURN rc = SQLExecDirectW(statement, wide, length);
    free(wide);
    return SQL_SUCCEEDED(rc) || rc == SQL_NO_DATA
               ? 0
               : odbc_explain(name, doing, SQL_HANDLE_STMT, statement, span_of(NULL), error);
}

static int run(struct odbc_source *source, const char *sql, struct error *error) {
    SQLHSTMT statement = SQL_NULL_HSTMT;
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, source->handle, &statement))) {
        return error_set_no_memory(error);
    }
    int rc = odbc_execute(source_name(&source->base), sql, statement, span_of(sql), error);
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return rc;
}

/* True where the address has named a database. */
static bool has_current_database(const struct odbc_source *source) {
    SQLWCHAR units[NAME_UNITS] = {0};
    SQLINTEGER bytes = 0;
    struct text database = {0};
    if (SQL_SUCCEEDED(SQLGetConnectAttrW(source->handle, SQL_ATTR_CURRENT_CATALOG, units,
                                         sizeof units, &bytes)) &&
        bytes > 0 && bytes < (SQLINTEGER)sizeof units) {
        wide_append(&database, units, (size_t)bytes);
    }
    bool has_one = database.length > 0 && strcmp(text_string(&database), "null") != 0;
    text_free(&database);
    return has_one;
}

static void choose_schema(struct odbc_source *source, const struct source_access *access) {
    const char *schema = access->schema;
    if (schema == NULL && !(source->dialect->schema_is_database && has_current_database(source))) {
        schema = access->usual_schema;
    }
    text_append_string(&source->base.schema, schema);
}

static int settle(struct odbc_source *source, const struct source_access *access,
                  struct error *error) {
    struct text database = {0};
    append_info(source, SQL_DBMS_NAME, &database);
    source->dialect = dialect_find(text_string(&database));
    source->base.catalog = source->dialect->catalog;
    text_free(&database);
    choose_schema(source, access);
    for (size_t i = 0; i < DIALECT_SETTINGS && source->dialect->settings[i] != NULL; i++) {
        if (run(source, source->dialect->settings[i], error) != 0) {
            return -1;
        }
    }
    return text_check(&source->base.schema, error);
}

static int open_as_said(struct odbc_source *source, const char *url,
                        const struct source_access *access, struct error *error) {
    struct odbc_url parts = {0};
    struct text password = {0};
    int rc = odbc_url_read(&parts, url, access->user, find_driver, error);
    if (rc == 0) {
        text_append(&source->base.name, text_span(&parts.name));
    }
    if (rc == 0 && parts.user.length > 0) {
        rc = source_ask_password(access, text_string(&parts.user), source_name(&source->base),
                                 &password, error);
    }
    if (rc == 0) {
        rc = allocate(source, error);
    }
    if (rc == 0) {
        rc = connect_as_wanted(source, &parts, &password, error);
    }
    text_wipe(&password);
    odbc_url_free(&parts);
    return rc == 0 ? settle(source, access, error) : -1;
}

struct source *odbc_open(const char *url, const char *location, const struct source_access *access,
                         struct error *error) {
    (void)location;
    struct odbc_source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    if (open_as_said(source, url, access, error) != 0) {
        odbc_close(&source->base);
        return NULL;
    }
    return &source->base;
}

void odbc_close(struct source *base) {
    struct odbc_source *source = (struct odbc_source *)base;
    if (source->is_in_transaction) {
        SQLEndTran(SQL_HANDLE_DBC, source->handle, SQL_ROLLBACK);
    }
    if (source->is_open) {
        SQLDisconnect(source->handle);
    }
    if (source->handle != SQL_NULL_HDBC) {
        SQLFreeHandle(SQL_HANDLE_DBC, source->handle);
    }
    if (source->environment != SQL_NULL_HENV) {
        SQLFreeHandle(SQL_HANDLE_ENV, source->environment);
    }
    text_free(&source->base.schema);
    text_free(&source->base.name);
    free(source);
}

static int begin_transaction(struct odbc_source *source, SQLULEN isolation, struct error *error) {
    bool is_begun =
        (isolation == 0 || SQL_SUCCEEDED(SQLSetConnectAttr(source->handle, SQL_ATTR_TXN_ISOLATION,
                                                           odbc_number(isolation), 0))) &&
        SQL_SUCCEEDED(SQLSetConnectAttr(source->handle, SQL_ATTR_AUTOCOMMIT,
                                        (SQLPOINTER)SQL_AUTOCOMMIT_OFF, 0));
    if (!is_begun) {
        return odbc_explain(source_name(&source->base), "a transaction cannot be begun",
                            SQL_HANDLE_DBC, source->handle, span_of(NULL), error);
    }
    source->is_in_transaction = true;
    return 0;
}

static void end_transaction(struct odbc_source *source) {
    SQLEndTran(SQL_HANDLE_DBC, source->handle, SQL_ROLLBACK);
    SQLSetConnectAttr(source->handle, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)SQL_AUTOCOMMIT_ON, 0);
    source->is_in_transaction = false;
}

int odbc_enter(struct odbc_source *source, struct error *error) {
    if (source->dialect->has_cursors && !source->is_in_transaction &&
        begin_transaction(source, 0, error) != 0) {
        return -1;
    }
    source->open_rows++;
    return 0;
}

void odbc_leave(struct odbc_source *source) {
    source->open_rows--;
    if (source->open_rows == 0 && source->is_in_transaction && !source->is_one_moment) {
        end_transaction(source);
    }
}

int odbc_begin(struct source *base, bool *is_one_moment, struct error *error) {
    struct odbc_source *source = (struct odbc_source *)base;
    const struct dialect *dialect = source->dialect;
    if (dialect->first_statement == NULL) {
        return 0;
    }
    if (begin_transaction(source, dialect->isolation, error) != 0 ||
        run(source, dialect->first_statement, error) != 0) {
        return -1;
    }
    source->is_one_moment = true;
    *is_one_moment = true;
    return 0;
}

int odbc_end(struct source *base, struct error *error) {
    struct odbc_source *source = (struct odbc_source *)base;
    (void)error;
    source->is_one_moment = false;
    if (source->is_in_transaction) {
        end_transaction(source);
    }
    return 0;
}
