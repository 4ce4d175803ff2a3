// Included by body_leg.h with R, RR, N, SHOT, ALL and ALL_DD defined: for scalars, double, ck_dd, int64_t,
// ck_shot and no change; for lanes, v8, v8_dd, i8, v8_shot and copies in all lanes. N also holds masks,
// 0 or -1. `way`, `up` and `key` are constants wherever this is used.

// One order on its way.
typedef struct {
  R x;        // the amount that is fixed, scale-free
  RR target;  // where the sums of its token end; 0, which is an edge, if that is not on the leg
  N crossed;  // mask: in the other frame
} SHOT;

// Where the sums of the fixed token end, and the bucket of the guide where that is. Sets the mask `on` for
// orders that end before the leg does.
CK_FN SHOT ck_aim(const ck_leg *leg, ck_way way, int up, int key, R value, N *bucket, N *on) {
  const ck_table *t = leg->table;
  const ck_guide *g = &t->guide[key];
  const RR x = ck_times(ALL_DD(leg->inverse), value);
  SHOT shot = {x.hi, ck_plus(ALL_DD(leg->start), up ? x : ck_negate(x)), ck_mask(ALL(0), 0)};
  const R stop = ALL(leg->stop);
  R origin = ALL(g->origin[way.frame]);
  if (way.crosses) {
    // in the first frame all is before the end of the leg, but for the seam itself
    const ck_dd below = ck_edge_of(t, key, t->fold), above = ck_edge_of(t, key, t->fold + 1);
    const R seam = ALL(up ? below.hi : above.hi), begin = ALL(up ? above.hi : below.hi);
    shot.crossed = up ? ck_below(seam, shot.target.hi) : ck_below(shot.target.hi, seam);
    const ck_dd total = ck_subtract(below, above);
    const RR there = ck_add(shot.target, ALL_DD(up ? ck_negate(total) : total));
    *on = up ? ck_below(begin, there.hi) & ck_below(there.hi, stop)
             : ck_below(there.hi, begin) & ck_below(stop, there.hi);
    *on &= shot.crossed;
    *on |= up ? ck_below(shot.target.hi, seam) : ck_below(seam, shot.target.hi);
    shot.target = ck_select(shot.crossed, there, shot.target);
    origin = ck_select(shot.crossed, ALL(g->origin[1 - way.frame]), origin);
  } else {
    *on = up ? ck_below(shot.target.hi, stop) : ck_below(stop, shot.target.hi);
  }
  *on &= ck_below(ALL(leg->dust), x.hi);
  shot.target.hi = ck_select(*on, shot.target.hi, ALL(0));
  *bucket = ck_low_bits(shot.target.hi * ALL(g->scale) + origin);
  return shot;
}

// What the orders get or pay of the other token, in token units, and where they end: `above` is the first
// stored edge above each target, and the edge on this side of the target is that or the one before it.
// The mask `same` says which end in the first tick. Sets the mask `off` for orders that are off the line,
// whose results mean nothing.
CK_FN R ck_settle(
  const ck_leg *leg, ck_way way, int up, int key, SHOT shot, const int64_t *above, N tick, N same,
  RR *sold, N *off) {
  const ck_table *t = leg->table;
  RR b, a;
  ck_load_edges(t, above, up ? -1 : 0, &b, &a);
  const R price = ck_price(t, tick);
  *off = ck_same(shot.target.hi, key == CK_B ? b.hi : a.hi);
  const R inside = up ? ck_gap(shot.target, key == CK_B ? b : a)
                      : ck_gap(key == CK_B ? b : a, shot.target);
  R part;
  if (key == CK_B) {
    *sold = shot.target;
    part = inside * price;
  } else {
    const R moved = ck_select(same, shot.x, inside) / price;
    *sold = ck_plus(ck_select(same, ALL_DD(leg->from.sold), b), (RR){up ? moved : -moved, ALL(0)});
    // rounding may step over an edge
    const R beyond = ck_high(t, CK_B, above, up ? 0 : -1, b.hi);
    *off |= up ? ~(ck_below(b.hi, sold->hi) & ck_below(sold->hi, beyond))
               : ~(ck_below(beyond, sold->hi) & ck_below(sold->hi, b.hi));
    part = ck_select(same, moved, up ? ck_gap(*sold, b) : ck_gap(b, *sold));
  }
  const RR across = key == CK_B ? a : b, base = ALL_DD(leg->base), seam = ALL_DD(leg->seam);
  R whole = up ? ck_gap(across, base) : ck_gap(base, across);
  if (way.crosses) {
    const R beyond = (up ? ck_gap(across, seam) : ck_gap(seam, across)) + ALL(leg->to_seam);
    whole = ck_select(shot.crossed, beyond, whole);
  }
  const R rest = ALL(leg->rest), far = up ? (rest + whole) + part : (part + whole) + rest;
  const R near = key == CK_B ? shot.x * price : part, other = ck_select(same, near, far);
  return ck_fma(other, ALL(leg->unit.hi), other * ALL(leg->unit.lo));
}

// The tick whose upper stored edge is `above`.
CK_FN N ck_tick_below(ck_way way, int up, SHOT shot, const int64_t *above) {
  // the stored edge above tick i is i + 1, and one more in the upper frame
  const N tick = ck_index(shot.crossed, above) - (1 + way.frame);
  return !way.crosses ? tick : up ? tick + shot.crossed : tick - shot.crossed;
}

#undef R
#undef RR
#undef N
#undef SHOT
#undef ALL
#undef ALL_DD
