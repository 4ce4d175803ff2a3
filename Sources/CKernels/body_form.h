// Forming a curve: from an oracle price and reserves to units, scales and a place. Included once per
// instruction set.

// sqrt(mu) and 1 / sqrt(mu).
typedef struct {
  ck_dd root, inverse;
} ck_roots;

CK_FN ck_roots ck_roots_of(double mu) {
  const double root = __builtin_elementwise_sqrt(mu), inverse = 1 / root;
  ck_roots r = {{root, ck_fma(-root, root, mu) * (0.5 * inverse)}, {inverse, 0}};
  r.inverse.lo = (ck_fma(-inverse, root, 1) - inverse * r.root.lo) * inverse;
  return r;
}

// The cumulative A at a place in double arithmetic, and by how much that may be wrong.
typedef struct {
  double a, slack;
} ck_about;

CK_FN ck_about ck_about_exactly(const ck_table *t, ck_point place) {
  const double a = ck_coordinate(t, CK_A, place).hi;
  return (ck_about){a, 0x1p-52 * __builtin_fabs(a)};
}

// The place at a price coordinate in a tick with liquidity, and about how much A lies there.
// Returns 0 if that tick is an end of the curve, beyond it, or empty, or half as wide as its price.
CK_FN int ck_place_inside(
  const ck_table *t, double mu, double price, ck_point *place, ck_about *about) {
  const ck_dd width = ck_two_product(mu, t->grid.bps);  // of a tick, times 10^4
  const double inverse = 1 / width.hi;
  double index = __builtin_floor((price - mu) * 1e4 * inverse);
  if (!(width.hi < 0.5 * (price * 1e4))) return 0;
  // What lies between the tick's lower edge and the price, times 10^4: products exact, and where their
  // high parts are within a factor of two the difference of those is exact too. The first guess is off by
  // at most one.
  const ck_dd end = ck_two_product(price, 1e4);
  ck_dd distance;
  for (int guess = 0;; ++guess) {
    const ck_dd steps = ck_edge_steps(t, index), begin = ck_two_product(mu, steps.hi);
    distance = ck_fast_two_sum(end.hi - begin.hi, end.lo - ck_fma(mu, steps.lo, begin.lo));
    if (distance.hi >= 0 && ck_less(distance, width)) break;
    if (guess == 2) return 0;
    index += distance.hi < 0 ? -1 : 1;
  }
  if (!(index > (double)t->grid.lowest && index < (double)(t->grid.lowest + t->grid.count - 1)))
    return 0;
  const int64_t offset = (int64_t)index - t->grid.lowest;
  const ck_edge *low = &t->edges[offset + ck_frame(t, offset)];
  if (!ck_less(low[0].b, low[1].b)) return 0;
  const ck_dd part = ck_quotient(distance, width, inverse);
  const ck_dd inside = ck_product(ck_plus(low[1].b, ck_negate(low[0].b)), part);
  const ck_dd sold = ck_plus(low[0].b, inside);
  if (!ck_less(low[0].b, sold) || !ck_less(sold, low[1].b)) {
    *place = ck_start_of(t, part.hi > 0.5 ? offset + 1 : offset);
    *about = ck_about_exactly(t, *place);
    return 1;
  }
  *place = (ck_point){offset, sold};
  const double moved = inside.hi * ck_price(t, offset);
  // three roundings, the low part of the edge, and that of what is inside
  *about = (ck_about){low[0].a.hi + moved, 0x1p-50 * (__builtin_fabs(low[0].a.hi) + moved)};
  return 1;
}

static int32_t place_inside(
  const ck_table *t, double oracle_price, double price, ck_point *place) {
  ck_about about;
  return ck_place_inside(t, oracle_price, price, place, &about);
}

