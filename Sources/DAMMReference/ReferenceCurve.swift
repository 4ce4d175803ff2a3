import DAMMModel

/// A curve by the slow path: the tick loop as the source document writes it, one tick after another
/// from where the pool stands, on the masses of a `ReferenceTable`.
public struct ReferenceCurve<Number: ReferenceNumber>: Sendable {
  /// A stretch of one tick with one scale. The tick where the curve was formed has two.
  private struct Piece {
    let tick: Int
    let from: Number  // as fractions of the tick
    let to: Number
    let price: Number
    let capacityB: Number  // of the whole tick, scale included
  }

  private let table: ReferenceTable<Number>
  private let oraclePrice: Number
  private let tickWidth: Number
  private var pieces: [Piece] = []
  /// What is taken of each trade.
  public var fees = ReferenceFees<Number>()

  /// Position: the tick, and its sold fraction.
  public private(set) var tick: Int
  /// Sold fraction of the tick.
  public private(set) var fraction: Number

  /// Forms a curve; scales are not rounded.
  ///
  /// - Throws: `DAMMError.outOfRange`, `.positionOutside`.
  public init(
    table: ReferenceTable<Number>, tickWidthBps: Double, oraclePrice: Double, reserves: Reserves,
    funding: Funding = .geometricMean, position: Position = .oracle
  ) throws(DAMMError) {
    try Domain.check(oraclePrice, "price", in: Domain.price)
    self.table = table
    self.oraclePrice = Number(oraclePrice)
    tickWidth = Number(tickWidthBps) / Number(1e4)
    (tick, fraction) = (0, Number(0))
    try move(to: position)
    let mu = Number(oraclePrice)
    let liquidity = (Number(reserves.a) * Number(reserves.b)).squareRoot
    let split = fraction
    func piece(_ i: Int, _ from: Number, _ to: Number, _ scale: Number) -> Piece {
      let u = table.relativePrices[i - table.lowestTick]
      let mass = table.masses[i - table.lowestTick]
      let capacity = liquidity * mass / (mu * u).squareRoot * scale
      return Piece(tick: i, from: from, to: to, price: mu * u, capacityB: capacity)
    }
    let (zero, one) = (Number(0), Number(1))
    // what each side would offer at scale 1
    let ticks = table.lowestTick..<table.upperTick
    let all = ticks.map { piece($0, zero, one, one) }
    var (offeredA, offeredB) = (zero, zero)
    for tick in all {
      let below = tick.tick < self.tick ? one : tick.tick > self.tick ? zero : split
      offeredA = offeredA + tick.capacityB * tick.price * below
      offeredB = offeredB + tick.capacityB * (one - below)
    }
    func scale(_ reserve: Double, _ offered: Number) -> Number {
      guard zero < offered else { return zero }
      let ratio = Number(reserve) / offered
      return funding == .geometricMean && one < ratio ? one : ratio
    }
    let (scaleA, scaleB) = (scale(reserves.a, offeredA), scale(reserves.b, offeredB))
    pieces = ticks.flatMap { i -> [Piece] in
      if i < tick { return [piece(i, zero, one, scaleA)] }
      if i > tick || !(zero < split) { return [piece(i, zero, one, scaleB)] }
      return [piece(i, zero, split, scaleA), piece(i, split, one, scaleB)]
    }
  }

  /// Puts the pool elsewhere on the curve.
  ///
  /// - Throws: `DAMMError.positionOutside`.
  public mutating func move(to position: Position) throws(DAMMError) {
    let atEnd = position.tick == table.upperTick && position.fraction == 0
    guard atEnd || (position.tick >= table.lowestTick && position.tick < table.upperTick) else {
      throw .positionOutside(
        price: coordinate(position.tick, Number(position.fraction)).double,
        lowest: coordinate(table.lowestTick, Number(0)).double,
        highest: coordinate(table.upperTick, Number(0)).double)
    }
    (tick, fraction) = (position.tick, Number(position.fraction))
  }

  /// The position as a price coordinate, `mu (1 + (i + f) w)`.
  public var price: Number { coordinate(tick, fraction) }

