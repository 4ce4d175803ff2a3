// Swaps and quotes: each stretch by the straight line where it applies, else carefully. Included once per
// instruction set.

// Where the ticks of one scale end in the direction of travel.
CK_FN ck_point ck_end_of(const ck_curve *curve, int side, int up) {
  const ck_table *t = curve->table;
  if ((side == CK_BELOW) == (up != 0)) return curve->formed;
  return ck_start_of(t, up ? t->grid.count : 0);
}

CK_FN int ck_ahead(ck_point p, ck_point q, int up) { return up ? ck_before(p, q) : ck_before(q, p); }

// A part of the way with one pair of scales.
typedef struct {
  ck_point from;  // entered
  ck_point end;
  int side;       // CK_BELOW or CK_ABOVE
  int limited;    // the limit is its end
} ck_stretch;

// What lies ahead of a place on this side of the place of forming (step 0) or beyond it (step 1). Returns
// 0 if that is nothing, not even ticks without liquidity.
CK_FN int ck_stretch_of(
  const ck_curve *curve, ck_point place, int up, const ck_point *limit, int step, ck_stretch *s) {
  s->side = up ? step : 1 - step;
  s->end = ck_end_of(curve, s->side, up);
  if (!ck_ahead(place, s->end, up)) return 0;
  s->limited = limit && !ck_ahead(s->end, *limit, up);
  if (s->limited) s->end = *limit;
  s->from = ck_entered(curve->table, place, up);
  return 1;
}

// How many ticks gave something to an order on the line.
CK_FN int64_t ck_ticks(const ck_leg *leg, int64_t tick, double b) {
  const int64_t steps = tick - leg->from.tick;
  return b > 0 ? (steps < 0 ? -steps : steps) + 1 : 0;
}

// What is left of an order, on a stretch, with all edge cases. Adds to the fill. Returns 1 if the order ends
// here. `counted` is the last tick counted, so that the tick of forming counts once.
static __attribute__((noinline)) int ck_stretch_carefully(
  const ck_curve *curve, const ck_stretch *s, int up, int key, double value, double *left,
  int64_t *counted, ck_fill *fill) {
  const ck_table *t = curve->table;
  const ck_dd *unit = curve->unit[s->side];
  ck_point to = s->end;
  double amount[2] = {0, 0};
  int filled = 0;
  if (ck_ahead(s->from, s->end, up)) {  // else only ticks without liquidity lie in between
    if (up)
      between(t, s->from, to, &amount[CK_B], &amount[CK_A]);
    else
      between(t, to, s->from, &amount[CK_B], &amount[CK_A]);
    const double whole = key == CK_NONE ? 0 : ck_tokens(amount[key], unit[key]);
    // an order that plainly takes all of this goes on; one that is near needs to be seen exactly
    if (key != CK_NONE && !(whole < *left * (1 - 0x1p-30))) {
      const ck_dd x = ck_times(curve->inverse[s->side][key], *left);
      double other;
      filled = ck_reach(t, s->from, s->end, key, x, up, &to, &other);
      if (filled) {
        amount[key] = x.hi;
        amount[1 - key] = other;
      } else if (whole >= *left) {
        // Rounding can put the end of an order just beyond a stretch that is worth what is left: then it
        // is filled here, for that much of the other token and no more.
        amount[1 - key] *= *left / whole;
        filled = 1;
      }
    }
  }
  if (amount[CK_B] > 0) {
    int64_t end_tick, ticks = ck_count(t, s->from, to, up, &end_tick);
    fill->ticks += ticks - (s->from.tick == *counted);
    *counted = end_tick;
  }
  fill->amount[CK_B] += ck_tokens(amount[CK_B], unit[CK_B]);
  fill->amount[CK_A] += ck_tokens(amount[CK_A], unit[CK_A]);
  // the upper edge of a tick is the next one's lower edge; a tick without liquidity has only one
  if (to.tick < t->grid.count && ck_less(ck_lower_edge(t, CK_B, to.tick), to.sold)
      && !ck_less(to.sold, ck_upper_edge(t, CK_B, to.tick)))
    to = ck_start_of(t, to.tick + 1);
  fill->after = to;
  if (key != CK_NONE && !filled) *left = value - fill->amount[key];
  if (filled || (key != CK_NONE && !(*left > 0))) {
    // the fixed amount is the order's own, to the bit
    fill->amount[key] = value;
    fill->stop = CK_FILLED;
    return 1;
  }
  if (s->limited) fill->stop = CK_LIMIT;
  return s->limited;
}

