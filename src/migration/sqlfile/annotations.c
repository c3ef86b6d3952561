#include <ctype.h>
#include <string.h>

#include "migration/sqlfile/parse.h"

#define OF_FILE .owner = WORD_COUNT
#define OF(of) .owner = (of)

const struct annotation_form annotation_forms[WORD_COUNT] = {
    [WORD_MIGRATION] = {"migration", OF_FILE, ARGUMENT_NAME, EXACTLY_ONCE, SQL_NONE},
    [WORD_TARGET] = {"target", OF_FILE, ARGUMENT_TEXT, AT_MOST_ONCE, SQL_NONE},
    [WORD_OPTION] = {"option", OF_FILE, ARGUMENT_OPTION, ANY_NUMBER, SQL_NONE},
    [WORD_AUTH] = {"auth", OF_FILE, ARGUMENT_AUTH, AT_MOST_ONCE, SQL_NONE},
    [WORD_PROBE] = {"probe", OF_FILE, ARGUMENT_REQUEST, AT_MOST_ONCE, SQL_NONE},
    [WORD_READY] = {"ready", OF_FILE, ARGUMENT_SQL, AT_MOST_ONCE, SQL_NONE},
    [WORD_TABLE] = {"table", OF_FILE, ARGUMENT_TABLE, ANY_NUMBER, SQL_MUST},
    [WORD_ONLY] = {"only", OF(WORD_TABLE), ARGUMENT_REASON, AT_MOST_ONCE, SQL_NONE},
    [WORD_UNUSED] = {"unused", OF_FILE, ARGUMENT_UNUSED, ANY_NUMBER, SQL_NONE},
    [WORD_LOOKUP] = {"lookup", OF_FILE, ARGUMENT_LOOKUP, ANY_NUMBER, SQL_MUST},
    [WORD_EXISTING] = {"existing", OF_FILE, ARGUMENT_NAME, ANY_NUMBER, SQL_MUST},
    [WORD_GET] = {"get", OF(WORD_EXISTING), ARGUMENT_REQUEST, EXACTLY_ONCE, SQL_NONE},
    [WORD_VIEW] = {"view", OF_FILE, ARGUMENT_NAME, ANY_NUMBER, SQL_MUST},
    [WORD_CLASSIFY] = {"classify", OF_FILE, ARGUMENT_CLASSIFY, ANY_NUMBER, SQL_MUST},
    [WORD_KIND] = {"kind", OF_FILE, ARGUMENT_KIND, ANY_NUMBER, SQL_MUST},
    [WORD_NOUN] = {"noun", OF(WORD_KIND), ARGUMENT_TEXT, AT_MOST_ONCE, SQL_NONE},
    [WORD_CREATE] = {"create", OF(WORD_KIND), ARGUMENT_REQUEST, EXACTLY_ONCE, SQL_NONE},
    [WORD_HEADER] = {"header", OF(WORD_KIND), ARGUMENT_HEADER, ANY_NUMBER, SQL_NONE},
    [WORD_SUCCESS] = {"success", OF(WORD_KIND), ARGUMENT_SQL, EXACTLY_ONCE, SQL_NONE},
    [WORD_CONFLICT] = {"conflict", OF(WORD_KIND), ARGUMENT_SQL, AT_MOST_ONCE, SQL_NONE},
    [WORD_RETRY] = {"retry", OF(WORD_KIND), ARGUMENT_SQL, AT_MOST_ONCE, SQL_NONE},
    [WORD_REFUSE] = {"refuse", OF(WORD_KIND), ARGUMENT_SQL, AT_MOST_ONCE, SQL_NONE},
    [WORD_ID] = {"id", OF(WORD_KIND), ARGUMENT_SQL, AT_MOST_ONCE, SQL_NONE},
    [WORD_FIND] = {"find", OF(WORD_KIND), ARGUMENT_REQUEST, EXACTLY_ONCE, SQL_NONE},
    [WORD_MATCH] = {"match", OF(WORD_KIND), ARGUMENT_SQL, EXACTLY_ONCE, SQL_NONE},
    [WORD_READ] = {"read", OF(WORD_KIND), ARGUMENT_REQUEST, ANY_NUMBER, SQL_NONE},
    [WORD_ACTUAL] = {"actual", OF(WORD_KIND), ARGUMENT_SQL, AT_MOST_ONCE, SQL_NONE},
    [WORD_UNORDERED] = {"unordered", OF(WORD_KIND), ARGUMENT_MEMBERS, ANY_NUMBER, SQL_NONE},
    [WORD_IGNORE] = {"ignore", OF(WORD_KIND), ARGUMENT_MEMBERS, ANY_NUMBER, SQL_NONE},
    [WORD_LIST] = {"list", OF(WORD_KIND), ARGUMENT_REQUEST, AT_MOST_ONCE, SQL_NONE},
    [WORD_EACH] = {"each", OF(WORD_KIND), ARGUMENT_SQL, AT_MOST_ONCE, SQL_NONE},
    [WORD_UPDATE] = {"update", OF(WORD_KIND), ARGUMENT_UPDATE, AT_MOST_ONCE, SQL_NONE},
    [WORD_DELETE] = {"delete", OF(WORD_KIND), ARGUMENT_REQUEST, AT_MOST_ONCE, SQL_NONE},
    [WORD_SECRET] = {"secret", OF(WORD_KIND), ARGUMENT_MEMBERS, ANY_NUMBER, SQL_NONE},
    [WORD_CHECK] = {"check", OF_FILE, ARGUMENT_TEXT, ANY_NUMBER, SQL_MUST},
    [WORD_TEST] = {"test", OF_FILE, ARGUMENT_TEXT, ANY_NUMBER, SQL_NONE},
    [WORD_GIVEN] = {"given", OF(WORD_TEST), ARGUMENT_GIVEN, ANY_NUMBER, SQL_MUST},
    [WORD_EXPECT] = {"expect", OF(WORD_TEST), ARGUMENT_NAME, ANY_NUMBER, SQL_MUST},
    [WORD_OUTCOMES] = {"outcomes", OF(WORD_TEST), ARGUMENT_NAME, ANY_NUMBER, SQL_MUST},
};

