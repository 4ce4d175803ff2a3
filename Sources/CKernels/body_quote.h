// Swaps and quotes: each stretch by the straight line where it applies, else carefully. Included once per
// instruction set.

// Where the ticks of one scale end in the direction of travel.
CK_FN ck_point ck_end_of(const ck_curve *curve, int side, int up) {
  const ck_table *t = curve->way[up];
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
  s->from = ck_entered(curve->way[up], place, up);
  return 1;
}

// How many ticks gave something to an order on the line.
CK_FN int64_t ck_ticks(const ck_leg *leg, int64_t tick, double b) {
  const int64_t steps = tick - leg->from.tick;
  return b > 0 ? (steps < 0 ? -steps : steps) + 1 : 0;
}

// An order on its way over the stretches.
typedef struct {
  double left;      // what is left of the amount that is fixed
  int64_t counted;  // the last tick counted, so that the tick of forming counts once
} ck_rest;

// Adds what a stretch gave between its begin and `to`, in scale-free amounts, to the fill.
CK_FN void ck_take(
  const ck_table *t, const ck_dd *unit, const ck_stretch *s, ck_point to, int up, double b, double a,
  ck_rest *rest, ck_fill *fill) {
  if (b > 0) {
    int64_t end_tick;
    const int64_t ticks = ck_count(t, s->from, to, up, &end_tick);
    fill->ticks += ticks - (s->from.tick == rest->counted);
    rest->counted = end_tick;
  }
  fill->amount[CK_B] += ck_tokens(b, unit[CK_B]);
  fill->amount[CK_A] += ck_tokens(a, unit[CK_A]);
  // the upper edge of a tick is the next one's lower edge; a tick without liquidity has only one
  if (to.tick < t->grid.count && ck_less(ck_lower_edge(t, CK_B, to.tick), to.sold)
      && !ck_less(to.sold, ck_upper_edge(t, CK_B, to.tick)))
    to = ck_start_of(t, to.tick + 1);
  fill->after = to;
}

// An order that plainly takes all of a stretch, and goes on behind it if that is not the limit. Returns 0,
// and does nothing, if it does not.
CK_FN int ck_pass(
  const ck_curve *curve, const ck_stretch *s, int up, int key, double value, ck_rest *rest,
  ck_fill *fill) {
  const ck_table *t = curve->way[up];
  const ck_dd *unit = curve->unit[s->side];
  double amount[2] = {0, 0};
  if (ck_ahead(s->from, s->end, up)) {  // else only ticks without liquidity lie in between
    if (up)
      ck_between(t, s->from, s->end, &amount[CK_B], &amount[CK_A]);
    else
      ck_between(t, s->end, s->from, &amount[CK_B], &amount[CK_A]);
    if (key != CK_NONE && !(ck_tokens(amount[key], unit[key]) < rest->left * (1 - 0x1p-30)))
      return 0;
  }
  ck_take(t, unit, s, s->end, up, amount[CK_B], amount[CK_A], rest, fill);
  if (key != CK_NONE) rest->left = value - fill->amount[key];
  if (s->limited) fill->stop = CK_LIMIT;
  return 1;
}

// An order that may end on a stretch, with all edge cases. Returns 1 if it ends here.
static __attribute__((noinline)) int ck_end_carefully(
  const ck_curve *curve, const ck_stretch *s, int up, int key, double value, ck_rest *rest,
  ck_fill *fill) {
  const ck_table *t = curve->way[up];
  const ck_dd *unit = curve->unit[s->side];
  const ck_dd x = ck_times(curve->inverse[s->side][key], rest->left);
  ck_point to = s->end;
  double amount[2] = {0, 0};
  int filled = ck_reach(t, s->from, s->end, key, x, up, &to, &amount[1 - key]);
  double part[2];  // between the two places
  ck_between(t, up ? s->from : to, up ? to : s->from, &part[CK_B], &part[CK_A]);
  if (filled) {
    // Dust that crosses an edge ends where the sums can tell, not where it does: then what it would have
    // bought is not quite what it pays for, and it gets no more than its share.
    const double share = x.hi / part[key];
    const int pays = (key == CK_A) == up;
    if (to.tick != s->from.tick && (pays ? share < 1 - 0x1p-48 : share > 1 + 0x1p-48))
      amount[1 - key] *= share;
    amount[key] = x.hi;
  } else {
    amount[CK_B] = part[CK_B];
    amount[CK_A] = part[CK_A];
    // Rounding can put the end of an order just beyond a stretch that is worth what is left: then it
    // is filled here, for that much of the other token and no more.
    const double whole = ck_tokens(amount[key], unit[key]);
    if (whole >= rest->left) {
      amount[1 - key] *= rest->left / whole;
      filled = 1;
    }
  }
  ck_take(t, unit, s, to, up, amount[CK_B], amount[CK_A], rest, fill);
  if (!filled) rest->left = value - fill->amount[key];
  if (filled || !(rest->left > 0)) {
    // the fixed amount is the order's own, to the bit
    fill->amount[key] = value;
    fill->stop = CK_FILLED;
    return 1;
  }
  if (s->limited) fill->stop = CK_LIMIT;
  return s->limited;
}

