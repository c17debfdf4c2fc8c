#define _GNU_SOURCE
#include "ccrash.h"
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Everything in the handler is safe in a signal handler (signal-safety(7)), but for backtrace, whose one call that is not, loading
// libgcc, is made beforehand.

enum { frames_most = 64, patience_seconds = 1 };
static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS };
static char path[PATH_MAX], version[64];
/// The thread that crashed; 0 while none has.
static atomic_long crashing;

struct line { char text[256]; size_t length; };

static void add(struct line *line, const char *text) {
    while (*text && line->length < sizeof line->text) line->text[line->length++] = *text++;
}

static void add_number(struct line *line, unsigned long number, int width) {
    char digits[24];
    int count = 0;
    do { digits[count++] = (char)('0' + number % 10); number /= 10; } while (number || count < width);
    while (count && line->length < sizeof line->text) line->text[line->length++] = digits[--count];
}

// The date of a day since 1970 (Howard Hinnant's civil_from_days), since gmtime may take locks.
static void add_moment(struct line *line, long seconds) {
    long day = seconds / 86400, rest = seconds % 86400;
    long era = (day + 719468) / 146097, in_era = day + 719468 - era * 146097;
    long year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    long in_year = in_era - (365 * year + year / 4 - year / 100), shifted = (5 * in_year + 2) / 153;
    long month = shifted < 10 ? shifted + 3 : shifted - 9;
    add_number(line, (unsigned long)(year + era * 400 + (month <= 2)), 4); add(line, "-");
    add_number(line, (unsigned long)month, 2); add(line, "-");
    add_number(line, (unsigned long)(in_year - (153 * shifted + 2) / 5 + 1), 2); add(line, "T");
    add_number(line, (unsigned long)(rest / 3600), 2); add(line, ":");
    add_number(line, (unsigned long)(rest / 60 % 60), 2); add(line, ":");
    add_number(line, (unsigned long)(rest % 60), 2); add(line, "Z");
}

static const char *name_of(int signal) {
    switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGFPE: return "SIGFPE";
    case SIGABRT: return "SIGABRT";
    case SIGSYS: return "SIGSYS";
    default: return "a signal";
    }
}

static void write_all(int file, const char *text, size_t length) {
    while (length) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text += written;
        length -= (size_t)written;
    }
}

static void set_action(int signal, void (*handler)(int)) {
    struct sigaction action = { .sa_handler = handler };
    sigaction(signal, &action, NULL);
}

static void trace(int signal) {
    struct timespec now = { 0 };
    char thread[16] = "";
    clock_gettime(CLOCK_REALTIME, &now);
    prctl(PR_GET_NAME, thread);
    struct line line = { .length = 0 };
    add(&line, "Parley "); add(&line, version);
    add(&line, " crashed at "); add_moment(&line, (long)now.tv_sec);
    add(&line, " by "); add(&line, name_of(signal));
    add(&line, " in thread "); add_number(&line, (unsigned long)syscall(SYS_gettid), 1);
    add(&line, " ("); add(&line, thread); add(&line, ")\n");
    int targets[] = { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), STDERR_FILENO };
    for (int index = 0; index < 2; index++)
        if (targets[index] >= 0) write_all(targets[index], line.text, line.length);
    // After the line, since a broken stack may end it all here.
    void *frames[frames_most];
    int count = backtrace(frames, frames_most);
    for (int index = 0; index < 2; index++)
        if (targets[index] >= 0) backtrace_symbols_fd(frames, count, targets[index]);
}

static void crashed(int signal, siginfo_t *info, void *context) {
    (void)info; (void)context;
    long thread = syscall(SYS_gettid), none = 0;
    if (atomic_compare_exchange_strong(&crashing, &none, thread)) {
        // Whatever hangs in here is ended.
        set_action(SIGALRM, SIG_DFL);
        set_action(SIGPIPE, SIG_IGN);
        alarm(patience_seconds);
        trace(signal);
    } else if (none != thread) {
        // Another thread crashed first; it ends the process.
        for (;;) pause();
    }
    // With the default action it ends the process, whose status names the signal.
    set_action(signal, SIG_DFL);
    raise(signal);
}

int parley_crash_install(const char *new_path, const char *new_version) {
    if (strlen(new_path) >= sizeof path) return ENAMETOOLONG;
    strcpy(path, new_path);
    strncpy(version, new_version, sizeof version - 1);
    void *frame;
    backtrace(&frame, 1);
    // For an overflow of the stack of the thread that installs this; an overflow of another thread's ends the process without a trace.
    static char memory[64 * 1024];
    stack_t stack = { .ss_sp = memory, .ss_size = sizeof memory };
    if (sigaltstack(&stack, NULL)) return errno;
    struct sigaction action = { .sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    sigemptyset(&action.sa_mask);
    for (size_t index = 0; index < sizeof signals / sizeof *signals; index++)
        if (sigaction(signals[index], &action, NULL)) return errno;
    return 0;
}
