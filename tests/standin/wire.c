#define _POSIX_C_SOURCE 200809L
#include "wire.h"

#include "faults.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

enum { LENGTH_EXCESS = 64 };

static int socket_of(const struct request *request) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

void wire_prepare(struct request *request) {
    const struct answer *answer = &request->answer;
    struct text *wire = &request->wire;
    enum fault_kind kind = fault_kind(request->fault);
    size_t declared = answer->body.size + (kind == FAULT_WRONG_LENGTH ? LENGTH_EXCESS : 0);
    size_t sent = kind == FAULT_TRUNCATE ? answer->body.size / 2 : answer->body.size;
    text_clear(wire);
    text_print(wire, "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: %s\r\n", answer->status,
               answer_reason(answer->status), answer->type);
    for (int i = 0; i < answer->header_count; i++) {
        text_print(wire, "%s: %s\r\n", answer->headers[i].name, answer->headers[i].value);
    }
    text_print(wire, "Content-Length: %zu\r\n\r\n", declared);
    request->wire_pause = 0;
    if (kind == FAULT_SLOW_HEADERS) {
        request->wire_pause = wire->size / 2;
    } else if (kind == FAULT_SLOW_BODY) {
        request->wire_pause = wire->size + sent / 2;
    }
    text_add(wire, answer->body.data, sent);
    request->wire_sent = 0;
}

enum wire_state wire_send(struct request *request) {
    int fd = socket_of(request);
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    bool pauses = request->wire_pause > request->wire_sent;
    size_t end = pauses ? request->wire_pause : request->wire.size;
    while (request->wire_sent < end) {
        ssize_t size = send(fd, request->wire.data + request->wire_sent, end - request->wire_sent,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (size < 0) {
            bool full = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
            return full ? WIRE_BLOCKED : WIRE_DONE;
        }
        request->wire_sent += (size_t)size;
    }
    if (!pauses) {
        return WIRE_DONE;
    }
    request->wire_pause = 0;
    return WIRE_PAUSE;
}

void wire_reset(const struct request *request) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    int fd = socket_of(request);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)connect(fd, &nobody, sizeof nobody);
}
