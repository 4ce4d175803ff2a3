import DAMMModel

/// A market of a shared pool, whatever gives it its prices: what markets of several kinds have in common, for who acts
/// on all of them.
public protocol PoolMarket: Sendable {
  /// Its name.
  var id: MarketID { get }
  /// Where it stands: A per B in tokens.
  var price: Double { get }
  /// What it has done since its last settlement.
  var book: MarketBook { get }
  /// What it knows of the pool.
  var snapshot: PoolSnapshot { get }
  /// Whether it trades.
  var phase: MarketPhase { get }
  /// Shares of the positions that were made in it.
  var positions: [PositionID: Int] { get }
  /// Whether orders end where a settlement would be refused, as far as the market knows.
  var keepsRoom: Bool { get set }

  /// How much may still be traded before a settlement would be refused.
  func room(at now: UTCTime) -> MarketRoom
  /// What an order would do now.
  func quote(_ order: LotOrder, at now: UTCTime) throws(SharedPoolError) -> MarketQuote
  /// Carries an order out.
  @discardableResult
  mutating func swap(_ order: LotOrder, at now: UTCTime) throws(SharedPoolError) -> MarketQuote
  /// Carries an order out without telling how much more may move.
  @discardableResult
  mutating func fill(_ order: LotOrder, at now: UTCTime) throws(SharedPoolError) -> MarketFill
  /// The settlement of all that is in the book.
  mutating func post(isLast: Bool) throws(SharedPoolError) -> Settlement
  /// Takes the answer that a settlement was applied.
  mutating func applied(_ receipt: SettlementReceipt) throws(SharedPoolError)
  /// Takes the answer that a settlement was refused.
  mutating func refused(_ reason: some Error) throws(SharedPoolError)
  /// Takes lots into the book as a gift to the pool.
  mutating func payIn(_ lots: LotPair) throws(SharedPoolError)
  /// Takes lots for shares of the pool.
  mutating func add(upTo maxima: LotPair, into id: PositionID?) throws(SharedPoolError)
  /// Asks for shares to be burned.
  mutating func remove(shares: Int, from position: PositionID) throws(SharedPoolError)
  /// Takes back what was asked of liquidity and has not been settled; once it was posted, removals alone.
  @discardableResult
  mutating func cancelRequests() throws(SharedPoolError) -> [LiquidityRequest]
  /// Forms the prices anew around a reading.
  ///
  /// - Returns: whether that changed anything.
  /// - Throws: `SharedPoolError.malformed` for a market whose prices follow no reading; as `Market.reform` else.
  @discardableResult
  mutating func take(_ reading: OracleReading, at now: UTCTime) throws(SharedPoolError) -> Bool
}

extension Market: PoolMarket {
  /// Where it stands: A per B in tokens.
  public var price: Double { pricing.price }

  /// Forms a tick curve anew around a reading.
  @discardableResult
  public mutating func take(
    _ reading: OracleReading, at now: UTCTime
  ) throws(SharedPoolError) -> Bool {
    guard var ticks = self as? Market<TickPricing> else {
      throw .malformed("a reading for market \(id), whose prices follow none")
    }
    let changed = try ticks.reform(reading, at: now)
    if let market = ticks as? Self { self = market }
    return changed
  }
}
