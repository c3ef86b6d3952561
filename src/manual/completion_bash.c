#include <stdbool.h>

#include "cli/migrations.h"
#include "manual/manual.h"

/* bash cuts a word at what is in COMP_WORDBREAKS - `=`, `:` and `@` among them - and replaces only
 * the piece behind the last cut: the script joins the pieces, and leaves out of its answer what
 * stays on the line: all before its argument $2, which is replaced. */
static const char script_head[] =
    "# bash completion for rowpost; made from the program's own tables when it was built\n"
    "\n"
    "# Without what quotes it.\n"
    "_rowpost_plain() {\n"
    "    plain=${1//[\\'\\\"\\\\]/}\n"
    "}\n"
    "\n"
    "# The words of the line, each whole; `current` is that of the cursor.\n"
    "_rowpost_words() {\n"
    "    local i gap word rest=$COMP_LINE\n"
    "    for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        gap=${rest%%[![:space:]]*}\n"
    "        if [[ -z $word || -n $gap || $i -eq 0 ]]; then\n"
    "            typed+=(\"$word\")\n"
    "        else\n"
    "            typed[-1]+=$word\n"
    "        fi\n"
    "        [[ -z $word ]] || rest=${rest#\"$gap$word\"}\n"
    "        if ((i == COMP_CWORD)); then\n"
    "            at=$((${#typed[@]} - 1)) current=${typed[-1]}\n"
    "        fi\n"
    "    done\n"
    "}\n"
    "\n"
    "# What an option may be in the workspace of the command line.\n"
    "_rowpost_workspace() {\n"
    "    local i plain value\n"
    "    local -a options=() found=()\n"
    "    for ((i = 2; i < ${#typed[@]}; i++)); do\n"
    "        value=${typed[i+1]-}\n"
    "        [[ ${typed[i]} == --*=* ]] && value=${typed[i]#*=}\n"
    "        _rowpost_plain \"$value\"\n"
    "        case ${typed[i]} in\n"
    "        -w | --workspace | --workspace=*) options+=(-w \"${plain/#\\~/$HOME}\") ;;\n"
    "        --kind | --kind=* | --only | --only=*)\n"
    "            [[ $1 == key ]] && options+=(--kind \"$plain\") ;;\n"
    "        esac\n"
    "    done\n"
    "    _rowpost_plain \"$current\"\n"
    "    mapfile -t found < <(\"${program/#\\~/$HOME}\" complete \"$1\" \"${options[@]}\" -- "
    "\"$plain\" \\\n"
    "        2>/dev/null | head -n 500)\n"
    "    COMPREPLY+=(\"${found[@]}\")\n"
    "}\n"
    "\n"
    "# Files with one of the suffixes, and folders; any file where none has one.\n"
    "_rowpost_files() {\n"
    "    local suffix\n"
    "    local -a found\n"
    "    compopt -o filenames && form=%s\n"
    "    for suffix; do\n"
    "        mapfile -t found < <(compgen -f -X \"!*.$suffix\" -- \"$current\")\n"
    "        COMPREPLY+=(\"${found[@]}\")\n"
    "    done\n"
    "    if [[ ${#COMPREPLY[@]} -eq 0 ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
    "    else\n"
    "        mapfile -t found < <(compgen -d -- \"$current\")\n"
    "        COMPREPLY+=(\"${found[@]}\")\n"
    "    fi\n"
    "}\n"
    "\n"
    "_rowpost_reply() {\n"
    "    local before=${typed[at-1]} words=\n"
    "    if [[ $current == --*=* ]]; then\n"
    "        before=${current%%=*} current=${current#*=}\n"
    "    fi\n";

/* Names of files are quoted by bash itself, and so is what is inside quotes. */
static const char script_tail[] =
    "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
    "}\n"
    "\n"
    "_rowpost() {\n"
    "    local i plain program=$1 current= at=0 form=%q\n"
    "    local -a typed=()\n"
    "    COMPREPLY=()\n"
    "    _rowpost_words\n"
    "    _rowpost_reply\n"
    "    [[ $current != [\\'\\\"]* ]] || form=%s\n"
    "    _rowpost_plain \"${current%\"$2\"}\"\n"
    "    for i in \"${!COMPREPLY[@]}\"; do\n"
    "        printf -v \"COMPREPLY[i]\" \"$form\" \"${COMPREPLY[i]#\"$plain\"}\"\n"
    "    done\n"
    "}\n"
    "\n"
    "complete -F _rowpost rowpost\n";

