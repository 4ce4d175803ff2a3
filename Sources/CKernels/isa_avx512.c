// The kernels for x86-64 with AVX-512 (F, DQ, VL and BW).
#if defined(__x86_64__)
#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)
#include "lanes.h"

#include "body_masses.h"
#include "body_accumulate.h"
#include "body_swap.h"

const ck_kernels ck_kernels_avx512 = {
  "avx512", uniform_buckets, buckets, log_edges, normalise, accumulate, swap, fraction,
  coordinate, offered, between};
#pragma clang attribute pop
#endif
