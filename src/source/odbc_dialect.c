#include "source/odbc_private.h"

static const struct dialect dialects[] = {
    /* ALTER SESSION: Oracle Database SQL Language Reference. The sign before the fraction depends
     * on the client's language unless it is set; DATE and TIMESTAMP come in ODBC's own structures.
     */
    {.databases = {"Oracle"},
     .catalog = &oracle_catalog,
     .settings = {"ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'",
                  "ALTER SESSION SET TIME_ZONE = '+00:00'"},
     .first_statement = "SET TRANSACTION READ ONLY",
     .empty_is_null = true,
     .has_exact_floats = true},
    /* psqlodbc holds a whole result in memory. Its own use of cursors (UseDeclareFetch) ends the
     * program where the connection is lost between two fetches (13.02). */
    {.databases = {"PostgreSQL"},
     .catalog = &postgresql_catalog,
     .settings = {"SET default_transaction_read_only = on", "SET TIME ZONE 'UTC'",
                  "SET DateStyle = 'ISO'", "SET standard_conforming_strings = on"},
     .isolation = SQL_TXN_REPEATABLE_READ,
     .first_statement = "SELECT 1",
     .has_cursors = true},
    /* A result is streamed, and the server gives up on a reader that lets it wait for so many
     * seconds. */
    {.databases = {"MariaDB", "MySQL"},
     .catalog = &mariadb_catalog,
     .settings = {"SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'",
                  "SET SESSION TRANSACTION READ ONLY", "SET SESSION time_zone = '+00:00'",
                  "SET SESSION net_write_timeout = 3600"},
     .isolation = SQL_TXN_REPEATABLE_READ,
     .first_statement = "START TRANSACTION WITH CONSISTENT SNAPSHOT",
     .schema_is_database = true},
    {.databases = {"SQLite"},
     .catalog = &sqlite_odbc_catalog,
     .settings = {"PRAGMA query_only = 1"},
     .first_statement = "SELECT 1 FROM sqlite_master",
     .is_untyped = true},
};

static const struct dialect standard = {.catalog = &standard_catalog};

static bool is_of(const struct dialect *dialect, const char *database) {
    for (size_t i = 0; i < DIALECT_DATABASES && dialect->databases[i] != NULL; i++) {
        if (span_begins_with_ignoring_ascii_case(span_of(database), dialect->databases[i])) {
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
