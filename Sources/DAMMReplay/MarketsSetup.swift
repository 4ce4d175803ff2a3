import DAMMModel
import DAMMOracle
import DAMMPool
import DAMMShared

/// A shared pool, its markets and who trades with them: what a simulation begins with.
public struct MarketsSetup: Sendable, Hashable {
  /// What gives markets their prices, and the pool its reference.
  public enum Prices: Sendable, Hashable {
    /// The constant product with a fee in basis points that is held apart.
    case constantProduct(feeBps: Double)
    /// Tick curves that are formed with the volatility of the path over so many days, and by the policy of their
    /// terms anew; the reference is the first of them, without a fee.
    case ticks(PoolTerms, horizonDays: Double)
  }

  /// Prices of all markets.
  public let prices: Prices
  /// Lots of A.
  public let a: LotSize
  /// Lots of B.
  public let b: LotSize
  /// The first deposit.
  public let deposit: LotPair
  /// How many markets there are.
  public let markets: Int
  /// How far health may fall.
  public let limits: HealthLimits
  /// After how many steps of the path each market settles, one after another.
  public let settleEvery: Int
  /// What others than arbitrageurs trade in each market in a day, in A.
  public let noiseVolume: Double
  /// The part of the first deposit, of both tokens, that each market has as a credit.
  public let creditPart: Double
  /// Whether markets end orders where a settlement would be refused, as far as they know.
  public let keepsRoom: Bool
  /// For what others trade.
  public let seed: UInt64

  /// A setup.
  ///
  /// - Parameters:
  ///   - prices: of all markets; the lots of tick curves are `a` and `b`.
  ///   - a: lots of A.
  ///   - b: lots of B.
  ///   - deposit: at least a lot of both tokens.
  ///   - markets: in `Domain.simulatedMarkets`.
  ///   - limits: how far health may fall.
  ///   - settleEvery: in `Domain.settleEvery`.
  ///   - noiseVolume: in `Domain.dailyVolume`.
  ///   - creditPart: in `Domain.creditPart`; what does not leave health at the floor is refused when it is granted.
  ///   - keepsRoom: whether markets end orders where they know that a settlement would be refused.
  ///   - seed: for what others trade.
  /// - Throws: `PoolError` that names the value.
  public init(
    _ prices: Prices, a: LotSize, b: LotSize, deposit: LotPair, markets: Int,
    limits: HealthLimits = .off, settleEvery: Int = 1, noiseVolume: Double = 0,
    creditPart: Double = 0, keepsRoom: Bool = true, seed: UInt64 = 1
  ) throws(PoolError) {
    try Domain.check(markets, "number of markets", in: Domain.simulatedMarkets)
    try Domain.check(settleEvery, "steps from settlement to settlement", in: Domain.settleEvery)
    do throws(DAMMError) {
      try Domain.check(noiseVolume, "noise volume", in: Domain.dailyVolume)
      try Domain.check(creditPart, "credit as a part of the deposit", in: Domain.creditPart)
    } catch {
      throw .parameter(error)
    }
    self.prices = prices
    self.a = a
    self.b = b
    self.deposit = deposit
    self.markets = markets
    self.limits = limits
    self.settleEvery = settleEvery
    self.noiseVolume = noiseVolume
    self.creditPart = creditPart
    self.keepsRoom = keepsRoom
    self.seed = seed
  }

  /// The reading of a moment of a path, for tick curves.
  func reading(_ point: PricePath.Point) throws(SharedPoolError) -> OracleReading? {
    guard case .ticks(_, let horizonDays) = prices else { return nil }
    do throws(DAMMError) {
      return try OracleReading(
        price: point.price, impliedVolatility: point.impliedVolatility, horizonDays: horizonDays)
    } catch {
      throw .pool(.parameter(error))
    }
  }
}
