#pragma once
#include <spawn.h>

// In the C library since 2.9, 2.29 and 2.34, but hidden from Swift behind _GNU_SOURCE.
int pipe2(int descriptors[2], int flags);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
