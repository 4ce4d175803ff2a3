import CKernels
import DAMMModel

/// A tick curve with prices and reserves: a shared table, an oracle price, the token units of one
/// scale-free unit, and the position. A value: copying it is a snapshot.
///
/// In token units tick `i` has the price `P_i = mu u_i` in both directions and holds
/// `b_i = (l / sqrt mu) m_i / sqrt(u_i)` of B or `a_i = (l sqrt mu) m_i sqrt(u_i)` of A, times the
/// scale of its side: that of B above the place where the curve was formed, that of A below.
public struct Curve: @unchecked Sendable {
  // @unchecked: the pointers in `c` lead into `table`, which is immutable and kept alive here.

  /// The scale-free table.
  public let table: TickTable
  /// Oracle price `mu`, A per B.
  public private(set) var oraclePrice: Double
  /// Liquidity `l = sqrt(qA qB)` of the reserves that the curve was first formed with.
  public var liquidity: Double { exactLiquidity.value }
  /// How much of the reserves is on offer.
  public let funding: Funding
  /// Scale of the ticks below the place of forming.
  public private(set) var scaleA: Double
  /// Scale of the ticks above the place of forming.
  public private(set) var scaleB: Double

  private let exactLiquidity: DoubleDouble
  private var c: ck_curve
  private var place: ck_point

  /// Forms a curve around an oracle price.
  ///
  /// A pool never offers more than it holds: each side is scaled by `min(1, reserve / offered)`, or
  /// for full funding by `reserve / offered` (0 where the side offers nothing), rounded down.
  ///
  /// - Parameters:
  ///   - table: the scale-free table.
  ///   - oraclePrice: `mu`, A per B, in `Domain.price`.
  ///   - reserves: of both tokens.
  ///   - funding: how much of them is on offer.
  ///   - position: where the pool stands; the oracle price by default.
  /// - Throws: `DAMMError.outOfRange`, `.positionOutside`.
  /// - Complexity: independent of the number of ticks.
  public init(
    table: TickTable, oraclePrice: Double, reserves: Reserves,
    funding: Funding = .geometricMean, position: Position = .oracle
  ) throws(DAMMError) {
    try Domain.check(oraclePrice, "price", in: Domain.price)
    let place = try Self.place(of: position, in: table, oraclePrice)
    self.init(table, oraclePrice, reserves, Self.liquidity(reserves), funding, formedAt: place)
  }

  /// Forms a curve around an oracle price with the pool at a price coordinate.
  ///
  /// - Parameters:
  ///   - table: the scale-free table.
  ///   - oraclePrice: `mu`, A per B, in `Domain.price`.
  ///   - reserves: of both tokens.
  ///   - funding: how much of them is on offer.
  ///   - price: the price coordinate `x = P_i + f mu w`, inside the curve.
  /// - Throws: `DAMMError.outOfRange`, `.positionOutside`.
  public init(
    table: TickTable, oraclePrice: Double, reserves: Reserves,
    funding: Funding = .geometricMean, atPrice price: Double
  ) throws(DAMMError) {
    try Domain.check(oraclePrice, "price", in: Domain.price)
    try Domain.check(price, "position", in: Domain.target)
    let ends = Self.priceRange(of: table, oraclePrice)
    guard ends.contains(price) else {
      throw .positionOutside(price: price, lowest: ends.lowerBound, highest: ends.upperBound)
    }
    // What equals the rounded price of an end is that end, not a sliver of a tick beside it.
    let place =
      price == ends.lowerBound
      ? table.place(atOffset: 0)
      : price == ends.upperBound
        ? table.place(atOffset: table.count)
        : Self.place(atPrice: price, in: table, oraclePrice, roundGapsUp: false)
    self.init(table, oraclePrice, reserves, Self.liquidity(reserves), funding, formedAt: place)
  }

  private init(
    _ table: TickTable, _ oraclePrice: Double, _ reserves: Reserves, _ liquidity: DoubleDouble,
    _ funding: Funding, formedAt place: ck_point
  ) {
    let rootPrice = DoubleDouble(oraclePrice).squareRoot
    let (unitB, unitA) = (liquidity / rootPrice, liquidity * rootPrice)
    let offered = table.offered(at: place)
    let scaleB = Self.scale(reserves.b, offered: offered.b, unit: unitB, funding)
    let scaleA = Self.scale(reserves.a, offered: offered.a, unit: unitA, funding)
    self.table = table
    self.oraclePrice = oraclePrice
    exactLiquidity = liquidity
    self.funding = funding
    self.scaleA = scaleA
    self.scaleB = scaleB
    self.place = place
    let (below, above) = ((unitB * scaleA, unitA * scaleA), (unitB * scaleB, unitA * scaleB))
    func inverse(_ unit: DoubleDouble) -> ck_dd {
      unit.hi == 0 ? DoubleDouble(0).c : (DoubleDouble(1) / unit).c
    }
    c = ck_curve(
      table: table.c, oracle_price: oraclePrice, formed: place,
      formed_at: (place.sold, table.kernels.c.pointee.coordinate_a(table.c, place)),
      unit: ((below.0.c, below.1.c), (above.0.c, above.1.c)),
      inverse: (
        (inverse(below.0), inverse(below.1)), (inverse(above.0), inverse(above.1))
      ))
  }

