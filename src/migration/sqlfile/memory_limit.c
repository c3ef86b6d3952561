#define _POSIX_C_SOURCE 200809L
#include "migration/sqlfile/memory_limit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define MEMORY_MOST ((rlim_t)1 << 30)

/* The pages of data that the program has: the sixth number of the file; 0 where it cannot be read.
 */
static unsigned long count_data_pages(void) {
    char line[256];
    char *at = line;
    unsigned long pages = 0;
    int used = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (used < 0) {
        return 0;
    }
    ssize_t length = read(used, line, sizeof line - 1);
    close(used);
    line[length > 0 ? length : 0] = '\0';
    for (int field = 0; length > 0 && field < 6; field++) {
        pages = strtoul(at, &at, 10);
    }
    return pages;
}

void memory_limit_begin(struct memory_limit *limit) {
    rlim_t pages = count_data_pages();
    rlim_t most = pages * (rlim_t)sysconf(_SC_PAGESIZE) + MEMORY_MOST;
    getrlimit(RLIMIT_DATA, &limit->before);
    if (pages > 0 && most < limit->before.rlim_cur) {
        setrlimit(RLIMIT_DATA, &(struct rlimit){most, limit->before.rlim_max});
    }
}

void memory_limit_end(const struct memory_limit *limit) {
    setrlimit(RLIMIT_DATA, &limit->before);
}
