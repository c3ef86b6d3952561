/* Transfers as a carrier: libcurl's multi handle does all of HTTP. */
#ifndef ROWPOST_TARGET_TRANSFERS_H
#define ROWPOST_TARGET_TRANSFERS_H

#include "target/carrier.h"

extern const struct carrier_kind carrier_transfers;

#endif
