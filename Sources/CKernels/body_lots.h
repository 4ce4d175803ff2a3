// The ledger's way along a curve, in whole lots. Included once per instruction set.
//
// F(n), the A that the curve holds after n lots of B were sold beyond what it held at the anchor, is a
// real, increasing and piecewise linear function; Q(n) = ceil F(n). A trade moves Q(n1) - Q(n0) lots of A,
// so that it depends on its two ends alone. The fee of a direction is G(q), the fee of all A up to the
// level q: a trade pays ceil |G(q1) - G(q0)| for the whole lots of A that it moves. In levels of A and not
// in lots of B, for a sale of dust may move none, and a fee on it could not be paid.
//
// Each tick on each side of the place of forming is a line of F and of G, whose coefficients follow from
// the tick alone: so a value is the same however it was come by. All is in double-double and absolute, to
// about 2^-100 of what the curve can hold: `Domain.lotPrice` keeps each lot of B worth far more than that,
// so F increases with each lot.

// What is less than this many lots is no part of a lot: so much may sums be off.
#define CK_LOT_DUST 0x1p-40

CK_FN int64_t ck_plain_floor(ck_dd x) {
  const double whole = __builtin_floor(x.hi);
  return (int64_t)whole - (whole == x.hi && x.lo < 0);
}
CK_FN int64_t ck_plain_ceil(ck_dd x) { return -ck_plain_floor(ck_negate(x)); }
CK_FN int64_t ck_ceil(ck_dd x) { return ck_plain_ceil(ck_plus(x, (ck_dd){-CK_LOT_DUST, 0})); }
CK_FN ck_dd ck_lot_dd(int64_t lots) { return (ck_dd){(double)lots, 0}; }
CK_FN ck_dd ck_minus(ck_dd x, ck_dd y) { return ck_plus(x, ck_negate(y)); }
CK_FN int ck_within_edges(ck_dd low, ck_dd x, ck_dd high) {
  return ck_less(low, x) && !ck_less(high, x);
}

// The sum at a place as it is in the other frame.
CK_FN ck_dd ck_in_frame(ck_dd sum, int64_t from, int64_t to, ck_dd total) {
  return from == to ? sum : to ? ck_subtract(sum, total) : ck_add(sum, total);
}

// The lowest tick of a frame whose upper edge is not below a sum, as far as the frame goes.
CK_FN int64_t ck_tick_at(const ck_table *t, int key, int64_t frame, ck_dd sum) {
  const int64_t first = frame ? t->fold : 0, last = (frame ? t->grid.count : t->fold) - 1;
  if (!ck_less(ck_edge_of(t, key, first + frame), sum)) return first;
  if (!ck_less(sum, ck_edge_of(t, key, last + frame + 1))) return last;
  const int64_t tick = ck_find(t, key, frame, sum, 1);
  return tick < first ? first : tick > last ? last : tick;
}

// Which frame has a sum of the lower one; a table may have ticks in one frame only.
CK_FN int64_t ck_frame_of(const ck_table *t, int key, ck_dd lower) {
  return t->fold < t->grid.count && (t->fold == 0 || ck_less(ck_edge_of(t, key, t->fold), lower));
}

// The line of a tick.
CK_FN void ck_line_of(
  const ck_lots *lots, int64_t side, int64_t frame, int64_t tick, ck_line *line) {
  const ck_table *t = lots->curve.table;
  const ck_edge *edge = &t->edges[tick + frame];
  const ck_dd unit = lots->curve.unit[side][CK_A], held = lots->held[side][frame];
  const double price = ck_price(t, tick);
  line->side = side;
  line->frame = frame;
  line->tick = tick;
  line->low = edge[0].b;
  line->high = edge[1].b;
  // held + unit (a + (start + (n - base) / unit_b - b) price)
  const ck_dd before = ck_minus(lots->start[side][frame], edge[0].b);
  const ck_dd a = ck_plus(edge[0].a, ck_times(before, price));
  line->a = ck_plus(held, ck_product(unit, a));
  line->per_lot = ck_times(ck_product(unit, lots->curve.inverse[side][CK_B]), price);
  line->level[0] = ck_plus(held, ck_product(unit, edge[0].a));
  line->level[1] = ck_plus(held, ck_product(unit, edge[1].a));
  if (!t->fee[1]) return;
  // charged + unit (fee + ((q - held) / unit - a) rate)
  for (int up = 0; up < 2; ++up) {
    const double rate = ck_fee_rate(t, up, tick);
    const ck_dd fee = ck_plus(
      lots->charged[up][side][frame], ck_product(unit, t->fee[up][tick + frame]));
    line->fee[up] = ck_minus(fee, ck_times(line->level[0], rate));
    line->rate[up] = rate;
  }
}

