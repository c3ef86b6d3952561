#include "report/html_command_private.h"

#include "base/shell_word.h"
#include "report/command.h"

void html_append_command(const struct report *report, const struct html_command *command,
                         struct text *out) {
    const struct workspace *workspace = report->workspace;
    command_append(report->program, command->verb,
                   workspace == NULL ? NULL : workspace_path(workspace), out);
    text_append_string(out, command->more == NULL ? "" : " ");
    text_append_string(out, command->more == NULL ? "" : command->more);
}

void html_append_show_command(const struct report *report, struct span kind, struct span key,
                              struct text *out) {
    html_append_command(report, &(struct html_command){"show", "--kind "}, out);
    shell_word_append(out, kind);
    command_append_key(key, out);
}

static void put_code(struct html *html, const struct text *command) {
    html_check(html, text_check(command, &html->error));
    html_put(html, "<code>{}</code>", text_span(command));
}

void html_put_command(struct html *html, const struct html_command *command) {
    struct text text = {0};
    html_append_command(html->report, command, &text);
    put_code(html, &text);
    text_free(&text);
}

void html_put_help(struct html *html, const char *verb) {
    struct text text = {0};
    command_append_help(html->report->program, verb, &text);
    put_code(html, &text);
    text_free(&text);
}

void html_put_target_command(struct html *html, const struct html_command *command) {
    struct text text = {0};
    struct text known = {0};
    html_check(html,
               workspace_get_setting(html->report->workspace, "target", &known, &html->error));
    html_append_command(html->report, command, &text);
    bool is_known =
        command_append_target(text_span(&known), html->report->migration->target_example, &text);
    put_code(html, &text);
    html_markup(html, is_known ? "" : " (put the address of your service after --to)");
    text_free(&known);
    text_free(&text);
}
