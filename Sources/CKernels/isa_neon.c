// The kernels for 64-bit ARM, whose baseline has two lanes and a fused multiply-add.
#if defined(__aarch64__)
#include "kernel_set.h"

const ck_kernels ck_kernels_neon = CK_KERNEL_SET("neon");
#endif
