#include "valdb/tokens.h"

#include <strings.h>

struct token {
    const char *upper; /* the key */
    unsigned char value;
    bool is_synonym; /* the notebook knows it in this very spelling alone */
};

enum category { RECONSTRUCTION, HLT, PAGS, HIN, GEN };
enum subcategory { DATA, FASTSIM, FULLSIM, GENERATED };

static const char *const category_names[CATEGORY_COUNT] = {"Reconstruction", "HLT", "PAGs", "HIN",
                                                           "GEN"};
static const char *const subcategory_names[SUBCATEGORY_COUNT] = {"Data", "FastSim", "FullSim",
                                                                 "Gen"};

static const struct token categories[] = {
    {"RECONSTRUCTION", RECONSTRUCTION, false},
    {"HLT", HLT, false},
    {"PAGS", PAGS, false},
    {"HIN", HIN, false},
    {"GEN", GEN, false},
    {"IN", HIN, true},
};

static const struct token subcategories[] = {
    {"DATA", DATA, false},
    {"FASTSIM", FASTSIM, false},
    {"FULLSIM", FULLSIM, false},
    {"GEN", GENERATED, false},
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

/* The subcategories that ValDB2 has under a category. */
static const unsigned listed_subcategories[CATEGORY_COUNT] = {
    [RECONSTRUCTION] = UNDER(DATA) | UNDER(FASTSIM) | UNDER(FULLSIM),
    [HLT] = UNDER(DATA) | UNDER(FULLSIM),
    [PAGS] = UNDER(DATA) | UNDER(FASTSIM) | UNDER(FULLSIM),
    [HIN] = UNDER(DATA) | UNDER(FULLSIM),
    [GEN] = UNDER(GENERATED),
};

static const struct status {
    const char *upper;
    int code;
    bool is_signoff_failure;
} statuses[] = {
    {"OK", 1, false},
    {"OK TO BE SIGNED-OFF BY THE VALIDATORS", 1, false},
    {"NOT YET DONE", STATUS_NOT_YET_DONE, false},
    {"FAILURE", 3, false},
    {"FAILURE TO BE SIGNED-OFF BY THE VALIDATORS", 3, true},
    {"CHANGES EXPECTED", 4, false},
    {"IN PROGRESS", 5, false},
    {"KNOWN ISSUE", 6, false},
};

static bool equals(struct span word, const char *upper) {
    /* Most comparisons end at the first letter. */
    return word.length > 0 && (word.data[0] & ~0x20) == (upper[0] & ~0x20) &&
           span_equal_ignoring_ascii_case(word, span_of(upper));
}

/* A word as it stands, and without the blanks at its ends. */
struct word {
    struct span raw;
    struct span trimmed;
};

static struct word word_of(struct span raw) {
    return (struct word){.raw = raw, .trimmed = span_trim(raw)};
}

/* The notebook finds names by their upper case alone, and synonyms only as they are spelled. */
static enum token_match match_name(const struct word *word, const char *upper, bool is_synonym,
                                   enum migration_rules rules) {
    if (!equals(word->trimmed, upper)) {
        return TOKEN_UNKNOWN;
    }
    if (word->raw.length == word->trimmed.length &&
        (!is_synonym || span_equal_string(word->raw, upper))) {
        return TOKEN_EXACT;
    }
    return rules == RULES_CORRECTED ? TOKEN_FOLDED : TOKEN_UNKNOWN;
}

static enum token_match find_token(const struct token *tokens, size_t count, struct span raw,
                                   enum migration_rules rules, unsigned char *value) {
    struct word word = word_of(raw);
    for (size_t i = 0; i < count; i++) {
        enum token_match match = match_name(&word, tokens[i].upper, tokens[i].is_synonym, rules);
        if (match != TOKEN_UNKNOWN) {
            *value = tokens[i].value;
            return match;
        }
    }
    return TOKEN_UNKNOWN;
}

enum token_match token_find_category(struct span word, enum migration_rules rules,
                                     unsigned char *category) {
    return find_token(categories, sizeof categories / sizeof *categories, word, rules, category);
}

enum token_match token_find_subcategory(struct span word, enum migration_rules rules,
                                        unsigned char *subcategory) {
    return find_token(subcategories, sizeof subcategories / sizeof *subcategories, word, rules,
                      subcategory);
}

static enum token_match find_group_name(const struct word *word, enum migration_rules rules,
                                        unsigned char *group) {
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        enum token_match match = match_name(word, groups[i].name, false, rules);
        if (match != TOKEN_UNKNOWN) {
            *group = (unsigned char)i;
            return match;
        }
    }
    return TOKEN_UNKNOWN;
}

