// Masses of buckets of the normal density. Included once per instruction set.
//
// With the midpoint M and the width h of a bucket in standard deviations,
//
//   integral of phi = phi(M) h [ 1 + sum_{n=1..5} (h/2)^2n / (2n+1)! He_2n(M) ],
//
// from the Taylor series of phi around M, whose odd terms cancel. It needs one exponential and no
// subtraction of close numbers, so its error is relative in the tails as well. The first term left
// out is below (h M / 2)^12 / 13! < 1.5e-17 for h M / 2 <= 0.258. Written as a polynomial in M^2,
// the bracket has the coefficients `ck_series` below, which depend on h alone.

typedef struct {
  v8 d[6];
} ck_series;

CK_FN ck_series ck_series_of(v8 h) {
  v8 y = h * h;
  v8 g1 = y * v8_all(1.0 / 24), g2 = y * y * v8_all(1.0 / 1920);
  v8 g3 = g2 * y * v8_all(1920.0 / 322560), g4 = g3 * y * v8_all(322560.0 / 92897280);
  v8 g5 = g4 * y * v8_all(92897280.0 / 40874803200.0);
  ck_series s;
  s.d[0] = -g1 + v8_all(3) * g2 - v8_all(15) * g3 + v8_all(105) * g4 - v8_all(945) * g5;
  s.d[1] = g1 - v8_all(6) * g2 + v8_all(45) * g3 - v8_all(420) * g4 + v8_all(4725) * g5;
  s.d[2] = g2 - v8_all(15) * g3 + v8_all(210) * g4 - v8_all(3150) * g5;
  s.d[3] = g3 - v8_all(28) * g4 + v8_all(630) * g5;
  s.d[4] = g4 - v8_all(45) * g5;
  s.d[5] = g5;
  return s;
}

// exp(-M^2 / 2) [1 + series(M^2)] for M = m.hi + m.lo, |M| <= 36.
//
// M^2 is kept to 2^-100; -M^2 / 2 = r - n ln 2 with |r| <= 0.347 and a remainder below r, so the
// exponential is within 0.75 ulp.
CK_FN v8 ck_density(v8_dd m, ck_series s) {
  const v8 magic = v8_all(0x1.8p52);
  v8_dd q = ck_two_product(m.hi, m.hi);
  q.lo = ck_fma(m.hi + m.hi, m.lo, q.lo);
  v8 shifted = ck_fma(q.hi, v8_all(0x1.71547652b82fep-1), magic);  // 1 / (2 ln 2)
  v8 n = shifted - magic;
  v8 head = ck_fma(n, v8_all(0x1.62e42fefa39efp-1), q.hi * v8_all(-0.5));  // exact
  v8_dd r = ck_two_sum(head, ck_fma(n, v8_all(0x1.abc9e3b39803fp-56), q.lo * v8_all(-0.5)));
  v8 e = ck_exp_near(r.hi, r.lo);
  v8 t = q.hi, t2 = t * t;
  v8 series = ck_fma(
    t2, ck_fma(t2, ck_fma(t, s.d[5], s.d[4]), ck_fma(t, s.d[3], s.d[2])), ck_fma(t, s.d[1], s.d[0]));
  v8 value = ck_fma(e, series, e);
  // times 2^-n: n is the low part of the shifted number's bits, and value is normal throughout
  return (v8)((u8)value - ((u8)shifted << 52));
}

static void uniform_buckets(int64_t first, int64_t count, ck_dd h, double *mass) {
  const v8 lane = {0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5};
  const ck_series series = ck_series_of(v8_all(h.hi));
  for (int64_t i = 0; i < count; i += 8) {
    v8 middle = v8_all((double)(first + i)) + lane;
    v8_dd m = ck_two_product(middle, v8_all(h.hi));
    m.lo = ck_fma(middle, v8_all(h.lo), m.lo);
    v8 value = ck_density(m, series);
    ck_store(mass + i, value, count - i);
  }
}

// One bucket [z0, z1], cut into parts narrow enough for the series.
CK_FN double ck_wide_bucket(ck_dd z0, ck_dd z1) {
  ck_dd width = ck_subtract(z1, z0);
  double reach = z0.hi < 0 ? -z0.hi : z0.hi, other = z1.hi < 0 ? -z1.hi : z1.hi;
  if (other > reach) reach = other;
  double parts = 1;
  if (reach * width.hi > 2 * CK_SERIES_REACH) parts = reach * width.hi / (2 * CK_SERIES_REACH);
  if (width.hi > parts * 0.1) parts = width.hi * 10;
  int64_t count = (int64_t)parts + (parts > 1);
  ck_dd h = ck_divide(width, (ck_dd){(double)count, 0});
  const ck_series series = ck_series_of(v8_all(h.hi));
  ck_dd sum = {0, 0};
  for (int64_t i = 0; i < count; i += 8) {
    v8_dd m;
    for (int j = 0; j < 8; ++j) {
      ck_dd middle = ck_add(z0, ck_times(h, (double)(i + j < count ? i + j : i) + 0.5));
      m.hi[j] = middle.hi;
      m.lo[j] = middle.lo;
    }
    v8 value = ck_density(m, series);
    for (int j = 0; j < 8 && i + j < count; ++j)
      sum = ck_add(sum, (ck_dd){value[j], 0});
  }
  return sum.hi * h.hi;
}

