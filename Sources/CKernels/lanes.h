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
typedef int64_t i8 __attribute__((vector_size(64)));
typedef double v4 __attribute__((vector_size(32)));
typedef struct {
  v8 hi, lo;
} v8_dd;
typedef struct {
  v4 hi, lo;
} v4_dd;

static inline __attribute__((always_inline, unused)) v8 v8_all(double x) {
  return (v8){x, x, x, x, x, x, x, x};
}
static inline __attribute__((always_inline, unused)) v4 v4_all(double x) { return (v4){x, x, x, x}; }

// fused a * b + c, rounded once
CK_FN double ck_fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
CK_FN v8 ck_fma(v8 a, v8 b, v8 c) { return __builtin_elementwise_fma(a, b, c); }
CK_FN v4 ck_fma(v4 a, v4 b, v4 c) { return __builtin_elementwise_fma(a, b, c); }

// Up to eight values at an address that need not be aligned; lanes past `count` are zero.
CK_FN v8 ck_load(const double *from, int64_t count) {
  v8 x = v8_all(0);
  if (count >= 8)
    __builtin_memcpy(&x, from, sizeof x);
  else
    __builtin_memcpy(&x, from, (size_t)count * sizeof(double));
  return x;
}
CK_FN void ck_store(double *to, v8 x, int64_t count) {
  if (count >= 8)
    __builtin_memcpy(to, &x, sizeof x);
  else
    __builtin_memcpy(to, &x, (size_t)count * sizeof(double));
}

CK_FN v8 ck_reversed(v8 x) { return __builtin_shufflevector(x, x, 7, 6, 5, 4, 3, 2, 1, 0); }
// Masks are 0 or -1, and so are those of scalars, so that one text serves both.
CK_FN int64_t ck_below(double a, double b) { return -(int64_t)(a < b); }
CK_FN i8 ck_below(v8 a, v8 b) { return a < b; }
CK_FN int64_t ck_same(double a, double b) { return -(int64_t)(a == b); }
CK_FN i8 ck_same(v8 a, v8 b) { return a == b; }
// A mask from a truth value; `like` has the lanes.
CK_FN int64_t ck_mask(double like, int64_t truth) { return -(int64_t)(truth != 0); }
CK_FN i8 ck_mask(v8 like, int64_t truth) { return (i8){0} - (int64_t)(truth != 0); }
// yes where the mask is set, no where it is not
CK_FN double ck_select(int64_t mask, double yes, double no) { return mask ? yes : no; }
CK_FN v8 ck_select(i8 mask, v8 yes, v8 no) { return (v8)((mask & (i8)yes) | (~mask & (i8)no)); }
CK_FN ck_dd ck_select(int64_t mask, ck_dd yes, ck_dd no) { return mask ? yes : no; }
CK_FN v8_dd ck_select(i8 mask, v8_dd yes, v8_dd no) {
  return (v8_dd){ck_select(mask, yes.hi, no.hi), ck_select(mask, yes.lo, no.lo)};
}
CK_FN int ck_all(i8 mask) { return __builtin_reduce_and(mask) != 0; }
CK_FN int ck_all(int64_t mask) { return mask != 0; }
CK_FN int ck_any(i8 mask) { return __builtin_reduce_or(mask) != 0; }
CK_FN int ck_any(int64_t mask) { return mask != 0; }
// Integers from 0 to 2^32 in the low bits of 2^52 plus a double, and back.
CK_FN double ck_real(int64_t i) { return (double)i; }
CK_FN v8 ck_real(i8 i) { return (v8)(i + 0x4330000000000000L) - v8_all(0x1p52); }
CK_FN int64_t ck_low_bits(double x) {
  int64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits & 0xffffffff;
}
CK_FN i8 ck_low_bits(v8 x) { return (i8)x & 0xffffffff; }

