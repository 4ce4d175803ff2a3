// Cumulative capacities. Included once per instruction set.
//
// The capacity of B of a tick is b = m / sqrt(u), a double; that of A is b u, kept exactly as a
// double-double, so that inside a tick A + u B is constant to the last bit of the sums.

// 1 / sqrt(u): a guess from the exponent (Lomont's constant, 3.5 % off), then two steps
//   e = 1 - u r^2,  r <- r + r e (1/2 + 3/8 e + 5/16 e^2),
// each of fourth order; the second takes u r exactly, so that its error is that of one rounding.
CK_FN v8 ck_inverse_root(v8 u) {
  v8 r = (v8)((u8){0} + 0x5FE6EB50C7B537A9UL - ((u8)u >> 1));
  for (int step = 0; step < 2; ++step) {
    v8_dd t = ck_two_product(u, r);
    v8 e = ck_fma(-t.hi, r, v8_all(1)) - t.lo * r;
    v8 p = ck_fma(e, v8_all(0.3125), v8_all(0.375));
    r = ck_fma(r * e, ck_fma(e, p, v8_all(0.5)), r);
  }
  return r;
}

// Both chains of sums advance together, that of the upper part downwards and negative, that of the
// lower part upwards, for both tokens: lanes (upper B, lower B, upper A, lower A), so that high and low
// parts interleave to edges.
//
// `sum` is the plain sum of the terms so far; `rest` collects what each addition lost (exactly
// known) and the low parts of the terms. sum + rest never steps back: where a term leaves `sum` as it
// is, `rest` takes it whole; where `sum` moves, it moves by more than `rest` loses. Only one addition
// waits for the one before it, and the error stays below 2^-106 times the number of ticks.
typedef struct {
  v4 sum, rest;
} ck_chain;

CK_FN void ck_chain_step(ck_chain *c, v4 term, v4 low) {
  v4 s = c->sum + term, t = s - c->sum;
  v4 lost = (c->sum - (s - t)) + (term - t);
  c->rest += lost + low;
  c->sum = s;
}

// Column j of four rows of eight.
CK_FN void ck_columns(v8 r0, v8 r1, v8 r2, v8 r3, v4 *column) {
  v8 even0 = __builtin_shufflevector(r0, r1, 0, 8, 2, 10, 4, 12, 6, 14);
  v8 odd0 = __builtin_shufflevector(r0, r1, 1, 9, 3, 11, 5, 13, 7, 15);
  v8 even1 = __builtin_shufflevector(r2, r3, 0, 8, 2, 10, 4, 12, 6, 14);
  v8 odd1 = __builtin_shufflevector(r2, r3, 1, 9, 3, 11, 5, 13, 7, 15);
  v8 c02 = __builtin_shufflevector(even0, even1, 0, 1, 8, 9, 2, 3, 10, 11);
  v8 c46 = __builtin_shufflevector(even0, even1, 4, 5, 12, 13, 6, 7, 14, 15);
  v8 c13 = __builtin_shufflevector(odd0, odd1, 0, 1, 8, 9, 2, 3, 10, 11);
  v8 c57 = __builtin_shufflevector(odd0, odd1, 4, 5, 12, 13, 6, 7, 14, 15);
  v8 pairs[4] = {c02, c13, c46, c57};
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; ++i) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; ++j) {
      v8 pair = pairs[2 * i + j];
      column[4 * i + j] = __builtin_shufflevector(pair, pair, 0, 1, 2, 3);
      column[4 * i + j + 2] = __builtin_shufflevector(pair, pair, 4, 5, 6, 7);
    }
  }
}

// What some ticks hold: B, and A as high and low parts. Or their fees: of a sale in the place of B, whose low
// parts B has not, and of buying in the place of A.
enum { CK_CHUNK = 64 };
typedef struct {
  v8 b[CK_CHUNK / 8], a_hi[CK_CHUNK / 8], a_lo[CK_CHUNK / 8], b_lo[CK_CHUNK / 8];
} ck_terms;
enum { CK_CAPACITIES = 0, CK_FEES = 1 };

