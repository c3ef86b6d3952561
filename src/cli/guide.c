#include "cli/guide.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/noun.h"
#include "base/shell_word.h"
#include "cli/folder_look.h"
#include "cli/migrations.h"
#include "cli/next_command.h"
#include "report/command.h"
#include "source/source.h"
#include "workspace/summary.h"

/* The next step, by what is there. */
enum step {
    STEP_PLAN = NEXT_PLAN,
    STEP_APPLY = NEXT_APPLY,
    STEP_MERGE = NEXT_MERGE,
    STEP_LOOK = NEXT_LOOK,
    STEP_VERIFY = NEXT_VERIFY,
    STEP_REPORT = NEXT_REPORT,
    STEP_DEMO = NEXT_STEP_COUNT,
    STEP_DRAFT,
    STEP_WATCH,
    STEP_UNUSABLE
};

static const char *const step_texts[] = {
    [STEP_DEMO] = "There is nothing to migrate here. See a whole migration with sample data:",
    [STEP_DRAFT] = "Begin a migration file for the tables of the database:",
    [STEP_PLAN] = "Make a plan. It sends nothing:",
    [STEP_WATCH] = "Another rowpost is working on the workspace. See how far it is:",
    [STEP_APPLY] = "Deliver what is pending:",
    [STEP_MERGE] = "Parts of the workspace are handed out. Take back what they have delivered:",
    [STEP_LOOK] = "Some documents need attention. See which, and why:",
    [STEP_VERIFY] = "Everything is delivered. Read it back and compare it:",
    [STEP_REPORT] = "Everything is delivered and equal. Write the report:",
    [STEP_UNUSABLE] = "The workspace cannot be used. See why:",
};

struct guide {
    const char *program;
    struct folder_look look;
    const struct migration *migration;
    struct text target; /* that of the workspace, if one is known */
    struct text state;  /* of the workspace, in a few words */
    struct text parts;  /* that are handed out, as words of a command */
    enum step step;
};

static bool has(const struct guide *guide, enum folder_file file) {
    return guide->look.files[file].name.length > 0;
}

static const char *name_of(const struct guide *guide, enum folder_file file) {
    return text_string(&guide->look.files[file].name);
}

static void append_state(const struct summary *summary, struct text *out) {
    static const struct {
        enum standing_class class;
        const char *word;
    } parts[] = {{CLASS_OPEN, "open"}, {CLASS_UNCLEAR, "unclear"}, {CLASS_BAD, "bad"}};
    int64_t planned = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        planned = summary_add(planned, summary->kinds[i].documents);
    }
    text_append_format(out, "%lld %s", (long long)planned,
                       noun_of(planned, "document", "documents"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int64_t count = summary_count_class(summary, parts[i].class);
        if (count > 0) {
            text_append_format(out, ", %lld %s", (long long)count, parts[i].word);
        }
    }
}

/* A workspace that cannot be read also leads to a step; it is not a failure of the guide. */
static void look_at_workspace(struct guide *guide) {
    struct error ignored;
    struct summary summary;
    struct workspace *workspace =
        workspace_open_for_reading(name_of(guide, FOLDER_WORKSPACE), &ignored);
    guide->step = STEP_UNUSABLE;
    const struct migration *migration =
        workspace == NULL ? NULL : migrations_of(workspace, &ignored);
    if (migration != NULL && summary_load_figures(workspace, &summary, &ignored) == 0) {
        guide->migration = migration;
        guide->step =
            workspace_is_at_work(workspace) ? STEP_WATCH : (enum step)next_step_of(&summary);
        append_state(&summary, &guide->state);
        command_append_parts(&summary, &guide->parts);
        summary_free(&summary);
        workspace_get_setting(workspace, "target", &guide->target, &ignored);
    }
    workspace_close(workspace);
}

struct table_search {
    const struct migration *migration;
    bool is_found;
};

