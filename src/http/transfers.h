/* Transfers as a carrier: libcurl's multi handle does all of HTTP. */
#ifndef ROWPOST_HTTP_TRANSFERS_H
#define ROWPOST_HTTP_TRANSFERS_H

#include "http/carrier.h"

extern const struct carrier_kind carrier_transfers;

#endif
