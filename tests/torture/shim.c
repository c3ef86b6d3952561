/* A library to be preloaded (LD_PRELOAD): it makes a chosen call of the C library fail, or cuts the
 * power at a chosen moment.
 *
 *   ROWPOST_SHIM_FAIL=CLASS:N:HOW   the N-th call of the class fails: HOW is the name of an error,
 *                                   or `short`, which moves one byte less than half of the bytes
 *   ROWPOST_SHIM_COUNT=FILE         at the end, writes how many calls each class has had
 *   ROWPOST_SHIM_FOLDER=FOLDER      the files whose writes are remembered until they are synced
 *   ROWPOST_SHIM_CUT=N:SEED         before the N-th write, sync or truncation of these files, each
 *                                   sector that was written and not synced falls back to what it
 *                                   was, or not, by chance; then the process is killed
 *
 * A cut leaves what a disk may leave: sectors of one write that arrived in part and in any order, a
 * file whose new length is lost. What was synced is there. */
#undef _FILE_OFFSET_BITS /* open() and open64() are two functions here */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum call_class {
    CLASS_MALLOC,
    CLASS_READ,
    CLASS_WRITE,
    CLASS_SYNC,
    CLASS_OPEN,
    CLASS_LOCK,
    CLASS_RESIZE,
    CLASS_SOCKET,
    CLASS_SEND,
    CLASS_RECEIVE,
    CLASS_RENAME,
    CLASS_COUNT
};

static const char *const class_names[CLASS_COUNT] = {
    "malloc", "read",   "write", "sync",    "open",   "lock",
    "resize", "socket", "send",  "receive", "rename",
};

enum { FAIL_SHORT = -1, MOST_FILES = 1024, SECTOR = 512 };

static const struct failure {
    const char *name;
    int code;
} failures[] = {
    {"ENOMEM", ENOMEM},         {"EIO", EIO},          {"ENOSPC", ENOSPC},
    {"EINTR", EINTR},           {"EMFILE", EMFILE},    {"ENOLCK", ENOLCK},
    {"ECONNRESET", ECONNRESET}, {"EPIPE", EPIPE},      {"EACCES", EACCES},
    {"ETIMEDOUT", ETIMEDOUT},   {"short", FAIL_SHORT},
};

static struct {
    enum call_class class;
    long call; /* 0: none fails */
    int how;
} chosen;

static long counts[CLASS_COUNT];
static long operations; /* on the files in the folder */
static long cut_at;
static uint64_t chance = 1;
static char folder[4096];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* glibc's own names; the usual ones lead back here. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);

#define REAL(name) ((__typeof__(&name))find_real(#name))

static void *find_real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        abort();
    }
    return found;
}

static void read_failure(const char *text) {
    char class[16];
    char how[16];
    long call;
    if (text == NULL || sscanf(text, "%15[^:]:%ld:%15s", class, &call, how) != 3) {
        return;
    }
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (strcmp(failures[i].name, how) == 0) {
            chosen.how = failures[i].code;
        }
    }
    for (int i = 0; i < CLASS_COUNT; i++) {
        if (strcmp(class_names[i], class) == 0) {
            chosen.class = (enum call_class)i;
            chosen.call = call;
        }
    }
}

__attribute__((constructor)) static void begin(void) {
    unsigned long seed;
    const char *cut = getenv("ROWPOST_SHIM_CUT");
    const char *where = getenv("ROWPOST_SHIM_FOLDER");
    if (where != NULL && strlen(where) < sizeof folder) {
        memcpy(folder, where, strlen(where) + 1);
    }
    if (cut != NULL && sscanf(cut, "%ld:%lu", &cut_at, &seed) == 2) {
        chance = seed * 2 + 1;
    }
    memset(counts, 0, sizeof counts);
    read_failure(getenv("ROWPOST_SHIM_FAIL"));
}

__attribute__((destructor)) static void end(void) {
    const char *file = getenv("ROWPOST_SHIM_COUNT");
    char text[512];
    int length = 0;
    if (file == NULL) {
        return;
    }
    for (int i = 0; i < CLASS_COUNT; i++) {
        length += snprintf(text + length, sizeof text - (size_t)length, "%s %ld\n", class_names[i],
                           counts[i]);
    }
    length += snprintf(text + length, sizeof text - (size_t)length, "operation %ld\n", operations);
    int out = REAL(open)(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out >= 0 && REAL(write)(out, text, (size_t)length) != length) {
        abort();
    }
}

/* 0: the call goes its way; else how it fails. */
static int fails(enum call_class class) {
    long call = __atomic_add_fetch(&counts[class], 1, __ATOMIC_SEQ_CST);
    return chosen.call == call && chosen.class == class ? chosen.how : 0;
}

