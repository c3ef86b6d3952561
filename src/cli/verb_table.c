/* The verbs: what each takes, and examples. */
#include <string.h>

#include "base/nearest.h"
#include "cli/option_table.h"
#include "cli/verbs.h"

#define SOURCE_OPTIONS                                                                             \
    "from", "schema", "source-password-file", "source-cacert", "source-timeout", "tns-admin",      \
        "trace"
#define PLAN_OPTIONS                                                                               \
    SOURCE_OPTIONS, "workspace", "migration", "set", "as-of", "people", "people-refresh",          \
        "ldap-attributes", "ldap-bind", "ldap-password-file", "ldap-starttls", "ldap-timeout",     \
        "credentials", "keep-staged", "accept-rejects"
#define TARGET_OPTIONS                                                                             \
    "to", "cookies", "token-file", "auth-scheme", "auth-header", "cacert", "cert", "cert-key",     \
        "netrc", "oauth2-token-url", "client-id", "client-secret-file", "client-in-form",          \
        "oauth2-audience", "insecure", "jobs", "rate", "give-up-after", "settle", "save-cookies"

const struct verb verb_table[] = {
    {"run",
     NULL,
     false,
     "plan, apply, verify and report in one go",
     {PLAN_OPTIONS, TARGET_OPTIONS, "new-target", "deep", "retry-refused", "json", "metrics", NULL},
     "rowpost run --from legacy.db --admins admins.csv --people people.csv \\\n"
     "    --to https://valdb.example/valdb --cookies cookies.txt\n"
     "rowpost run --from legacy.db --credentials credentials.json\n",
     verb_run,
     STOP_IN_ORDER},
    {"snapshot",
     NULL,
     false,
     "copy the legacy tables into a SQLite file, so that all other steps use a frozen copy",
     {SOURCE_OPTIONS, "credentials", "output", "tables", "force", "json", NULL},
     "rowpost snapshot --from sqlite:live.db -o legacy.db\n"
     "rowpost snapshot --from live.db -o legacy.db --force --json\n"
     "rowpost snapshot --from oracle://reader@db.example:1521/valdb -o legacy.db\n"
     "rowpost snapshot --from live.db -o users.db --tables USERS,USER_RIGHTS\n",
     verb_snapshot,
     STOP_IN_ORDER},
    {"plan",
     NULL,
     false,
     "read the source, apply the rules, write the workspace, print the reconciliation",
     {PLAN_OPTIONS, "cacert", "insecure", "sample", "json", "metrics", NULL},
     "rowpost plan --from legacy.db --admins admins.csv --people people.csv\n"
     "rowpost plan --from legacy.db --sample 20 | less\n"
     "rowpost plan --from legacy.db --migration helpdesk.sql --set site=Geneva -w "
     "helpdesk.rowpost\n"
     "rowpost plan --from sqlite:backup.db --rules notebook --as-of 2023-03-15 -w old.rowpost\n"
     "rowpost plan --from oracle://reader@db.example:1521/valdb --people people.csv\n"
     "rowpost plan --from legacy.db --people ldaps://directory.example/ou=people,dc=example\n"
     "rowpost plan --credentials credentials.json --people people.csv\n",
     verb_plan,
     STOP_IN_ORDER},
    {"apply",
     NULL,
     false,
     "deliver the pending documents; continue where an earlier run stopped",
     {"workspace", "credentials", TARGET_OPTIONS, "new-target", "retry-refused", "only", "key",
      "limit", "update", "dry-run", "format", "yes", "json", "metrics", NULL},
     "rowpost apply --to https://valdb.example/valdb --cookies cookies.txt\n"
     "rowpost apply --dry-run --format curl --key 17 --to https://desk.example\n"
     "rowpost apply --to https://valdb.example/valdb --cookies cookies.txt --limit 5\n"
     "ROWPOST_TOKEN=... rowpost apply --to http://127.0.0.1:8080 --jobs 8 --rate 20/s\n",
     verb_apply,
     STOP_IN_ORDER},
    {"verify",
     NULL,
     false,
     "read every delivered document back and compare it field by field",
     {"workspace", "credentials", TARGET_OPTIONS, "new-target", "deep", "json", "metrics", NULL},
     "rowpost verify --to https://valdb.example/valdb --cookies cookies.txt --deep\n",
     verb_verify,
     STOP_IN_ORDER},
    {"split",
     NULL,
     false,
     "hand out the undelivered documents of one kind as workspaces for other machines",
     {"workspace", "into", "dir", "kind", "recall", "json", NULL},
     "rowpost split -w site.rowpost --into 8 -d /shared/parts --kind campaigns\n"
     "rowpost split -w site.rowpost --recall 3 --kind campaigns\n",
     verb_split,
     STOP_IN_ORDER},
    {"merge",
     "PART...",
     true,
     "take back what parts have delivered; may be repeated, also while parts are running",
     {"workspace", "json", NULL},
     "rowpost merge -w site.rowpost /shared/parts/campaigns-*-of-8.rowpost\n",
     verb_merge,
     STOP_IN_ORDER},
    {"check",
     NULL,
     false,
     "ask whether the target answers, accepts the session and lets it write, whether a named "
     "source can be read, and whether a migration file is in order; sends no document",
     {SOURCE_OPTIONS, "migration", "set", "as-of", "credentials", TARGET_OPTIONS, NULL},
     "rowpost check --to https://valdb.example/valdb --cookies cookies.txt\n"
     "rowpost check --from oracle://reader@db.example:1521/valdb\n"
     "rowpost check --migration helpdesk.sql --from legacy.db --to https://desk.example\n",
     verb_check,
     STOP_AT_ONCE},
    {"undo",
     NULL,
     false,
     "remove the users that this workspace created; list the campaigns that it created",
     {"workspace", "credentials", TARGET_OPTIONS, "new-target", "only", "key", "yes", NULL},
     "rowpost undo --to https://valdb.example/valdb --cookies cookies.txt\n"
     "rowpost undo --to https://valdb.example/valdb --cookies cookies.txt --key jdoe --yes\n",
     verb_undo,
     STOP_IN_ORDER},
    {"status",
     NULL,
     false,
     "how many documents are in which state",
     {"workspace", "json", NULL},
     "rowpost status\n"
     "rowpost status -w site.rowpost --json\n",
     verb_status,
     STOP_AT_ONCE},
    {"show",
     "KEY",
     true,
     "one document: its body, its source rows, its attempts and findings",
     {"workspace", "kind", SOURCE_OPTIONS, "json", NULL},
     "rowpost show 12_5_0_pre2\n"
     "rowpost show 12_5_0_pre2 --from legacy.db\n"
     "rowpost show --kind validators jdoe\n",
     verb_show,
     STOP_AT_ONCE},
    {"report",
     NULL,
     false,
     "the whole summary, from the workspace only",
     {"workspace", "format", "output", "key", "each-author", NULL},
     "rowpost report\n"
     "rowpost report -o report.html\n"
     "rowpost report --format json -o summary.json\n"
     "rowpost report -o documents.csv\n"
     "rowpost report --key 12_5_0_pre2 -o one.html\n"
     "rowpost report --each-author pages\n",
     verb_report,
     STOP_AT_ONCE},
    {"rejects",
     NULL,
     false,
     "the rejected rows, one a line, with the reason and the row itself",
     {"workspace", "table", "json", NULL},
     "rowpost rejects\n"
     "rowpost rejects --table users --json\n",
     verb_rejects,
     STOP_AT_ONCE},
    {"skips",
     NULL,
     false,
     "the skipped rows, one a line, with the rule and the row itself",
     {"workspace", "table", "json", NULL},
     "rowpost skips --table user_rights\n",
     verb_skips,
     STOP_AT_ONCE},
    {"people",
     NULL,
     false,
     "people who were not found in the people directory, or not uniquely, one a line",
     {"workspace", "kind", "json", NULL},
     "rowpost people\n"
     "rowpost people --kind authors --json\n",
     verb_people,
     STOP_AT_ONCE},
    {"findings",
     NULL,
     false,
     "the fields that differ on the target, one a line",
     {"workspace", "kind", "json", NULL},
     "rowpost findings --json\n",
     verb_findings,
     STOP_AT_ONCE},
    {"export",
     NULL,
     false,
     "the planned documents as NDJSON: {\"key\": ..., \"body\": ...} a line",
     {"workspace", "kind", "output", NULL},
     "rowpost export --kind campaigns -o campaigns.ndjson\n",
     verb_export,
     STOP_AT_ONCE},
    {"test",
     "FILE",
     true,
     "run the tests of a migration file",
     {"format", "as-of", "people", SOURCE_OPTIONS, "credentials", "save", "rows", NULL},
     "rowpost test helpdesk.sql\n"
     "rowpost test helpdesk.sql --format junit > tests.xml\n"
     "rowpost test helpdesk.sql --save 'twins are one' --from legacy.db --rows people:4,17\n",
     verb_test,
     STOP_AT_ONCE},
    {"draft",
     NULL,
     false,
     "write a first migration file from the tables of a source",
     {SOURCE_OPTIONS, "credentials", "output", "tables", "force", NULL},
     "rowpost draft --from helpdesk.db -o helpdesk.sql\n"
     "rowpost draft --from oracle://reader@db.example:1521/helpdesk --tables TICKET,PERSON -o "
     "helpdesk.sql\n",
     verb_draft,
     STOP_AT_ONCE},
    {"diff",
     "FIRST SECOND",
     true,
     "what two plans have differently, document by document and field by field",
     {"format", "output", NULL},
     "rowpost diff before.rowpost after.rowpost\n"
     "rowpost diff before.rowpost after.rowpost -o difference.html\n"
     "rowpost diff before.rowpost after.rowpost --format json | jq .totals\n",
     verb_diff,
     STOP_AT_ONCE},
    {"complete",
     "OPTION [BEGINNING]",
     true,
     "what an option may be in a workspace, one word a line; for the shells' completion",
     {"workspace", "kind", NULL},
     "rowpost complete key 12_5\n"
     "rowpost complete kind -w helpdesk.rowpost\n",
     verb_complete,
     STOP_AT_ONCE},
    {"demo",
     NULL,
     false,
     "make a sample database and a stand-in target on loopback, then do run with them",
     {"dir", "migration", NULL},
     "rowpost demo\n"
     "rowpost demo --dir /tmp/demo\n",
     verb_demo,
     STOP_IN_ORDER},
};

