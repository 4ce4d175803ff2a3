// The traversal of a swap. Included once per instruction set.
//
// A swap takes each tick at its own price u from where it starts. In terms of the cumulative
// capacities B(y), A(y) along the curve the place where it ends follows from the amount that is
// fixed, and the other amount is that between the two places: what is left of the first tick, whole
// ticks, and a part of the last, each found by itself and none as a difference of large numbers.


CK_FN int ck_before(ck_point p, ck_point q) {
  return p.tick < q.tick || (p.tick == q.tick && ck_less(p.sold, q.sold));
}

// The cumulative capacity of `key` at a place, in the frame of its tick.
CK_FN ck_dd ck_coordinate(const ck_table *t, int key, ck_point p) {
  if (key == CK_B || p.tick == t->grid.count)
    return key == CK_B ? p.sold : ck_lower_edge(t, CK_A, p.tick);
  ck_dd inside = ck_subtract(p.sold, ck_lower_edge(t, CK_B, p.tick));
  return ck_plus(ck_lower_edge(t, CK_A, p.tick), ck_times(inside, ck_price(t, p.tick)));
}

// Whole ticks from..<to.
CK_FN double ck_whole_ticks(const ck_table *t, int key, int64_t from, int64_t to) {
  ck_dd low = ck_lower_edge(t, key, from), high = ck_lower_edge(t, key, to);
  if (ck_frame(t, from) == ck_frame(t, to)) return ck_gap(high, low);
  return ck_gap(ck_edge_of(t, key, t->fold), low) + ck_gap(high, ck_edge_of(t, key, t->fold + 1));
}

// B and A between two places, `from` not above `to`.
CK_FN void ck_between(
  const ck_table *t, ck_point from, ck_point to, double *b, double *a) {
  if (from.tick == to.tick) {
    *b = ck_gap(to.sold, from.sold);
    *a = *b == 0 ? 0 : *b * ck_price(t, from.tick);
    return;
  }
  double head = ck_gap(ck_upper_edge(t, CK_B, from.tick), from.sold);
  double head_a = head * ck_price(t, from.tick);
  double tail = ck_gap(to.sold, ck_lower_edge(t, CK_B, to.tick));
  double tail_a = tail == 0 ? 0 : tail * ck_price(t, to.tick);
  *b = (head + ck_whole_ticks(t, CK_B, from.tick + 1, to.tick)) + tail;
  *a = (head_a + ck_whole_ticks(t, CK_A, from.tick + 1, to.tick)) + tail_a;
}

static void between(const ck_table *t, ck_point from, ck_point to, double *b, double *a) {
  ck_between(t, from, to, b, a);
}

// The tick where a cumulative amount `target` (in the frame given) is reached: going up the lowest
// whose upper edge is not below it, going down the highest whose lower edge is not above it.
CK_FN int64_t ck_find(const ck_table *t, int key, int64_t frame, ck_dd target, int up) {
  const ck_guide *guide = &t->guide[key];
  int64_t bucket = ck_bucket(guide, frame, target.hi);
  int64_t low = guide->first[bucket], high = guide->first[bucket + 1];
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    ck_dd edge = ck_edge_of(t, key, middle);
    if (up ? ck_less(edge, target) : !ck_less(target, edge))
      low = middle + 1;
    else
      high = middle;
  }
  // `low` is the first edge not below (up) or above (down) the target
  return low - 1 - frame;
}

// From `from`, an amount `x` (scale-free) of `key`: where it ends, and how much of the other token
// that is. Returns 0, and nothing else, if `end` comes first.
CK_FN int ck_reach(
  const ck_table *t, ck_point from, ck_point end, int key, ck_dd x, int up, ck_point *to,
  double *other) {
  int64_t frame = ck_frame(t, from.tick);
  ck_dd target = ck_plus(ck_coordinate(t, key, from), up ? x : ck_negate(x));
  int64_t tick = from.tick;
  ck_dd low = ck_lower_edge(t, key, tick), high = ck_upper_edge(t, key, tick);
  if (up ? ck_less(high, target) : ck_less(target, low)) {
    // leaves the first tick, perhaps for the other frame, perhaps beyond the end of the curve
    ck_dd seam = ck_edge_of(t, key, t->fold + frame);
    if (up && !frame && ck_less(seam, target)) {
      target = ck_subtract(target, ck_total(t, key));
      frame = 1;
    } else if (!up && frame && ck_less(target, seam)) {
      target = ck_add(target, ck_total(t, key));
      frame = 0;
    }
    if (up ? frame && target.hi > 0 : !frame && target.hi < 0) return 0;
    tick = ck_find(t, key, frame, target, up);
    // Converting a target that lies within the last bits of the seam may put it just across; a tick and the
    // frame of its sums belong together in any case.
    if (up && tick < from.tick + 1) tick = from.tick + 1;
    if (!up && tick > from.tick - 1) tick = from.tick - 1;
    if (up && frame && tick < t->fold) tick = t->fold;
    if (!up && !frame && tick >= t->fold) tick = t->fold - 1;
  }
  if (up ? tick > end.tick : tick < end.tick) return 0;
  if (tick == end.tick) {
    ck_dd stop = ck_coordinate(t, key, end);
    if (up ? ck_less(stop, target) : ck_less(target, stop)) return 0;
  }
  double price = ck_price(t, tick);
  ck_point place = {tick, target};
  if (key == CK_A) {
    if (tick == from.tick) {
      double moved = x.hi / price;
      place.sold = ck_plus(from.sold, (ck_dd){up ? moved : -moved, 0});
    } else if (up) {
      double inside = ck_gap(target, ck_lower_edge(t, CK_A, tick)) / price;
      place.sold = ck_plus(ck_lower_edge(t, CK_B, tick), (ck_dd){inside, 0});
    } else {
      double inside = ck_gap(ck_upper_edge(t, CK_A, tick), target) / price;
      place.sold = ck_subtract(ck_upper_edge(t, CK_B, tick), (ck_dd){inside, 0});
    }
  }
  // rounding may step over an edge by the last bit
  ck_dd bottom = ck_lower_edge(t, CK_B, tick), top = ck_upper_edge(t, CK_B, tick);
  if (ck_less(place.sold, bottom)) place.sold = bottom;
  if (ck_less(top, place.sold)) place.sold = top;
  if (tick == from.tick) {
    *other = key == CK_B ? x.hi * price : x.hi / price;
  } else {
    double b, a;
    if (up)
      between(t, from, place, &b, &a);
    else
      between(t, place, from, &b, &a);
    *other = key == CK_B ? a : b;
  }
  *to = place;
  return 1;
}

