#include "valdb/tokens.h"

#include "valdb/corrections.h"

#define NEEDS(correction) (1u << (correction))

struct known_word {
    const char *upper; /* the key */
    int value;
    enum {
        ANY_CASE,  /* the notebook finds it by its upper case */
        AS_SPELLED /* the notebook knows it only in this very spelling */
    } spelling;
    unsigned corrections; /* that it takes in any spelling */
};

enum category { RECONSTRUCTION, HLT, PAGS, HIN, GEN };
enum subcategory { DATA, FASTSIM, FULLSIM, GENERATED };

static const char *const category_names[CATEGORY_COUNT] = {"Reconstruction", "HLT", "PAGs", "HIN",
                                                           "GEN"};
static const char *const subcategory_names[SUBCATEGORY_COUNT] = {"Data", "FastSim", "FullSim",
                                                                 "Gen"};

static const struct known_word categories[] = {
    {"RECONSTRUCTION", RECONSTRUCTION, ANY_CASE, 0},
    {"HLT", HLT, ANY_CASE, 0},
    {"PAGS", PAGS, ANY_CASE, 0},
    {"HIN", HIN, ANY_CASE, 0},
    {"GEN", GEN, ANY_CASE, 0},
    {"IN", HIN, AS_SPELLED, 0},
};

static const struct known_word subcategories[] = {
    {"DATA", DATA, ANY_CASE, 0},
    {"FASTSIM", FASTSIM, ANY_CASE, 0},
    {"FULLSIM", FULLSIM, ANY_CASE, 0},
    {"GEN", GENERATED, ANY_CASE, 0},
};

#define UNDER(category) (1u << (category))

/* Each group and the categories under which ValDB2 lists it. */
static const struct group {
    const char *name;
    unsigned categories;
} groups[GROUP_COUNT] = {
    {"Tracker", UNDER(RECONSTRUCTION)},
    {"Ecal", UNDER(RECONSTRUCTION)},
    {"HGcal", UNDER(RECONSTRUCTION)},
    {"Hcal", UNDER(RECONSTRUCTION)},
    {"CASTOR", UNDER(RECONSTRUCTION)},
    {"DT", UNDER(RECONSTRUCTION)},
    {"CSC", UNDER(RECONSTRUCTION)},
    {"RPC", UNDER(RECONSTRUCTION)},
    {"GEM", UNDER(RECONSTRUCTION)},
    {"MTD", UNDER(RECONSTRUCTION)},
    {"PPS", UNDER(RECONSTRUCTION)},
    {"L1", UNDER(RECONSTRUCTION)},
    {"Tracking", UNDER(RECONSTRUCTION) | UNDER(HLT) | UNDER(HIN)},
    {"Electron", UNDER(RECONSTRUCTION) | UNDER(HLT) | UNDER(HIN)},
    {"Photon", UNDER(RECONSTRUCTION) | UNDER(HLT) | UNDER(HIN)},
    {"Muon", UNDER(RECONSTRUCTION) | UNDER(HLT) | UNDER(HIN)},
    {"Jet", UNDER(RECONSTRUCTION) | UNDER(HLT) | UNDER(HIN)},
    {"MET", UNDER(RECONSTRUCTION) | UNDER(HLT)},
    {"bTag", UNDER(RECONSTRUCTION) | UNDER(HLT)},
    {"Tau", UNDER(RECONSTRUCTION) | UNDER(HLT)},
    {"PF", UNDER(RECONSTRUCTION)},
    {"SMP", UNDER(HLT) | UNDER(PAGS)},
    {"Higgs", UNDER(HLT) | UNDER(PAGS)},
    {"Top", UNDER(HLT) | UNDER(PAGS)},
    {"Susy", UNDER(HLT) | UNDER(PAGS)},
    {"Exotica", UNDER(HLT) | UNDER(PAGS)},
    {"B2G", UNDER(HLT) | UNDER(PAGS)},
    {"B", UNDER(HLT) | UNDER(PAGS)},
    {"Fwd", UNDER(HLT) | UNDER(PAGS)},
    {"HIN", UNDER(HLT) | UNDER(PAGS)},
    {"GEN", UNDER(GEN)},
};

enum { GROUP_TRACKER = 0 };

/* The words that mean a group in addition to its name. */
static const struct known_word right_words[] = {
    {"TK", GROUP_TRACKER, AS_SPELLED, 0},
    {"SUMMARY", GROUP_SUMMARY, ANY_CASE, NEEDS(CORRECTION_SUMMARY_KEPT)},
};

static const struct known_word report_words[] = {
    {"TK", GROUP_TRACKER, ANY_CASE, NEEDS(CORRECTION_TRACKER_KEPT)},
    {"SUMMARY", GROUP_SUMMARY, ANY_CASE, NEEDS(CORRECTION_SUMMARY_KEPT)},
};

/* The subcategories that ValDB2 has under a category. */
static const unsigned listed_subcategories[CATEGORY_COUNT] = {
    [RECONSTRUCTION] = UNDER(DATA) | UNDER(FASTSIM) | UNDER(FULLSIM),
    [HLT] = UNDER(DATA) | UNDER(FULLSIM),
    [PAGS] = UNDER(DATA) | UNDER(FASTSIM) | UNDER(FULLSIM),
    [HIN] = UNDER(DATA) | UNDER(FULLSIM),
    [GEN] = UNDER(GENERATED),
};

