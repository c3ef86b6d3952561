#include "base/clock.h"
#include "base/log.h"
#include "cli/confirm.h"
#include "cli/steps.h"
#include "cli/target_connection.h"
#include "delivery/amend.h"
#include "delivery/apply.h"
#include "delivery/existing.h"
#include "delivery/verify.h"
#include "workspace/parts.h"

/* The records to which documents refer by name. */
static int read_existing(const struct options *options, struct connection *connection,
                         struct error *error) {
    return existing_store(options->migration, connection->session, connection->workspace,
                          target_timeout(options), error);
}

static int confirm(void *context, const int64_t *open, struct error *error) {
    const struct delivery_question *question = context;
    return confirm_delivery(question, open, error);
}

static struct loop_settings loop_settings_of(const struct options *options) {
    return (struct loop_settings){.jobs = (size_t)options->jobs,
                                  .rate = options->rate,
                                  .give_up_after = target_timeout(options),
                                  .settle = target_settle(options),
                                  .metrics = options->metrics};
}

static int apply(const struct options *options, struct connection *connection,
                 struct error *error) {
    struct delivery_question question = {.options = options,
                                         .target = session_url(connection->session),
                                         .answer_time = connection->answer_time};
    struct apply_settings settings = {
        .loop = loop_settings_of(options),
        .retry_refused = options->retry_refused,
        .choice = {.only = options->only, .key = options->key, .limit = options->limit},
        .confirm = confirm_is_wanted(options) ? confirm : NULL,
        .confirm_context = &question};
    return read_existing(options, connection, error) == 0
               ? apply_run(options->migration, &settings, connection->session,
                           connection->workspace, error)
               : -1;
}

static int verify(const struct options *options, struct connection *connection,
                  struct error *error) {
    struct verify_settings settings = {.loop = loop_settings_of(options),
                                       .depth = options->deep ? VERIFY_PARTS : VERIFY_RECORDS};
    return read_existing(options, connection, error) == 0
               ? verify_run(options->migration, &settings, connection->session,
                            connection->workspace, error)
               : -1;
}

static struct amend_settings amend_settings_of(const struct options *options) {
    return (struct amend_settings){
        .loop = loop_settings_of(options), .only = options->only, .key = options->key};
}

static int update(const struct options *options, struct connection *connection,
                  struct error *error) {
    struct amend_settings settings = amend_settings_of(options);
    return amend_update(options->migration, &settings, connection->session, connection->workspace,
                        error);
}

static int undo(const struct options *options, struct connection *connection, struct error *error) {
    if (parts_refuse_in_part(connection->workspace, "undo", error) != 0) {
        return -1;
    }
    struct amend_settings settings = amend_settings_of(options);
    int64_t kept = 0;
    int rc = amend_undo(options->migration, &settings, connection->session, connection->workspace,
                        &kept, error);
    if (kept > 0) {
        log_warning("%lld records were there before, were made by somebody else, or are not known "
                    "to be made by this workspace; they were left as they are, and are listed",
                    (long long)kept);
    }
    return rc == 0 && kept > 0 ? EXIT_SOMETHING_WRONG : rc;
}

/* One session for both: after a renewal only the new cookie is valid. */
static int apply_and_verify(const struct options *options, struct connection *connection,
                            struct error *error) {
    log_info("apply");
    if (apply(options, connection, error) != 0) {
        return -1;
    }
    log_info("verify");
    return verify(options, connection, error);
}

static int apply_and_update(const struct options *options, struct connection *connection,
                            struct error *error) {
    return apply(options, connection, error) == 0 ? update(options, connection, error) : -1;
}

int steps_apply_and_verify(struct options *options, struct error *error) {
    return target_with(options, "run", apply_and_verify, error);
}

int steps_apply(struct options *options, struct error *error) {
    return target_with(options, "apply", options->update_existing ? apply_and_update : apply,
                       error);
}

int steps_verify(struct options *options, struct error *error) {
    return target_with(options, "verify", verify, error);
}

int steps_undo(struct options *options, struct error *error) {
    return target_with(options, "undo", undo, error);
}
