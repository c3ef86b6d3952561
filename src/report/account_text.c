#include "report/account_report.h"

enum { NAME_WIDTH = 28, MAX_REASONS = 12, MAX_WARNINGS = 12, MAX_LOOKUPS = 12 };

static const struct palette {
    const char *strong;
    const char *bad;
    const char *end;
} palettes[] = {
    [REPORT_PLAIN] = {"", "", ""},
    [REPORT_COLOURED] = {"\033[1m", "\033[31m", "\033[0m"},
};

static void append_padded(struct text *out, struct span text, size_t width) {
    text_append(out, text);
    for (size_t used = span_count_characters(text); used < width; used++) {
        text_append_char(out, ' ');
    }
}

static void append_reasons(const struct account_reason *reasons, size_t count, const char *word,
                           struct text *out) {
    for (size_t i = 0; i < count && i < MAX_REASONS; i++) {
        text_append_format(out, "      %-8s %8lld  ", word, (long long)reasons[i].rows);
        text_append(out, reasons[i].because);
        text_append_char(out, '\n');
    }
    if (count > MAX_REASONS) {
        text_append_format(out, "      and %zu more: see `rowpost rejects` and `rowpost skips`\n",
                           count - MAX_REASONS);
    }
}

static void append_queries(const struct account *account, size_t kind, struct text *out) {
    for (size_t i = 0; i < account->query_count; i++) {
        const struct account_query *query = &account->queries[i];
        if (query->kind != kind) {
            continue;
        }
        text_append_string(out, "  ");
        append_padded(out, query->name, NAME_WIDTH);
        text_append_format(out, "%8lld rows = %lld used + %lld skipped + %lld rejected\n",
                           (long long)query->rows_read, (long long)query->used,
                           (long long)query->skipped, (long long)query->rejected);
        append_reasons(query->skips, query->skip_count, "skipped", out);
        append_reasons(query->rejects, query->reject_count, "rejected", out);
    }
}

static void append_corrections(const struct account *account, size_t kind, struct text *out) {
    bool is_first = true;
    for (size_t i = 0; i < account->correction_count; i++) {
        const struct account_correction *correction = &account->corrections[i];
        if (correction->kind != kind) {
            continue;
        }
        text_append_string(out, is_first ? "  corrections\n      " : "      ");
        append_padded(out, correction->id, NAME_WIDTH - 4);
        text_append_format(out, "%8lld\n", (long long)correction->times);
        is_first = false;
    }
}

static void append_states(const struct account_kind *kind, const struct palette *palette,
                          struct text *out) {
    text_append_string(out, "  ");
    append_padded(out, span_of("documents"), NAME_WIDTH);
    text_append_format(out, "%8lld", (long long)kind->documents);
    const char *separator = " = ";
    for (enum state state = 0; state < STATE_COUNT; state++) {
        if (kind->states[state] == 0) {
            continue;
        }
        bool is_bad = state == STATE_DIFFERENT || state == STATE_REFUSED || state == STATE_UNKNOWN;
        text_append_format(out, "%s%s%lld %s%s", separator, is_bad ? palette->bad : "",
                           (long long)kind->states[state],
                           state == STATE_PRESENT ? "already there" : state_name(state),
                           is_bad ? palette->end : "");
        separator = " + ";
    }
    text_append_char(out, '\n');
    if (kind->changed > 0) {
        text_append_format(out,
                           "      changed  %8lld  planned differently now than delivered; not sent "
                           "again\n",
                           (long long)kind->changed);
    }
    if (kind->gone > 0) {
        text_append_format(out, "      gone     %8lld  no longer planned; not sent\n",
                           (long long)kind->gone);
    }
}

static void append_verdicts(const struct account_kind *kind, const struct palette *palette,
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
        bool is_bad = verdict != VERDICT_EQUAL;
        text_append_format(out, "%s%s%lld %s%s", separator, is_bad ? palette->bad : "",
                           (long long)kind->verdicts[verdict], verdict_name(verdict),
                           is_bad ? palette->end : "");
        separator = " + ";
    }
    if (*separator != '\0') {
        text_append_char(out, '\n');
    }
}

