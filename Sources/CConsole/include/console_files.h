#pragma once

/// A file of the web console that the binary carries.
struct console_file {
    /// Begins with a slash.
    const char *path;
    const unsigned char *bytes;
    unsigned long size;
};

/// All of them; how many is written to `count`.
const struct console_file *console_files(int *count);
