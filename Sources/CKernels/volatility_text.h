// Included by body_volatility.h for scalars and for lanes, with R, RR, N, ALL, ALL_N, PROBLEM and IMPLIED defined.

// Phi(z) / phi(z) for z <= 1, the Mills ratio of -z. Error: 3 units of 2^-53.
//
// With y = -z, (y + 4) M(y) is a polynomial in q = (y - 2) / (y + 4). Both quotients are corrected by their
// remainders, because M changes up to six times as fast as y + 4 does.
CK_FN R ck_mills(R z) {
  z = __builtin_elementwise_min(z, ALL(1));
  const R above = ALL(4) - z, rest = (ALL(4) - above) - z, under = ALL(-2) - z;
  const R inverse = ALL(1) / above, guess = under * inverse;
  const R q = ck_fma(ck_fma(-guess, above, under) - guess * rest, inverse, guess);
  const R q2 = q * q, q4 = q2 * q2, q8 = q4 * q4;
  R p[8];
  for (int j = 0; j < 8; ++j) p[j] = ALL(ck_mills_terms[24 + j]);
  for (int n = 16; n >= 0; n -= 8)
    for (int j = 0; j < 8; ++j) p[j] = ck_fma(p[j], q8, ALL(ck_mills_terms[n + j]));
  const R low = ck_fma(q2, ck_fma(q, p[3], p[2]), ck_fma(q, p[1], p[0]));
  const R high = ck_fma(q2, ck_fma(q, p[7], p[6]), ck_fma(q, p[5], p[4]));
  const R value = ck_fma(q4, high, low);
  const R m = value * inverse;
  return ck_fma(ck_fma(-m, above, value) - m * rest, inverse, m);
}

// An option out of the money, in units of the smaller of forward and strike (of a power of two near the
// premium in the normal model).
typedef struct {
  R k;           // |ln(F / K)|; |F - K| in the normal model
  R price;       // times 2^lift; below 1 in Black's model
  R complement;  // 1 - price
  R price_2pi;   // price and complement times sqrt(2 pi), each rounded once
  R complement_2pi;
  R root;        // exp(-k / 2); 1 in the normal model
  N lift;        // not 0 where the price alone would be near the smallest numbers
  N normal;      // mask
} PROBLEM;

// What the price is at a deviation: phi(d1) |slope| s, with slope = price / (s vega).
typedef struct {
  R slope;      // d ln(s) / d ln(price); of the complement, and negative, if that is asked for
  R bend;       // d1 d2 = s vega' / vega
  R h2;         // (k / s)^2
  R value;      // phi(d1) |slope| s = value 2^power / sqrt(2 pi)
  N power;
} IMPLIED;

CK_FN IMPLIED ck_price_at(const PROBLEM *o, N upper, R s) {
  const R by = ALL(1) / s, h = -o->k * by, t = ck_select(o->normal, ALL(0), ALL(0.5) * s);
  const RR sum = ck_two_sum(h, t), square = ck_two_product(sum.hi, sum.hi);
  const R d1 = sum.hi, d2 = h - t;
  // what -d1^2 / 2 lacks, where it is large, from the roundings of h, of d1 and of the square
  const R rest = ck_fma(ALL(-0.5), square.lo, d1 * (ck_fma(h, s, o->k) * by - sum.lo));
  const N near = ck_below(t, ALL(0.65)) & ck_below(o->k, ALL(1.5)) & ~upper;
  const N taylor = near | o->normal;
  const R first = ck_mills(ck_select(upper, -d1, ck_select(taylor, h, d1)));
  IMPLIED at;
  at.slope = first;
  if (!ck_all(taylor)) at.slope = (ck_select(upper, -first, first) - ck_mills(d2)) * by;
  if (ck_any(taylor)) {
    // Y(h + t) - Y(h - t) = 2 t [Y' + t^2 / 3! Y^(3) + ...], Y^(n+1) = h Y^(n) + n Y^(n-1)
    // What follows the first term is small, and so are the roundings of its sum.
    const R u = t * t, leading = ck_fma(h, first, ALL(1));
    R before = first, now = leading, tail = ALL(0), weight = ALL(1);
    for (int n = 1; n <= 21; n += 2) {
      const R even = ck_fma(h, now, ALL(n) * before), odd = ck_fma(h, even, ALL(n + 1) * now);
      weight = weight * (u * ALL(1.0 / ((n + 1) * (n + 2))));
      tail = ck_fma(weight, odd, tail);
      before = even;
      now = odd;
    }
    const R series = leading + tail;
    at.slope = ck_select(taylor, series, at.slope);
  }
  at.bend = d1 * d2;
  at.h2 = h * h;
  const R exponential = ck_exp_scaled(ALL(-0.5) * square.hi, rest, &at.power);
  const RR product = ck_two_product(ck_size(at.slope), s);
  at.value = ck_fma(exponential, product.hi, exponential * product.lo);
  return at;
}