static const struct known_word statuses[] = {
    {"OK", 1, AS_SPELLED, 0},
    {"OK TO BE SIGNED-OFF BY THE VALIDATORS", 1, AS_SPELLED, 0},
    {"NOT YET DONE", STATUS_NOT_YET_DONE, AS_SPELLED, 0},
    {"FAILURE", 3, AS_SPELLED, 0},
    {"FAILURE TO BE SIGNED-OFF BY THE VALIDATORS", 3, AS_SPELLED,
     NEEDS(CORRECTION_STATUS_SIGNOFF_FAILURE)},
    {"CHANGES EXPECTED", 4, AS_SPELLED, 0},
    {"IN PROGRESS", 5, AS_SPELLED, 0},
    {"KNOWN ISSUE", 6, AS_SPELLED, 0},
};

#define STATUSES_AFTER(failure)                                                                    \
    "OK, OK TO BE SIGNED-OFF BY THE VALIDATORS, NOT YET DONE, FAILURE, " failure                   \
    "CHANGES EXPECTED, IN PROGRESS, KNOWN ISSUE"

#define WORDS(words_of) .words = (words_of), .count = sizeof(words_of) / sizeof *(words_of)
#define EXPECTED(text) .expected = {[RULES_CORRECTED] = (text), [RULES_NOTEBOOK] = (text)}

static const struct {
    const struct known_word *words;
    size_t count;
    bool has_groups; /* the names of groups, too */
    bool is_trimmed; /* the notebook strips blanks itself */
    const char *noun, *column;
    const char *expected[2]; /* by rule set */
} lists[TOKEN_LIST_COUNT] = {
    [TOKENS_CATEGORY] = {WORDS(categories), .noun = "category", .column = "category",
                         EXPECTED("Reconstruction, HLT, PAGs, HIN (or IN), GEN")},
    [TOKENS_SUBCATEGORY] = {WORDS(subcategories), .noun = "subcategory", .column = "subcategory",
                            EXPECTED("Data, FastSim, FullSim, Gen")},
    [TOKENS_RIGHT_GROUP] = {WORDS(right_words), .has_groups = true, .noun = "group",
                            .column = "status kind", EXPECTED("ValDB's groups, such as TAU")},
    [TOKENS_REPORT_GROUP] = {WORDS(report_words), .has_groups = true, .noun = "group",
                             .column = "status kind", EXPECTED("ValDB's groups, such as TAU")},
    [TOKENS_STATUS] = {WORDS(statuses), .is_trimmed = true, .noun = "status", .column = "status",
                       .expected = {[RULES_CORRECTED] = STATUSES_AFTER(
                                        "FAILURE TO BE SIGNED-OFF BY THE VALIDATORS, "),
                                    [RULES_NOTEBOOK] = STATUSES_AFTER("")}},
};

static bool equals(struct span word, const char *upper) {
    /* Most comparisons end at the first letter. */
    return word.length > 0 && (word.data[0] & ~0x20) == (upper[0] & ~0x20) &&
           span_equal_ignoring_ascii_case(word, span_of(upper));
}

/* A word as it is in the source, and without the blanks at its ends. */
struct word {
    struct span raw;
    struct span trimmed;
};

static bool match_word(const struct word *word, const struct known_word *known, enum rule_set rules,
                       struct token *found) {
    if (!equals(word->trimmed, known->upper)) {
        return false;
    }
    bool is_as_notebook =
        word->raw.length == word->trimmed.length &&
        (known->spelling == ANY_CASE || span_equal_string(word->raw, known->upper));
    *found = (struct token){.value = known->value,
                            .corrections = known->corrections |
                                           (is_as_notebook ? 0 : NEEDS(CORRECTION_TOKENS_FOLDED))};
    return rules == RULES_CORRECTED || found->corrections == 0;
}

bool token_find(enum token_list list, struct span raw, enum rule_set rules, struct token *found) {
    const struct span trimmed = span_trim(raw);
    const struct word word = {lists[list].is_trimmed ? trimmed : raw, trimmed};
    for (size_t i = 0; i < lists[list].count; i++) {
        if (match_word(&word, &lists[list].words[i], rules, found)) {
            return true;
        }
    }
    for (int i = 0; lists[list].has_groups && i < GROUP_COUNT; i++) {
        const struct known_word known = {groups[i].name, i, ANY_CASE, 0};
        if (match_word(&word, &known, rules, found)) {
            return true;
        }
    }
    return false;
}

void token_explain_unknown(enum token_list list, struct span word, enum rule_set rules,
                           struct text *reason) {
    text_clear(reason);
    if (span_is_empty(word)) {
        text_append_format(reason, "no %s", lists[list].column);
    } else {
        text_append_format(reason, "unknown %s \"", lists[list].noun);
        text_append(reason, word);
        text_append_char(reason, '"');
    }
    text_append_format(reason, "; expected one of %s", lists[list].expected[rules]);
}

const char *token_status_name(int code) {
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i].value == code) {
            return statuses[i].upper;
        }
    }
    return NULL;
}

void token_append_group_id(struct text *out, struct group_id id, const struct alias *aliases,
                           size_t alias_count) {
    text_append_string(out, category_names[id.category]);
    text_append_char(out, '.');
    text_append_string(out, subcategory_names[id.subcategory]);
    if (id.group >= GROUP_COUNT) {
        return;
    }
    struct span name = span_of(groups[id.group].name);
    for (size_t i = 0; i < alias_count; i++) {
        if (span_equal_ignoring_ascii_case(aliases[i].from, name)) {
            name = aliases[i].to;
            break;
        }
    }
    text_append_char(out, '.');
    text_append(out, name);
}

bool token_target_lists(struct group_id id) {
    if ((listed_subcategories[id.category] & UNDER(id.subcategory)) == 0) {
        return false;
    }
    return id.group >= GROUP_COUNT || (groups[id.group].categories & UNDER(id.category)) != 0;
}

bool token_is_group_name(struct span name) {
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        if (span_equal_ignoring_ascii_case(span_of(groups[i].name), name)) {
            return true;
        }
    }
    return false;
}
