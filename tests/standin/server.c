#define _POSIX_C_SOURCE 200809L
#include "server.h"

#include "control.h"
#include "faults.h"
#include "journal.h"
#include "late.h"
#include "pace.h"
#include "record.h"
#include "route.h"
#include "signin.h"
#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MS = 100, BLOCKED_MS = 2 };

struct server {
    struct standin *standin;
    struct MHD_Daemon *daemon;
    struct pace *pace;
    struct request *spent; /* for the next requests */
    long long connections;
    bool stopping;
};

/*
 * The way of a request, a step after the other. A step that has to wait suspends the connection and
 * returns that; when it is woken the work continues after that step. */
enum progress { PROGRESS_ON, PROGRESS_WAIT, PROGRESS_ANSWERED, PROGRESS_CLOSE };

typedef enum progress step(struct server *server, struct request *request);

static enum progress wait_for(struct server *server, struct request *request, long milliseconds) {
    if (milliseconds == 0) {
        return PROGRESS_ON;
    }
    pace_wait(server->pace, request, milliseconds);
    return PROGRESS_WAIT;
}

static enum progress step_arrive(struct server *server, struct request *request) {
    if (control_owns(request)) {
        control_answer(server->standin, request);
        return PROGRESS_ON;
    }
    journal_arrive(server->standin->journal, request);
    request->is_counted = true;
    request->fault = faults_match(server->standin->faults, request);
    if (request->fault == NULL) {
        return PROGRESS_ON;
    }
    return wait_for(server, request, fault_pause(request->fault, FAULT_BEFORE));
}

static bool needs_worker(const struct server *server) {
    return server->standin->latency_ms > 0 || server->standin->race_window_ms > 0;
}

static enum progress step_take_worker(struct server *server, struct request *request) {
    if (request->fault != NULL && fault_prevents(request->fault)) {
        fault_answer(request->fault, request);
        return PROGRESS_ON;
    }
    if (request->answer.status != 0 || !needs_worker(server)) {
        return PROGRESS_ON;
    }
    return pace_take_worker(server->pace, request) == 0 ? PROGRESS_ON : PROGRESS_WAIT;
}

static enum progress step_labour(struct server *server, struct request *request) {
    return request->holds_worker ? wait_for(server, request, server->standin->latency_ms)
                                 : PROGRESS_ON;
}

/* The pages that need no sign-in. True if the request was for one. */
static bool answer_signin_pages(struct request *request) {
    if (strcmp(request->path.data, "/oauth2/auth") == 0) {
        answer_redirect(&request->answer, 302, "/login");
        return true;
    }
    if (strcmp(request->path.data, "/login") == 0) {
        answer_login(&request->answer);
        return true;
    }
    return false;
}

/* Whether the person may pass; if not, the answer is set. */
static bool may_pass(struct request *request, enum signin_state state, enum need need) {
    switch (state) {
    case SIGNIN_ABSENT:
        answer_redirect(&request->answer, 302, "/oauth2/auth");
        return false;
    case SIGNIN_AUDIENCE:
        answer_error(&request->answer, 500);
        return false;
    case SIGNIN_PLAIN:
        if (need != NEED_NOTHING) {
            answer_error(&request->answer, 403);
            return false;
        }
        break;
    case SIGNIN_FULL:
        break;
    }
    return true;
}

static enum progress step_work(struct server *server, struct request *request) {
    struct standin *standin = server->standin;
    if (request->answer.status != 0 || answer_signin_pages(request)) {
        return PROGRESS_ON;
    }
    enum signin_state state = SIGNIN_FULL;
    if (standin->authentication == AUTHENTICATION_REQUIRED) {
        state = signin_check(standin->signin, request);
    }
    if (!may_pass(request, state, NEED_NOTHING)) {
        return PROGRESS_ON;
    }
    request->route = route_find(request);
    if (request->route == NULL || !may_pass(request, state, request->route->need)) {
        return PROGRESS_ON;
    }
    if (request->fault != NULL && fault_is_late(request->fault)) {
        late_take(standin->late, standin, request, fault_lateness(request->fault));
        return PROGRESS_ON;
    }
    if (request->fault != NULL && fault_repeats(request->fault)) {
        late_take(standin->late, standin, request, fault_lateness(request->fault));
    }
    if (request->answer.status != 0) {
        return PROGRESS_ON; /* refused by the checks */
    }
    if (request->route->handle(standin, request) == OUTCOME_ANSWERED) {
        return PROGRESS_ON;
    }
    return wait_for(server, request, standin->race_window_ms);
}

static enum progress step_finish(struct server *server, struct request *request) {
    if (request->document == NULL) {
        return PROGRESS_ON;
    }
    if (request->fault != NULL && fault_kind(request->fault) == FAULT_PARTIAL) {
        request->route->break_off(server->standin, request);
    } else {
        request->route->finish(server->standin, request);
    }
    return PROGRESS_ON;
}

static enum progress step_leave_worker(struct server *server, struct request *request) {
    pace_leave_worker(server->pace, request);
    if (request->fault == NULL || fault_prevents(request->fault)) {
        return PROGRESS_ON;
    }
    fault_answer(request->fault, request);
    return wait_for(server, request, fault_pause(request->fault, FAULT_AFTER));
}

