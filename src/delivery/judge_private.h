/* What the judging of look-ups (judge.c) and of changes (judge_change.c) share. */
#ifndef ROWPOST_DELIVERY_JUDGE_PRIVATE_H
#define ROWPOST_DELIVERY_JUDGE_PRIVATE_H

#include "delivery/judge.h"

/* The judgement, unless the answer is a redirect, which is about every record and not only this
 * one. */
enum judgement judge_class(const struct task *task, const struct answer *answer,
                           enum judgement judgement);

/* The answer as the kind sees it. */
struct kind_answer judge_kind_answer(const struct task *task, const struct answer *answer);

/* The records that the answer shows. False where it cannot show any. */
bool judge_find_matches(const struct task *task, const struct answer *answer,
                        struct kind_matches *matches);

/* Compares the first one with the plan, into the task's findings. Returns their number. */
size_t judge_compare(struct task *task, const struct kind_matches *matches,
                     enum comparison comparison);

/* Keeps the name of the first one as the task's. */
void judge_keep_target_id(struct task *task, const struct kind_matches *matches);

/* ---- judge_change.c ---- */

enum judgement judge_post(struct task *task, const struct answer *answer);
enum judgement judge_update(struct task *task, const struct answer *answer);

/* A look-up decides whether it is gone. */
enum judgement judge_removal(const struct task *task, const struct answer *answer);

#endif
