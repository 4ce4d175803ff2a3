// The fee of a trade, from where it began and where it ended, and the surge. Included once per instruction
// set.

// Fees between two places on one side of the place of forming, `from` not above `to`: the rest of the first
// tick, whole ticks, and a part of the last, like the amounts.
CK_FN double ck_fee_between(const ck_table *t, int up, ck_point from, ck_point to) {
  const double first = ck_edge_price(t, (double)(t->grid.lowest + from.tick)) * ck_fee_rate(t, up, from.tick);
  if (from.tick == to.tick) return ck_gap(to.sold, from.sold) * first;
  const double last = ck_edge_price(t, (double)(t->grid.lowest + to.tick)) * ck_fee_rate(t, up, to.tick);
  const double head = ck_gap(ck_upper_edge(t, CK_B, from.tick), from.sold);
  const double tail = ck_gap(to.sold, ck_lower_edge(t, CK_B, to.tick));
  const ck_dd *sum = t->fee[up];
  const int64_t low = ck_frame(t, from.tick + 1), high = ck_frame(t, to.tick);
  const ck_dd begin = sum[from.tick + 1 + low], end = sum[to.tick + high];
  const double whole = low == high ? ck_gap(end, begin)
                                   : ck_gap(sum[t->fold], begin) + ck_gap(end, sum[t->fold + 1]);
  return (head * first + whole) + (tail == 0 ? 0 : tail * last);
}

// What part of the A of a trade is its fee, where all of it has one rate.
CK_FN double ck_part(double rate, int up) { return rate / (up ? 1 + rate : 1 - rate); }

// The fee of a trade from a place, without a surge.
CK_FN double ck_fee_of(const ck_curve *curve, ck_point start, int up, const ck_fill *fill) {
  const ck_table *t = curve->way[up];
  const double a = fill->amount[CK_A];
  if (t->toll == 0 || !(a > 0)) return 0;
  const ck_point from = ck_entered(t, start, up), to = fill->after;
  const double near = ck_part(ck_fee_rate(t, up, from.tick), up);
  if (fill->ticks == 1) return a * near;
  const ck_point low = up ? from : to, high = up ? to : from, formed = curve->formed;
  double fee;
  if (ck_before(low, formed) && ck_before(formed, high)) {
    const ck_point again = ck_entered(t, formed, up);
    fee = ck_tokens(
            ck_fee_between(t, up, low, up ? formed : again), curve->unit[CK_BELOW][CK_A])
          + ck_tokens(
            ck_fee_between(t, up, up ? again : formed, high), curve->unit[CK_ABOVE][CK_A]);
  } else {
    fee = ck_tokens(
      ck_fee_between(t, up, low, high),
      curve->unit[ck_before(low, formed) ? CK_BELOW : CK_ABOVE][CK_A]);
  }
  // Rates rise or fall all along the way, so that the fee lies between those of its ends. Where dust crosses an
  // edge, so little that the straight line is not for it, the places do not tell by themselves.
  const double far = ck_part(ck_fee_rate(t, up, to.tick), up);
  const double least = a * (near < far ? near : far), most = a * (near < far ? far : near);
  if (fee < least * (1 - 0x1p-30)) return least;
  return fee > most * (1 + 0x1p-30) ? most : fee;
}

// What the fees of a leg's orders have in common.
typedef struct {
  double first;    // fee of a unit of B in the first tick,
  double near;     // and as a part of A
  double rest;     // fee of what the first tick has left
  ck_dd base;      // sums at its far edge
  ck_dd seam;      // where they begin again in the other frame
  double to_seam;  // fees of whole ticks up to there
} ck_leg_toll;

CK_FN ck_leg_toll ck_leg_toll_of(const ck_leg *leg, ck_way way, int up) {
  const ck_table *t = leg->table;
  const ck_dd *sum = t->fee[up];
  const int64_t tick = leg->from.tick, far = tick + way.frame + (up ? 1 : 0);
  const double rate = ck_fee_rate(t, up, tick);
  const double first = ck_edge_price(t, (double)(t->grid.lowest + tick)) * rate;
  const ck_dd edge = ck_edge_of(t, CK_B, far), below = sum[t->fold], above = sum[t->fold + 1];
  const double left = up ? ck_gap(edge, leg->from.sold) : ck_gap(leg->from.sold, edge);
  return (ck_leg_toll){
    first, ck_part(rate, up), left == 0 ? 0 : left * first, sum[far], up ? above : below,
    up ? ck_gap(below, sum[far]) : ck_gap(sum[far], above)};
}

