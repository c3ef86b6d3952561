#define _GNU_SOURCE /* timegm */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "migration/sqlfile/functions.h"

enum { ZONE_MOST = 64 };

#define SECOND INT64_C(1000000)

/* A name of the zones' folder, and no path out of it. */
static int check_zone(struct span zone, char name[ZONE_MOST]) {
    char path[ZONE_MOST + 32];
    if (zone.length == 0 || zone.length >= ZONE_MOST || *zone.data == '/' ||
        span_find(zone, "..") != NULL) {
        return -1;
    }
    memcpy(name, zone.data, zone.length);
    name[zone.length] = '\0';
    if (strcmp(name, "UTC") == 0) {
        return 0;
    }
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    return access(path, R_OK);
}

/* The text has its own offset from UTC: `...Z`, `...+02:00`. */
static bool has_offset(struct span text) {
    text = span_trim(text);
    for (size_t i = 11; i < text.length; i++) {
        if (strchr("Zz+-", text.data[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Of two times that the clocks show twice, the first one; a time that they skip is moved forward as
 * the clocks are. */
static int64_t local_to_utc(int64_t seconds, const char *zone) {
    const char *set = getenv("TZ");
    char *before = set == NULL ? NULL : strdup(set);
    time_t shown = (time_t)seconds;
    struct tm parts;
    gmtime_r(&shown, &parts);
    setenv("TZ", zone, 1);
    tzset();
    struct tm summer = parts;
    summer.tm_isdst = 1;
    parts.tm_isdst = -1;
    time_t utc = mktime(&summer);
    if (summer.tm_isdst != 1) {
        utc = mktime(&parts);
    }
    if (before == NULL) {
        unsetenv("TZ");
    } else {
        setenv("TZ", before, 1);
    }
    tzset();
    free(before);
    return (int64_t)utc;
}

int zone_append_utc(struct span text, struct span zone, struct text *out) {
    char name[ZONE_MOST];
    char written[DATE_MOMENT_SIZE];
    int64_t moment = 0;
    if (check_zone(zone, name) != 0) {
        return -1;
    }
    if (date_parse_moment(text, &moment) != 0) {
        return 0;
    }
    int64_t seconds = moment / SECOND - (moment % SECOND < 0);
    if (!has_offset(text) && strcmp(name, "UTC") != 0) {
        seconds = local_to_utc(seconds, name);
    }
    if (date_moment_from_seconds(seconds, &moment) != 0) {
        return 0;
    }
    date_format_moment(moment, written);
    text_append(out, (struct span){written, sizeof "2013-06-20T21:11:40" - 1});
    return 1;
}
