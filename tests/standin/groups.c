#include "groups.h"

#include <string.h>

static const char *const reconstruction[] = {
    "Tracker", "Ecal", "HGcal", "Hcal", "CASTOR", "DT",       "CSC",
    "RPC",     "GEM",  "MTD",   "PPS",  "L1",     "Tracking", "Electron",
    "Photon",  "Muon", "Jet",   "MET",  "bTag",   "Tau",      "PF"};

static const char *const hlt[][17] = {
    [GROUPS_LEGACY] = {"Tracking", "Electron", "Photon", "Muon", "Jet", "MET", "bTag", "Tau", "SMP",
                       "Higgs", "Top", "Susy", "Exotica", "B2G", "B", "Fwd", "HIN"},
    [GROUPS_CURRENT] = {"Tracking", "Electron", "Photon", "Muon", "Jet", "MET", "bTag", "Tau",
                        "SMP", "Higgs", "Top", "NPS", "Exotica", "B2G", "B", "Fwd", "HIN"},
};

static const char *const pags[][9] = {
    [GROUPS_LEGACY] = {"SMP", "Higgs", "Top", "Susy", "Exotica", "B2G", "B", "Fwd", "HIN"},
    [GROUPS_CURRENT] = {"SMP", "Higgs", "Top", "NPS", "Exotica", "B2G", "B", "Fwd", "HIN"},
};

static const char *const hin[] = {"Tracking", "Electron", "Photon", "Muon", "Jet"};
static const char *const gen[] = {"GEN"};

struct subcategory {
    const char *category;
    const char *name;
    struct group_list list[2];
};

#define LIST(names)                                                                                \
    { (names), (int)(sizeof(names) / sizeof((names)[0])) }
#define SAME(names)                                                                                \
    { LIST(names), LIST(names) }
#define EITHER(names)                                                                              \
    { LIST((names)[GROUPS_LEGACY]), LIST((names)[GROUPS_CURRENT]) }

static const struct subcategory subcategories[] = {
    {"Reconstruction", "Data", SAME(reconstruction)},
    {"Reconstruction", "FastSim", SAME(reconstruction)},
    {"Reconstruction", "FullSim", SAME(reconstruction)},
    {"HLT", "Data", EITHER(hlt)},
    {"HLT", "FullSim", EITHER(hlt)},
    {"PAGs", "Data", EITHER(pags)},
    {"PAGs", "FastSim", EITHER(pags)},
    {"PAGs", "FullSim", EITHER(pags)},
    {"HIN", "Data", SAME(hin)},
    {"HIN", "FullSim", SAME(hin)},
    {"GEN", "Gen", SAME(gen)},
};

enum { SUBCATEGORIES = sizeof subcategories / sizeof subcategories[0] };

enum groups_found groups_find(enum groups edition, const char *category, const char *subcategory,
                              struct group_list *list) {
    enum groups_found found = GROUPS_NO_CATEGORY;
    for (int i = 0; i < SUBCATEGORIES; i++) {
        if (strcmp(subcategories[i].category, category) != 0) {
            continue;
        }
        if (strcmp(subcategories[i].name, subcategory) == 0) {
            *list = subcategories[i].list[edition];
            return GROUPS_FOUND;
        }
        found = GROUPS_NO_SUBCATEGORY;
    }
    return found;
}

json_t *groups_all(enum groups edition) {
    json_t *all = json_array();
    for (int i = 0; i < SUBCATEGORIES; i++) {
        const struct subcategory *subcategory = &subcategories[i];
        struct group_list list = subcategory->list[edition];
        for (int g = 0; g < list.count; g++) {
            json_array_append_new(all, json_sprintf("%s.%s.%s", subcategory->category,
                                                    subcategory->name, list.names[g]));
        }
    }
    return all;
}
