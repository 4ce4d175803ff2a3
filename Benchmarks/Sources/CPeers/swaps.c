/* Swaps by walking a table from where the pool stands. */
#include "CPeers.h"

peer_place peer_oracle(const peer_curve *c) { return (peer_place){c->side, 0}; }

static double buy(const peer_curve *c, peer_place *place, double x) {
  double a = 0;
  for (;;) {
    double left = c->b[place->tick] - place->sold, price = c->price[place->tick];
    if (x <= left) {
      place->sold += x;
      return a + x * price;
    }
    x -= left;
    a += left * price;
    if (place->tick + 1 == 2 * c->side) {
      place->sold = c->b[place->tick];
      return a;
    }
    place->tick += 1;
    place->sold = 0;
  }
}

static double sell(const peer_curve *c, peer_place *place, double x) {
  double a = 0;
  for (;;) {
    double price = c->price[place->tick];
    if (x <= place->sold) {
      place->sold -= x;
      return a + x * price;
    }
    x -= place->sold;
    a += place->sold * price;
    if (place->tick == 0) {
      place->sold = 0;
      return a;
    }
    place->tick -= 1;
    place->sold = c->b[place->tick];
  }
}

void peer_swaps_walk(
  const peer_curve *c, peer_place *place, const double *x, double *a, size_t from, size_t to) {
  peer_place at = *place;
  for (size_t q = from; q < to; ++q) a[q] = q & 1 ? sell(c, &at, x[q]) : buy(c, &at, x[q]);
  *place = at;
}
