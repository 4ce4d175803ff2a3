import DAMM

/// A tick pool in real numbers that can cap depth when it reforms: between the new oracle price and the
/// position, where those trade who come back, no price then has more depth than it had before.
///
/// A model for measurements, not a ledger: no shares, no lots, and only orders that fix B. Without the cap it
/// trades and reforms as `Pool` does, to rounding.
package struct CappedTicks: Auditable, Sendable {
  /// A stretch of the curve with one price.
  private struct Piece {
    /// What it trades at.
    var price: Double
    /// Price coordinates from which to which it reaches.
    var from, to: Double
    /// B that it holds when it holds B only.
    var depth: Double
  }

  package let actions: [AuditAction]
  private let changes: [AuditedPool.ReadingChange]
  private let terms: PoolTerms
  private let isCapped: Bool
  /// Fees as rates of the A that moves: of all trades, and of those behind a reform besides.
  private let fee, surge: Double
  private let liquidity: Double
  private var most: (taken: Double, brought: Double)

  private let ticks = Ticks()

  private var pieces: [Piece] = []
  /// Pieces below it are sold, and so is a part of it.
  private var place = 0
  private var part = 0.0
  private var reserves: Reserves
  private var fees = 0.0
  private var reading: OracleReading
  private var readingsLeft: Int
  private var hasReformed = false
  /// B that trades have taken out.
  private var taken = 0.0

  /// - Parameters:
  ///   - terms: shape, half width, tick width and funding; fees are those that follow.
  ///   - fee: of both directions, as a rate.
  ///   - surge: what is added to it behind a reform.
  ///   - part: how far trades may lead, as a part of what the side offers.
  package init(
    _ terms: PoolTerms, _ reading: OracleReading, _ reserves: Reserves, isCapped: Bool = true,
    fee: Double,
    surge: Double = 0, changes: [AuditedPool.ReadingChange], mostReadings: Int = 1, part: Double
  ) throws {
    (self.terms, self.reading, self.reserves) = (terms, reading, reserves)
    (self.isCapped, self.fee, self.surge) = (isCapped, fee, surge)
    self.changes = changes
    readingsLeft = mostReadings
    liquidity = (reserves.a * reserves.b).squareRoot()
    actions =
      [AuditAction("buy", .trade, .init("B")), AuditAction("sell", .trade, .init("B"))]
      + changes.map { AuditAction($0.name, .other) }
    most = (0, 0)
    let (new, place) = try form(reading, at: reading.price)
    (pieces, self.place) = (new, place)
    let offered = new[place...].reduce(0) { $0 + $1.depth }
    let wanted = new[..<place].reduce(0) { $0 + $1.depth }
    most = (part * offered, part * wanted)
  }

  package var holdings: Holdings { Holdings(a: reserves.a + fees, b: reserves.b) }

  package var noise: Holdings {
    Holdings(
      a: 1e-11 * (reserves.a + reserves.b * reading.price),
      b: 1e-11 * (reserves.b + reserves.a / reading.price))
  }

  package func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    guard action < 2 else { return nil }
    let most = action == 0 ? most.taken : most.brought
    return most > 0 ? most * 1e-6...most : nil
  }

  package mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(DAMMError) {
    switch action {
    case 0: try buy(amounts.first)
    case 1: try sell(amounts.first)
    default: try reform(changes[action - 2])
    }
  }

  private var rate: Double { fee + (hasReformed ? surge : 0) }

  private mutating func buy(_ amount: Double) throws(DAMMError) {
    try Domain.check(
      taken + amount, "B away from the start", in: -most.brought...most.taken * (1 + 1e-9))
    var (left, a, next, done) = (amount, 0.0, place, part)
    while left > 0, next < pieces.count {
      let piece = pieces[next]
      let here = min(left, piece.depth * (1 - done))
      a += here * piece.price
      left -= here
      if left > 0 { (next, done) = (next + 1, 0) } else { done += here / piece.depth }
    }
    try Domain.check(left, "B that is not there", in: 0...0)
    try settle(a, amount, fee: a * rate)
    (place, part) = (next, min(done, 1))
  }

  private mutating func sell(_ amount: Double) throws(DAMMError) {
    try Domain.check(
      taken - amount, "B away from the start", in: -most.brought * (1 + 1e-9)...most.taken)
    var (left, a, next, done) = (amount, 0.0, place, part)
    while left > 0 {
      if done == 0 || next == pieces.count {
        guard next > 0 else { break }
        (next, done) = (next - 1, 1)
        continue
      }
      let piece = pieces[next]
      let here = min(left, piece.depth * done)
      a += here * piece.price
      left -= here
      done = left > 0 ? 0 : max(0, done - here / piece.depth)
    }
    try Domain.check(left, "B that finds no buyer", in: 0...0)
    try settle(-a, -amount, fee: a * rate)
    (place, part) = (next, done)
  }

  private mutating func settle(_ a: Double, _ b: Double, fee: Double) throws(DAMMError) {
    reserves = try Reserves(a: reserves.a + a, b: reserves.b - b)
    fees += fee
    taken += b
  }

  // MARK: Forming

  /// The ticks of every volatility that has come up, free of scale: of all copies, on one thread.
  private final class Ticks: @unchecked Sendable {
    private var known: [Double: [(from: Double, to: Double, depth: Double)]] = [:]

    func at(
      _ sigma: Double, _ terms: PoolTerms
    ) throws(DAMMError) -> [(from: Double, to: Double, depth: Double)] {
      if let ticks = known[sigma] { return ticks }
      let table = try TickTable(
        CurveShape(
          terms.shape, relativeSigma: sigma, halfWidth: terms.halfWidth,
          tickWidthBps: terms.tickWidthBps))
      let ticks = (table.lowestTick..<table.upperTick).map {
        (
          table.relativePrice(ofTick: $0), table.relativePrice(ofTick: $0 + 1),
          table.capacityB(ofTick: $0)
        )
      }
      known[sigma] = ticks
      return ticks
    }
  }

  /// The pieces of a curve that stands at a price coordinate, and the first of them that is not sold.
  private func form(
    _ reading: OracleReading, at price: Double
  ) throws(DAMMError) -> (pieces: [Piece], place: Int) {
    let (mu, unit) = (reading.price, liquidity / reading.price.squareRoot())
    let ticks = try ticks.at(reading.relativeSigma, terms)
    var pieces: [Piece] = []
    pieces.reserveCapacity(ticks.count + 1)
    var end = 0
    var (a, b) = (0.0, 0.0)
    for tick in ticks {
      let (from, to) = (mu * tick.from, mu * tick.to)
      var piece = Piece(price: from, from: from, to: to, depth: unit * tick.depth)
      if from < price, price < to {
        // its tick is two pieces, each with the scale of its side
        let below = piece.depth * (price - from) / (to - from)
        pieces.append(Piece(price: from, from: from, to: price, depth: below))
        a += below * from
        (piece.from, piece.depth) = (price, piece.depth - below)
      }
      if piece.from < price {
        a += piece.depth * from
        pieces.append(piece)
        end = pieces.count
      } else {
        end = b == 0 ? pieces.count : end
        b += piece.depth
        pieces.append(piece)
      }
    }
    func scale(_ reserve: Double, _ offered: Double) -> Double {
      guard offered > 0 else { return 0 }
      return terms.funding == .full ? reserve / offered : min(1, reserve / offered)
    }
    let (scaleA, scaleB) = (scale(reserves.a, a), scale(reserves.b, b))
    for index in pieces.indices { pieces[index].depth *= index < end ? scaleA : scaleB }
    return (pieces, end)
  }

  private mutating func reform(_ change: AuditedPool.ReadingChange) throws(DAMMError) {
    try Domain.check(Double(readingsLeft), "readings left", in: 1...Double(Int32.max))
    let next = try OracleReading(
      price: reading.price * (1 + change.price),
      relativeSigma: reading.relativeSigma * (1 + change.sigma))
    let price =
      place < pieces.count
      ? pieces[place].from + part * (pieces[place].to - pieces[place].from)
      : pieces[pieces.count - 1].to
    var (new, there) = try form(next, at: price)
    if isCapped { cap(&new, between: min(next.price, price), max(next.price, price)) }
    (pieces, place, part, reading) = (new, there, 0, next)
    readingsLeft -= 1
    hasReformed = true
  }

  /// Takes from pieces that lie between two prices what they have more than the same prices had before.
  private func cap(_ new: inout [Piece], between low: Double, _ high: Double) {
    var old = 0
    for index in new.indices where new[index].to > low && new[index].from < high {
      let piece = new[index]
      while old < pieces.count, pieces[old].to <= piece.from { old += 1 }
      var (before, at) = (0.0, old)
      while at < pieces.count, pieces[at].from < piece.to {
        let there = pieces[at]
        let common = min(there.to, piece.to) - max(there.from, piece.from)
        before += there.depth * max(0, common) / (there.to - there.from)
        at += 1
      }
      new[index].depth = min(piece.depth, before)
    }
  }
}
