// Elementary functions without libm, whose results change with the processor. Every function here is inlined
// into a kernel of one instruction set.
#ifndef ELEMENTARY_H
#define ELEMENTARY_H

#include "lanes.h"

CK_FN int64_t ck_bits(double x) {
  int64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}
CK_FN i8 ck_bits(v8 x) { return (i8)x; }
CK_FN double ck_of_bits(int64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}
CK_FN v8 ck_of_bits(i8 bits) { return (v8)bits; }
CK_FN int64_t ck_choose(int64_t mask, int64_t yes, int64_t no) { return mask ? yes : no; }
CK_FN i8 ck_choose(i8 mask, i8 yes, i8 no) { return (mask & yes) | (~mask & no); }
CK_FN double ck_size(double x) { return __builtin_elementwise_abs(x); }
CK_FN v8 ck_size(v8 x) { return __builtin_elementwise_abs(x); }
CK_FN double ck_root(double x) { return __builtin_elementwise_sqrt(x); }
CK_FN v8 ck_root(v8 x) { return __builtin_elementwise_sqrt(x); }

#define R double
#define N int64_t
#define ALL(X) ((double)(X))
#define ALL_N(X) ((int64_t)(X))
#include "elementary_text.h"

#define R v8
#define N i8
#define ALL(X) v8_all(X)
#define ALL_N(X) ((i8){0} + (int64_t)(X))
#include "elementary_text.h"
#endif
