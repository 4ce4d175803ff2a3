import DAMM
import TestSupport

/// Orders files.
enum OrderFixture {
  static let header = "side,kind,value,limit"

  /// Seeded orders for the worked example, and the file that holds them.
  static func orders(_ count: Int, seed: UInt64 = 7) throws -> (orders: [Order], file: String) {
    var random = SplitMix64(seed: seed)
    var (orders, file) = ([Order](), header + "\n")
    for _ in 0..<count {
      let side = Side.allCases.randomElement(using: &random)!
      let limit = random.oneIn(2) ? random.uniform(95...105) : nil
      let (kind, size): (String, Order.Size) =
        switch Int.random(in: 0..<3, using: &random) {
        case 0: ("amount", .amount(random.logUniform(1e-6...5)))
        case 1: ("notional", .notional(random.logUniform(1e-4...500)))
        default: ("to-price", .toPrice(random.uniform(93...107)))
        }
      try orders.append(Order(side, size, limit: limit))
      let value =
        switch size {
        case .amount(let value), .notional(let value), .toPrice(let value): value
        }
      file += "\(side.rawValue),\(kind),\(value),\(limit.map { "\($0)" } ?? "")\n"
    }
    return (orders, file)
  }
}
