/* What a SQLite file is known by (https://sqlite.org/fileformat2.html). */
#ifndef ROWPOST_BASE_SQLITE_FILE_H
#define ROWPOST_BASE_SQLITE_FILE_H

/* Its first bytes, with the NUL at their end (1.3). */
#define SQLITE_FILE_MAGIC "SQLite format 3"

/* The endings of the files that SQLite keeps next to a database and reads as its unfinished
 * work. */
#define SQLITE_FILE_COMPANIONS "-journal", "-wal", "-shm"

#endif
