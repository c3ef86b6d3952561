/* The workspace's schema, version 2, as docs/workspace.md describes it. */
#ifndef ROWPOST_WORKSPACE_SCHEMA_PRIVATE_H
#define ROWPOST_WORKSPACE_SCHEMA_PRIVATE_H

enum {
    SCHEMA_APPLICATION_ID = 0x52505354, /* "RPST" */
    SCHEMA_VERSION = 2
};

/* To be run before the first table is made: bodies of many kilobytes want large pages. */
extern const char schema_page_sql[];

/* The statements that make an empty workspace, application_id and user_version included. */
extern const char schema_sql[];

#endif
