#include "base/date.h"
#include "report/command.h"
#include "report/html_command_private.h"
#include "report/html_sections_private.h"
#include "report/html_time_private.h"

/* What is not done: how often, in words, what to do, and where the page has more. */
enum concern {
    CONCERN_PENDING,
    CONCERN_HANDED_OUT,
    CONCERN_UNCLEAR,
    CONCERN_WAITING,
    CONCERN_REFUSED,
    CONCERN_DIFFERENT,
    CONCERN_DUPLICATE,
    CONCERN_MISSING,
    CONCERN_STRANGER,
    CONCERN_UNREAD,
    CONCERN_REJECTED,
    CONCERN_CHANGED,
    CONCERN_STRANDED,
    CONCERN_COUNT
};

/* What a command is given besides the workspace. */
enum object { OBJECT_NONE, OBJECT_TARGET, OBJECT_PARTS };

static const struct {
    const char *one, *many; /* after the number */
    const char *advice;
    struct html_command command;
    enum object object;
    const char *anchor; /* NULL where there is no more */
} concerns[CONCERN_COUNT] = {
    [CONCERN_PENDING] = {"document has not been sent yet",
                         "documents have not been sent yet",
                         "Run the delivery again; it continues where it stopped.",
                         {"apply", NULL},
                         OBJECT_TARGET,
                         NULL},
    [CONCERN_HANDED_OUT] = {"document is handed out to another workspace",
                            "documents are handed out to other workspaces",
                            "Deliver these parts, and merge them.",
                            {"merge", NULL},
                            OBJECT_PARTS,
                            NULL},
    [CONCERN_UNCLEAR] = {"document may or may not have arrived",
                         "documents may or may not have arrived",
                         "Run the delivery again; it asks the target for them before it sends "
                         "anything.",
                         {"apply", NULL},
                         OBJECT_TARGET,
                         "#unclear"},
    [CONCERN_WAITING] = {"document refers to a record that the target does not have",
                         "documents refer to records that the target does not have",
                         "See what happened to those records; the next delivery tries these again.",
                         {"apply", NULL},
                         OBJECT_TARGET,
                         "#waiting"},
    [CONCERN_REFUSED] = {"document was refused by the target",
                         "documents were refused by the target",
                         "Read the target's answers, fix the cause in the source or on the target, "
                         "plan again, and send these once more.",
                         {"apply", "--retry-refused"},
                         OBJECT_TARGET,
                         "#refused"},
    [CONCERN_DIFFERENT] = {"document is different on the target",
                           "documents are different on the target",
                           "Compare the fields and decide which side is right. Nothing was "
                           "overwritten.",
                           {"findings", NULL},
                           OBJECT_NONE,
                           "#different"},
    [CONCERN_DUPLICATE] =
        {"document is on the target several times",
         "documents are on the target several times",
         "Ask those who run the target to remove all records but one; the ids are "
         "below.",
         {"findings", NULL},
         OBJECT_NONE,
         "#duplicate"},
    [CONCERN_MISSING] = {"document was delivered and is not on the target any more",
                         "documents were delivered and are not on the target any more",
                         "Ask the operators of the target what happened to them.",
                         {"verify", NULL},
                         OBJECT_TARGET,
                         "#missing"},
    [CONCERN_STRANGER] = {"record is new on the target and belongs to no document",
                          "records are new on the target and belong to no document",
                          "Ask those who run the target who made them. A request that was thought "
                          "to be lost may have been carried out late.",
                          {"findings", NULL},
                          OBJECT_NONE,
                          NULL},
    [CONCERN_UNREAD] = {"document is on the target, but was not read back to compare it",
                        "documents are on the target, but were not read back to compare them",
                        "Read them back now.",
                        {"verify", NULL},
                        OBJECT_TARGET,
                        NULL},
    [CONCERN_REJECTED] = {"source row could not be understood and is in no document",
                          "source rows could not be understood and are in no document",
                          "Look at the reasons. Rows of documents that were not delivered can "
                          "be fixed in the source before you plan again; or plan with "
                          "--accept-rejects, which accepts them.",
                          {"rejects", NULL},
                          OBJECT_NONE,
                          "#rejected"},
    [CONCERN_CHANGED] = {"document is planned differently now than it was sent",
                         "documents are planned differently now than they were sent",
                         "The target has what was sent. Decide whether that is good enough.",
                         {"report", "-o documents.csv"},
                         OBJECT_NONE,
                         "#changed"},
    [CONCERN_STRANDED] = {"document was delivered, or may have arrived, and is planned no more",
                          "documents were delivered, or may have arrived, and are planned no more",
                          "The target has it still. Decide whether it should.",
                          {"report", "-o documents.csv"},
                          OBJECT_NONE,
                          "#stranded"},
};

static const enum concern concern_of[STANDING_COUNT] = {
    [STANDING_PENDING] = CONCERN_PENDING,   [STANDING_HANDED_OUT] = CONCERN_HANDED_OUT,
    [STANDING_WAITING] = CONCERN_WAITING,   [STANDING_UNCLEAR] = CONCERN_UNCLEAR,
    [STANDING_REFUSED] = CONCERN_REFUSED,   [STANDING_DIFFERENT] = CONCERN_DIFFERENT,
    [STANDING_ALTERED] = CONCERN_DIFFERENT, [STANDING_DUPLICATE] = CONCERN_DUPLICATE,
    [STANDING_MISSING] = CONCERN_MISSING,   [STANDING_UNREAD] = CONCERN_UNREAD,
    [STANDING_CHANGED] = CONCERN_CHANGED,   [STANDING_STRANDED] = CONCERN_STRANDED,
    [STANDING_EQUAL] = CONCERN_COUNT,       [STANDING_LEFT_OUT] = CONCERN_COUNT,
};

