// The ledger's way along a curve, in whole lots. Included once per instruction set.
//
// F(n), the A that the curve holds after n lots of B were sold beyond what it held at the anchor, is a
// real, increasing and piecewise linear function; Q(n) = ceil F(n). A trade moves Q(n1) - Q(n0) lots of A,
// so that it depends on its two ends alone. The fee of a direction is G(q), the fee of all A up to the
// level q: a trade pays ceil |G(q1) - G(q0)| for the whole lots of A that it moves. In levels of A and not
// in lots of B, for a sale of dust may move none, and a fee on it could not be paid.
//
// All is in double-double and absolute, to about 2^-100 of what the curve can hold: `Domain.lotPrice`
// keeps each lot of B worth far more than that, so F increases with each lot.

// What is less than this many lots is no part of a lot: so much may sums be off.
#define CK_LOT_DUST 0x1p-40

CK_FN int64_t ck_floor(ck_dd x) {
  x = ck_plus(x, (ck_dd){CK_LOT_DUST, 0});
  const double whole = __builtin_floor(x.hi);
  return (int64_t)whole - (whole == x.hi && x.lo < 0);
}
CK_FN int64_t ck_ceil(ck_dd x) { return -ck_floor(ck_negate(x)); }
CK_FN ck_dd ck_lot_dd(int64_t lots) { return (ck_dd){(double)lots, 0}; }

// The sum at a place as it is in the other frame.
CK_FN ck_dd ck_in_frame(ck_dd sum, int64_t from, int64_t to, ck_dd total) {
  return from == to ? sum : to ? ck_subtract(sum, total) : ck_add(sum, total);
}

// The sums of fees at a stored edge.
CK_FN ck_dd ck_fee_edge(const ck_table *t, int up, int64_t index) { return t->fee[up][index]; }

// The sums of fees where those of A are `a`, in a tick and its frame.
CK_FN ck_dd ck_fee_sum(const ck_table *t, int up, int64_t frame, int64_t tick, ck_dd a) {
  const int64_t index = tick + frame;
  const ck_dd inside = ck_subtract(a, ck_edge_of(t, CK_A, index));
  return ck_plus(ck_fee_edge(t, up, index), ck_times(inside, ck_fee_rate(t, up, tick)));
}

// The lowest tick of a frame whose upper edge is not below a sum, as far as the frame goes.
CK_FN int64_t ck_tick_at(const ck_table *t, int key, int64_t frame, ck_dd sum) {
  const int64_t first = frame ? t->fold : 0, last = (frame ? t->grid.count : t->fold) - 1;
  if (!ck_less(ck_edge_of(t, key, first + frame), sum)) return first;
  if (!ck_less(sum, ck_edge_of(t, key, last + frame + 1))) return last;
  const int64_t tick = ck_find(t, key, frame, sum, 1);
  return tick < first ? first : tick > last ? last : tick;
}

// Somewhere on the curve: the side of the place of forming, the frame, the tick, and the sum of one token.
typedef struct {
  int side;
  int64_t frame, tick;
  ck_dd sum;
} ck_spot;

// Which frame has a sum of the lower one, on a side; a table may have ticks in one frame only.
CK_FN int64_t ck_frame_of(const ck_table *t, int key, ck_dd lower) {
  return t->fold < t->grid.count && (t->fold == 0 || ck_less(ck_edge_of(t, key, t->fold), lower));
}

CK_FN ck_spot ck_spot_of_lots(const ck_curve *curve, const ck_lots *lots, int64_t sold) {
  const ck_table *t = curve->table;
  const ck_dd n = ck_lot_dd(sold);
  ck_spot s = {.side = ck_less(lots->seam, n) ? CK_ABOVE : CK_BELOW};
  const ck_dd moved = ck_times(curve->inverse[s.side][CK_B], n.hi);
  s.sum = ck_plus(lots->start[s.side][0], moved);
  s.frame = ck_frame_of(t, CK_B, s.sum);
  if (s.frame) s.sum = ck_plus(lots->start[s.side][1], moved);
  s.tick = ck_tick_at(t, CK_B, s.frame, s.sum);
  return s;
}