static int note_table(void *context, const char *table, struct error *error) {
    struct table_search *search = context;
    (void)error;
    for (size_t i = 0; i < search->migration->table_count; i++) {
        search->is_found =
            search->is_found || strcasecmp(search->migration->tables[i].name, table) == 0;
    }
    return 0;
}

/* Whether the database has a table that the built-in migration reads. */
static bool is_known_database(const struct guide *guide) {
    struct table_search search = {.migration = guide->migration};
    struct error ignored;
    struct text url = {0};
    text_append_format(&url, "sqlite:%s", name_of(guide, FOLDER_DATABASE));
    struct source *source = source_open(text_string(&url), NULL, &ignored);
    if (source != NULL && source_list_tables(source, note_table, &search, &ignored) != 0) {
        search.is_found = false;
    }
    source_close(source);
    text_free(&url);
    return search.is_found;
}

static void choose_step(struct guide *guide) {
    guide->step = STEP_DEMO;
    if (has(guide, FOLDER_WORKSPACE)) {
        look_at_workspace(guide);
    } else if (has(guide, FOLDER_DATABASE) && !has(guide, FOLDER_MIGRATION) &&
               !is_known_database(guide)) {
        guide->step = STEP_DRAFT;
    } else if (has(guide, FOLDER_DATABASE) || has(guide, FOLDER_CREDENTIALS)) {
        guide->step = STEP_PLAN;
    }
}

static void append_option(struct text *out, const char *option, const char *value) {
    text_append_format(out, " %s ", option);
    shell_word_append(out, span_of(value));
}

static void append_workspace(const struct guide *guide, struct text *out) {
    append_option(out, "-w", name_of(guide, FOLDER_WORKSPACE));
}

/* `--from legacy.db --people people.csv`, by what there is. */
static void append_source(const struct guide *guide, struct text *out) {
    static const struct {
        enum folder_file file;
        const char *option;
    } lists[] = {{FOLDER_ADMINS, "--admins"}, {FOLDER_PEOPLE, "--people"}};
    bool is_file = has(guide, FOLDER_MIGRATION) && has(guide, FOLDER_DATABASE);
    if (has(guide, FOLDER_DATABASE)) {
        append_option(out, "--from", name_of(guide, FOLDER_DATABASE));
    } else if (has(guide, FOLDER_CREDENTIALS)) {
        append_option(out, "--credentials", name_of(guide, FOLDER_CREDENTIALS));
    } else {
        text_append_string(out, " --from legacy.db");
    }
    if (is_file) {
        append_option(out, "--migration", name_of(guide, FOLDER_MIGRATION));
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (has(guide, lists[i].file) && (!is_file || lists[i].file == FOLDER_PEOPLE)) {
            append_option(out, lists[i].option, name_of(guide, lists[i].file));
        }
    }
    if (has(guide, FOLDER_WORKSPACE)) {
        append_workspace(guide, out);
    }
}

/* How the target is found and signed in to. */
static void append_target(const struct guide *guide, struct text *out) {
    append_workspace(guide, out);
    if (has(guide, FOLDER_CREDENTIALS)) {
        append_option(out, "--credentials", name_of(guide, FOLDER_CREDENTIALS));
        return;
    }
    append_option(out, "--to",
                  guide->target.length > 0 ? text_string(&guide->target)
                                           : guide->migration->target_example);
    if (has(guide, FOLDER_COOKIES)) {
        append_option(out, "--cookies", name_of(guide, FOLDER_COOKIES));
    }
}

static void append_no_more(const struct guide *guide, struct text *out) {
    (void)guide;
    (void)out;
}

static void append_database(const struct guide *guide, struct text *out) {
    struct span name = text_span(&guide->look.files[FOLDER_DATABASE].name);
    struct text file = {0};
    const char *dot = strrchr(name.data, '.');
    append_option(out, "--from", name.data);
    text_append(&file, (struct span){name.data, (size_t)(dot - name.data)});
    text_append_string(&file, ".sql");
    append_option(out, "-o", text_string(&file));
    text_free(&file);
}

