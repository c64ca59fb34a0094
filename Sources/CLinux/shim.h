#pragma once
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

// Typed wrappers. Each says why Swift cannot make the call itself.

/* openat is variadic. */
static inline int aismove_openat(int directory, const char *path, int flags, unsigned mode) {
  return openat(directory, path, flags | O_CLOEXEC, (mode_t)mode);
}

/* flock is a function and a struct. */
static inline int aismove_flock(int file, int operation) { return flock(file, operation); }

/* These three are declared only with _GNU_SOURCE, which Swift's Glibc module is built without. */
static inline int aismove_renameat2(int from, const char *name, int to, const char *new_name, unsigned flags) {
  return (int)syscall(SYS_renameat2, from, name, to, new_name, flags);
}
static inline int aismove_syncfs(int file) { return (int)syscall(SYS_syncfs, file); }
static const unsigned aismove_RENAME_NOREPLACE = 1;

/* ioctl is variadic. FICLONE is _IOW(0x94, 9, int); <linux/fs.h> would bring names that clash. */
static inline int aismove_clone(int to, int from) { return ioctl(to, 0x40049409UL, from); }

/* Waits for the file's pages under writeback and reports a write error since the file was opened; flushes nothing. */
static inline int aismove_wait_written(int file) {
#ifdef SYS_sync_file_range
  return (int)syscall(SYS_sync_file_range, file, (int64_t)0, (int64_t)0, 1u);
#else
  return 0;
#endif
}

/* struct stat in plain numbers. */
struct aismove_status {
  uint64_t device, inode, links;
  int64_t size, modified_ns;
  uint32_t mode, uid, gid;
};
static inline struct aismove_status aismove_status_of(const struct stat *from) {
  struct aismove_status to = {
      from->st_dev, from->st_ino, from->st_nlink,
      from->st_size, (int64_t)from->st_mtim.tv_sec * 1000000000 + from->st_mtim.tv_nsec,
      from->st_mode, from->st_uid, from->st_gid};
  return to;
}
static inline int aismove_fstat(int file, struct aismove_status *status) {
  struct stat found;
  if (fstat(file, &found) != 0) return -1;
  *status = aismove_status_of(&found);
  return 0;
}
/* Does not follow a symbolic link in the last component. */
static inline int aismove_lstatat(int directory, const char *path, struct aismove_status *status) {
  struct stat found;
  if (fstatat(directory, path, &found, AT_SYMLINK_NOFOLLOW) != 0) return -1;
  *status = aismove_status_of(&found);
  return 0;
}
static inline int aismove_stat(const char *path, struct aismove_status *status) {
  struct stat found;
  if (stat(path, &found) != 0) return -1;
  *status = aismove_status_of(&found);
  return 0;
}

/* An object's file and its metadata in two system calls, the path put together on the stack. Returns -1 with errno
   when there is no file; else *count is the xattr's length, or -errno. */
static inline int aismove_object(
    int directory, const char *directory_path, const char *name, const char *attribute,
    struct aismove_status *status, void *value, size_t capacity, ssize_t *count) {
  if (aismove_lstatat(directory, name, status) != 0) return -1;
  *count = -ENODATA;
  if (!S_ISREG(status->mode)) return 0;
  char path[8192];
  size_t first = strlen(directory_path), second = strlen(name);
  if (first + second + 2 > sizeof path) { *count = -ENAMETOOLONG; return 0; }
  memcpy(path, directory_path, first);
  path[first] = '/';
  memcpy(path + first + 1, name, second + 1);
  /* The kernel clears as much memory as is asked for; most metadata is short. */
  size_t usual = 512;
  *count = lgetxattr(path, attribute, value, capacity < usual ? capacity : usual);
  if (*count < 0 && errno == ERANGE) *count = lgetxattr(path, attribute, value, capacity);
  if (*count < 0) *count = -errno;
  return 0;
}

/* struct statfs in plain numbers. */
struct aismove_space {
  int64_t free_bytes, total_bytes, free_files;
  uint64_t id;
};
static inline int aismove_fstatfs(int file, struct aismove_space *space) {
  struct statfs found;
  if (fstatfs(file, &found) != 0) return -1;
  int64_t block = found.f_frsize > 0 ? (int64_t)found.f_frsize : (int64_t)found.f_bsize;
  space->free_bytes = (int64_t)found.f_bavail * block;
  space->total_bytes = (int64_t)found.f_blocks * block;
  space->free_files = found.f_files > 0 ? (int64_t)found.f_ffree : -1;
  memcpy(&space->id, &found.f_fsid, sizeof space->id);
  return 0;
}

/* dirent's name is an array of the largest size, which Swift sees as a tuple. Both are NULL at the end. */
static inline const char *aismove_entry_name(const struct dirent *entry) { return entry->d_name; }
