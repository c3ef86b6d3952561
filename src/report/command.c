#include "report/command.h"

#include <string.h>

#include "base/shell_word.h"

void command_append(const char *program, const char *verb, const char *workspace,
                    struct text *out) {
    shell_word_append(out, span_of(program));
    text_append_format(out, " %s", verb);
    if (workspace != NULL) {
        text_append_string(out, " -w ");
        shell_word_append(out, span_of(workspace));
    }
}

void command_append_help(const char *program, const char *verb, struct text *out) {
    shell_word_append(out, span_of(program));
    text_append_format(out, " help%s%s", verb == NULL ? "" : " ", verb == NULL ? "" : verb);
}

bool command_append_target(struct span known, const char *example, struct text *out) {
    text_append_string(out, " --to ");
    shell_word_append(out, known.length > 0 ? known : span_of(example));
    return known.length > 0;
}

/* The files are KIND-3-of-8.rowpost in one folder (workspace/split.h). */
static void append_pattern(struct span file, struct text *out) {
    static const char middle[] = "-of-";
    size_t at = file.length;
    while (at > 0 && (file.length - at < sizeof middle - 1 ||
                      memcmp(file.data + at, middle, sizeof middle - 1) != 0)) {
        at--;
    }
    size_t number = at;
    while (number > 0 && file.data[number - 1] >= '0' && file.data[number - 1] <= '9') {
        number--;
    }
    if (number == 0 || number == at) {
        shell_word_append(out, file);
        return;
    }
    shell_word_append(out, (struct span){file.data, number});
    text_append_char(out, '*');
    shell_word_append(out, (struct span){file.data + at, file.length - at});
}

void command_append_parts(const struct summary *summary, struct text *out) {
    for (size_t i = 0; i < summary->part_count; i++) {
        if (summary->parts[i].out > 0) {
            text_append_char(out, ' ');
            append_pattern(summary->parts[i].file, out);
            return;
        }
    }
}

void command_append_key(struct span key, struct text *out) {
    text_append_string(out, shell_word_is_option(key) ? " -- " : " ");
    shell_word_append(out, key);
}
