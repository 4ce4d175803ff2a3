// Reading a table, an entry or eight at a time. Included once per instruction set.

// Where the edges of a tick are stored, and in which frame: 0 lower sums, 1 upper sums.
CK_FN int64_t ck_frame(const ck_table *t, int64_t tick) { return tick >= t->fold; }
CK_FN ck_dd ck_edge_of(const ck_table *t, int key, int64_t index) {
  return key == CK_B ? t->edges[index].b : t->edges[index].a;
}
CK_FN ck_dd ck_lower_edge(const ck_table *t, int key, int64_t tick) {
  return ck_edge_of(t, key, tick + ck_frame(t, tick));
}
CK_FN ck_dd ck_upper_edge(const ck_table *t, int key, int64_t tick) {
  return ck_edge_of(t, key, tick + ck_frame(t, tick) + 1);
}
// What the two frames differ by: the capacity of the whole curve.
CK_FN ck_dd ck_total(const ck_table *t, int key) {
  return ck_subtract(ck_edge_of(t, key, t->fold), ck_edge_of(t, key, t->fold + 1));
}
// The fee rate of the tick of an index, of the A that moves there.
#define CK_RATE(R, ALL)                                                                          \
  CK_FN R ck_rate_of(const ck_table *t, int up, R index) {                                       \
    const R away = index * ALL(t->grid.bps) * ALL(1e-4), low = ALL(t->terms.low);                \
    const R rate = ck_fma(ALL(up ? t->terms.skew : -t->terms.skew), away, ALL(t->terms.base));   \
    const R least = ck_select(ck_below(rate, low), low, rate), high = ALL(t->terms.high);        \
    return ck_select(ck_below(least, high), least, high);                                        \
  }
CK_RATE(double, (double))
CK_RATE(v8, v8_all)
#undef CK_RATE
// The price of the tick of an index whose edge price is u: of a bid or an ask where the table is of those.
#define CK_TOLLED(R)                                                                             \
  CK_FN R ck_tolled(const ck_table *t, R index, R u) {                                           \
    if (t->toll == 0) return u;                                                                  \
    const R rate = ck_rate_of(t, t->toll > 0, index);                                            \
    return ck_fma(t->toll > 0 ? rate : -rate, u, u);                                             \
  }
CK_TOLLED(double)
CK_TOLLED(v8)
#undef CK_TOLLED
CK_FN double ck_price(const ck_table *t, int64_t tick) {
  const double index = (double)(t->grid.lowest + tick);
  return ck_tolled(t, index, ck_edge_price(t, index));
}
CK_FN v8 ck_price(const ck_table *t, i8 tick) {
  const v8 index = v8_all((double)t->grid.lowest) + ck_real(tick);
  return ck_tolled(t, index, ck_edge_price(t, index));
}
CK_FN double ck_fee_rate(const ck_table *t, int up, int64_t tick) {
  return ck_rate_of(t, up, (double)(t->grid.lowest + tick));
}
CK_FN ck_point ck_start_of(const ck_table *t, int64_t tick) {
  return (ck_point){tick, ck_lower_edge(t, CK_B, tick)};
}
// The buckets of a guide: c scale + origin, rounded to an integer by adding 2^52 (which is part of
// origin). Rounding is monotone, so edges of lower buckets are below a target and those of higher
// ones above, whatever the rounding was.
CK_FN int64_t ck_bucket(const ck_guide *g, int64_t frame, double c) {
  return ck_low_bits(c * g->scale + g->origin[frame]);
}

// An index as it lies in memory. Lanes take theirs from there one by one: the way from lanes to
// addresses is longer than that through the cache.
CK_FN int64_t ck_index(int64_t like, const int64_t *at) { return at[0]; }
CK_FN i8 ck_index(i8 like, const int64_t *at) {
  __builtin_memcpy(&like, at, sizeof like);
  return like;
}

// The high part of the cumulative capacity of `key` at stored edges at[j] + offset.
CK_FN double ck_high(const ck_table *t, int key, const int64_t *at, int64_t offset, double like) {
  return ck_edge_of(t, key, at[0] + offset).hi;
}
CK_FN v8 ck_high(const ck_table *t, int key, const int64_t *at, int64_t offset, v8 like) {
#define CK_HI(J) ck_edge_of(t, key, at[J] + offset).hi
  return (v8){CK_HI(0), CK_HI(1), CK_HI(2), CK_HI(3), CK_HI(4), CK_HI(5), CK_HI(6), CK_HI(7)};
#undef CK_HI
}

// The stored edges at[j] + offset.
CK_FN void ck_load_edges(
  const ck_table *t, const int64_t *at, int64_t offset, ck_dd *b, ck_dd *a) {
  *b = t->edges[at[0] + offset].b;
  *a = t->edges[at[0] + offset].a;
}
CK_FN void ck_load_edges(
  const ck_table *t, const int64_t *at, int64_t offset, v8_dd *b, v8_dd *a) {
  v4 row[8];
  for (int j = 0; j < 8; ++j) __builtin_memcpy(&row[j], &t->edges[at[j] + offset], sizeof row[j]);
#define CK_ROWS(I, J) __builtin_shufflevector(row[I], row[J], 0, 1, 2, 3, 4, 5, 6, 7)
  v8 r04 = CK_ROWS(0, 4), r15 = CK_ROWS(1, 5), r26 = CK_ROWS(2, 6), r37 = CK_ROWS(3, 7);
#undef CK_ROWS
  // high parts (b0 b1 a0 a1 | b4 b5 a4 a5), low parts likewise; then those of 2, 3, 6 and 7
  v8 hi01 = __builtin_shufflevector(r04, r15, 0, 8, 2, 10, 4, 12, 6, 14);
  v8 lo01 = __builtin_shufflevector(r04, r15, 1, 9, 3, 11, 5, 13, 7, 15);
  v8 hi23 = __builtin_shufflevector(r26, r37, 0, 8, 2, 10, 4, 12, 6, 14);
  v8 lo23 = __builtin_shufflevector(r26, r37, 1, 9, 3, 11, 5, 13, 7, 15);
  b->hi = __builtin_shufflevector(hi01, hi23, 0, 1, 8, 9, 4, 5, 12, 13);
  b->lo = __builtin_shufflevector(lo01, lo23, 0, 1, 8, 9, 4, 5, 12, 13);
  a->hi = __builtin_shufflevector(hi01, hi23, 2, 3, 10, 11, 6, 7, 14, 15);
  a->lo = __builtin_shufflevector(lo01, lo23, 2, 3, 10, 11, 6, 7, 14, 15);
}

// x - y where x >= y, to a relative error of two roundings: the high parts cancel exactly or not.
CK_FN double ck_gap(ck_dd x, ck_dd y) { return (x.hi - y.hi) + (x.lo - y.lo); }
CK_FN v8 ck_gap(v8_dd x, v8_dd y) { return (x.hi - y.hi) + (x.lo - y.lo); }
