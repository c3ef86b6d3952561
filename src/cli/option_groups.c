#include "cli/option_groups.h"

#include <string.h>

enum { MOST_MEMBERS = 24 };

struct group {
    const char *title;
    const char *members[MOST_MEMBERS]; /* names, ended by NULL */
};

/* The migration's own options are in the group of --migration; the last group has those that no
 * other group names. */
static const struct group option_groups[] = {
    {"source options",
     {"from", "schema", "source-password-file", "source-cacert", "source-timeout", "tns-admin",
      "trace", "tables", "keep-staged", "credentials", NULL}},
    {"migration options", {"migration", "set", "as-of", NULL}},
    {"people options",
     {"people", "people-refresh", "ldap-attributes", "ldap-bind", "ldap-password-file",
      "ldap-starttls", "ldap-timeout", NULL}},
    {"target options", {"to", "new-target", "cacert", "cert", "cert-key", "insecure", NULL}},
    {"sign-in options",
     {"cookies", "save-cookies", "token-file", "auth-scheme", "auth-header", "netrc",
      "oauth2-token-url", "client-id", "client-secret-file", "client-in-form", "oauth2-audience",
      NULL}},
    {"delivery options",
     {"jobs", "rate", "give-up-after", "settle", "retry-refused", "update", "accept-rejects",
      "dry-run", "deep", "yes", NULL}},
    {"selection options",
     {"workspace", "only", "kind", "key", "table", "limit", "into", "recall", "sample", "rows",
      NULL}},
    {"output options",
     {"format", "output", "each-author", "save", "dir", "force", "json", "metrics", "log-format",
      "quiet", "verbose", NULL}},
    {"other options", {NULL}},
};

static const struct group verb_groups[] = {
    {"verbs to begin with", {"demo", "check", "snapshot", NULL}},
    {"verbs that migrate", {"run", "plan", "apply", "verify", "undo", NULL}},
    {"verbs that show what happened",
     {"status", "report", "diff", "show", "rejects", "skips", "people", "findings", "export",
      NULL}},
    {"verbs for several machines", {"split", "merge", NULL}},
    {"verbs for migration files", {"draft", "test", NULL}},
    {"other verbs", {NULL}},
};

enum {
    OPTION_GROUPS = sizeof option_groups / sizeof *option_groups,
    VERB_GROUPS = sizeof verb_groups / sizeof *verb_groups,
};

/* The group that names the member, or the last one. */
static size_t find(const struct group *groups, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        for (const char *const *member = groups[i].members; *member != NULL; member++) {
            if (strcmp(*member, name) == 0) {
                return i;
            }
        }
    }
    return count - 1;
}

const char *option_group_title(size_t group) {
    return group < OPTION_GROUPS ? option_groups[group].title : NULL;
}

const char *verb_group_title(size_t group) {
    return group < VERB_GROUPS ? verb_groups[group].title : NULL;
}

bool option_is_in_group(const struct option *option, size_t group) {
    const char *name = option->type == OPTION_OF_MIGRATION ? "migration" : option->name;
    return find(option_groups, OPTION_GROUPS, name) == group;
}

bool verb_is_in_group(const struct verb *verb, size_t group) {
    return find(verb_groups, VERB_GROUPS, verb->name) == group;
}
