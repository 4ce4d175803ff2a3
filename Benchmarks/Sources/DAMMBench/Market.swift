import CPeers
import DAMM
import DAMMReference

/// One curve, as each contender holds it.
final class Market: @unchecked Sendable {
  let shape: CurveShape
  let table: TickTable
  let curve: Curve
  let price = 3000.0
  let reserves: Reserves
  /// The peers' table.
  let peer: UnsafeMutablePointer<peer_curve>
  /// `w`.
  let tickWidth: Double
  /// B on offer, and what the first tick above the oracle price holds of it.
  let whole: (b: Double, a: Double)
  let firstTick: (b: Double, a: Double)
  /// 20 digits; made when something is to be proved.
  private(set) lazy var referenceTable = Result { try ReferenceTable<Wide>(taylor: shape) }
  private(set) lazy var reference = Result {
    try ReferenceCurve(
      table: referenceTable.get(), tickWidthBps: shape.tickWidthBps, oraclePrice: price,
      reserves: reserves)
  }

  /// The normal curve with so many ticks, 6 standard deviations a side. Ticks are narrower than a
  /// basis point where a side of those would come near a price of zero.
  static func shape(ticks: Int) throws -> CurveShape {
    let bps = ticks > 6_000 ? 12_000 / Double(ticks) : 1
    return try CurveShape(
      relativeSigma: Double(ticks / 2) * bps / 6e4, halfWidth: 6, tickWidthBps: bps)
  }

  /// - Parameter ticks: in all, half of them a side.
  init(ticks: Int) throws {
    shape = try Self.shape(ticks: ticks)
    tickWidth = shape.tickWidthBps / 1e4
    table = try TickTable(shape)
    reserves = try Reserves(a: 3e6, b: 1000)
    curve = try Curve(table: table, oraclePrice: price, reserves: reserves)
    let side = table.upperTick
    precondition(table.count == ticks && table.lowestTick == -side)
    precondition(curve.scaleA == 1 && curve.scaleB == 1, "the peers know no scales")
    peer = peer_curve_create(
      price, shape.relativeSigma, shape.halfWidth, tickWidth, curve.liquidity, Int64(side))
    let offered = curve.offered
    whole = (offered.b, offered.a)
    let (above, below) = (try curve.depth(ofTick: 0), try curve.depth(ofTick: -1))
    firstTick = (above.b, below.a)
  }

  deinit { peer_curve_destroy(peer) }

  var ticks: Int { table.count }
  /// As it is printed.
  var title: String { "\(grouped(ticks)) ticks" }

  /// What an order of this kind would take at most, and what the first tick has of it.
  func reach(_ side: Side, _ fixed: Order.Fixed) -> (whole: Double, firstTick: Double) {
    switch (side, fixed) {
    case (.buy, .amount): (whole.b, firstTick.b)
    case (.sell, .notional): (whole.a, firstTick.a)
    case (.buy, .notional): (paid(.buy, .amount(whole.b)), paid(.buy, .amount(firstTick.b)))
    case (.sell, .amount): (paid(.sell, .notional(whole.a)), paid(.sell, .notional(firstTick.a)))
    }
  }

  private func paid(_ side: Side, _ size: Order.Size) -> Double {
    curve.quote(try! Order(side, size)).amountIn
  }

  /// Exact answers to orders that all start at the oracle price.
  func exact(_ side: Side, _ fixed: Order.Fixed, _ values: some Sequence<Double>) -> [Exact] {
    let reference = try! self.reference.get()
    return values.map { value in
      var pool = reference
      let size: Order.Size = fixed == .amount ? .amount(value) : .notional(value)
      return pool.exact(try! Order(side, size))
    }
  }
}

/// A whole number with commas.
func grouped(_ number: Int) -> String {
  var digits = Array(String(abs(number)))
  for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
  return (number < 0 ? "-" : "") + String(digits)
}
