/*
 * The stand-in as a whole: its options and its parts, handed to every handler.
 */
#ifndef STANDIN_STANDIN_H
#define STANDIN_STANDIN_H

#include "groups.h"
#include "storage.h"

struct faults;
struct journal;
struct late;
struct pace;
struct signin;

enum authentication { AUTHENTICATION_REQUIRED, AUTHENTICATION_OFF };

struct standin {
    enum authentication authentication;
    enum groups groups;
    int workers;            /* how many requests are worked on at once, if work takes time */
    long latency_ms;        /* how long a worker is busy with a request */
    long date_skew;         /* by how many seconds the clock of the Date headers is ahead */
    long race_window_ms;    /* how long a campaign post waits between its check and its insert */
    struct text all_groups; /* the array of every group, as JSON text */
    struct storage *storage;
    struct faults *faults;
    struct journal *journal;
    struct late *late;
    struct signin *signin;
    struct pace *pace; /* the server's */
};

#endif
