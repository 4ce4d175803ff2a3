// Where a ledger counts its lots from: units, origins and ends of a curve in lots. Included once per instruction
// set.

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
  curve->inverse_liquidity = ck_divide(one, l);
  for (int side = CK_BELOW; side <= CK_ABOVE; ++side) {
    curve->unit[side][CK_B] = ck_times(unit_b, curve->scale[side]);
    curve->unit[side][CK_A] = ck_times(unit_a, curve->scale[side]);
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

// The A held at an end of the curve, the lower edge of its first tick or the upper one of its last.
CK_FN ck_dd ck_level_of_end(const ck_lots *lots, ck_point end) {
  const ck_curve *curve = &lots->curve;
  const int side = ck_before(curve->formed, end) ? CK_ABOVE : CK_BELOW;
  const ck_dd unit = curve->unit[side][CK_A];
  if (!(unit.hi > 0)) return lots->seam_a;
  const ck_dd a = ck_coordinate(curve->table, CK_A, end);
  return ck_plus(lots->held[side][ck_frame(curve->table, end.tick)], ck_product(a, unit));
}

// The whole lots below a number, as far as a ledger goes.
CK_FN int64_t ck_whole_below(ck_dd x) {
  if (!(x.hi > -0x1p50)) return -(INT64_C(1) << 50);
  return x.hi < 0x1p50 ? ck_plain_floor(x) : INT64_C(1) << 50;
}

// Sums are (n - origin) inverse.
CK_FN ck_sight ck_sight_of(
  const ck_table *t, int key, int64_t frame, double origin, double inverse) {
  const ck_guide *guide = &t->guide[key];
  const double begin = -origin * inverse;
  const double end = frame ? 0 : ck_edge_of(t, key, t->fold).hi;
  return (ck_sight){
    inverse, begin, inverse * guide->scale, begin * guide->scale + guide->origin[frame],
    ck_bucket(guide, frame, end)};
}

// What the straight line of the ledger needs beside origins and ends.
CK_FN void ck_set_line(ck_lots *lots) {
  const ck_curve *curve = &lots->curve;
  const ck_table *t = curve->table;
  const ck_dd basis_point = {1e-4, CK_TEN_THOUSANDTH_LO};
  lots->price_step = ck_times(basis_point, curve->oracle_price);
  for (int side = CK_BELOW; side <= CK_ABOVE; ++side) {
    const int above = side == CK_ABOVE;
    lots->first[side] = above ? lots->seam_lots + 2 : lots->lowest;
    lots->last[side] = above ? lots->highest : lots->seam_lots - 1;
    lots->low[side] = above ? lots->seam_level + 2 : lots->held_lowest + 1;
    lots->high[side] = above ? lots->held_highest - 1 : lots->seam_level - 1;
    const double unit_b = curve->unit[side][CK_B].hi, inverse_b = curve->inverse[side][CK_B].hi;
    const double inverse_a = curve->inverse[side][CK_A].hi;
    for (int64_t frame = 0; frame < 2; ++frame) {
      const double origin_b = lots->base[side].hi - lots->start[side][frame].hi * unit_b;
      const double origin_a = lots->held[side][frame].hi;
      lots->sight[CK_B][side][frame] = ck_sight_of(t, CK_B, frame, origin_b, inverse_b);
      lots->sight[CK_A][side][frame] = ck_sight_of(t, CK_A, frame, origin_a, inverse_a);
      for (int up = 0; up < 2 && t->fee[up]; ++up) {
        const double fees = lots->charged[up][side][frame].hi;
        lots->charged_sight[up][side][frame] = ck_sight_of(
          t->way[up], CK_A, frame, origin_a + (up ? fees : -fees), inverse_a);
      }
    }
  }
  // the fold lies on one side of the place of forming
  const ck_point fold = ck_start_of(t, t->fold);
  const int side = ck_before(curve->formed, fold) ? CK_ABOVE : CK_BELOW;
  const int64_t f = ck_frame(t, t->fold);
  double noise;
  lots->fold_lots = ck_whole_below(ck_lots_to(lots, fold, &noise));
  const ck_dd level = ck_plus(
    lots->held[side][f],
    ck_product(ck_edge_of(t, CK_A, t->fold + f), curve->unit[side][CK_A]));
  lots->fold_level = ck_whole_below(level);
  for (int up = 0; up < 2 && t->fee[up]; ++up) {
    const double fees
      = lots->charged[up][side][f].hi + t->fee[up][t->fold + f].hi * curve->unit[side][CK_A].hi;
    lots->seam_charged[up]
      = up ? lots->seam_a.hi + lots->seam_fee[up].hi : lots->seam_a.hi - lots->seam_fee[up].hi;
    lots->fold_charged[up] = up ? level.hi + fees : level.hi - fees;
  }
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
  const ck_point top = ck_start_of(t, t->grid.count), bottom = ck_start_of(t, 0);
  lots->top = ck_level_of_end(lots, top);
  lots->bottom = ck_level_of_end(lots, bottom);
  double noise;
  lots->seam_lots = ck_whole_below(lots->seam);
  lots->seam_level = ck_whole_below(lots->seam_a);
  lots->highest = ck_plain_floor(ck_plus(ck_lots_to(lots, top, &noise), dust));
  lots->lowest = ck_plain_ceil(ck_minus(ck_lots_to(lots, bottom, &noise), dust));
  // No ledger holds as many lots of A as the far end of some curves would bring: they end before.
  ck_line line = {.side = -1};
  const int64_t most = INT64_C(1) << 49;
  ck_go_to_lots(lots, lots->highest, &line);
  if (ck_less(ck_lot_dd(most), ck_exactly_held(lots, &line, lots->highest)))
    lots->highest = ck_lots_at_level(lots, most, &line);
  lots->held_highest = held_after(lots, lots->highest);
  lots->held_lowest = held_after(lots, lots->lowest);
  // nobody sells the last lots for nothing
  ck_go_to_lots(lots, lots->lowest, &line);
  lots->lowest = ck_last_with(lots, lots->held_lowest, lots->lowest, &line);
  ck_set_line(lots);
}