// The tick that gives the next unit: a place at the edge of a tick belongs to the one it enters.
CK_FN ck_point ck_entered(const ck_table *t, ck_point p, int up) {
  if (up) {
    while (p.tick < t->grid.count && !ck_less(p.sold, ck_upper_edge(t, CK_B, p.tick)))
      p = ck_start_of(t, p.tick + 1);
  } else {
    while (p.tick > 0 && (p.tick == t->grid.count
                          || !ck_less(ck_lower_edge(t, CK_B, p.tick), p.sold)))
      p = (ck_point){p.tick - 1, ck_upper_edge(t, CK_B, p.tick - 1)};
  }
  return p;
}

static void offered(const ck_table *t, ck_point place, double *b, double *a) {
  double other;
  between(t, ck_entered(t, place, 1), ck_start_of(t, t->grid.count), b, &other);
  between(t, ck_start_of(t, 0), ck_entered(t, place, 0), &other, a);
}

// Token units of a scale-free amount.
CK_FN double ck_tokens(double amount, ck_dd unit) {
  return ck_fma(amount, unit.hi, amount * unit.lo);
}

// Ticks with something to give between two places, `first` entered by the side of travel.
CK_FN int64_t ck_count(const ck_table *t, ck_point first, ck_point last, int up, int64_t *end) {
  int64_t tick = last.tick;
  if (up && tick != first.tick && !ck_less(ck_lower_edge(t, CK_B, tick), last.sold)) --tick;
  int64_t low = up ? first.tick : tick, high = up ? tick : first.tick;
  *end = tick;
  int64_t count = high - low + 1;
  if (t->has_empty)
    for (int64_t i = low; i <= high; ++i)
      count -= !ck_less(ck_lower_edge(t, CK_B, i), ck_upper_edge(t, CK_B, i));
  return count;
}

// The quotient of two differences of neighbouring sums, whose high parts cancel exactly as a rule; one
// correction step rounds it as if it had been divided exactly. In a thin tick the low parts count for
// much of what is left of the high ones, and the differences are made normal first.
static double fraction(const ck_table *t, ck_point place) {
  if (place.tick >= t->grid.count) return 0;
  const ck_dd low = ck_lower_edge(t, CK_B, place.tick), high = ck_upper_edge(t, CK_B, place.tick);
  ck_dd part = {place.sold.hi - low.hi, place.sold.lo - low.lo};
  ck_dd whole = {high.hi - low.hi, high.lo - low.lo};
  if (!(part.hi + part.lo > 0)) return 0;
  if (!(__builtin_fabs(whole.lo) < 0x1p-26 * whole.hi)) {
    part = ck_two_sum(part.hi, part.lo);
    whole = ck_two_sum(whole.hi, whole.lo);
  }
  double quotient = part.hi / whole.hi, inverse = 1 / whole.hi;
  const double rest = ck_fma(-quotient, whole.hi, part.hi) + (part.lo - quotient * whole.lo);
  quotient += rest * inverse;
  return quotient < 1 ? quotient : 0x1.fffffffffffffp-1;
}

// mu (10^4 + i bps + f bps) 10^-4; the rounding of f bps is 2^-53 of a tick.
static double coordinate(ck_grid grid, double oracle_price, int64_t tick, double fraction) {
  ck_dd edge = ck_two_product((double)(grid.lowest + tick), grid.bps);
  ck_dd n = ck_two_sum(1e4, edge.hi);
  ck_dd sum = ck_two_sum(n.hi, fraction * grid.bps);
  double low = sum.lo + (n.lo + edge.lo);
  ck_dd price = ck_two_product(sum.hi, oracle_price);
  double price_lo = ck_fma(low, oracle_price, price.lo);
  return ck_fma(price.hi, 1e-4, ck_fma(price_lo, 1e-4, price.hi * CK_TEN_THOUSANDTH_LO));
}