// Where to begin: within 20 % everywhere.
//
// Below, the deviation at which the normal model has the price exp(-k / 2) c, which differs in its logarithm
// by s^2 / 8 - ln(1 + s^2 / 12 ...). Above, Phi(-d1) is half of the complement or more: half is taken.
CK_FN R ck_deviation_guess(const PROBLEM *o, N upper) {
  const R half_k = ALL(0.5) * o->k;
  const R whole = ck_fma(o->price * o->root, ck_scaled(ALL(1), -o->lift), half_k);
  R l = ck_ln_ratio(
    ck_select(upper, ALL(2), whole), ck_select(upper, o->complement, o->price * o->root), o->lift);
  l = ck_select(upper, l + l, l);
  const R z = ck_root(__builtin_elementwise_max(l, ALL(0)));
  const R above = ck_fma(z, ck_fma(z, ck_fma(z, ALL(0.18475997), ALL(0.05476753)), ALL(0.18893097)),
                         ALL(0.09583204));
  const R below = ck_fma(z, ck_fma(z, ALL(0.10297379), ALL(0.08113323)), ALL(0.12189294));
  const R low = whole * ALL(CK_ROOT_2PI) * ck_fma(z, below, ALL(1)) / ck_fma(z, above, ALL(1));
  // Abramowitz and Stegun 26.2.23
  const R num = ck_fma(z, ck_fma(z, ALL(0.010328), ALL(0.802853)), ALL(2.515517));
  const R den = ck_fma(z, ck_fma(z, ck_fma(z, ALL(0.001308), ALL(0.189269)), ALL(1.432788)), ALL(1));
  const R d = z - num / den;
  return ck_select(upper, d + ck_root(ck_fma(d, d, o->k + o->k)), low);
}

// The total deviation of a price, and its condition number over that of the price (times the price).
//
// f(s) = ln(price(s) / price) is solved by Householder's step of third order (error e -> e^4), on the
// complement where the price is above 0.4. Its derivatives, times powers of s and over f' s = 1 / slope:
// f'' s / f' = d1 d2 - 1 / slope and so on, since vega' = vega d1 d2 / s. From 20 % two steps lead to 1e-12
// and three to rounding; a lane whose step was below 2^-14 is done.
CK_FN R ck_deviation(const PROBLEM *o, R *condition) {
  const N upper = ck_below(ALL(0.4), o->price) & ~o->normal;
  const R target = ck_select(upper, o->complement_2pi, o->price_2pi);
  const R quarter = ck_select(o->normal, ALL(0), ALL(0.25));
  R s = ck_deviation_guess(o, upper);
  N open = ~(upper ^ upper);
#pragma clang loop unroll(disable)
  for (int step = 0; step < 3 && ck_any(open); ++step) {
    const IMPLIED at = ck_price_at(o, upper, s);
    const R inverse = ALL(1) / at.slope;
    const R f = ck_ln_ratio(at.value, target, at.power + o->lift);
    const R newton = -f * at.slope, second = at.bend - inverse;
    const R third = ck_fma(at.bend, at.bend, ck_fma(-quarter, s * s, ALL(-3) * at.h2))
                    + inverse * ck_fma(ALL(-3), at.bend, inverse + inverse);
    R move = newton * ck_fma(ALL(0.5) * second, newton, ALL(1))
             / ck_fma(newton, ck_fma(third * ALL(1.0 / 6), newton, second), ALL(1));
    move = __builtin_elementwise_min(__builtin_elementwise_max(move, ALL(-0.75)), ALL(3));
    s = ck_select(open, ck_fma(s, move, s), s);
    *condition = ck_select(
      open, ck_size(at.slope) / ck_select(upper, o->complement, o->price), *condition);
    open &= ck_below(ALL(0x1p-14), move) | ck_below(move, ALL(-0x1p-14));
  }
  return s;
}

#undef R
#undef RR
#undef N
#undef ALL
#undef ALL_N
#undef PROBLEM
#undef IMPLIED
