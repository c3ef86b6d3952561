#include "valdb/tables.h"

/* Words are what rows are found and joined by. The rules fold the blanks of the other texts. */
static const struct table_column users[] = {
    [USERS_USER_NAME] = {"user_name", COLUMN_WORD, COLUMN_READ},
    [USERS_EMAIL] = {"email", COLUMN_TEXT, COLUMN_READ},
    [USERS_ADMIN] = {"admin", COLUMN_FLAG, COLUMN_READ},
    [USERS_VALIDATOR] = {"validator", COLUMN_FLAG, COLUMN_READ},
};

static const struct table_column user_rights[] = {
    [RIGHTS_ID] = {"id", COLUMN_KEY, COLUMN_READ},
    [RIGHTS_USER_NAME] = {"user_name", COLUMN_WORD, COLUMN_READ},
    [RIGHTS_CATEGORY] = {"category", COLUMN_TEXT, COLUMN_READ},
    [RIGHTS_SUBCATEGORY] = {"subcategory", COLUMN_TEXT, COLUMN_READ},
    [RIGHTS_STATUS_KIND] = {"status_kind", COLUMN_TEXT, COLUMN_READ},
};

static const struct table_column releases[] = {
    [RELEASES_ID] = {"id", COLUMN_KEY, COLUMN_READ},
    [RELEASES_CATEGORY] = {"category", COLUMN_TEXT, COLUMN_READ},
    [RELEASES_SUBCATEGORY] = {"subcategory", COLUMN_TEXT, COLUMN_READ},
    [RELEASES_RELEASE_NAME] = {"release_name", COLUMN_WORD, COLUMN_READ},
    [RELEASES_VERSION] = {"version", COLUMN_INTEGER, COLUMN_READ},
    [RELEASES_DATE] = {"date", COLUMN_MOMENT, COLUMN_READ},
    [RELEASES_STATUS_KIND] = {"status_kind", COLUMN_TEXT, COLUMN_READ},
};

static const struct table_column status[] = {
    {"id", COLUMN_KEY, COLUMN_READ},
    {"validation_status", COLUMN_TEXT, COLUMN_READ},
    {"comments", COLUMN_TEXT, COLUMN_READ},
    {"links", COLUMN_TEXT, COLUMN_READ},
    {"user_name", COLUMN_TEXT, COLUMN_READ},
    {"messageid", COLUMN_TEXT, COLUMN_COPIED},
    {"email_subject", COLUMN_TEXT, COLUMN_COPIED},
    {"relmon_url", COLUMN_TEXT, COLUMN_READ},
};

static const struct table_column admins[] = {
    [ADMINS_LINE] = {"line", COLUMN_INTEGER, COLUMN_READ},
    [ADMINS_USER_NAME] = {"user_name", COLUMN_TEXT, COLUMN_READ},
    [ADMINS_EMAIL] = {"email", COLUMN_TEXT, COLUMN_READ},
    [ADMINS_FULLNAME] = {"fullname", COLUMN_TEXT, COLUMN_READ},
};

#define COLUMNS(columns_of)                                                                        \
    .columns = (columns_of), .column_count = sizeof(columns_of) / sizeof *(columns_of)

const struct table valdb_tables[TABLE_COUNT] = {
    [TABLE_USERS] = {.name = "users", COLUMNS(users), .keys = {"user_name"}},
    [TABLE_RIGHTS] = {.name = "user_rights", COLUMNS(user_rights), .keys = {"id"}},
    [TABLE_RELEASES] = {.name = "releases", COLUMNS(releases), .keys = {"id"}},
    [TABLE_STATUS] = {.name = "status", COLUMNS(status), .keys = {"id"}},
    [TABLE_RELEASES_LV] = {.name = "releases_lv",
                           COLUMNS(releases),
                           .keys = {"id"},
                           .is_optional = true},
    [TABLE_STATUS_LV] = {.name = "status_lv", COLUMNS(status), .keys = {"id"}, .is_optional = true},
    [TABLE_ADMINS] = {.name = "administrators-list", COLUMNS(admins), .keys = {"line"}},
};