CK_FN ck_spot ck_spot_of_level(const ck_curve *curve, const ck_lots *lots, ck_dd level) {
  const ck_table *t = curve->table;
  ck_spot s = {.side = ck_less(lots->seam_a, level) ? CK_ABOVE : CK_BELOW};
  const ck_dd inverse = curve->inverse[s.side][CK_A];
  s.sum = ck_product(ck_subtract(level, lots->held[s.side][0]), inverse);
  s.frame = ck_frame_of(t, CK_A, s.sum);
  if (s.frame) s.sum = ck_product(ck_subtract(level, lots->held[s.side][1]), inverse);
  s.tick = ck_tick_at(t, CK_A, s.frame, s.sum);
  return s;
}

// F(n) where a spot of B is.
CK_FN ck_dd ck_held_at(const ck_curve *curve, const ck_lots *lots, const ck_spot *s) {
  const ck_table *t = curve->table;
  const ck_edge *edge = &t->edges[s->tick + s->frame];
  const ck_dd inside = ck_subtract(s->sum, edge->b);
  const ck_dd a = ck_plus(edge->a, ck_times(inside, ck_price(t, s->tick)));
  return ck_plus(lots->held[s->side][s->frame], ck_product(a, curve->unit[s->side][CK_A]));
}

// G(level), from an origin that differences do not know.
CK_FN ck_dd ck_charged_at(const ck_curve *curve, const ck_lots *lots, int up, int64_t level) {
  const ck_table *t = curve->table;
  const ck_spot s = ck_spot_of_level(curve, lots, ck_lot_dd(level));
  if (!(curve->unit[s.side][CK_A].hi > 0)) {
    // rounding up may end on a side that offers nothing
    const ck_dd beyond = ck_subtract(ck_lot_dd(level), lots->seam_a);
    const int64_t last = t->grid.count - 1, tick = curve->formed.tick;
    return ck_plus(
      lots->seam_fee[up], ck_times(beyond, ck_fee_rate(t, up, tick < last ? tick : last)));
  }
  const ck_dd sum = ck_fee_sum(t, up, s.frame, s.tick, s.sum);
  return ck_plus(lots->charged[up][s.side][s.frame], ck_product(sum, curve->unit[s.side][CK_A]));
}

// The fee of the whole lots of A between two levels, rounded up.
CK_FN int64_t ck_lot_fee(
  const ck_curve *curve, const ck_lots *lots, int up, double surge, int64_t from, int64_t to) {
  const int64_t moved = up ? to - from : from - to;
  if (moved == 0 || !(surge > 0 || curve->table->fee[up])) return 0;
  ck_dd fee = ck_two_product((double)moved, surge);
  if (curve->table->fee[up]) {
    const ck_dd low = ck_charged_at(curve, lots, up, up ? from : to);
    const ck_dd high = ck_charged_at(curve, lots, up, up ? to : from);
    fee = ck_plus(fee, ck_subtract(high, low));
  }
  const int64_t whole = ck_ceil(fee);
  return whole < 0 ? 0 : whole;
}

static int64_t held_after(const ck_curve *curve, const ck_lots *lots, int64_t sold) {
  if (sold == 0) return 0;
  const ck_spot s = ck_spot_of_lots(curve, lots, sold);
  return ck_ceil(ck_held_at(curve, lots, &s));
}

// Where a solution lies within the last bits of a whole lot, Q itself says which.
static __attribute__((noinline)) int64_t ck_settle_lots(
  const ck_curve *curve, const ck_lots *lots, int64_t sold, int64_t level) {
  while (held_after(curve, lots, sold) > level) --sold;
  while (held_after(curve, lots, sold + 1) <= level && sold < lots->highest) ++sold;
  return sold;
}

