#define _POSIX_C_SOURCE 200809L /* strnlen */
#include "source/odbc_dialect.h"

#include <string.h>

#include "source/driver.h"

static const char bytes_marker[] = SOURCE_BY_BYTES;

static const struct dialect dialects[] = {
    /* ALTER SESSION: Oracle Database SQL Language Reference. The order of texts and the sign before
     * the fraction depend on the client's language unless they are set; DATE and TIMESTAMP come in
     * ODBC's own structures. */
    {.databases = {"Oracle"},
     .catalog = &oracle_catalog,
     .fold = FOLD_UPPER,
     .quote = '"',
     .bytes_before = "",
     .bytes_after = " NULLS FIRST",
     .settings = {"ALTER SESSION SET NLS_SORT = BINARY", "ALTER SESSION SET NLS_COMP = BINARY",
                  "ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'",
                  "ALTER SESSION SET TIME_ZONE = '+00:00'"},
     .use_schema = "ALTER SESSION SET CURRENT_SCHEMA = %s",
     .still_statement = "SET TRANSACTION READ ONLY",
     .empty_is_null = true,
     .has_exact_floats = true},
    /* psqlodbc holds a whole result in memory. Its own use of cursors (UseDeclareFetch) ends the
     * program where the connection is lost between two fetches (13.02). */
    {.databases = {"PostgreSQL"},
     .catalog = &postgresql_catalog,
     .fold = FOLD_LOWER,
     .quote = '"',
     .bytes_before = "",
     .bytes_after = " COLLATE \"C\" NULLS FIRST",
     .settings = {"SET default_transaction_read_only = on", "SET TIME ZONE 'UTC'",
                  "SET DateStyle = 'ISO'", "SET standard_conforming_strings = on"},
     .use_schema = "SET search_path TO %s",
     .still_isolation = SQL_TXN_REPEATABLE_READ,
     .still_statement = "SELECT 1",
     .has_cursors = true},
    /* A result is streamed, and the server gives up on a reader that lets it wait for so many
     * seconds. */
    {.databases = {"MariaDB", "MySQL"},
     .catalog = &mariadb_catalog,
     .fold = FOLD_NONE,
     .quote = '`',
     .bytes_before = "BINARY ",
     .bytes_after = "",
     .settings = {"SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
                  "SET SESSION TRANSACTION READ ONLY", "SET SESSION time_zone = '+00:00'",
                  "SET SESSION net_write_timeout = 3600"},
     .use_schema = "USE %s",
     .still_isolation = SQL_TXN_REPEATABLE_READ,
     .still_statement = "START TRANSACTION WITH CONSISTENT SNAPSHOT",
     .schema_is_database = true},
    /* A SQLite file has no schemas; it is given a second name, so that CMS_PDMV_VAL.USERS is found
     * as well. */
    {.databases = {"SQLite"},
     .catalog = &sqlite_odbc_catalog,
     .fold = FOLD_NONE,
     .quote = '"',
     .bytes_before = "",
     .bytes_after = "",
     .settings = {"PRAGMA query_only = 1"},
     .still_statement = "SELECT 1 FROM sqlite_master",
     .is_loosely_typed = true},
    {.databases = {"Microsoft SQL Server"},
     .catalog = &standard_catalog,
     .fold = FOLD_NONE,
     .quote = '"',
     .bytes_before = "",
     .bytes_after = " COLLATE Latin1_General_100_BIN2"},
};

static const struct dialect standard = {.catalog = &standard_catalog,
                                        .fold = FOLD_NONE,
                                        .quote = '"',
                                        .bytes_before = "",
                                        .bytes_after = ""};

static bool is_of(const struct dialect *dialect, const char *database) {
    for (size_t i = 0; i < DIALECT_DATABASES && dialect->databases[i] != NULL; i++) {
        size_t length = strlen(dialect->databases[i]);
        struct span beginning = {database, strnlen(database, length)};
        if (span_equal_ignoring_ascii_case(beginning, span_of(dialect->databases[i]))) {
            return true;
        }
    }
    return false;
}

const struct dialect *dialect_find(const char *database) {
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++) {
        if (is_of(&dialects[i], database)) {
            return &dialects[i];
        }
    }
    return &standard;
}

static bool is_lower(char character) {
    return character >= 'a' && character <= 'z';
}

static bool is_upper(char character) {
    return character >= 'A' && character <= 'Z';
}

static bool is_name_byte(char character) {
    return is_lower(character) || is_upper(character) || (character >= '0' && character <= '9') ||
           character == '_' || character == '$' || character == '#' ||
           (unsigned char)character >= 0x80;
}

static bool has(struct span name, bool (*is_it)(char)) {
    for (size_t i = 0; i < name.length; i++) {
        if (is_it(name.data[i])) {
            return true;
        }
    }
    return false;
}