// One tick, or the part of it that a stretch has: what an order that ends in it needs to know.
typedef struct {
  int64_t tick;
  ck_dd low, high;    // B sold at its ends,
  double from, to;    // and at the edges of the tick
  double dust;        // what is less, beside the sums there, lies elsewhere in A than in B
  double price;
  ck_dd inverse;      // 1 / unit of the token that is fixed
  ck_dd unit;         // of the other
} ck_room;

CK_FN ck_room ck_room_of(
  const ck_curve *curve, int side, int frame, int64_t tick, int up, int key) {
  const ck_table *t = curve->way[up];
  const ck_edge *edge = &t->edges[tick + frame];
  return (ck_room){
    tick, edge[0].b, edge[1].b, edge[0].b.hi, edge[1].b.hi,
    0x1p-60 * (frame ? -edge[0].b.hi : edge[1].b.hi), ck_price(t, tick),
    curve->inverse[side][key], curve->unit[side][1 - key]};
}

// An order that plainly ends in the tick where it begins: at one price. Returns 0, and adds nothing, if it
// does not, or if that is a matter of the last bits.
CK_FN int ck_within(
  const ck_room *room, ck_dd sold, int up, int key, double left, ck_fill *fill) {
  const double ahead = up ? ck_gap(room->high, sold) : ck_gap(sold, room->low);
  const ck_dd x = ck_times(room->inverse, left);
  const double moved = key == CK_B ? x.hi : x.hi / room->price;
  if (!(moved < ahead * (1 - 0x1p-40) && ahead > room->dust)) return 0;
  const ck_dd by = key == CK_B ? x : (ck_dd){moved, 0};
  sold = ck_plus(sold, up ? by : ck_negate(by));
  if (!(room->from < sold.hi && sold.hi < room->to)) return 0;
  const double other = key == CK_B ? x.hi * room->price : moved;
  fill->amount[1 - key] += ck_tokens(other, room->unit);
  fill->ticks = key == CK_B || moved > 0;
  fill->after = (ck_point){room->tick, sold};
  fill->stop = CK_FILLED;
  return 1;
}

// One order on a stretch, beyond its first tick. Returns 0, and adds nothing, if it is off the line.
CK_FN int ck_straight(
  const ck_curve *curve, const ck_stretch *s, ck_way way, int up, int key, double left, double stop,
  ck_fill *fill) {
  int64_t bucket, on, off;
  ck_dd sold;
  ck_leg leg;
  ck_leg_of(curve, s->side, way, up, key, s->from, stop, &leg);
  const ck_shot shot = ck_aim(&leg, way, up, key, left, &bucket, &on);
  if (!on) return 0;
  const int64_t above = ck_seek(leg.table, up, key, bucket, shot.target.hi);
  const int64_t tick = ck_tick_below(way, up, shot, &above);
  const double other = ck_settle(&leg, way, up, key, shot, &above, tick, 0, &sold, &off);
  // a start beside a far thinner tick may lie on the wrong side of the edge in A
  if (off || (up ? tick <= s->from.tick : tick >= s->from.tick)) return 0;
  fill->amount[1 - key] += other;
  fill->ticks = ck_ticks(&leg, tick, key == CK_B ? left : other);
  fill->after = (ck_point){tick, sold};
  fill->stop = CK_FILLED;
  return 1;
}

