/* What a user without DAMM would write: the same curve in plain C, in double arithmetic. Nothing here
 * is shared with the library. */
#ifndef CPEERS_H
#define CPEERS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* A normal curve whose ticks lie evenly on both sides of the oracle price. */
typedef struct {
  double mu;      /* oracle price */
  double w;       /* tick width over the oracle price */
  double s;       /* standard deviation over the oracle price */
  double k;       /* half width in standard deviations */
  double l;       /* liquidity */
  double norm;    /* erf(k / sqrt 2) */
  int64_t side;   /* ticks a side; tick i is element i + side of the arrays */
  double *b;      /* B that a tick holds */
  double *price;  /* its price */
  double *sum_b;  /* prefix sums from the lowest tick, one element more than there are ticks */
  double *sum_a;
  double *up_b;   /* prefix sums from the oracle price upwards, side + 1 elements */
  double *up_a;
} peer_curve;

peer_curve *peer_curve_create(double mu, double s, double k, double w, double l, int64_t side);
void peer_curve_destroy(peer_curve *curve);

/* Exact B out, bought from the oracle price: a[i] is what x[i] costs. */
void peer_quotes_erf(const peer_curve *curve, const double *x, double *a, size_t n);
void peer_quotes_walk(const peer_curve *curve, const double *x, double *a, size_t n);
void peer_quotes_lower_bound(const peer_curve *curve, const double *x, double *a, size_t n);
void peer_quotes_branch_free(const peer_curve *curve, const double *x, double *a, size_t n);

/* Where a pool stands: B sold of tick `tick`, counted from the lowest. */
typedef struct {
  int64_t tick;
  double sold;
} peer_place;

peer_place peer_oracle(const peer_curve *curve);

/* Orders x[from..<to] in B, each from where the one before ended: an even one buys, an odd one sells.
 * a[i] is the amount of A. */
void peer_swaps_walk(
  const peer_curve *curve, peer_place *place, const double *x, double *a, size_t from, size_t to);
void peer_swaps_lower_bound(
  const peer_curve *curve, peer_place *place, const double *x, double *a, size_t from, size_t to);
void peer_swaps_branch_free(
  const peer_curve *curve, peer_place *place, const double *x, double *a, size_t from, size_t to);

/* The mass of every tick: 2 * side numbers. */
void peer_masses_gsl_erf(double s, double k, double w, int64_t side, double *mass);
void peer_masses_erfc(double s, double k, double w, int64_t side, double *mass);

/* A vector erfc that was found at run time. */
typedef struct {
  void *function;      /* NULL: not there */
  const char *name;    /* the function's name, or why it is not there */
} peer_vector;

peer_vector peer_vector_sleef(void);
peer_vector peer_vector_mvec(void);
/* `edges` has room for 2 * side + 1 numbers and a vector more. */
void peer_masses_vector(
  peer_vector erfc, double s, double k, double w, int64_t side, double *edges, double *mass);

/* What the peers were compiled with. */
const char *peer_compiler(void);
const char *peer_flags(void);

/* Options with undiscounted premiums. */
typedef struct {
  const double *forward, *strike, *premium;
  const int32_t *put;
} peer_options;

/* Total deviations, sigma sqrt(T): QuantLib's, where it is installed. */
int peer_has_quantlib(void);
void peer_implied_quantlib(const peer_options *options, double accuracy, double *deviation, size_t n);
void peer_implied_quantlib_chambers(
  const peer_options *options, double accuracy, double *deviation, size_t n);
void peer_implied_quantlib_bachelier(
  const peer_options *options, double accuracy, double *deviation, size_t n);

#if defined(__cplusplus)
}
#endif
#endif
