#include "cli/option_table.h"

#include <stddef.h>
#include <string.h>

#include "cli/migrations.h"
#include "cli/verbs.h"

#define TEXT(field) .type = OPTION_TEXT, .offset = offsetof(struct options, field)
#define FLAG(field) .type = OPTION_FLAG, .offset = offsetof(struct options, field)
#define PARSED(function) .type = OPTION_PARSED, .parse = (function)

const struct option option_table[] = {
    {"from", 'f', "SOURCE",
     "the legacy database: a SQLite file, oracle://, odbc:dsn=NAME, postgresql:// or mysql://",
     TEXT(source)},
    {"migration", '\0', "NAME", "the migration, or the .sql file of one: what is made of what",
     .type = OPTION_MIGRATION, .choice = migrations_choice},
    {"set", '\0', "NAME=VALUE", "an option of the migration file", PARSED(option_parse_set),
     .may_repeat = true},
    {"schema", '\0', "NAME", "whose tables are meant on a server (default: the migration's)",
     TEXT(schema)},
    {"source-password-file", '\0', "FILE",
     "a file with the database's password (or ROWPOST_SOURCE_PASSWORD in the environment)",
     TEXT(source_password_file)},
    {"source-cacert", '\0', "PEM",
     "certificates to trust instead of the system's, for a database over TLS (oracle+tcps://)",
     TEXT(source_ca_file)},
    {"source-timeout", '\0', "SECONDS",
     "stop when an Oracle database has been silent for so long (default 120)",
     PARSED(option_parse_source_timeout)},
    {"tns-admin", '\0', "FOLDER",
     "where tnsnames.ora is, for oracle://USER@NAME (or TNS_ADMIN in the environment)",
     TEXT(tns_admin)},
    {"trace", '\0', "FILE", "write what is said to an Oracle database there, without what signs in",
     TEXT(trace)},
    {"workspace", 'w', "FILE", "the workspace (default valdb.rowpost)", TEXT(workspace)},
    {"as-of", '\0', "DAY", "the day that counts as today, YYYY-MM-DD", PARSED(option_parse_day)},
    {"keep-staged", '\0', "FILE", "keep the tables as they were read there, as a snapshot",
     TEXT(keep_staged)},
    {"sample", '\0', "N", "show N source rows beside the documents that they became",
     PARSED(option_parse_sample)},
    {"people", '\0', "CSV",
     "the people directory: a list (user_name,email,fullname), or ldap://HOST/BASE or ldaps://...",
     TEXT(people)},
    {"people-refresh", '\0', NULL, "ask the directory again for whom the workspace knows already",
     FLAG(people_refresh)},
    {"ldap-attributes", '\0', "NAMES",
     "what the directory keeps people under (default login=cn,name=displayName,mail=mail)",
     TEXT(ldap_attributes)},
    {"ldap-bind", '\0', "DN", "who asks the directory (default: nobody, anonymously)",
     TEXT(ldap_bind)},
    {"ldap-password-file", '\0', "FILE",
     "a file with the password of that one (or ROWPOST_LDAP_PASSWORD in the environment)",
     TEXT(ldap_password_file)},
    {"ldap-starttls", '\0', NULL, "secure an ldap:// connection before anything is asked",
     FLAG(ldap_starttls)},
    {"ldap-timeout", '\0', "SECONDS",
     "stop when the directory has not answered for so long (default 30)",
     PARSED(option_parse_ldap_timeout)},
    {"to", 't', "URL", "the new service, such as https://host/valdb", TEXT(target)},
    {"new-target", '\0', NULL, "the workspace's target has another address now, which is --to",
     FLAG(new_target)},
    {"cookies", '\0', "FILE", "session cookies in Netscape format", TEXT(cookies)},
    {"token-file", '\0', "FILE",
     "a file with a bearer token, or what --auth-scheme says (or ROWPOST_TOKEN in the environment)",
     TEXT(token_file)},
    {"auth-scheme", '\0', "SCHEME",
     "how the token is sent: bearer (default), basic (it is user:password), token; or cookies "
     "alone",
     PARSED(option_parse_auth_scheme), .choice = option_auth_choice},
    {"auth-header", '\0', "NAME",
     "the header that the token is sent in, such as X-Redmine-API-Key (default Authorization)",
     TEXT(auth_header)},
    {"credentials", '\0', "FILE",
     "the notebook's credentials.json: database, host, cookies, list of admins", TEXT(credentials)},
    {"cacert", '\0', "PEM", "certificates to trust instead of the system's", TEXT(ca_file)},
    {"cert", '\0', "PEM", "a certificate that tells the target who this is", TEXT(client_cert)},
    {"cert-key", '\0', "PEM", "its private key, if it stands in a file of its own",
     TEXT(client_key)},
    {"netrc", '\0', "FILE", "user and password for the target's host (basic authentication)",
     TEXT(netrc)},
    {"oauth2-token-url", '\0', "URL", "where a token is had for client id and secret (OAuth 2)",
     TEXT(oauth2_token_url)},
    {"client-id", '\0', "ID", "the client for which a token is asked", TEXT(client_id)},
    {"client-secret-file", '\0', "FILE",
     "a file with its secret (or ROWPOST_CLIENT_SECRET in the environment)",
     TEXT(client_secret_file)},
    {"client-in-form", '\0', NULL,
     "send client id and secret in the form (as CERN's API access wants), not as a header",
     FLAG(client_in_form)},
    {"oauth2-audience", '\0', "NAME", "the application that the token is for",
     TEXT(oauth2_audience)},
    {"insecure", '\0', NULL, "do not verify TLS certificates", FLAG(insecure)},
    {"jobs", 'j', "N", "requests at a time: a number, or auto (default), which follows the target",
     PARSED(option_parse_jobs)},
    {"rate", '\0', "N/s", "at most so many requests a second", PARSED(option_parse_rate)},
    {"only", '\0', "KIND", "this kind of documents only", TEXT(only), .choice = option_kind_choice},
    {"key", '\0', "KEY",
     "the document with this key only (report: a page for a document, a person or a group)",
     TEXT(key)},
    {"each-author", '\0', "DIR",
     "write a page for each author and each group into this folder, and index.html",
     TEXT(each_author)},
    {"limit", '\0', "N", "at most so many pending documents: a trial run",
     PARSED(option_parse_limit)},
    {"save-cookies", '\0', NULL, "write renewed cookies back to the cookie file",
     FLAG(save_cookies)},
    {"update-existing", '\0', NULL,
     "bring users that differ to the planned role and groups; the target mails them",
     FLAG(update_existing)},
    {"yes", '\0', NULL, "do not ask", FLAG(yes)},
    {"give-up-after", '\0', "SECONDS",
     "stop when the target has given no usable answer for so long (default 120)",
     PARSED(option_parse_give_up)},
    {"settle", '\0', "SECONDS",
     "how long the target may go on with a request whose answer was lost (default 30)",
     PARSED(option_parse_settle)},
    {"retry-refused", '\0', NULL, "send once more what the target has refused",
     FLAG(retry_refused)},
    {"deep", '\0', NULL, "read every report's content back, too", FLAG(deep)},
    {"kind", '\0', "KIND", "documents of this kind", TEXT(kind), .choice = option_kind_choice},
    {"table", '\0', "NAME", "rows of this table", TEXT(table)},
    {"format", '\0', "FORMAT",
     "text (default), html, json, junit or csv; without it the ending of -o counts", TEXT(format),
     .choice = verb_report_format},
    {"output", 'o', "FILE", "the file to write (a report: standard output without it)",
     TEXT(output)},
    {"tables", '\0', "A,B,...", "these tables instead of the migration's", TEXT(tables)},
    {"force", '\0', NULL, "replace the file if it is there already", FLAG(force)},
    {"into", '\0', "N", "so many parts", PARSED(option_parse_into)},
    {"recall", '\0', "N",
     "take back part N, which is lost: its documents are looked up before they are sent again",
     PARSED(option_parse_recall)},
    {"dir", 'd', "FOLDER", "the folder for the files (of the demo: default rowpost-demo)",
     TEXT(directory)},
    {"json", '\0', NULL, "print JSON for programs", FLAG(json)},
    {"metrics", '\0', "FILE", "keep figures for Prometheus's node_exporter there while at work",
     TEXT(metrics_file)},
    {"quiet", 'q', NULL, "no progress, no warnings", .type = OPTION_QUIET, .is_global = true},
    {"verbose", 'v', NULL, "tell more (twice: still more)", .type = OPTION_VERBOSE,
     .is_global = true, .may_repeat = true},
    {"log-format", '\0', "FORMAT", "what is told on stderr: text (default), or json for programs",
     .type = OPTION_PARSED, .parse = option_parse_log_format, .is_global = true,
     .choice = option_log_format_choice},
    {"help", 'h', NULL, "this text", FLAG(help), .is_global = true},
};

