#pragma once

// In the C library since 2.14 and 2.28, but hidden from Swift behind _GNU_SOURCE.
int syncfs(int descriptor);
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags);

/// `RENAME_EXCHANGE` of rename(2).
static const unsigned int exchange_flag = 2;
