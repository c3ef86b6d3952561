#include "catalog.h"

#include <string.h>

enum { BLOCKS = 11 };

struct block {
    const char *category;
    const char *subcategory;
    size_t count;
    const char *const *kinds;
};

static const char *const reconstruction[] = {
    "SUMMARY",  "CSC", "TAU",  "TRACKING", "BTAG",   "JET", "ECAL",  "RPC", "PHOTON", "MUON", "MET",
    "ELECTRON", "TK",  "HCAL", "DT",       "CASTOR", "L1",  "HGCAL", "GEM", "MTD",    "PPS",  "PF",
};
static const char *const hlt[] = {
    "SUMMARY", "TAU",  "JET",      "HIGGS", "TOP", "MUON", "PHOTON", "MET", "ELECTRON",
    "EXOTICA", "SUSY", "TRACKING", "BTAG",  "SMP", "FWD",  "B",      "HIN", "B2G",
};
static const char *const pags[] = {
    "SUMMARY", "B2G", "B", "HIGGS", "FWD", "TOP", "SMP", "EXOTICA", "SUSY", "HIN",
};
static const char *const heavy_ions[] = {
    "SUMMARY", "TRACKING", "ELECTRON", "PHOTON", "MUON", "JET",
};
static const char *const generators[] = {"SUMMARY", "GEN"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct block blocks[BLOCKS] = {
    {"Reconstruction", "Data", COUNT(reconstruction), reconstruction},
    {"Reconstruction", "FullSim", COUNT(reconstruction), reconstruction},
    {"Reconstruction", "FastSim", COUNT(reconstruction), reconstruction},
    {"HLT", "Data", COUNT(hlt), hlt},
    {"HLT", "FullSim", COUNT(hlt), hlt},
    {"PAGs", "Data", COUNT(pags), pags},
    {"PAGs", "FullSim", COUNT(pags), pags},
    {"PAGs", "FastSim", COUNT(pags), pags},
    {"IN", "Data", COUNT(heavy_ions), heavy_ions},
    {"IN", "FullSim", COUNT(heavy_ions), heavy_ions},
    {"GEN", "Gen", COUNT(generators), generators},
};

_Static_assert(3 * COUNT(reconstruction) + 2 * COUNT(hlt) + 3 * COUNT(pags) +
                       2 * COUNT(heavy_ions) + COUNT(generators) ==
                   CATALOG_CELLS,
               "the header tells how many cells the blocks hold");

/* A status stands as often as it shall be frequent. */
static const char *const statuses[] = {
    "OK",
    "OK",
    "OK",
    "OK",
    "OK",
    "OK",
    "OK",
    "OK",
    "OK",
    "OK",
    " OK ",
    "OK TO BE SIGNED-OFF BY THE VALIDATORS",
    "OK TO BE SIGNED-OFF BY THE VALIDATORS",
    "NOT YET DONE",
    "NOT YET DONE",
    "NOT YET DONE",
    "CHANGES EXPECTED",
    "CHANGES EXPECTED",
    "IN PROGRESS",
    "IN PROGRESS",
    "KNOWN ISSUE",
    "KNOWN ISSUE",
    "KNOWN ISSUE  ",
    "FAILURE",
    "FAILURE",
};

struct spelling {
    const char *upper;
    const char *other;
};

static const struct spelling spellings[] = {
    {"JET", "jet"},   {"MUON", "muon"},       {"PHOTON", "photon"}, {"ECAL", "Ecal"},
    {"HCAL", "Hcal"}, {"BTAG", "bTag"},       {"HIGGS", "Higgs"},   {"TOP", "Top"},
    {"SUSY", "susy"}, {"EXOTICA", "Exotica"},
};

void catalog_shuffle_cells(struct random *random, struct catalog_cell cells[CATALOG_CELLS]) {
    size_t order[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        order[i] = i;
    }
    for (size_t i = BLOCKS - 1; i > 0; i--) {
        size_t j = random_below(random, i + 1);
        size_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    size_t filled = 0;
    for (size_t i = 0; i < BLOCKS; i++) {
        const struct block *block = &blocks[order[i]];
        for (size_t k = 0; k < block->count; k++) {
            cells[filled++] =
                (struct catalog_cell){block->category, block->subcategory, block->kinds[k]};
        }
    }
}

struct catalog_cell catalog_pick_group(struct random *random) {
    const struct block *block = &blocks[random_below(random, BLOCKS)];
    size_t kind = 1 + random_below(random, block->count - 1);
    return (struct catalog_cell){block->category, block->subcategory, block->kinds[kind]};
}

const char *catalog_pick_status(struct random *random) {
    return statuses[random_below(random, COUNT(statuses))];
}

const char *catalog_respell_kind(const char *kind) {
    for (size_t i = 0; i < COUNT(spellings); i++) {
        if (strcmp(spellings[i].upper, kind) == 0) {
            return spellings[i].other;
        }
    }
    return kind;
}