// The most lots of B sold at which the curve holds no more than `level`: Q(n) <= level.
CK_FN int64_t ck_lots_at_level(const ck_curve *curve, const ck_lots *lots, int64_t level) {
  const ck_table *t = curve->table;
  const ck_spot s = ck_spot_of_level(curve, lots, ck_lot_dd(level));
  const ck_dd unit = curve->unit[s.side][CK_B];
  if (!(unit.hi > 0)) return ck_settle_lots(curve, lots, ck_floor(lots->seam), level);
  const ck_edge *edge = &t->edges[s.tick + s.frame];
  const ck_dd price = {ck_price(t, s.tick), 0};
  const ck_dd inside = ck_quotient(ck_subtract(s.sum, edge->a), price, 1 / price.hi);
  const ck_dd b = ck_plus(edge->b, inside);
  const ck_dd lot = ck_product(ck_subtract(b, lots->start[s.side][s.frame]), unit);
  if (!(lot.hi > -0x1p50)) return -(INT64_C(1) << 50);
  if (!(lot.hi < 0x1p50)) return INT64_C(1) << 50;
  const double whole = __builtin_floor(lot.hi), part = (lot.hi - whole) + lot.lo;
  if (part > 0x1p-20 && part < 1 - 0x1p-20) return (int64_t)whole;
  return ck_settle_lots(curve, lots, (int64_t)whole, level);
}

// What an order that fixes A pays or gets, `fee included`, for the A between two levels.
CK_FN int64_t ck_lot_cost(
  const ck_curve *curve, const ck_lots *lots, int up, double surge, int64_t from, int64_t to) {
  const int64_t moved = up ? to - from : from - to;
  const int64_t fee = ck_lot_fee(curve, lots, up, surge, from, to);
  return up ? moved + fee : moved - fee;
}

// The level where an order that fixes A ends, its fees included: buying, the highest whose cost is not above
// the value; selling, the highest (the least that moves) whose proceeds are not below it. One beyond
// `limit`, a level that the curve does not pass, if it is not before it.
static __attribute__((noinline)) int64_t ck_level_with_fees(
  const ck_curve *curve, const ck_lots *lots, int up, double surge, int64_t from, int64_t value,
  int64_t limit) {
  // Cost and proceeds grow with what moves, by at most as much buying, at least as much selling. Of the lots
  // that move, `inside` cost no more (bring less) than the value, `beyond` more (no less).
  const int64_t most = up ? limit - from : from - limit;
  int64_t inside = 0, beyond = most + 1, guess = value;
  for (int step = 0; beyond - inside > 1; ++step) {
    // the first steps by what the last guess was off, at its average price; then by halves
    if (step >= 8) guess = inside + (beyond - inside) / 2;
    if (guess <= inside) guess = inside + 1;
    if (guess >= beyond) guess = beyond - 1;
    const int64_t cost = ck_lot_cost(curve, lots, up, surge, from, up ? from + guess : from - guess);
    const int within = up ? cost <= value : cost < value;
    if (within) inside = guess; else beyond = guess;
    const double share = cost > 0 ? (double)guess / (double)cost : 2;
    const int64_t off = (int64_t)((double)(value - cost) * share);
    guess += off != 0 ? off : within ? 1 : -1;
  }
  if (up) return inside == most ? limit + 1 : from + inside;
  return from - beyond;
}

// A spot of B as a place: the upper edge of a tick is the next one's lower edge.
CK_FN ck_point ck_place_of_spot(const ck_table *t, const ck_spot *s) {
  ck_point place = {s->tick, s->sum};
  if (!ck_less(place.sold, ck_upper_edge(t, CK_B, place.tick))) return ck_start_of(t, place.tick + 1);
  if (ck_less(place.sold, ck_lower_edge(t, CK_B, place.tick))) return ck_start_of(t, place.tick);
  return place;
}

static ck_point place_after(const ck_curve *curve, const ck_lots *lots, int64_t sold) {
  const ck_spot s = ck_spot_of_lots(curve, lots, sold);
  return ck_place_of_spot(curve->table, &s);
}