static const char *const argument_shown[ARGUMENT_COUNT] = {
    [ARGUMENT_NONE] = "",
    [ARGUMENT_TEXT] = " TEXT",
    [ARGUMENT_NAME] = " NAME",
    [ARGUMENT_SQL] = " EXPRESSION",
    [ARGUMENT_OPTION] = " NAME DEFAULT: TEXT",
    [ARGUMENT_AUTH] = " bearer, basic, cookies, token or `header NAME`",
    [ARGUMENT_REQUEST] = " METHOD /PATH",
    [ARGUMENT_TABLE] = " NAME key COLUMN, ...",
    [ARGUMENT_REASON] = " CONDITION: WHY",
    [ARGUMENT_UNUSED] = " TABLE COLUMN, ...: WHY",
    [ARGUMENT_LOOKUP] = " NAME, or NAME csv FILE",
    [ARGUMENT_CLASSIFY] = " TABLE as NAME",
    [ARGUMENT_KIND] = " NAME from ROWS, ... (or also ROWS, ...)",
    [ARGUMENT_HEADER] = " NAME: VALUE",
    [ARGUMENT_MEMBERS] = " MEMBER, ... such as user.groups",
    [ARGUMENT_UPDATE] = " METHOD /PATH [MEMBER ...]",
    [ARGUMENT_GIVEN] = " TABLE COLUMN, ...",
};

enum word annotation_find_word(struct span spelling) {
    enum word word = 0;
    while (word < WORD_COUNT && !span_equal_string(spelling, annotation_forms[word].word)) {
        word++;
    }
    return word;
}

void annotation_append_form(enum word word, struct text *out) {
    text_append_string(out, annotation_forms[word].word);
    text_append_string(out, argument_shown[annotation_forms[word].argument]);
}

/* ---- pieces of an argument: each is taken off its start, NULL where it is not there ---- */

struct reading {
    struct parsed_file *file;
    struct span rest;
};

static const char *keep(struct reading *reading, struct span piece) {
    return arena_copy(&reading->file->arena, piece).data;
}

static void skip_blanks(struct reading *reading) {
    while (reading->rest.length > 0 && isspace((unsigned char)*reading->rest.data)) {
        reading->rest.data++;
        reading->rest.length--;
    }
}

