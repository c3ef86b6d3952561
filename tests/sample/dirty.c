#include "dirty.h"

#include <string.h>

enum { DAY = 86400 };

/* 2022-12-01 23:59:59 UTC: a second more, or another time zone, and the day is wrong. */
static const int64_t first_moment = INT64_C(1669939199);

static int (*const adders[])(struct legacy *, const struct legacy_row *, struct error *) = {
    [DIRTY_TODAY] = legacy_add_row,
    [DIRTY_EARLIER] = legacy_add_earlier,
    [DIRTY_RELEASE_ALONE] = legacy_add_release_alone,
    [DIRTY_STATUS_ALONE] = legacy_add_status_alone,
};

static int write_report(struct legacy *legacy, const struct dirty_report *report,
                        struct error *error) {
    struct legacy_row row = {
        .id = legacy_take_id(legacy),
        .category = report->category,
        .subcategory = report->subcategory,
        .release_name = report->campaign,
        .version = report->version,
        .date = report->day == DIRTY_NO_DAY ? LEGACY_NO_DATE
                                            : first_moment + (int64_t)report->day * DAY,
        .status_kind = report->kind,
        .validation_status = report->status,
        .comments = report->comments,
        .links = report->links,
        .user_name = report->author,
        .relmon_url = report->relmon,
    };
    return adders[report->place](legacy, &row, error);
}

static int write_list(struct directory *list, const struct dirty_listed *lines, size_t count,
                      struct error *error) {
    for (size_t i = 0; i < count; i++) {
        if (directory_add(list, lines[i].user_name, lines[i].email, lines[i].fullname, error) !=
            0) {
            return -1;
        }
    }
    return 0;
}

int dirty_write(struct legacy *legacy, struct directory *admins, struct directory *people,
                struct error *error) {
    for (size_t i = 0; i < dirty_users_count; i++) {
        if (legacy_add_user(legacy, &dirty_users[i].user, error) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < dirty_rights_count; i++) {
        if (legacy_add_right(legacy, &dirty_rights[i].right, error) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < dirty_reports_count; i++) {
        if (write_report(legacy, &dirty_reports[i], error) != 0) {
            return -1;
        }
    }
    if (write_list(admins, dirty_admins, dirty_admins_count, error) != 0) {
        return -1;
    }
    return write_list(people, dirty_people, dirty_people_count, error);
}

static size_t count_case(struct dirty_case *cases, size_t count, const char *exercises) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(cases[i].exercises, exercises) == 0) {
            cases[i].rows++;
            return count;
        }
    }
    if (count == DIRTY_MOST_CASES) {
        return count;
    }
    cases[count] = (struct dirty_case){exercises, 1};
    return count + 1;
}

size_t dirty_count_cases(struct dirty_case cases[DIRTY_MOST_CASES]) {
    size_t count = 0;
    for (size_t i = 0; i < dirty_reports_count; i++) {
        count = count_case(cases, count, dirty_reports[i].exercises);
    }
    for (size_t i = 0; i < dirty_users_count; i++) {
        count = count_case(cases, count, dirty_users[i].exercises);
    }
    for (size_t i = 0; i < dirty_rights_count; i++) {
        count = count_case(cases, count, dirty_rights[i].exercises);
    }
    for (size_t i = 0; i < dirty_admins_count; i++) {
        count = count_case(cases, count, dirty_admins[i].exercises);
    }
    for (size_t i = 0; i < dirty_people_count; i++) {
        count = count_case(cases, count, dirty_people[i].exercises);
    }
    return count;
}