static int64_t lots_before(const ck_curve *curve, const ck_lots *lots, ck_point place, int32_t up) {
  const ck_table *t = curve->table;
  const int side = ck_before(curve->formed, place) ? CK_ABOVE : CK_BELOW;
  const ck_dd unit = curve->unit[side][CK_B];
  const int64_t frame = ck_frame(t, place.tick < t->grid.count ? place.tick : t->grid.count);
  ck_dd lot = lots->seam;
  if (unit.hi > 0) lot = ck_product(ck_subtract(place.sold, lots->start[side][frame]), unit);
  if (!(lot.hi > -0x1p49)) return -(INT64_C(1) << 49);
  if (!(lot.hi < 0x1p49)) return INT64_C(1) << 49;
  return up ? ck_floor(lot) : ck_ceil(lot);
}

static void quote_lots(
  const ck_curve *curve, const ck_lots *lots, ck_count_of_lots from, const ck_lot_order *order,
  ck_lot_fill *result) {
  const ck_table *t = curve->table;
  const int up = order->buy;
  const int64_t end = order->end;
  ck_lot_fill fill = {.after = from};
  int64_t sold = end;
  const int open = up ? end > from.sold : end < from.sold;
  if (order->key == CK_B) {
    sold = up ? from.sold + order->value : from.sold - order->value;
    fill.filled = 1;
  } else if (order->key == CK_A && open) {
    const int fees = order->surge > 0 || t->fee[up];
    const int64_t limit = end == lots->highest ? lots->held_highest
      : end == lots->lowest ? lots->held_lowest : held_after(curve, lots, end);
    const int64_t level = fees
      ? ck_level_with_fees(curve, lots, up, order->surge, from.held, order->value, limit)
      : up ? from.held + order->value : from.held - order->value;
    // a level beyond the end is not reached
    sold = (up ? level > limit : level < limit) ? (up ? end + 1 : end - 1)
                                                : ck_lots_at_level(curve, lots, level);
    fill.filled = 1;
  }
  if (up ? sold > end : sold < end) {
    sold = end;
    fill.filled = 0;
  }
  ck_spot spot = ck_spot_of_lots(curve, lots, from.sold);
  fill.place = ck_place_of_spot(t, &spot);
  if (up ? sold > from.sold : sold < from.sold) {
    const ck_point start = fill.place;
    spot = ck_spot_of_lots(curve, lots, sold);
    fill.place = ck_place_of_spot(t, &spot);
    fill.after = (ck_count_of_lots){sold, sold == 0 ? 0 : ck_ceil(ck_held_at(curve, lots, &spot))};
    fill.moved = up ? fill.after.held - from.held : from.held - fill.after.held;
    fill.fee = ck_lot_fee(curve, lots, up, order->surge, from.held, fill.after.held);
    // nobody gets a lot of B for nothing, though it be worth less than a lot of A
    if (up && fill.moved + fill.fee == 0) fill.fee = 1;
    int64_t last;
    fill.ticks = ck_count(t, ck_entered(t, start, up), fill.place, up, &last);
  }
  fill.fraction = fraction(t, fill.place);
  fill.price = coordinate(t->grid, curve->oracle_price, fill.place.tick, fill.fraction);
  *result = fill;
}

