import DAMMModel
import TestSupport

/// Something that somebody does to a shared pool or one of its markets. Markets, positions and messages are
/// named by a number, modulo how many there are; sizes are parts of what there is then.
enum SharedAction: Equatable {
  enum Kind: Equatable { case amount, notional, toPrice }
  case swap(Int, Side, Kind, Double)
  /// Posts what is in the book.
  case post(Int, last: Bool)
  /// Brings a message to the pool: one that waits or an old one; whether the answer arrives.
  case deliver(Int, answers: Bool)
  /// Posts, and brings the message and the answer at once.
  case settle(Int)
  /// A message that no market sent: by number, see `SharedWorld.forge`.
  case forge(Int, kind: Int, Double)
  case addInMarket(Int, Double, same: Bool)
  case removeInMarket(Int, Double)
  case cancel(Int)
  case payInMarket(Int, Double)
  case reform(Int, price: Double)
  case open(kind: Int)
  case grant(Int, Double, Double)
  case add(Double, term: Int64?, tokens: Double, same: Bool)
  case remove(Int, Double)
  case leaveEarly(Int)
  case claim(Int)
  case payIn(Double)
  case observe(Double, Double)
  case redeem(Double)
  case wait(Int64)

  /// Its name.
  var kind: String {
    switch self {
    case .swap(_, let side, let kind, _): "\(side) \(kind)"
    case .add(_, let term, let tokens, _):
      term != nil ? "add with lock" : tokens > 0 ? "add with LP tokens" : "add"
    default: String("\(self)".prefix { $0 != "(" })
    }
  }
}

/// An action and a number that what is tried on copies behind it is drawn from.
struct SharedStep: Equatable, CustomStringConvertible {
  var action: SharedAction
  var salt: UInt64

  var description: String { "\(action) salt \(salt)" }

  /// Simpler steps, the simplest first.
  var simpler: [SharedStep] {
    func sizes(_ size: Double) -> [Double] { [1e-15, 1, 0.5].filter { $0 < size } }
    let actions: [SharedAction] =
      switch action {
      case .swap(let market, let side, let kind, let size):
        (kind == .amount ? [] : [.swap(market, side, .amount, size)])
          + sizes(size).map { .swap(market, side, kind, $0) }
      case .post(let market, _): [.settle(market)]
      case .deliver(let message, false): [.deliver(message, answers: true)]
      case .addInMarket(let market, let size, let same):
        sizes(size).map { .addInMarket(market, $0, same: same) }
      case .removeInMarket(let market, let size): sizes(size).map { .removeInMarket(market, $0) }
      case .add(let size, let term, let tokens, let same):
        (tokens > 0 ? [.add(size, term: term, tokens: 0, same: same)] : [])
          + sizes(size).map { .add($0, term: term, tokens: tokens, same: same) }
      case .remove(let position, let size): sizes(size).map { .remove(position, $0) }
      default: []
      }
    return actions.map { SharedStep(action: $0, salt: salt) }
  }

  /// Random steps: trades and settlements mostly.
  static func sequence(_ length: Int, _ random: inout SplitMix64) -> [SharedStep] {
    (0..<length).map { _ in
      SharedStep(action: action(&random), salt: random.next())
    }
  }

  private static func action(_ random: inout SplitMix64) -> SharedAction {
    let number = Int.random(in: 0..<64, using: &random)
    func size(_ random: inout SplitMix64) -> Double {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: 1e-15
      case 1: 1
      case 2: random.uniform(0...1.5)
      default: random.logUniform(1e-9...0.3)
      }
    }
    let side = Bool.random(using: &random) ? Side.buy : .sell
    switch Int.random(in: 0..<46, using: &random) {
    case 0..<8: return .swap(number, side, .amount, size(&random))
    case 8..<11: return .swap(number, side, .notional, size(&random))
    case 11..<15: return .swap(number, side, .toPrice, size(&random))
    case 15..<22: return .settle(number)
    case 22..<24: return .post(number, last: random.oneIn(30))
    case 24..<27: return .deliver(number, answers: !random.oneIn(3))
    case 27: return .forge(number, kind: Int.random(in: 0..<9, using: &random), size(&random))
    case 28..<30: return .addInMarket(number, size(&random), same: random.oneIn(2))
    case 30: return .removeInMarket(number, size(&random))
    case 31: return random.oneIn(3) ? .cancel(number) : .payInMarket(number, size(&random) / 10)
    case 32: return .reform(number, price: random.uniform(0.9...1.1))
    case 33:
      return random.oneIn(4)
        ? .open(kind: number) : .wait(Int64.random(in: 1...200_000, using: &random))
    case 34, 35: return .grant(number, size(&random), size(&random))
    case 36, 37: return .add(size(&random), term: nil, tokens: 0, same: random.oneIn(2))
    case 38:
      return .add(
        size(&random), term: Int64.random(in: 1...300_000, using: &random), tokens: 0, same: false)
    case 39: return .add(size(&random), term: nil, tokens: random.uniform(0...1.1), same: false)
    case 40: return .remove(number, size(&random))
    case 41: return .leaveEarly(number)
    case 42: return .claim(number)
    case 43: return .payIn(size(&random) / 10)
    case 44:
      return random.oneIn(3)
        ? .redeem(size(&random)) : .observe(random.logUniform(0.5...2), random.logUniform(0.5...2))
    default: return .wait(Int64.random(in: 1...30_000, using: &random))
    }
  }
}
