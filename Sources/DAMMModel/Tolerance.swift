/// A declared error bound: relative to the exact value at the `Double` inputs.
///
/// Each bound is written here once. Doc comments name it, tests and `damm accuracy` read it.
public struct Tolerance: Sendable, Hashable {
  /// Name of the quantity, as printed by `damm accuracy`.
  public let name: String
  /// Largest relative error allowed.
  public let relative: Double
  /// Where the bound holds.
  public let domain: String

  /// Mass of a tick from the series builder, half width up to 6.
  public static let massSeriesTo6 = Tolerance(
    name: "mass, series, k <= 6", relative: 1e-15, domain: "every tick, s 0.0005 to 0.5")
  /// Mass of a tick from the series builder, half width up to 12.
  public static let massSeriesTo12 = Tolerance(
    name: "mass, series, k <= 12", relative: 2e-15, domain: "every tick, s 0.0005 to 0.5")
  /// Mass of a tick from the GSL builder. `gsl_sf_erfc` is documented to 500 ulp in the far tail.
  public static let massGSL = Tolerance(
    name: "mass, GSL", relative: 2e-13, domain: "every tick, s 0.0005 to 0.5, k <= 12")
  /// Capacity of one tick in A or B.
  public static let capacity = Tolerance(
    name: "capacity of a tick", relative: 1e-15, domain: "every tick, s 0.0005 to 0.5, k <= 12")
  /// Cumulative capacity from the nearer end of the curve to a tick edge.
  public static let cumulative = Tolerance(
    name: "cumulative capacity", relative: 1e-15, domain: "every edge, s 0.0005 to 0.5, k <= 12")
  /// Both amounts of a swap between two places: a swap to a price, or a partial fill.
  public static let amount = Tolerance(
    name: "amount of a swap between ends", relative: 4e-15,
    domain: "starts within 6 sigma, to any end")
  /// The other amount of a swap that fixes one, over the larger of 1 and the condition number of that
  /// problem, `d ln(other) / d ln(fixed)` (see `docs/numerics.md`).
  public static let amountFixed = Tolerance(
    name: "amount of a swap, other fixed", relative: 4e-15,
    domain: "starts within 6 sigma, 1e-9 of a tick to a whole side")
  /// Fee of a tick, of whole ticks, or of a swap, over `sum a_i (f0 + v s + c |i| w)` where that is more than the
  /// fee itself (a skew that takes off nearly all leaves the roundings of what it takes off), and for a swap
  /// that fixes one of its amounts over the condition number `d ln(fee) / d ln(fixed)`.
  public static let fee = Tolerance(
    name: "fee", relative: 4e-15, domain: "starts within 6 sigma, 1e-9 of a tick to a whole side")
  /// Surge that is left after a time: the decay within two ulps, and two roundings.
  public static let decay = Tolerance(
    name: "decay of a surge", relative: 0x1p-50, domain: "up to 64 half-lives")
  /// Price coordinate after a swap that fixes an amount, times 1 plus the number of last ticks that the
  /// amount would fill, in relative tick widths: a large trade that ends in a thin tick says little
  /// about where in it.
  public static let priceAfter = Tolerance(
    name: "price after a swap", relative: 4e-15, domain: "starts within 6 sigma")
  /// Price coordinate after a swap to a target: the same bits.
  public static let priceReached = Tolerance(
    name: "price after swap-to-price", relative: 0, domain: "targets inside the curve")
  /// What a pool loses when it is aligned with a market price: this of the loss, and `alignmentPrices` of
  /// the A traded.
  public static let alignmentLoss = Tolerance(
    name: "loss of an alignment", relative: 2e-15, domain: "starts within 6 sigma, to any price")
  /// What the rounding of ticks' prices adds to the error of a loss, in parts of the A traded.
  public static let alignmentPrices = Tolerance(
    name: "loss of an alignment, of the A traded", relative: 0x1p-53,
    domain: "starts within 6 sigma, to any price")
  /// What arbitrage is expected to take in a day.
  public static let expectedLoss = Tolerance(
    name: "expected loss to arbitrage", relative: 1e-12, domain: "deviations of a day from 1e-3 on")
  /// A price from the root or the tick that a pool logs: half an ulp and the truncations of 128-bit
  /// steps.
  public static let chainPrice = Tolerance(
    name: "price of a log", relative: 0x1.00000001p-53,
    domain: "all roots and ticks a pool may have")
  /// How many standard deviations a price moved: a few roundings and one logarithm.
  public static let deviations = Tolerance(
    name: "deviations of a move", relative: 1e-15, domain: "all readings")
  /// Volatility at the money of a chain whose premiums are exact but for rounding, strikes within a
  /// total deviation: the inversion and a few roundings.
  public static let termStructure = Tolerance(
    name: "volatility at the money", relative: 1e-13, domain: "strikes within a deviation")
  /// Forward and discount by put-call parity of exact premiums, strikes at least a hundredth of the
  /// forward apart: differences of premiums lose two digits.
  public static let parityForward = Tolerance(
    name: "forward by parity", relative: 1e-12, domain: "strikes 1 % of the forward apart")
  /// Premium at the quoted volatility and the recorded forward, beside the mark of the same row, as a
  /// part of the coin: what marks and forwards polled in a crash were seen to differ by.
  public static let polledPremium = Tolerance(
    name: "premium of a polled row", relative: 4e-3, domain: "coin chains in a file")
  /// Mass of a tick from the wide (double-double) reference against 40-digit golden values. An edge tick
  /// that holds 5e-9 of its width loses ten digits to `k - z`; the others have 26.
  public static let referenceWide = Tolerance(
    name: "mass, wide reference", relative: 1e-21, domain: "golden tables")
  /// Mass of a tick from GSL's adaptive quadrature in the reference.
  public static let referenceQuadrature = Tolerance(
    name: "mass, adaptive quadrature", relative: 5e-13, domain: "every tick, k <= 12")
  /// Amounts of a swap by the reference's tick loop over quadrature masses, times the larger of 1 and
  /// the condition number where an amount is fixed.
  public static let referenceLoop = Tolerance(
    name: "amount, tick loop over quadrature", relative: 1e-12, domain: "every tick, k <= 12")
  /// Total deviation that a premium implies, times the larger of 1 and the condition number
  /// `d ln(deviation) / d ln(premium)`: 8 units of 2^-53.
  public static let impliedDeviation = Tolerance(
    name: "implied deviation", relative: 0x1p-50,
    domain: "|ln(F/K)| <= 10, deviations 1e-4 to 10, condition number up to 2^43")
  /// The condition number itself, which is taken where the last step began.
  public static let impliedCondition = Tolerance(
    name: "condition number of an implied deviation", relative: 1e-3,
    domain: "|ln(F/K)| <= 10, deviations 1e-4 to 10")
  /// Premium at a total deviation, times the larger of 1 and the inverse of the condition number.
  public static let premium = Tolerance(
    name: "premium of an option", relative: 0x1p-50,
    domain: "|ln(F/K)| <= 10, deviations 1e-4 to 10")
  /// Integral of a price function, in the logarithm of the ratio: what is asked of GSL's estimate.
  public static let priceIntegral = Tolerance(
    name: "integral of a price function", relative: 1e-13, domain: "between two breaks")
  /// Both amounts of a trade against price functions, over 1 plus the logarithm of how far each reserve
  /// moves and over the condition number of an amount that is fixed.
  public static let priceAmount = Tolerance(
    name: "amount against price functions", relative: 1e-12, domain: "ratios 1e-9 to 1e9")
  /// Health factor of a shared pool, beside 1 as it is founded: sums over ticks and a few roundings, and half a
  /// part of 2^-48.
  public static let health = Tolerance(
    name: "health factor", relative: 0x1p-47, domain: "factors up to 2, up to 2^21 ticks")
  /// Reserves of a shared pool after settlements of constant-product markets beside the closed forms, in parts of the
  /// first deposit, for each trade: the margin of a trade on both of its ends, and five lots of 1e13.
  public static let marketMoves = Tolerance(
    name: "reserves after moves of markets", relative: 8e-12,
    domain: "N (N - 1) q < 1, deposits from 1e13 lots on")
}