// The terms of up to eight ticks from `tick` on upwards, or downwards and negative; lanes past `count`
// are zero.
CK_FN void ck_terms_of(
  const ck_table *t, int what, const double *mass, int64_t tick, int64_t count, int up, int row,
  ck_terms *terms) {
  v8 m = v8_all(0);
  if (count >= 8)
    m = up ? ck_load(mass + tick, 8) : ck_reversed(ck_load(mass + tick - 7, 8));
  else
    for (int64_t j = 0; j < count; ++j) m[j] = mass[up ? tick + j : tick - j];
  const v8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  v8 first = v8_all((double)(t->grid.lowest + tick)), index = up ? first + lane : first - lane;
  // lanes past the end of a part must not leave the positive prices
  if (count < 8) index = __builtin_elementwise_max(index, v8_all((double)t->grid.lowest));
  v8 u = ck_edge_price(t, index), b = (up ? m : -m) * ck_inverse_root(u);
  v8_dd a = ck_two_product(b, ck_tolled(t, index, u));
  if (what == CK_FEES) {
    const v8_dd sale = ck_times(a, ck_rate_of(t, 0, index));
    a = ck_times(a, ck_rate_of(t, 1, index));
    b = sale.hi;
    terms->b_lo[row] = sale.lo;
  }
  terms->b[row] = b;
  terms->a_hi[row] = a.hi;
  terms->a_lo[row] = a.lo;
}

// Up to CK_CHUNK steps of both chains: ticks low ..< low + lows upwards, high - highs ..< high
// downwards. Returns whether each of these ticks is plainly more than nothing beside the sums. The terms
// come first, by themselves: they wait for nothing, and so overlap.
CK_FN int ck_chunk(
  ck_chain *c, const ck_table *t, int what, const double *mass, int64_t low, int64_t lows,
  int64_t high, int64_t highs, ck_edge *edges) {
  ck_terms up, down;
  const int64_t steps = lows > highs ? lows : highs;
  const int rows = (int)((steps + 7) / 8);
  for (int row = 0; row < rows; ++row) {
    ck_terms_of(t, what, mass, low + 8 * row, lows - 8 * row, 1, row, &up);
    ck_terms_of(t, what, mass, high - 1 - 8 * row, highs - 8 * row, 0, row, &down);
  }
  v8 least_up = v8_all(1), least_down = v8_all(1);
  for (int row = 0; row < rows; ++row) {
    v4 term[8], part[8];
    ck_columns(down.b[row], up.b[row], down.a_hi[row], up.a_hi[row], term);
    const v8 none = v8_all(0), down_lo = what == CK_FEES ? down.b_lo[row] : none;
    ck_columns(
      down_lo, what == CK_FEES ? up.b_lo[row] : none, down.a_lo[row], up.a_lo[row], part);
    const int full = lows - 8 * row >= 8 && highs - 8 * row >= 8;
#pragma clang loop unroll(full)
    for (int64_t j = 0; j < 8; ++j) {  // steps beyond the end of a part add nothing
      ck_chain_step(c, term[j], part[j]);
      v4 hi = c->sum + c->rest, lo = c->rest - (hi - c->sum);
      // the lower edge of a tick of the upper part, the upper edge of one of the lower part
      v4 lower = __builtin_shufflevector(hi, lo, 0, 4, 2, 6);
      v4 upper = __builtin_shufflevector(hi, lo, 1, 5, 3, 7);
      const int64_t step = 8 * row + j;
      if (full || step < highs) __builtin_memcpy(&edges[high - step], &lower, sizeof lower);
      if (full || step < lows) __builtin_memcpy(&edges[low + step + 1], &upper, sizeof upper);
    }
    const v8 lane = {0, 1, 2, 3, 4, 5, 6, 7}, one = v8_all(1);
    v8 b_up = up.b[row], b_down = -down.b[row];
    if (!full) {
      b_up = ck_select(lane < v8_all((double)(lows - 8 * row)), b_up, one);
      b_down = ck_select(lane < v8_all((double)(highs - 8 * row)), b_down, one);
    }
    least_up = __builtin_elementwise_min(least_up, b_up);
    least_down = __builtin_elementwise_min(least_down, b_down);
  }
  // the sums are largest behind the last step
  return ck_all((least_up > v8_all(0x1p-90 * c->sum[1])) & (least_down > v8_all(-0x1p-90 * c->sum[0])));
}