  private func coordinate(_ tick: Int, _ fraction: Number) -> Number {
    oraclePrice * (Number(1) + (Number(Double(tick)) + fraction) * tickWidth)
  }

  /// What the loop did.
  public struct Fill: Sendable {
    /// Amount of A, with the fee of who buys and without that of who sells.
    public var a = Number(0)
    /// Fee in A.
    public var fee = Number(0)
    /// What rounding the terms of the fee rates is relative to: A times `f0 + v s + c |i| w`.
    public var feeTerms = Number(0)
    /// Amount of B.
    public var b = Number(0)
    /// Ticks that gave something.
    public var ticksCrossed = 0
    /// Why it stopped.
    public var stop = Stop.exhausted
    /// What is left of the amount fixed; meaningless for a swap to a price.
    public var left = Number(0)
  }

  /// Carries an order out, tick by tick.
  public mutating func swap(_ order: Order) -> Fill {
    let zero = Number(0)
    var fill = Fill()
    let buying = order.side == .buy
    var (fixesA, target): (Bool, Double?) = (false, nil)
    switch order.size {
    case .amount(let value): fill.left = Number(value)
    case .notional(let value): (fixesA, fill.left) = (true, Number(value))
    case .toPrice(let price): target = price
    }
    // the nearer of a target and a limit, in ticks from the oracle price
    let bounds = [(target, Stop.complete), (order.limit, .priceLimit)]
      .compactMap { price, stop in
        price.map { ((Number($0) - oraclePrice) / (oraclePrice * tickWidth), stop) }
      }
    let bound = buying ? bounds.min { $0.0 < $1.0 } : bounds.max { $0.0 < $1.0 }
    // Where the walk is, and where it must stop, inside a tick: as fractions of it, never as a
    // difference of positions, so that a small step keeps its digits.
    func inside(_ ticks: Number, _ tick: Int) -> Number { ticks - Number(Double(tick)) }
    if let bound {
      let ahead = inside(bound.0, tick)
      guard buying ? fraction < ahead : ahead < fraction else {
        fill.stop = bound.1
        return fill
      }
    }
    var lastTick: Int?
    let start = (tick: tick, fraction: fraction)
    for piece in buying ? pieces : pieces.reversed() {
      guard buying ? piece.tick >= start.tick : piece.tick <= start.tick else { continue }
      var (from, to) = buying ? (piece.from, piece.to) : (piece.to, piece.from)
      if piece.tick == start.tick {
        from = buying ? max(from, start.fraction) : min(from, start.fraction)
      }
      guard buying ? from < to : to < from else { continue }
      var limited = false
      if let bound {
        let stop = inside(bound.0, piece.tick)
        limited = buying ? !(to < stop) : !(stop < to)
        if limited { to = stop }
      }
      let part = buying ? to - from : from - to
      let rate = fees.rate(order.side, piece.tick)
      let b = piece.capacityB * part
      let bare = b * piece.price
      let fee = bare * rate
      let a = buying ? bare + fee : bare - fee
      let terms = bare * fees.terms(piece.tick)
      let whole = fixesA ? a : b
      if zero < b, piece.tick != lastTick {
        fill.ticksCrossed += 1
        lastTick = piece.tick
      }
      if target == nil, !(whole < fill.left) {
        let share = fill.left / whole
        fill.fee = fill.fee + fee * share
        fill.feeTerms = fill.feeTerms + terms * share
        fill.a = fill.a + a * share
        fill.b = fill.b + b * share
        fill.left = zero
        fill.stop = .complete
        stand(at: piece.tick, from + (buying ? part * share : zero - part * share))
        return fill
      }
      fill.fee = fill.fee + fee
      fill.feeTerms = fill.feeTerms + terms
      fill.a = fill.a + a
      fill.b = fill.b + b
      fill.left = fill.left - whole
      stand(at: piece.tick, to)
      if limited, let bound {
        fill.stop = bound.1
        return fill
      }
    }
    return fill
  }

  private mutating func stand(at tick: Int, _ fraction: Number) {
    let full = !(fraction < Number(1))
    (self.tick, self.fraction) = full ? (tick + 1, Number(0)) : (tick, fraction)
  }
}