// The B sum after n lots on a side, in a frame.
CK_FN ck_dd ck_sum_of_lots(const ck_lots *lots, int64_t side, int64_t frame, int64_t sold) {
  const ck_dd moved = ck_minus(ck_lot_dd(sold), lots->base[side]);
  return ck_plus(
    lots->start[side][frame], ck_product(moved, lots->curve.inverse[side][CK_B]));
}

CK_FN int64_t ck_side_of_lots(const ck_lots *lots, int64_t sold) {
  return ck_less(lots->seam, ck_lot_dd(sold)) ? CK_ABOVE : CK_BELOW;
}

// Moves to the line of n lots, if that is another one. Returns the B sum there.
CK_FN ck_dd ck_go_to_lots(const ck_lots *lots, int64_t sold, ck_line *line) {
  const ck_table *t = lots->curve.table;
  const int64_t side = ck_side_of_lots(lots, sold);
  ck_dd sum = ck_sum_of_lots(lots, side, line->frame, sold);
  if (__builtin_expect(side == line->side && ck_within_edges(line->low, sum, line->high), 1))
    return sum;
  sum = ck_sum_of_lots(lots, side, 0, sold);
  const int64_t frame = ck_frame_of(t, CK_B, sum);
  if (frame) sum = ck_sum_of_lots(lots, side, 1, sold);
  ck_line_of(lots, side, frame, ck_tick_at(t, CK_B, frame, sum), line);
  return sum;
}

// Moves to the line of a level of A, if that is another one. A side that offers nothing has none: then the
// line is the last one before it.
CK_FN void ck_go_to_level(const ck_lots *lots, ck_dd level, ck_line *line) {
  const ck_table *t = lots->curve.table;
  int64_t side = ck_less(lots->seam_a, level) ? CK_ABOVE : CK_BELOW;
  if (!(lots->curve.unit[side][CK_A].hi > 0)) {
    side = 1 - side;
    level = lots->seam_a;
  }
  if (side == line->side && ck_within_edges(line->level[0], level, line->level[1])) return;
  const ck_dd inverse = lots->curve.inverse[side][CK_A];
  ck_dd sum = ck_product(ck_minus(level, lots->held[side][0]), inverse);
  const int64_t frame = ck_frame_of(t, CK_A, sum);
  if (frame) sum = ck_product(ck_minus(level, lots->held[side][1]), inverse);
  ck_line_of(lots, side, frame, ck_tick_at(t, CK_A, frame, sum), line);
}

// F(n) on its line.
CK_FN ck_dd ck_exactly_held(const ck_lots *lots, const ck_line *line, int64_t sold) {
  const ck_dd moved = ck_minus(ck_lot_dd(sold), lots->base[line->side]);
  return ck_plus(line->a, ck_product(line->per_lot, moved));
}
CK_FN int64_t ck_held_on(const ck_lots *lots, const ck_line *line, int64_t sold) {
  return sold == 0 ? 0 : ck_ceil(ck_exactly_held(lots, line, sold));
}

// G(level), and its line. Levels beyond the curve, where rounding up may lead, are charged as its last.
CK_FN ck_dd ck_charged(const ck_lots *lots, int up, int64_t level, ck_line *line) {
  ck_go_to_level(lots, ck_lot_dd(level), line);
  return ck_plus(line->fee[up], ck_two_product((double)level, line->rate[up]));
}

// The fees between two levels, rounded up; `from` and `to` are G there.
CK_FN int64_t ck_fee_between(
  int64_t moved, double surge, ck_dd from, ck_dd to, int up) {
  const ck_dd fee = up ? ck_minus(to, from) : ck_minus(from, to);
  // a plain ceiling: parts of a lot, however small, must not add up to less than the whole
  const int64_t whole = ck_plain_ceil(ck_plus(fee, ck_two_product((double)moved, surge)));
  return whole < 0 ? 0 : whole;
}

static int64_t held_after(const ck_lots *lots, int64_t sold) {
  ck_line line = {.side = -1};
  ck_go_to_lots(lots, sold, &line);
  return ck_held_on(lots, &line, sold);
}