// The stored edges of a table, or what the fees up to there are. Returns whether all ticks are plainly more
// than nothing.
CK_FN int ck_accumulate(const ck_table *t, int what, const double *mass, ck_edge *edges) {
  const int64_t count = t->grid.count, fold = t->fold;
  ck_chain c = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  edges[0] = edges[count + 1] = (ck_edge){{0, 0}, {0, 0}};
  int told = 1;
  for (int64_t low = 0, high = count; low < fold || high > fold;) {
    int64_t lows = fold - low < CK_CHUNK ? fold - low : CK_CHUNK;
    int64_t highs = high - fold < CK_CHUNK ? high - fold : CK_CHUNK;
    told &= ck_chunk(&c, t, what, mass, low, lows, high, highs, edges);
    low += lows;
    high -= highs;
  }
  return told;
}

// Fills the stored edges of a table whose grid and fold are set. Returns whether some tick has no
// capacity.
static int32_t accumulate(const ck_table *t, const double *mass, ck_edge *edges) {
  const int64_t count = t->grid.count, fold = t->fold;
  const int told = ck_accumulate(t, CK_CAPACITIES, mass, edges);
  if (told) return 0;
  for (int64_t tick = 0; tick < count; ++tick) {
    const ck_edge *e = &edges[tick + (tick >= fold)];
    if (!ck_less(e[0].b, e[1].b)) return 1;
  }
  return 0;
}

static void accumulate_fees(
  const ck_table *t, const double *mass, ck_edge *edges, ck_dd *selling, ck_dd *buying) {
  ck_accumulate(t, CK_FEES, mass, edges);
  for (int64_t e = 0; e < t->grid.count + 2; ++e) {
    selling[e] = edges[e].b;
    buying[e] = edges[e].a;
  }
}

static double fee_rate(const ck_table *t, int32_t buy, int64_t tick) {
  return ck_fee_rate(t, buy, tick);
}

// Both guides.
static void guides(ck_table *t, uint32_t *first_b, uint32_t *first_a) {
  const int64_t stored = t->grid.count + 2, room = ck_guide_room(t->grid.count);
  for (int key = CK_B; key <= CK_A; ++key) {
    const double below = ck_edge_of(t, key, t->fold).hi, above = -ck_edge_of(t, key, t->fold + 1).hi;
    const double scale = (double)(CK_GUIDE_BUCKETS * t->grid.count) / (below + above);
    // some buckets to spare on either side of each part, for targets that rounding puts beyond its end
    const double seam = __builtin_rint(below * scale) + 4;
    t->guide[key] = (ck_guide){
      scale, {0x1p52 + 1, 0x1p52 + (seam + above * scale)}, key == CK_B ? first_b : first_a};
  }
  __builtin_memset(first_b, 0, (size_t)room * sizeof *first_b);
  __builtin_memset(first_a, 0, (size_t)room * sizeof *first_a);
  // Each bucket notes the edge behind its last one, ascending, for the bucket behind it. Two edges lie in
  // eight doubles, whose low parts have nothing to say.
  for (int64_t frame = 0; frame < 2; ++frame) {
    const ck_guide *b = &t->guide[CK_B], *a = &t->guide[CK_A];
    const double at_b = b->origin[frame] + 1, at_a = a->origin[frame] + 1;
    const v8 scale = {b->scale, 0, a->scale, 0, b->scale, 0, a->scale, 0};
    const v8 origin = {at_b, 0, at_a, 0, at_b, 0, at_a, 0};
    const int64_t last = frame ? stored : t->fold + 1;
    for (int64_t e = frame ? t->fold + 1 : 0; e < last;) {
      // in chunks, so that no bucket is awaited on its way from lanes to addresses
      uint32_t bucket[CK_CHUNK][8];
      const int64_t edges = last - e < CK_CHUNK ? last - e : CK_CHUNK;
      for (int64_t i = 0; i < edges; i += 2) {
        u8 shifted = (u8)(ck_load(&t->edges[e + i].b.hi, 4 * (edges - i)) * scale + origin);
        __builtin_memcpy(bucket[i], &shifted, sizeof shifted);
      }
      for (int64_t i = 0; i < edges; ++i)
        first_b[bucket[i][0]] = first_a[bucket[i][4]] = (uint32_t)(e + i + 1);
      e += edges;
    }
  }
  ck_running_maximum(first_b, room);
  ck_running_maximum(first_a, room);
}
