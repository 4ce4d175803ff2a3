// The kernels for x86-64 with AVX-512 (F, DQ, VL and BW).
#if defined(__x86_64__)
#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)
#include "kernel_set.h"

const ck_kernels ck_kernels_avx512 = CK_KERNEL_SET("avx512");
#pragma clang attribute pop
#endif
