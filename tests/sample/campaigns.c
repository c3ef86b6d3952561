#include "campaigns.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "texts.h"

enum { NAME_SIZE = 64, RELMON_SIZE = 160, WAITING = 128, DAY = 86400 };

/* Campaigns begin between these: January 2012 and December 2022. */
static const int64_t first_start = INT64_C(1325462400);
static const int64_t last_start = INT64_C(1671000000);

/* The campaigns of one release, in the order of time. */
struct variant {
    const char *name;
    const char *release;
    const char *before;
};

static const struct variant variants[] = {
    {"_pre1", "_pre1", "_pre0"},
    {"_pre2", "_pre2", "_pre1"},
    {"_pre3", "_pre3", "_pre2"},
    {"_pre3 high pile-up", "_pre3", "_pre1"},
    {"", "", "_pre3"},
    {"_patch1", "_patch1", ""},
    {"_cand2_Upgrade", "_cand2", ""},
    {"_HeavyIon", "_patch1", ""},
};

enum { VARIANTS = sizeof variants / sizeof variants[0], PATCHES = 5, MINORS = 10, OLDEST = 5 };

/* How many releases (major, minor, patch) the names are spread over, at least. */
enum { SPREAD = 467 };

struct campaign {
    size_t number;
    int64_t start;
    char name[NAME_SIZE];
    char target[NAME_SIZE];
    char reference[NAME_SIZE];
};

/* One group of one campaign, and which of its versions is the newest. */
struct report {
    struct campaign campaign;
    struct catalog_cell cell;
    size_t place; /* within the campaign */
    int versions;
};

struct writer {
    const struct campaigns_order *order;
    struct legacy *legacy;
    struct error *error;
    struct random queue;
    size_t waiting_count;
    struct report waiting[WAITING]; /* rows that will be rewritten later */
};

static struct campaign make_campaign(const struct campaigns_order *order, size_t number) {
    struct campaign campaign = {.number = number};
    struct random random = random_start(order->seed, RANDOM_CAMPAIGN, number, 0);
    size_t releases = (order->campaigns + VARIANTS - 1) / VARIANTS;
    size_t stride = releases < SPREAD ? SPREAD / releases : 1;
    size_t release = number / VARIANTS * stride;
    size_t major = OLDEST + release / ((size_t)MINORS * PATCHES);
    size_t minor = release / PATCHES % MINORS;
    size_t patch = release % PATCHES;
    const struct variant *variant = &variants[number % VARIANTS];
    snprintf(campaign.name, NAME_SIZE, "%zu_%zu_%zu%s", major, minor, patch, variant->name);
    snprintf(campaign.target, NAME_SIZE, "%zu_%zu_%zu%s", major, minor, patch, variant->release);
    snprintf(campaign.reference, NAME_SIZE, "%zu_%zu_%zu%s", major, minor, patch, variant->before);

    int64_t span = last_start - first_start;
    campaign.start = first_start + span / (int64_t)order->campaigns * (int64_t)number +
                     (int64_t)random_below(&random, UINT64_C(10) * DAY);
    return campaign;
}

/* The address of the comparison, blanks percent-encoded. */
static void make_relmon(const struct report *report, char buffer[RELMON_SIZE]) {
    char name[3 * NAME_SIZE];
    size_t length = 0;
    for (const char *byte = report->campaign.name; *byte != '\0'; byte++) {
        if (*byte == ' ') {
            memcpy(name + length, "%20", 3);
            length += 3;
        } else {
            name[length++] = *byte;
        }
    }
    name[length] = '\0';
    snprintf(buffer, RELMON_SIZE, "https://relmon.example/%.90s/%s_%s", name, report->cell.category,
             report->cell.subcategory);
}

/* The first version falls into the campaign's three weeks, the others follow at equal steps. */
static int64_t date_of(const struct report *report, int version, uint64_t seed) {
    struct random random = random_start(seed, RANDOM_ROW, report->campaign.number, report->place);
    int64_t first = report->campaign.start + (int64_t)random_below(&random, UINT64_C(21) * DAY);
    return first +
           (version - 1) * (INT64_C(2) * DAY + (int64_t)random_below(&random, UINT64_C(3) * DAY));
}

/* Every sixth version repeats the texts and the status of the one before it. */
static int content_version(const struct report *report, int version) {
    bool repeats = version > 1 && (report->place + (size_t)version) % 6 == 0;
    return repeats ? version - 1 : version;
}

/* The texts of one version; the row points into them. */
struct content {
    char comments[TEXTS_SIZE];
    char links[TEXTS_SIZE];
    char author[PEOPLE_NAME_SIZE];
    char relmon[RELMON_SIZE];
};

