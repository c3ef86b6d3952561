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
    {"migration", '\0', "NAME", "the migration: a built-in name, or a .sql file",
     .type = OPTION_MIGRATION, .choice = migrations_choice},
    {"set", '\0', "NAME=VALUE", "an option of the migration file", PARSED(option_parse_set),
     .may_repeat = true},
    {"schema", '\0', "NAME", "the schema of the tables on a server (default: the migration's)",
     TEXT(schema)},
    {"source-password-file", '\0', "FILE",
     "a file with the database's password (or ROWPOST_SOURCE_PASSWORD in the environment)",
     TEXT(source_password_file)},
    {"source-cacert", '\0', "PEM",
     "certificates to trust instead of the system's, for a database over TLS (oracle+tcps://)",
     TEXT(source_ca_file)},
    {"source-timeout", '\0', "SECONDS",
     "stop when an Oracle database sends nothing for this long (default 120)",
     PARSED(option_parse_source_timeout)},
    {"tns-admin", '\0', "FOLDER",
     "the folder of tnsnames.ora, for oracle://USER@NAME (or TNS_ADMIN in the environment)",
     TEXT(tns_admin)},
    {"trace", '\0', "FILE",
     "write the packets of an Oracle connection to this file, without the sign-in data",
     TEXT(trace)},
    {"workspace", 'w', "FILE", "the workspace (default valdb.rowpost)", TEXT(workspace)},
    {"as-of", '\0', "DAY", "the day that counts as today, YYYY-MM-DD", PARSED(option_parse_day)},
    {"keep-staged", '\0', "FILE", "keep the tables in this file as they were read, as a snapshot",
     TEXT(keep_staged)},
    {"sample", '\0', "N", "show N source rows, each next to the document that was made from it",
     PARSED(option_parse_sample)},
    {"people", '\0', "CSV",
     "the people directory: a list (user_name,email,fullname), or ldap://HOST/BASE or ldaps://...",
     TEXT(people)},
    {"people-refresh", '\0', NULL,
     "ask the directory again for people whom the workspace already has", FLAG(people_refresh)},
    {"ldap-attributes", '\0', "NAMES",
     "the directory's attributes (default login=cn,name=displayName,mail=mail)",
     TEXT(ldap_attributes)},
    {"ldap-bind", '\0', "DN", "the DN to sign in to the directory with (default: anonymous)",
     TEXT(ldap_bind)},
    {"ldap-password-file", '\0', "FILE",
     "a file with the password of --ldap-bind (or ROWPOST_LDAP_PASSWORD in the environment)",
     TEXT(ldap_password_file)},
    {"ldap-starttls", '\0', NULL, "use TLS on an ldap:// connection before the first request",
     FLAG(ldap_starttls)},
    {"ldap-timeout", '\0', "SECONDS",
     "stop when the directory has not answered for this long (default 30)",
     PARSED(option_parse_ldap_timeout)},
    {"to", 't', "URL", "the new service, such as https://host/valdb", TEXT(target)},
    {"new-target", '\0', NULL, "the workspace's target has moved to the address in --to",
     FLAG(new_target)},
    {"cookies", '\0', "FILE", "session cookies in Netscape format", TEXT(cookies)},
    {"token-file", '\0', "FILE",
     "a file with the token, sent as --auth-scheme sets (or ROWPOST_TOKEN in the environment)",
     TEXT(token_file)},
    {"auth-scheme", '\0', "SCHEME",
     "how the token is sent: bearer (default), basic (user:password) or token; cookies: only "
     "cookies are sent",
     PARSED(option_parse_auth_scheme), .choice = option_auth_choice},
    {"auth-header", '\0', "NAME",
     "the header for the token, such as X-Redmine-API-Key (default Authorization)",
     TEXT(auth_header)},
    {"credentials", '\0', "FILE",
     "the notebook's credentials.json: database, host, cookies, list of admins", TEXT(credentials)},
    {"cacert", '\0', "PEM", "certificates to trust instead of the system's", TEXT(ca_file)},
    {"cert", '\0', "PEM", "a client certificate for the target", TEXT(client_cert)},
    {"cert-key", '\0', "PEM", "the private key of --cert, if it is in a separate file",
     TEXT(client_key)},
    {"netrc", '\0', "FILE", "user and password for the target's host (basic authentication)",
     TEXT(netrc)},
    {"oauth2-token-url", '\0', "URL",
     "where a token is obtained with client id and secret (OAuth 2)", TEXT(oauth2_token_url)},
    {"client-id", '\0', "ID", "the OAuth 2 client id", TEXT(client_id)},
    {"client-secret-file", '\0', "FILE",
     "a file with the client's secret (or ROWPOST_CLIENT_SECRET in the environment)",
     TEXT(client_secret_file)},
    {"client-in-form", '\0', NULL,
     "send client id and secret in the form (CERN's API access needs this), not in a header",
     FLAG(client_in_form)},
    {"oauth2-audience", '\0', "NAME", "the application that the token is for",
     TEXT(oauth2_audience)},
    {"insecure", '\0', NULL, "do not verify TLS certificates", FLAG(insecure)},
    {"jobs", 'j', "N",
     "requests at a time: a number, or auto (default), which adapts to the target",
     PARSED(option_parse_jobs)},
    {"rate", '\0', "N/s", "at most N requests a second", PARSED(option_parse_rate)},
    {"only", '\0', "KIND", "only documents of this kind", TEXT(only), .choice = option_kind_choice},
    {"key", '\0', "KEY",
     "only the document with this key (report: a page about a document, a person or a group)",
     TEXT(key)},
    {"each-author", '\0', "DIR",
     "write a page for each author and each group into this folder, and index.html",
     TEXT(each_author)},
    {"limit", '\0', "N", "N pending documents of each kind, and what they need first: a trial run",
     PARSED(option_parse_limit)},
    {"save-cookies", '\0', NULL, "write renewed cookies back to the cookie file",
     FLAG(save_cookies)},
    {"update", '\0', NULL,
     "change records that differ from the plan, or whose documents changed since they were "
     "delivered, if the target can change them",
     FLAG(update_existing)},
    {"dry-run", '\0', NULL, "send nothing; print what would be sent, a request a line",
     FLAG(dry_run)},
    {"yes", '\0', NULL, "do not ask", FLAG(yes)},
    {"give-up-after", '\0', "SECONDS",
     "stop when the target has given no usable answer for this long (default 120)",
     PARSED(option_parse_give_up)},
    {"settle", '\0', "SECONDS",
     "how long the target may still process a request whose answer was lost (default 30)",
     PARSED(option_parse_settle)},
    {"retry-refused", '\0', NULL, "send refused documents again", FLAG(retry_refused)},
    {"accept-rejects", '\0', NULL,
     "rejected rows do not make the exit status 1; the workspace keeps the date",
     FLAG(accept_rejects)},
    {"deep", '\0', NULL, "also read back the content of every report", FLAG(deep)},
    {"kind", '\0', "KIND", "documents of this kind", TEXT(kind), .choice = option_kind_choice},
    {"table", '\0', "NAME", "rows of this table", TEXT(table)},
    {"format", '\0', "FORMAT",
     "text (default), html, json, junit or csv; without --format the ending of -o decides "
     "(apply --dry-run: text or curl)",
     TEXT(format), .choice = verb_report_format},
    {"output", 'o', "FILE", "the file to write (a report: standard output without it)",
     TEXT(output)},
    {"tables", '\0', "A,B,...", "these tables instead of the migration's", TEXT(tables)},
    {"save", '\0', "NAME", "write a new test of that name into the file, of rows of a source",
     TEXT(save)},
    {"rows", '\0', "TABLE:KEY,...", "the rows that the new test is made of", TEXT(rows)},
    {"force", '\0', NULL, "replace the file if it is there already", FLAG(force)},
    {"into", '\0', "N", "the number of parts", PARSED(option_parse_into)},
    {"recall", '\0', "N",
     "take back the lost part N: its documents are looked up before they are sent again",
     PARSED(option_parse_recall)},
    {"dir", 'd', "FOLDER", "the folder for the files (default of demo: rowpost-demo)",
     TEXT(directory)},
    {"json", '\0', NULL, "print JSON for programs", FLAG(json)},
    {"metrics", '\0', "FILE",
     "write figures for Prometheus's node_exporter to this file during the run",
     TEXT(metrics_file)},
    {"quiet", 'q', NULL, "no progress, no warnings", .type = OPTION_QUIET, .is_global = true},
    {"verbose", 'v', NULL, "show more (twice: still more)", .type = OPTION_VERBOSE,
     .is_global = true, .may_repeat = true},
    {"log-format", '\0', "FORMAT",
     "the form of messages on stderr: text (default), or json for programs", .type = OPTION_PARSED,
     .parse = option_parse_log_format, .is_global = true, .choice = option_log_format_choice},
    {"help", 'h', NULL, "this text", FLAG(help), .is_global = true},
};

const size_t option_count = sizeof option_table / sizeof *option_table;

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

bool option_is_of_verb(const struct verb *verb, const char *name) {
    for (size_t i = 0; verb->options[i] != NULL; i++) {
        if (strcmp(verb->options[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static size_t count_own(const struct verb *verb) {
    size_t count = 0;
    while (verb->options[count] != NULL) {
        count++;
    }
    return count;
}

bool option_of_verb(const struct verb *verb, const struct migration *migration, size_t index,
                    struct option *option) {
    size_t own = count_own(verb);
    size_t added = option_is_of_verb(verb, "migration") ? migration->option_count : 0;
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
