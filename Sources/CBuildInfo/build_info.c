#include "build_info.h"

#ifndef AISMOVE_COMMIT
#define AISMOVE_COMMIT "unknown"
#endif

const char *aismove_commit(void) { return AISMOVE_COMMIT; }
