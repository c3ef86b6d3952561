/* The workspace's schema, version 3, as docs/workspace.md describes it. */
#ifndef ROWPOST_WORKSPACE_SCHEMA_PRIVATE_H
#define ROWPOST_WORKSPACE_SCHEMA_PRIVATE_H

enum {
    SCHEMA_APPLICATION_ID = 0x52505354, /* "RPST" */
    SCHEMA_VERSION = 3
};

/* Whether a document of the plan may still be sent or looked up, in SQL; `of` is a prefix such as
 * "d.". What refers to it and what follows it under its ordering key waits until it is settled. The
 * index document_open has these documents: SQLite uses it only if the condition is written exactly
 * like this. */
#define SCHEMA_IS_OPEN(of)                                                                         \
    of "state IN ('pending', 'sending', 'unknown', 'handed out') AND " of "change IS NOT 'gone'"

/* Whether apply would send the document or look it up, once those that are being sent and those
 * that wait are taken back. */
#define SCHEMA_IS_DUE(of) of "state IN ('pending', 'unknown') AND " of "change IS NOT 'gone'"

/* To be run before the first table is made: bodies of many kilobytes need large pages. */
extern const char schema_page_sql[];

/* The statements that make an empty workspace, application_id and user_version included. */
extern const char schema_sql[];

#endif
