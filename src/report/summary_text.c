#include "base/date.h"
#include "base/noun.h"
#include "base/terminal.h"
#include "report/command.h"
#include "report/fields.h"
#include "report/report.h"
#include "report/summary_report.h"

enum { NAME_WIDTH = 28, MAX_REASONS = 12, MAX_WARNINGS = 12, MAX_PERSONS = 12, MAX_PARTS = 12 };

static const struct palette {
    const char *strong;
    const char *bad;
    const char *end;
} palettes[] = {
    [REPORT_PLAIN] = {"", "", ""},
    [REPORT_COLOURED] = {TERMINAL_BOLD, TERMINAL_RED, TERMINAL_PLAIN},
};

static const struct palette *palette_of(const struct summary_form *form) {
    return &palettes[form->colours];
}

/* "see `rowpost people -w site.rowpost`", and ends the line. */
static void append_see(const struct summary_form *form, const char *verb, const char *options,
                       struct text *out) {
    text_append_string(out, "see `");
    command_append(form->program, verb, form->workspace, out);
    text_append_format(out, "%s`\n", options);
}

static void append_padded(struct text *out, struct span text, size_t width) {
    text_append(out, text);
    for (size_t used = span_count_characters(text); used < width; used++) {
        text_append_char(out, ' ');
    }
}

static void append_heading(struct text *out, const struct palette *palette, struct span name) {
    text_append_string(out, palette->strong);
    text_append(out, name);
    text_append_string(out, palette->end);
    text_append_char(out, '\n');
}

static void append_reasons(const struct summary_reasons *reasons, enum row_outcome outcome,
                           const struct summary_form *form, struct text *out) {
    for (size_t i = 0; i < reasons->count && i < MAX_REASONS; i++) {
        text_append_format(out, "      %-8s %8lld  ", row_outcome_name(outcome),
                           (long long)reasons->items[i].rows);
        fields_append_on_one_line(out, reasons->items[i].because);
        text_append_char(out, '\n');
    }
    if (reasons->count > MAX_REASONS) {
        text_append_format(out, "      and %zu more: ", reasons->count - MAX_REASONS);
        append_see(form, outcome == OUTCOME_REJECTED ? "rejects" : "skips", "", out);
    }
}

/* The rest of the line. */
static void append_left(const struct summary_table *table, struct text *out) {
    if (!span_is_null(table->left_because)) {
        text_append_format(out, " + %lld left at the source: ", (long long)table->left);
        fields_append_on_one_line(out, table->left_because);
    }
    text_append_char(out, '\n');
}

/* "  8 rejected rows were accepted on 2026-11-30T01:02:03.456Z (--accept-rejects)" */
static void append_acceptance(const struct summary *summary, struct text *out) {
    int64_t rows = summary_count_rows(summary, OUTCOME_REJECTED);
    if (rows == 0 || span_is_empty(summary->rejects_accepted)) {
        return;
    }
    text_append_format(out, "  %lld rejected %s accepted on ", (long long)rows,
                       noun_of(rows, "row was", "rows were"));
    text_append(out, summary->rejects_accepted);
    text_append_string(out, " (--accept-rejects)\n");
}

static void append_tables(const struct summary *summary, const struct summary_form *form,
                          struct text *out) {
    if (summary->table_count > 0) {
        append_heading(out, palette_of(form), span_of("tables"));
    }
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct summary_table *table = &summary->tables[i];
        text_append_string(out, "  ");
        append_padded(out, table->name, NAME_WIDTH);
        text_append_format(out, "%8lld rows = %lld used + %lld skipped + %lld rejected",
                           (long long)table->rows, (long long)table->outcomes[OUTCOME_USED],
                           (long long)table->outcomes[OUTCOME_SKIPPED],
                           (long long)table->outcomes[OUTCOME_REJECTED]);
        append_left(table, out);
        append_reasons(&table->reasons[OUTCOME_SKIPPED], OUTCOME_SKIPPED, form, out);
        append_reasons(&table->reasons[OUTCOME_REJECTED], OUTCOME_REJECTED, form, out);
    }
    append_acceptance(summary, out);
    if (span_equal_string(summary->one_moment, "yes")) {
        text_append_string(out, "  all rows are of one moment\n");
    } else if (span_equal_string(summary->one_moment, "no")) {
        text_append_string(out, "  the rows may be of several moments: the source may change "
                                "while it is read\n");
    }
}

static void append_corrections(const struct summary *summary, size_t kind, struct text *out) {
    bool is_first = true;
    for (size_t i = 0; i < summary->correction_count; i++) {
        const struct summary_correction *correction = &summary->corrections[i];
        if (correction->kind != kind) {
            continue;
        }
        text_append_string(out, is_first ? "  corrections\n      " : "      ");
        append_padded(out, correction->id, NAME_WIDTH - 4);
        text_append_format(out, "%8lld\n", (long long)correction->times);
        is_first = false;
    }
}