/* True: the call fails with errno set. A short one moves fewer bytes instead. */
static bool strikes(enum call_class class, size_t *size) {
    int how = fails(class);
    if (how == FAIL_SHORT && size != NULL) {
        *size = *size > 2 ? *size / 2 - 1 : *size;
        return false;
    }
    if (how > 0) {
        errno = how;
    }
    return how > 0;
}

/* ---- memory ---- */

void *malloc(size_t size) {
    return strikes(CLASS_MALLOC, NULL) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return strikes(CLASS_MALLOC, NULL) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
    return strikes(CLASS_MALLOC, NULL) ? NULL : __libc_realloc(pointer, size);
}

/* ---- what is written and not synced ---- */

/* A sector of a file as it was when the file was synced last. */
struct sector {
    struct sector *next;
    off_t offset;
    size_t length; /* less than a sector at the end of the file */
    char bytes[SECTOR];
};

struct file {
    bool is_tracked;
    off_t synced_size;
    struct sector *sectors;
};

/* By descriptor; a file has one that writes. */
static struct file files[MOST_FILES];

static struct file *find_file(int descriptor) {
    return descriptor >= 0 && descriptor < MOST_FILES && files[descriptor].is_tracked
               ? &files[descriptor]
               : NULL;
}

static void forget_sectors(struct file *file) {
    while (file->sectors != NULL) {
        struct sector *sector = file->sectors;
        file->sectors = sector->next;
        free(sector);
    }
}

static void note_synced(int descriptor, struct file *file) {
    struct stat status;
    forget_sectors(file);
    file->synced_size = fstat(descriptor, &status) == 0 ? status.st_size : 0;
}

static void keep_sector(int descriptor, struct file *file, off_t offset) {
    for (const struct sector *sector = file->sectors; sector != NULL; sector = sector->next) {
        if (sector->offset == offset) {
            return;
        }
    }
    struct sector *sector = __libc_calloc(1, sizeof *sector);
    if (sector == NULL) {
        abort();
    }
    ssize_t length = REAL(pread64)(descriptor, sector->bytes, SECTOR, offset);
    sector->offset = offset;
    sector->length = length > 0 ? (size_t)length : 0;
    sector->next = file->sectors;
    file->sectors = sector;
}

static void keep_range(int descriptor, struct file *file, off_t offset, size_t size) {
    for (off_t at = offset - offset % SECTOR; at < offset + (off_t)size; at += SECTOR) {
        keep_sector(descriptor, file, at);
    }
}

static bool toss(void) {
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (chance >> 33) % 2 == 0;
}

static void lose_unsynced(int descriptor, struct file *file) {
    for (const struct sector *sector = file->sectors; sector != NULL; sector = sector->next) {
        if (sector->length > 0 && toss() &&
            REAL(pwrite64)(descriptor, sector->bytes, sector->length, sector->offset) < 0) {
            abort();
        }
    }
    struct stat status;
    if (fstat(descriptor, &status) == 0 && status.st_size > file->synced_size && toss() &&
        REAL(ftruncate64)(descriptor, file->synced_size) != 0) {
        abort();
    }
}

/* Called before a write, a sync or a truncation of a tracked file, under the lock. */
static void pass_operation(void) {
    if (++operations != cut_at) {
        return;
    }
    for (int i = 0; i < MOST_FILES; i++) {
        if (files[i].is_tracked) {
            lose_unsynced(i, &files[i]);
        }
    }
    kill(getpid(), SIGKILL);
    pause();
}

static void before_write(int descriptor, off_t offset, size_t size) {
    pthread_mutex_lock(&lock);
    struct file *file = find_file(descriptor);
    if (file != NULL) {
        pass_operation();
        off_t at = offset >= 0 ? offset : lseek(descriptor, 0, SEEK_CUR);
        keep_range(descriptor, file, at, size);
    }
    pthread_mutex_unlock(&lock);
}

static void before_resize(int descriptor, off_t size) {
    struct stat status;
    pthread_mutex_lock(&lock);
    struct file *file = find_file(descriptor);
    if (file != NULL) {
        pass_operation();
        if (fstat(descriptor, &status) == 0 && status.st_size > size) {
            keep_range(descriptor, file, size, (size_t)(status.st_size - size));
        }
    }
    pthread_mutex_unlock(&lock);
}

static void before_sync(int descriptor) {
    pthread_mutex_lock(&lock);
    struct file *file = find_file(descriptor);
    if (file != NULL) {
        pass_operation();
        note_synced(descriptor, file);
    }
    pthread_mutex_unlock(&lock);
}

