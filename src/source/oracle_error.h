/* What went wrong with an Oracle source, in a person's words. Private to src/source. Nothing is
 * owned. */
#ifndef ROWPOST_SOURCE_ORACLE_ERROR_H
#define ROWPOST_SOURCE_ORACLE_ERROR_H

#include "base/error.h"
#include "oracle/oracle.h"
#include "source/source.h"

/* Connecting or reading has failed. Returns -1. */
int oracle_explain(const char *name, const struct oracle_error *problem, struct error *error);

/* A query was not accepted: for a table or a column that is missing, those that are there are
 * listed. Returns -1. */
int oracle_explain_query(struct source *source, struct oracle_connection *connection,
                         const char *schema, const char *sql, const struct oracle_error *problem,
                         struct error *error);

#endif
