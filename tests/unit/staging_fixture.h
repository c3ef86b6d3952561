/* Stagings of SQLite databases: in place, or as if a server had them. */
#ifndef ROWPOST_TESTS_STAGING_FIXTURE_H
#define ROWPOST_TESTS_STAGING_FIXTURE_H

#include "source/driver_private.h"
#include "sqlite_fixture.h"
#include "staging/staging.h"

/* A SQLite database whose driver does not report that it is one: its rows are read as those of a
 * server are. One at a time, as tests change the driver. */
static inline struct source *open_as_server(const char *url) {
    static struct driver driver;
    struct source *source = open_it(url);
    driver = *source->driver;
    driver.sqlite = NULL;
    source->driver = &driver;
    return source;
}

static inline struct staging *stage_it(struct source *source,
                                       const struct staging_settings *settings) {
    struct error error = {0};
    struct staging *staging = staging_open(source, settings, &error);
    if (staging == NULL) {
        fail_msg("%s", error.message);
    }
    return staging;
}

static inline void finish_it(struct staging *staging) {
    struct error error = {0};
    bool is_one_moment = false;
    if (staging_finish(staging, &is_one_moment, &error) != 0) {
        fail_msg("%s", error.message);
    }
    assert_true(is_one_moment);
}

#endif
