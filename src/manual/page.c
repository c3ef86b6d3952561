#include <string.h>

#include "cli/migrations.h"
#include "manual/manual.h"

static const char options_mark[] = "@options@\n";

/* scdoc takes some characters for markup. */
static void append_plain(struct text *out, const char *string) {
    for (const char *at = string; *at != '\0'; at++) {
        if (strchr("\\*_#`~", *at) != NULL) {
            text_append_char(out, '\\');
        }
        text_append_char(out, *at);
    }
}

static void append_bold(struct text *out, const char *before, const char *string) {
    text_append_format(out, "*%s", before);
    append_plain(out, string);
    text_append_char(out, '*');
}

/* scdoc underlines no word that holds markup of its own, and no value does. */
static void append_value(struct text *out, const char *value) {
    text_append_format(out, "_%s_", value);
}

static void append_title(const struct verb *verb, struct text *out) {
    const char *dash = verb == NULL ? "" : "-";
    const char *name = verb == NULL ? "" : verb->name;
    text_append_format(out, "rowpost%s%s(1)\n\n# NAME\n\nrowpost%s%s - ", dash, name, dash, name);
    append_plain(out, verb == NULL
                          ? "move a legacy SQL database into a new service through its HTTP API"
                          : verb->summary);
    text_append_string(out, "\n\n# SYNOPSIS\n\n");
    if (verb == NULL) {
        text_append_string(out, "*rowpost*\n\n*rowpost* _VERB_ [options]\n\n"
                                "*rowpost* *help* [_VERB_]\n\n*rowpost* *--version*\n");
        return;
    }
    text_append_format(out, "*rowpost %s* [options]", verb->name);
    if (verb->argument != NULL) {
        text_append_char(out, ' ');
        append_value(out, verb->argument);
    }
    text_append_char(out, '\n');
}

static void append_option(const struct option *option, struct text *out) {
    if (option->letter != '\0') {
        text_append_format(out, "*-%c*, ", option->letter);
    }
    append_bold(out, "--", option->name);
    if (option->value != NULL) {
        text_append_char(out, ' ');
        append_value(out, option->value);
    }
    text_append_string(out, "\n\t");
    append_plain(out, option->help);
    text_append_string(out, "\n\n");
}

static void append_verbs(struct text *out) {
    text_append_string(out, "# VERBS\n\nEach has a page of its own.\n\n");
    for (size_t i = 0; i < verb_count; i++) {
        append_bold(out, "rowpost-", verb_table[i].name);
        text_append_string(out, "(1)\n\t");
        append_plain(out, verb_table[i].summary);
        text_append_string(out, "\n\n");
    }
}

/* Those of one verb; or, on the program's page, those that every verb takes. */
static void append_options(const struct verb *verb, struct text *out) {
    static const struct verb none = {.name = "", .summary = ""};
    struct option option;
    text_append_string(out, "# OPTIONS\n\n");
    if (verb == NULL) {
        text_append_string(out, "Every verb takes these, after its name:\n\n");
        verb = &none;
    }
    for (size_t i = 0; option_of_verb(verb, migrations_default, i, &option); i++) {
        append_option(&option, out);
    }
}

static void append_exit_statuses(struct text *out) {
    const char *meaning;
    text_append_string(out, "# EXIT STATUS\n\n");
    for (size_t i = 0; (meaning = option_exit_meaning(i)) != NULL; i++) {
        text_append_format(out, "*%zu*\n\t", i);
        append_plain(out, meaning);
        text_append_string(out, "\n\n");
    }
}

/* Between scdoc's marks for literal text, where a backslash still counts. */
static void append_examples(const struct verb *verb, struct text *out) {
    struct text examples = {0};
    option_append_examples(verb, &examples);
    text_append_string(out, "# EXAMPLES\n\n```\n");
    for (const char *at = text_string(&examples); *at != '\0'; at++) {
        if (*at == '\\') {
            text_append_char(out, '\\');
        }
        text_append_char(out, *at);
    }
    text_append_string(out, "```\n\n");
    out->failed = out->failed || examples.failed;
    text_free(&examples);
}

static void append_references(const struct verb *verb, struct text *out) {
    text_append_string(out, "# SEE ALSO\n\n");
    if (verb != NULL) {
        text_append_string(out, "*rowpost*(1), *rowpost-workspace*(5)\n");
        return;
    }
    for (size_t i = 0; i < verb_count; i++) {
        append_bold(out, "rowpost-", verb_table[i].name);
        text_append_string(out, "(1), ");
    }
    text_append_string(out, "*rowpost-workspace*(5)\n");
}

int manual_append_page(const struct verb *verb, struct span prose, struct text *out,
                       struct error *error) {
    const char *mark = span_find(prose, options_mark);
    if (mark == NULL) {
        return error_set(error, ERROR_INPUT, "expected a line @options@ where the options go");
    }
    size_t before = (size_t)(mark - prose.data);
    size_t taken = before + strlen(options_mark);
    struct span rest = {prose.data + taken, prose.length - taken};
    if (span_find(rest, options_mark) != NULL) {
        return error_set(error, ERROR_INPUT, "expected one line @options@, found several");
    }
    append_title(verb, out);
    text_append_string(out, "\n# DESCRIPTION\n\n");
    text_append(out, (struct span){prose.data, before});
    if (verb == NULL) {
        append_verbs(out);
    }
    append_options(verb, out);
    append_exit_statuses(out);
    text_append(out, span_trim_blanks(rest));
    text_append_string(out, "\n\n");
    if (verb != NULL) {
        append_examples(verb, out);
    }
    append_references(verb, out);
    return 0;
}
