// Many orders from one place, or across curves. Included once per instruction set.

// The first value that is not in low ... high, or below zero with its size there where `signs` allow it;
// -1 if there is none.
static int64_t first_outside(
  int64_t count, const double *values, double low, double high, int32_t signs) {
  const i8 size = (i8){0} + (signs ? INT64_MAX : -1);  // takes the sign away, or nothing
  int64_t i = 0;
  for (; i + 64 <= count; i += 64) {
    i8 inside = (i8){0} - 1;
    for (int64_t j = i; j < i + 64; j += 8) {
      const v8 x = (v8)((i8)ck_load(values + j, 8) & size);
      inside &= (x >= v8_all(low)) & (x <= v8_all(high));
    }
    if (!ck_all(inside)) break;
  }
  for (; i < count; ++i) {
    const double x = signs && values[i] < 0 ? -values[i] : values[i];
    if (!(x >= low && x <= high)) return i;
  }
  return -1;
}

// Writes the fields of one quote that are asked for.
CK_FN void ck_write(
  const ck_curve *curve, const ck_batch *batch, int64_t i, int up, double value, const ck_fill *fill) {
  const ck_table *t = curve->table;
  const double b = fill->amount[CK_B], a = fill->amount[CK_A];
  if (batch->in) batch->in[i] = up ? a : b;
  if (batch->out) batch->out[i] = up ? b : a;
  if (batch->fee) batch->fee[i] = fill->fee;
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
  return batch->fee || batch->average || batch->price || batch->fraction || batch->tick || batch->ticks
         || batch->stop || batch->left;
}

static __attribute__((noinline)) void ck_quote_alone(
  const ck_curve *curve, const ck_batch *batch, int64_t i) {
  const ck_order order = {batch->buy, batch->key, batch->has_limit, batch->value[i], batch->limit};
  const ck_point *limit = batch->has_limit ? &order.limit : NULL;
  const int fee = batch->fee != NULL;
  ck_fill fill;
  if (batch->key == CK_B)
    batch->buy ? ck_trade(curve, curve->place, 1, CK_B, order.value, limit, fee, &fill)
               : ck_trade(curve, curve->place, 0, CK_B, order.value, limit, fee, &fill);
  else
    batch->buy ? ck_trade(curve, curve->place, 1, CK_A, order.value, limit, fee, &fill)
               : ck_trade(curve, curve->place, 0, CK_A, order.value, limit, fee, &fill);
  ck_write(curve, batch, i, batch->buy, order.value, &fill);
}

static void quotes_across(const ck_curve *curves, int64_t stride, const ck_batch *batch) {
  const char *at = (const char *)curves;
  for (int64_t i = 0; i < batch->count; ++i) {
    // pools lie apart in memory: fetch those to come
    const int64_t ahead = i + 8 < batch->count ? 8 * stride : 0;
    for (int64_t line = 0; line < (int64_t)sizeof(ck_curve); line += 64)
      __builtin_prefetch(at + ahead + line);
    ck_quote_alone((const ck_curve *)at, batch, i);
    at += stride;
  }
}

enum { CK_ROWS = 8, CK_ORDERS = 8 * CK_ROWS };

// A batch on one of its at most two legs.
typedef struct {
  const ck_curve *curve;
  const ck_batch *batch;
  int all;           // asked for more than amounts
  int passes;        // there is a second leg, for orders that pass the first
  ck_fill passed;    // what the first gives to those
  int64_t counted;   // the last tick counted there
  int side[2];       // of the legs
} ck_many;

// Orders that plainly pass the first leg, as `ck_pass` sees it.
CK_FN i8 ck_passing(const ck_many *many, int key, v8 value) {
  return v8_all(many->passed.amount[key]) < value * v8_all(1 - 0x1p-30);
}

