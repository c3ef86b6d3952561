#define _POSIX_C_SOURCE 200809L /* mkdtemp, strdup */
#include "valdb_plan.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "valdb/valdb.h"

const char sql_null[] = "";

static const char tables_sql[] =
    "CREATE TABLE releases(id integer primary key, category text, subcategory text,"
    " release_name text, version integer, date timestamp, status_kind text);"
    "CREATE TABLE status(id integer, validation_status text, comments text, links text,"
    " user_name text, messageID text, email_subject text, relmon_url text);"
    "CREATE TABLE releases_lv(id integer primary key, category text, subcategory text,"
    " release_name text, version integer, date timestamp, status_kind text);"
    "CREATE TABLE status_lv(id integer, validation_status text, comments text, links text,"
    " user_name text, messageID text, email_subject text, relmon_url text);"
    "CREATE TABLE users(user_name text, email text, admin short, validator short);"
    "CREATE TABLE user_rights(id integer primary key, user_name text, category text,"
    " subcategory text, status_kind text);";

/* ADMIN and VALIDATOR by role. */
static const char *const role_flags[][2] = {
    [VALIDATOR] = {"0", "1"},
    [ADMINISTRATOR] = {"1", "0"},
    [ADMINISTRATOR_AND_VALIDATOR] = {"1", "1"},
    [NO_ROLE] = {"0", "0"},
    [NULL_ROLES] = {SQL_NULL, SQL_NULL},
};

static const char *either(const char *value, const char *otherwise) {
    return value == NULL ? otherwise : value;
}

