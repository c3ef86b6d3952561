#include <string.h>

#include "cli/option_table.h"

enum { OPTION_WIDTH = 32 };

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
    do {
        text_append_char(out, ' ');
    } while (out->length - before < OPTION_WIDTH);
    text_append_format(out, "%s\n", option->help);
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

static void append_verb_help(const struct verb *verb, const struct migration *migration,
                             struct text *out) {
    text_append_format(out, "rowpost %s: %s\n\nusage: rowpost %s [options]%s%s\n\noptions\n",
                       verb->name, verb->summary, verb->name, verb->argument == NULL ? "" : " ",
                       verb->argument == NULL ? "" : verb->argument);
    struct option option;
    for (size_t i = 0; option_of_verb(verb, migration, i, &option); i++) {
        append_option(&option, out);
    }
    text_append_string(out, "\nexamples\n");
    for (const char *line = verb->examples; *line != '\0';) {
        size_t length = strcspn(line, "\n") + 1;
        text_append_string(out, "  ");
        text_append(out, (struct span){line, length});
        line += length;
    }
}

static void append_program_help(struct text *out) {
    text_append_string(out, "rowpost moves the content of a legacy SQL database into a new service "
                            "through its HTTP API.\n\nusage: rowpost VERB [options]\n\nverbs\n");
    for (size_t i = 0; i < verb_count; i++) {
        text_append_format(out, "  %-10s %s\n", verb_table[i].name, verb_table[i].summary);
    }
    text_append_string(out, "\n`rowpost VERB --help` shows the options of a verb, with examples;\n"
                            "`rowpost --version` shows the version.\n\nexit status\n");
    for (size_t i = 0; option_exit_meaning(i) != NULL; i++) {
        text_append_format(out, "  %zu  %s\n", i, option_exit_meaning(i));
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
