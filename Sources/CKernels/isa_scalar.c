// The kernels for any processor. A fused multiply-add is an instruction on arm64; on x86-64 without
// it libm's exact `fma` is called, which is slow and gives the same bits.
#include "lanes.h"

#include "body_masses.h"
#include "body_accumulate.h"
#include "body_swap.h"

#if defined(__aarch64__)
#define CK_NAME "neon"
#else
#define CK_NAME "scalar"
#endif

const ck_kernels ck_kernels_scalar = {
  CK_NAME, uniform_buckets, buckets, log_edges, normalise, accumulate, swap, fraction,
  coordinate, offered, between};
