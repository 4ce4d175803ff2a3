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

// A tick on one side of the place of forming, as the ledger sees it: the A held after n lots is
// `a + (n - base) per_lot`, and the fees up to the level q of A are `fee + q rate`.
typedef struct {
  int64_t side, frame, tick;
  ck_dd low, high;         // B sums at its edges
  ck_dd level[2];          // the A held there
  ck_dd a, per_lot;
  ck_dd fee[2];            // [0 selling, 1 buying]
  double rate[2];
} ck_line;

// What is less than this many lots is no part of a lot: so much may sums be off.
#define CK_LOT_DUST 0x1p-40

CK_FN int64_t ck_plain_floor(ck_dd x) {
  const double whole = __builtin_floor(x.hi), most = 0x1p61;
  // no ledger has as many; a state that somebody made up may, and sums of two still fit
  if (!(whole < most)) return INT64_C(1) << 61;
  if (!(whole > -most)) return -(INT64_C(1) << 61);
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
static __attribute__((noinline)) int64_t ck_tick_at(const ck_table *t, int key, int64_t frame, ck_dd sum) {
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
static __attribute__((noinline)) void ck_line_of(
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
  if (__builtin_expect(!t->fee[1], 1)) return;
  // charged + unit (fee + ((q - held) / unit - a) rate)
  for (int up = 0; up < 2; ++up) {
    const double rate = ck_fee_rate(t, up, tick);
    const ck_dd fee = ck_plus(
      lots->charged[up][side][frame], ck_product(unit, t->fee[up][tick + frame]));
    line->fee[up] = ck_minus(fee, ck_times(line->level[0], rate));
    line->rate[up] = rate;
  }
}

// (n - base) times something; most sides that are traded on begin at the anchor.
CK_FN ck_dd ck_per_lot(const ck_lots *lots, int64_t side, int64_t sold, ck_dd by) {
  const ck_dd base = lots->base[side];
  if (__builtin_expect(base.hi == 0, 1)) return ck_times(by, (double)sold);
  return ck_product(ck_minus(ck_lot_dd(sold), base), by);
}

// The B sum after n lots on a side, in a frame.
CK_FN ck_dd ck_sum_of_lots(const ck_lots *lots, int64_t side, int64_t frame, int64_t sold) {
  return ck_plus(
    lots->start[side][frame], ck_per_lot(lots, side, sold, lots->curve.inverse[side][CK_B]));
}

CK_FN int64_t ck_side_of_lots(const ck_lots *lots, int64_t sold) {
  return ck_less(lots->seam, ck_lot_dd(sold)) ? CK_ABOVE : CK_BELOW;
}

// Moves to the line of n lots, if that is another one. Returns the B sum there.
CK_FN ck_dd ck_go_to_lots(const ck_lots *lots, int64_t sold, ck_line *line) {
  const ck_table *t = lots->curve.table;
  const int64_t side = ck_side_of_lots(lots, sold);
  ck_dd sum;
  // The sums of both frames begin beside the oracle price, where the last bits of one may say otherwise than
  // those of the other: there the lower one says which it is, as always.
  if (side == line->side && line->tick + 1 != t->fold + line->frame) {
    sum = ck_sum_of_lots(lots, side, line->frame, sold);
    if (ck_within_edges(line->low, sum, line->high)) return sum;
  }
  sum = ck_sum_of_lots(lots, side, 0, sold);
  const int64_t frame = ck_frame_of(t, CK_B, sum);
  if (frame) sum = ck_sum_of_lots(lots, side, 1, sold);
  if (side != line->side || frame != line->frame || !ck_within_edges(line->low, sum, line->high))
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

// F(n) on its line. The last lot may lie beyond an end by dust; what the curve holds ends there.
CK_FN ck_dd ck_exactly_held(const ck_lots *lots, const ck_line *line, int64_t sold) {
  const ck_dd held = ck_plus(line->a, ck_per_lot(lots, line->side, sold, line->per_lot));
  return ck_less(held, lots->bottom) ? lots->bottom : ck_less(lots->top, held) ? lots->top : held;
}
CK_FN int64_t ck_held_on(const ck_lots *lots, const ck_line *line, int64_t sold) {
  return sold == 0 ? 0 : ck_ceil(ck_exactly_held(lots, line, sold));
}

// Fees up to a level, in whole lots and parts of 2^-32. So rounded they are numbers that differences and sums
// of differences keep exactly: no split of a trade is charged less than the whole.
typedef struct {
  double whole, part;
} ck_charge;

// G(level) with a surge, and its line. Levels beyond the curve, where rounding up may lead, are charged as its
// last.
static __attribute__((noinline)) ck_charge ck_charged(
  const ck_lots *lots, int up, double surge, int64_t level, ck_line *line) {
  ck_dd fee = ck_two_product((double)level, surge);
  if (lots->curve.table->fee[up]) {
    ck_go_to_level(lots, ck_lot_dd(level), line);
    const ck_dd own = ck_plus(line->fee[up], ck_two_product((double)level, line->rate[up]));
    fee = ck_plus(own, fee);
  }
  const double whole = __builtin_floor(fee.hi);
  return (ck_charge){whole, __builtin_rint(((fee.hi - whole) + fee.lo) * 0x1p32)};
}

// The fees between two levels, rounded up.
CK_FN int64_t ck_fee_between(ck_charge from, ck_charge to, int up) {
  const double whole = to.whole - from.whole, part = to.part - from.part;
  const double fee = up ? whole + __builtin_ceil(part * 0x1p-32)
                        : -whole + __builtin_ceil(-part * 0x1p-32);
  return fee > 0 ? (int64_t)fee : 0;
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
static __attribute__((noinline)) int64_t ck_lots_at_level(const ck_lots *lots, int64_t level, ck_line *line) {
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
  const int fees = lots->curve.table->fee[up] != 0;
  const ck_charge start = ck_charged(lots, up, surge, from, &line);
  const double rate = (fees ? line.rate[up] : 0) + surge;
  int64_t inside = 0, beyond = most + 1;
  int64_t guess = (int64_t)((double)value / (up ? 1 + rate : 1 - rate));
  for (int step = 0; beyond - inside > 1; ++step) {
    // the first steps by what the last guess was off, at the price there; then by halves
    if (step >= 12) guess = inside + (beyond - inside) / 2;
    if (guess <= inside) guess = inside + 1;
    if (guess >= beyond) guess = beyond - 1;
    const ck_charge end = ck_charged(lots, up, surge, up ? from + guess : from - guess, &line);
    const int64_t fee = ck_fee_between(start, end, up);
    const int64_t cost = up ? guess + fee : guess - fee;
    const int within = up ? cost <= value : cost < value;
    if (within) inside = guess; else beyond = guess;
    const double here = (fees ? line.rate[up] : 0) + surge;
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

// Lots of B sold at a place, and by how much sums may be off there; so little of a lot that the tails of a curve
// do not have it is nothing.
CK_FN ck_dd ck_lots_to(const ck_lots *lots, ck_point place, double *noise) {
  const ck_curve *curve = &lots->curve;
  const int side = ck_before(curve->formed, place) ? CK_ABOVE : CK_BELOW;
  const ck_dd unit = curve->unit[side][CK_B];
  ck_dd lot = lots->seam;
  *noise = 0x1p-98 * __builtin_fabs(lot.hi) + 0x1p-120;
  if (unit.hi > 0) {
    const int64_t frame = ck_frame(curve->table, place.tick);
    const ck_dd moved = ck_product(ck_minus(place.sold, lots->start[side][frame]), unit);
    lot = ck_plus(lots->base[side], moved);
    const double sums = __builtin_fabs(place.sold.hi) + __builtin_fabs(lots->start[side][frame].hi);
    *noise = 0x1p-98 * (sums * unit.hi + __builtin_fabs(lots->base[side].hi)) + 0x1p-120;
  }
  // more than any ledger holds
  if (!(lot.hi > -0x1p49)) return (ck_dd){-0x1p49, 0};
  if (!(lot.hi < 0x1p49)) return (ck_dd){0x1p49, 0};
  return lot;
}

static int64_t lots_before(const ck_lots *lots, ck_point place, int32_t up) {
  const ck_table *t = lots->curve.table;
  if (up && place.tick == t->grid.count) return lots->highest;
  if (!up && !ck_before(ck_start_of(t, 0), place)) return lots->lowest;
  // without the dust: far out it can hold many ticks, and no position passes a limit
  double noise;
  const ck_dd lot = ck_lots_to(lots, place, &noise);
  return up ? ck_plain_floor(ck_plus(lot, (ck_dd){noise, 0}))
            : ck_plain_ceil(ck_plus(lot, (ck_dd){-noise, 0}));
}

// From this price of a lot on, each changes Q.
#define CK_PLAIN_PRICE 1.001

// Where a lot of B is worth less than one of A, Q is the same for many lots. Were a ledger to stand anywhere
// among them, dust that one trader gave for nothing would be another's by a detour; so it stands at the
// last of them, and the next lot of B costs at least one of A.
CK_FN int64_t ck_last_with(const ck_lots *lots, int64_t held, int64_t sold, const ck_line *line) {
  if (__builtin_expect(line->per_lot.hi >= CK_PLAIN_PRICE, 1)) return sold;
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
static __attribute__((noinline)) int64_t ck_target_of(
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
