/* One error: a code that decides the exit status, and a sentence for the person at the terminal.
 *
 * A function that can fail takes `struct error *` last, returns 0 or -1 (a pointer: NULL), and on
 * failure has filled the error with what was found, what was expected and what to do. Errors are
 * passed out and printed once, in src/cli. The caller owns the struct; it holds no pointers. */
#ifndef ROWPOST_BASE_ERROR_H
#define ROWPOST_BASE_ERROR_H

enum error_code {
    ERROR_NONE = 0,
    ERROR_USAGE,       /* the command line or a settings file asks for what cannot be */
    ERROR_INPUT,       /* an input file (CSV, cookies, credentials) cannot be understood */
    ERROR_SOURCE,      /* the legacy database cannot be reached or read */
    ERROR_TARGET,      /* the new service cannot be reached */
    ERROR_SESSION,     /* the new service or the legacy database does not accept who signs in */
    ERROR_WORKSPACE,   /* the workspace is not one, is too new, or is in use */
    ERROR_DISK,        /* a file cannot be written */
    ERROR_MEMORY,      /* no memory left */
    ERROR_BALANCE,     /* the reconciliation does not add up */
    ERROR_INTERRUPTED, /* the user asked to stop */
    ERROR_INTERNAL     /* a promise of the program's own was broken */
};

/* "usage", "session" ...: one word, for programs. */
const char *error_code_name(enum error_code code);

enum { ERROR_MESSAGE_SIZE = 1024 };

struct error {
    enum error_code code;
    char message[ERROR_MESSAGE_SIZE];
};

/* Fills the error (a NULL error is allowed) and returns -1, so that `return error_set(...)` reads
 * well. A message that is too long is cut at a character's boundary. */
int error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "context: " in front of the message and returns -1; the code stays. */
int error_add_context(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same sentence for every place that runs out of memory. Returns -1. */
int error_set_no_memory(struct error *error);

#endif
