#include <string.h>

#include "cli/option_groups.h"
#include "cli/option_table.h"

/* A terminal's usual width, and where the words of a list begin. */
enum { WIDTH = 80, OPTION_COLUMN = 30, VERB_COLUMN = 13, EXIT_COLUMN = 5 };

static void append_blanks(struct text *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        text_append_char(out, ' ');
    }
}

/* Appends the sentence from `column` on, which the line has reached; further lines are indented by
 * `indent`. */
static void append_wrapped(struct text *out, const char *sentence, size_t column, size_t indent) {
    while (*sentence != '\0') {
        size_t length = strcspn(sentence, " ");
        if (column > indent && column + 1 + length > WIDTH) {
            text_append_char(out, '\n');
            append_blanks(out, indent);
            column = indent;
        } else if (column > indent) {
            text_append_char(out, ' ');
            column++;
        }
        text_append(out, (struct span){sentence, length});
        column += length;
        sentence += length + strspn(sentence + length, " ");
    }
    text_append_char(out, '\n');
}

/* Appends the words from `column` on, after what the line has since `before`; on the next line if
 * the name is too long. */
static void append_meaning(struct text *out, size_t before, const char *meaning, size_t column) {
    size_t length = out->length - before;
    if (length + 1 > column) {
        text_append_char(out, '\n');
        length = 0;
    }
    append_blanks(out, column - length);
    append_wrapped(out, meaning, column, column);
}

static void append_option(const struct option *option, struct text *out) {
    size_t before = out->length;
    text_append_string(out, "  ");
    if (option->letter != '\0') {
        text_append_format(out, "-%c, ", option->letter);
    } else {
        text_append_string(out, "    ");
    }
    text_append_format(out, "--%s%s%s", option->name, option->value == NULL ? "" : " ",
                       option->value == NULL ? "" : option->value);
    append_meaning(out, before, option->help, OPTION_COLUMN);
}

static void append_group(const struct verb *verb, const struct migration *migration, size_t group,
                         struct text *out) {
    struct option option;
    bool has_title = false;
    for (size_t i = 0; option_of_verb(verb, migration, i, &option); i++) {
        if (!option_is_in_group(&option, group)) {
            continue;
        }
        if (!has_title) {
            text_append_format(out, "\n%s\n", option_group_title(group));
            has_title = true;
        }
        append_option(&option, out);
    }
}

static const char *const exit_meanings[] = {
    "nothing is left to do",
    "the work ended, but rows were rejected, or documents are open, refused, different or missing",
    "usage",
    "the source or the target could not be reached",
    "the target or the database refuses the session: renew it and run the same command again",
    "an internal or a disk error",
};

const char *option_exit_meaning(size_t status) {
    return status < sizeof exit_meanings / sizeof *exit_meanings ? exit_meanings[status] : NULL;
}

/* Where a line that is too long can be broken: before an option; 0 where it cannot. */
static size_t find_break(struct span line, size_t most) {
    size_t found = 0;
    for (size_t at = 5; at + 1 < line.length && at <= most; at++) {
        if (line.data[at] == ' ' && strchr("-|>", line.data[at + 1]) != NULL &&
            line.data[at - 1] != ' ') {
            found = at;
        }
    }
    return found;
}

void option_append_examples(const struct verb *verb, struct text *out) {
    enum { INDENT = 2, MARK = 2 }; /* of the help; " \" */
    for (const char *at = verb->examples; *at != '\0';) {
        struct span line = {at, strcspn(at, "\n")};
        at += line.length + 1;
        size_t most = WIDTH - INDENT;
        size_t cut;
        while (line.length > most && (cut = find_break(line, most - MARK)) > 0) {
            text_append(out, (struct span){line.data, cut});
            text_append_string(out, " \\\n    ");
            line = (struct span){line.data + cut + 1, line.length - cut - 1};
            most = WIDTH - INDENT - 4;
        }
        text_append(out, line);
        text_append_char(out, '\n');
    }
}

static void append_examples(const struct verb *verb, struct text *out) {
    struct text examples = {0};
    option_append_examples(verb, &examples);
    text_append_string(out, "\nexamples\n");
    for (const char *line = text_string(&examples); *line != '\0';) {
        size_t length = strcspn(line, "\n") + 1;
        text_append_string(out, "  ");
        text_append(out, (struct span){line, length});
        line += length;
    }
    out->failed = out->failed || examples.failed;
    text_free(&examples);
}

static void append_verb_help(const struct verb *verb, const struct migration *migration,
                             struct text *out) {
    text_append_format(out, "rowpost %s:", verb->name);
    append_wrapped(out, verb->summary, strlen("rowpost :") + strlen(verb->name), 0);
    text_append_format(out, "\nusage: rowpost %s [options]%s%s\n", verb->name,
                       verb->argument == NULL ? "" : " ",
                       verb->argument == NULL ? "" : verb->argument);
    append_examples(verb, out);
    for (size_t group = 0; option_group_title(group) != NULL; group++) {
        append_group(verb, migration, group, out);
    }
}

static void append_verbs(size_t group, struct text *out) {
    text_append_format(out, "\n%s\n", verb_group_title(group));
    for (size_t i = 0; i < verb_count; i++) {
        if (verb_is_in_group(&verb_table[i], group)) {
            size_t before = out->length;
            text_append_format(out, "  %s", verb_table[i].name);
            append_meaning(out, before, verb_table[i].summary, VERB_COLUMN);
        }
    }
}

static void append_program_help(struct text *out) {
    append_wrapped(out,
                   "rowpost moves the content of a legacy SQL database into a new service through "
                   "its HTTP API.",
                   0, 0);
    text_append_string(out, "\nusage: rowpost VERB [options]\n\nexamples\n"
                            "  rowpost              look at this folder, and name the next step\n"
                            "  rowpost demo         a whole migration on this machine\n"
                            "  rowpost help plan    the options of a verb, with examples\n"
                            "  rowpost --version    the version\n");
    for (size_t group = 0; verb_group_title(group) != NULL; group++) {
        append_verbs(group, out);
    }
    text_append_string(out, "\nexit status\n");
    for (size_t i = 0; option_exit_meaning(i) != NULL; i++) {
        size_t before = out->length;
        text_append_format(out, "  %zu", i);
        append_meaning(out, before, option_exit_meaning(i), EXIT_COLUMN);
    }
}

int options_append_help(const char *verb, const struct migration *migration, struct text *out) {
    if (verb == NULL) {
        append_program_help(out);
        return 0;
    }
    const struct verb *found = option_find_verb(verb);
    if (found == NULL) {
        return -1;
    }
    append_verb_help(found, migration, out);
    return 0;
}
