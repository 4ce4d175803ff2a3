// The total deviation s = sigma sqrt(T) that a premium implies, in the models of Black and of Bachelier.
// Included once per instruction set.
//
// An option in the money is turned into the one out of the money with the same strike, whose premium is
// what is beyond the intrinsic value: exact, as sums of two doubles. In units of M = min(F, K), with
// k = |ln(F / K)|, d1 = -k / s + s / 2 and d2 = d1 - s, its price and the complement of that are
//
//   c = Phi(d1) - e^k Phi(d2) = phi(d1) [Y(d1) - Y(d2)],   1 - c = phi(d1) [Y(-d1) + Y(d2)],   Y = Phi / phi,
//
// since e^k phi(d2) = phi(d1): no difference of probabilities is ever taken. Where s is small Y(d1) - Y(d2)
// is a Taylor series about -k / s. The normal model is the first term of that series.
//
// Error. c' = phi(d1), so an error e of Y(d1) - Y(d2) moves s by e / s, relatively, whatever c is. Y is good
// to 3 units of 2^-53, and Y(d1) / s is below 1.4 where the difference is taken. Deep out of the money an error
// of k counts once, and one of d1 in phi(d1) would count once, too, but is made up for. So s is good to a few
// units where the condition number is 1 or less.

// (y + 4) M(y) in powers of (y - 2) / (y + 4), y >= -1, M(y) = Phi(-y) / phi(y), within 8.2e-17:
// data/constants/make_volatility_constants.py
static const double ck_mills_terms[32] = {
  0x1.439c8fb9ffaeap+1,   -0x1.910cb38e04221p+1,  0x1.5f54908ddb6ffp+1,   -0x1.9e095b8603db6p+0,
  0x1.08c8b2ff84eefp-1,   0x1.c3ec8cc11bcddp-6,   -0x1.66b12ebb6d1d0p-4,  0x1.2c4f2a9a14647p-7,
  0x1.03b746e110192p-6,   -0x1.f86b0ea335c03p-10, -0x1.cf6482c320080p-9,  0x1.93aeb86e32e78p-16,
  0x1.bb6240cc00bffp-11,  0x1.70ab9f8264f7bp-13,  -0x1.691c0f4c914b2p-13, -0x1.9a852f3f7e812p-14,
  0x1.e7697f1ff16cbp-17,  0x1.15a4c0fcb4491p-15,  0x1.311b2edc9e238p-17,  -0x1.a5eb839bf3613p-18,
  -0x1.842940e9902b4p-18, -0x1.a56b0b28400e7p-22, 0x1.e135eaa32ce8bp-20,  0x1.8177cdd2d4d3dp-21,
  -0x1.40f2e667e204bp-22, -0x1.e114ebbe5b200p-23, 0x1.aff69d3958b4bp-27,  0x1.d55668b47bc81p-26,
  0x1.712c74c7257c7p-29,
};
#define CK_ROOT_2PI 0x1.40d931ff62706p+1
static const ck_dd ck_root_2pi = {CK_ROOT_2PI, -0x1.a6a0d6f814637p-53};
static const ck_dd ck_inverse_root_2pi = {0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56};

#define R double
#define RR ck_dd
#define N int64_t
#define ALL(X) ((double)(X))
#define ALL_N(X) ((int64_t)(X))
#define PROBLEM ck_problem
#define IMPLIED ck_priced
#include "volatility_text.h"

#define R v8
#define RR v8_dd
#define N i8
#define ALL(X) v8_all(X)
#define ALL_N(X) ((i8){0} + (int64_t)(X))
#define PROBLEM v8_problem
#define IMPLIED v8_priced
#include "volatility_text.h"

// What an option is before it is solved.
typedef struct {
  ck_problem problem;
  double unit;     // what price and, in the normal model, k and the deviation are multiples of
  double premium;  // in these units
  double direct;   // the deviation of next to nothing at the money, which needs no solving; else 0
  int32_t status;
} ck_option;

