/* Which program this is. Constant texts; the commit is asked of git when the program is built. */
#ifndef ROWPOST_BASE_VERSION_H
#define ROWPOST_BASE_VERSION_H

/* The number of the release: `0.1.0`. */
extern const char version_number[];

/* Only the commit, as in the text below: `9fceb02d0ae5`. */
extern const char version_commit[];

/* What a bug report should quote: `rowpost 0.1.0 (9fceb02d0ae5)`; `-dirty` after the commit where
 * the sources were changed after it; `no commit` where they were built outside their repository. */
extern const char version_text[];

#endif