/* "unknown  3  the target may still be working on requests whose answers were lost, until
 * 2026-11-30T01:02:03.456Z" */
static void append_unsettled(const struct summary_kind *kind, struct text *out) {
    char moment[DATE_MOMENT_SIZE];
    if (kind->unsettled == 0 || kind->settled_at <= date_now()) {
        return;
    }
    date_format_moment(kind->settled_at, moment);
    text_append_format(out,
                       "      %-8s %8lld  the target may still be working on requests whose "
                       "answers were lost, until %s\n",
                       state_name(STATE_UNKNOWN), (long long)kind->unsettled, moment);
}

static void append_states(const struct summary_kind *kind, const struct summary_form *form,
                          struct text *out) {
    const struct palette *palette = palette_of(form);
    text_append_string(out, "  ");
    append_padded(out, span_of("documents"), NAME_WIDTH);
    text_append_format(out, "%8lld", (long long)kind->documents);
    const char *separator = " = ";
    for (enum state state = 0; state < STATE_COUNT; state++) {
        if (kind->states[state] == 0) {
            continue;
        }
        enum standing_class class = standing_class_of(state, VERDICT_NONE, CHANGE_NONE);
        bool is_bad = class == CLASS_BAD || class == CLASS_UNCLEAR;
        text_append_format(out, "%s%s%lld %s%s", separator, is_bad ? palette->bad : "",
                           (long long)kind->states[state],
                           state == STATE_PRESENT ? "already there" : state_name(state),
                           is_bad ? palette->end : "");
        separator = " + ";
    }
    text_append_char(out, '\n');
    append_unsettled(kind, out);
    if (kind->changed > 0) {
        text_append_format(
            out,
            "      changed  %8lld  planned differently now than delivered; see apply "
            "--update\n",
            (long long)kind->changed);
    }
    if (kind->gone > 0) {
        text_append_format(out, "      gone     %8lld  no longer planned; not sent\n",
                           (long long)kind->gone);
    }
    if (kind->strangers > 0) {
        text_append_format(out, "      %sstrangers%8lld%s  new on the target, and of no document; ",
                           palette->bad, (long long)kind->strangers, palette->end);
        append_see(form, "findings", "", out);
    }
}

/* "part 3 of 8    620 of 625 documents are out: /jobs/campaigns-3-of-8.rowpost" */
static void append_parts(const struct summary *summary, size_t kind,
                         const struct summary_form *form, struct text *out) {
    size_t told = 0;
    size_t left = 0;
    for (size_t i = 0; i < summary->part_count; i++) {
        const struct summary_part *part = &summary->parts[i];
        if (part->kind != kind) {
            continue;
        }
        if (told == MAX_PARTS) {
            left++;
            continue;
        }
        text_append_format(out, "      part %lld of %lld  %lld of %lld documents are out: ",
                           (long long)part->number, (long long)part->parts, (long long)part->out,
                           (long long)part->documents);
        fields_append_on_one_line(out, part->file);
        text_append_char(out, '\n');
        told++;
    }
    if (left > 0) {
        text_append_format(out, "      and %zu more: ", left);
        append_see(form, "status", " --json", out);
    }
}

static void append_verdicts(const struct summary_kind *kind, const struct palette *palette,
                            struct text *out) {
    const char *separator = "";
    for (enum verdict verdict = VERDICT_EQUAL; verdict < VERDICT_COUNT; verdict++) {
        if (kind->verdicts[verdict] == 0) {
            continue;
        }
        if (*separator == '\0') {
            text_append_string(out, "  ");
            append_padded(out, span_of("verified"), NAME_WIDTH + 8);
            separator = " = ";
        }
        bool is_bad = standing_class_of(STATE_DELIVERED, verdict, CHANGE_NONE) == CLASS_BAD;
        text_append_format(out, "%s%s%lld %s%s", separator, is_bad ? palette->bad : "",
                           (long long)kind->verdicts[verdict], verdict_name(verdict),
                           is_bad ? palette->end : "");
        separator = " + ";
    }
    if (*separator != '\0') {
        text_append_char(out, '\n');
    }
}

static void append_person(const struct summary_person *person, struct text *out) {
    text_append_format(out, "      %-18s", person_outcome_name(person->outcome));
    text_append_format(out, "%6lld  ", (long long)person->uses);
    fields_append_on_one_line(out, person->name);
    if (!span_is_empty(person->found)) {
        text_append_string(out, ": ");
        fields_append_on_one_line(out, person->found);
    }
    text_append_char(out, '\n');
}

