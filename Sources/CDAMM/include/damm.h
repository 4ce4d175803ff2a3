/* DAMM: quotes from a dynamic, distributed automated market maker.
 *
 * Token A is the numeraire, token B the asset; a price is A per B. All numbers are doubles in token
 * units; a basis point is 1e-4 of the oracle price. Link with -ldamm; docs/linking.md says how.
 *
 * Functions that can fail return DAMM_OK or an error code; then nothing was written but the text of
 * the error, which names the value and what is allowed. A pointer is needed unless it is said that it
 * may be NULL; NULL where one is needed is an error too. Freeing NULL does nothing. A curve never
 * changes after it was created: any number of threads may use it. A pool changes by swaps and
 * reforms: one thread at a time. Signals, locales and GSL's error handler are left alone.
 */
#ifndef DAMM_H
#define DAMM_H

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/* The version of this header; damm_version() is that of the library. */
#define DAMM_VERSION "0.2.0"

/* What went wrong. */
typedef enum {
  DAMM_OK = 0,
  DAMM_OUT_OF_RANGE = 1,      /* a number is not finite or outside its domain */
  DAMM_TOO_MANY_TICKS = 2,    /* the curve needs more than 2^21 ticks */
  DAMM_NO_TICKS = 3,          /* the curve is narrower than a tick can be */
  DAMM_POSITION_OUTSIDE = 4,  /* a position or tick lies outside the curve */
  DAMM_NULL = 5,              /* a pointer that is needed is NULL */
  DAMM_INVALID = 6,           /* an enumeration has no such value */
  DAMM_FAILED = 7             /* anything else, as the text says */
} damm_status;

/* The text of an error, in UTF-8: one line, ends with a zero, cut between characters to fit. Written
 * only by a call that fails. Pass NULL if nobody reads it. */
typedef struct {
  char text[256];
} damm_error;

typedef enum { DAMM_BUY = 0, DAMM_SELL = 1 } damm_side;
/* Which quantity an order fixes: an amount of B, or a notional of A. */
typedef enum { DAMM_AMOUNT = 0, DAMM_NOTIONAL = 1 } damm_fixed;
typedef enum { DAMM_NORMAL = 0, DAMM_LOG_NORMAL = 1, DAMM_UNIFORM = 2 } damm_shape;
typedef enum { DAMM_GEOMETRIC_MEAN = 0, DAMM_FULL = 1 } damm_funding;
typedef enum { DAMM_PROPORTIONAL = 0, DAMM_LOGNORMAL_MOMENT = 1 } damm_convention;
/* Why a trade stopped: filled, at the price limit, or the curve had no more to give. */
typedef enum { DAMM_COMPLETE = 0, DAMM_PRICE_LIMIT = 1, DAMM_EXHAUSTED = 2 } damm_stop;

/* What determines a curve. Start from damm_parameters_default(), which sets the defaults below and 0
 * for the four that have none: those must be given. */
typedef struct {
  double price;           /* oracle price, A per B; 1e-30 to 1e30 */
  double relative_sigma;  /* standard deviation of price over price; 1e-9 to 1e3 */
  double reserve_a;       /* 1e-30 to 1e30 */
  double reserve_b;       /* 1e-30 to 1e30 */
  double half_width;      /* in standard deviations; 1e-3 to 32, default 6 */
  double tick_width_bps;  /* 1e-6 to 1e6, default 1 */
  double position;        /* price coordinate of the pool; 0, the default, is the oracle price */
  damm_shape shape;       /* default DAMM_NORMAL */
  damm_funding funding;   /* default DAMM_GEOMETRIC_MEAN */
} damm_parameters;

/* The answer to an order. */
typedef struct {
  double amount_in;       /* what the trader pays: A when buying, B when selling */
  double amount_out;      /* what the trader receives */
  double fee;             /* in A, part of the amount of A */
  double average_price;   /* amount of A over amount of B; 0 where either is 0 */
  double price_after;     /* price coordinate after the trade */
  double fraction_after;  /* sold fraction of the tick after the trade, below 1 */
  double left;            /* what is left of the quantity that was fixed */
  int64_t tick_after;     /* tick after the trade */
  int64_t ticks_crossed;  /* how many ticks gave something */
  int32_t stop;           /* a damm_stop */
} damm_quote;