  private static func liquidity(_ reserves: Reserves) -> DoubleDouble {
    DoubleDouble.product(reserves.a, reserves.b).squareRoot
  }

  /// Forms the curve anew around another oracle price, on the same table and with the same liquidity.
  ///
  /// Both scales follow from the reserves; the price coordinate of the position stays, clamped to the
  /// new curve. An unchanged oracle price changes nothing at all.
  ///
  /// - Parameters:
  ///   - oraclePrice: `mu`, A per B, in `Domain.price`.
  ///   - reserves: of both tokens now.
  /// - Throws: `DAMMError.outOfRange`; nothing is changed then.
  /// - Complexity: independent of the number of ticks; allocates nothing.
  public mutating func reform(oraclePrice: Double, reserves: Reserves) throws(DAMMError) {
    try Domain.check(oraclePrice, "price", in: Domain.price)
    guard oraclePrice != self.oraclePrice else { return }
    let place = Self.place(atPrice: price, in: table, oraclePrice, roundGapsUp: false)
    self = Curve(table, oraclePrice, reserves, exactLiquidity, funding, formedAt: place)
  }

  /// The scale of a side, rounded down so that what the side gives does not exceed its reserve.
  private static func scale(
    _ reserve: Double, offered: Double, unit: DoubleDouble, _ funding: Funding
  ) -> Double {
    // token units as the kernels round them
    func tokens(_ unit: DoubleDouble) -> Double {
      (offered * unit.lo).addingProduct(offered, unit.hi)
    }
    let whole = tokens(unit)
    guard whole > 0 else { return 0 }
    var scale = funding == .full ? reserve / whole : min(1, reserve / whole)
    while tokens(unit * scale) > reserve { scale = scale.nextDown }
    return scale
  }

  // MARK: Where the curve stands

  /// The position: ticks above hold B only, ticks below hold A only.
  public var position: Position {
    Position(unchecked: table.lowestTick + Int(place.tick), table.fraction(of: place))
  }

  /// The position as a price coordinate, `x = P_i + f mu w`, rounded once.
  public var price: Double {
    let position = position
    return table.coordinate(position.tick, position.fraction, oraclePrice: oraclePrice)
  }

  /// The price coordinates of the two ends of the curve.
  public var priceRange: ClosedRange<Double> { Self.priceRange(of: table, oraclePrice) }

  /// What the curve still gives: A below the position, B above it. Error: `Tolerance.amount`.
  public var offered: (a: Double, b: Double) {
    // two swaps of unlimited size
    (run(.sell, CK_NONE, 0, nil).amount.1, run(.buy, CK_NONE, 0, nil).amount.0)
  }

  /// Puts the pool elsewhere on the same curve without a trade: for simulation, and to restore a
  /// state.
  ///
  /// - Throws: `DAMMError.positionOutside`; nothing is changed then.
  public mutating func move(to position: Position) throws(DAMMError) {
    place = try Self.place(of: position, in: table, oraclePrice)
  }

  /// What a tick offers when full of either token, scales included.
  ///
  /// - Throws: `DAMMError.tickOutside`.
  public func depth(ofTick tick: Int) throws(DAMMError) -> TickDepth {
    guard tick >= table.lowestTick, tick < table.upperTick else {
      throw .tickOutside(
        tick: tick, lowest: table.lowestTick, highest: table.upperTick - 1)
    }
    let formed = table.lowestTick + Int(c.formed.tick)
    let belowPart = tick < formed ? 1 : tick > formed ? 0 : table.fraction(of: c.formed)
    func inUnits(_ capacity: Double, _ below: ck_dd, _ above: ck_dd) -> Double {
      (DoubleDouble(below) * belowPart + DoubleDouble(above) * (1 - belowPart)).value * capacity
    }
    let scale = belowPart * scaleA + (1 - belowPart) * scaleB
    return TickDepth(
      tick: tick, price: oraclePrice * table.relativePrice(ofTick: tick),
      liquidity: liquidity * scale * table.mass(ofTick: tick),
      a: inUnits(table.capacityA(ofTick: tick), c.unit.0.1, c.unit.1.1),
      b: inUnits(table.capacityB(ofTick: tick), c.unit.0.0, c.unit.1.0))
  }

  // MARK: Trading

  /// What an order would do: `swap` on a copy, the same numbers bit for bit.
  ///
  /// Error of the amounts: `Tolerance.amount`. A partial fill is an answer, not an error; an order
  /// has checked its own numbers when it was made, so nothing is thrown here.
  public func quote(_ order: Order) -> Quote { trade(order).quote }