static void append_parts(const struct guide *guide, struct text *out) {
    append_workspace(guide, out);
    text_append(out, text_span(&guide->parts));
}

static void append_report(const struct guide *guide, struct text *out) {
    append_workspace(guide, out);
    text_append_string(out, " -o report.html");
}

static const struct command {
    const char *verb;
    void (*append)(const struct guide *guide, struct text *out);
} commands[] = {
    [STEP_DEMO] = {"demo", append_no_more},    [STEP_DRAFT] = {"draft", append_database},
    [STEP_PLAN] = {"plan", append_source},     [STEP_WATCH] = {"status", append_workspace},
    [STEP_APPLY] = {"apply", append_target},   [STEP_MERGE] = {"merge", append_parts},
    [STEP_LOOK] = {"report", append_report},   [STEP_VERIFY] = {"verify", append_target},
    [STEP_REPORT] = {"report", append_report}, [STEP_UNUSABLE] = {"status", append_workspace},
};

static void append_files(const struct guide *guide, struct text *out) {
    bool has_any = false;
    for (size_t i = 0; i < FOLDER_FILE_COUNT; i++) {
        const struct folder_finding *finding = &guide->look.files[i];
        if (finding->count == 0) {
            continue;
        }
        text_append_string(out, has_any ? "" : "\nin this folder\n");
        has_any = true;
        text_append_format(out, "  %-20s %s", text_string(&finding->name),
                           folder_file_noun((enum folder_file)i));
        if (i == FOLDER_WORKSPACE && guide->state.length > 0) {
            text_append_format(out, ": %s", text_string(&guide->state));
        }
        if (finding->count > 1) {
            text_append_format(out, " (the newest of %zu)", finding->count);
        }
        text_append_char(out, '\n');
    }
}

/* What a person has to fill in before the command can work. */
static void append_advice(const struct guide *guide, struct text *out) {
    bool needs_target = guide->step == STEP_APPLY || guide->step == STEP_VERIFY;
    if (!needs_target || has(guide, FOLDER_CREDENTIALS)) {
        return;
    }
    if (guide->target.length == 0) {
        text_append_string(out, "  Put the address of your own service after --to.\n");
    }
    if (!has(guide, FOLDER_COOKIES)) {
        text_append_string(out,
                           "  If the service wants a sign-in, add --cookies or --token-file.\n");
    }
}

static void append_command(const struct guide *guide, struct text *out) {
    text_append_string(out, "  ");
    shell_word_append(out, span_of(guide->program));
    text_append_format(out, " %s", commands[guide->step].verb);
    commands[guide->step].append(guide, out);
    text_append_char(out, '\n');
}

static void append_help(const char *program, struct text *out) {
    struct text all = {0};
    struct text plan = {0};
    command_append_help(program, NULL, &all);
    command_append_help(program, "plan", &plan);
    text_append_format(out, "\nhelp\n  %-*s    all verbs\n", (int)plan.length, text_string(&all));
    text_append_format(out, "  %s    the options of plan\n", text_string(&plan));
    out->failed = out->failed || all.failed || plan.failed;
    text_free(&all);
    text_free(&plan);
}

int guide_append(const char *program, struct text *out, struct error *error) {
    struct guide guide = {.program = program, .migration = migrations_default};
    int rc = folder_look(".", &guide.look, error);
    if (rc == 0) {
        choose_step(&guide);
        text_append_string(out, "rowpost moves the content of a legacy SQL database into a new "
                                "service.\n");
        append_files(&guide, out);
        text_append_format(out, "\nnext step\n  %s\n\n", step_texts[guide.step]);
        append_command(&guide, out);
        append_advice(&guide, out);
        append_help(program, out);
        out->failed =
            out->failed || guide.state.failed || guide.parts.failed || guide.target.failed;
        rc = text_check(out, error);
    }
    folder_look_free(&guide.look);
    text_free(&guide.target);
    text_free(&guide.state);
    text_free(&guide.parts);
    return rc;
}