static void append_names(const struct summary *summary, size_t kind,
                         const struct summary_form *form, struct text *out) {
    size_t told = 0;
    size_t left = 0;
    for (size_t i = 0; i < summary->person_count; i++) {
        const struct summary_person *person = &summary->persons[i];
        if (person->kind != kind) {
            continue;
        }
        if (told == MAX_PERSONS) {
            left++;
            continue;
        }
        append_person(person, out);
        told++;
    }
    if (left > 0) {
        text_append_format(out, "      and %zu more: ", left);
        append_see(form, "people", "", out);
    }
}

/* "people  312 names = 290 found + 22 nobody", and who they are. */
static void append_people(const struct summary *summary, size_t kind,
                          const struct summary_form *form, struct text *out) {
    const struct summary_kind *counts = &summary->kinds[kind];
    const char *separator = " = ";
    if (summary_count_names(counts) == 0) {
        return;
    }
    text_append_string(out, "  ");
    append_padded(out, span_of("people"), NAME_WIDTH);
    text_append_format(out, "%8lld names", (long long)summary_count_names(counts));
    for (enum person_outcome outcome = 0; outcome < PERSON_OUTCOME_COUNT; outcome++) {
        if (counts->persons[outcome] > 0) {
            text_append_format(out, "%s%lld %s", separator, (long long)counts->persons[outcome],
                               person_outcome_name(outcome));
            separator = " + ";
        }
    }
    text_append_char(out, '\n');
    append_names(summary, kind, form, out);
}

static void append_warnings(const struct summary *summary, const struct summary_form *form,
                            struct text *out) {
    for (size_t i = 0; i < summary->warning_count && i < MAX_WARNINGS; i++) {
        text_append_string(out, i == 0 ? "warnings\n  " : "  ");
        fields_append_on_one_line(out, summary->warnings[i].key);
        text_append_string(out, ": ");
        fields_append_on_one_line(out, summary->warnings[i].text);
        text_append_char(out, '\n');
    }
    if (summary->warning_count > MAX_WARNINGS) {
        text_append_format(out, "  and %zu further: ", summary->warning_count - MAX_WARNINGS);
        append_see(form, "status", " --json", out);
    }
}

static void append_delivery(const struct summary *summary, size_t kind,
                            const struct summary_form *form, struct text *out) {
    append_heading(out, palette_of(form), summary->kinds[kind].name);
    append_states(&summary->kinds[kind], form, out);
    append_parts(summary, kind, form, out);
    append_verdicts(&summary->kinds[kind], palette_of(form), out);
}

void summary_append_delivery(const struct summary *summary, const struct summary_form *form,
                             struct text *out) {
    for (size_t i = 0; i < summary->kind_count; i++) {
        append_delivery(summary, i, form, out);
    }
}

void summary_append_text(const struct summary *summary, const struct summary_form *form,
                         struct text *out) {
    append_tables(summary, form, out);
    for (size_t i = 0; i < summary->kind_count; i++) {
        append_delivery(summary, i, form, out);
        append_people(summary, i, form, out);
        append_corrections(summary, i, out);
    }
    append_warnings(summary, form, out);
}

static const unsigned remainders[STANDING_CLASS_COUNT] = {[CLASS_OPEN] = REMAINDER_OPEN,
                                                          [CLASS_UNCLEAR] = REMAINDER_UNCLEAR,
                                                          [CLASS_BAD] = REMAINDER_BAD};

/* Records of the target that belong to no document. False where there are none. */
static bool append_strangers(const struct summary *summary, bool has_any, struct text *out) {
    int64_t count = summary_count_strangers(summary);
    if (count > 0) {
        text_append_format(out, "%s%lld %s on the target", has_any ? ", " : "", (long long)count,
                           noun_of(count, "stranger is", "strangers are"));
    }
    return count > 0;
}

bool summary_append_remainder(const struct summary *summary, unsigned set, struct text *out) {
    bool has_any = false;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        const struct standing_meaning *meaning = &standing_meanings[standing];
        int64_t count = summary_count_standing(summary, standing);
        if (count > 0 && (set & remainders[meaning->class]) != 0) {
            text_append_format(out, "%s%lld %s %s", has_any ? ", " : "", (long long)count,
                               noun_of(count, "document is", "documents are"), meaning->name);
            has_any = true;
        }
    }
    if ((set & REMAINDER_BAD) != 0) {
        has_any = append_strangers(summary, has_any, out) || has_any;
    }
    return has_any;
}

int report_write_text(const struct report *report, struct error *error) {
    struct summary summary;
    struct text out = {0};
    if (summary_load(report->workspace, &summary, error) != 0) {
        return -1;
    }
    const struct summary_form form = {REPORT_PLAIN, report->program,
                                      workspace_path(report->workspace)};
    summary_append_text(&summary, &form, &out);
    summary_free(&summary);
    int rc = report_flush(report->out, &out, error);
    text_free(&out);
    return rc;
}