static struct span take(struct reading *reading, size_t length) {
    struct span piece = {reading->rest.data, length};
    reading->rest.data += length;
    reading->rest.length -= length;
    skip_blanks(reading);
    return piece;
}

static size_t count_until(struct span text, const char *ends) {
    size_t length = 0;
    while (length < text.length && !isspace((unsigned char)text.data[length]) &&
           strchr(ends, text.data[length]) == NULL) {
        length++;
    }
    return length;
}

static bool is_name(struct span name) {
    for (size_t i = 0; i < name.length; i++) {
        unsigned char c = (unsigned char)name.data[i];
        if (!isalnum(c) && c != '_' && c != '-' && c < 0x80) {
            return false;
        }
    }
    return name.length > 0 && !isdigit((unsigned char)name.data[0]);
}

static const char *take_name(struct reading *reading) {
    struct span name = {reading->rest.data, count_until(reading->rest, ",:")};
    return is_name(name) ? keep(reading, take(reading, name.length)) : NULL;
}

static const char *take_word(struct reading *reading) {
    size_t length = count_until(reading->rest, "");
    return length == 0 ? NULL : keep(reading, take(reading, length));
}

static bool take_exact(struct reading *reading, const char *word) {
    struct span found = {reading->rest.data, count_until(reading->rest, "")};
    if (!span_equal_string(found, word)) {
        return false;
    }
    take(reading, found.length);
    return true;
}

static const char *take_rest(struct reading *reading) {
    struct span rest = span_trim(reading->rest);
    take(reading, reading->rest.length);
    return rest.length == 0 ? NULL : keep(reading, rest);
}

/* Up to `: `, which is taken, too. */
static const char *take_until_colon(struct reading *reading) {
    struct span rest = reading->rest;
    for (size_t i = 0; i < rest.length; i++) {
        bool is_end = i + 1 == rest.length || isspace((unsigned char)rest.data[i + 1]);
        if (rest.data[i] == ':' && is_end) {
            struct span piece = span_trim((struct span){rest.data, i});
            take(reading, i + 1);
            return keep(reading, piece);
        }
    }
    return NULL;
}

enum { LIST_MOST = 256 };

static bool keep_list(struct reading *reading, const char *const *found, size_t count,
                      struct annotation *annotation) {
    const char **list = arena_allocate(&reading->file->arena, (count + 1) * sizeof *list);
    if (list == NULL) {
        return false;
    }
    memcpy(list, found, count * sizeof *list);
    annotation->list = list;
    annotation->list_count = count;
    return true;
}

/* `a, b, c` up to a colon or the end. */
static bool take_list(struct reading *reading, struct annotation *annotation) {
    const char *found[LIST_MOST];
    size_t count = 0;
    do {
        struct span item = {reading->rest.data, count_until(reading->rest, ",:")};
        if (item.length == 0 || count == LIST_MOST) {
            return false;
        }
        found[count++] = keep(reading, take(reading, item.length));
    } while (reading->rest.length > 0 && *reading->rest.data == ',' && take(reading, 1).length);
    return keep_list(reading, found, count, annotation);
}

static bool take_request(struct reading *reading, struct annotation *annotation) {
    annotation->name = take_name(reading);
    annotation->text =
        reading->rest.length > 0 && *reading->rest.data == '/' ? take_word(reading) : NULL;
    return annotation->name != NULL && annotation->text != NULL;
}

/* ---- the forms ---- */

static bool take_names(struct reading *reading, struct annotation *annotation) {
    annotation->name = take_name(reading);
    switch (annotation_forms[annotation->word].argument) {
    case ARGUMENT_NAME:
        return annotation->name != NULL;
    case ARGUMENT_OPTION:
        annotation->second = take_until_colon(reading);
        annotation->text = take_rest(reading);
        return annotation->name != NULL && annotation->second != NULL && annotation->text != NULL;
    case ARGUMENT_TABLE:
        return annotation->name != NULL && take_exact(reading, "key") &&
               take_list(reading, annotation);
    case ARGUMENT_LOOKUP:
        annotation->second = take_exact(reading, "csv") ? take_rest(reading) : NULL;
        return annotation->name != NULL;
    case ARGUMENT_CLASSIFY:
        annotation->second = annotation->name;
        annotation->name = take_exact(reading, "as") ? take_name(reading) : NULL;
        return annotation->second != NULL && annotation->name != NULL;
    case ARGUMENT_KIND:
        annotation->second = take_exact(reading, "from")   ? "from"
                             : take_exact(reading, "also") ? "also"
                                                           : NULL;
        return annotation->name != NULL && annotation->second != NULL &&
               take_list(reading, annotation);
    case ARGUMENT_GIVEN:
        return annotation->name != NULL && take_list(reading, annotation);
    default:
        return false;
    }
}