const size_t option_count = sizeof option_table / sizeof *option_table;

#define SOURCE_OPTIONS                                                                             \
    "from", "schema", "source-password-file", "source-cacert", "source-timeout", "tns-admin",      \
        "trace"
#define PLAN_OPTIONS                                                                               \
    SOURCE_OPTIONS, "workspace", "migration", "set", "as-of", "people", "people-refresh",          \
        "ldap-attributes", "ldap-bind", "ldap-password-file", "ldap-starttls", "ldap-timeout",     \
        "credentials", "keep-staged"
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
     "copy the legacy tables into a SQLite file, so that the rest works on a frozen copy",
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
     "deliver what is pending; go on where an earlier run stopped",
     {"workspace", "credentials", TARGET_OPTIONS, "new-target", "retry-refused", "only", "key",
      "limit", "update-existing", "yes", "json", "metrics", NULL},
     "rowpost apply --to https://valdb.example/valdb --cookies cookies.txt\n"
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
     "hand out what is still to be delivered of one kind, as workspaces for other machines",
     {"workspace", "into", "dir", "kind", "recall", "json", NULL},
     "rowpost split -w site.rowpost --into 8 -d /shared/parts --kind campaigns\n"
     "rowpost split -w site.rowpost --recall 3 --kind campaigns\n",
     verb_split,
     STOP_IN_ORDER},
    {"merge",
     "PART...",
     true,
     "take back what parts have delivered; again and again, also while they are at work",
     {"workspace", "json", NULL},
     "rowpost merge -w site.rowpost /shared/parts/campaigns-*-of-8.rowpost\n",
     verb_merge,
     STOP_IN_ORDER},
    {"check",
     NULL,
     false,
     "ask the target, before anything is sent: is it there, is the session good, may it write; or "
     "the source",
     {SOURCE_OPTIONS, "credentials", TARGET_OPTIONS, NULL},
     "rowpost check --to https://valdb.example/valdb --cookies cookies.txt\n"
     "rowpost check --from oracle://reader@db.example:1521/valdb\n",
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
     "how far the delivery is",
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
     "rowpost report --key 12_5_0_pre2 -o one.html\n"
     "rowpost report --each-author pages\n"
     "rowpost report --format json -o summary.json\n"
     "rowpost report -o documents.csv\n",
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
     "who is not simply found in the people directory, one name a line",
     {"workspace", "kind", "json", NULL},
     "rowpost people\n"
     "rowpost people --kind authors --json\n",
     verb_people,
     STOP_AT_ONCE},
    {"findings",
     NULL,
     false,
     "what the target has differently, one field a line",
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
     "run the tests of a migration file: rows in, documents and outcomes out",
     {"format", "as-of", "people", NULL},
     "rowpost test helpdesk.sql\n"
     "rowpost test helpdesk.sql --format junit > tests.xml\n",
     verb_test,
     STOP_AT_ONCE},
    {"draft",
     NULL,
     false,
     "begin a migration file: the tables of a source, with what is in them",
     {SOURCE_OPTIONS, "credentials", "output", "tables", "force", NULL},
     "rowpost draft --from helpdesk.db -o helpdesk.sql\n"
     "rowpost draft --from oracle://reader@db.example:1521/helpdesk --tables TICKET,PERSON -o "
     "helpdesk.sql\n",
     verb_draft,
     STOP_AT_ONCE},
    {"demo",
     NULL,
     false,
     "a sample legacy database and a stand-in target on loopback, then run",
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

const struct verb *option_find_verb(const char *name) {
    for (size_t i = 0; i < verb_count; i++) {
        if (strcmp(verb_table[i].name, name) == 0) {
            return &verb_table[i];
        }
    }
    return NULL;
}

static const struct option *find(const char *name) {
    for (size_t i = 0; i < option_count; i++) {
        if (strcmp(option_table[i].name, name) == 0) {
            return &option_table[i];
        }
    }
    return NULL;
}

struct option option_of_migration(const struct migration_option *option) {
    return (struct option){.name = option->name,
                           .value = option->value,
                           .help = option->help,
                           .type = OPTION_OF_MIGRATION,
                           .may_repeat = option->may_repeat,
                           .choices = option->choices};
}

/* How many options the verb has of its own; whether the migration's come on top: they go with
 * --migration. */
static size_t count_own(const struct verb *verb, bool *has_more) {
    size_t count = 0;
    *has_more = false;
    while (verb->options[count] != NULL) {
        *has_more = *has_more || strcmp(verb->options[count], "migration") == 0;
        count++;
    }
    return count;
}

bool option_of_verb(const struct verb *verb, const struct migration *migration, size_t index,
                    struct option *option) {
    bool has_more;
    size_t own = count_own(verb, &has_more);
    size_t added = has_more ? migration->option_count : 0;
    if (index < own) {
        const struct option *found = find(verb->options[index]);
        if (found == NULL) {
            return false;
        }
        *option = *found;
        return true;
    }
    if (index < own + added) {
        *option = option_of_migration(&migration->options[index - own]);
        return true;
    }
    size_t left = index - own - added;
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].is_global && left-- == 0) {
            *option = option_table[i];
            return true;
        }
    }
    return false;
}

bool option_has_choices(const struct option *option) {
    return option->choice != NULL || option->choices != NULL;
}

const char *option_choice(const struct option *option, size_t index) {
    return option->choice != NULL ? option->choice(index) : option->choices[index];
}
