// Compiles the header by itself, and holds the one function that is not Swift.
#include "damm.h"

const char *damm_version(void) { return DAMM_VERSION; }