static void buckets(int64_t count, const double *z_hi, const double *z_lo, double *mass) {
  for (int64_t i = 0; i < count; i += 8) {
    double middle_hi[8], middle_lo[8], width[8];
    int narrow = 1;
    for (int j = 0; j < 8; ++j) {
      int64_t t = i + j < count ? i + j : i;
      ck_dd z0 = {z_hi[t], z_lo[t]}, z1 = {z_hi[t + 1], z_lo[t + 1]};
      ck_dd sum = ck_add(z0, z1);
      middle_hi[j] = sum.hi * 0.5;
      middle_lo[j] = sum.lo * 0.5;
      width[j] = ck_subtract(z1, z0).hi;
      double reach = middle_hi[j] < 0 ? -middle_hi[j] : middle_hi[j];
      narrow &= reach * width[j] <= 2 * CK_SERIES_REACH && width[j] <= 0.1;
    }
    if (narrow) {
      v8_dd m = {ck_load(middle_hi, 8), ck_load(middle_lo, 8)};
      v8 h = ck_load(width, 8);
      v8 value = ck_density(m, ck_series_of(h)) * h;
      ck_store(mass + i, value, count - i);
    } else {
      for (int64_t t = i; t < i + 8 && t < count; ++t)
        mass[t] = ck_wide_bucket((ck_dd){z_hi[t], z_lo[t]}, (ck_dd){z_hi[t + 1], z_lo[t + 1]});
    }
  }
}

// ln(to / from) for 0 < from < to: doublings of `from` at ln 2 each, then 2 atanh of
// (to - from) / (to + from) on parts where that quotient is below 2^-5. The leading term is kept as
// a double-double, the rest (below 2^-11 of it) as a double: relative error below 2^-63.
CK_FN ck_dd ck_log_ratio(ck_dd from, ck_dd to) {
  const ck_dd ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
  ck_dd sum = {0, 0};
  while (2 * from.hi <= to.hi) {
    from = (ck_dd){2 * from.hi, 2 * from.lo};
    sum = ck_add(sum, ln2);
  }
  ck_dd span = ck_subtract(to, from);
  int64_t parts = 32 * span.hi > to.hi + from.hi ? 16 : 1;
  ck_dd step = {span.hi / (double)parts, span.lo / (double)parts};
  for (int64_t i = 0; i < parts; ++i) {
    ck_dd next = i + 1 == parts ? to : ck_add(from, step);
    ck_dd t = ck_divide(ck_subtract(next, from), ck_add(next, from));
    double y = t.hi * t.hi;
    double tail = 1.0 / 13;
    tail = ck_fma(y, tail, 1.0 / 11);
    tail = ck_fma(y, tail, 1.0 / 9);
    tail = ck_fma(y, tail, 1.0 / 7);
    tail = ck_fma(y, tail, 1.0 / 5);
    tail = ck_fma(y, tail, 1.0 / 3);
    t = ck_fast_two_sum(t.hi, ck_fma(t.hi * y, tail, t.lo));
    sum = ck_add(sum, (ck_dd){2 * t.hi, 2 * t.lo});
    from = next;
  }
  return sum;
}

static int64_t log_edges(
  double bps, int64_t step, ck_dd s, double k, int64_t room, double *z_hi, double *z_lo) {
  ck_dd log = {0, 0}, price = {1e4, 0};
  int64_t edge = 0;
  z_hi[0] = z_lo[0] = 0;
  while (edge + 1 < room) {
    ck_dd offset = ck_two_product((double)(step * (edge + 1)), bps);
    ck_dd next = ck_add((ck_dd){1e4, 0}, offset);
    if (!(next.hi > 0)) break;
    log = step > 0 ? ck_add(log, ck_log_ratio(price, next))
                   : ck_subtract(log, ck_log_ratio(next, price));
    price = next;
    ck_dd z = ck_divide(log, s);
    ++edge;
    z_hi[step * edge] = z.hi;
    z_lo[step * edge] = z.lo;
    if (z.hi >= k || z.hi <= -k) break;
  }
  return edge;
}

static void mirror(int64_t count, double *half) {
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) ck_store(half - i - 8, ck_reversed(ck_load(half + i, 8)), 8);
  for (; i < count; ++i) half[-1 - i] = half[i];
}

static double normalise(int64_t count, double *mass) {
  v8_dd sums = {v8_all(0), v8_all(0)};
  for (int64_t i = 0; i < count; i += 8) {
    v8_dd s = ck_two_sum(sums.hi, ck_load(mass + i, count - i));
    sums = (v8_dd){s.hi, sums.lo + s.lo};
  }
  ck_dd sum = {0, 0};
  for (int j = 0; j < 8; ++j)
    sum = ck_add(sum, ck_fast_two_sum(sums.hi[j], sums.lo[j]));
  if (!(sum.hi > 0)) return sum.hi;
  ck_dd inverse = ck_divide((ck_dd){1, 0}, sum);
  for (int64_t i = 0; i < count; i += 8) {
    v8 m = ck_load(mass + i, count - i);
    m = ck_fma(m, v8_all(inverse.hi), m * v8_all(inverse.lo));
    ck_store(mass + i, m, count - i);
  }
  return sum.hi;
}