static void count_concerns(const struct summary *summary, int64_t counts[CONCERN_COUNT]) {
    for (size_t i = 0; i < CONCERN_COUNT; i++) {
        counts[i] = 0;
    }
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (concern_of[standing] < CONCERN_COUNT) {
            counts[concern_of[standing]] += summary_count_standing(summary, standing);
        }
    }
    counts[CONCERN_STRANGER] = summary_count_strangers(summary);
    counts[CONCERN_REJECTED] = summary_count_rows(summary, OUTCOME_REJECTED);
}

/* Until when the target may be working on requests whose answers were lost. */
static void write_wait(struct html *html, const struct summary *summary) {
    int64_t last = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        const struct summary_kind *kind = &summary->kinds[i];
        last = kind->unsettled > 0 && kind->settled_at > last ? kind->settled_at : last;
    }
    if (last > date_now()) {
        html_put(html,
                 " The target may still be working on lost requests until {}; until then, a "
                 "missing record may still appear.",
                 html_moment(last));
    }
}

/* Documents of the kind that what is fixed in the source does not reach by itself any more. */
static int64_t count_fixed(const struct summary_kind *kind, enum concern concern) {
    return concern == CONCERN_CHANGED    ? kind->standings[STANDING_CHANGED]
           : concern == CONCERN_REJECTED ? summary_count_sent(kind)
                                         : 0;
}

/* What to do about documents that were delivered, kind by kind: planning again does not change
 * them. */
static void write_advice_for_kinds(struct html *html, const struct summary *summary,
                                   enum concern concern) {
    const struct migration *migration = html->report->migration;
    bool has_any = false;
    for (size_t i = 0; i < summary->kind_count && i < migration->kind_count; i++) {
        if (count_fixed(&summary->kinds[i], concern) == 0) {
            continue;
        }
        html_markup(html, has_any ? "; " : " What was delivered is not sent again: ");
        if (kind_has(&migration->kinds[i], KIND_UPDATE)) {
            html_put(html, "{}: plan again, then ", summary->kinds[i].name);
            html_put_target_command(html, &(struct html_command){"apply", "--update"});
        } else {
            html_put(html, "{}: change them on the target by hand", summary->kinds[i].name);
        }
        has_any = true;
    }
    html_markup(html, has_any ? "." : "");
}

static void write_merge(struct html *html, const struct summary *summary) {
    struct text parts = {0};
    command_append_parts(summary, &parts);
    const char *more = parts.length > 0 ? text_string(&parts) + 1 : NULL; /* without the blank */
    html_put_command(html, &(struct html_command){"merge", more});
    text_free(&parts);
}

static void write_command(struct html *html, const struct summary *summary, enum concern concern) {
    switch (concerns[concern].object) {
    case OBJECT_NONE:
        html_put_command(html, &concerns[concern].command);
        break;
    case OBJECT_TARGET:
        html_put_target_command(html, &concerns[concern].command);
        break;
    case OBJECT_PARTS:
        write_merge(html, summary);
        break;
    }
}

/* Rows that were accepted leave nothing to do. */
static void write_concern(struct html *html, const struct html_content *content,
                          enum concern concern, int64_t count) {
    bool is_accepted = concern == CONCERN_REJECTED && html_has_acceptance(content->summary);
    html_put(html, "<li><strong>{} {}.</strong> ", html_number(count),
             html_plural(count, concerns[concern].one, concerns[concern].many));
    if (is_accepted) {
        html_write_acceptance(html, content->summary);
    } else {
        html_text(html, span_of(concerns[concern].advice));
    }
    html_markup(html, " ");
    write_command(html, content->summary, concern);
    if (concern == CONCERN_UNCLEAR) {
        write_wait(html, content->summary);
    }
    if (concerns[concern].anchor != NULL) {
        html_put(html, " <a href=\"{}\">See which</a>", span_of(concerns[concern].anchor));
    }
    if (!is_accepted) {
        write_advice_for_kinds(html, content->summary, concern);
    }
    html_markup(html, "</li>\n");
}

void html_write_concerns(struct html *html, const struct html_content *content) {
    int64_t counts[CONCERN_COUNT];
    bool has_any = false;
    bool needs_target = false;
    count_concerns(content->summary, counts);
    for (enum concern concern = 0; concern < CONCERN_COUNT; concern++) {
        if (counts[concern] > 0) {
            html_markup(html, has_any ? "" : "<ul class=\"concerns\">\n");
            write_concern(html, content, concern, counts[concern]);
            needs_target = needs_target || concerns[concern].object == OBJECT_TARGET;
            has_any = true;
        }
    }
    html_markup(html, has_any ? "</ul>\n" : "<p>None. There is nothing left to do.</p>\n");
    if (needs_target) {
        html_markup(html, "<p>A command with --to also needs the sign-in to the target, such as "
                          "--cookies FILE.</p>\n");
    }
}
