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

CK_FN ck_dd ck_accumulated(ck_dd sum, ck_dd term) {
  ck_dd s = ck_two_sum(sum.hi, term.hi);
  return ck_fast_two_sum(s.hi, s.lo + (sum.lo + term.lo));
}

static void accumulate(
  ck_grid grid, int64_t fold, const double *mass, double *scratch, double *b_hi, double *b_lo,
  double *a_hi, double *a_lo) {
  const v8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  for (int64_t t = 0; t < grid.count; t += 8) {
    v8 index = v8_all((double)(grid.lowest + t)) + lane;
    v8 inverse_root = ck_inverse_root(ck_edge_price(index, v8_all(grid.bps)));
    ck_store(scratch + t, ck_load(mass + t, grid.count - t) * inverse_root, grid.count - t);
  }
  ck_dd b = {0, 0}, a = {0, 0};
  b_hi[0] = b_lo[0] = a_hi[0] = a_lo[0] = 0;
  for (int64_t t = 0; t < fold; ++t) {
    double u = ck_edge_price((double)(grid.lowest + t), grid.bps);
    b = ck_accumulated(b, (ck_dd){scratch[t], 0});
    a = ck_accumulated(a, ck_two_product(scratch[t], u));
    b_hi[t + 1] = b.hi, b_lo[t + 1] = b.lo, a_hi[t + 1] = a.hi, a_lo[t + 1] = a.lo;
  }
  b = a = (ck_dd){0, 0};
  int64_t top = grid.count + 1;
  b_hi[top] = b_lo[top] = a_hi[top] = a_lo[top] = 0;
  for (int64_t t = grid.count - 1; t >= fold; --t) {
    double u = ck_edge_price((double)(grid.lowest + t), grid.bps);
    b = ck_accumulated(b, (ck_dd){-scratch[t], 0});
    a = ck_accumulated(a, ck_two_product(-scratch[t], u));
    b_hi[t + 1] = b.hi, b_lo[t + 1] = b.lo, a_hi[t + 1] = a.hi, a_lo[t + 1] = a.lo;
  }
}
