// Exponential and logarithm from additions, products and divisions alone, so that they give the same bits
// everywhere. Included by elementary.h for scalars and for lanes, with R, N, ALL and ALL_N defined.

// exp(x + rest) for |x| <= 0.347 and a rest far below an ulp of 1: Taylor to x^13, whose first term left out
// is below 4.2e-18; within 0.75 ulp.
CK_FN R ck_exp_near(R x, R rest) {
  const R x2 = x * x, x4 = x2 * x2;
  const R p0 = ck_fma(x, ALL(1.0 / 6), ALL(1.0 / 2));
  const R p1 = ck_fma(x, ALL(1.0 / 120), ALL(1.0 / 24));
  const R p2 = ck_fma(x, ALL(1.0 / 5040), ALL(1.0 / 720));
  const R p3 = ck_fma(x, ALL(1.0 / 362880), ALL(1.0 / 40320));
  const R p4 = ck_fma(x, ALL(1.0 / 39916800), ALL(1.0 / 3628800));
  const R p5 = ck_fma(x, ALL(1.0 / 6227020800.0), ALL(1.0 / 479001600));
  const R low = ck_fma(x2, p1, p0), middle = ck_fma(x2, p3, p2), high = ck_fma(x2, p5, p4);
  const R poly = ck_fma(x4, ck_fma(x4, high, middle), low);
  return ALL(1) + (x + ck_fma(x2, poly, rest));
}

// exp(y + rest) = result * 2^power, with a result from 0.7 to 1.42, for y < 2^18 and a small rest; a y below
// -2^18 counts as that. Error: 1 ulp of the result, for y and the rest as they are.
CK_FN R ck_exp_scaled(R y, R rest, N *power) {
  y = __builtin_elementwise_max(y, ALL(-0x1p18));
  const R shifted = ck_fma(y, ALL(0x1.71547652b82fep+0), ALL(0x1.8p52));  // y / ln 2
  const R n = shifted - ALL(0x1.8p52);
  *power = ck_bits(shifted) - ALL_N(0x4338000000000000);
  const R x = ck_fma(n, ALL(-0x1.62e42fefa39efp-1), y);  // exact
  return ck_exp_near(x + ck_fma(n, ALL(-0x1.abc9e3b39803fp-56), rest), ALL(0));
}

// x 2^power for normal x and results; what would be below 2^-1000 is about that.
CK_FN R ck_scaled(R x, N power) {
  const N low = ALL_N(-1000), least = ck_choose(power < low, low, power);
  return ck_of_bits(ck_bits(x) + (least << 52));
}

// ln(2^power to / from) for positive normal numbers, |power| < 2^20. Error: 2 ulp, also where it is close to
// 0, since to - from is exact there.
//
// A power of two brings `to` within a factor of 1.5 of `from`; then ln = 2 atanh(w) with
// w = (to - from) / (to + from), |w| <= 0.2, by its series to w^21, whose next term is below 2e-17 of it.
CK_FN R ck_ln_ratio(R to, R from, N power) {
  const N by = (ck_bits(to) - ck_bits(from) + ALL_N(0x0008000000000000)) >> 52;
  const R top = ck_of_bits(ck_bits(to) - (by << 52));
  const R w = (top - from) / (top + from), y = w * w, y2 = y * y, y4 = y2 * y2;
  const R p0 = ck_fma(y, ALL(1.0 / 5), ALL(1.0 / 3)), p1 = ck_fma(y, ALL(1.0 / 9), ALL(1.0 / 7));
  const R p2 = ck_fma(y, ALL(1.0 / 13), ALL(1.0 / 11)), p3 = ck_fma(y, ALL(1.0 / 17), ALL(1.0 / 15));
  const R p4 = ck_fma(y, ALL(1.0 / 21), ALL(1.0 / 19));
  const R tail = ck_fma(y4, ck_fma(y4, p4, ck_fma(y2, p3, p2)), ck_fma(y2, p1, p0));
  const R n = ck_of_bits(power + by + ALL_N(0x4338000000000000)) - ALL(0x1.8p52), w2 = w + w;
  const R small = ck_fma(n, ALL(0x1.ef35793c76730p-45), w2 * y * tail);
  return ck_fma(n, ALL(0x1.62e42fefa3800p-1), w2 + small);  // n times the first part of ln 2 is exact
}

#undef R
#undef N
#undef ALL
#undef ALL_N