void dialect_append_name(const struct dialect *dialect, struct span name, struct text *out) {
    bool is_folded = dialect->fold == FOLD_LOWER && !has(name, is_lower);
    text_append_char(out, dialect->quote);
    for (size_t i = 0; i < name.length; i++) {
        char character = name.data[i];
        if (character == dialect->quote) {
            text_append_char(out, character);
        }
        if (is_folded && is_upper(character)) {
            character = (char)(character - 'A' + 'a');
        }
        text_append_char(out, character);
    }
    text_append_char(out, dialect->quote);
}

void dialect_append_column_name(const struct dialect *dialect, struct span name, struct text *out) {
    bool is_folded = dialect->fold == FOLD_LOWER && !has(name, is_upper);
    for (size_t i = 0; i < name.length; i++) {
        char character = name.data[i];
        if (is_folded && is_lower(character)) {
            character = (char)(character - 'a' + 'A');
        }
        text_append_char(out, character);
    }
}

/* Where a text in quotes ends, behind its last quote; a quote inside is written twice. NULL: it
 * does not end. */
static const char *find_end_of_quotes(const char *start) {
    char quote = *start;
    for (const char *at = start + 1; *at != '\0'; at++) {
        if (*at == quote) {
            if (at[1] != quote) {
                return at + 1;
            }
            at++;
        }
    }
    return NULL;
}

static const char *find_end_of_comment(const char *start) {
    if (start[1] == '-') {
        return start + strcspn(start, "\n");
    }
    const char *end = strstr(start + 2, "*/");
    return end == NULL ? NULL : end + 2;
}

static bool is_blank(char character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
}

static bool starts_comment(const char *at) {
    return (at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*');
}

static const char *skip_blanks_and_comments(const char *at) {
    while (at != NULL && (is_blank(*at) || starts_comment(at))) {
        at = is_blank(*at) ? at + 1 : find_end_of_comment(at);
    }
    return at;
}

/* Appends the name in quotes at `start` in the dialect's own; returns where it ends. */
static const char *translate_name(const struct dialect *dialect, const char *start,
                                  struct text *out) {
    const char *end = find_end_of_quotes(start);
    if (end == NULL) {
        return NULL;
    }
    struct text name = {0};
    for (const char *at = start + 1; at < end - 1; at++) {
        text_append_char(&name, *at);
        at += *at == '"' ? 1 : 0;
    }
    dialect_append_name(dialect, text_span(&name), out);
    text_free(&name);
    return end;
}

/* Appends the column behind the marker with what makes its order that of its bytes. */
static const char *translate_marked(const struct dialect *dialect, const char *marker,
                                    struct text *out) {
    const char *at = marker + strlen(bytes_marker);
    while (is_blank(*at)) {
        at++;
    }
    text_append_string(out, dialect->bytes_before);
    while (at != NULL && (is_name_byte(*at) || *at == '.' || *at == '"')) {
        if (*at == '"') {
            at = translate_name(dialect, at, out);
        } else {
            text_append_char(out, *at++);
        }
    }
    text_append_string(out, dialect->bytes_after);
    return at;
}

/* Appends what begins at `at` and returns where it ends; NULL where it does not. */
static const char *translate_token(const struct dialect *dialect, const char *at,
                                   struct text *out) {
    if (*at == '"') {
        return translate_name(dialect, at, out);
    }
    if (*at == '\'') {
        const char *end = find_end_of_quotes(at);
        text_append(out, (struct span){at, end == NULL ? 0 : (size_t)(end - at)});
        return end;
    }
    if (strncmp(at, bytes_marker, strlen(bytes_marker)) == 0) {
        return translate_marked(dialect, at, out);
    }
    if (starts_comment(at)) {
        text_append_char(out, ' ');
        return find_end_of_comment(at);
    }
    text_append_char(out, *at);
    return at + 1;
}

static bool begins_with_word(const char *at, const char *word) {
    size_t length = strlen(word);
    return strlen(at) > length && !is_name_byte(at[length]) &&
           span_equal_ignoring_ascii_case((struct span){at, length}, span_of(word));
}

const char *dialect_translate(const struct dialect *dialect, const char *sql, struct text *out) {
    const char *at = skip_blanks_and_comments(sql);
    if (at == NULL || *at == '\0') {
        return "the query is empty";
    }
    if (!begins_with_word(at, "SELECT") && !begins_with_word(at, "WITH")) {
        return "the query is not one that only reads, such as SELECT";
    }
    while (at != NULL && *at != '\0' && *at != ';') {
        at = translate_token(dialect, at, out);
    }
    if (at == NULL) {
        return "a quote or a comment in the query has no end";
    }
    if (*at == ';') {
        at = skip_blanks_and_comments(at + 1);
        if (at == NULL || *at != '\0') {
            return "the query is more than one statement";
        }
    }
    return NULL;
}
