#include "http/transfers.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "base/clock.h"
#include "http/transfer.h"

struct carrier {
    const struct transfer_settings *settings;
    CURLM *multi;
    struct transfer *transfers[CARRIER_MOST_EXCHANGES]; /* those under way first */
    size_t made;
    size_t under_way;
};

static void close_transfers(struct carrier *carrier) {
    for (size_t i = 0; i < carrier->made; i++) {
        transfer_free(carrier->transfers[i]);
    }
    curl_multi_cleanup(carrier->multi);
    free(carrier);
}

static struct carrier *open_transfers(const struct transfer_settings *settings,
                                      struct error *error) {
    struct carrier *carrier = calloc(1, sizeof *carrier);

    if (carrier == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    carrier->settings = settings;
    carrier->multi = curl_multi_init();
    if (carrier->multi == NULL || curl_multi_setopt(carrier->multi, CURLMOPT_MAXCONNECTS,
                                                    (long)CARRIER_MOST_EXCHANGES) != CURLM_OK) {
        error_set_no_memory(error);
        close_transfers(carrier);
        return NULL;
    }
    return carrier;
}

/* A transfer that carries nothing: the first behind those under way. */
static struct transfer *find_idle(struct carrier *carrier, struct error *error) {
    if (carrier->under_way < carrier->made) {
        return carrier->transfers[carrier->under_way];
    }
    if (carrier->made == CARRIER_MOST_EXCHANGES) {
        error_set(error, ERROR_INTERNAL, "more than %d requests at a time", CARRIER_MOST_EXCHANGES);
        return NULL;
    }
    struct transfer *transfer = transfer_create(carrier->settings);
    if (transfer == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    carrier->transfers[carrier->made++] = transfer;
    return transfer;
}

static int send_exchange(struct carrier *carrier, struct exchange *exchange, struct error *error) {
    struct transfer *transfer = find_idle(carrier, error);

    if (transfer == NULL || transfer_begin(transfer, exchange, error) != 0) {
        return -1;
    }
    if (curl_multi_add_handle(carrier->multi, transfer_handle(transfer)) != CURLM_OK) {
        transfer_give_up(transfer, "not started");
        return error_set_no_memory(error);
    }
    carrier->under_way++;
    return 0;
}

/* Takes the transfer out of those under way. */
static void retire(struct carrier *carrier, struct transfer *transfer) {
    size_t last = carrier->under_way - 1;

    curl_multi_remove_handle(carrier->multi, transfer_handle(transfer));
    for (size_t i = 0; i < last; i++) {
        if (carrier->transfers[i] == transfer) {
            carrier->transfers[i] = carrier->transfers[last];
            carrier->transfers[last] = transfer;
            break;
        }
    }
    carrier->under_way = last;
}

static struct exchange *take_ended(struct carrier *carrier) {
    int left = 0;
    const CURLMsg *message = NULL;

    while ((message = curl_multi_info_read(carrier->multi, &left)) != NULL) {
        void *transfer = NULL;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        struct exchange *exchange = transfer_end(transfer, code);
        retire(carrier, transfer);
        return exchange;
    }
    return NULL;
}

/* The machinery itself failed: one of those under way has to pay for it. */
static struct exchange *give_up_one(struct carrier *carrier, CURLMcode code) {
    struct transfer *transfer = carrier->transfers[0];

    retire(carrier, transfer);
    return transfer_give_up(transfer, curl_multi_strerror(code));
}

static struct exchange *wait_for_one(struct carrier *carrier, int timeout_ms) {
    int64_t until = clock_now() + timeout_ms * (int64_t)CLOCK_MILLISECOND;

    for (;;) {
        int running = 0;
        struct exchange *exchange = take_ended(carrier);
        if (exchange != NULL || carrier->under_way == 0) {
            return exchange;
        }
        CURLMcode code = curl_multi_perform(carrier->multi, &running);
        if (code != CURLM_OK) {
            return give_up_one(carrier, code);
        }
        exchange = take_ended(carrier);
        int64_t left_ms = (until - clock_now() + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND;
        if (exchange != NULL || left_ms <= 0) {
            return exchange;
        }
        code = curl_multi_poll(carrier->multi, NULL, 0, (int)left_ms, NULL);
        if (code != CURLM_OK) {
            return give_up_one(carrier, code);
        }
    }
}

static void abandon_all(struct carrier *carrier) {
    while (carrier->under_way > 0) {
        struct transfer *transfer = carrier->transfers[carrier->under_way - 1];

        retire(carrier, transfer);
        transfer_give_up(transfer, CARRIER_GIVEN_UP);
    }
}

const struct carrier_kind carrier_transfers = {.open = open_transfers,
                                               .close = close_transfers,
                                               .send = send_exchange,
                                               .wait = wait_for_one,
                                               .take = take_ended,
                                               .abandon = abandon_all};