// Where a solution lies within the last bits of a whole lot, Q itself says which. That is a step or two away;
// if it were further, halving would find it all the same.
static __attribute__((noinline)) int64_t ck_settle_lots(
  const ck_lots *lots, int64_t sold, int64_t level) {
  // Q(low) <= level < Q(high), with the ends of the curve as if the one were below and the other above
  int64_t low = lots->lowest - 1, high = lots->highest + 1;
  for (int64_t step = 0; high - low > 1; ++step) {
    if (step > 3 || sold <= low || sold >= high) sold = low + (high - low) / 2;
    if (held_after(lots, sold) <= level)
      low = sold++;
    else
      high = sold--;
  }
  return low;
}

// The most lots of B sold at which the curve holds no more than `level`: Q(n) <= level.
CK_FN int64_t ck_lots_at_level(const ck_lots *lots, int64_t level, ck_line *line) {
  ck_go_to_level(lots, ck_lot_dd(level), line);
  const ck_dd per_lot = line->per_lot;
  const ck_dd moved = ck_quotient(ck_minus(ck_lot_dd(level), line->a), per_lot, 1 / per_lot.hi);
  const ck_dd lot = ck_plus(lots->base[line->side], moved);
  const double whole = __builtin_floor(lot.hi), part = (lot.hi - whole) + lot.lo;
  // dust, as lots of B
  const double near = 0x1p-20 + 2 * CK_LOT_DUST / per_lot.hi;
  // not beyond the ends, where this line is not theirs
  if (!(lot.hi > (double)lots->lowest - 1)) return lots->lowest - 1;
  if (!(lot.hi < (double)lots->highest + 2)) return lots->highest + 1;
  if (part > near && part < 1 - near) return (int64_t)whole;
  return ck_settle_lots(lots, (int64_t)whole, level);
}

// The level where an order that fixes A ends, its fees included: buying, the highest whose cost is not above
// the value; selling, the highest (the least that moves) whose proceeds are not below it. One beyond
// `limit`, a level that the curve does not pass, if it is not before it.
static int64_t ck_level_with_fees(
  const ck_lots *lots, ck_line line, int up, double surge, int64_t from, int64_t value,
  int64_t limit) {
  // Cost and proceeds grow with what moves, by at most as much selling, at least as much buying. Of the lots
  // that move, `inside` cost no more (bring less) than the value, `beyond` more (no less).
  const int64_t most = up ? limit - from : from - limit;
  const ck_dd start = ck_charged(lots, up, from, &line);
  const double rate = line.rate[up] + surge;
  int64_t inside = 0, beyond = most + 1;
  int64_t guess = (int64_t)((double)value / (up ? 1 + rate : 1 - rate));
  for (int step = 0; beyond - inside > 1; ++step) {
    // the first steps by what the last guess was off, at the price there; then by halves
    if (step >= 12) guess = inside + (beyond - inside) / 2;
    if (guess <= inside) guess = inside + 1;
    if (guess >= beyond) guess = beyond - 1;
    const ck_dd end = ck_charged(lots, up, up ? from + guess : from - guess, &line);
    const int64_t fee = ck_fee_between(guess, surge, start, end, up);
    const int64_t cost = up ? guess + fee : guess - fee;
    const int within = up ? cost <= value : cost < value;
    if (within) inside = guess; else beyond = guess;
    const double here = line.rate[up] + surge;
    const int64_t off = (int64_t)((double)(value - cost) / (up ? 1 + here : 1 - here));
    guess += off != 0 ? off : within ? 1 : -1;
  }
  if (up) return inside == most ? limit + 1 : from + inside;
  return from - beyond;
}

// A sum of B in a tick as a place: the upper edge of a tick is the next one's lower edge.
CK_FN ck_point ck_place_on(const ck_table *t, const ck_line *line, ck_dd sum) {
  if (!ck_less(sum, line->high)) return ck_start_of(t, line->tick + 1);
  if (ck_less(sum, line->low)) return ck_start_of(t, line->tick);
  return (ck_point){line->tick, sum};
}

static ck_point place_after(const ck_lots *lots, int64_t sold) {
  ck_line line = {.side = -1};
  const ck_dd sum = ck_go_to_lots(lots, sold, &line);
  return ck_place_on(lots->curve.table, &line, sum);
}