/* Where the fields of many quotes go: an array a field, or NULL for a field that nobody needs. Arrays
 * must not overlap, neither each other nor the values. */
typedef struct {
  double *amount_in, *amount_out, *fee, *average_price, *price_after, *fraction_after, *left;
  int64_t *tick_after, *ticks_crossed;
  int32_t *stop;
} damm_quotes;

typedef struct damm_curve damm_curve;
typedef struct damm_pool damm_pool;

/* Version of the library, "major.minor.patch". */
const char *damm_version(void);

/* s = IV sqrt(T), or sqrt(exp(IV^2 T) - 1); T in years of 365 days. */
damm_status damm_relative_sigma(
  double implied_volatility, double horizon_days, damm_convention convention, double *relative_sigma,
  damm_error *error);

damm_parameters damm_parameters_default(void);

/* A curve; free it with damm_curve_free. */
damm_status damm_curve_create(
  const damm_parameters *parameters, damm_curve **curve, damm_error *error);
/* The same table, another oracle price and other reserves: independent of the number of ticks. */
damm_status damm_curve_create_sharing(
  const damm_curve *curve, double price, double reserve_a, double reserve_b, double position,
  damm_curve **made, damm_error *error);
void damm_curve_free(damm_curve *curve);

/* Ticks lowest ..< upper; NULL for what is not needed. */
damm_status damm_curve_ticks(
  const damm_curve *curve, int64_t *lowest, int64_t *upper, damm_error *error);
/* Price coordinate of the position, and what the curve still gives. NULL for what is not needed. */
damm_status damm_curve_state(
  const damm_curve *curve, double *price, double *offered_a, double *offered_b, damm_error *error);

/* What an order would do. `limit` is a price coordinate that it does not pass; 0 for none. */
damm_status damm_curve_quote(
  const damm_curve *curve, damm_side side, damm_fixed fixed, double value, double limit,
  damm_quote *quote, damm_error *error);
/* What an order to a price would do; `left` is 0. */
damm_status damm_curve_quote_to_price(
  const damm_curve *curve, damm_side side, double target, damm_quote *quote, damm_error *error);
/* What `count` orders would do, each by itself: the numbers of damm_curve_quote, bit for bit. Where one
 * value is refused none is quoted. A count of 0 does nothing; then `values` and `quotes` may be NULL. */
damm_status damm_curve_quote_batch(
  const damm_curve *curve, damm_side side, damm_fixed fixed, size_t count, const double *values,
  double limit, const damm_quotes *quotes, damm_error *error);

/* A pool that starts as a curve, with the reserves that this was created with; it keeps what it needs
 * of the curve, which may be freed. Swaps add amount_in to one reserve and take amount_out from the
 * other, both as the quote has them; a reserve that would fall below 0 by the last bits of many
 * roundings is 0. These are sums of doubles for quoting and simulation, not a ledger. */
damm_status damm_pool_create(const damm_curve *curve, damm_pool **pool, damm_error *error);
void damm_pool_free(damm_pool *pool);
/* A snapshot of the pool as a curve; free it with damm_curve_free. */
damm_status damm_pool_curve(const damm_pool *pool, damm_curve **curve, damm_error *error);
/* NULL for what is not needed. */
damm_status damm_pool_reserves(
  const damm_pool *pool, double *reserve_a, double *reserve_b, damm_error *error);
damm_status damm_pool_quote(
  const damm_pool *pool, damm_side side, damm_fixed fixed, double value, double limit,
  damm_quote *quote, damm_error *error);
/* The same as damm_pool_quote, and carries it out. */
damm_status damm_pool_swap(
  damm_pool *pool, damm_side side, damm_fixed fixed, double value, double limit, damm_quote *quote,
  damm_error *error);
damm_status damm_pool_swap_to_price(
  damm_pool *pool, damm_side side, double target, damm_quote *quote, damm_error *error);
/* A new oracle price: the price coordinate stays, clamped to the new curve, and the depth follows from
 * the reserves, which must be 1e-30 to 1e30. An unchanged price changes nothing. */
damm_status damm_pool_reform(damm_pool *pool, double price, damm_error *error);

#if defined(__cplusplus)
}
#endif
#endif