// What does not change from lot to lot.
static void anchor(ck_curve *curve, ck_lots *lots) {
  const ck_table *t = curve->table;
  const ck_roots r = ck_roots_of(curve->oracle_price);
  const ck_dd one = {1, 0};
  const ck_dd unit_b = ck_product(curve->liquidity, r.inverse), unit_a = ck_product(curve->liquidity, r.root);
  curve->inverse_liquidity = ck_divide(one, curve->liquidity);
  for (int side = CK_BELOW; side <= CK_ABOVE; ++side) {
    curve->unit[side][CK_B] = ck_times(unit_b, curve->scale[side]);
    curve->unit[side][CK_A] = ck_times(unit_a, curve->scale[side]);
    for (int key = CK_B; key <= CK_A; ++key)
      curve->inverse[side][key] = curve->unit[side][key].hi > 0
        ? ck_divide(one, curve->unit[side][key]) : (ck_dd){0, 0};
  }
  const ck_about about = ck_about_exactly(t, curve->formed);
  curve->formed_a[CK_BELOW] = about.a - about.slack;
  curve->formed_a[CK_ABOVE] = about.a + about.slack;
  curve->price = ck_price_of(curve, curve->place);

  const ck_point places[2] = {curve->place, curve->formed};
  int64_t frame[2], tick[2];
  ck_dd b[2], a[2];
  for (int i = 0; i < 2; ++i) {
    frame[i] = ck_frame(t, places[i].tick);
    tick[i] = places[i].tick < t->grid.count ? places[i].tick : t->grid.count - 1;
    b[i] = places[i].sold;
    a[i] = ck_coordinate(t, CK_A, places[i]);
  }
  const ck_dd total_b = ck_total(t, CK_B), total_a = ck_total(t, CK_A);
  // the side where the pool stands reaches from the anchor to the place of forming
  const int side = ck_before(curve->formed, curve->place) ? CK_ABOVE : CK_BELOW;
  const ck_dd unit = curve->unit[side][CK_A];
  lots->seam = ck_product(
    ck_subtract(ck_in_frame(b[1], frame[1], frame[0], total_b), b[0]), curve->unit[side][CK_B]);
  lots->seam_a = ck_product(ck_subtract(ck_in_frame(a[1], frame[1], frame[0], total_a), a[0]), unit);
  for (int s = CK_BELOW; s <= CK_ABOVE; ++s) {
    const int at = s != side;  // counted from the anchor, or from the place of forming
    for (int64_t f = 0; f < 2; ++f) {
      ck_dd sum_b = ck_in_frame(b[at], frame[at], f, total_b);
      ck_dd sum_a = ck_in_frame(a[at], frame[at], f, total_a);
      ck_dd held = ck_negate(ck_product(sum_a, curve->unit[s][CK_A]));
      if (at) {
        sum_b = ck_subtract(sum_b, ck_product(lots->seam, curve->inverse[s][CK_B]));
        held = ck_add(held, lots->seam_a);
      }
      lots->start[s][f] = sum_b;
      lots->held[s][f] = held;
    }
  }
  for (int up = 0; up < 2 && t->fee[up]; ++up) {
    const ck_dd total = ck_subtract(ck_fee_edge(t, up, t->fold), ck_fee_edge(t, up, t->fold + 1));
    ck_dd g[2];
    for (int i = 0; i < 2; ++i) {
      // the upper end is in the last tick, which may be of the other frame
      const int64_t f = ck_frame(t, tick[i]);
      const ck_dd sum = ck_fee_sum(t, up, f, tick[i], ck_in_frame(a[i], frame[i], f, total_a));
      g[i] = ck_in_frame(sum, f, frame[i], total);
    }
    lots->seam_fee[up]
      = ck_product(ck_subtract(ck_in_frame(g[1], frame[1], frame[0], total), g[0]), unit);
    for (int s = CK_BELOW; s <= CK_ABOVE; ++s) {
      const int at = s != side;
      for (int64_t f = 0; f < 2; ++f) {
        const ck_dd sum = ck_in_frame(g[at], frame[at], f, total);
        ck_dd charged = ck_negate(ck_product(sum, curve->unit[s][CK_A]));
        if (at) charged = ck_add(charged, lots->seam_fee[up]);
        lots->charged[up][s][f] = charged;
      }
    }
  }
  lots->highest = lots_before(curve, lots, ck_start_of(t, t->grid.count), 1);
  lots->lowest = lots_before(curve, lots, ck_start_of(t, 0), 0);
  // No ledger holds as many lots of A as the far end of some curves would bring: they end before.
  const ck_spot end = ck_spot_of_lots(curve, lots, lots->highest);
  if (lots->highest > 0 && ck_held_at(curve, lots, &end).hi > 0x1p49)
    lots->highest = ck_lots_at_level(curve, lots, INT64_C(1) << 49);
  lots->held_highest = held_after(curve, lots, lots->highest);
  lots->held_lowest = held_after(curve, lots, lots->lowest);
}
