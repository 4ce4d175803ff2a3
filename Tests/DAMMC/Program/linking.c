/* Calls every function of damm.h and prints what it gets, as many digits as tell doubles apart; a test
 * compares the lines with Swift's. With an argument it does all that so many times, for the search for
 * leaks, and prints once. */
#include <damm.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 33 };

static int quiet;

static void check(damm_status status, const damm_error *error) {
  if (status == DAMM_OK) return;
  printf("unexpected %d: %s\n", (int)status, error->text);
  exit(1);
}

static void show(const char *name, const damm_quote *q) {
  if (quiet) return;
  printf(
    "%s %.17g %.17g %.17g %.17g %.17g %.17g %.17g %" PRId64 " %" PRId64 " %" PRId32 "\n", name,
    q->amount_in, q->amount_out, q->fee, q->average_price, q->price_after, q->fraction_after,
    q->left, q->tick_after, q->ticks_crossed, q->stop);
}

static void show_two(const char *name, double x, double y) {
  if (!quiet) printf("%s %.17g %.17g\n", name, x, y);
}

static void refused(damm_status status, const damm_error *error) {
  if (!quiet) printf("refused %d %s\n", (int)status, error->text);
}

static damm_curve *make_curve(void) {
  damm_error error;
  damm_parameters parameters = damm_parameters_default();
  parameters.price = 3000;
  parameters.reserve_a = 3e6;
  parameters.reserve_b = 1000;
  check(damm_relative_sigma(0.8, 7, DAMM_PROPORTIONAL, &parameters.relative_sigma, &error), &error);
  if (!quiet) printf("sigma %.17g\n", parameters.relative_sigma);
  damm_curve *curve = NULL;
  check(damm_curve_create(&parameters, &curve, &error), &error);
  return curve;
}

static void show_curve(const damm_curve *curve) {
  damm_error error;
  int64_t lowest, upper;
  double price, a, b;
  check(damm_curve_ticks(curve, &lowest, &upper, &error), &error);
  check(damm_curve_state(curve, &price, &a, &b, NULL), &error);
  if (!quiet) printf("ticks %" PRId64 " %" PRId64 "\n", lowest, upper);
  if (!quiet) printf("state %.17g %.17g %.17g\n", price, a, b);
}

static void quotes(const damm_curve *curve) {
  damm_error error;
  damm_quote quote;
  check(damm_curve_quote(curve, DAMM_BUY, DAMM_AMOUNT, 10, 0, &quote, &error), &error);
  show("buy", &quote);
  check(damm_curve_quote(curve, DAMM_SELL, DAMM_NOTIONAL, 1e6, 2950, &quote, &error), &error);
  show("limited", &quote);
  check(damm_curve_quote(curve, DAMM_BUY, DAMM_AMOUNT, 1e6, 0, &quote, &error), &error);
  show("exhausted", &quote);
  check(damm_curve_quote_to_price(curve, DAMM_SELL, 2900, &quote, &error), &error);
  show("to-price", &quote);
}

static void batch(const damm_curve *curve) {
  damm_error error;
  double values[COUNT], in[COUNT], out[COUNT], fee[COUNT], average[COUNT], after[COUNT];
  double fraction[COUNT], left[COUNT];
  int64_t tick[COUNT], crossed[COUNT];
  int32_t stop[COUNT];
  const damm_quotes arrays = {in, out, fee, average, after, fraction, left, tick, crossed, stop};
  for (int i = 0; i < COUNT; ++i) values[i] = 1e-3 * (1 << (i % 24)) * (1 + i);
  check(
    damm_curve_quote_batch(
      curve, DAMM_BUY, DAMM_NOTIONAL, COUNT, values, 3020, &arrays, &error),
    &error);
  for (int i = 0; i < COUNT; ++i) {
    const damm_quote got = {
      in[i], out[i], fee[i], average[i], after[i], fraction[i], left[i], tick[i], crossed[i], stop[i]};
    damm_quote single;
    check(
      damm_curve_quote(curve, DAMM_BUY, DAMM_NOTIONAL, values[i], 3020, &single, &error), &error);
    if (got.amount_in != single.amount_in || got.stop != single.stop) puts("batch differs");
    show("batch", &got);
  }
  /* one field only, and nothing at all */
  const damm_quotes outs = {NULL, in, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL};
  check(
    damm_curve_quote_batch(curve, DAMM_BUY, DAMM_NOTIONAL, COUNT, values, 3020, &outs, &error),
    &error);
  if (memcmp(in, out, sizeof in) != 0) puts("one field differs");
  check(
    damm_curve_quote_batch(curve, DAMM_BUY, DAMM_NOTIONAL, 0, NULL, 0, NULL, &error), &error);
}

static void show_pool(const damm_pool *pool) {
  damm_error error;
  double a, b;
  check(damm_pool_reserves(pool, &a, &b, &error), &error);
  show_two("reserves", a, b);
}

static void pool(damm_curve *curve) {
  damm_error error;
  damm_pool *pool = NULL;
  damm_quote quote;
  check(damm_pool_create(curve, &pool, &error), &error);
  /* the pool keeps what it needs */
  damm_curve_free(curve);
  check(damm_pool_quote(pool, DAMM_BUY, DAMM_AMOUNT, 50, 0, &quote, &error), &error);
  show("pool", &quote);
  check(damm_pool_swap(pool, DAMM_BUY, DAMM_AMOUNT, 50, 0, &quote, &error), &error);
  show("swap", &quote);
  show_pool(pool);
  check(damm_pool_reform(pool, 3010, &error), &error);
  check(damm_pool_swap_to_price(pool, DAMM_SELL, 2990, &quote, &error), &error);
  show("swap-to-price", &quote);
  show_pool(pool);
  damm_curve *snapshot = NULL, *shared = NULL;
  check(damm_pool_curve(pool, &snapshot, &error), &error);
  show_curve(snapshot);
  check(damm_curve_create_sharing(snapshot, 1.5, 1e3, 2e3, 1.51, &shared, &error), &error);
  show_curve(shared);
  damm_curve_free(snapshot);
  damm_curve_free(shared);
  damm_pool_free(pool);
}

static void refusals(const damm_curve *curve) {
  damm_error error;
  damm_quote quote;
  damm_parameters parameters = damm_parameters_default();
  damm_curve *none = NULL;
  refused(damm_curve_create(&parameters, &none, &error), &error);
  refused(damm_curve_quote(curve, DAMM_BUY, DAMM_AMOUNT, -1, 0, &quote, &error), &error);
  refused(damm_curve_quote(NULL, DAMM_BUY, DAMM_AMOUNT, 1, 0, &quote, &error), &error);
  refused(damm_curve_quote(curve, (damm_side)7, DAMM_AMOUNT, 1, 0, &quote, &error), &error);
  damm_curve_free(none);
  damm_pool_free(NULL);
}

int main(int count, char **arguments) {
  const int times = count > 1 ? atoi(arguments[1]) : 1;
  if (strcmp(damm_version(), DAMM_VERSION) != 0) puts("the library is of another version");
  for (int i = 0; i < times; ++i) {
    quiet = i > 0;
    damm_curve *curve = make_curve();
    show_curve(curve);
    quotes(curve);
    batch(curve);
    refusals(curve);
    pool(curve);
  }
  return 0;
}
