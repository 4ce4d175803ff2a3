// The straight line of the ledger: orders in whole lots from inside of a tick to inside of a tick. Included once
// per instruction set.
//
// In a tick that holds fewer than 2^34 lots of either token, lots and amounts are counted from its lower edge: whole ones
// exactly, what is left as doubles. A result that their errors could change, or one beside an edge, an end or
// the place of forming, is left to `ck_swap_carefully`. So both give the same integers where both apply.

// Of a lot: more than a quotient of up to 2^34 lots is off by, three roundings of 2^-53 each, or 2^-17;
#define CK_LINE_SLACK 0x1p-14
// and no place is nearer to the edge of its tick.
#define CK_EDGE_SLACK 0x1p-10

// A number as a whole one and the part beyond it, which may miss 0 ... 1 by the last bits of the number.
typedef struct {
  double whole, part;
} ck_split;

CK_FN ck_split ck_split_of(double hi, double lo) {
  const double whole = __builtin_floor(hi);
  return (ck_split){whole, (hi - whole) + lo};
}

// x y + z
CK_FN ck_split ck_split_sum(ck_dd x, ck_dd y, ck_dd z) {
  const double p = x.hi * y.hi;
  const double rest = ck_fma(x.hi, y.hi, -p) + ck_fma(x.hi, y.lo, x.lo * y.hi);
  const ck_dd s = ck_two_sum(p, z.hi);
  return ck_split_of(s.hi, s.lo + (rest + z.lo));
}

// The span of a tick on a side; one without content where the line does not apply.
CK_FN ck_span ck_span_of(const ck_lots *lots, int64_t side, int64_t tick) {
  const ck_table *t = lots->curve.table;
  const int64_t frame = ck_frame(t, tick);
  const ck_edge *edge = &t->edges[tick + frame];
  const ck_dd unit_b = lots->curve.unit[side][CK_B], unit_a = lots->curve.unit[side][CK_A];
  const ck_dd start = lots->start[side][frame];
  ck_dd b = ck_two_sum(edge[0].b.hi, -start.hi);
  b.lo += edge[0].b.lo - start.lo;
  const ck_split sold = ck_split_sum(b, unit_b, lots->base[side]);
  const ck_split level = ck_split_sum(edge[0].a, unit_a, lots->held[side][frame]);
  const double capacity = ck_gap(edge[1].b, edge[0].b) * unit_b.hi;
  const double content = ck_gap(edge[1].a, edge[0].a) * unit_a.hi;
  const ck_dd per_lot = ck_two_product(lots->curve.oracle_price, ck_price(t, tick));
  const int applies = (capacity < 0x1p34) & (content < 0x1p34) & (per_lot.hi < 0x1p32)
    & (per_lot.hi > 0x1p-20) & (__builtin_fabs(sold.whole) < 0x1p50)
    & (__builtin_fabs(level.whole) < 0x1p50) & !t->has_empty;
  ck_span span = {
    side, tick, sold.whole, sold.part, level.whole, level.part, per_lot.hi, per_lot.lo,
    level.part - sold.part * per_lot.hi, applies ? capacity : 0, applies ? content : 0, {0, 0},
    {0, 0}};
  for (int up = 0; up < 2 && t->fee[up]; ++up) {
    const ck_split fee
      = ck_split_sum(t->fee[up][tick + frame], unit_a, lots->charged[up][side][frame]);
    span.fee[up] = fee.whole;
    span.fee_part[up] = fee.part;
  }
  return span;
}

// Lots of B, or of A, beyond the lower edge of the tick.
CK_FN double ck_lots_inside(const ck_span *s, int64_t sold) {
  return ((double)sold - s->lots) - s->lots_part;
}
CK_FN double ck_level_inside(const ck_span *s, int64_t level) {
  return ((double)level - s->level) - s->level_part;
}

// Whether lots, or a level, plainly lie inside of the tick.
CK_FN int ck_has_lots(const ck_lots *lots, const ck_span *s, int64_t sold) {
  const double inside = ck_lots_inside(s, sold);
  return (inside > CK_EDGE_SLACK) & (inside < s->capacity - CK_EDGE_SLACK)
    & (sold >= lots->first[s->side]) & (sold <= lots->last[s->side]);
}
CK_FN int ck_has_level(const ck_lots *lots, const ck_span *s, int64_t level) {
  const double inside = ck_level_inside(s, level);
  return (inside > CK_EDGE_SLACK) & (inside < s->content - CK_EDGE_SLACK)
    & (level >= lots->low[s->side]) & (level <= lots->high[s->side]);
}

// About which tick has so many lots, or a level.
CK_FN int64_t ck_tick_about(
  const ck_table *t, int key, int64_t frame, const ck_sight *sight, double lots) {
  const double sum = ck_fma(lots, sight->per_lot, sight->begin);
  int64_t bucket = ck_low_bits(ck_fma(lots, sight->buckets_per_lot, sight->first_bucket));
  // rounding may put it anywhere where the two sides differ by more than a double can tell
  bucket = bucket < sight->last_bucket ? bucket : sight->last_bucket;
  const int64_t tick = ck_seek(t, 1, key, bucket, sum) - 1 - frame;
  return tick < 0 ? 0 : tick >= t->grid.count ? t->grid.count - 1 : tick;
}