// Where the sums of a token end on a stretch, in the frame where its way ends, or the last bits before.
CK_FN double ck_stop(const ck_curve *curve, const ck_stretch *s, ck_way way, int up, int key) {
  const ck_table *t = curve->way[up];
  if (way.frame == 0 && !way.crosses && s->end.tick == t->fold) return ck_edge_of(t, key, t->fold).hi;
  if (s->limited) return ck_coordinate(t, key, s->end).hi;
  if ((s->side == CK_BELOW) == up)
    return key == CK_B ? curve->formed.sold.hi : curve->formed_a[up ? CK_BELOW : CK_ABOVE];
  return 0;
}

// Whether an order takes more than all of a stretch, judged by the B there and its highest price. Says no
// where that is not plain.
CK_FN int ck_plainly_passes(
  const ck_curve *curve, const ck_stretch *s, ck_way way, int up, int key, double left) {
  const ck_table *t = curve->way[up];
  if (way.crosses) return 0;
  const int to_seam = way.frame == 0 && s->end.tick == t->fold;
  const double end = to_seam ? ck_edge_of(t, CK_B, t->fold).hi : s->end.sold.hi;
  double most = up ? end - s->from.sold.hi : s->from.sold.hi - end;
  if (key == CK_A) most *= ck_price(t, up ? s->end.tick : s->from.tick);
  return left * curve->inverse[s->side][key].hi > most * (1 + 0x1p-20);
}

// Whether a stretch offers anything: a side that does not has neither unit nor inverse.
CK_FN int ck_offers(const ck_curve *curve, const ck_stretch *s, int key) {
  return curve->inverse[s->side][key].hi > 0;
}

// Runs one order; `up` and `key` are constants where this is used.
CK_FN void ck_walk(
  const ck_curve *curve, ck_point start, int up, int key, double value, const ck_point *limit,
  ck_fill *result) {
  const ck_table *t = curve->way[up];
  ck_fill fill = {{0, 0}, 0, start, 0, 0, CK_EXHAUSTED};
  ck_rest rest = {value, -1};
  if (limit && !ck_ahead(start, *limit, up)) {
    fill.stop = CK_LIMIT;
    *result = fill;
    return;
  }
#pragma clang loop unroll(disable)
  for (int step = 0; step < 2; ++step) {
    ck_stretch s;
    if (!ck_stretch_of(curve, fill.after, up, limit, step, &s)) continue;
    const ck_way way = ck_way_of(t, s.from, s.end);
    if (key != CK_NONE && !t->has_empty && ck_ahead(s.from, s.end, up)
        && ck_offers(curve, &s, key) && !ck_plainly_passes(curve, &s, way, up, key, rest.left)) {
      // Branches, not values: the frame is known from afar, the place only from the order before.
      const ck_way cross = {1 - up, 1}, low = {0, 0}, high = {1, 0};
      const double stop = ck_stop(curve, &s, way, up, key);
      ck_fill straight = fill;
      int done;
      ck_room room = way.frame ? ck_room_of(curve, s.side, 1, s.from.tick, up, key)
                               : ck_room_of(curve, s.side, 0, s.from.tick, up, key);
      if (s.end.tick == s.from.tick) *(up ? &room.high : &room.low) = s.end.sold;
      if (ck_within(&room, s.from.sold, up, key, rest.left, &straight))
        done = 1;
      else if (way.crosses)
        done = ck_straight(curve, &s, cross, up, key, rest.left, stop, &straight);
      else if (way.frame)
        done = ck_straight(curve, &s, high, up, key, rest.left, stop, &straight);
      else
        done = ck_straight(curve, &s, low, up, key, rest.left, stop, &straight);
      if (done) {
        straight.amount[key] = value;
        straight.ticks += fill.ticks - (s.from.tick == rest.counted);
        *result = straight;
        return;
      }
    }
    if (ck_pass(curve, &s, up, key, value, &rest, &fill)) {
      if (s.limited) break;
      continue;
    }
    // copies, so that what the line works with stays in registers
    ck_stretch stretch = s;
    ck_fill careful = fill;
    ck_rest rest_of_it = rest;
    const int done = ck_end_carefully(curve, &stretch, up, key, value, &rest_of_it, &careful);
    fill = careful;
    rest = rest_of_it;
    if (done) break;
  }
  *result = fill;
}
