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
  if ((s->side == CK_BELOW) == up) return curve->formed_at[key].hi;
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

static ck_fill swap(const ck_curve *curve, ck_point start, const ck_order *order) {
  ck_fill fill;
  const ck_point *limit = order->has_limit ? &order->limit : NULL;
  ck_trade(curve, start, order->buy, order->key, order->value, limit, &fill);
  fill.fraction = fraction(curve->table, fill.after);
  fill.price = coordinate(
    curve->table->grid, curve->oracle_price, fill.after.tick, fill.fraction);
  return fill;
}

// Writes the fields of one quote that are asked for.
CK_FN void ck_write(
  const ck_curve *curve, const ck_batch *batch, int64_t i, int up, double value, const ck_fill *fill) {
  const ck_table *t = curve->table;
  const double b = fill->amount[CK_B], a = fill->amount[CK_A];
  if (batch->in) batch->in[i] = up ? a : b;
  if (batch->out) batch->out[i] = up ? b : a;
  if (batch->average) batch->average[i] = a > 0 && b > 0 ? a / b : 0;
  if (batch->price || batch->fraction) {
    const double part = fraction(t, fill->after);
    if (batch->fraction) batch->fraction[i] = part;
    if (batch->price)
      batch->price[i] = coordinate(t->grid, curve->oracle_price, fill->after.tick, part);
  }
  if (batch->tick) batch->tick[i] = t->grid.lowest + fill->after.tick;
  if (batch->ticks) batch->ticks[i] = fill->ticks;
  if (batch->stop) batch->stop[i] = fill->stop;
  if (batch->left) {
    const double left = value - fill->amount[batch->key];
    batch->left[i] = left > 0 ? left : 0;
  }
}

static __attribute__((noinline)) void ck_write_all(
  const ck_curve *curve, const ck_batch *batch, int64_t i, int up, double value, ck_fill fill) {
  ck_write(curve, batch, i, up, value, &fill);
}

CK_FN int ck_asks_for_more(const ck_batch *batch) {
  return batch->average || batch->price || batch->fraction || batch->tick || batch->ticks
         || batch->stop || batch->left;
}

// One order of a sequence. Returns where the next one begins.
CK_FN ck_point ck_turn(
  const ck_curve *curve, ck_point start, int up, int key, double value, const ck_batch *batch, int64_t i,
  int more) {
  ck_fill fill;
  ck_walk(curve, start, up, key, value, NULL, &fill);
  if (more) {
    ck_write_all(curve, batch, i, up, value, fill);
  } else {
    if (batch->in) batch->in[i] = fill.amount[up ? CK_A : CK_B];
    if (batch->out) batch->out[i] = fill.amount[up ? CK_B : CK_A];
  }
  return fill.after;
}

CK_FN ck_point ck_turns(const ck_curve *curve, ck_point place, int key, const ck_batch *batch) {
  const int more = ck_asks_for_more(batch);
  for (int64_t i = 0; i < batch->count; ++i) {
    const double value = batch->value[i];
    if (value > 0)
      place = ck_turn(curve, place, 1, key, value, batch, i, more);
    else
      place = ck_turn(curve, place, 0, key, -value, batch, i, more);
  }
  return place;
}

static ck_point swaps(const ck_curve *curve, ck_point start, const ck_batch *batch) {
  return batch->key == CK_B ? ck_turns(curve, start, CK_B, batch)
                            : ck_turns(curve, start, CK_A, batch);
}

static __attribute__((noinline)) void ck_quote_alone(
  const ck_curve *curve, ck_point start, const ck_batch *batch, int64_t i) {
  ck_fill fill;
  ck_trade(
    curve, start, batch->buy, batch->key, batch->value[i],
    batch->has_limit ? &batch->limit : NULL, &fill);
  ck_write(curve, batch, i, batch->buy, batch->value[i], &fill);
}

enum { CK_ROWS = 8, CK_ORDERS = 8 * CK_ROWS };

