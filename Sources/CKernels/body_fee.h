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
  const ck_point from = ck_entered(t, start, up), to = fill->after, formed = curve->formed;
  const double near = ck_part(ck_fee_rate(t, up, from.tick), up);
  if (fill->ticks == 1) return a * near;
  const ck_point low = up ? from : to, high = up ? to : from;
  double fee;
  if (ck_before(low, formed) && ck_before(formed, high))
    fee = ck_tokens(ck_fee_between(t, up, low, formed), curve->unit[CK_BELOW][CK_A])
          + ck_tokens(ck_fee_between(t, up, formed, high), curve->unit[CK_ABOVE][CK_A]);
  else
    fee = ck_tokens(
      ck_fee_between(t, up, low, high),
      curve->unit[ck_before(low, formed) ? CK_BELOW : CK_ABOVE][CK_A]);
  // Rates rise or fall all along the way, so that the fee lies between those of its ends; where dust crosses an
  // edge, the places do not tell by themselves.
  const double far = ck_part(ck_fee_rate(t, up, to.tick), up);
  const double least = a * (near < far ? near : far), most = a * (near < far ? far : near);
  return fee < least ? least : fee < most ? fee : most;
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
static __attribute__((noinline)) void ck_walk_surged(
  const ck_curve *curve, ck_point start, int up, int key, double value, const ck_point *limit,
  ck_fill *result) {
  if (key != CK_A) {
    ck_walk(curve, start, up, key, value, limit, result);
    ck_add_surge(curve, start, up, result);
    return;
  }
  ck_fill fill;
  ck_walk(curve, start, up, CK_NONE, 0, limit, &fill);
  ck_add_surge(curve, start, up, &fill);
  *result = fill;
  if (!(fill.amount[CK_A] >= value)) return;
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
  *result = fill;
}

// One order from a place, with its fee if that is asked for.
CK_FN void ck_trade(
  const ck_curve *curve, ck_point start, int up, int key, double value, const ck_point *limit, int fee,
  ck_fill *result) {
  if (__builtin_expect(curve->surge > 0, 0)) {
    ck_walk_surged(curve, start, up, key, value, limit, result);
    return;
  }
  ck_walk(curve, start, up, key, value, limit, result);
  if (fee && curve->way[up]->toll) result->fee = ck_fee_of(curve, start, up, result);
}