static void fill_content(const struct campaigns_order *order, const struct report *report,
                         int version, struct content *content, struct legacy_row *row) {
    const struct campaign *campaign = &report->campaign;
    uint64_t place = (uint64_t)report->place << 8 | (uint64_t)content_version(report, version);
    struct random random = random_start(order->seed, RANDOM_VERSION, campaign->number, place);
    bool summary = strcmp(report->cell.kind, "SUMMARY") == 0 && random_chance(&random, 80);
    row->validation_status = catalog_pick_status(&random);
    row->comments = summary ? texts_make_summary(&random, campaign->target, campaign->reference,
                                                 content->comments)
                            : texts_make_comments(&random, content->comments);
    row->links = texts_make_links(&random, content->links);
    row->user_name = people_pick_author(&order->crowd, &random, content->author);
    make_relmon(report, content->relmon);
    row->relmon_url = content->relmon;
}

/* Writes one version of a report; only the newest goes into the tables of today. A version takes
 * its id even where it is not kept, so that the ids do not depend on the history. */
static int write_version(struct writer *writer, const struct report *report, int version) {
    bool newest = version == report->versions;
    int64_t id = legacy_take_id(writer->legacy);
    if (!newest && !legacy_keeps_history(writer->legacy)) {
        return 0;
    }
    struct legacy_row row = {
        .id = id,
        .category = report->cell.category,
        .subcategory = report->cell.subcategory,
        .release_name = report->campaign.name,
        .version = version,
        .date = date_of(report, version, writer->order->seed),
        .status_kind = report->cell.kind,
    };
    struct content content;
    fill_content(writer->order, report, version, &content, &row);
    return newest ? legacy_add_row(writer->legacy, &row, writer->error)
                  : legacy_add_earlier(writer->legacy, &row, writer->error);
}

/* Puts the newest version of a report off; the report that has to make room is rewritten now. */
static int postpone(struct writer *writer, const struct report *report) {
    if (writer->waiting_count < WAITING) {
        writer->waiting[writer->waiting_count++] = *report;
        return 0;
    }
    struct report *slot = &writer->waiting[random_below(&writer->queue, WAITING)];
    struct report ready = *slot;
    *slot = *report;
    return write_version(writer, &ready, ready.versions);
}

static int write_report(struct writer *writer, struct report *report) {
    struct random random = random_start(writer->order->seed, RANDOM_ROW, report->campaign.number,
                                        report->place + CATALOG_CELLS);
    bool later = random_chance(&random, 10);
    size_t drawn = random_below(&random, 10);
    report->versions = 1 + (drawn > 6) + (drawn > 7) + (drawn > 8) + later;
    if (random_chance(&random, 4)) {
        report->cell.kind = catalog_respell_kind(report->cell.kind);
    }
    for (int version = 1; version < report->versions; version++) {
        if (write_version(writer, report, version) != 0) {
            return -1;
        }
    }
    return later ? postpone(writer, report) : write_version(writer, report, report->versions);
}

static int write_campaign(struct writer *writer, size_t number, size_t rows) {
    struct catalog_cell cells[CATALOG_CELLS];
    struct report report = {.campaign = make_campaign(writer->order, number)};
    struct random random = random_start(writer->order->seed, RANDOM_CAMPAIGN, number, 1);
    catalog_shuffle_cells(&random, cells);
    for (size_t place = 0; place < rows; place++) {
        report.cell = cells[place];
        report.place = place;
        if (write_report(writer, &report) != 0) {
            return -1;
        }
    }
    return 0;
}

static int write_waiting(struct writer *writer) {
    for (size_t i = 0; i < writer->waiting_count; i++) {
        const struct report *report = &writer->waiting[i];
        if (write_version(writer, report, report->versions) != 0) {
            return -1;
        }
    }
    return 0;
}

int campaigns_write(const struct campaigns_order *order, struct legacy *legacy,
                    struct error *error) {
    struct writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return error_set_no_memory(error);
    }
    int rc = -1;
    writer->order = order;
    writer->legacy = legacy;
    writer->error = error;
    writer->queue = random_start(order->seed, RANDOM_QUEUE, 0, 0);
    size_t written = 0;
    for (size_t number = 0; number < order->campaigns; number++) {
        size_t until = order->rows * (number + 1) / order->campaigns;
        if (write_campaign(writer, number, until - written) != 0) {
            goto out;
        }
        written = until;
    }
    rc = write_waiting(writer);
out:
    free(writer);
    return rc;
}