// 2^-e of a number, e its exponent.
CK_FN double ck_inverse_power(double x) {
  return ck_of_bits((int64_t)(2046 - ((uint64_t)ck_bits(x) >> 52 & 0x7ff)) << 52);
}

CK_FN ck_option ck_option_of(ck_option_terms terms, double forward, double strike, double premium) {
  // what is refused is solved for a price that has an answer, since lanes are solved together
  ck_option o = {
    .problem = {.price = 0.5, .complement = 0.5, .price_2pi = CK_ROOT_2PI / 2,
                .complement_2pi = CK_ROOT_2PI / 2, .root = 1, .normal = -(int64_t)(terms.normal != 0)},
    .unit = 1, .status = CK_IMPLIED};
  // In units of a power of two near the larger number, nothing overflows and no product underflows.
  const double given = premium;
  const double larger = ck_size(forward) > ck_size(strike) ? forward : strike;
  const double by = ck_inverse_power(terms.normal && ck_size(premium) > ck_size(larger)
                                       ? premium : larger);
  const double f = forward * by, x = strike * by;
  const ck_dd gain = terms.put ? ck_two_sum(x, -f) : ck_two_sum(f, -x);
  // A premium next to nothing, which is out of the money if it is any: its digits are kept.
  const int lifted = !terms.coin ? premium < 0x1p-700 / by : premium < 0x1p-700;
  if (lifted) premium *= 0x1p600;
  const ck_dd paid = terms.coin ? ck_two_product(premium, f) : (ck_dd){premium * by, 0};
  const int in = gain.hi > 0;
  const ck_dd beyond = in ? ck_subtract(paid, gain) : paid;
  if (!(beyond.hi > 0) || (in && lifted)) {
    o.status = beyond.hi < 0 || (in && lifted) ? CK_BELOW_INTRINSIC : CK_AT_INTRINSIC;
    return o;
  }
  double unit = 1;
  if (!terms.normal) {
    const double most = terms.put ? x : f;
    const ck_dd short_of = lifted ? (ck_dd){most, 0} : ck_subtract((ck_dd){most, 0}, paid);
    if (!(short_of.hi > 0)) {
      o.status = short_of.hi < 0 ? CK_ABOVE_MAXIMUM : CK_AT_MAXIMUM;
      return o;
    }
    unit = f < x ? f : x;
    const ck_dd part = ck_quotient(short_of, (ck_dd){unit, 0}, 1 / unit);
    o.problem.complement = part.hi;
    o.problem.complement_2pi = ck_product(part, ck_root_2pi).hi;
    const double other = f < x ? x : f;
    o.problem.k = ck_ln_ratio(other, unit, 0);
    o.problem.root = ck_root(unit / other);
  } else {
    // the larger of what the option is out of the money and its price
    const double away = ck_size(gain.hi);
    unit = away > beyond.hi || (lifted && away > 0) ? away : beyond.hi;
    unit = 1 / ck_inverse_power(unit);
    o.problem.k = away / unit;
  }
  const ck_dd price = ck_quotient(beyond, (ck_dd){unit, 0}, 1 / unit);
  o.problem.price = price.hi;
  o.problem.price_2pi = ck_product(price, ck_root_2pi).hi;
  o.problem.lift = lifted ? 600 : 0;
  o.unit = unit / by;
  o.premium = paid.hi / unit;
  if (lifted && gain.hi == 0) {  // price / vega is the deviation itself
    const double paid_by_caller = terms.coin ? premium * forward : premium;
    o.direct = ck_times(ck_root_2pi, terms.normal ? paid_by_caller : price.hi).hi * 0x1p-600;
    o.problem.price = o.problem.price_2pi = 0.5;
    o.problem.lift = 0;
    if (!(o.direct >= 0x1p-1022)) o.status = CK_NO_INFORMATION;
  }
  if (!(given >= 0x1p-1022)) o.status = CK_NO_INFORMATION;  // its last digits are lost
  return o;
}

