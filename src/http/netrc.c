#define _POSIX_C_SOURCE 200809L
#include "http/netrc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int netrc_check(const char *path, struct error *error) {
    struct stat status;
    int rc = -1;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        error_set(error, ERROR_INPUT, "the netrc file %s cannot be read: %s", path,
                  strerror(errno));
        goto out;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(error, ERROR_INPUT, "the netrc file %s cannot be read: it is no file", path);
        goto out;
    }
    if ((status.st_mode & 077) != 0) {
        error_set(error, ERROR_INPUT,
                  "the netrc file %s is open to others (mode %03o); make it yours alone: chmod 600 "
                  "%s",
                  path, (unsigned)status.st_mode & 0777U, path);
        goto out;
    }
    rc = 0;
out:
    if (descriptor >= 0) {
        close(descriptor);
    }
    return rc;
}
