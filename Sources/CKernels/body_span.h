// The straight line of the ledger: orders in whole lots from inside of a tick to inside of a tick. Included once
// per instruction set.
//
// In a tick that holds fewer than 2^34 lots, lots and amounts are counted from its lower edge: whole ones as
// integers, what is left as doubles. Their errors stay below 2^-16 of a lot; a result that so little could
// change, or one beside an edge, an end or the place of forming, is left to `ck_swap_carefully`. So both give
// the same integers where both apply, and a test compares them.

// Of a lot: no result of the line is nearer to the next whole lot,
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

// Whether the part of a number beyond a whole one is not beside one.
CK_FN int ck_is_on_line(double part) {
  return (part > CK_LINE_SLACK) & (part < 1 - CK_LINE_SLACK);
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
  const double per_lot = lots->curve.oracle_price * ck_price(t, tick);
  const int applies = (capacity < 0x1p34) & (content < 0x1p34) & (per_lot < 0x1p32)
    & (per_lot > 0x1p-20) & (__builtin_fabs(sold.whole) < 0x1p50)
    & (__builtin_fabs(level.whole) < 0x1p50) & !t->has_empty;
  return (ck_span){
    side, tick, sold.whole, sold.part, level.whole, level.part, per_lot, applies ? capacity : 0,
    applies ? content : 0};
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

// Q(n) of lots that the span has.
CK_FN int ck_held_in(const ck_span *s, int64_t sold, int64_t *held) {
  const double x = ck_fma(ck_lots_inside(s, sold), s->per_lot, s->level_part);
  const double whole = __builtin_floor(x);
  *held = (int64_t)(s->level + whole) + 1;
  return ck_is_on_line(x - whole);
}

// The most lots with Q(n) <= level, for a level that the span has.
CK_FN int ck_lots_in(const ck_lots *lots, const ck_span *s, int64_t level, int64_t *sold) {
  const double x = ck_level_inside(s, level) / s->per_lot + s->lots_part;
  const double whole = __builtin_floor(x);
  *sold = (int64_t)(s->lots + whole);
  return ck_is_on_line(x - whole) & ck_has_lots(lots, s, *sold);
}

// G at the lower edge of the tick of a span.
CK_FN ck_split ck_fee_at_edge(const ck_lots *lots, const ck_span *s, int up) {
  const ck_table *t = lots->curve.table;
  const int64_t frame = ck_frame(t, s->tick);
  return ck_split_sum(
    t->fee[up][s->tick + frame], lots->curve.unit[s->side][CK_A],
    lots->charged[up][s->side][frame]);
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
    sum = ck_fee_at_edge(lots, s, up);
    sum.whole += moved.whole;
    sum.part += moved.part - s->level_part * rate;
  }
  if (surge > 0) {
    const ck_dd all = ck_two_product((double)level, surge);
    const ck_split more = ck_split_of(all.hi, all.lo);
    sum.whole += more.whole;
    sum.part += more.part;
  }
  const double parts = sum.part * 0x1p32, rounded = __builtin_rint(parts);
  *charge = (ck_charge){(int64_t)sum.whole, (int64_t)rounded};
  return __builtin_fabs(parts - rounded) < 0.5 - 0x1p-12;
}

// The level where an order that fixes A ends, fees included, and its span: the highest q with C(q) <= C(from)
// plus or minus the value, where C is the level plus (buying) or minus (selling) the fees up to there.
CK_FN int ck_level_on_line(
  const ck_lots *lots, int up, int64_t from, ck_charge charged, int64_t value, ck_span *span,
  int64_t *level) {
  const ck_table *t = lots->curve.table;
  const double sign = up ? 1 : -1;
  const int64_t whole = up ? from + charged.whole + value : from - charged.whole - value;
  const double part = sign * 0x1p-32 * (double)charged.part, target = (double)whole + part;
  const double seam = lots->seam_a.hi + sign * lots->seam_fee[up].hi;
  const int64_t side = target > seam, frame = target > lots->fold_charged[up];
  const int64_t tick
    = ck_tick_about(t->way[up], CK_A, frame, &lots->charged_sight[up][side][frame], target);
  *span = ck_span_of(lots, side, tick);
  const ck_split edge = ck_fee_at_edge(lots, span, up);
  const double beyond = ((double)whole - span->level) - sign * edge.whole;
  const double moved = beyond + (part - span->level_part - sign * edge.part);
  const double rate = ck_fee_rate(t, up, span->tick);
  const double x = moved / (1 + sign * rate) + span->level_part, most = __builtin_floor(x);
  *level = (int64_t)(span->level + most);
  return ck_is_on_line(x - most) & ck_has_level(lots, span, *level);
}
