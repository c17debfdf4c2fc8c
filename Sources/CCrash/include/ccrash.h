#ifndef CCRASH_H
#define CCRASH_H

/// Writes a short trace when the process crashes: one line with the moment, the signal, the version and the thread, and the return
/// addresses with the names of their functions; nothing of the memory. It goes to standard error and to the file. The signal then ends
/// the process as it would have.
///
/// Call it once, early: it takes over SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT and SIGSYS. Strings are copied.
/// - path: made by the crash; a file that is there is left alone.
/// - returns 0, or an error number.
int parley_crash_install(const char *path, const char *version);

#endif
