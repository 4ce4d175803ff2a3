import DAMMModel
import TestSupport

/// Who acts. Only the attacker is watched for gains as somebody who may do everything.
enum Actor: Int, CaseIterable {
  case trader, founder, provider, attacker
}

/// A size that is relative to what the pool has then, so that most actions do something after any others.
enum RelativeSize: Equatable {
  /// So many lots.
  case lots(Int)
  /// A part of what is there.
  case part(Double)
  /// All that is there, to the lot.
  case whole
  /// More than is there.
  case beyond

  func of(_ all: Int) -> Int {
    switch self {
    case .lots(let lots): lots
    case .part(let part): max(1, Int(Double(all) * part))
    case .whole: max(1, all)
    case .beyond: all + all / 2 + 7
    }
  }

  var simpler: [RelativeSize] {
    switch self {
    case .lots(1): []
    case .lots(let lots): [.lots(1), .lots(lots / 2)]
    case .part(let part): [.lots(1), .whole] + (part == 0.5 ? [] : [.part(0.5)])
    case .whole: [.lots(1)]
    case .beyond: [.whole]
    }
  }
}

/// What somebody does.
enum PoolAction: Equatable {
  enum Order: Equatable {
    case amount(RelativeSize)
    case notional(RelativeSize)
    /// A part of the way from the position to the end of the curve; less than 0 is behind it.
    case toPrice(Double)
  }

  case swap(Side, Order, limit: Double?)
  /// Shares as a part of the pool's; a term in seconds.
  case add(RelativeSize, term: Int64?)
  /// Lots as a part of the reserves.
  case addUpTo(a: RelativeSize, b: RelativeSize)
  case addOneSided(Token, RelativeSize)
  /// Shares of the actor's position, the one of that number modulo how many there are.
  case remove(Int, RelativeSize)
  /// One share at a time, so many times.
  case removeDust(Int, times: Int)
  case leaveEarly(Int)
  case claim(Int)
  case leaveAll
  case reform(price: Double, sigma: Double)
  /// The reading that the pool has.
  case reformAgain
  /// The other funding.
  case otherFunding
  case wait(Int64)
  /// What must be refused: by number, see `PoolWorld.refused`.
  case refused(Int)

  /// Its name without the sizes.
  var kind: String {
    switch self {
    case .swap(let side, .amount, nil): "\(side) B"
    case .swap(let side, .notional, nil): "\(side) A"
    case .swap(let side, .toPrice, _): "\(side) to price"
    case .swap(let side, _, _): "\(side) with limit"
    case .add(_, nil): "add"
    case .add: "add with lock"
    case .addUpTo: "add up to"
    case .addOneSided(let token, _): token == .a ? "add A alone" : "add B alone"
    case .remove: "remove"
    case .removeDust: "remove dust"
    case .leaveEarly: "leave early"
    case .claim: "claim"
    case .leaveAll: "leave all"
    case .reform: "reform"
    case .reformAgain: "reform again"
    case .otherFunding: "other funding"
    case .wait: "wait"
    case .refused: "refused"
    }
  }
}

/// An action, who does it, and a number that what is tried on copies behind it is drawn from.
struct PoolStep: Equatable, CustomStringConvertible {
  var actor: Actor
  var action: PoolAction
  var salt: UInt64

  var description: String { "\(actor) \(action) salt \(salt)" }

  /// Simpler steps, the simplest first.
  var simpler: [PoolStep] {
    let actions: [PoolAction] =
      switch action {
      case .swap(let side, let order, let limit):
        (limit == nil ? [] : [.swap(side, order, limit: nil)])
          + {
            switch order {
            case .amount(let size): size.simpler.map { .swap(side, .amount($0), limit: limit) }
            case .notional(let size): size.simpler.map { .swap(side, .notional($0), limit: limit) }
            case .toPrice: [.swap(side, .amount(.whole), limit: limit)]
            }
          }()
      case .add(let size, let term):
        (term == nil ? [] : [.add(size, term: nil)]) + size.simpler.map { .add($0, term: term) }
      case .addUpTo(let a, let b):
        a.simpler.map { .addUpTo(a: $0, b: b) } + b.simpler.map { .addUpTo(a: a, b: $0) }
      case .addOneSided(let token, let size): size.simpler.map { .addOneSided(token, $0) }
      case .remove(let position, let size): size.simpler.map { .remove(position, $0) }
      case .removeDust(let position, let times):
        times > 1 ? [.removeDust(position, times: 1), .removeDust(position, times: times / 2)] : []
      case .reform(let price, let sigma):
        (price == 1 ? [] : [.reform(price: 1, sigma: sigma)])
          + (sigma == 1 ? [] : [.reform(price: price, sigma: 1)])
      default: []
      }
    return actions.map { PoolStep(actor: actor, action: $0, salt: salt) }
  }
}
