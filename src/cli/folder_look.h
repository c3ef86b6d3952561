/* The files of a folder that a migration may need, found by their names. */
#ifndef ROWPOST_CLI_FOLDER_LOOK_H
#define ROWPOST_CLI_FOLDER_LOOK_H

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum folder_file {
    FOLDER_WORKSPACE,
    FOLDER_CREDENTIALS,
    FOLDER_COOKIES,
    FOLDER_DATABASE,
    FOLDER_MIGRATION, /* a .sql file that has the marks of a migration file */
    FOLDER_ADMINS,
    FOLDER_PEOPLE,
    FOLDER_FILE_COUNT
};

struct folder_look {
    struct folder_finding {
        struct text name; /* of the file that was changed last; empty: there is none */
        long long changed;
        size_t count; /* files of the kind */
    } files[FOLDER_FILE_COUNT];
};

/* Looks at the regular files of the folder whose names do not begin with a dot. Fills `look`, which
 * the caller releases in any case. A folder that cannot be read has no files. 0, or -1 with
 * ERROR_MEMORY. */
int folder_look(const char *folder, struct folder_look *look, struct error *error);
void folder_look_free(struct folder_look *look);

/* The name of such a file for people: "workspace". */
const char *folder_file_noun(enum folder_file file);

#endif
