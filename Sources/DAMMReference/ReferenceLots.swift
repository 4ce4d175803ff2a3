import DAMMModel

/// A curve in lots by the slow path: a loop over ticks lays them end to end, in lots of B sold, each at its
/// own price, as the definition says it. Sums have 128 binary places. What one tick holds is given.
///
/// `F(n)` is the A that the curve holds after `n` lots of B beyond what it held at the anchor, `Q(n) = ceil F(n)`.
/// A real number within `dust` of a whole one counts as that.
public struct ReferenceLots: Sendable {
  /// The ticks of a curve at liquidity and oracle price 1.
  public struct Ticks: Sendable {
    let lowest: Int
    let width: Wide
    let prices: [Wide]
    let capacities: [Wide]

    var upper: Int { lowest + prices.count }

    /// Ticks whose prices `u_i` and capacities of B, `m_i / sqrt(u_i)`, are given numbers.
    public init(lowest: Int, widthBps: Double, prices: [Double], capacities: [Double]) {
      self.lowest = lowest
      width = Wide(widthBps) / Wide(1e4)
      self.prices = prices.map { Wide($0) }
      self.capacities = capacities.map { Wide($0) }
    }

    /// Ticks of a table by the slow path.
    public init(_ table: ReferenceTable<Wide>, widthBps: Double) {
      lowest = table.lowestTick
      width = Wide(widthBps) / Wide(1e4)
      prices = table.relativePrices
      capacities = zip(table.masses, prices).map { $0 / $1.squareRoot }
    }
  }

  /// A piece of a tick on one side of the place of forming, from the edge that is nearer to it.
  struct Piece: Sendable {
    let tick: Int
    let price: Wide
    /// Where in the tick it lies, as sold fractions.
    let fractions: (near: Wide, far: Wide)
    /// Lots of B in the whole tick.
    var capacity: Wide
    /// Lots of B sold at its edges, and the A held there.
    var sold: (near: FixedPoint, far: FixedPoint)
    var held: (near: FixedPoint, far: FixedPoint)
    /// Fees of all A from the anchor on, selling and buying.
    var fees: (near: [FixedPoint], far: [FixedPoint])
    /// Their rates, of the A that moves.
    let rates: [Wide]
  }

  /// What is less than this is no part of a lot.
  public static let dust = 0x1p-40
  /// Beyond so many lots of either token no ledger goes.
  public static let mostLots = 1 << 49

  let ticks: Ticks
  let oraclePrice: Double
  /// Rates of a tick's fee, selling and buying.
  let rates: @Sendable (Int) -> [Double]
  /// `l`, in lots.
  public internal(set) var liquidity: Wide
  /// A and B that were on offer at scale 1 when the curve was formed, in lots.
  public let offeredAtForming: (a: Wide, b: Wide)
  /// Pieces above and below the place of forming, outwards.
  var above: [Piece] = []
  var below: [Piece] = []
  /// Lots of B sold at the place of forming, the A held and the fees there.
  var formed: (sold: FixedPoint, held: FixedPoint, fees: [FixedPoint])
  let formedTick: Int
  /// Lots of B sold at the last whole lots before the ends, counted from the anchor.
  public internal(set) var range = 0...0

  /// `l = sqrt(qA qB)` of reserves in lots.
  public static func liquidity(ofLots a: Int, _ b: Int) -> Wide {
    (Wide(Double(a)) * Wide(Double(b))).squareRoot
  }

  /// A curve that is formed where it stands, from where its lots are counted.
  ///
  /// - Parameters:
  ///   - ticks: what it is made of.
  ///   - oraclePrice: lots of A a lot of B.
  ///   - liquidity: in lots.
  ///   - scales: of what is offered below and above the place of forming.
  ///   - price: where it stands, as a price coordinate, clamped to the curve.
  ///   - rates: the fee of a tick, of the A that moves there, selling and buying.
  public init(
    _ ticks: Ticks, oraclePrice: Double, liquidity: Wide, scales: (a: Double, b: Double),
    atPrice price: Double, rates: @escaping @Sendable (Int) -> [Double] = { _ in [0, 0] }
  ) {
    (self.ticks, self.oraclePrice, self.liquidity, self.rates) = (
      ticks, oraclePrice, liquidity, rates
    )
    let place = Self.standing(atPrice: price, ticks, oraclePrice)
    let unit = liquidity / Wide(oraclePrice).squareRoot
    let zero = FixedPoint(0)
    formedTick = place.tick
    formed = (zero, zero, [zero, zero])
    func piece(_ tick: Int, _ scale: Double, _ near: Wide, _ far: Wide) -> Piece {
      let index = tick - ticks.lowest
      return Piece(
        tick: tick, price: ticks.prices[index] * oraclePrice, fractions: (near, far),
        capacity: ticks.capacities[index] * unit * scale, sold: (zero, zero), held: (zero, zero),
        fees: ([zero, zero], [zero, zero]), rates: rates(tick).map { Wide($0) })
    }
    let (lower, upper) = (Wide(0), Wide(1))
    func pieces(_ scaleA: Double, _ scaleB: Double) -> (below: [Piece], above: [Piece]) {
      var below = (ticks.lowest..<place.tick).reversed().map { piece($0, scaleA, upper, lower) }
      var above = (place.tick..<ticks.upper).map { piece($0, scaleB, lower, upper) }
      if lower < place.fraction {
        below.insert(piece(place.tick, scaleA, place.fraction, lower), at: 0)
        above[0] = piece(place.tick, scaleB, place.fraction, upper)
      }
      return (below, above)
    }
    let whole = pieces(1, 1)
    offeredAtForming = (
      whole.below.reduce(lower) {
        $0 + $1.capacity * ($1.fractions.near - $1.fractions.far) * $1.price
      },
      whole.above.reduce(lower) { $0 + $1.capacity * ($1.fractions.far - $1.fractions.near) }
    )
    (below, above) = pieces(scales.a, scales.b)
    Self.lay(&above, from: formed)
    Self.lay(&below, from: formed)
    setRange()
  }

