// What is left of something that halves. Included once per instruction set.

// 2^-x = 2^-n exp(-f ln 2), n the nearest integer and |f| <= 1/2, with x = seconds / half_life to twice the
// digits, since an ulp of x is many of the result.
static double decay(double seconds, double half_life) {
  const double x = seconds / half_life;
  if (!(x < 64)) return 0;
  const double x_lo = ck_fma(-x, half_life, seconds) / half_life;
  const double shifted = x + 0x1.8p52, n = shifted - 0x1.8p52, f = -(x - n);
  const double y = f * 0x1.62e42fefa39efp-1;
  const double rest = ck_fma(f, 0x1.62e42fefa39efp-1, -y)
                      + (f * 0x1.abc9e3b39803fp-56 - x_lo * 0x1.62e42fefa39efp-1);
  const ck_dd sum = ck_fast_two_sum(y, rest);  // what the quotient lost may be many ulps of 1
  return ck_scaled(ck_exp_near(sum.hi, sum.lo), -(int64_t)n);
}
