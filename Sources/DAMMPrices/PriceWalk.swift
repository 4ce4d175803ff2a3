import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// A trade against price functions: the one loop behind quotes, swaps and adds.
///
/// It goes from break to break until the amount that was fixed is reached, or an end. Between two breaks the
/// last move is found by Newton's steps, exact where the price is proportional to the ratio; they integrate forward only, so that amounts are sums of
/// positive numbers and dust keeps its digits.
struct PriceWalk<Prices: PriceFunctions> {
  /// What the trade is to reach.
  enum Target {
    /// An amount of B, and the reserve of B at the start.
    case b(Double, of: Double)
    /// The same of A.
    case a(Double, of: Double)
    case end
  }

  /// What was reached.
  struct Reached {
    /// `r`.
    var ratio: Double
    /// How far `ln r` moved.
    var moved = 0.0
    var logA = 0.0
    var logB = 0.0
    /// A that the trader paid or got, over the reserve at the start.
    var tradedA = 0.0
    /// B, over the reserve at the start.
    var tradedB = 0.0
    /// A that the reserves got or gave, over the reserve at the start.
    var movedA = 0.0
    /// Some of what the trader paid or got less is not in the reserves.
    var hasToll = false
    var error = 0.0
    var isFilled = false
  }

  /// The longest step in `ln r` whose end nobody has seen yet.
  private static var longestStep: Double { 4 }
  /// What is left is so short a move, and so small a part, that a straight line finds it to the last bit.
  private static var straight: Double { 0x1p-34 }
  private static var mostSteps: Int { 400 }
  /// More breaks than the largest tick table has: functions that tell ever nearer ones end in an error.
  static var mostBreaks: Int { 1 << 22 }

  private let stretches: Stretches<Prices>
  private let target: Target
  /// The amount to reach, over the reserve at the start.
  private let wanted: Double
  /// What a reserve that pays the amount keeps, over itself at the start: the difference of two near numbers is
  /// exact, that of their quotient and 1 is not.
  private let kept: Double
  /// How far `ln r` may move.
  private let end: Double
  private(set) var reached: Reached

  /// - Parameters:
  ///   - ratio: where the pool stands.
  ///   - target: what to reach.
  ///   - end: how far `ln r` may move.
  init(
    _ stretches: Stretches<Prices>, from ratio: Double, to target: Target, end: Double
  ) {
    self.stretches = stretches
    self.target = target
    self.end = end
    switch target {
    case .a(let amount, of: let reserve), .b(let amount, of: let reserve):
      (wanted, kept) = (amount / reserve, (reserve - amount) / reserve)
    case .end: (wanted, kept) = (.infinity, -.infinity)
    }
    reached = Reached(ratio: ratio)
  }

  private var sign: Double { stretches.sign }

  /// Walks until the target or the end is reached.
  ///
  /// - Throws: `DAMMError.invalidPrice`, `.notIntegrable`; nothing is to be used then.
  mutating func run() throws(DAMMError) {
    var breaks = 0
    while reached.moved < end, !reached.isFilled {
      breaks += 1
      guard breaks <= Self.mostBreaks else { throw unsolved(to: end - reached.moved) }
      let (prices, side, time) = (stretches.prices, stretches.side, stretches.time)
      var length = end - reached.moved
      var edge: Double?
      if let ratio = prices.nextBreak(side, after: reached.ratio, at: time),
        side == .buy ? ratio > reached.ratio : ratio < reached.ratio
      {
        let distance = stretches.distance(from: reached.ratio, to: ratio)
        if distance < length { (length, edge) = (distance, ratio) }
      }
      try cross(length)
      if !reached.isFilled {
        if let edge { reached.ratio = edge } else { reached.moved = end }
      }
    }
  }