static void stand_after(const ck_lots *lots, int64_t sold, ck_stand *stand) {
  stand->line = (ck_line){.side = -1};
  ck_go_to_lots(lots, sold, &stand->line);
  stand->sold = sold;
  stand->held = ck_held_on(lots, &stand->line, sold);
}

// Lots of B sold at a place.
CK_FN ck_dd ck_lots_to(const ck_lots *lots, ck_point place) {
  const ck_curve *curve = &lots->curve;
  const int side = ck_before(curve->formed, place) ? CK_ABOVE : CK_BELOW;
  const ck_dd unit = curve->unit[side][CK_B];
  ck_dd lot = lots->seam;
  if (unit.hi > 0) {
    const int64_t frame = ck_frame(curve->table, place.tick);
    const ck_dd moved = ck_product(ck_minus(place.sold, lots->start[side][frame]), unit);
    lot = ck_plus(lots->base[side], moved);
  }
  // more than any ledger holds
  if (!(lot.hi > -0x1p49)) return (ck_dd){-0x1p49, 0};
  if (!(lot.hi < 0x1p49)) return (ck_dd){0x1p49, 0};
  return lot;
}

static int64_t lots_before(const ck_lots *lots, ck_point place, int32_t up) {
  const ck_dd lot = ck_lots_to(lots, place);
  return up ? ck_plain_floor(lot) : ck_plain_ceil(lot);
}

// Where a lot of B is worth less than one of A, Q is the same for many lots. Were a ledger to stand anywhere
// among them, dust that one trader gave for nothing would be another's by a detour; so it stands at the
// last of them, and the next lot of B costs at least one of A.
CK_FN int64_t ck_last_with(const ck_lots *lots, int64_t held, int64_t sold, const ck_line *line) {
  if (__builtin_expect(line->per_lot.hi >= 1.001, 1)) return sold;
  ck_line there = *line;
  const int64_t last = ck_lots_at_level(lots, held, &there);
  return last < sold ? sold : last > lots->highest ? lots->highest : last;
}

// Where an order that goes no further than `end` stops: where the ledger can stand and no trader gives lots
// for nothing.
static __attribute__((noinline)) int64_t ck_stop_before(
  const ck_lots *lots, int64_t end, int up, ck_line line) {
  if (end >= lots->highest) return lots->highest;
  if (end <= lots->lowest) return lots->lowest;
  ck_go_to_lots(lots, end, &line);
  const int64_t held = ck_held_on(lots, &line, end), last = ck_last_with(lots, held, end, &line);
  return !up || last == end ? last : ck_lots_at_level(lots, held - 1, &line);
}

// How many lots of B will have been sold behind an order; beyond `end` if it does not end before that.
CK_FN int64_t ck_target_of(
  const ck_lots *lots, const ck_stand *stand, const ck_lot_order *order, int64_t end, int up,
  ck_line *line) {
  const int64_t value = order->value, beyond = up ? end + 1 : end - 1;
  if (order->key == CK_NONE || !(up ? end > stand->sold : end < stand->sold)) return beyond;
  if (order->key == CK_B) return up ? stand->sold + value : stand->sold - value;
  const int64_t limit = up ? lots->held_highest : lots->held_lowest;
  const int64_t level
    = order->surge > 0 || lots->curve.table->fee[up]
        ? ck_level_with_fees(lots, *line, up, order->surge, stand->held, value, limit)
        : (up ? stand->held + value : stand->held - value);
  return (up ? level > limit : level < limit) ? beyond : ck_lots_at_level(lots, level, line);
}

