#include "migration/sqlfile/sql_token.h"

#include <ctype.h>
#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_name_start(char c) {
    return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name_part(char c) {
    return is_name_start(c) || isdigit((unsigned char)c) || c == '$';
}

static char at(struct span text, size_t place) {
    return (char)(place < text.length ? text.data[place] : '\0');
}

static size_t skip_while(struct span text, size_t place, bool (*is_part)(char)) {
    while (place < text.length && is_part(text.data[place])) {
        place++;
    }
    return place;
}

/* The end of what is quoted, in which a doubled quote is one; 0 where there is none. */
static size_t find_close(struct span text, char close) {
    for (size_t i = 1; i < text.length; i++) {
        if (text.data[i] != close) {
            continue;
        }
        if (close == ']' || at(text, i + 1) != close) {
            return i + 1;
        }
        i++;
    }
    return 0;
}

static size_t find_line_end(struct span text) {
    const char *end = memchr(text.data, '\n', text.length);
    return end == NULL ? text.length : (size_t)(end - text.data);
}

static size_t find_comment_end(struct span text) {
    for (size_t i = 2; i + 1 < text.length; i++) {
        if (text.data[i] == '*' && text.data[i + 1] == '/') {
            return i + 2;
        }
    }
    return 0;
}

static bool is_number_part(char c) {
    return isalnum((unsigned char)c) || c == '.';
}

static struct sql_token quoted(struct span text, enum sql_token_kind kind, size_t length) {
    return length == 0 ? (struct sql_token){SQL_UNCLOSED, text}
                       : (struct sql_token){kind, {text.data, length}};
}

static struct sql_token plain(struct span text, enum sql_token_kind kind, size_t length) {
    return (struct sql_token){kind, {text.data, length}};
}

static struct sql_token read_token(struct span text) {
    char first = at(text, 0);
    if (text.length == 0) {
        return plain(text, SQL_END, 0);
    }
    if (is_blank(first)) {
        return plain(text, SQL_BLANK, skip_while(text, 0, is_blank));
    }
    if (first == '-' && at(text, 1) == '-') {
        return plain(text, SQL_COMMENT, find_line_end(text));
    }
    if (first == '/' && at(text, 1) == '*') {
        return quoted(text, SQL_COMMENT, find_comment_end(text));
    }
    if (first == '\'') {
        return quoted(text, SQL_STRING, find_close(text, first));
    }
    if (first == '"' || first == '`' || first == '[') {
        return quoted(text, SQL_NAME, find_close(text, (char)(first == '[' ? ']' : first)));
    }
    if ((first == 'x' || first == 'X') && at(text, 1) == '\'') {
        size_t end = find_close((struct span){text.data + 1, text.length - 1}, '\'');
        return quoted(text, SQL_OTHER, end == 0 ? 0 : end + 1);
    }
    if (is_name_start(first)) {
        return plain(text, SQL_NAME, skip_while(text, 0, is_name_part));
    }
    if (isdigit((unsigned char)first)) {
        return plain(text, SQL_NUMBER, skip_while(text, 0, is_number_part));
    }
    if (first == ':' && is_name_start(at(text, 1))) {
        return plain(text, SQL_PARAMETER, skip_while(text, 1, is_name_part));
    }
    return plain(text, first == ';' ? SQL_SEMICOLON : SQL_OTHER, 1);
}

struct sql_token sql_token_next(struct span *rest) {
    struct sql_token token = read_token(*rest);
    rest->data += token.text.length;
    rest->length -= token.text.length;
    return token;
}

struct sql_token sql_token_next_solid(struct span *rest) {
    struct sql_token token;
    do {
        token = sql_token_next(rest);
    } while (token.kind == SQL_BLANK || token.kind == SQL_COMMENT);
    return token;
}

bool sql_token_is_word(struct sql_token token, const char *word) {
    return token.kind == SQL_NAME && span_equal_ignoring_ascii_case(token.text, span_of(word));
}

bool sql_token_is_char(struct sql_token token, char character) {
    return token.kind == SQL_OTHER && *token.text.data == character;
}

void sql_token_append_name(struct sql_token token, struct text *out) {
    char first = at(token.text, 0);
    if (first != '"' && first != '`' && first != '[') {
        text_append(out, token.text);
        return;
    }
    for (size_t i = 1; i + 1 < token.text.length; i++) {
        text_append_char(out, token.text.data[i]);
        i += first != '[' && token.text.data[i] == first;
    }
}

static void append_quoted(struct span value, char quote, struct text *out) {
    text_append_char(out, quote);
    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] == quote) {
            text_append_char(out, quote);
        }
        text_append_char(out, value.data[i]);
    }
    text_append_char(out, quote);
}

void sql_append_literal(struct span value, struct text *out) {
    append_quoted(value, '\'', out);
}

void sql_append_name(const char *name, struct text *out) {
    append_quoted(span_of(name), '"', out);
}
