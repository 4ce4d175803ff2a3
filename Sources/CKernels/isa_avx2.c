// The kernels for x86-64 with AVX2 and FMA.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernel_set.h"

const ck_kernels ck_kernels_avx2 = CK_KERNEL_SET("avx2");
#pragma clang attribute pop
#endif
