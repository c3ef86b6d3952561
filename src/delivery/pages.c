#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "delivery/pages.h"

#include <time.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "delivery/backoff.h"
#include "http/answer.h"
#include "http/link.h"

enum {
    PAGES_MOST = 100000,
    UNREADABLE_MOST = 6 /* answers of one page that are a success, and no JSON */
};

struct page {
    size_t number;  /* from 0 */
    size_t listed;  /* records that the earlier pages have shown */
    bool is_linked; /* the page before has led to it */
    struct exchange exchange;
};

/* ---- one page ---- */

static void pause_before_retry(int tries, uint64_t *seed, long retry_after_ms) {
    int64_t pause = backoff_delay(tries, seed);
    int64_t asked = retry_after_ms * (int64_t)CLOCK_MILLISECOND;
    pause = asked > pause ? asked : pause;
    struct timespec time = {.tv_sec = (time_t)(pause / CLOCK_SECOND),
                            .tv_nsec = (long)(pause % CLOCK_SECOND) * 1000};
    nanosleep(&time, NULL);
}

/* A target that is down comes back within the timeout; one that answers with a page for people has
 * no list there. */
static bool may_be_asked_again(const struct page *page, const struct answer *answer, int tries) {
    bool is_page = page->exchange.end == EXCHANGE_ANSWERED && page->exchange.status / 100 == 2;
    return answer->class == ANSWER_NOT_TAKEN ||
           (answer->class == ANSWER_UNCERTAIN && !(is_page && tries >= UNREADABLE_MOST));
}

/* Asks until there is a usable answer, or the timeout is over. */
static int ask(const struct pages *pages, struct page *page, struct answer *answer,
               struct error *error) {
    int64_t until = clock_now() + pages->timeout;
    uint64_t seed = (uint64_t)clock_now() | 1;
    for (int tries = 1;; tries++) {
        if (interrupt_requested()) {
            return interrupt_set_error(error, " while a list was read");
        }
        if (session_perform(pages->session, &page->exchange, error) != 0) {
            return -1;
        }
        answer_read(&page->exchange, answer);
        if (answer->json != NULL && pages->mask != NULL) {
            pages->mask(pages->context, answer->json);
        }
        answer_say(&page->exchange, answer);
        if (!may_be_asked_again(page, answer, tries) || clock_now() >= until) {
            return 0;
        }
        answer_clear(answer);
        pause_before_retry(tries, &seed, page->exchange.retry_after_ms);
    }
}

static int fail(const struct page *page, const struct answer *answer, const char *what,
                struct error *error) {
    bool is_session = answer->class == ANSWER_SIGN_IN || answer->class == ANSWER_FORBIDDEN;
    return error_set(error, is_session ? ERROR_SESSION : ERROR_TARGET, "GET %s: %s",
                     text_string(&page->exchange.path), what);
}

/* A page after the last one: some targets refuse it. One that a link leads to is there. */
static bool is_behind_the_end(const struct page *page, const struct answer *answer) {
    return page->number > 0 && !page->is_linked &&
           (answer->class == ANSWER_REFUSED || answer->class == ANSWER_NOT_FOUND);
}

static int take(const struct pages *pages, const struct page *page, const struct answer *answer,
                size_t *fresh, struct error *error) {
    const struct kind_answer for_kind = {.to = KIND_LIST,
                                         .status = page->exchange.status,
                                         .json = answer->json,
                                         .location = text_span(&page->exchange.location)};
    *fresh = 0;
    if (is_behind_the_end(page, answer)) {
        return 0;
    }
    if (answer->class != ANSWER_RECORD) {
        return fail(page, answer, answer->message, error);
    }
    int rc = pages->take(pages->context, &for_kind, fresh, error);
    return rc == 0
               ? fail(page, answer, "the answer is not the list that the migration expects", error)
               : rc;
}

/* ---- from page to page ---- */

/* 1: there is a further page, and its path is in the exchange; 0: there is none; -1: the error. */
static int build(const struct pages *pages, struct page *page, struct error *error) {
    struct exchange *exchange = &page->exchange;
    const char *base = session_url(pages->session);
    struct text path = {0};
    page->is_linked =
        exchange->next.length > 0 &&
        link_resolve(base, text_span(&exchange->path), text_string(&exchange->next), &path) == 1;
    int rc = page->is_linked ? 1 : pages->build(pages->context, page->number, page->listed, &path);
    if (rc == 0 && exchange->next.length > 0) {
        rc = error_set(error, ERROR_TARGET,
                       "GET %s: the list continues at %s, which is not below %s, and the sign-in "
                       "is not sent elsewhere; expected a link below it, or {page} in the path",
                       text_string(&exchange->path), text_string(&exchange->next), base);
    }
    if (rc == 1 && span_equal(text_span(&path), text_span(&exchange->path))) {
        rc = 0; /* a link to the page itself leads nowhere */
    }
    if (rc == 1) {
        struct text former = exchange->path;
        exchange->path = path;
        path = former;
    }
    text_free(&path);
    return rc == 1 && text_check(&exchange->path, error) != 0 ? -1 : rc;
}

int pages_read(const struct pages *pages, struct error *error) {
    struct page page = {.exchange = {.method = "GET"}};
    size_t fresh = 1;
    int rc = 1;
    while (rc == 1 && (fresh > 0 || page.exchange.next.length > 0) && page.number < PAGES_MOST &&
           (rc = build(pages, &page, error)) == 1) {
        struct answer answer = {0};
        if (ask(pages, &page, &answer, error) != 0 ||
            take(pages, &page, &answer, &fresh, error) < 0) {
            rc = -1;
        }
        answer_clear(&answer);
        page.number++;
        page.listed += fresh;
    }
    exchange_clear(&page.exchange);
    return rc < 0 ? -1 : 0;
}
