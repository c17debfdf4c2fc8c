#include <zxcvbn.h>

// Swift cannot name a member that is called `Type`.
static inline int zxcvbn_match_kind(const ZxcMatch_t *match) { return (int)match->Type; }