static bool take_auth(struct reading *reading, struct annotation *annotation) {
    static const char *const schemes[] = {"bearer", "basic", "cookies", "token", "header"};
    annotation->name = take_name(reading);
    for (size_t i = 0; annotation->name != NULL && i < sizeof schemes / sizeof *schemes; i++) {
        if (strcmp(schemes[i], annotation->name) == 0) {
            bool has_header = strcmp(annotation->name, "header") == 0;
            annotation->second = has_header ? take_name(reading) : NULL;
            return has_header == (annotation->second != NULL);
        }
    }
    return false;
}

static bool take_texts(struct reading *reading, struct annotation *annotation) {
    switch (annotation_forms[annotation->word].argument) {
    case ARGUMENT_REASON:
        annotation->text = take_until_colon(reading);
        annotation->second = take_rest(reading);
        return annotation->text != NULL && *annotation->text != '\0' && annotation->second != NULL;
    case ARGUMENT_UNUSED:
        annotation->name = take_name(reading);
        if (annotation->name == NULL || !take_list(reading, annotation) ||
            take_until_colon(reading) == NULL) {
            return false;
        }
        annotation->text = take_rest(reading);
        return annotation->text != NULL;
    case ARGUMENT_HEADER:
        annotation->name = take_until_colon(reading);
        annotation->text = take_rest(reading);
        return annotation->name != NULL && annotation->text != NULL;
    default:
        annotation->text = take_rest(reading);
        return annotation->text != NULL;
    }
}

static bool take_update(struct reading *reading, struct annotation *annotation) {
    const char *found[LIST_MOST];
    size_t count = 0;
    if (!take_request(reading, annotation)) {
        return false;
    }
    while (reading->rest.length > 0 && count < LIST_MOST) {
        size_t length = count_until(reading->rest, ",");
        if (length == 0) {
            return false;
        }
        found[count++] = keep(reading, take(reading, length));
        if (reading->rest.length > 0 && *reading->rest.data == ',') {
            take(reading, 1);
        }
    }
    return keep_list(reading, found, count, annotation);
}

static bool (*const readers[ARGUMENT_COUNT])(struct reading *, struct annotation *) = {
    [ARGUMENT_TEXT] = take_texts,     [ARGUMENT_NAME] = take_names,
    [ARGUMENT_SQL] = take_texts,      [ARGUMENT_OPTION] = take_names,
    [ARGUMENT_AUTH] = take_auth,      [ARGUMENT_REQUEST] = take_request,
    [ARGUMENT_TABLE] = take_names,    [ARGUMENT_REASON] = take_texts,
    [ARGUMENT_UNUSED] = take_texts,   [ARGUMENT_LOOKUP] = take_names,
    [ARGUMENT_CLASSIFY] = take_names, [ARGUMENT_KIND] = take_names,
    [ARGUMENT_HEADER] = take_texts,   [ARGUMENT_MEMBERS] = take_list,
    [ARGUMENT_UPDATE] = take_update,  [ARGUMENT_GIVEN] = take_names,
};

int annotation_read_argument(struct parsed_file *file, struct annotation *annotation,
                             struct span argument, struct error *error) {
    struct reading reading = {.file = file, .rest = argument};
    bool (*read)(struct reading *, struct annotation *) =
        readers[annotation_forms[annotation->word].argument];
    skip_blanks(&reading);
    if (read != NULL && read(&reading, annotation) && reading.rest.length == 0) {
        return 0;
    }
    struct text form = {0};
    annotation_append_form(annotation->word, &form);
    struct span shown = span_trim(argument);
    parsed_file_fail(file, annotation->line, error, "--@ %s %.*s: expected --@ %s",
                     annotation_forms[annotation->word].word, (int)shown.length,
                     shown.length == 0 ? "" : shown.data, text_string(&form));
    text_free(&form);
    return -1;
}