// One order on a stretch. Returns 0, and adds nothing, if it is off the line.
CK_FN int ck_straight(
  const ck_curve *curve, const ck_stretch *s, ck_way way, int up, int key, double left, double stop,
  ck_fill *fill) {
  int64_t bucket, on, off;
  ck_dd sold;
  ck_leg leg;
  ck_leg_of(curve, s->side, way, up, key, s->from, stop, &leg);
  const ck_shot shot = ck_aim(&leg, way, up, key, left, &bucket, &on);
  if (!on) return 0;
  int64_t tick = s->from.tick;
  double other;
  if (!shot.crossed && (up ? shot.target.hi < leg.near : leg.near < shot.target.hi)) {
    const int64_t above = tick + way.frame + 1;
    other = ck_settle(&leg, way, up, key, shot, &above, tick, -1, &sold, &off);
  } else {
    const int64_t above = ck_seek(leg.table, up, key, bucket, shot.target.hi);
    tick = ck_tick_below(way, up, shot, &above);
    other = ck_settle(&leg, way, up, key, shot, &above, tick, 0, &sold, &off);
    off |= tick == s->from.tick;
  }
  if (off) return 0;
  fill->amount[1 - key] += other;
  fill->ticks = ck_ticks(&leg, tick, key == CK_B ? left : other);
  fill->after = (ck_point){tick, sold};
  fill->stop = CK_FILLED;
  return 1;
}

// Where the sums of a token end on a stretch.
CK_FN double ck_stop(const ck_curve *curve, const ck_stretch *s, int up, int key) {
  if (s->limited) return ck_coordinate(curve->table, key, s->end).hi;
  if ((s->side == CK_BELOW) == up) return key == CK_B ? curve->formed.sold.hi : curve->formed_a.hi;
  return 0;
}

// Runs one order; `up` and `key` are constants where this is used.
CK_FN void ck_walk(
  const ck_curve *curve, ck_point start, int up, int key, double value, const ck_point *limit,
  ck_fill *result) {
  const ck_table *t = curve->table;
  ck_fill fill = {{0, 0}, 0, start, 0, 0, CK_EXHAUSTED};
  double left = value;
  int64_t counted = -1;
  if (limit && !ck_ahead(start, *limit, up)) {
    fill.stop = CK_LIMIT;
    *result = fill;
    return;
  }
#pragma clang loop unroll(disable)
  for (int step = 0; step < 2; ++step) {
    ck_stretch s;
    if (!ck_stretch_of(curve, fill.after, up, limit, step, &s)) continue;
    if (key != CK_NONE && !t->has_empty && ck_ahead(s.from, s.end, up)) {
      // Branches, not values: the frame is known from afar, the place only from the order before.
      const ck_way way = ck_way_of(t, s.from, s.end), cross = {1 - up, 1}, low = {0, 0}, high = {1, 0};
      const double stop = ck_stop(curve, &s, up, key);
      ck_fill straight = fill;
      int done;
      if (way.crosses)
        done = ck_straight(curve, &s, cross, up, key, left, stop, &straight);
      else if (way.frame)
        done = ck_straight(curve, &s, high, up, key, left, stop, &straight);
      else
        done = ck_straight(curve, &s, low, up, key, left, stop, &straight);
      if (done) {
        straight.amount[key] = value;
        straight.ticks += fill.ticks - (s.from.tick == counted);
        *result = straight;
        return;
      }
    }
    // copies, so that what the line works with stays in registers
    ck_stretch stretch = s;
    ck_fill careful = fill;
    double rest = left;
    int64_t last = counted;
    const int done = ck_stretch_carefully(curve, &stretch, up, key, value, &rest, &last, &careful);
    fill = careful;
    left = rest;
    counted = last;
    if (done) break;
  }
  *result = fill;
}

// The same for any order.
CK_FN void ck_trade(
  const ck_curve *curve, ck_point start, int up, int key, double value, const ck_point *limit,
  ck_fill *fill) {
  if (key == CK_NONE)
    ck_walk(curve, start, up, CK_NONE, value, limit, fill);
  else if (key == CK_B)
    up ? ck_walk(curve, start, 1, CK_B, value, limit, fill)
       : ck_walk(curve, start, 0, CK_B, value, limit, fill);
  else
    up ? ck_walk(curve, start, 1, CK_A, value, limit, fill)
       : ck_walk(curve, start, 0, CK_A, value, limit, fill);
}

static void quote(const ck_curve *curve, const ck_order *order, ck_fill *fill) {
  const ck_point *limit = order->has_limit ? &order->limit : NULL;
  ck_trade(curve, curve->place, order->buy, order->key, order->value, limit, fill);
  fill->fraction = fraction(curve->table, fill->after);
  fill->price = coordinate(
    curve->table->grid, curve->oracle_price, fill->after.tick, fill->fraction);
}

static void swap(ck_curve *curve, const ck_order *order, ck_fill *fill) {
  quote(curve, order, fill);
  curve->place = fill->after;
  curve->price = fill->price;
}
