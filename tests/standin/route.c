#include "route.h"

#include "campaigns.h"
#include "reports.h"
#include "users.h"

#include <string.h>

static const struct route routes[] = {
    {"GET", "/api/users/", NEED_ADMINISTRATOR, users_list, NULL, NULL},
    {"POST", "/api/users/", NEED_MANAGEMENT, users_post, NULL, NULL},
    {"GET", "/api/users/*/", NEED_ADMINISTRATOR, users_get, NULL, NULL},
    {"PUT", "/api/users/*/", NEED_ADMINISTRATOR, users_put, NULL, NULL},
    {"DELETE", "/api/users/*/", NEED_ADMINISTRATOR, users_delete, NULL, NULL},
    {"GET", "/api/campaigns/", NEED_NOTHING, campaigns_list, NULL, NULL},
    {"POST", "/api/campaigns/migrate/", NEED_MANAGEMENT, campaigns_check, campaigns_store,
     campaigns_store_half},
    {"GET", "/api/campaigns/get/*/", NEED_NOTHING, campaigns_get, NULL, NULL},
    {"GET", "/api/reports/search/*/*/", NEED_NOTHING, reports_search, NULL, NULL},
};

enum { ROUTES = sizeof routes / sizeof routes[0] };

/* Whether the path fits; `path` may lack the last '/', which the caller finds out by itself. */
static bool fits(const char *pattern, const char *path, struct slice arguments[REQUEST_ARGUMENTS]) {
    int count = 0;
    while (*pattern != '\0') {
        if (*pattern == '*' && count < REQUEST_ARGUMENTS) {
            size_t size = strcspn(path, "/");
            if (size == 0) {
                return false;
            }
            arguments[count++] = (struct slice){path, size};
            path += size;
            pattern++;
        } else if (*pattern == *path) {
            pattern++;
            path++;
        } else {
            return *path == '\0' && strcmp(pattern, "/") == 0;
        }
    }
    return *path == '\0';
}

static void redirect_to_slash(struct request *request) {
    struct text location = {0};
    size_t path_size = strcspn(request->uri.data, "?");
    const char *host = request_header(request, "Host");
    text_print(&location, "http://%s", host == NULL ? "127.0.0.1" : host);
    text_add(&location, request->uri.data, path_size);
    text_add_string(&location, "/");
    text_add_string(&location, request->uri.data + path_size);
    answer_redirect(&request->answer, 308, location.data);
    text_free(&location);
}

const struct route *route_find(struct request *request) {
    unsigned status = 404;
    for (int i = 0; i < ROUTES; i++) {
        struct slice arguments[REQUEST_ARGUMENTS] = {{0}};
        if (!fits(routes[i].pattern, request->path.data, arguments)) {
            continue;
        }
        if (request->path.data[request->path.size - 1] != '/') {
            redirect_to_slash(request);
            return NULL;
        }
        status = 405;
        if (strcmp(routes[i].method, request->method) == 0) {
            for (int a = 0; a < REQUEST_ARGUMENTS && arguments[a].data != NULL; a++) {
                text_add(&request->arguments[a], arguments[a].data, arguments[a].size);
            }
            return &routes[i];
        }
    }
    answer_error(&request->answer, status);
    return NULL;
}