// The orders first ..< first + 8 rows of a batch on a leg, at most CK_ORDERS of them.
CK_FN void ck_quote_rows(
  const ck_curve *curve, ck_point start, const ck_leg *leg, ck_way way, int up, int key,
  const ck_batch *batch, int64_t first, int64_t rows, int all) {
  v8_shot shots[CK_ROWS];
  double target[CK_ORDERS];
  int64_t bucket[CK_ORDERS], above[CK_ORDERS];
  for (int64_t row = 0; row < rows; ++row) {
    i8 buckets, on;
    const v8 value = ck_load(batch->value + first + 8 * row, 8);
    const v8_shot shot = ck_aim(leg, way, up, key, value, &buckets, &on);
    shots[row] = shot;
    __builtin_memcpy(&target[8 * row], &shot.target.hi, sizeof(v8));
    __builtin_memcpy(&bucket[8 * row], &buckets, sizeof(i8));
  }
  for (int64_t i = 0; i < 8 * rows; ++i)
    above[i] = ck_seek(leg->table, up, key, bucket[i], target[i]);
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t i = first + 8 * row;
    i8 off;
    v8_dd sold;
    const v8 value = ck_load(batch->value + i, 8);
    const i8 tick = ck_tick_below(way, up, shots[row], &above[8 * row]);
    const v8 amount = ck_settle(
      leg, way, up, key, shots[row], &above[8 * row], tick, tick == leg->from.tick, &sold, &off);
    const int pays = (key == CK_A) == up;  // the amount that is fixed goes in
    if (batch->in) ck_store(batch->in + i, pays ? value : amount, 8);
    if (batch->out) ck_store(batch->out + i, pays ? amount : value, 8);
    if (all) {
      for (int64_t j = 0; j < 8; ++j) {
        ck_fill fill = {{0, 0}, 0, {tick[j], {sold.hi[j], sold.lo[j]}}, 0, 0, CK_FILLED};
        fill.amount[key] = value[j];
        fill.amount[1 - key] = amount[j];
        fill.ticks = ck_ticks(leg, tick[j], fill.amount[CK_B]);
        ck_write(curve, batch, i + j, up, value[j], &fill);
      }
    }
    if (ck_any(off))
      for (int64_t j = 0; j < 8; ++j)
        if (off[j]) ck_quote_alone(curve, start, batch, i + j);
  }
}

CK_FN void ck_quotes(
  const ck_curve *curve, ck_point start, const ck_leg *leg, ck_way way, int up, int key,
  const ck_batch *batch) {
  const int all = ck_asks_for_more(batch);
  const int64_t whole = batch->count / 8 * 8;
  for (int64_t i = 0; i < whole; i += CK_ORDERS)
    ck_quote_rows(
      curve, start, leg, way, up, key, batch, i,
      whole - i < CK_ORDERS ? (whole - i) / 8 : CK_ROWS, all);
  for (int64_t i = whole; i < batch->count; ++i) ck_quote_alone(curve, start, batch, i);
}

// All orders begin with the same stretch; those that do not end there are run one by one.
CK_FN void ck_quotes_of(
  const ck_curve *curve, ck_point start, int up, int key, const ck_batch *batch) {
  const ck_point *limit = batch->has_limit ? &batch->limit : NULL;
  ck_stretch s;
  if (curve->table->has_empty || (limit && !ck_ahead(start, *limit, up))
      || (!ck_stretch_of(curve, start, up, limit, 0, &s)
          && !ck_stretch_of(curve, start, up, limit, 1, &s))
      || !ck_ahead(s.from, s.end, up)) {
    for (int64_t i = 0; i < batch->count; ++i) ck_quote_alone(curve, start, batch, i);
    return;
  }
  const ck_way way = ck_way_of(curve->table, s.from, s.end), cross = {1 - up, 1}, low = {0, 0},
               high = {1, 0};
  ck_leg leg;
  ck_leg_of(curve, s.side, way, up, key, s.from, ck_stop(curve, &s, up, key), &leg);
  if (way.crosses)
    ck_quotes(curve, start, &leg, cross, up, key, batch);
  else if (way.frame)
    ck_quotes(curve, start, &leg, high, up, key, batch);
  else
    ck_quotes(curve, start, &leg, low, up, key, batch);
}

static void quotes(const ck_curve *curve, ck_point start, const ck_batch *batch) {
  if (batch->key == CK_B) {
    if (batch->buy)
      ck_quotes_of(curve, start, 1, CK_B, batch);
    else
      ck_quotes_of(curve, start, 0, CK_B, batch);
  } else if (batch->buy) {
    ck_quotes_of(curve, start, 1, CK_A, batch);
  } else {
    ck_quotes_of(curve, start, 0, CK_A, batch);
  }
}