// The Double before a positive one.
CK_FN double ck_next_down(double x) {
  int64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  --bits;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

// The scale of a side: what it gives does not exceed its reserve but for the roundings of the two. A ledger in
// lots, where these count, gives no more than its reserves besides.
CK_FN double ck_scale(double reserve, double offered, ck_dd unit, int full) {
  const double whole = ck_tokens(offered, unit);
  if (!(whole > 0)) return 0;
  if (!full && whole <= reserve) return 1;
  double scale = reserve / whole;
  if (!(ck_times(unit, scale).hi < 0x1p1000)) return 0;  // so thin that no number could lift it
  while (ck_tokens(offered, ck_times(unit, scale)) > reserve) scale = ck_next_down(scale);
  return scale;
}

// What a side gives at its scale, exactly, and units and inverses from that.
static __attribute__((noinline)) void ck_scale_sides(
  ck_curve *curve, ck_dd unit_b, ck_dd unit_a, double reserve_b, double reserve_a) {
  double b, a;
  offered(curve->table, curve->place, &b, &a);
  curve->scale[CK_ABOVE] = ck_scale(reserve_b, b, unit_b, curve->full);
  curve->scale[CK_BELOW] = ck_scale(reserve_a, a, unit_a, curve->full);
  for (int side = CK_BELOW; side <= CK_ABOVE; ++side) {
    curve->unit[side][CK_B] = ck_times(unit_b, curve->scale[side]);
    curve->unit[side][CK_A] = ck_times(unit_a, curve->scale[side]);
    for (int key = CK_B; key <= CK_A; ++key) {
      const ck_dd one = {1, 0}, unit = curve->unit[side][key];
      curve->inverse[side][key]
        = unit.hi > 0 ? ck_quotient(one, unit, 1 / unit.hi) : (ck_dd){0, 0};
    }
  }
}

// Units, scales and inverses at a place, where the curve then stands. The place comes as a value: to read
// back what was just written in other pieces waits until it has left for the cache.
CK_FN void ck_form(
  ck_curve *curve, const ck_roots *r, ck_point place, ck_about about, double reserve_b,
  double reserve_a) {
  const ck_table *t = curve->table;
  const ck_dd l = curve->liquidity, inverse_l = curve->inverse_liquidity;
  const ck_dd root = r->root, inverse = r->inverse;
  // units of B and of A, and their inverses
  const v4_dd of = {{l.hi, l.hi, inverse_l.hi, inverse_l.hi}, {l.lo, l.lo, inverse_l.lo, inverse_l.lo}};
  const v4_dd by = {
    {inverse.hi, root.hi, root.hi, inverse.hi}, {inverse.lo, root.lo, root.lo, inverse.lo}};
  const v4_dd units = ck_product(of, by);
  const ck_edge *below = &t->edges[t->fold], *above = below + 1;
  curve->place = place;
  curve->formed = place;
  curve->formed_a[CK_BELOW] = about.a - about.slack;
  curve->formed_a[CK_ABOVE] = about.a + about.slack;
  if (t->fee[0]) {
    const ck_about bid = ck_about_exactly(curve->way[0], place);
    const ck_about ask = ck_about_exactly(curve->way[1], place);
    curve->formed_a[CK_BELOW] = ask.a - ask.slack;
    curve->formed_a[CK_ABOVE] = bid.a + bid.slack;
  }
  // all of B above and of A below, about; a side whose reserve is plainly more is not scaled
  const int upper = place.tick >= t->fold;
  const double sold = place.sold.hi, got = about.a;
  const double b = (upper ? 0 : below->b.hi - above->b.hi) - sold;
  const double a = (upper ? below->a.hi - above->a.hi : 0) + got;
  if (!curve->full && b > 0 && a > 0 && b * units.hi[CK_B] * (1 + 0x1p-30) < reserve_b
      && a * units.hi[CK_A] * (1 + 0x1p-30) < reserve_a) {
    const v8 unit = __builtin_shufflevector(units.hi, units.lo, 0, 4, 1, 5, 0, 4, 1, 5);
    const v8 inverses = __builtin_shufflevector(units.hi, units.lo, 2, 6, 3, 7, 2, 6, 3, 7);
    curve->scale[CK_BELOW] = curve->scale[CK_ABOVE] = 1;
    __builtin_memcpy(curve->unit, &unit, sizeof unit);
    __builtin_memcpy(curve->inverse, &inverses, sizeof inverses);
    return;
  }
  const ck_dd unit_b = {units.hi[CK_B], units.lo[CK_B]}, unit_a = {units.hi[CK_A], units.lo[CK_A]};
  ck_scale_sides(curve, unit_b, unit_a, reserve_b, reserve_a);
}

static void form(ck_curve *curve, ck_point place, double reserve_b, double reserve_a) {
  const ck_roots r = ck_roots_of(curve->oracle_price);
  curve->price = ck_price_of(curve, place);
  ck_form(curve, &r, place, ck_about_exactly(curve->table, place), reserve_b, reserve_a);
}

static int32_t reform(
  ck_curve *curve, double oracle_price, double reserve_b, double reserve_a) {
  const ck_roots r = ck_roots_of(oracle_price);
  ck_point place;
  ck_about about;
  if (!ck_place_inside(curve->table, oracle_price, curve->price, &place, &about)) return 0;
  curve->oracle_price = oracle_price;
  ck_form(curve, &r, place, about, reserve_b, reserve_a);
  return 1;
}
