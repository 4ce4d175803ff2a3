// Forming a curve: from an oracle price and reserves to units, scales and a place. Included once per
// instruction set.

// x / y, with the reciprocal of y.hi at hand; within 2^-102.
CK_FN ck_dd ck_quotient(ck_dd x, ck_dd y, double inverse) {
  const double q = x.hi * inverse;
  const double rest = ck_fma(-q, y.hi, x.hi) + ck_fma(-q, y.lo, x.lo);
  return ck_fast_two_sum(q, rest * inverse);
}

// The place at a price coordinate in a tick with liquidity. Returns 0 if that tick is an end of the curve,
// beyond it, or empty.
static int32_t place_inside(
  const ck_table *t, double oracle_price, double price, ck_point *place) {
  // ticks above the lowest edge: (price / mu - 1) / w, less the index of the lowest tick
  const ck_dd distance = ck_two_sum(price, -oracle_price);
  const ck_dd width = ck_two_product(oracle_price, t->grid.bps);
  const ck_dd ticks = ck_add(
    ck_quotient(ck_times(distance, 1e4), width, 1 / width.hi), (ck_dd){-(double)t->grid.lowest, 0});
  if (!(ticks.hi > 1 && ticks.hi < (double)(t->grid.count - 1))) return 0;
  int64_t offset = (int64_t)ticks.hi;
  if ((double)offset == ticks.hi && ticks.lo < 0) --offset;
  const ck_point low = ck_start_of(t, offset);
  const ck_dd high = ck_upper_edge(t, CK_B, offset);
  if (!ck_less(low.sold, high)) return 0;
  const ck_dd part = ck_add(ticks, (ck_dd){-(double)offset, 0}), whole = ck_subtract(high, low.sold);
  ck_dd inside = ck_two_product(whole.hi, part.hi);
  inside.lo = ck_fma(whole.hi, part.lo, ck_fma(whole.lo, part.hi, inside.lo));
  const ck_dd sold = ck_add(low.sold, ck_fast_two_sum(inside.hi, inside.lo));
  *place = part.hi > 0 ? (ck_point){offset, sold} : low;
  if (!ck_less(sold, high)) *place = ck_start_of(t, offset + 1);
  return 1;
}

// The Double before a positive one.
CK_FN double ck_next_down(double x) {
  int64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  --bits;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

// The scale of a side, rounded down so that what the side gives does not exceed its reserve.
CK_FN double ck_scale(double reserve, double offered, ck_dd unit, int full) {
  const double whole = ck_tokens(offered, unit);
  if (!(whole > 0)) return 0;
  if (!full && whole <= reserve) return 1;
  double scale = reserve / whole;
  while (ck_tokens(offered, ck_times(unit, scale)) > reserve) scale = ck_next_down(scale);
  return scale;
}

// Units, scales and inverses at the place where the curve stands.
CK_FN void ck_form(ck_curve *curve, double reserve_b, double reserve_a) {
  const ck_table *t = curve->table;
  const double mu = curve->oracle_price, root = __builtin_sqrt(mu), inverse_root = 1 / root;
  const ck_dd exact_root = {root, ck_fma(-root, root, mu) * (0.5 * inverse_root)};
  const ck_dd l = curve->liquidity;
  const ck_dd unit_b = ck_quotient(l, exact_root, inverse_root);
  ck_dd unit_a = ck_two_product(l.hi, root);
  unit_a = ck_fast_two_sum(
    unit_a.hi, ck_fma(l.lo, root, ck_fma(l.hi, exact_root.lo, unit_a.lo)));
  double b, a;
  offered(t, curve->place, &b, &a);
  curve->scale[CK_ABOVE] = ck_scale(reserve_b, b, unit_b, curve->full);
  curve->scale[CK_BELOW] = ck_scale(reserve_a, a, unit_a, curve->full);
  for (int side = CK_BELOW; side <= CK_ABOVE; ++side) {
    curve->unit[side][CK_B] = ck_times(unit_b, curve->scale[side]);
    curve->unit[side][CK_A] = ck_times(unit_a, curve->scale[side]);
    for (int key = CK_B; key <= CK_A; ++key) {
      const ck_dd unit = curve->unit[side][key];
      const double inverse = unit.hi > 0 ? 1 / unit.hi : 0;
      const double rest = unit.hi > 0 ? ck_fma(-inverse, unit.hi, 1) - inverse * unit.lo : 0;
      curve->inverse[side][key] = ck_fast_two_sum(inverse, rest * inverse);
    }
  }
  curve->formed = curve->place;
  curve->formed_a = ck_coordinate(t, CK_A, curve->place);
}

static void form(ck_curve *curve, ck_point place, double reserve_b, double reserve_a) {
  curve->place = place;
  curve->price = ck_price_of(curve, place);
  ck_form(curve, reserve_b, reserve_a);
}

static int32_t reform(
  ck_curve *curve, double oracle_price, double reserve_b, double reserve_a) {
  ck_point place;
  if (!place_inside(curve->table, oracle_price, curve->price, &place)) return 0;
  curve->oracle_price = oracle_price;
  curve->place = place;
  ck_form(curve, reserve_b, reserve_a);
  return 1;
}