static void swap_lots(
  const ck_lots *lots, ck_stand *stand, const ck_lot_order *order, ck_lot_fill *fill) {
  const ck_table *t = lots->curve.table;
  const int up = order->buy;
  ck_line *line = &stand->line;
  const int64_t end = order->end == (up ? lots->highest : lots->lowest)
    ? order->end : ck_stop_before(lots, order->end, up, *line);
  const int64_t sold_before = stand->sold, held_before = stand->held;
  const ck_dd sum_before = ck_sum_of_lots(lots, line->side, line->frame, sold_before);
  const ck_point start = ck_place_on(t, line, sum_before);
  const int fees = t->fee[up] != 0;
  ck_dd charged_before = {0, 0};
  if (fees) {
    ck_line there = *line;
    charged_before = ck_charged(lots, up, held_before, &there);
  }
  int64_t sold = ck_target_of(lots, stand, order, end, up, line);
  fill->filled = up ? sold <= end : sold >= end;
  if (!fill->filled) sold = end;
  ck_point place = start;
  fill->ticks = fill->amount = fill->moved = fill->fee = 0;
  if (up ? sold > sold_before : sold < sold_before) {
    ck_dd sum = ck_go_to_lots(lots, sold, line);
    const int64_t held = ck_held_on(lots, line, sold), last = ck_last_with(lots, held, sold, line);
    if (last != sold) sum = ck_go_to_lots(lots, last, line);
    place = ck_place_on(t, line, sum);
    stand->sold = last;
    stand->held = held;
    fill->amount = up ? sold - sold_before : sold_before - sold;
    const int64_t moved = up ? held - held_before : held_before - held;
    fill->moved = moved;
    if (moved > 0 && (fees || order->surge > 0)) {
      ck_dd charged = charged_before;
      if (fees) {
        ck_line there = *line;
        charged = ck_charged(lots, up, held, &there);
      }
      fill->fee = ck_fee_between(moved, order->surge, charged_before, charged, up);
    }
    // what ends the curve may just be what was asked for
    if (order->key == CK_A)
      fill->filled |= up ? moved + fill->fee == order->value : moved - fill->fee >= order->value;
    if (up ? ck_before(start, place) : ck_before(place, start)) {
      int64_t tick;
      fill->ticks = ck_count(t, ck_entered(t, start, up), place, up, &tick);
    }
  } else if (sold_before != sold || order->key == CK_A) {
    ck_go_to_lots(lots, sold_before, line);  // the search for the end may have left it
  }
  fill->sold = stand->sold;
  fill->tick = t->grid.lowest + place.tick;
  fill->fraction = fraction(t, place);
  fill->price = coordinate(t->grid, lots->curve.oracle_price, place.tick, fill->fraction);
}

// The sums of fees where those of A are `a`, in a tick and its frame.
CK_FN ck_dd ck_fee_sum(const ck_table *t, int up, int64_t frame, int64_t tick, ck_dd a) {
  const ck_dd inside = ck_subtract(a, ck_edge_of(t, CK_A, tick + frame));
  return ck_plus(t->fee[up][tick + frame], ck_times(inside, ck_fee_rate(t, up, tick)));
}

// Origins on both sides and in both frames of sums that the anchor and the place of forming have: what
// `unit` times a sum is short of the amount there, which at the place of forming is `seam`.
CK_FN void ck_origins(
  const ck_curve *curve, int side, const ck_dd sum[2], const int64_t frame[2], ck_dd total,
  ck_dd seam, ck_dd origin[2][2]) {
  for (int s = CK_BELOW; s <= CK_ABOVE; ++s) {
    const int at = s != side;  // counted from the anchor, or from the place of forming
    for (int64_t f = 0; f < 2; ++f) {
      const ck_dd amount
        = ck_product(ck_in_frame(sum[at], frame[at], f, total), curve->unit[s][CK_A]);
      origin[s][f] = ck_subtract(at ? seam : (ck_dd){0, 0}, amount);
    }
  }
}

// Units and their inverses, and what the straight line needs to know of the place of forming.
CK_FN void ck_set_units(ck_curve *curve) {
  const ck_roots r = ck_roots_of(curve->oracle_price);
  const ck_dd one = {1, 0}, l = curve->liquidity;
  const ck_dd unit_b = ck_product(l, r.inverse), unit_a = ck_product(l, r.root);
  const int64_t last = curve->table->grid.count - 1;
  const int64_t tick = curve->formed.tick < last ? curve->formed.tick : last;
  const ck_edge *edge = &curve->table->edges[tick + ck_frame(curve->table, tick)];
  const double part_b = ck_gap(edge[1].b, edge[0].b), part_a = ck_gap(edge[1].a, edge[0].a);
  curve->inverse_liquidity = ck_divide(one, l);
  for (int side = CK_BELOW; side <= CK_ABOVE; ++side) {
    curve->unit[side][CK_B] = ck_times(unit_b, curve->scale[side]);
    curve->unit[side][CK_A] = ck_times(unit_a, curve->scale[side]);
    // A sliver of a tick that was scaled up to a reserve: where its tick would hold more lots than this, sums
    // could not tell them any more, and the side offers nothing.
    if (part_b * curve->unit[side][CK_B].hi > 0x1p60 || part_a * curve->unit[side][CK_A].hi > 0x1p60) {
      curve->scale[side] = 0;
      curve->unit[side][CK_B] = curve->unit[side][CK_A] = (ck_dd){0, 0};
    }
    for (int key = CK_B; key <= CK_A; ++key) {
      const ck_dd unit = curve->unit[side][key];
      curve->inverse[side][key] = unit.hi > 0 ? ck_divide(one, unit) : (ck_dd){0, 0};
    }
  }
  const ck_about about = ck_about_exactly(curve->table, curve->formed);
  curve->formed_a[CK_BELOW] = about.a - about.slack;
  curve->formed_a[CK_ABOVE] = about.a + about.slack;
  curve->price = ck_price_of(curve, curve->place);
}

