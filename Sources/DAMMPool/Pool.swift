import DAMMKernel
import DAMMModel

/// A pool that money can be run on: reserves in whole lots, a tick curve, fees, and the stakes of those who
/// provide liquidity. A value: a copy is a snapshot, and `quote` is `swap` on a copy.
///
/// - Reserves are integers below 2^48 lots. A swap moves whole lots by differences of one rounded function
///   of the lots of B sold, so that no path of trades takes out what it has not paid for.
/// - Fees are held apart from the reserves and belong to the shares.
/// - Nothing reads a clock: each action is told the time, and times do not go back.
/// - An action that throws changes nothing.
///
/// Shared between threads, a pool goes into a `GuardedPool`.
public struct Pool: Sendable, Equatable {
  /// The curve and what it was formed with; without a curve while the pool has no shares.
  var maker: TickMaker
  /// The last time that the pool was told.
  public internal(set) var time: UTCTime
  /// What the pool holds for its shares, without fees.
  public internal(set) var reserves: LotPair
  /// Shares, locks, and the fees that belong to them.
  public internal(set) var book: ShareBook

  /// Founds a pool with its first deposit.
  ///
  /// The curve is formed around the reading with the pool at the oracle price, or where it is told;
  /// `floor(sqrt(qA qB))` shares are made, here and never again by this formula.
  ///
  /// - Parameters:
  ///   - terms: lots, shape, fees, funding, policy.
  ///   - reading: what the oracle says.
  ///   - time: now, in `Domain.secondsSince1970`.
  ///   - deposit: at least a lot of both tokens.
  ///   - price: where the pool stands, as a price coordinate in tokens, clamped to the curve.
  ///   - lock: a term for which the founder stays.
  /// The founder's position is `Pool.founder`.
  ///
  /// - Throws: `PoolError.countOutOfRange`, `.parameter`, `.lotTooCoarse`, `.spreadBelowTick`,
  ///   `.lockStartsInThePast`.
  public init(
    _ terms: PoolTerms, reading: OracleReading, at time: UTCTime, deposit: LotPair,
    atPrice price: Double? = nil, lock: Lock? = nil
  ) throws(PoolError) {
    maker = TickMaker(terms, reading: reading, formedAt: time)
    self.time = time
    reserves = .zero
    book = ShareBook()
    try found(deposit, at: time, atPrice: price, lock: lock)
  }

  /// The position of who founded the pool with `init`: names count up from 1. Who founds it again, after all
  /// have left, is told another.
  public static let founder = PositionID(1)

  // MARK: Where the pool stands

  /// What is set and not read from an oracle.
  public var terms: PoolTerms { maker.terms }
  /// What the curve was formed with.
  public var reading: OracleReading { maker.reading }
  /// When it was.
  public var formedAt: UTCTime { maker.formedAt }

  /// Whether the pool has no shares: then it trades nothing until somebody founds it again.
  public var isEmpty: Bool { book.shares == 0 }
  /// Shares of all positions.
  public var shares: Int { book.shares }
  /// The scale-free table of the curve; `nil` for an empty pool.
  public var table: TickTable? { isEmpty ? nil : curve.table }
  /// Lots of B sold since the curve was formed or its liquidity changed last: what positions follow from.
  public var sold: Int { curve.sold }
  /// Lots that the curve still gives, fees not taken off: A below the position, B above it. Not more than
  /// the reserves.
  public var offered: LotPair {
    guard !isEmpty else { return .zero }
    let curve = curve.offered
    return LotPair(a: min(curve.a, reserves.a), b: min(curve.b, reserves.b))
  }
  /// The curve in lots as it stands now, for figures; prices in lots of A a lot of B. `nil` for an empty
  /// pool.
  public var curveInLots: Curve? { isEmpty ? nil : curve.current }
  /// The curve as it trades, in whole lots; `nil` for an empty pool.
  package var lotCurve: LotCurve? { isEmpty ? nil : maker.curve }
  /// The position as a price coordinate, A per B in tokens; `nil` for an empty pool.
  public var price: Double? { isEmpty ? nil : tokenPrice(curve.standing.price) }
  /// The position; `nil` for an empty pool.
  public var position: Position? { isEmpty ? nil : curve.standing.position }
  /// The price of the tick where the pool stands, A per B: what the smallest trade pays without a fee.
  package var marginalPrice: Double? { isEmpty ? nil : maker.marginalPrice }
  /// What the smallest trades meet; `nil` for an empty pool.
  package func marginal(at now: UTCTime) -> TickMaker.Marginal? {
    isEmpty ? nil : maker.marginal(at: now)
  }

  /// The rate that is added to fees now because the pool has reformed: `surge 2^(-t / halfLife)`, `t` seconds
  /// after its last reform; all of the surge before that, and none without a reform since the pool was founded.
  /// Error: `Tolerance.decay`.
  public func surgeRate(at now: UTCTime) -> Double {
    maker.surgeRate(at: now)
  }

  // MARK: For the facets

  /// The curve; `.nothing` while the pool has no shares.
  @inline(__always)
  var curve: LotCurve {
    get { maker.curve }
    _modify { yield &maker.curve }
  }

  /// A price in lots in tokens.
  @inline(__always)
  func tokenPrice(_ price: Double) -> Double { price * maker.priceOfLots }

  /// Throws unless it is a moment of the years 1970 to 9999 and the pool has not seen a later one. Who tells
  /// milliseconds is refused, instead of leaving a pool that never knows a later time.
  @inline(__always)
  func check(_ now: UTCTime) throws(PoolError) {
    // a negative one is a huge one without a sign
    guard UInt64(bitPattern: now.secondsSince1970) <= UInt64(Domain.lastSecond), now >= time else {
      throw refusal(of: now)
    }
  }

  @inline(never)
  private func refusal(of now: UTCTime) -> PoolError {
    do throws(PoolError) { try Domain.checkPool(now, "time") } catch { return error }
    return .timeGoesBack(now, last: time)
  }

  /// Throws unless both are reserves that a pool may have.
  @inline(__always)
  static func check(_ reserves: LotPair) throws(PoolError) {
    guard Domain.reserveLots.contains(reserves.a) else { throw overflow("A", reserves.a) }
    guard Domain.reserveLots.contains(reserves.b) else { throw overflow("B", reserves.b) }
  }

  private static func overflow(_ token: String, _ lots: Int) -> PoolError {
    .overflow(
      name: "the reserve of \(token) in lots", amount: "\(lots)",
      allowed: "\(Domain.reserveLots.upperBound)")
  }
}