static void append_on_one_line(struct text *out, struct span words) {
    for (size_t i = 0; i < words.length; i++) {
        unsigned char c = (unsigned char)words.data[i];
        text_append_char(out, (char)(c < ' ' || c == 0x7f ? ' ' : c));
    }
}

static void append_lookup(const struct account_lookup *lookup, struct text *out) {
    text_append_format(out, "      %-18s", presence_name(lookup->outcome));
    text_append_format(out, "%6lld  ", (long long)lookup->uses);
    append_on_one_line(out, lookup->name);
    if (!span_is_empty(lookup->found)) {
        text_append_string(out, ": ");
        append_on_one_line(out, lookup->found);
    }
    text_append_char(out, '\n');
}

/* "people  312 names = 290 found + 22 nobody", and who they are. */
static void append_people(const struct account *account, size_t kind, struct text *out) {
    const struct account_kind *counts = &account->kinds[kind];
    const char *separator = " = ";
    size_t told = 0;
    size_t left = 0;
    if (account_names_looked_up(counts) == 0) {
        return;
    }
    text_append_string(out, "  ");
    append_padded(out, span_of("people"), NAME_WIDTH);
    text_append_format(out, "%8lld names", (long long)account_names_looked_up(counts));
    for (enum presence presence = 0; presence < PERSON_COUNT; presence++) {
        if (counts->persons[presence] > 0) {
            text_append_format(out, "%s%lld %s", separator, (long long)counts->persons[presence],
                               presence_name(presence));
            separator = " + ";
        }
    }
    text_append_char(out, '\n');
    for (size_t i = 0; i < account->lookup_count; i++) {
        const struct account_lookup *lookup = &account->lookups[i];
        if (lookup->kind != kind) {
            continue;
        }
        if (told == MAX_LOOKUPS) {
            left++;
            continue;
        }
        append_lookup(lookup, out);
        told++;
    }
    if (left > 0) {
        text_append_format(out, "      and %zu more: see `rowpost people`\n", left);
    }
}

static void append_warnings(const struct account *account, struct text *out) {
    for (size_t i = 0; i < account->warning_count && i < MAX_WARNINGS; i++) {
        text_append_string(out, i == 0 ? "warnings\n  " : "  ");
        text_append(out, account->warnings[i].key);
        text_append_string(out, ": ");
        text_append(out, account->warnings[i].text);
        text_append_char(out, '\n');
    }
    if (account->warning_count > MAX_WARNINGS) {
        text_append_format(out, "  and %zu further: see `rowpost status --json`\n",
                           account->warning_count - MAX_WARNINGS);
    }
}

void account_append_text(const struct account *account, enum report_colours colours,
                         struct text *out) {
    const struct palette *palette = &palettes[colours];
    for (size_t i = 0; i < account->kind_count; i++) {
        text_append_string(out, palette->strong);
        text_append(out, account->kinds[i].name);
        text_append_string(out, palette->end);
        text_append_char(out, '\n');
        append_queries(account, i, out);
        append_states(&account->kinds[i], palette, out);
        append_verdicts(&account->kinds[i], palette, out);
        append_people(account, i, out);
        append_corrections(account, i, out);
    }
    append_warnings(account, out);
}

void account_append_delivery(const struct account *account, enum report_colours colours,
                             struct text *out) {
    const struct palette *palette = &palettes[colours];
    for (size_t i = 0; i < account->kind_count; i++) {
        text_append_string(out, palette->strong);
        text_append(out, account->kinds[i].name);
        text_append_string(out, palette->end);
        text_append_char(out, '\n');
        append_states(&account->kinds[i], palette, out);
        append_verdicts(&account->kinds[i], palette, out);
    }
}

int account_write_text(const struct report *report, struct error *error) {
    struct account account;
    struct text out = {0};
    if (account_load(report->workspace, &account, error) != 0) {
        return -1;
    }
    account_append_text(&account, REPORT_PLAIN, &out);
    account_free(&account);
    int rc = report_flush(report, &out, error);
    text_free(&out);
    return rc;
}
