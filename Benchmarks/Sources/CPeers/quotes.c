/* Quotes by walking ticks. */
#include "CPeers.h"

#include <math.h>

/* As the source document has it: the mass of a tick is evaluated when the walk comes to it. */
void peer_quotes_erf(const peer_curve *c, const double *x, double *out, size_t n) {
  double step = c->w / (c->s * M_SQRT2), end = c->k / M_SQRT2;
  for (size_t q = 0; q < n; ++q) {
    double left = x[q], a = 0, below = 0;
    for (int64_t i = 0; i < c->side; ++i) {
      double above = erf(fmin((double)(i + 1) * step, end));
      double mass = 0.5 * (above - below) / c->norm;
      double price = c->mu * (1 + (double)i * c->w);
      double b = c->l * mass / sqrt(price);
      below = above;
      if (left <= b) {
        a += left * price;
        break;
      }
      left -= b;
      a += b * price;
    }
    out[q] = a;
  }
}

/* The same over a table of what each tick holds. */
void peer_quotes_walk(const peer_curve *c, const double *x, double *out, size_t n) {
  const double *b = c->b + c->side, *price = c->price + c->side;
  for (size_t q = 0; q < n; ++q) {
    double left = x[q], a = 0;
    for (int64_t i = 0; i < c->side; ++i) {
      if (left <= b[i]) {
        a += left * price[i];
        break;
      }
      left -= b[i];
      a += b[i] * price[i];
    }
    out[q] = a;
  }
}
