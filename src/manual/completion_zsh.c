#include <string.h>

#include "cli/migrations.h"
#include "manual/manual.h"

static const char function_head[] = "#compdef rowpost\n"
                                    "# made from the program's own tables when it was built\n"
                                    "\n"
                                    "_rowpost() {\n"
                                    "    local -a verbs\n";

static const char function_tail[] = "}\n"
                                    "\n"
                                    "_rowpost \"$@\"\n";

/* A text inside '...', where a quote ends them; a backslash keeps what _arguments and _describe
 * take for the end of a part. */
static void append_quoted(struct text *out, const char *string) {
    for (const char *at = string; *at != '\0'; at++) {
        if (*at == '\'') {
            text_append_string(out, "'\\''");
            continue;
        }
        if (strchr("\\[]:", *at) != NULL) {
            text_append_char(out, '\\');
        }
        text_append_char(out, *at);
    }
}

static void append_verbs(struct text *out) {
    text_append_string(out, "    if (( CURRENT == 2 )); then\n        verbs=(\n");
    for (size_t i = 0; i < verb_count; i++) {
        text_append_format(out, "            '%s:", verb_table[i].name);
        append_quoted(out, verb_table[i].summary);
        text_append_string(out, "'\n");
    }
    text_append_string(out, "            '--help:the verbs' '--version:the version'\n"
                            "        )\n"
                            "        _describe -t verbs verb verbs\n"
                            "        return\n"
                            "    fi\n");
}

static void append_action(const struct option *option, struct text *out) {
    const char *word;
    text_append_char(out, ':');
    append_quoted(out, option->value);
    text_append_char(out, ':');
    switch (manual_value_of(option)) {
    case MANUAL_WORDS:
        text_append_char(out, '(');
        for (size_t i = 0; (word = option_choice(option, i)) != NULL; i++) {
            text_append_format(out, "%s%s", i == 0 ? "" : " ", word);
        }
        text_append_char(out, ')');
        break;
    case MANUAL_FILES:
        text_append_string(out, "_files");
        break;
    case MANUAL_FOLDERS:
        text_append_string(out, "_files -/");
        break;
    case MANUAL_TEXT:
        text_append_char(out, ' ');
        break;
    }
}

/* `'(-w --workspace)--workspace=[the workspace]:FILE:_files'`; by its letter the same, without the
 * `=`. An option is offered once unless it may be repeated. */
static void append_spec(const struct option *option, const char *spelling, struct text *out) {
    text_append_string(out, " \\\n            '");
    if (option->may_repeat) {
        text_append_char(out, '*');
    } else if (option->letter != '\0') {
        text_append_format(out, "(-%c --%s)", option->letter, option->name);
    }
    text_append_format(out, "%s[", spelling);
    append_quoted(out, option->help);
    text_append_char(out, ']');
    if (option->value != NULL) {
        append_action(option, out);
    }
    text_append_char(out, '\'');
}

static void append_option(const struct option *option, struct text *out) {
    struct text spelling = {0};
    text_append_format(&spelling, "--%s%s", option->name, option->value == NULL ? "" : "=");
    append_spec(option, text_string(&spelling), out);
    text_free(&spelling);
    if (option->letter != '\0') {
        const char letter[] = {'-', option->letter, '\0'};
        append_spec(option, letter, out);
    }
}

static void append_verb(const struct verb *verb, struct text *out) {
    struct option option;
    text_append_format(out, "    %s)\n        _arguments", verb->name);
    for (size_t i = 0; option_of_verb(verb, migrations_default, i, &option); i++) {
        append_option(&option, out);
    }
    if (option_takes_many(verb)) {
        text_append_format(out, " \\\n            '*:%s:_files'", verb->argument);
    } else if (verb->argument != NULL) {
        text_append_format(out, " \\\n            ':%s: '", verb->argument);
    }
    text_append_string(out, "\n        ;;\n");
}

void manual_append_zsh(struct text *out) {
    text_append_string(out, function_head);
    append_verbs(out);
    text_append_string(out, "    shift words\n"
                            "    (( CURRENT-- ))\n"
                            "    case $words[1] in\n");
    for (size_t i = 0; i < verb_count; i++) {
        append_verb(&verb_table[i], out);
    }
    text_append_string(out, "    esac\n");
    text_append_string(out, function_tail);
}
