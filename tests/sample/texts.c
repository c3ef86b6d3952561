#include "texts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PICK(random, array) ((array)[random_below((random), sizeof(array) / sizeof((array)[0]))])

static const char *const subjects[] = {
    "The transverse momentum spectrum",
    "The hit multiplicity in the forward region",
    "The number of primary vertices",
    "The track impact parameter",
    "The cluster charge on the inner layers",
    "The isolation sum",
    "The energy response in the barrel",
    "The occupancy of the endcap wheels",
    "The timing of the first samples",
    "The efficiency against pseudorapidity",
    "The fake rate at low momentum",
    "The invariant mass peak",
    "The jet energy scale",
    "The missing energy resolution",
    "The trigger turn-on",
};

static const char *const findings[] = {
    "agrees with the reference",
    "is shifted by about 2% with respect to the reference",
    "shows fewer entries in the last bins",
    "fluctuates within the statistics",
    "is slightly wider than before",
    "improves at high pile-up",
    "drops by one per cent in the transition region",
    "is unchanged in all samples",
    "shows an excess in two runs",
    "follows the new calibration constants",
};

static const char *const remarks[] = {
    ".",
    ", as expected from the new conditions.",
    "; to be followed up with more statistics.",
    ". No action is needed.",
    ", which was already seen in the previous release.",
    ". We will come back to it after the next sample.",
    ", only in the sample without pile-up.",
};

/* Characters that a careless program would stumble over. */
static const char *const specials[] = {
    "He said \"fine\" -- and it's fine.",
    "Cuts: pT > 20 GeV && |η| < 2.4; see <b>page 3</b>.",
    "Δφ and χ²/ndf look good, ≤ 1.1 everywhere — naïve fit, préliminaire.",
    "bin\tentries\n1\t1024\n2\t998",
    "* first point\n* second point\n\n1. a _numbered_ one",
    "| run | result |\n|---|---|\n| 1 | `ok` |",
    "# not a heading for us\n    indented by four",
    "A back\\slash, 100 % and a {brace}; SELECT 'x'; --",
    "比較の結果は良好です。",
    "See [the note](https://notes.example/12) &amp; the ~~old~~ plots 🙂",
};

static const char *const prose[] = {
    "see the slides of the last meeting",
    "plots are in the usual place",
    "presented last week, no link yet",
};

/* A buffer that is filled from its beginning; what does not fit is left out. */
struct filling {
    char *text;
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void put(struct filling *filling, const char *format,
                                                      ...) {
    size_t room = TEXTS_SIZE - filling->length;
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(filling->text + filling->length, room, format, arguments);
    va_end(arguments);
    if (wanted < 0 || (size_t)wanted >= room) {
        filling->text[filling->length] = '\0';
        return;
    }
    filling->length += (size_t)wanted;
}

static void put_sentences(struct random *random, struct filling *filling) {
    size_t count = 1 + random_below(random, 4);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            put(filling, "%s", random_chance(random, 25) ? "\n" : " ");
        }
        if (random_chance(random, 8)) {
            put(filling, "%s", PICK(random, specials));
            continue;
        }
        put(filling, "%s ", PICK(random, subjects));
        put(filling, "%s", PICK(random, findings));
        put(filling, "%s", PICK(random, remarks));
    }
}

const char *texts_make_comments(struct random *random, char buffer[TEXTS_SIZE]) {
    struct filling filling = {buffer, 0};
    buffer[0] = '\0';
    size_t kind = random_below(random, 100);
    if (kind < 12) {
        return NULL;
    }
    if (kind >= 16) {
        put_sentences(random, &filling);
    }
    return buffer;
}

const char *texts_make_summary(struct random *random, const char *target, const char *reference,
                               char buffer[TEXTS_SIZE]) {
    struct filling filling = {buffer, 0};
    put(&filling, "Target: %s-conditions_v%zu\n", target, 1 + random_below(random, 9));
    put(&filling, "Reference: %s-conditions_v%zu\n", reference, 1 + random_below(random, 9));
    put_sentences(random, &filling);
    return buffer;
}

static void put_address(struct random *random, struct filling *filling) {
    size_t kind = random_below(random, 3);
    size_t number = random_below(random, 100000);
    if (kind == 0) {
        put(filling, "https://plots.example/dqm?run=%zu;dataset=ZeroBias;w=%zu", 300000 + number,
            random_below(random, 30));
    } else if (kind == 1) {
        put(filling, "https://talks.example/event/%zu/contributions/%zu/slides.pdf", number,
            random_below(random, 40));
    } else {
        put(filling, "http://www.site.example/~group/validation/%zu/index.html#top", number);
    }
}

static void put_bare(struct random *random, struct filling *filling) {
    size_t count = 1 + random_below(random, 4);
    for (size_t i = 0; i < count; i++) {
        put(filling, "%s", i > 0 ? " " : "");
        put_address(random, filling);
    }
}

static void put_numbered(struct random *random, struct filling *filling) {
    size_t count = 1 + random_below(random, 4);
    size_t part = random_below(random, 3);
    for (size_t i = 1; i <= count; i++) {
        put(filling, "%s[%zu", i > 1 ? "\n" : "", i);
        if (part > 0) {
            put(filling, ".%zu", part);
        }
        put(filling, "] ");
        put_address(random, filling);
    }
}

static void put_remark(struct random *random, struct filling *filling) {
    put(filling, "%s", PICK(random, prose));
}

static void put_remark_with_address(struct random *random, struct filling *filling) {
    put(filling, "Slides: <");
    put_address(random, filling);
    put(filling, ">, and the <a href=\"");
    put_address(random, filling);
    put(filling, "\">plots</a>");
}

struct form {
    unsigned percent;
    void (*put)(struct random *random, struct filling *filling);
};

/* What is left of the hundred is null. */
static const struct form forms[] = {
    {32, put_bare}, {26, put_numbered}, {6, put_remark}, {8, put_remark_with_address}, {3, NULL},
};

const char *texts_make_links(struct random *random, char buffer[TEXTS_SIZE]) {
    struct filling filling = {buffer, 0};
    buffer[0] = '\0';
    size_t drawn = random_below(random, 100);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (drawn >= forms[i].percent) {
            drawn -= forms[i].percent;
            continue;
        }
        if (forms[i].put != NULL) {
            forms[i].put(random, &filling);
        }
        return buffer;
    }
    return NULL;
}
