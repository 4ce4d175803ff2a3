// The kernels for any processor. A fused multiply-add is an instruction on arm64; on x86-64 without
// it libm's exact `fma` is called, which is slow and gives the same bits.
#include "kernel_set.h"

#if defined(__aarch64__)
#define CK_NAME "neon"
#else
#define CK_NAME "scalar"
#endif

const ck_kernels ck_kernels_scalar = CK_KERNEL_SET(CK_NAME);
