#define _GNU_SOURCE /* renameat2 */
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

int folder_sync(const char *path, struct error *error) {
    struct text folder = {0};
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        text_append_string(&folder, ".");
    } else {
        text_append(&folder, (struct span){path, (size_t)(slash - path) + 1});
    }
    int rc = text_check(&folder, error);
    if (rc == 0) {
        int descriptor = open(text_string(&folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor >= 0) {
            if (fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS) {
                rc = error_set(error, ERROR_DISK, "%s: cannot be written: %s", text_string(&folder),
                               strerror(errno));
            }
            close(descriptor);
        }
    }
    text_free(&folder);
    return rc;
}

int folder_rename_new(const char *from, const char *path, struct error *error) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno == EINVAL || errno == ENOSYS) { /* the file system cannot promise it */
        errno = EEXIST;
        if (access(path, F_OK) != 0 && rename(from, path) == 0) {
            return 0;
        }
    }
    return error_set(error, ERROR_DISK, "%s: cannot be made: %s", path, strerror(errno));
}