static void append_verbs(struct text *out) {
    text_append_string(out, "    if [[ $at -eq 1 || ( $at -eq 2 && $before == help ) ]]"
                            "; then\n        words='");
    for (size_t i = 0; i < verb_count; i++) {
        text_append_format(out, "%s ", verb_table[i].name);
    }
    text_append_string(out, "help --help --version'\n"
                            "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                            "        return\n"
                            "    fi\n");
}

/* The words of the table that begin with what was typed. */
static void append_words(const struct option *option, struct text *out) {
    const char *word;
    text_append_string(out, "COMPREPLY+=($(compgen -W '");
    for (size_t i = 0; (word = option_choice(option, i)) != NULL; i++) {
        text_append_format(out, "%s%s", i == 0 ? "" : " ", word);
    }
    text_append_string(out, "' -- \"$current\"))\n");
}

static void append_files(const struct manual_completion *completion, struct text *out) {
    text_append_string(out, "_rowpost_files");
    for (const char *const *suffix = completion->suffixes; *suffix != NULL; suffix++) {
        text_append_format(out, " %s", *suffix);
    }
    text_append_char(out, '\n');
}

/* What is done for a value. `option` is NULL for an argument. */
static void append_action(const struct manual_completion *completion, const struct option *option,
                          const char *indent, struct text *out) {
    bool has_words = option != NULL && option_has_choices(option);
    switch (completion->value) {
    case MANUAL_WORDS:
        break;
    case MANUAL_WORKSPACE:
        text_append_format(out, "%s_rowpost_workspace %s\n", indent, completion->what);
        break;
    case MANUAL_FILES:
        text_append_string(out, indent);
        append_files(completion, out);
        break;
    case MANUAL_FOLDERS:
        text_append_format(out,
                           "%scompopt -o filenames && form=%%s\n"
                           "%smapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n",
                           indent, indent);
        break;
    case MANUAL_TEXT:
        break;
    }
    if (has_words) {
        bool is_fallback = completion->value == MANUAL_WORKSPACE;
        text_append_format(out, "%s%s", indent,
                           is_fallback ? "[[ ${#COMPREPLY[@]} -gt 0 ]] || " : "");
        append_words(option, out);
    }
    text_append_format(out, "%sreturn\n", indent);
}

static void append_value(const struct option *option, struct text *out) {
    if (option->value == NULL) {
        return;
    }
    const struct manual_completion *completion = manual_completion_of(option);
    text_append_string(out, "    ");
    if (option->letter != '\0') {
        text_append_format(out, "-%c | ", option->letter);
    }
    text_append_format(out, "--%s)\n", option->name);
    append_action(completion, option, "        ", out);
    text_append_string(out, "        ;;\n");
}

/* The words after a verb that are not the value of an option. */
static void append_arguments(struct text *out) {
    text_append_string(out, "    if [[ $current != -* ]]; then\n        case ${typed[1]} in\n");
    for (size_t i = 0; i < verb_count; i++) {
        const struct manual_completion *completion = manual_completion_of_argument(&verb_table[i]);
        if (verb_table[i].argument == NULL || completion->value == MANUAL_TEXT) {
            continue;
        }
        text_append_format(out, "        %s)\n", verb_table[i].name);
        if (completion->value == MANUAL_WORDS) {
            text_append_string(out, "            COMPREPLY=($(compgen -W '");
            for (const char *const *word = completion->suffixes; *word != NULL; word++) {
                text_append_format(out, "%s ", *word);
            }
            text_append_string(out, "' -- \"$current\"))\n");
        }
        append_action(completion, NULL, "            ", out);
        text_append_string(out, "            ;;\n");
    }
    text_append_string(out, "        esac\n    fi\n");
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
    text_append_string(out, "    case ${typed[1]} in\n");
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
    append_arguments(out);
    append_options(out);
    text_append_string(out, script_tail);
}
