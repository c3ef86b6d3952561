/* The tables of the legacy site, until the migration declares them. */
#ifndef ROWPOST_CLI_PRELIMINARY_TABLES_H
#define ROWPOST_CLI_PRELIMINARY_TABLES_H

#include "staging/table.h"

static const struct table_column releases_columns[] = {
    {"id", COLUMN_KEY, COLUMN_READ},           {"category", COLUMN_TEXT, COLUMN_READ},
    {"subcategory", COLUMN_TEXT, COLUMN_READ}, {"release_name", COLUMN_WORD, COLUMN_READ},
    {"version", COLUMN_INTEGER, COLUMN_READ},  {"date", COLUMN_MOMENT, COLUMN_READ},
    {"status_kind", COLUMN_TEXT, COLUMN_READ},
};
static const struct table_column status_columns[] = {
    {"id", COLUMN_KEY, COLUMN_READ},
    {"validation_status", COLUMN_TEXT, COLUMN_READ},
    {"comments", COLUMN_TEXT, COLUMN_READ},
    {"links", COLUMN_TEXT, COLUMN_READ},
    {"user_name", COLUMN_TEXT, COLUMN_READ},
    {"messageid", COLUMN_TEXT, COLUMN_COPIED},
    {"email_subject", COLUMN_TEXT, COLUMN_COPIED},
    {"relmon_url", COLUMN_TEXT, COLUMN_READ},
};
static const struct table_column users_columns[] = {
    {"user_name", COLUMN_WORD, COLUMN_READ},
    {"email", COLUMN_TEXT, COLUMN_READ},
    {"admin", COLUMN_FLAG, COLUMN_READ},
    {"validator", COLUMN_FLAG, COLUMN_READ},
};
static const struct table_column user_rights_columns[] = {
    {"id", COLUMN_KEY, COLUMN_READ},           {"user_name", COLUMN_WORD, COLUMN_READ},
    {"category", COLUMN_TEXT, COLUMN_READ},    {"subcategory", COLUMN_TEXT, COLUMN_READ},
    {"status_kind", COLUMN_TEXT, COLUMN_READ},
};
#define COLUMNS(list) .columns = (list), .column_count = sizeof(list) / sizeof *(list)
static const struct table preliminary_tables[] = {
    {"users", COLUMNS(users_columns), {"user_name"}, false},
    {"user_rights", COLUMNS(user_rights_columns), {"id"}, false},
    {"releases", COLUMNS(releases_columns), {"id"}, false},
    {"status", COLUMNS(status_columns), {"id"}, false},
    {"releases_lv", COLUMNS(releases_columns), {"id"}, true},
    {"status_lv", COLUMNS(status_columns), {"id"}, true},
};
enum { PRELIMINARY_TABLE_COUNT = sizeof preliminary_tables / sizeof *preliminary_tables };

#endif
