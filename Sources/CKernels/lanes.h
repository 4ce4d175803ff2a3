// Eight lanes and double-double arithmetic, for scalars and lanes alike (overloads of one name).
// Every function here is inlined into a kernel of one instruction set.
#ifndef LANES_H
#define LANES_H

#include <stddef.h>
#include <stdint.h>

#include "CKernels.h"

#pragma STDC FP_CONTRACT OFF
// Lanes wider than the instruction set are passed between inlined functions only.
#pragma clang diagnostic ignored "-Wpsabi"

#define CK_FN static inline __attribute__((always_inline, overloadable, unused))

typedef double v8 __attribute__((vector_size(64)));
typedef uint64_t u8 __attribute__((vector_size(64)));
typedef struct {
  v8 hi, lo;
} v8_dd;

static inline __attribute__((always_inline, unused)) v8 v8_all(double x) {
  return (v8){x, x, x, x, x, x, x, x};
}

// fused a * b + c, rounded once
CK_FN double ck_fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
CK_FN v8 ck_fma(v8 a, v8 b, v8 c) { return __builtin_elementwise_fma(a, b, c); }

// Up to eight values at an address that need not be aligned; lanes past `count` are zero.
CK_FN v8 ck_load(const double *from, int64_t count) {
  v8 x = v8_all(0);
  __builtin_memcpy(&x, from, (count < 8 ? (size_t)count : 8) * sizeof(double));
  return x;
}
CK_FN void ck_store(double *to, v8 x, int64_t count) {
  __builtin_memcpy(to, &x, (count < 8 ? (size_t)count : 8) * sizeof(double));
}

// The same text serves scalars (R = double, RR = ck_dd) and lanes (R = v8, RR = v8_dd); ALL makes
// an R of a constant.
#define CK_ERROR_FREE(R, RR, ALL)                                                                \
  /* a + b exactly, |a| >= |b| or a = 0 (Dekker) */                                              \
  CK_FN RR ck_fast_two_sum(R a, R b) {                                                           \
    R s = a + b;                                                                                 \
    return (RR){s, b - (s - a)};                                                                 \
  }                                                                                              \
  /* a + b exactly (Knuth) */                                                                    \
  CK_FN RR ck_two_sum(R a, R b) {                                                                \
    R s = a + b, t = s - a;                                                                      \
    return (RR){s, (a - (s - t)) + (b - t)};                                                     \
  }                                                                                              \
  /* a * b exactly */                                                                            \
  CK_FN RR ck_two_product(R a, R b) {                                                            \
    R p = a * b;                                                                                 \
    return (RR){p, ck_fma(a, b, -p)};                                                            \
  }                                                                                              \
  CK_FN RR ck_add(RR x, RR y) {                                                                  \
    RR s = ck_two_sum(x.hi, y.hi), t = ck_two_sum(x.lo, y.lo);                                   \
    s = ck_fast_two_sum(s.hi, s.lo + t.hi);                                                      \
    return ck_fast_two_sum(s.hi, s.lo + t.lo);                                                   \
  }                                                                                              \
  CK_FN RR ck_negate(RR x) { return (RR){-x.hi, -x.lo}; }                                        \
  CK_FN RR ck_subtract(RR x, RR y) { return ck_add(x, ck_negate(y)); }                           \
  CK_FN RR ck_times(RR x, R y) {                                                                 \
    RR p = ck_two_product(x.hi, y);                                                              \
    return ck_fast_two_sum(p.hi, ck_fma(x.lo, y, p.lo));                                         \
  }                                                                                              \
  /* The lower price edge u = 1 + i w as 10^-4 (10^4 + i bps), rounded once but for 2^-100. */   \
  CK_FN R ck_edge_price(R index, R bps) {                                                        \
    RR step = ck_two_product(index, bps);                                                        \
    RR n = ck_two_sum(ALL(1e4), step.hi);                                                        \
    n = ck_fast_two_sum(n.hi, n.lo + step.lo);                                                   \
    R tail = ck_fma(n.lo, ALL(1e-4), n.hi * ALL(CK_TEN_THOUSANDTH_LO));                          \
    return ck_fma(n.hi, ALL(1e-4), tail);                                                        \
  }
// 10^-4 - (double) 10^-4
#define CK_TEN_THOUSANDTH_LO -0x1.6a161e4f765fep-68
CK_ERROR_FREE(double, ck_dd, (double))
CK_ERROR_FREE(v8, v8_dd, v8_all)
#undef CK_ERROR_FREE

CK_FN int ck_less(ck_dd x, ck_dd y) { return x.hi < y.hi || (x.hi == y.hi && x.lo < y.lo); }

CK_FN ck_dd ck_divide(ck_dd x, ck_dd y) {
  double q = x.hi / y.hi;
  ck_dd r = ck_subtract(x, ck_times(y, q));
  double q2 = r.hi / y.hi;
  r = ck_subtract(r, ck_times(y, q2));
  ck_dd s = ck_fast_two_sum(q, q2);
  return ck_fast_two_sum(s.hi, s.lo + r.hi / y.hi);
}
#endif