const size_t verb_count = sizeof verb_table / sizeof *verb_table;

bool option_takes_many(const struct verb *verb) {
    return verb->argument != NULL && strstr(verb->argument, "...") != NULL;
}

/* How many of the verb's arguments there are before a place. */
static size_t count_words(const char *argument, const char *end) {
    size_t words = 0;
    for (const char *at = argument; at < end; at++) {
        words += *at != ' ' && (at == argument || at[-1] == ' ');
    }
    return words;
}

size_t option_most_arguments(const struct verb *verb) {
    if (verb->argument == NULL) {
        return 0;
    }
    return option_takes_many(verb) ? SIZE_MAX
                                   : count_words(verb->argument, strchr(verb->argument, '\0'));
}

size_t option_least_arguments(const struct verb *verb) {
    return verb->needs_argument
               ? count_words(verb->argument, verb->argument + strcspn(verb->argument, "["))
               : 0;
}

const struct verb *option_find_verb(const char *name) {
    for (size_t i = 0; i < verb_count; i++) {
        if (strcmp(verb_table[i].name, name) == 0) {
            return &verb_table[i];
        }
    }
    return NULL;
}

void option_append_near_verb(const char *name, struct text *out) {
    struct nearest nearest = nearest_to(span_of(name));
    for (size_t i = 0; i < verb_count; i++) {
        nearest_offer(&nearest, verb_table[i].name);
    }
    nearest_append(&nearest, "", out);
}