static void anchor(ck_lots *lots) {
  ck_curve *curve = &lots->curve;
  const ck_table *t = curve->table;
  ck_set_units(curve);
  // the anchor, and the place of forming
  const ck_point places[2] = {curve->place, curve->formed};
  const ck_dd total_b = ck_total(t, CK_B), total_a = ck_total(t, CK_A);
  int64_t frame[2];
  ck_dd b[2], a[2];
  for (int i = 0; i < 2; ++i) {
    frame[i] = ck_frame(t, places[i].tick);
    b[i] = places[i].sold;
    a[i] = ck_coordinate(t, CK_A, places[i]);
  }
  // the side where the pool stands reaches from the anchor to the place of forming
  const int side = ck_before(curve->formed, curve->place) ? CK_ABOVE : CK_BELOW;
  const ck_dd *unit = curve->unit[side];
  lots->seam = ck_product(
    ck_subtract(ck_in_frame(b[1], frame[1], frame[0], total_b), b[0]), unit[CK_B]);
  lots->seam_a = ck_product(
    ck_subtract(ck_in_frame(a[1], frame[1], frame[0], total_a), a[0]), unit[CK_A]);
  for (int s = CK_BELOW; s <= CK_ABOVE; ++s)
    for (int64_t f = 0; f < 2; ++f) {
      const int at = s != side;
      lots->base[s] = at ? lots->seam : (ck_dd){0, 0};
      lots->start[s][f] = ck_in_frame(b[at], frame[at], f, total_b);
    }
  ck_origins(curve, side, a, frame, total_a, lots->seam_a, lots->held);
  for (int up = 0; up < 2 && t->fee[up]; ++up) {
    const ck_dd total = ck_subtract(t->fee[up][t->fold], t->fee[up][t->fold + 1]);
    ck_dd g[2];
    for (int i = 0; i < 2; ++i) {
      // the upper end is in the last tick, which may be of the other frame
      const int64_t last = t->grid.count - 1, tick = places[i].tick < last ? places[i].tick : last;
      const int64_t f = ck_frame(t, tick);
      const ck_dd sum = ck_fee_sum(t, up, f, tick, ck_in_frame(a[i], frame[i], f, total_a));
      g[i] = ck_in_frame(sum, f, frame[i], total);
    }
    lots->seam_fee[up]
      = ck_product(ck_subtract(ck_in_frame(g[1], frame[1], frame[0], total), g[0]), unit[CK_A]);
    ck_origins(curve, side, g, frame, total, lots->seam_fee[up], lots->charged[up]);
  }
  const ck_dd dust = {CK_LOT_DUST, 0};
  lots->highest = ck_plain_floor(ck_plus(ck_lots_to(lots, ck_start_of(t, t->grid.count)), dust));
  lots->lowest = ck_plain_ceil(ck_minus(ck_lots_to(lots, ck_start_of(t, 0)), dust));
  // No ledger holds as many lots of A as the far end of some curves would bring: they end before.
  ck_line line = {.side = -1};
  const ck_dd most = {0x1p49, 0};
  ck_go_to_lots(lots, lots->highest, &line);
  if (ck_less(most, ck_exactly_held(lots, &line, lots->highest))) {
    ck_go_to_level(lots, most, &line);
    lots->highest = (int64_t)(lots->base[line.side].hi + (most.hi - line.a.hi) / line.per_lot.hi);
  }
  lots->held_highest = held_after(lots, lots->highest);
  lots->held_lowest = held_after(lots, lots->lowest);
  // nobody sells the last lots for nothing
  ck_go_to_lots(lots, lots->lowest, &line);
  lots->lowest = ck_last_with(lots, lots->held_lowest, lots->lowest, &line);
}