/* SQLite's index of a WAL is memory, not a record: no power cut leaves it. */
static bool is_record(const char *path) {
    size_t length = strlen(path);
    return folder[0] != '\0' && strncmp(path, folder, strlen(folder)) == 0 &&
           (length < 4 || strcmp(path + length - 4, "-shm") != 0);
}

static int note_open(int descriptor, const char *path, int flags) {
    if (descriptor >= 0 && descriptor < MOST_FILES && (flags & O_ACCMODE) != O_RDONLY &&
        is_record(path)) {
        pthread_mutex_lock(&lock);
        files[descriptor].is_tracked = true;
        note_synced(descriptor, &files[descriptor]);
        pthread_mutex_unlock(&lock);
    }
    return descriptor;
}

/* ---- files ---- */

static int open_file(int (*real)(const char *, int, ...), const char *path, int flags, int mode) {
    if (strikes(CLASS_OPEN, NULL)) {
        return -1;
    }
    return note_open(real(path, flags, mode), path, flags);
}

#define READ_MODE(flags, mode)                                                                     \
    do {                                                                                           \
        if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {                                              \
            va_list arguments;                                                                     \
            va_start(arguments, flags);                                                            \
            (mode) = va_arg(arguments, int);                                                       \
            va_end(arguments);                                                                     \
        }                                                                                          \
    } while (0)

int open(const char *path, int flags, ...) {
    int mode = 0;
    READ_MODE(flags, mode);
    return open_file(REAL(open), path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    int mode = 0;
    READ_MODE(flags, mode);
    return open_file(REAL(open64), path, flags, mode);
}

int close(int descriptor) {
    pthread_mutex_lock(&lock);
    struct file *file = find_file(descriptor);
    if (file != NULL) {
        forget_sectors(file);
        file->is_tracked = false;
    }
    pthread_mutex_unlock(&lock);
    return REAL(close)(descriptor);
}

ssize_t read(int descriptor, void *bytes, size_t size) {
    return strikes(CLASS_READ, &size) ? -1 : REAL(read)(descriptor, bytes, size);
}

ssize_t pread64(int descriptor, void *bytes, size_t size, off_t offset) {
    return strikes(CLASS_READ, &size) ? -1 : REAL(pread64)(descriptor, bytes, size, offset);
}

ssize_t pread(int descriptor, void *bytes, size_t size, off_t offset) {
    return pread64(descriptor, bytes, size, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t size) {
    if (strikes(CLASS_WRITE, &size)) {
        return -1;
    }
    before_write(descriptor, -1, size);
    return REAL(write)(descriptor, bytes, size);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off_t offset) {
    if (strikes(CLASS_WRITE, &size)) {
        return -1;
    }
    before_write(descriptor, offset, size);
    return REAL(pwrite64)(descriptor, bytes, size, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset) {
    return pwrite64(descriptor, bytes, size, offset);
}

int fsync(int descriptor) {
    if (strikes(CLASS_SYNC, NULL)) {
        return -1;
    }
    before_sync(descriptor);
    return REAL(fsync)(descriptor);
}

int fdatasync(int descriptor) {
    if (strikes(CLASS_SYNC, NULL)) {
        return -1;
    }
    before_sync(descriptor);
    return REAL(fdatasync)(descriptor);
}

int ftruncate64(int descriptor, off_t size) {
    if (strikes(CLASS_RESIZE, NULL)) {
        return -1;
    }
    before_resize(descriptor, size);
    return REAL(ftruncate64)(descriptor, size);
}

int ftruncate(int descriptor, off_t size) {
    return ftruncate64(descriptor, size);
}

int rename(const char *old, const char *new) {
    return strikes(CLASS_RENAME, NULL) ? -1 : REAL(rename)(old, new);
}

static int control_file(int (*real)(int, int, ...), int descriptor, int command, void *argument) {
    bool is_lock = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK;
    return is_lock && strikes(CLASS_LOCK, NULL) ? -1 : real(descriptor, command, argument);
}

int fcntl(int descriptor, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return control_file(REAL(fcntl), descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return control_file(REAL(fcntl64), descriptor, command, argument);
}

/* ---- sockets ---- */

int socket(int domain, int type, int protocol) {
    return strikes(CLASS_SOCKET, NULL) ? -1 : REAL(socket)(domain, type, protocol);
}

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
    return strikes(CLASS_SOCKET, NULL) ? -1 : REAL(connect)(descriptor, address, length);
}

ssize_t send(int descriptor, const void *bytes, size_t size, int flags) {
    return strikes(CLASS_SEND, &size) ? -1 : REAL(send)(descriptor, bytes, size, flags);
}

ssize_t recv(int descriptor, void *bytes, size_t size, int flags) {
    return strikes(CLASS_RECEIVE, &size) ? -1 : REAL(recv)(descriptor, bytes, size, flags);
}