enum token_match token_find_group(struct span raw, enum migration_rules rules,
                                  unsigned char *group) {
    struct word word = word_of(raw);
    enum token_match match = match_name(&word, "TK", true, rules);
    if (match != TOKEN_UNKNOWN) {
        *group = GROUP_TRACKER;
        return match;
    }
    if (rules == RULES_CORRECTED) {
        match = match_name(&word, "SUMMARY", false, rules);
        if (match != TOKEN_UNKNOWN) {
            *group = GROUP_SUMMARY;
            return match;
        }
    }
    return find_group_name(&word, rules, group);
}

enum token_match token_find_report_group(struct span raw, enum migration_rules rules,
                                         unsigned char *group) {
    if (rules == RULES_NOTEBOOK) {
        struct word word = word_of(raw);
        return find_group_name(&word, rules, group);
    }
    enum token_match match = token_find_group(raw, rules, group);
    return match == TOKEN_FOLDED && equals(raw, "TK") ? TOKEN_EXACT : match;
}

bool token_is_tracker_synonym(struct span word) {
    return equals(span_trim(word), "TK");
}

enum token_match token_find_status(struct span word, enum migration_rules rules, int *code,
                                   bool *is_signoff_failure) {
    struct span trimmed = span_trim(word);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        const struct status *status = &statuses[i];
        if (status->is_signoff_failure && rules == RULES_NOTEBOOK) {
            continue;
        }
        bool is_spelled = span_equal_string(trimmed, status->upper);
        if (is_spelled || (rules == RULES_CORRECTED && equals(trimmed, status->upper))) {
            *code = status->code;
            *is_signoff_failure = status->is_signoff_failure;
            return is_spelled ? TOKEN_EXACT : TOKEN_FOLDED;
        }
    }
    return TOKEN_UNKNOWN;
}

void token_append_group_id(struct text *out, struct group_id id,
                           const struct migration_alias *aliases, size_t alias_count) {
    text_append_string(out, category_names[id.category]);
    text_append_char(out, '.');
    text_append_string(out, subcategory_names[id.subcategory]);
    if (id.group >= GROUP_COUNT) {
        return;
    }
    const char *name = groups[id.group].name;
    for (size_t i = 0; i < alias_count; i++) {
        if (strcasecmp(aliases[i].from, name) == 0) {
            name = aliases[i].to;
            break;
        }
    }
    text_append_char(out, '.');
    text_append_string(out, name);
}

bool token_target_lists(struct group_id id) {
    if ((listed_subcategories[id.category] & UNDER(id.subcategory)) == 0) {
        return false;
    }
    return id.group >= GROUP_COUNT || (groups[id.group].categories & UNDER(id.category)) != 0;
}

bool token_is_group_name(const char *name) {
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        if (strcasecmp(groups[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

const char *token_categories(void) {
    return "Reconstruction, HLT, PAGs, HIN (or IN), GEN";
}

const char *token_subcategories(void) {
    return "Data, FastSim, FullSim, Gen";
}

const char *token_statuses(enum migration_rules rules) {
    return rules == RULES_NOTEBOOK
               ? "OK, OK TO BE SIGNED-OFF BY THE VALIDATORS, NOT YET DONE, FAILURE, CHANGES "
                 "EXPECTED, IN PROGRESS, KNOWN ISSUE"
               : "OK, OK TO BE SIGNED-OFF BY THE VALIDATORS, NOT YET DONE, FAILURE, FAILURE TO BE "
                 "SIGNED-OFF BY THE VALIDATORS, CHANGES EXPECTED, IN PROGRESS, KNOWN ISSUE";
}