// The fees of eight orders on the line, in token units of this leg: the bits of `ck_fee_of`, but for orders
// that end in the tick where they began.
CK_FN v8 ck_leg_fees(
  const ck_curve *curve, const ck_leg *leg, const ck_leg_toll *toll, ck_way way, int up, int side,
  const int64_t *above, i8 crossed, i8 tick, v8_dd sold) {
  const ck_table *t = leg->table;
  const v8 index = v8_all((double)t->grid.lowest) + ck_real(tick);
  const v8 last = ck_edge_price(t, index) * ck_rate_of(t, up, index);
  v8_dd b, a, across;
  ck_load_edges(t, above, up ? -1 : 0, &b, &a);
  for (int j = 0; j < 8; ++j) {
    const ck_dd sum = t->fee[up][above[j] - (up ? 1 : 0)];
    across.hi[j] = sum.hi;
    across.lo[j] = sum.lo;
  }
  const v8_dd base = {v8_all(toll->base.hi), v8_all(toll->base.lo)};
  const v8_dd from = {v8_all(leg->from.sold.hi), v8_all(leg->from.sold.lo)};
  v8 whole = up ? ck_gap(across, base) : ck_gap(base, across);
  if (way.crosses) {
    const v8_dd seam = {v8_all(toll->seam.hi), v8_all(toll->seam.lo)};
    const v8 beyond = (up ? ck_gap(across, seam) : ck_gap(seam, across)) + v8_all(toll->to_seam);
    whole = ck_select(crossed, beyond, whole);
  }
  const v8 inside = up ? ck_gap(sold, b) : ck_gap(b, sold);
  const v8 part = ck_select(ck_same(inside, v8_all(0)), v8_all(0), inside * last);
  const v8 rest = v8_all(toll->rest), far = up ? (rest + whole) + part : (part + whole) + rest;
  const v8 near = (up ? ck_gap(sold, from) : ck_gap(from, sold)) * v8_all(toll->first);
  const v8 fee = ck_select(tick == (i8){0} + leg->from.tick, near, far);
  const ck_dd unit = curve->unit[side][CK_A];
  return ck_fma(fee, v8_all(unit.hi), fee * v8_all(unit.lo));
}

// Adds a surge to what a trade between two places costs.
CK_FN void ck_add_surge(const ck_curve *curve, ck_point start, int up, ck_fill *fill) {
  const double fee = ck_fee_of(curve, start, up, fill), a = fill->amount[CK_A];
  const double surge = curve->surge * (up ? a - fee : a + fee);
  fill->amount[CK_A] = up ? a + surge : a - surge;
  fill->fee = fee + surge;
}

// An order on a curve with a surge. One that fixes A is one that fixes the B which costs or brings that:
// Newton's steps along a curve of straight pieces, bent one way only, from the side where no step goes too
// far. A step takes away more than half of what is missing, unless the price changes by more than a factor
// of two on its way, which it can do only a few times.
static __attribute__((noinline)) ck_fill ck_walk_surged(
  const ck_curve *curve, ck_point start, int up, int key, double value, const ck_point *limit) {
  ck_fill fill;
  if (key != CK_A) {
    ck_walk(curve, start, up, key, value, limit, &fill);
    ck_add_surge(curve, start, up, &fill);
    return fill;
  }
  ck_walk(curve, start, up, CK_NONE, 0, limit, &fill);
  ck_add_surge(curve, start, up, &fill);
  if (!(fill.amount[CK_A] >= value)) return fill;
  const ck_table *t = curve->way[up];
  const double surge = up ? curve->surge : -curve->surge;
  int64_t tick = ck_entered(t, start, up).tick;
  double b = 0, missing = value, before = __builtin_inf();
  for (int step = 0; step < 200; ++step) {
    const double u = ck_edge_price(t, (double)(t->grid.lowest + tick));
    const double next = b + missing / (curve->oracle_price * ck_fma(surge, u, ck_price(t, tick)));
    if (!(next > 0) || next == b) break;
    b = next;
    ck_walk(curve, start, up, CK_B, b, limit, &fill);
    b = fill.amount[CK_B];
    ck_add_surge(curve, start, up, &fill);
    missing = value - fill.amount[CK_A];
    // filled, or as nearly as the sums can tell
    if (ck_size(missing) <= 0x1p-52 * value || ck_size(missing) >= before) break;
    before = ck_size(missing);
    // the tick that gave the last of it
    tick = up ? ck_entered(t, fill.after, 0).tick : ck_entered(t, fill.after, 1).tick;
  }
  fill.amount[CK_A] = value;
  fill.stop = CK_FILLED;
  return fill;
}

static __attribute__((noinline)) double ck_fee_apart(
  const ck_curve *curve, ck_point start, int up, ck_fill fill) {
  return ck_fee_of(curve, start, up, &fill);
}

// One order from a place, with its fee if that is asked for. Values go to what stands apart, no addresses, so
// that without fees all stays in registers.
CK_FN void ck_trade(
  const ck_curve *curve, ck_point start, int up, int key, double value, const ck_point *limit, int fee,
  ck_fill *result) {
  if (__builtin_expect(curve->surge > 0, 0)) {
    *result = ck_walk_surged(curve, start, up, key, value, limit);
    return;
  }
  ck_walk(curve, start, up, key, value, limit, result);
  if (fee && curve->way[up]->toll) result->fee = ck_fee_apart(curve, start, up, *result);
}