// The orders first ..< first + 8 rows of a batch, at most CK_ORDERS of them, on their first leg, or those
// that passed it on the second. `passes` is a constant: what does not pass needs no masks.
CK_FN void ck_quote_rows(
  const ck_many *many, const ck_leg *leg, ck_way way, int up, int key, int passes, int second,
  int64_t first, int64_t rows) {
  const ck_batch *batch = many->batch;
  v8_shot shots[CK_ROWS];
  double target[CK_ORDERS];
  int64_t bucket[CK_ORDERS], above[CK_ORDERS];
  for (int64_t row = 0; row < rows; ++row) {
    i8 buckets, on;
    v8 value = ck_load(batch->value + first + 8 * row, 8);
    if (second)
      value = ck_select(
        ck_passing(many, key, value), value - v8_all(many->passed.amount[key]), v8_all(0));
    const v8_shot shot = ck_aim(leg, way, up, key, value, &buckets, &on);
    shots[row] = shot;
    __builtin_memcpy(&target[8 * row], &shot.target.hi, sizeof(v8));
    __builtin_memcpy(&bucket[8 * row], &buckets, sizeof(i8));
  }
  const int charges = batch->fee != NULL;
  ck_leg_toll toll;
  if (charges) toll = ck_leg_toll_of(leg, way, up);
  for (int64_t i = 0; i < 8 * rows; ++i)
    above[i] = ck_seek(leg->table, up, key, bucket[i], target[i]);
  const int pays = (key == CK_A) == up;  // the amount that is fixed goes in
  double *const fixed_to = pays ? batch->in : batch->out;
  double *const other_to = pays ? batch->out : batch->in;
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t i = first + 8 * row;
    i8 off, mine = {-1, -1, -1, -1, -1, -1, -1, -1};
    v8_dd sold;
    const v8 value = ck_load(batch->value + i, 8);
    const i8 tick = ck_tick_below(way, up, shots[row], &above[8 * row]);
    v8 amount = ck_settle(
      leg, way, up, key, shots[row], &above[8 * row], tick, tick == leg->from.tick, &sold, &off);
    off |= up ? tick < leg->from.tick : tick > leg->from.tick;
    if (passes) {
      mine = ck_passing(many, key, value);
      if (!second) mine = ~mine;
      off &= mine;
      if (second) {
        amount += v8_all(many->passed.amount[1 - key]);
        if (other_to) amount = ck_select(mine, amount, ck_load(other_to + i, 8));
      }
    }
    if (fixed_to && !second) ck_store(fixed_to + i, value, 8);  // the first leg wrote it for all
    if (other_to) ck_store(other_to + i, amount, 8);
    v8 fee = v8_all(0);
    if (charges) {
      fee = ck_leg_fees(
        many->curve, leg, &toll, way, up, many->side[second], &above[8 * row], shots[row].crossed,
        tick, sold);
      if (second) fee += v8_all(many->passed.fee);
    }
    if (many->all) {
      for (int64_t j = 0; j < 8; ++j) {
        if (!mine[j] || off[j]) continue;
        ck_fill fill = {{0, 0}, 0, {tick[j], {sold.hi[j], sold.lo[j]}}, 0, 0, CK_FILLED};
        const double left = second ? value[j] - many->passed.amount[key] : value[j];
        const double other = second ? amount[j] - many->passed.amount[1 - key] : amount[j];
        fill.amount[key] = value[j];
        fill.amount[1 - key] = amount[j];
        fill.ticks = ck_ticks(leg, tick[j], key == CK_B ? left : other);
        if (second) fill.ticks += many->passed.ticks - (leg->from.tick == many->counted);
        if (charges) fill.fee = fill.ticks == 1 ? fill.amount[CK_A] * toll.near : fee[j];
        ck_write(many->curve, batch, i + j, up, value[j], &fill);
      }
    }
    if (ck_any(off))
      for (int64_t j = 0; j < 8; ++j)
        if (off[j]) ck_quote_alone(many->curve, batch, i + j);
  }
}

// All rows of a batch that has one leg.
CK_FN void ck_quote_one_leg(
  const ck_many *many, const ck_leg *leg, ck_way way, int up, int key, int64_t whole) {
  for (int64_t i = 0; i < whole; i += CK_ORDERS)
    ck_quote_rows(
      many, leg, way, up, key, 0, 0, i, whole - i < CK_ORDERS ? (whole - i) / 8 : CK_ROWS);
}

CK_FN void ck_quote_legs_of(
  const ck_many *many, const ck_leg *leg, ck_way way, int up, int key, int second, int64_t first,
  int64_t count) {
  if (many->passes)
    ck_quote_rows(many, leg, way, up, key, 1, second, first, count / 8);
  else
    ck_quote_one_leg(many, leg, way, up, key, count);
}