// About the span that has n lots, which are not beyond the ends.
CK_FN ck_span ck_span_about_lots(const ck_lots *lots, int64_t sold) {
  const int64_t side = sold > lots->seam_lots, frame = sold > lots->fold_lots;
  const int64_t tick = ck_tick_about(
    lots->curve.table, CK_B, frame, &lots->sight[CK_B][side][frame], (double)sold);
  return ck_span_of(lots, side, tick);
}

// About the span that has a level, which is not beyond the ends.
CK_FN ck_span ck_span_about_level(const ck_lots *lots, int64_t level) {
  const int64_t side = level > lots->seam_level, frame = level > lots->fold_level;
  const int64_t tick = ck_tick_about(
    lots->curve.table, CK_A, frame, &lots->sight[CK_A][side][frame], (double)level);
  return ck_span_of(lots, side, tick);
}

// Q(n) of lots that the span has. The whole lots beyond its edge count exactly, so that it can be told
// where prices are round and what is held is a whole number but for dust.
CK_FN int ck_held_in(const ck_span *s, int64_t sold, int64_t *held) {
  const double lots = (double)sold - s->lots;
  const ck_dd moved = ck_two_product(lots, s->per_lot);
  const double whole = __builtin_floor(moved.hi);
  const double rest = ck_fma(lots, s->per_lot_lo, moved.lo) + (s->begin - CK_LOT_DUST);
  const double part = (moved.hi - whole) + rest, more = __builtin_floor(part);
  *held = (int64_t)(s->level + (whole + more)) + 1;
  // `begin` is a lot's price times a part of a lot, that is off by 2^-52, and the sums of a tick's edge are off by
  // less than 2^-50
  const double slack = ck_fma(s->per_lot, 0x1p-50, 0x1p-45);
  return (part - more > slack) & (part - more < 1 - slack);
}

// The most lots with Q(n) <= level, for a level that the span has, and that Q. Nothing nearer than the slack
// to the next lot need be told apart: Q itself says which.
CK_FN int ck_lots_in(
  const ck_lots *lots, const ck_span *s, int64_t level, int64_t *sold, int64_t *held) {
  const double x = ck_level_inside(s, level) / s->per_lot + s->lots_part;
  *sold = (int64_t)(s->lots + __builtin_floor(x + CK_LINE_SLACK));
  if (!(ck_has_lots(lots, s, *sold) && ck_held_in(s, *sold, held))) return 0;
  if (__builtin_expect(*held <= level, 1)) return 1;
  --*sold;
  return ck_has_lots(lots, s, *sold) && ck_held_in(s, *sold, held) && *held <= level;
}

// G of a level that a span has, as `ck_charged`.
CK_FN int ck_charge_in(
  const ck_lots *lots, const ck_span *s, int up, double surge, int64_t level, ck_charge *charge) {
  const ck_table *t = lots->curve.table;
  ck_split sum = {0, 0};
  if (t->fee[up]) {
    const double rate = ck_fee_rate(t, up, s->tick);
    const ck_dd inside = ck_two_product((double)level - s->level, rate);
    const ck_split moved = ck_split_of(inside.hi, inside.lo);
    sum.whole = s->fee[up] + moved.whole;
    sum.part = s->fee_part[up] + (moved.part - s->level_part * rate);
  }
  if (surge > 0) {
    const ck_dd all = ck_two_product((double)level, surge);
    const ck_split more = ck_split_of(all.hi, all.lo);
    sum.whole += more.whole;
    sum.part += more.part;
  }
  const double parts = sum.part * 0x1p32, rounded = __builtin_rint(parts);
  *charge = (ck_charge){sum.whole, rounded};
  return __builtin_fabs(parts - rounded) < 0.5 - 0x1p-12;
}

// The highest level q of a span with C(q) <= whole + part, where C is the level plus (buying) or minus (selling)
// the fees up to there.
CK_FN int ck_level_in(
  const ck_lots *lots, const ck_span *s, int up, double whole, double part, int64_t *level) {
  const double sign = up ? 1 : -1, rate = ck_fee_rate(lots->curve.table, up, s->tick);
  const double moved = ((whole - s->level) - sign * s->fee[up])
    + (part - s->level_part - sign * s->fee_part[up]);
  const double x = moved / (1 + sign * rate) + s->level_part, most = __builtin_floor(x);
  *level = (int64_t)(s->level + most);
  return (x - most > CK_LINE_SLACK) & (x - most < 1 - CK_LINE_SLACK)
    & ck_has_level(lots, s, *level);
}

// The level where an order that fixes A ends, fees included, and its span: the last one with C(q) <= C(from)
// plus or minus the value. The span is that of `from` before.
CK_FN int ck_level_on_line(
  const ck_lots *lots, int up, int64_t from, ck_charge charged, int64_t value, ck_span *span,
  int64_t *level) {
  const double sign = up ? 1 : -1;
  const double whole = (double)(up ? from + value : from - value) + sign * charged.whole;
  const double part = sign * 0x1p-32 * charged.part, target = whole + part;
  if (ck_level_in(lots, span, up, whole, part, level)) return 1;
  const int64_t side = target > lots->seam_charged[up], frame = target > lots->fold_charged[up];
  const int64_t tick = ck_tick_about(
    lots->curve.table->way[up], CK_A, frame, &lots->charged_sight[up][side][frame], target);
  *span = ck_span_of(lots, side, tick);
  return ck_level_in(lots, span, up, whole, part, level);
}
