#include <string.h>

#include "cli/migrations.h"
#include "manual/manual.h"

enum manual_value manual_value_of(const struct option *option) {
    static const char *const files[] = {"FILE", "CSV", "PEM", "SOURCE"};
    if (option_has_choices(option)) {
        return MANUAL_WORDS;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(option->value, files[i]) == 0) {
            return MANUAL_FILES;
        }
    }
    return strcmp(option->value, "FOLDER") == 0 ? MANUAL_FOLDERS : MANUAL_TEXT;
}

/* `--option=value` comes as three words; where the value begins, the option stands before `=`. */
static const char script_head[] =
    "# bash completion for rowpost; made from the program's own tables when it was built\n"
    "\n"
    "_rowpost() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
    "    if [[ $current == = ]]; then\n"
    "        current=\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n"
    "    COMPREPLY=()\n";

static const char script_tail[] = "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                                  "}\n"
                                  "\n"
                                  "complete -F _rowpost rowpost\n";

static void append_verbs(struct text *out) {
    text_append_string(out, "    if [[ $COMP_CWORD -eq 1 ]]; then\n        words='");
    for (size_t i = 0; i < verb_count; i++) {
        text_append_format(out, "%s ", verb_table[i].name);
    }
    text_append_string(out, "help --help --version'\n"
                            "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                            "        return\n"
                            "    fi\n");
}

/* What the action of the shell is for a value; the caller returns behind it. */
static void append_action(const struct option *option, struct text *out) {
    const char *word;
    switch (manual_value_of(option)) {
    case MANUAL_WORDS:
        text_append_string(out, "        COMPREPLY=($(compgen -W '");
        for (size_t i = 0; (word = option_choice(option, i)) != NULL; i++) {
            text_append_format(out, "%s%s", i == 0 ? "" : " ", word);
        }
        text_append_string(out, "' -- \"$current\"))\n");
        break;
    case MANUAL_FILES:
        text_append_string(out, "        compopt -o filenames\n"
                                "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n");
        break;
    case MANUAL_FOLDERS:
        text_append_string(out, "        compopt -o filenames\n"
                                "        mapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n");
        break;
    case MANUAL_TEXT:
        break;
    }
    text_append_string(out, "        return\n        ;;\n");
}

static void append_value(const struct option *option, struct text *out) {
    if (option->value == NULL) {
        return;
    }
    text_append_string(out, "    ");
    if (option->letter != '\0') {
        text_append_format(out, "-%c | ", option->letter);
    }
    text_append_format(out, "--%s)\n", option->name);
    append_action(option, out);
}

static void append_values(struct text *out) {
    text_append_string(out, "    case $before in\n");
    for (size_t i = 0; i < option_count; i++) {
        append_value(&option_table[i], out);
    }
    for (size_t i = 0; i < migrations_default->option_count; i++) {
        struct option option = option_of_migration(&migrations_default->options[i]);
        append_value(&option, out);
    }
    text_append_string(out, "    esac\n");
}

static void append_options(struct text *out) {
    text_append_string(out, "    case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < verb_count; i++) {
        struct option option;
        text_append_format(out, "    %s) words='", verb_table[i].name);
        for (size_t k = 0; option_of_verb(&verb_table[i], migrations_default, k, &option); k++) {
            text_append_format(out, "%s--%s", k == 0 ? "" : " ", option.name);
            if (option.letter != '\0') {
                text_append_format(out, " -%c", option.letter);
            }
        }
        text_append_string(out, "' ;;\n");
    }
    text_append_string(out, "    esac\n");
}

void manual_append_bash(struct text *out) {
    text_append_string(out, script_head);
    append_verbs(out);
    append_values(out);
    append_options(out);
    text_append_string(out, script_tail);
}
