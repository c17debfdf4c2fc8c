#define _GNU_SOURCE
#include "stack.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

// A stack for signal handlers belongs to one thread, and no library offers a hook at a thread's start: so the program has its own
// pthread_create, which all libraries call, and which goes on to the C library's.

enum { stack_size = 64 * 1024 };
static pthread_key_t stack_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

struct work { void *(*run)(void *); void *argument; };

static void give_back(void *stack) {
    stack_t none = { .ss_flags = SS_DISABLE };
    if (sigaltstack(&none, NULL) == 0) munmap(stack, stack_size);
}

static void prepare(void) {
    *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
    pthread_key_create(&stack_key, give_back);
}

void parley_crash_stack(void) {
    pthread_once(&once, prepare);
    stack_t present;
    if (pthread_getspecific(stack_key) || (sigaltstack(NULL, &present) == 0 && !(present.ss_flags & SS_DISABLE))) return;
    void *memory = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t stack = { .ss_sp = memory, .ss_size = stack_size };
    if (sigaltstack(&stack, NULL)) munmap(memory, stack_size); else pthread_setspecific(stack_key, memory);
}

static void *begin(void *argument) {
    struct work work = *(struct work *)argument;
    free(argument);
    parley_crash_stack();
    return work.run(work.argument);
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes, void *(*run)(void *), void *restrict argument) {
    pthread_once(&once, prepare);
    struct work *work = create ? malloc(sizeof *work) : NULL;
    if (!work) return EAGAIN;
    *work = (struct work){ run, argument };
    int result = create(thread, attributes, begin, work);
    if (result) free(work);
    return result;
}
