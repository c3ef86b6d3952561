#define _GNU_SOURCE /* F_OFD_SETLK */
#include "base/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* SQLite locks bytes from 1 GiB on; a file may grow past that, so this is far beyond. */
#define LOCKED_BYTE ((off_t)1 << 60)

static struct flock whole_lock(void) {
    return (struct flock){
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKED_BYTE, .l_len = 1};
}

int file_lock_take(int descriptor, const char *path, struct error *error) {
    struct flock lock = whole_lock();
    if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) {
        return 1;
    }
    if (errno == EAGAIN || errno == EACCES) {
        return 0;
    }
    return error_set(error, ERROR_DISK, "%s: cannot be locked: %s", path, strerror(errno));
}

bool file_lock_is_taken(int descriptor) {
    struct flock lock = whole_lock();
    return fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}