static enum progress queue_answer(const struct standin *standin, struct request *request) {
    const struct answer *answer = &request->answer;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.size, answer->body.data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return PROGRESS_CLOSE;
    }
    MHD_add_response_header(response, "Content-Type", answer->type);
    if (standin->date_skew != 0) {
        char date[RECORD_DATE_SIZE];
        record_date(standin->date_skew, date);
        MHD_add_response_header(response, "Date", date);
    }
    for (int i = 0; i < answer->header_count; i++) {
        MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    }
    enum MHD_Result queued = MHD_queue_response(request->connection, answer->status, response);
    MHD_destroy_response(response);
    return queued == MHD_YES ? PROGRESS_ANSWERED : PROGRESS_CLOSE;
}

/* Closes the connection or begins a spoilt answer, where the fault has it. */
static enum progress spoil(struct server *server, struct request *request) {
    switch (fault_kind(request->fault)) {
    case FAULT_RESET:
        journal_note(server->standin->journal, request, 0);
        wire_reset(request);
        return PROGRESS_CLOSE;
    case FAULT_DROP:
    case FAULT_LATE_DROP:
        journal_note(server->standin->journal, request, 0);
        return PROGRESS_CLOSE;
    case FAULT_TRUNCATE:
    case FAULT_WRONG_LENGTH:
    case FAULT_SLOW_HEADERS:
    case FAULT_SLOW_BODY:
        journal_note(server->standin->journal, request, request->answer.status);
        wire_prepare(request);
        return PROGRESS_ON;
    default:
        journal_note(server->standin->journal, request, request->answer.status);
        return queue_answer(server->standin, request);
    }
}

static enum progress step_answer(struct server *server, struct request *request) {
    if (request->fault != NULL) {
        return spoil(server, request);
    }
    if (!control_owns(request)) {
        journal_note(server->standin->journal, request, request->answer.status);
    }
    return queue_answer(server->standin, request);
}

static enum progress step_send(struct server *server, struct request *request) {
    switch (wire_send(request)) {
    case WIRE_BLOCKED:
        pace_wait(server->pace, request, BLOCKED_MS);
        break;
    case WIRE_PAUSE:
        pace_wait(server->pace, request, fault_inner_pause(request->fault));
        break;
    case WIRE_DONE:
        return PROGRESS_CLOSE;
    }
    request->step--;
    return PROGRESS_WAIT;
}

static step *const steps[] = {step_arrive, step_take_worker,  step_labour, step_work,
                              step_finish, step_leave_worker, step_answer, step_send};

static enum MHD_Result advance(struct server *server, struct request *request) {
    while (!request->is_dropped) {
        switch (steps[request->step++](server, request)) {
        case PROGRESS_ON:
            break;
        case PROGRESS_WAIT:
        case PROGRESS_ANSWERED:
            return MHD_YES;
        case PROGRESS_CLOSE:
            return MHD_NO;
        }
    }
    return MHD_NO;
}

/* A request begins: its address is there, as sent. */
static void *on_address(void *context, const char *uri, struct MHD_Connection *connection) {
    struct server *server = context;
    struct request *request = server->spent;
    if (request == NULL) {
        request = calloc(1, sizeof *request);
        if (request == NULL) {
            abort();
        }
    } else {
        server->spent = request->next;
        request->next = NULL;
    }
    request->connection = connection;
    request_set_uri(request, uri);
    return request;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **slot) {
    struct server *server = context;
    struct request *request = *slot;
    (void)url;
    (void)version;
    if (server->stopping) {
        return MHD_NO;
    }
    if (!request->arrived) {
        request->arrived = true;
        request->method = method;
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        request->connection_number = (long long)(intptr_t)info->socket_context;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        text_add(&request->body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    return advance(server, request);
}

static void on_end(void *context, struct MHD_Connection *connection, void **slot,
                   enum MHD_RequestTerminationCode code) {
    struct server *server = context;
    struct request *request = *slot;
    (void)connection;
    (void)code;
    if (request == NULL) {
        return;
    }
    if (request->is_counted) {
        journal_end(server->standin->journal);
    }
    pace_leave_worker(server->pace, request);
    fault_release(request->fault);
    request_recycle(request);
    request->next = server->spent;
    server->spent = request;
    *slot = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code) {
    struct server *server = context;
    (void)connection;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        /* libmicrohttpd keeps a pointer for us, and a number is all that we want kept. */
        *socket_context = (void *)(intptr_t)++server->connections; /* NOLINT(*-no-int-to-ptr) */
    }
}

/* Addresses are taken apart by request_set_uri(). */
static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

struct server *server_start(struct standin *standin, unsigned short port) {
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return NULL;
    }
    server->standin = standin;
    server->pace = pace_new(standin->workers);
    standin->pace = server->pace;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME, port, NULL, NULL, on_request,
        server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK,
        on_address, server, MHD_OPTION_NOTIFY_COMPLETED, on_end, server,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_UNESCAPE_CALLBACK,
        leave_encoded, server, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
    if (server->daemon == NULL || server->pace == NULL) {
        server_stop(server);
        return NULL;
    }
    return server;
}

unsigned short server_port(const struct server *server) {
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

int server_run(struct server *server, const volatile sig_atomic_t *stop) {
    while (!*stop) {
        int idle = late_idle(server->standin->late, pace_idle(server->pace, IDLE_MS));
        if (MHD_run_wait(server->daemon, idle) != MHD_YES) {
            return -1;
        }
        pace_wake_due(server->pace);
        late_work(server->standin->late, server->standin);
    }
    return 0;
}

void server_stop(struct server *server) {
    server->stopping = true;
    if (server->daemon != NULL) {
        pace_wake_all(server->pace);
        MHD_run(server->daemon);
        MHD_stop_daemon(server->daemon);
    }
    while (server->spent != NULL) {
        struct request *request = server->spent;
        server->spent = request->next;
        request_free(request);
    }
    pace_free(server->pace);
    free(server);
}
