// Quotes and swaps by prefix sums and a binary search.
#include "search.h"

#include "CPeers.h"

namespace {

template <class Search>
void quotes(const peer_curve &c, const double *x, double *out, size_t n) {
  const double *price = c.price + c.side;
  const size_t side = static_cast<size_t>(c.side);
  for (size_t q = 0; q < n; ++q) {
    size_t i = Search::first(c.up_b + 1, side, x[q]);
    out[q] = i < side ? c.up_a[i] + (x[q] - c.up_b[i]) * price[i] : c.up_a[side];
  }
}

template <class Search>
double buy(const peer_curve &c, peer_place &place, double x) {
  const int64_t n = 2 * c.side;
  int64_t t = place.tick;
  double left = c.b[t] - place.sold;
  if (x <= left) {
    place.sold += x;
    return x * c.price[t];
  }
  double a = left * c.price[t], from = c.sum_a[t + 1];
  double sold = c.sum_b[t + 1] + (x - left);
  t += 1 + static_cast<int64_t>(
             Search::first(c.sum_b + t + 2, static_cast<size_t>(n - t - 1), sold));
  if (t >= n) {
    place = {n - 1, c.b[n - 1]};
    return a + c.sum_a[n] - from;
  }
  double inside = sold - c.sum_b[t];
  place = {t, inside};
  return a + (c.sum_a[t] - from) + inside * c.price[t];
}

template <class Search>
double sell(const peer_curve &c, peer_place &place, double x) {
  int64_t t = place.tick;
  if (x <= place.sold) {
    place.sold -= x;
    return x * c.price[t];
  }
  double a = place.sold * c.price[t], from = c.sum_a[t];
  double sold = c.sum_b[t] - (x - place.sold);
  if (sold <= 0) {
    place = {0, 0};
    return a + from;
  }
  t = static_cast<int64_t>(Search::first(c.sum_b + 1, static_cast<size_t>(t), sold));
  place = {t, sold - c.sum_b[t]};
  return a + (from - c.sum_a[t + 1]) + (c.sum_b[t + 1] - sold) * c.price[t];
}

template <class Search>
void swaps(
  const peer_curve &c, peer_place *place, const double *x, double *a, size_t from, size_t to) {
  peer_place at = *place;
  for (size_t q = from; q < to; ++q) {
    a[q] = q & 1 ? sell<Search>(c, at, x[q]) : buy<Search>(c, at, x[q]);
  }
  *place = at;
}

}  // namespace

void peer_quotes_lower_bound(const peer_curve *c, const double *x, double *a, size_t n) {
  quotes<LowerBound>(*c, x, a, n);
}

void peer_quotes_branch_free(const peer_curve *c, const double *x, double *a, size_t n) {
  quotes<BranchFree>(*c, x, a, n);
}

void peer_swaps_lower_bound(
  const peer_curve *c, peer_place *place, const double *x, double *a, size_t from, size_t to) {
  swaps<LowerBound>(*c, place, x, a, from, to);
}

void peer_swaps_branch_free(
  const peer_curve *c, peer_place *place, const double *x, double *a, size_t from, size_t to) {
  swaps<BranchFree>(*c, place, x, a, from, to);
}