  /// Goes on by a length without a break, or until the target is reached within it.
  private mutating func cross(_ length: Double) throws(DAMMError) {
    if case .end = target {
      reached = try after(length)
      return
    }
    var (left, isSeen) = (length, false)  // to the nearest place known to be too far, or the end
    var trial = min(left, try step(from: reached))
    for _ in 0..<Self.mostSteps {
      let next = try after(trial)
      let rest = rest(at: next)
      let line = try line(at: next)
      // at a break the straight line would be that of the next stretch
      if abs(rest) <= (trial < left ? Self.straight : 0x1p-50) * min(wanted, line.fixed(target)) {
        reached = next
        return finish(rest, line)
      }
      if rest > 0 {
        reached = next
        if trial == left, !isSeen { return }
        left -= trial
        trial = try step(from: reached)
        if trial >= left { trial = isSeen ? left / 2 : left }
      } else {
        (left, isSeen) = (trial, true)
        trial += try step(from: next)
      }
      if !(trial > 0 && trial <= left) { trial = left / 2 }
      // nearer than that no two places differ
      guard left > 0x1p-54 * reached.moved, trial > 0 else { break }
    }
    // the last bit of the amount, or the error of an integral, is more than what moves it: any place so near
    // is right, as long as both reserves are those of that place
    guard rest(at: reached) <= (0x1p-46 + reached.error) * wanted else { throw unsolved(to: left) }
    reached.isFilled = true
  }

  private func unsolved(to left: Double) -> DAMMError {
    .notIntegrable(
      stretches.side, from: reached.ratio,
      to: stretches.ratio(reached.ratio, movedBy: left), error: .infinity,
      allowed: Tolerance.priceIntegral.relative)
  }

  /// What is left of the target, negative beyond it. Where that is most of a reserve, by what stays of it.
  private func rest(at place: Reached) -> Double {
    switch target {
    case .a where sign < 0 && wanted > 0.5 && !place.hasToll: exp(-place.logA) - kept
    case .b where sign > 0 && wanted > 0.5: exp(-place.logB) - kept
    case .a: wanted - place.tradedA
    case .b: wanted - place.tradedB
    case .end: .infinity
    }
  }

  /// Where moving on by `v` leads.
  private func after(_ v: Double) throws(DAMMError) -> Reached {
    let stretch = try stretches.stretch(from: reached.ratio, by: v)
    let (a, b) = (exp(sign * reached.logA), exp(-sign * reached.logB))
    var next = reached
    next.ratio = stretches.ratio(reached.ratio, movedBy: v)
    next.moved += v
    next.logA += stretch.logA
    next.logB += stretch.logB
    next.tradedA += a * stretch.traded
    next.tradedB -= b * sign * expm1(-sign * stretch.logB)
    next.movedA += a * sign * expm1(sign * stretch.logA)
    next.hasToll = next.hasToll || stretch.hasToll
    next.error = max(next.error, stretch.error)
    return next
  }

  /// Newton's step for the logarithm of the reserve whose amount is fixed; negative beyond the target.
  private func step(from place: Reached) throws(DAMMError) -> Double {
    let marginal = try stretches.marginal(place.ratio)
    let rest = rest(at: place)
    let step: Double
    switch target {
    case .b:
      let part = -sign * rest * exp(sign * place.logB)
      step = part > -1 ? -sign * log1p(part) / marginal.shareB : .infinity
    case .a:
      let part = sign * rest * exp(-sign * place.logA) / marginal.toll
      step = part > -1 ? sign * log1p(part) / marginal.shareA : .infinity
    case .end: return .infinity
    }
    return min(step, Self.longestStep)
  }

  /// What a small move does to the amounts, over the reserves at the start, for each unit of it.
  private struct Line {
    let marginal: Marginal
    let traded: Double
    let b: Double
    let moved: Double

    /// To the amount that is fixed.
    func fixed(_ target: Target) -> Double {
      switch target {
      case .a: traded
      case .b: b
      case .end: 0
      }
    }
  }

  private func line(at place: Reached) throws(DAMMError) -> Line {
    let marginal = try stretches.marginal(place.ratio)
    let (a, b) = (exp(sign * place.logA), exp(-sign * place.logB))
    return Line(
      marginal: marginal, traded: a * marginal.shareA * marginal.toll, b: b * marginal.shareB,
      moved: a * marginal.shareA)
  }

  /// The last bit of the way along a straight line.
  private mutating func finish(_ rest: Double, _ line: Line) {
    let v = rest / line.fixed(target)
    reached.tradedA += v * line.traded
    reached.tradedB += v * line.b
    switch target {
    case .a: reached.tradedA = wanted
    case .b: reached.tradedB = wanted
    case .end: break
    }
    reached.moved += v
    reached.logA += v * line.marginal.shareA
    reached.logB += v * line.marginal.shareB
    reached.movedA += v * line.moved
    reached.ratio = stretches.ratio(reached.ratio, movedBy: v)
    reached.isFilled = true
  }
}
