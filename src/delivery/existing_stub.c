/* Until the workspace keeps records that the target has: nothing is kept. */
#include "workspace/journal_records.h"

int journal_put_existing(struct journal *journal, struct span name, struct span key,
                         struct record_id id, struct error *error) {
    (void)journal;
    (void)name;
    (void)key;
    (void)id;
    (void)error;
    return 0;
}

int journal_forget_existing(struct journal *journal, struct span name, struct error *error) {
    (void)journal;
    (void)name;
    (void)error;
    return 0;
}