// The orders first ..< first + count of a batch (a multiple of 8, and at most CK_ORDERS if there are two
// legs), with all that is known when the batch begins as constants.
static __attribute__((noinline)) void ck_quote_legs(
  const ck_many *many, const ck_leg *leg, ck_way way, int second, int64_t first, int64_t count) {
  const int buy = many->batch->buy != 0, key = many->batch->key;
#define CK_WAYS(UP, KEY)                                                                          \
  if (way.crosses)                                                                                \
    ck_quote_legs_of(many, leg, (ck_way){1 - UP, 1}, UP, KEY, second, first, count);              \
  else if (way.frame)                                                                             \
    ck_quote_legs_of(many, leg, (ck_way){1, 0}, UP, KEY, second, first, count);                   \
  else                                                                                            \
    ck_quote_legs_of(many, leg, (ck_way){0, 0}, UP, KEY, second, first, count);
  if (buy && key == CK_B) {
    CK_WAYS(1, CK_B)
  } else if (buy) {
    CK_WAYS(1, CK_A)
  } else if (key == CK_B) {
    CK_WAYS(0, CK_B)
  } else {
    CK_WAYS(0, CK_A)
  }
#undef CK_WAYS
}

// The leg of a batch on a stretch.
static ck_way ck_batch_leg(const ck_many *many, const ck_stretch *s, ck_leg *leg) {
  const ck_curve *curve = many->curve;
  const int up = many->batch->buy != 0, key = many->batch->key;
  const ck_way way = ck_way_of(curve->table, s->from, s->end);
  ck_leg_of(curve, s->side, way, up, key, s->from, ck_stop(curve, s, way, up, key), leg);
  return way;
}

// All orders begin with the same stretch; those that pass it go on from the same place.
static void quotes(const ck_curve *curve, const ck_batch *batch) {
  const ck_point *limit = batch->has_limit ? &batch->limit : NULL, start = curve->place;
  const int up = batch->buy != 0;
  ck_many many = {
    curve, batch, ck_asks_for_more(batch), 0, {{0, 0}, 0, start, 0, 0, 0}, -1, {0, 0}};
  ck_stretch s[2];
  int line = !curve->table->has_empty && !(curve->surge > 0) && !(limit && !ck_ahead(start, *limit, up));
  ck_leg leg[2];
  ck_way way[2] = {{0, 0}, {0, 0}};
  if (line) {
    const int begins = ck_stretch_of(curve, start, up, limit, 0, &s[0]);
    if (!begins) line = ck_stretch_of(curve, start, up, limit, 1, &s[0]);
    line = line && ck_ahead(s[0].from, s[0].end, up) && ck_offers(curve, &s[0], batch->key);
    many.side[0] = s[0].side;
    if (line) way[0] = ck_batch_leg(&many, &s[0], &leg[0]);
    if (line && begins && !s[0].limited) {
      ck_rest rest = {__builtin_inf(), -1};
      ck_pass(curve, &s[0], up, batch->key, 0, &rest, &many.passed);
      many.counted = rest.counted;
      if (batch->fee && ck_ahead(s[0].from, s[0].end, up))
        many.passed.fee = ck_tokens(
          ck_fee_between(
            curve->way[up], up, up ? s[0].from : s[0].end, up ? s[0].end : s[0].from),
          curve->unit[s[0].side][CK_A]);
      many.passes = ck_stretch_of(curve, many.passed.after, up, limit, 1, &s[1])
                    && ck_ahead(s[1].from, s[1].end, up)
                    && ck_offers(curve, &s[1], batch->key);
      many.side[1] = s[1].side;
      if (many.passes) way[1] = ck_batch_leg(&many, &s[1], &leg[1]);
    }
  }
  const int64_t whole = line ? batch->count / 8 * 8 : 0;
  if (whole && !many.passes) ck_quote_legs(&many, &leg[0], way[0], 0, 0, whole);
  for (int64_t i = 0; many.passes && i < whole; i += CK_ORDERS) {
    const int64_t count = whole - i < CK_ORDERS ? whole - i : CK_ORDERS;
    ck_quote_legs(&many, &leg[0], way[0], 0, i, count);
    i8 passing = {0};
    for (int64_t j = i; j < i + count; j += 8)
      passing |= ck_passing(&many, batch->key, ck_load(batch->value + j, 8));
    if (ck_any(passing)) ck_quote_legs(&many, &leg[1], way[1], 1, i, count);
  }
  for (int64_t i = whole; i < batch->count; ++i) ck_quote_alone(curve, batch, i);
}
