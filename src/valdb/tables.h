/* The tables that the ValDB migration reads: of the legacy database, and the administrators' list,
 * which is staged like one. Constant data. */
#ifndef ROWPOST_VALDB_TABLES_H
#define ROWPOST_VALDB_TABLES_H

#include "staging/table.h"

enum valdb_table {
    TABLE_USERS,
    TABLE_RIGHTS,
    TABLE_RELEASES,
    TABLE_STATUS,
    TABLE_RELEASES_LV,
    TABLE_STATUS_LV,
    TABLE_SOURCE_COUNT,
    TABLE_ADMINS = TABLE_SOURCE_COUNT, /* the list */
    TABLE_COUNT
};

extern const struct table valdb_tables[TABLE_COUNT];

/* The read columns of each table, in order. */
enum users_field { USERS_USER_NAME, USERS_EMAIL, USERS_ADMIN, USERS_VALIDATOR };
enum rights_field {
    RIGHTS_ID,
    RIGHTS_USER_NAME,
    RIGHTS_CATEGORY,
    RIGHTS_SUBCATEGORY,
    RIGHTS_STATUS_KIND
};
enum releases_field {
    RELEASES_ID,
    RELEASES_CATEGORY,
    RELEASES_SUBCATEGORY,
    RELEASES_RELEASE_NAME,
    RELEASES_VERSION,
    RELEASES_DATE,
    RELEASES_STATUS_KIND,
    RELEASES_FIELD_COUNT
};
enum status_field {
    STATUS_ID,
    STATUS_VALIDATION_STATUS,
    STATUS_COMMENTS,
    STATUS_LINKS,
    STATUS_USER_NAME,
    STATUS_RELMON_URL,
    STATUS_FIELD_COUNT
};
enum admins_field { ADMINS_LINE, ADMINS_USER_NAME, ADMINS_EMAIL, ADMINS_FULLNAME };

#endif
