/* The text of a migration file as annotations: `--@ word ...`, each with the SQL after it.
 *
 * An annotation begins at the start of a line, `--@ +` continues it, every other comment is prose.
 * An unknown, misplaced, incomplete or repeated annotation, and a comment that looks like one, is
 * an error that names the file, the line and what was expected. annotations.c has the table of the
 * words; their meaning is not known here. */
#ifndef ROWPOST_MIGRATION_SQLFILE_PARSE_H
#define ROWPOST_MIGRATION_SQLFILE_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

enum word {
    WORD_MIGRATION,
    WORD_TARGET,
    WORD_OPTION,
    WORD_AUTH,
    WORD_PROBE,
    WORD_READY,
    WORD_TABLE,
    WORD_ONLY,
    WORD_UNUSED,
    WORD_LOOKUP,
    WORD_EXISTING,
    WORD_GET,
    WORD_VIEW,
    WORD_CLASSIFY,
    WORD_KIND,
    WORD_NOUN,
    WORD_CREATE,
    WORD_HEADER,
    WORD_SUCCESS,
    WORD_CONFLICT,
    WORD_RETRY,
    WORD_REFUSE,
    WORD_ID,
    WORD_FIND,
    WORD_MATCH,
    WORD_READ,
    WORD_ACTUAL,
    WORD_UNORDERED,
    WORD_IGNORE,
    WORD_LIST,
    WORD_EACH,
    WORD_UPDATE,
    WORD_DELETE,
    WORD_SECRET,
    WORD_CHECK,
    WORD_TEST,
    WORD_GIVEN,
    WORD_EXPECT,
    WORD_OUTCOMES,
    WORD_COUNT
};

/* The form of an annotation's argument, and which fields of `struct annotation` it fills. */
enum argument {
    ARGUMENT_NONE,
    ARGUMENT_TEXT,     /* text */
    ARGUMENT_NAME,     /* name */
    ARGUMENT_SQL,      /* text: an expression or a SELECT */
    ARGUMENT_OPTION,   /* NAME DEFAULT: TEXT -> name, second (may be empty), text */
    ARGUMENT_AUTH,     /* SCHEME or `header NAME` -> name, second */
    ARGUMENT_REQUEST,  /* METHOD /PATH -> name, text */
    ARGUMENT_TABLE,    /* NAME key COLUMN, ... -> name, list */
    ARGUMENT_REASON,   /* CONDITION: WHY -> text, second */
    ARGUMENT_UNUSED,   /* TABLE COLUMN, ...: WHY -> name, list, text */
    ARGUMENT_LOOKUP,   /* NAME [csv FILE] -> name, second or NULL */
    ARGUMENT_CLASSIFY, /* TABLE as NAME -> second, name */
    ARGUMENT_KIND,     /* NAME from|also ROWS, ... -> name, second, list */
    ARGUMENT_HEADER,   /* NAME: VALUE -> name, text */
    ARGUMENT_MEMBERS,  /* A.B, ... -> list */
    ARGUMENT_UPDATE,   /* METHOD /PATH [MEMBER ...] -> name, text, list */
    ARGUMENT_GIVEN,    /* TABLE (COLUMN, ...) -> name, list */
    ARGUMENT_COUNT
};

enum repetition { AT_MOST_ONCE, EXACTLY_ONCE, ANY_NUMBER };
enum sql_behind { SQL_NONE, SQL_MAY, SQL_MUST };

struct annotation_form {
    const char *word;
    enum word owner; /* of which it is a part; WORD_COUNT: of the file */
    enum argument argument;
    enum repetition repetition; /* within its owner */
    enum sql_behind sql;
};

extern const struct annotation_form annotation_forms[WORD_COUNT];

struct annotation {
    enum word word;
    size_t line; /* from 1 */
    const char *name;
    const char *second;
    const char *text;
    const char *const *list;
    size_t list_count;
    const char *sql; /* one statement without its semicolon; NULL: none */
    size_t sql_line; /* on which it begins */
    size_t parts;    /* how many of the following annotations are parts of it */
};

/* Starts from `{0}`; parsed_file_free() releases it. */
struct parsed_file {
    struct arena arena;
    const char *path; /* for messages; a copy */
    struct annotation *annotations;
    size_t count;
};

/* 0, or -1 with ERROR_INPUT: `FILE, line N: ...; expected ...`. */
int parsed_file_read(struct parsed_file *file, const char *path, struct span text,
                     struct error *error);
void parsed_file_free(struct parsed_file *file);

/* ERROR_INPUT with file and line before the message. Returns -1. */
int parsed_file_fail(const struct parsed_file *file, size_t line, struct error *error,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The line of a place in the annotation's SQL, or in its text where it has none. */
size_t annotation_line_at(const struct annotation *annotation, const char *place);

/* The first part of that word of an annotation, or NULL. */
const struct annotation *parsed_file_part(const struct annotation *owner, enum word word);

/* For parse.c: parses the argument, by the word's form. */
int annotation_read_argument(struct parsed_file *file, struct annotation *annotation,
                             struct span argument, struct error *error);

/* The word of that spelling, or WORD_COUNT. */
enum word annotation_find_word(struct span spelling);

/* Appends what is expected after the word: `kind NAME from ROWS, ...`. */
void annotation_append_form(enum word word, struct text *out);

#endif