// Each number becomes the largest up to it; `count` is a multiple of 16.
CK_FN void ck_running_maximum(uint32_t *numbers, int64_t count) {
  typedef uint32_t u16 __attribute__((vector_size(64)));
  const u16 zero = {0};
  u16 largest = zero;
  for (int64_t i = 0; i < count; i += 16) {
    u16 x;
    __builtin_memcpy(&x, numbers + i, sizeof x);
    x = __builtin_elementwise_max(x, __builtin_shufflevector(
      x, zero, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14));
    x = __builtin_elementwise_max(x, __builtin_shufflevector(
      x, zero, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
    x = __builtin_elementwise_max(x, __builtin_shufflevector(
      x, zero, 16, 16, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    x = __builtin_elementwise_max(x, __builtin_shufflevector(
      x, zero, 16, 16, 16, 16, 16, 16, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7));
    u16 last = __builtin_shufflevector(
      x, x, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
    x = __builtin_elementwise_max(x, largest);
    largest = __builtin_elementwise_max(largest, last);
    __builtin_memcpy(numbers + i, &x, sizeof x);
  }
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
  /* x + y to 2^-105 of the sum */                                                               \
  CK_FN RR ck_add(RR x, RR y) {                                                                  \
    RR s = ck_two_sum(x.hi, y.hi), t = ck_two_sum(x.lo, y.lo);                                   \
    s = ck_fast_two_sum(s.hi, s.lo + t.hi);                                                      \
    return ck_fast_two_sum(s.hi, s.lo + t.lo);                                                   \
  }                                                                                              \
  /* x + y to 2^-105 of the larger of the two: for steps along the curve, not for differences */    \
  CK_FN RR ck_plus(RR x, RR y) {                                                                 \
    RR s = ck_two_sum(x.hi, y.hi);                                                               \
    return ck_fast_two_sum(s.hi, s.lo + (x.lo + y.lo));                                          \
  }                                                                                              \
  CK_FN RR ck_negate(RR x) { return (RR){-x.hi, -x.lo}; }                                        \
  CK_FN RR ck_subtract(RR x, RR y) { return ck_add(x, ck_negate(y)); }                           \
  CK_FN RR ck_times(RR x, R y) {                                                                 \
    RR p = ck_two_product(x.hi, y);                                                              \
    return ck_fast_two_sum(p.hi, ck_fma(x.lo, y, p.lo));                                         \
  }                                                                                              \
  /* x y within 2^-102 */                                                                        \
  CK_FN RR ck_product(RR x, RR y) {                                                              \
    RR p = ck_two_product(x.hi, y.hi);                                                           \
    return ck_fast_two_sum(p.hi, ck_fma(x.lo, y.hi, ck_fma(x.hi, y.lo, p.lo)));                  \
  }                                                                                              \
  /* 10^4 + i bps within 2^-105 */                                                               \
  CK_FN RR ck_edge_steps(const ck_table *t, R index) {                                           \
    R bps = ALL(t->grid.bps);                                                                    \
    if (t->plain_prices) return (RR){ck_fma(index, bps, ALL(1e4)), ALL(0)};                      \
    RR step = ck_two_product(index, bps);                                                        \
    RR n = ck_two_sum(ALL(1e4), step.hi);                                                        \
    return ck_fast_two_sum(n.hi, n.lo + step.lo);                                                \
  }                                                                                              \
  /* The lower price edge u = 1 + i w as 10^-4 (10^4 + i bps), rounded once but for 2^-100. */   \
  CK_FN R ck_edge_price(const ck_table *t, R index) {                                            \
    RR n = ck_edge_steps(t, index);                                                              \
    if (t->plain_prices) return ck_fma(n.hi, ALL(1e-4), n.hi * ALL(CK_TEN_THOUSANDTH_LO));       \
    R tail = ck_fma(n.lo, ALL(1e-4), n.hi * ALL(CK_TEN_THOUSANDTH_LO));                          \
    return ck_fma(n.hi, ALL(1e-4), tail);                                                        \
  }
// 10^-4 - (double) 10^-4
#define CK_TEN_THOUSANDTH_LO -0x1.6a161e4f765fep-68
CK_ERROR_FREE(double, ck_dd, (double))
CK_ERROR_FREE(v8, v8_dd, v8_all)
CK_ERROR_FREE(v4, v4_dd, v4_all)
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

// x / y, with a reciprocal of y that is good to a few units in the last place; within 2^-100.
CK_FN ck_dd ck_quotient(ck_dd x, ck_dd y, double inverse) {
  const double q = x.hi * inverse;
  const double rest = ck_fma(-q, y.hi, x.hi) + ck_fma(-q, y.lo, x.lo);
  return ck_fast_two_sum(q, rest * inverse);
}
#endif
