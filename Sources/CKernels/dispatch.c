// Which instruction set serves this process.
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

extern const ck_kernels ck_kernels_scalar;
#if defined(__x86_64__)
extern const ck_kernels ck_kernels_avx2;
extern const ck_kernels ck_kernels_avx512;
#endif

const ck_kernels *ck_kernels_named(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
                     && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  if (avx512 && strcmp(name, ck_kernels_avx512.name) == 0) return &ck_kernels_avx512;
  if (avx2 && strcmp(name, ck_kernels_avx2.name) == 0) return &ck_kernels_avx2;
#endif
  return strcmp(name, ck_kernels_scalar.name) == 0 ? &ck_kernels_scalar : NULL;
}

const ck_kernels *ck_kernels_best(void) {
  const char *wanted = getenv("DAMM_KERNEL");
  const ck_kernels *kernels = wanted ? ck_kernels_named(wanted) : NULL;
  const char *const widest_first[] = {"avx512", "avx2"};
  for (size_t i = 0; !kernels && i < 2; ++i) kernels = ck_kernels_named(widest_first[i]);
  return kernels ? kernels : &ck_kernels_scalar;
}
