/* The table that a user would build once: glibc's erfc, prefix sums in double. */
#include "CPeers.h"

#include <math.h>
#include <stdlib.h>

static double *numbers(int64_t n) { return malloc((size_t)n * sizeof(double)); }

peer_curve *peer_curve_create(double mu, double s, double k, double w, double l, int64_t side) {
  peer_curve *c = malloc(sizeof *c);
  int64_t n = 2 * side;
  *c = (peer_curve){mu,         w,          s,          k,
                    l,          erf(k / M_SQRT2), side, numbers(n),
                    numbers(n), numbers(n + 1), numbers(n + 1), numbers(side + 1),
                    numbers(side + 1)};
  double *mass = numbers(n);
  peer_masses_erfc(s, k, w, side, mass);
  c->sum_b[0] = c->sum_a[0] = c->up_b[0] = c->up_a[0] = 0;
  for (int64_t i = 0; i < n; ++i) {
    c->price[i] = mu * (1 + (double)(i - side) * w);
    c->b[i] = l * mass[i] / sqrt(c->price[i]);
    double a = c->b[i] * c->price[i];
    c->sum_b[i + 1] = c->sum_b[i] + c->b[i];
    c->sum_a[i + 1] = c->sum_a[i] + a;
    if (i >= side) {
      c->up_b[i - side + 1] = c->up_b[i - side] + c->b[i];
      c->up_a[i - side + 1] = c->up_a[i - side] + a;
    }
  }
  free(mass);
  return c;
}

void peer_curve_destroy(peer_curve *c) {
  double *all[] = {c->b, c->price, c->sum_b, c->sum_a, c->up_b, c->up_a};
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i) free(all[i]);
  free(c);
}

const char *peer_compiler(void) {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

#if !defined(__OPTIMIZE__)
#error "the peers must be optimised"
#endif

const char *peer_flags(void) {
  return PEER_FLAGS
#if defined(__AVX512F__)
    " (AVX-512)";
#elif defined(__AVX2__)
    " (AVX2)";
#else
    "";
#endif
}