  /// Lays pieces end to end outwards. What holds nothing is left out, and what no ledger reaches.
  private static func lay(
    _ pieces: inout [Piece], from formed: (FixedPoint, FixedPoint, [FixedPoint])
  ) {
    var (sold, held, fees) = formed
    var laid: [Piece] = []
    let limit = 0x1p66
    for var piece in pieces {
      let lots = piece.capacity * (piece.fractions.far - piece.fractions.near)
      guard lots.high != 0 else { continue }
      let a = lots * piece.price
      // so far out nobody looks at the end, only whether it is beyond
      func reached(_ x: FixedPoint, _ step: Wide) -> FixedPoint {
        let end = x.double + step.double
        return end.magnitude < limit ? x + FixedPoint(step) : FixedPoint(end < 0 ? -limit : limit)
      }
      let far = (
        reached(sold, lots), reached(held, a), zip(fees, piece.rates).map { reached($0, a * $1) }
      )
      (piece.sold, piece.held, piece.fees) = ((sold, far.0), (held, far.1), (fees, far.2))
      laid.append(piece)
      (sold, held, fees) = far
      if sold.double.magnitude == limit || held.double.magnitude == limit { break }
    }
    pieces = laid
  }

  // MARK: Places

  /// The tick of a price coordinate and the sold fraction of it, clamped to the curve.
  static func place(
    ofPrice price: Double, _ ticks: Ticks, _ oraclePrice: Double
  ) -> (tick: Int, fraction: Wide) {
    func coordinate(_ tick: Int) -> Wide {
      (Wide(1) + ticks.width * Double(tick)) * oraclePrice
    }
    if !(coordinate(ticks.lowest) < Wide(price)) { return (ticks.lowest, Wide(0)) }
    if !(Wide(price) < coordinate(ticks.upper)) { return (ticks.upper, Wide(0)) }
    let width = ticks.width * oraclePrice
    let guess = Int(((Wide(price) - Wide(oraclePrice)) / width).floor.double)
    for tick in [guess, guess - 1, guess + 1] {
      let fraction = (Wide(price) - coordinate(tick)) / width
      if !(fraction < Wide(0)), fraction < Wide(1) { return (tick, fraction) }
    }
    return (guess, Wide(0))
  }

  /// Where a curve is formed that is to stand at a price coordinate: what equals the rounded price of an end
  /// is that end.
  private static func standing(
    atPrice price: Double, _ ticks: Ticks, _ oraclePrice: Double
  ) -> (tick: Int, fraction: Wide) {
    for end in [ticks.lowest, ticks.upper] {
      let coordinate = (Wide(1) + ticks.width * Double(end)) * oraclePrice
      if price == coordinate.double { return (end, Wide(0)) }
    }
    return place(ofPrice: price, ticks, oraclePrice)
  }

  /// Lots of B sold at a place.
  func sold(at place: (tick: Int, fraction: Wide)) -> FixedPoint {
    for pieces in [below, above] {
      guard let piece = pieces.first(where: { $0.tick == place.tick }) else { continue }
      let (near, far) = piece.fractions
      let (low, high) = near < far ? (near, far) : (far, near)
      guard !(place.fraction < low), !(high < place.fraction) else { continue }
      return piece.sold.near + FixedPoint(piece.capacity * (place.fraction - near))
    }
    // no liquidity there
    let beyond = place.tick < formedTick ? below : above
    let reached = beyond.last {
      place.tick < formedTick ? $0.tick > place.tick : $0.tick < place.tick
    }
    return reached?.sold.far ?? formed.sold
  }

  // MARK: Other liquidity

  /// Multiplies the liquidity and every capacity by `numerator / denominator` where `n` lots lead, and counts
  /// lots from there.
  public mutating func scale(by numerator: Int, over denominator: Int, after n: Int) {
    func wide(_ x: Int) -> Wide { Wide(Double(x >> 32)) * 0x1p32 + Wide(Double(x & 0xFFFF_FFFF)) }
    let ratio = wide(numerator) / wide(denominator)
    // dust may have led beyond an end, where nothing is
    let (bottom, top) = (below.last?.sold.far ?? formed.sold, above.last?.sold.far ?? formed.sold)
    let (sold, held) = (min(max(FixedPoint(n), bottom), top), self.heldExactly(after: n))
    let fees = [0, 1].map { charged(held, $0) }
    func scaled(_ x: FixedPoint, _ origin: FixedPoint) -> FixedPoint { (x - origin) * ratio }
    func scaled(_ x: [FixedPoint]) -> [FixedPoint] { zip(x, fees).map(scaled) }
    func scaled(_ pieces: [Piece]) -> [Piece] {
      pieces.map { piece in
        var piece = piece
        piece.capacity = piece.capacity * ratio
        piece.sold = (scaled(piece.sold.near, sold), scaled(piece.sold.far, sold))
        piece.held = (scaled(piece.held.near, held), scaled(piece.held.far, held))
        piece.fees = (scaled(piece.fees.near), scaled(piece.fees.far))
        return piece
      }
    }
    (above, below) = (scaled(above), scaled(below))
    formed = (scaled(formed.sold, sold), scaled(formed.held, held), scaled(formed.fees))
    liquidity = liquidity * ratio
    setRange()
  }
}
