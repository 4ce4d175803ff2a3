// Forming a curve: from an oracle price and reserves to units, scales and a place. Included once per
// instruction set.

// x / y, with a reciprocal of y that is good to a few units in the last place; within 2^-100.
CK_FN ck_dd ck_quotient(ck_dd x, ck_dd y, double inverse) {
  const double q = x.hi * inverse;
  const double rest = ck_fma(-q, y.hi, x.hi) + ck_fma(-q, y.lo, x.lo);
  return ck_fast_two_sum(q, rest * inverse);
}

CK_FN ck_dd ck_product(ck_dd x, ck_dd y) {
  const ck_dd p = ck_two_product(x.hi, y.hi);
  return ck_fast_two_sum(p.hi, ck_fma(x.lo, y.hi, ck_fma(x.hi, y.lo, p.lo)));
}

// sqrt(mu) and 1 / sqrt(mu).
typedef struct {
  ck_dd root, inverse;
} ck_roots;

CK_FN ck_roots ck_roots_of(double mu) {
  const double root = __builtin_sqrt(mu), inverse = 1 / root;
  ck_roots r = {{root, ck_fma(-root, root, mu) * (0.5 * inverse)}, {inverse, 0}};
  r.inverse.lo = (ck_fma(-inverse, root, 1) - inverse * r.root.lo) * inverse;
  return r;
}

// The place at a price coordinate in a tick with liquidity, and the cumulative A there.
// Returns 0 if that tick is an end of the curve, beyond it, or empty.
CK_FN int ck_place_inside(
  const ck_table *t, double mu, double price, ck_point *place, ck_dd *place_a) {
  // ticks above the lowest edge: (price / mu - 1) / w, less the index of the lowest tick
  const ck_dd distance = ck_times(ck_two_sum(price, -mu), 1e4), width = ck_two_product(mu, t->grid.bps);
  const ck_dd above = ck_quotient(distance, width, 1 / width.hi);
  ck_dd ticks = ck_two_sum(above.hi, -(double)t->grid.lowest);
  ticks = ck_fast_two_sum(ticks.hi, ticks.lo + above.lo);
  if (!(ticks.hi > 1 && ticks.hi < (double)(t->grid.count - 1))) return 0;
  int64_t offset = (int64_t)ticks.hi;
  if ((double)offset == ticks.hi && ticks.lo < 0) --offset;
  const ck_edge *low = &t->edges[offset + ck_frame(t, offset)];
  if (!ck_less(low[0].b, low[1].b)) return 0;
  const ck_dd part = ck_fast_two_sum(ticks.hi - (double)offset, ticks.lo);
  const ck_dd inside = ck_product(ck_subtract(low[1].b, low[0].b), part);
  const ck_dd sold = ck_plus(low[0].b, inside);
  if (!ck_less(low[0].b, sold) || !ck_less(sold, low[1].b)) {
    *place = ck_start_of(t, part.hi > 0.5 ? offset + 1 : offset);
    *place_a = ck_lower_edge(t, CK_A, place->tick);
  } else {
    *place = (ck_point){offset, sold};
    *place_a = ck_plus(low[0].a, ck_times(inside, ck_price(t, offset)));
  }
  return 1;
}

static int32_t place_inside(
  const ck_table *t, double oracle_price, double price, ck_point *place) {
  ck_dd a;
  return ck_place_inside(t, oracle_price, price, place, &a);
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

// Units, scales and inverses at the place where the curve stands.
CK_FN void ck_form(ck_curve *curve, const ck_roots *r, double reserve_b, double reserve_a) {
  const ck_table *t = curve->table;
  const ck_dd l = curve->liquidity, inverse_l = curve->inverse_liquidity;
  const ck_dd unit_b = ck_product(l, r->inverse), unit_a = ck_product(l, r->root);
  const ck_edge *below = &t->edges[t->fold], *above = below + 1;
  curve->formed = curve->place;
  // all of B above and of A below, about; a side whose reserve is plainly more is not scaled
  const int upper = curve->place.tick >= t->fold;
  const double sold = curve->place.sold.hi, got = curve->formed_a.hi;
  const double b = (upper ? 0 : below->b.hi - above->b.hi) - sold;
  const double a = (upper ? below->a.hi - above->a.hi : 0) + got;
  if (!curve->full && b > 0 && a > 0 && b * unit_b.hi * (1 + 0x1p-30) < reserve_b
      && a * unit_a.hi * (1 + 0x1p-30) < reserve_a) {
    const ck_dd inverse_b = ck_product(inverse_l, r->root);
    const ck_dd inverse_a = ck_product(inverse_l, r->inverse);
    for (int side = CK_BELOW; side <= CK_ABOVE; ++side) {
      curve->scale[side] = 1;
      curve->unit[side][CK_B] = unit_b;
      curve->unit[side][CK_A] = unit_a;
      curve->inverse[side][CK_B] = inverse_b;
      curve->inverse[side][CK_A] = inverse_a;
    }
    return;
  }
  ck_scale_sides(curve, unit_b, unit_a, reserve_b, reserve_a);
}

static void form(ck_curve *curve, ck_point place, double reserve_b, double reserve_a) {
  const ck_roots r = ck_roots_of(curve->oracle_price);
  curve->place = place;
  curve->formed_a = ck_coordinate(curve->table, CK_A, place);
  curve->price = ck_price_of(curve, place);
  ck_form(curve, &r, reserve_b, reserve_a);
}

static int32_t reform(
  ck_curve *curve, double oracle_price, double reserve_b, double reserve_a) {
  const ck_roots r = ck_roots_of(oracle_price);
  ck_point place;
  ck_dd a;
  if (!ck_place_inside(curve->table, oracle_price, curve->price, &place, &a)) return 0;
  curve->oracle_price = oracle_price;
  curve->place = place;
  curve->formed_a = a;
  ck_form(curve, &r, reserve_b, reserve_a);
  return 1;
}
