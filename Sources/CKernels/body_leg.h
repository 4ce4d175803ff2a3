// The straight line of a swap: from a place into the inside of a tick before the leg ends, no edge hit
// to the bit, no tick empty. What is not on the line is left to the full traversal, `ck_walk`: both give
// the same bits where both apply, and a test compares them. Included once per instruction set.
//
// The line has three steps: where the sums end (ck_aim), which tick that is (ck_seek), and what it is
// worth (ck_settle). One text serves one order and eight at a time. A batch takes each step for many
// orders before the next, because a step waits for little but its own beginning.

// Which sums a leg goes through: those of the frame of its first tick, and if it `crosses`, those of the
// other one behind them.
typedef struct {
  int frame, crosses;
} ck_way;

CK_FN ck_way ck_way_of(const ck_table *t, ck_point from, ck_point end) {
  const int frame = from.tick >= t->fold;
  // a leg up to the seam, no further, has all its sums in the lower frame
  const int to_seam = end.tick == t->fold && !(t->edges[t->fold + 1].b.hi < end.sold.hi);
  return (ck_way){frame, frame != (end.tick >= t->fold) && !(frame == 0 && to_seam)};
}

// What does not change over the orders of a leg.
typedef struct {
  const ck_table *table;
  ck_point from;   // the tick that gives the first unit
  ck_dd start;     // the cumulative capacity of the token that is fixed, there
  double stop;     // at the end of the leg
  ck_dd inverse;   // 1 / unit of the token that is fixed
  ck_dd unit;      // of the other
  double rest;     // what the other token has left in the first tick
  ck_dd base;      // its sums at the far edge of the first tick
  ck_dd seam;      // where they begin again in the other frame
  double to_seam;  // what the other token has in whole ticks up to there
  double dust;     // what is less, beside the sums, ends where these can tell and not where it does
} ck_leg;

CK_FN void ck_leg_of(
  const ck_curve *curve, int side, ck_way way, int up, int key, ck_point from, double stop,
  ck_leg *leg) {
  const ck_table *t = curve->way[up];
  const int other = 1 - key;
  const int64_t lower = from.tick + way.frame, far = up ? lower + 1 : lower;
  leg->table = t;
  leg->from = from;
  const double price = ck_price(t, from.tick);
  leg->start = from.sold;
  if (key == CK_A) {
    const ck_dd inside = ck_subtract(from.sold, ck_edge_of(t, CK_B, lower));
    leg->start = ck_plus(ck_edge_of(t, CK_A, lower), ck_times(inside, price));
  }
  leg->stop = stop;
  leg->inverse = curve->inverse[side][key];
  leg->unit = curve->unit[side][other];
  const ck_dd edge = ck_edge_of(t, CK_B, far);
  leg->rest = up ? ck_gap(edge, from.sold) : ck_gap(from.sold, edge);
  if (other == CK_A) leg->rest *= price;
  leg->base = ck_edge_of(t, other, far);
  const ck_dd below = ck_edge_of(t, other, t->fold), above = ck_edge_of(t, other, t->fold + 1);
  leg->seam = up ? above : below;
  leg->to_seam = up ? ck_gap(below, leg->base) : ck_gap(leg->base, above);
  const double sum = __builtin_fabs(leg->start.hi);
  const double across = way.crosses ? __builtin_fabs(ck_edge_of(t, key, t->fold + up).hi) : 0;
  leg->dust = 0x1p-54 * (sum > across ? sum : across);
}

#define R double
#define RR ck_dd
#define N int64_t
#define SHOT ck_shot
#define ALL(X) ((double)(X))
#define ALL_DD(X) (X)
#include "line_text.h"

#define R v8
#define RR v8_dd
#define N i8
#define SHOT v8_shot
#define ALL(X) v8_all(X)
#define ALL_DD(X) ((v8_dd){v8_all((X).hi), v8_all((X).lo)})
#include "line_text.h"

// The first stored edge above the target: beyond it going up, not before it going down, so that an edge
// that equals the target is the one on this side. What is behind the edges of its bucket is above in any
// case, so one comparison does where there is at most one. (Targets lie before the seam: what is behind
// the last bucket of the lower frame is not looked at.)
CK_FN int64_t ck_seek(const ck_table *t, int up, int key, int64_t bucket, double target) {
  const uint32_t *first = t->guide[key].first;
  int64_t low = first[bucket], high = first[bucket + 1];
  while (__builtin_expect(high - low > 1, 0)) {
    const int64_t middle = (low + high) >> 1;
    const double edge = ck_edge_of(t, key, middle).hi;
    if (up ? edge <= target : edge < target)
      low = middle + 1;
    else
      high = middle;
  }
  const double edge = ck_edge_of(t, key, low).hi;
  return low + (up ? edge <= target : edge < target);
}
