/* The account of a workspace as families of metrics: source rows by fate, documents by state, what
 * reading them back has shown. Words that a kind has none of are there with 0. */
#ifndef ROWPOST_METRICS_FIGURES_H
#define ROWPOST_METRICS_FIGURES_H

#include "base/error.h"
#include "base/text.h"
#include "workspace/workspace.h"

int figures_append(struct workspace *workspace, struct text *out, struct error *error);

#endif
