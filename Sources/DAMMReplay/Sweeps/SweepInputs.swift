import DAMMModel

/// What a sweep replays: its steps, and a fingerprint by which two machines, or two days, know that they have the same.
public struct SweepInputs: Sendable {
  /// The steps.
  public let steps: [ReplayStep]
  /// SHA-256 of all numbers of all steps, in hexadecimal digits, whatever files they come from.
  public let fingerprint: String

  /// Of the words that are hashed.
  private static let format: UInt64 = 1

  /// Inputs.
  ///
  /// - Complexity: linear in the steps.
  public init(_ steps: [ReplayStep]) {
    self.steps = steps
    var hash = SHA256()
    hash.take(Self.format)
    for step in steps { hash.take(step) }
    fingerprint = hash.digest()
  }
}

extension SHA256 {
  fileprivate mutating func take(_ value: Double) { take(value.bitPattern) }

  fileprivate mutating func take(_ value: Double?) {
    take(value == nil ? 0 : 1 as UInt64)
    if let value { take(value) }
  }

  fileprivate mutating func take(_ step: ReplayStep) {
    take(UInt64(bitPattern: step.time.secondsSince1970))
    take(step.price)
    take(step.impliedVolatility)
    take(UInt64(step.orders.count))
    for order in step.orders {
      let (kind, value): (UInt64, Double) =
        switch order.size {
        case .amount(let value): (0, value)
        case .notional(let value): (1, value)
        case .toPrice(let value): (2, value)
        }
      take(kind << 1 | (order.side == .buy ? 1 : 0))
      take(value)
      take(order.limit)
    }
    take(step.recorded == nil ? 0 : 1 as UInt64)
    guard let recorded = step.recorded else { return }
    take(recorded.price)
    take(recorded.liquidity)
    take(recorded.inA)
    take(recorded.inB)
    take(recorded.averagePrice)
  }
}