// What a premium says about the deviation, in the units of the caller.
CK_FN int32_t ck_finish(
  ck_option_terms terms, const ck_option *o, double solved, double slope, double *deviation,
  double *condition) {
  const double kappa = o->status != CK_IMPLIED ? 0 : o->direct > 0 ? 1 : slope * o->premium;
  const double value = o->direct > 0 ? o->direct : solved * (terms.normal ? o->unit : 1);
  const int implies
    = o->status == CK_IMPLIED && kappa <= CK_MOST_CONDITION && value >= 0x1p-1022;
  *deviation = implies ? value : 0;
  *condition = kappa;
  return implies || o->status != CK_IMPLIED ? o->status : CK_NO_INFORMATION;
}

static int32_t implied(
  ck_option_terms terms, double forward, double strike, double premium, double *deviation,
  double *condition) {
  const ck_option option = ck_option_of(terms, forward, strike, premium);
  double slope = 0;
  const double solved = ck_deviation(&option.problem, &slope);
  return ck_finish(terms, &option, solved, slope, deviation, condition);
}

static void implied_many(
  ck_option_terms terms, int64_t count, const double *forward, const double *strike,
  const double *premium, double *deviation, double *condition) {
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    ck_option options[8];
    v8_problem lanes;
    v8 slope = v8_all(0);
    for (int j = 0; j < 8; ++j) {
      options[j] = ck_option_of(terms, forward[i + j], strike[i + j], premium[i + j]);
      const ck_problem *problem = &options[j].problem;
      lanes.k[j] = problem->k;
      lanes.price[j] = problem->price;
      lanes.complement[j] = problem->complement;
      lanes.price_2pi[j] = problem->price_2pi;
      lanes.complement_2pi[j] = problem->complement_2pi;
      lanes.root[j] = problem->root;
      lanes.lift[j] = problem->lift;
      lanes.normal[j] = problem->normal;
    }
    const v8 solved = ck_deviation(&lanes, &slope);
    for (int j = 0; j < 8; ++j)
      ck_finish(terms, &options[j], solved[j], slope[j], &deviation[i + j], &condition[i + j]);
  }
  for (; i < count; ++i)
    implied(terms, forward[i], strike[i], premium[i], &deviation[i], &condition[i]);
}

// The intrinsic value, and the premium of the option out of the money with the same strike.
static double premium(ck_option_terms terms, double forward, double strike, double deviation) {
  const double larger = ck_size(forward) > ck_size(strike) ? forward : strike;
  const int wide = terms.normal && deviation > ck_size(larger);
  const double by = ck_inverse_power(wide ? deviation : larger);
  const double f = forward * by, x = strike * by;
  const ck_dd gain = terms.put ? ck_two_sum(x, -f) : ck_two_sum(f, -x);
  const double unit = terms.normal ? 1 : f < x ? f : x;
  ck_problem o = {.root = 1, .normal = -(int64_t)(terms.normal != 0)};
  o.k = terms.normal ? ck_size(gain.hi) : ck_ln_ratio(f < x ? x : f, unit, 0);
  const double s = terms.normal ? deviation * by : deviation;
  const int64_t upper = ck_below(0.5, 0.5 * s - o.k / s) & ~o.normal;
  const ck_priced at = ck_price_at(&o, upper, s);
  const ck_dd of = ck_times(ck_inverse_root_2pi, unit);
  const double scaled = ck_fma(at.value, of.hi, at.value * of.lo), back = terms.coin ? f : by;
  if (at.power < -600) {  // next to nothing; what the units add is added before it underflows
    if (gain.hi > 0) return gain.hi / back;
    const double small = at.power < -1600 ? 0 : ck_scaled(scaled, at.power + 600) / back * 0x1p-600;
    return small >= 0x1p-1022 ? small : 0;
  }
  double value = ck_scaled(scaled, at.power);
  if (upper) value = unit - value;
  if (gain.hi > 0) value += gain.hi;
  return value / back;
}
