#include "snapshot/layout.h"

static const struct layout_column releases[] = {
    {"id", COLUMN_KEY, "integer primary key"}, {"category", COLUMN_TEXT, "text"},
    {"subcategory", COLUMN_TEXT, "text"},      {"release_name", COLUMN_TEXT, "text"},
    {"version", COLUMN_NUMBER, "integer"},     {"date", COLUMN_DATE, "integer"},
    {"status_kind", COLUMN_TEXT, "text"},
};

static const struct layout_column status[] = {
    {"id", COLUMN_NUMBER, "integer"},       {"validation_status", COLUMN_TEXT, "text"},
    {"comments", COLUMN_TEXT, "text"},      {"links", COLUMN_TEXT, "text"},
    {"user_name", COLUMN_TEXT, "text"},     {"messageID", COLUMN_TEXT, "text"},
    {"email_subject", COLUMN_TEXT, "text"}, {"relmon_url", COLUMN_TEXT, "text"},
};

static const struct layout_column users[] = {
    {"user_name", COLUMN_TEXT, "text"},
    {"email", COLUMN_TEXT, "text"},
    {"admin", COLUMN_NUMBER, "short"},
    {"validator", COLUMN_NUMBER, "short"},
};

static const struct layout_column user_rights[] = {
    {"id", COLUMN_KEY, "integer primary key"}, {"user_name", COLUMN_TEXT, "text"},
    {"category", COLUMN_TEXT, "text"},         {"subcategory", COLUMN_TEXT, "text"},
    {"status_kind", COLUMN_TEXT, "text"},
};

#define COLUMNS(list) .columns = (list), .column_count = sizeof(list) / sizeof *(list)

const struct layout_table layout_tables[] = {
    {"releases", "id", false, COLUMNS(releases)},
    {"status", "id", false, COLUMNS(status)},
    {"releases_lv", "id", true, COLUMNS(releases)},
    {"status_lv", "id", true, COLUMNS(status)},
    {"users", "user_name", false, COLUMNS(users)},
    {"user_rights", "id", false, COLUMNS(user_rights)},
};

const size_t layout_table_count = sizeof layout_tables / sizeof *layout_tables;

const struct layout_table *layout_find_table(struct span name) {
    for (size_t i = 0; i < layout_table_count; i++) {
        if (span_equal_ignoring_ascii_case(name, span_of(layout_tables[i].name))) {
            return &layout_tables[i];
        }
    }
    return NULL;
}
