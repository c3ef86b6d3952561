/* A driver is the part below source.h that knows one kind of database.
 *
 * A driver runs a query in its database's own SQL and gives the rows. Which queries these are is
 * table.c's, by the database's catalog. A driver's own structs begin with `struct source` and
 * `struct rows`, so that a pointer to the one is a pointer to the other. The driver allocates them
 * in open() and query(), and frees them, `name` and `schema` included, in close() and close_rows();
 * source.c and table.c fill in the rest. To add a driver, write its functions and add its scheme to
 * the table in source.c; to add a database that ODBC reads, see odbc_private.h. */
#ifndef ROWPOST_SOURCE_DRIVER_PRIVATE_H
#define ROWPOST_SOURCE_DRIVER_PRIVATE_H

#include "base/arena.h"
#include "base/text.h"
#include "source/source.h"

/* What a value of a column is made from what the driver gives. */
enum column_form {
    FORM_PLAIN,
    FORM_UTF8,  /* bytes that are a text's */
    FORM_TAGGED /* a text whose first letter is the type of the rest: t, i, r, b (in hex) */
};

/* How columns of one kind are read. In the SQL, `?1` is the column's name in quotes. */
struct column_rule {
    const char *kind;   /* as the catalog's `columns` gives it */
    const char *select; /* NULL: as it is */
    const char *sum;    /* of the bytes of its texts in UTF-8; NULL: not known */
    enum column_form form;
};

enum { CATALOG_RULES = 7 };

/* How a database describes its own tables: constant data, in the database's own SQL. */
struct catalog {
    char quote;          /* around a name */
    bool has_schemas;    /* false: what precedes a table's name is not looked at */
    const char *schemas; /* gives the schemas' names; NULL where there are none */
    const char *tables;  /* gives schema and table; `?1`: the schema, in whatever case, or NULL for
                          * the default */
    const char *columns; /* gives name, type and kind, in order; `?1`: schema, `?2`: table */
    struct column_rule rules[CATALOG_RULES]; /* one without a kind at the end */
};

extern const struct catalog sqlite_catalog;
extern const struct catalog sqlite_odbc_catalog;
extern const struct catalog postgresql_catalog;
extern const struct catalog mariadb_catalog;
extern const struct catalog oracle_catalog;
extern const struct catalog standard_catalog;

struct driver {
    /* `url` is the whole, `location` what follows the scheme; `access` is not NULL. Leaves `name`
     * and `catalog` set. */
    struct source *(*open)(const char *url, const char *location,
                           const struct source_access *access, struct error *error);
    void (*close)(struct source *source);

    /* As source_begin_read_transaction() and source_end_read_transaction(); both NULL where there
     * is no such thing. */
    int (*begin)(struct source *source, bool *is_one_moment, struct error *error);
    int (*end)(struct source *source, struct error *error);

    /* What the server calls itself; NULL where there is none. The text is the source's. */
    const char *(*describe)(const struct source *source);

    struct sqlite3 *(*sqlite)(const struct source *source); /* NULL: it is none */

    /* Starts a query. */
    struct rows *(*query)(struct source *source, const char *sql, struct error *error);
    void (*close_rows)(struct rows *rows);
    int (*step)(struct rows *rows, struct error *error); /* after the end: 0 again */
    struct value (*value)(const struct rows *rows, size_t column);
};

struct source {
    const struct driver *driver;
    const struct catalog *catalog;
    struct text name;   /* for messages: the URL without secrets */
    struct text schema; /* whose tables are meant by names without one; empty: the default's */
};

/* A column of a table that is read. */
struct rows_column {
    const char *name;
    enum column_form form;
    struct text scratch;
};

/* The rows of a query; where they are a table's, with its columns. */
struct rows {
    const struct driver *driver;
    struct source *source;
    struct arena names;
    const char *table;
    struct rows_column *columns;
    size_t column_count;
};

/* The value of decimal `digits`, such as `-12`, `0.50` or `.5`, without loss: VALUE_INTEGER where
 * it is whole and fits (`3.00` is 3), else VALUE_TEXT with all its digits, in `scratch` or where
 * they were. What is no such number (`1E+40`, `NaN`) is VALUE_TEXT, unchanged. */
struct value decimal_value(struct span digits, struct text *scratch);

extern const struct driver sqlite_driver;
extern const struct driver odbc_driver;
extern const struct driver oracle_driver;

/* Asks for the password by the access's callback. The driver ends `password` with text_wipe(); it
 * stays empty where there is nobody to ask. */
int source_ask_password(const struct source_access *access, const char *user, const char *place,
                        struct text *password, struct error *error);

/* Ends a message under construction: it becomes the error, and is released. Returns -1. */
int source_fail(enum error_code code, struct text *message, struct error *error);

#endif
