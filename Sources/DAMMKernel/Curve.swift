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

  /// What the kernels work on, in one piece; first, so that curves in an array lie a stride apart.
  var c: ck_curve
  /// The scale-free table.
  public let table: TickTable

  /// Oracle price `mu`, A per B.
  public var oraclePrice: Double { c.oracle_price }
  /// Liquidity `l = sqrt(qA qB)` of the reserves that the curve was first formed with.
  public var liquidity: Double { c.liquidity.hi }
  /// How much of the reserves is on offer.
  public var funding: Funding { c.full != 0 ? .full : .geometricMean }
  /// Scale of the ticks below the place of forming.
  public var scaleA: Double { c.scale.0 }
  /// Scale of the ticks above the place of forming.
  public var scaleB: Double { c.scale.1 }

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
    self.init(table, oraclePrice, reserves, funding, at: place)
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
    let place = Self.standing(atPrice: price, in: table, oraclePrice)
    self.init(table, oraclePrice, reserves, funding, at: place)
  }

  /// Where a pool stands that is to stand at a price coordinate, clamped to the curve. What equals the
  /// rounded price of an end is that end, not a sliver of a tick beside it.
  static func standing(
    atPrice price: Double, in table: TickTable, _ mu: Double
  ) -> ck_point {
    let ends = priceRange(of: table, mu)
    if price <= ends.lowerBound { return table.place(atOffset: 0) }
    if price >= ends.upperBound { return table.place(atOffset: table.count) }
    return place(atPrice: price, in: table, mu, roundGapsUp: false)
  }

  private init(
    _ table: TickTable, _ oraclePrice: Double, _ reserves: Reserves, _ funding: Funding,
    at place: ck_point
  ) {
    let liquidity = DoubleDouble.product(reserves.a, reserves.b).squareRoot
    self.init(table, oraclePrice, liquidity, funding)
    stand(at: place, oraclePrice, b: reserves.b, a: reserves.a)
  }

  /// A curve as the kernels know it.
  init(_ table: TickTable, _ c: ck_curve) {
    self.table = table
    self.c = c
  }

  /// A curve that is yet to be formed.
  init(_ table: TickTable, _ oraclePrice: Double, _ liquidity: DoubleDouble, _ funding: Funding) {
    self.table = table
    c = ck_curve()
    c.table = table.c
    c.way = table.c.pointee.way
    c.oracle_price = oraclePrice
    c.liquidity = liquidity.c
    c.inverse_liquidity = (DoubleDouble(1) / liquidity).c
    c.full = funding == .full ? 1 : 0
  }

  /// Forms the curve where it is to stand, from reserves that may be 0.
  mutating func stand(at place: ck_point, _ oraclePrice: Double, b: Double, a: Double) {
    c.oracle_price = oraclePrice
    table.kernels.c.pointee.form(&c, place, b, a)
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
    guard oraclePrice != c.oracle_price else { return }
    defer { keepTable() }
    let kernels = c.table.pointee.kernels!
    if kernels.pointee.reform(&c, oraclePrice, reserves.b, reserves.a) == 0 {
      stand(
        at: Self.standing(atPrice: c.price, in: table, oraclePrice), oraclePrice, b: reserves.b,
        a: reserves.a)
    }
  }

  // MARK: Where the curve stands

  /// The position: ticks above hold B only, ticks below hold A only.
  public var position: Position {
    Position(unchecked: table.lowestTick + Int(c.place.tick), table.fraction(of: c.place))
  }

  /// The position as a price coordinate, `x = P_i + f mu w`, rounded once.
  public var price: Double { c.price }

  /// The price coordinates of the two ends of the curve.
  public var priceRange: ClosedRange<Double> { Self.priceRange(of: table, oraclePrice) }

  /// What the curve still gives: A below the position, of which sellers get what their fees leave, and B above
  /// it. Error: `Tolerance.amount`.
  public var offered: (a: Double, b: Double) {
    // two swaps of unlimited size, without fees
    var bare = self
    bare.c.way = (c.table, c.table)
    bare.c.surge = 0
    func whole(_ buy: Int32) -> ck_order {
      ck_order(buy: buy, key: Int32(CK_NONE), has_limit: 0, value: 0, limit: ck_point())
    }
    return (bare.fill(of: whole(0)).amount.1, bare.fill(of: whole(1)).amount.0)
  }

  /// Puts the pool elsewhere on the same curve without a trade: for simulation, and to restore a
  /// state.
  ///
  /// - Throws: `DAMMError.positionOutside`; nothing is changed then.
  public mutating func move(to position: Position) throws(DAMMError) {
    c.place = try Self.place(of: position, in: table, oraclePrice)
    let there = self.position  // the lower edge in a tick without liquidity
    c.price = table.coordinate(there.tick, there.fraction, oraclePrice: oraclePrice)
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

  // MARK: Fees

  /// The rate that is added to the fees of both directions just now: 0 unless `charge(surge:)` has set it.
  public var surge: Double { c.surge }

  /// Sets the rate that is added to the fees of both directions, from now on until it is set again: a curve
  /// knows no time. `FeeSchedule.surgeRate(afterSeconds:)` says what it is after a time. While it is not
  /// 0, an order that fixes A is met by Newton's steps and takes longer.
  ///
  /// - Parameter surge: a rate in `Domain.surge`, which with the highest fee of a sale stays in
  ///   `Domain.sellFee`.
  /// - Throws: `DAMMError.outOfRange`; nothing is changed then.
  public mutating func charge(surge: Double) throws(DAMMError) {
    try Domain.check(surge, "surge as a rate", in: Domain.surge)
    try Domain.check(
      table.highestSellFee + surge, "fee of a sale with its surge, as a rate,", in: Domain.sellFee)
    c.surge = surge + 0
  }

  // MARK: Trading

  /// What an order would do: `swap` on a copy, the same numbers bit for bit.
  ///
  /// Error of the amounts: `Tolerance.amount`. A partial fill is an answer, not an error; an order
  /// has checked its own numbers when it was made, so nothing is thrown here.
  public func quote(_ order: Order) -> Quote {
    defer { keepTable() }
    let request = request(order)
    return request.answer(fill(of: request.order), c.table.pointee.grid.lowest)
  }

  /// Carries an order out and answers as `quote` does.
  @discardableResult
  public mutating func swap(_ order: Order) -> Quote {
    defer { keepTable() }
    let request = request(order)
    var fill = ck_fill()
    withUnsafePointer(to: request.order) { order in
      c.table.pointee.kernels.pointee.swap(&c, order, &fill)
    }
    return request.answer(fill, c.table.pointee.grid.lowest)
  }

  @inline(__always)
  private func request(_ order: Order) -> Request {
    var request = Request(order)
    if let stop = request.stop, let place = binding(stop, order.side) { request.bind(place) }
    return request
  }

  /// The kernels reach the table through `c`, which the compiler does not know: used here, at the end of
  /// what calls them, it lives until then.
  @inline(__always)
  func keepTable() { withExtendedLifetime(table) {} }

  private func fill(of order: ck_order) -> ck_fill {
    defer { keepTable() }
    var fill = ck_fill()
    withUnsafePointer(to: c) { c in
      withUnsafePointer(to: order) { c.pointee.table.pointee.kernels.pointee.quote(c, $0, &fill) }
    }
    return fill
  }

  /// The place of a limit; none beyond the end of the curve, where it does not bind.
  func binding(_ limit: Double, _ side: Side) -> ck_point? {
    Self.placeInside(limit, of: c.table, oraclePrice) ?? bindingOutside(limit, side)
  }

  /// The same for a limit that is not inside: at an end, beyond it, or in a gap.
  func bindingOutside(_ limit: Double, _ side: Side) -> ck_point? {
    let ends = priceRange
    guard side == .buy ? limit <= ends.upperBound : limit >= ends.lowerBound else { return nil }
    return Self.place(atPrice: limit, in: table, oraclePrice, roundGapsUp: side == .sell)
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

  /// The place at a price coordinate, if that is not at the ends of the curve nor in a gap.
  static func placeInside(
    _ price: Double, of table: UnsafePointer<ck_table>, _ mu: Double
  ) -> ck_point? {
    var place = ck_point()
    return table.pointee.kernels.pointee.place_inside(table, mu, price, &place) != 0 ? place : nil
  }

  /// The place at a price coordinate, clamped to the curve. A tick without liquidity has no inside:
  /// a coordinate in it means its lower edge, or its upper edge for a limit from above.
  private static func place(
    atPrice price: Double, in table: TickTable, _ mu: Double, roundGapsUp: Bool
  ) -> ck_point {
    if let place = placeInside(price, of: table.c, mu) { return place }
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
