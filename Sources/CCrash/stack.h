#ifndef STACK_H
#define STACK_H

/// Gives the calling thread a stack for its signal handlers, so that an overflow of its own can be told.
void parley_crash_stack(void);

#endif