/* Runs an INSERT of these values; NULL and SQL_NULL are SQL's. */
static void insert(sqlite3 *database, const char *sql, const char *const *values, int count) {
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    for (int i = 0; i < count; i++) {
        if (values[i] != NULL && values[i] != SQL_NULL) {
            sqlite3_bind_text(statement, i + 1, values[i], -1, SQLITE_STATIC);
        }
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void insert_users(sqlite3 *database, const struct legacy_user *users) {
    for (const struct legacy_user *user = users; user->login != NULL; user++) {
        char email[64];
        snprintf(email, sizeof email, "%s@lab.example", user->login);
        const char *const *flags = role_flags[user->role];
        const char *values[] = {user->login, either(user->email, email), flags[0], flags[1]};
        insert(database, "INSERT INTO users VALUES (?, ?, ?, ?)", values, 4);
    }
}

static void insert_rights(sqlite3 *database, const struct legacy_right *rights) {
    for (const struct legacy_right *right = rights; right->id != 0; right++) {
        char id[16];
        snprintf(id, sizeof id, "%d", right->id);
        const char *values[] = {id, either(right->login, "anna"),
                                either(right->category, "Reconstruction"),
                                either(right->subcategory, "Data"), either(right->kind, "CSC")};
        insert(database, "INSERT INTO user_rights VALUES (?, ?, ?, ?, ?)", values, 5);
    }
}

static void insert_reports(sqlite3 *database, const char *release_sql, const char *status_sql,
                           const struct legacy_report *reports) {
    for (const struct legacy_report *row = reports; row->id != 0; row++) {
        char id[16];
        snprintf(id, sizeof id, "%d", row->id);
        const char *release[] = {id,
                                 either(row->category, "Reconstruction"),
                                 either(row->subcategory, "Data"),
                                 either(row->campaign, "12_5_0"),
                                 either(row->version, "1"),
                                 either(row->date, "2023-01-10"),
                                 either(row->kind, "CSC")};
        const char *status[] = {
            id, either(row->status, "OK"), row->comments, row->links, row->who, row->relmon};
        insert(database, release_sql, release, 7);
        insert(database, status_sql, status, 6);
    }
}

static void write_database(const char *path, const struct legacy *legacy) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "PRAGMA synchronous = OFF; BEGIN", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, tables_sql, NULL, NULL, NULL), SQLITE_OK);
    insert_users(database, legacy->users);
    insert_rights(database, legacy->rights);
    insert_reports(database, "INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "INSERT INTO status VALUES (?, ?, ?, ?, ?, NULL, NULL, ?)", legacy->reports);
    insert_reports(database, "INSERT INTO releases_lv VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "INSERT INTO status_lv VALUES (?, ?, ?, ?, ?, NULL, NULL, ?)", legacy->versions);
    assert_int_equal(sqlite3_exec(database, either(legacy->sql, ""), NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void write_list(const char *path, const char *lines) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fprintf(file, "user_name,email,fullname\n%s", lines);
    assert_int_equal(fclose(file), 0);
}

static int64_t day_of(const char *text) {
    int64_t day = 0;
    assert_int_equal(date_parse_day(span_of(text), &day), 0);
    return day;
}

/* The settings of a plan; the values are those of the options that are not NULL. */
struct arguments {
    struct migration_value values[4];
    struct migration_settings settings;
};

static void add_value(struct arguments *arguments, const char *name, const char *value) {
    if (value != NULL) {
        arguments->values[arguments->settings.value_count++] =
            (struct migration_value){.name = name, .value = value};
    }
}

static void set_arguments(struct arguments *arguments, enum rule_set rules, const char *as_of,
                          const char *admins, const char *people) {
    *arguments = (struct arguments){
        .settings = {.as_of = day_of(as_of), .people = people, .values = arguments->values}};
    add_value(arguments, "rules", rules == RULES_NOTEBOOK ? "notebook" : NULL);
    add_value(arguments, "admins", admins);
}

static int stage(const char *path, const struct migration_settings *settings,
                 int (*read)(void *context, const struct migration_settings *settings,
                             struct staging *staging, struct error *error),
                 void *context, struct error *error) {
    int rc = -1;
    struct source *source = source_open(path, NULL, error);
    if (source == NULL) {
        return -1;
    }
    struct staging_settings staged = {
        .tables = valdb_migration.tables,
        .table_count = valdb_migration.count_tables(&valdb_migration, settings),
        .padding = valdb_migration.padding(&valdb_migration, settings)};
    struct staging *staging = staging_open(source, &staged, error);
    if (staging != NULL) {
        rc = read(context, settings, staging, error);
        staging_close(staging);
    }
    source_close(source);
    return rc;
}

static int run_plan(void *context, const struct migration_settings *settings,
                    struct staging *staging, struct error *error) {
    struct plan_sink sink = sink_of(context);
    return valdb_migration.plan(&valdb_migration, settings, staging, &sink, error);
}

/* Writes the database and the lists into a folder of their own, reads them, and removes them. */
static int stage_rows(const struct legacy *legacy, enum rule_set rules,
                      int (*read)(void *context, const struct migration_settings *settings,
                                  struct staging *staging, struct error *error),
                      void *context, struct error *error) {
    char folder[] = "/tmp/rowpost-valdb-XXXXXX";
    char database[64];
    char admins[64];
    char people[64];
    struct arguments arguments;
    assert_non_null(mkdtemp(folder));
    snprintf(database, sizeof database, "%s/legacy.db", folder);
    snprintf(admins, sizeof admins, "%s/admins.csv", folder);
    snprintf(people, sizeof people, "%s/people.csv", folder);
    write_database(database, legacy);
    write_list(admins, either(legacy->admins, ""));
    write_list(people, either(legacy->people, ""));
    set_arguments(&arguments, rules, either(legacy->as_of, "2023-03-15"),
                  legacy->admins == NULL ? NULL : admins, legacy->people == NULL ? NULL : people);
    add_value(&arguments, "history", legacy->with_history ? "yes" : NULL);
    add_value(&arguments, "alias", legacy->alias);
    int rc = stage(database, &arguments.settings, read, context, error);
    unlink(database);
    unlink(admins);
    unlink(people);
    assert_int_equal(rmdir(folder), 0);
    return rc;
}

static struct plan *plan_by(const struct legacy *legacy, enum rule_set rules) {
    struct error error = {0};
    struct plan *plan = plan_create();
    if (stage_rows(legacy, rules, run_plan, plan, &error) != 0) {
        fail_msg("%s", error.message);
    }
    plan_check_balance(plan);
    return plan;
}

struct plan *plan_corrected(const struct legacy *legacy) {
    return plan_by(legacy, RULES_CORRECTED);
}

struct plan *plan_notebook(const struct legacy *legacy) {
    return plan_by(legacy, RULES_NOTEBOOK);
}

enum { MOST_STATEMENTS = 64 };

struct trace {
    struct plan *plan;
    char *sql[MOST_STATEMENTS];
    int64_t steps[MOST_STATEMENTS];
    size_t count;
    void (*look)(void *context, sqlite3 *database, const char *sql, int64_t steps);
    void *context;
};

/* A statement that has run more than once is one. */
static int note_statement(unsigned event, void *context, void *statement, void *nanoseconds) {
    struct trace *trace = context;
    const char *sql = sqlite3_sql(statement);
    size_t i = 0;
    (void)event;
    (void)nanoseconds;
    while (i < trace->count && strcmp(trace->sql[i], sql) != 0) {
        i++;
    }
    assert_true(i < MOST_STATEMENTS);
    if (i == trace->count) {
        trace->sql[trace->count++] = strdup(sql);
    }
    trace->steps[i] += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
}

static int run_traced(void *context, const struct migration_settings *settings,
                      struct staging *staging, struct error *error) {
    struct trace *trace = context;
    sqlite3 *database = staging_database(staging);
    sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, note_statement, trace);
    int rc = run_plan(trace->plan, settings, staging, error);
    sqlite3_trace_v2(database, 0, NULL, NULL);
    for (size_t i = 0; i < trace->count; i++) {
        if (strncmp(trace->sql[i], "CREATE", 6) == 0) {
            sqlite3_exec(database, trace->sql[i], NULL, NULL, NULL); /* to explain the others */
        }
    }
    for (size_t i = 0; i < trace->count; i++) {
        trace->look(trace->context, database, trace->sql[i], trace->steps[i]);
        free(trace->sql[i]);
    }
    return rc;
}

void plan_traced(const struct legacy *legacy, enum rule_set rules,
                 void (*look)(void *context, sqlite3 *database, const char *sql, int64_t steps),
                 void *context) {
    struct error error = {0};
    struct trace trace = {.plan = plan_create(), .look = look, .context = context};
    if (stage_rows(legacy, rules, run_traced, &trace, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

static int run_twice(void *context, const struct migration_settings *settings,
                     struct staging *staging, struct error *error) {
    struct plan **plans_made = context;
    return run_plan(plans_made[0], settings, staging, error) == 0
               ? run_plan(plans_made[1], settings, staging, error)
               : -1;
}

void plan_twice(const struct legacy *legacy, struct plan *made[2]) {
    struct error error = {0};
    made[0] = plan_create();
    made[1] = plan_create();
    if (stage_rows(legacy, RULES_CORRECTED, run_twice, made, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

void expect_no_plan(const struct legacy *legacy, enum error_code code, const char *words) {
    struct error error = {0};
    assert_int_equal(stage_rows(legacy, RULES_CORRECTED, run_plan, plan_create(), &error), -1);
    assert_int_equal(error.code, code);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
}

struct plan *plan_database(const char *path, enum rule_set rules, const char *admins,
                           const char *people) {
    struct error error = {0};
    struct plan *plan = plan_create();
    struct arguments arguments;
    set_arguments(&arguments, rules, "2023-03-15", admins, people);
    if (stage(path, &arguments.settings, run_plan, plan, &error) != 0) {
        fail_msg("%s", error.message);
    }
    plan_check_balance(plan);
    return plan;
}
