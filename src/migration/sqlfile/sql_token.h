/* The tokens of SQL text, as SQLite reads them: enough to find the end of a statement, the
 * parameters in it and the columns of a simple SELECT. Spans point into the text that is read. */
#ifndef ROWPOST_MIGRATION_SQLFILE_SQL_TOKEN_H
#define ROWPOST_MIGRATION_SQLFILE_SQL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "base/text.h"

enum sql_token_kind {
    SQL_END,     /* of the text */
    SQL_BLANK,   /* white space */
    SQL_COMMENT, /* with its dashes; a line comment ends before its line feed */
    SQL_NAME,    /* a word, or a name in "", `` or [] */
    SQL_STRING,  /* in '' */
    SQL_NUMBER,
    SQL_PARAMETER, /* :name, with its colon */
    SQL_SEMICOLON,
    SQL_OTHER,   /* one character */
    SQL_UNCLOSED /* a string, a name or a comment without its end */
};

struct sql_token {
    enum sql_token_kind kind;
    struct span text;
};

/* The token at the start of `rest`, which is taken off. */
struct sql_token sql_token_next(struct span *rest);

/* The next one that is neither blank nor comment. */
struct sql_token sql_token_next_solid(struct span *rest);

/* True for an unquoted name that is this word, in upper or lower case. */
bool sql_token_is_word(struct sql_token token, const char *word);

/* True for that character outside of quotes. */
bool sql_token_is_char(struct sql_token token, char character);

/* Appends the name without its quotes. */
void sql_token_append_name(struct sql_token token, struct text *out);

/* Appends a text as a literal in single quotes, and a name in double quotes. */
void sql_append_literal(struct span value, struct text *out);
void sql_append_name(const char *name, struct text *out);

#endif