  /// Carries an order out and answers as `quote` does.
  @discardableResult
  public mutating func swap(_ order: Order) -> Quote {
    let (quote, after) = trade(order)
    place = after
    return quote
  }

  private func trade(_ order: Order) -> (quote: Quote, after: ck_point) {
    let buying = order.side == .buy
    let (key, value, target): (Int, Double, Double?) =
      switch order.size {
      case .amount(let b): (CK_B, b, nil)
      case .notional(let a): (CK_A, a, nil)
      case .toPrice(let price): (CK_NONE, 0, price)
      }
    // Of a target and a limit the nearer one binds.
    let stopPrice: Double? =
      switch (target, order.limit) {
      case (let target?, let limit?): buying ? min(target, limit) : max(target, limit)
      default: target ?? order.limit
      }
    let fill = run(order.side, key, value, stopPrice)
    let (b, a) = fill.amount
    let stop: Stop =
      switch Int(fill.stop) {
      case CK_FILLED: .complete
      case CK_LIMIT: target != nil && stopPrice == target ? .complete : .priceLimit
      default: .exhausted
      }
    let fixed = key == CK_B ? b : a
    let after = Position(unchecked: table.lowestTick + Int(fill.after.tick), fill.fraction)
    let quote = Quote(
      side: order.side, amountIn: buying ? a : b, amountOut: buying ? b : a, fee: 0,
      priceAfter: fill.price, positionAfter: after, ticksCrossed: Int(fill.ticks),
      stop: stop, left: target == nil ? max(0, value - fixed) : nil)
    return (quote, fill.after)
  }

  private func run(_ side: Side, _ key: Int, _ value: Double, _ limit: Double?) -> ck_fill {
    let buying = side == .buy
    var order = ck_order()
    order.buy = buying ? 1 : 0
    order.key = Int32(key)
    order.value = value
    if let limit, let place = binding(limit, side) {
      order.has_limit = 1
      order.limit = place
    }
    return withUnsafePointer(to: c) { table.kernels.c.pointee.swap($0, place, &order) }
  }

  /// The place of a limit; none beyond the end of the curve, where it does not bind.
  func binding(_ limit: Double, _ side: Side) -> ck_point? {
    let ends = priceRange
    guard side == .buy ? limit <= ends.upperBound : limit >= ends.lowerBound else { return nil }
    return Self.place(atPrice: limit, in: table, oraclePrice, roundGapsUp: side == .sell)
  }

  /// Runs the orders of a batch, each from here.
  func run(_ batch: ck_batch) {
    withUnsafePointer(to: c) { c in
      withUnsafePointer(to: batch) { table.kernels.c.pointee.quotes(c, place, $0) }
    }
  }

  /// Runs the orders of a batch one after another.
  mutating func runInTurn(_ batch: ck_batch) {
    place = withUnsafePointer(to: c) { c in
      withUnsafePointer(to: batch) { table.kernels.c.pointee.swaps(c, place, $0) }
    }
  }

  // MARK: Places and prices

  private static func priceRange(of table: TickTable, _ mu: Double) -> ClosedRange<Double> {
    table.coordinate(
      table.lowestTick, 0, oraclePrice: mu)...table.coordinate(
        table.upperTick, 0, oraclePrice: mu)
  }

  private static func place(
    of position: Position, in table: TickTable, _ mu: Double
  ) throws(DAMMError) -> ck_point {
    let inside = position.tick >= table.lowestTick && position.tick < table.upperTick
    guard inside || (position.tick == table.upperTick && position.fraction == 0) else {
      let ends = priceRange(of: table, mu)
      throw .positionOutside(
        price: table.coordinate(position.tick, position.fraction, oraclePrice: mu),
        lowest: ends.lowerBound, highest: ends.upperBound)
    }
    return table.place(
      atOffset: position.tick - table.lowestTick, fraction: DoubleDouble(position.fraction))
  }

  /// The place at a price coordinate, clamped to the curve. A tick without liquidity has no inside:
  /// a coordinate in it means its lower edge, or its upper edge for a limit from above.
  private static func place(
    atPrice price: Double, in table: TickTable, _ mu: Double, roundGapsUp: Bool
  ) -> ck_point {
    let ends = priceRange(of: table, mu)
    if price < ends.lowerBound { return table.place(atOffset: 0) }
    if price > ends.upperBound { return table.place(atOffset: table.count) }
    let ticks = TickGrid(bps: table.tickWidthBps).ticks(toCoordinate: price, oraclePrice: mu)
    let tick = ticks.floor
    let offset = Int(tick) - table.lowestTick
    // The coordinates of the ends are rounded: what equals one may lie just inside, or outside.
    guard offset >= 0 else { return table.place(atOffset: 0) }
    guard offset < table.count else { return table.place(atOffset: table.count) }
    if table.isEmpty(offset) {
      return table.place(atOffset: roundGapsUp ? offset + 1 : offset)
    }
    return table.place(atOffset: offset, fraction: ticks - DoubleDouble(tick))
  }
}
