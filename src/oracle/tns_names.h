/* Names of databases in tnsnames.ora (Oracle Net Services Reference, "Local Naming Parameters").
 * Private to src/oracle. */
#ifndef ROWPOST_ORACLE_TNS_NAMES_H
#define ROWPOST_ORACLE_TNS_NAMES_H

#include "oracle/bytes.h"
#include "oracle/failure.h"

/* Appends the descriptor of the alias in the folder's tnsnames.ora or a file that it includes
 * (IFILE). `folder` may be NULL: the environment's TNS_ADMIN. Case does not count, and the alias
 * may lack the domain of the entry. 0, or -1 with ORACLE_USAGE, which lists the names that are
 * there. */
int tns_names_find(const char *folder, const char *alias, struct bytes *found,
                   struct oracle_error *error);

#endif
