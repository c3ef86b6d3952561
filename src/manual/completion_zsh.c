#include <stdbool.h>
#include <string.h>

#include "cli/migrations.h"
#include "manual/manual.h"

static const char function_head[] =
    "#compdef rowpost\n"
    "# made from the program's own tables when it was built\n"
    "\n"
    "# What an option may be in the workspace of the command line; else the words after it.\n"
    "_rowpost_workspace() {\n"
    "    local i what=$1\n"
    "    local -a found options\n"
    "    shift\n"
    "    for (( i = 2; i <= $#words; i++ )); do\n"
    "        case $words[i] in\n"
    "        -w|--workspace) options+=(-w ${~${(Q)words[i+1]}}) ;;\n"
    "        --workspace=*) options+=(-w ${~${(Q)words[i]#*=}}) ;;\n"
    "        --kind|--only) [[ $what == key ]] && options+=(--kind ${(Q)words[i+1]}) ;;\n"
    "        --kind=*|--only=*) [[ $what == key ]] && options+=(--kind ${(Q)words[i]#*=}) ;;\n"
    "        esac\n"
    "    done\n"
    "    found=(${(f)\"$(${~program} complete $what $options -- ${(Q)PREFIX} 2>/dev/null |\n"
    "        head -n 500)\"})\n"
    "    (( $#found )) || found=($@)\n"
    "    compadd -a found\n"
    "}\n"
    "\n"
    "# Words, or files.\n"
    "_rowpost_words_or_files() {\n"
    "    compadd -- ${=1}\n"
    "    _files -g \"$2\"\n"
    "}\n"
    "\n"
    "_rowpost() {\n"
    "    local program=$words[1]\n"
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
    text_append_string(
        out,
        "    if (( CURRENT == 2 )) || { (( CURRENT == 3 )) && [[ $words[2] == help ]] }; then\n"
        "        verbs=(\n");
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

/* `*.(db|sqlite)`; or `*.sql`, as one word in parentheses would be taken for glob qualifiers. */
static void append_pattern(const struct manual_completion *completion, struct text *out) {
    bool has_several = completion->suffixes[1] != NULL;
    text_append_string(out, has_several ? "*.(" : "*.");
    for (size_t i = 0; completion->suffixes[i] != NULL; i++) {
        text_append_format(out, "%s%s", i == 0 ? "" : "|", completion->suffixes[i]);
    }
    text_append_string(out, has_several ? ")" : "");
}

static void append_choices(const struct option *option, struct text *out) {
    const char *word;
    for (size_t i = 0; option_has_choices(option) && (word = option_choice(option, i)) != NULL;
         i++) {
        text_append_format(out, "%s%s", i == 0 ? "" : " ", word);
    }
}

static void append_files(const struct manual_completion *completion, struct text *out) {
    text_append_string(out, "_files");
    if (completion->suffixes[0] != NULL) {
        text_append_string(out, " -g \"");
        append_pattern(completion, out);
        text_append_char(out, '"');
    }
}

static void append_action(const struct option *option, struct text *out) {
    const struct manual_completion *completion = manual_completion_of(option);
    text_append_char(out, ':');
    append_quoted(out, option->value);
    text_append_char(out, ':');
    switch (completion->value) {
    case MANUAL_WORDS:
        text_append_char(out, '(');
        append_choices(option, out);
        text_append_char(out, ')');
        break;
    case MANUAL_WORKSPACE:
        text_append_format(out, " _rowpost_workspace %s ", completion->what);
        append_choices(option, out);
        break;
    case MANUAL_FILES:
        if (option_has_choices(option)) {
            text_append_string(out, " _rowpost_words_or_files \"");
            append_choices(option, out);
            text_append_string(out, "\" \"");
            append_pattern(completion, out);
            text_append_char(out, '"');
        } else {
            append_files(completion, out);
        }
        break;
    case MANUAL_FOLDERS:
        text_append_string(out, "_files -/");
        break;
    case MANUAL_TEXT:
        text_append_char(out, ' ');
        break;
    }
}

/* A spec for each word of the verb's argument; for all that follow where it takes any number. */
static void append_arguments(const struct verb *verb, struct text *out) {
    const struct manual_completion *completion = manual_completion_of_argument(verb);
    for (const char *word = verb->argument; word != NULL && *word != '\0';) {
        size_t length = strcspn(word, " ");
        text_append_format(out, " \\\n            '%s:%.*s:",
                           option_takes_many(verb) ? "*"
                           : *word == '['          ? ":"
                                                   : "",
                           (int)strcspn(word + (*word == '['), " .]"), word + (*word == '['));
        if (completion->value == MANUAL_FILES) {
            append_files(completion, out);
        } else if (completion->value == MANUAL_WORKSPACE) {
            text_append_format(out, " _rowpost_workspace %s", completion->what);
        } else if (completion->value == MANUAL_WORDS && *word != '[') {
            text_append_char(out, '(');
            for (const char *const *choice = completion->suffixes; *choice != NULL; choice++) {
                text_append_format(out, "%s ", *choice);
            }
            text_append_char(out, ')');
        } else {
            text_append_char(out, ' ');
        }
        text_append_char(out, '\'');
        word += length + (word[length] == ' ');
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
    append_arguments(verb, out);
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
