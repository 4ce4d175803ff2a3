import DAMMModel

/// What must hold after every action on a shared pool and its markets, each by its name in a report.
enum SharedLaw: String, CaseIterable {
  case conservation =
    "what came in less what got out is in the pool, its fees and the markets' books"
  case refusalsChangeNothing = "what throws changes nothing"
  case refusedAsItShould = "a settlement is refused just where the rules say so"
  case once = "no settlement is applied twice, and numbers have no gaps"
  case keyed = "only who shows the key settles"
  case creditsCovered = "own tokens cover all credits at the floor"
  case creditsAddUp = "credits fall by what they gave, and their sum is the pool's"
  case granted = "what is within a credit is not refused"
  case floor = "no settlement leaves less health than the floor"
  case allowance = "falls of one market on one UTC day stay within its allowance"
  case falls = "the pool counts the falls of a market as they are"
  case liquidity = "behind a settlement a market has the liquidity of the pool"
  case fair = "shares cost and pay their part and leave the health as it is"
  case exits = "refund and penalty are the amount, by the schedule"
  case answers = "an answer says what moved"
  case quoteIsSwap = "a quote is the swap"
  case room = "who trades within its room, alone, settles"
}

/// A law that an action broke.
struct SharedViolation: Error, CustomStringConvertible {
  var law: SharedLaw
  var detail: String

  var description: String { "\(law.rawValue): \(detail)" }
}

/// A fault that a pool could have, and each law that finds it alone.
enum SharedFault: String, CaseIterable {
  case appliesTwice, skipsNumbers, forgetsKey
  case ignoresAllowance, ignoresFloor, endsNoDay, refusesCredit, keepsCredit
  case countsLiquidityTwice, losesFees, refusalTakesALot, appliesHalf
  case addHeals, exitHeals, saysLess, closedSettles

  var laws: [SharedLaw] {
    switch self {
    case .appliesTwice: [.once, .conservation]
    case .skipsNumbers: [.once]
    case .forgetsKey: [.keyed]
    case .ignoresAllowance: [.allowance, .refusedAsItShould]
    case .ignoresFloor: [.floor, .creditsCovered, .refusedAsItShould]
    case .endsNoDay: [.refusedAsItShould, .falls, .room]
    case .refusesCredit: [.granted]
    case .keepsCredit: [.creditsAddUp]
    case .countsLiquidityTwice: [.liquidity]
    case .losesFees: [.conservation]
    case .refusalTakesALot: [.refusalsChangeNothing, .conservation]
    case .appliesHalf: [.conservation, .refusedAsItShould]
    case .addHeals: [.fair, .conservation]
    case .exitHeals: [.exits, .conservation]
    case .saysLess: [.answers]
    case .closedSettles: [.once]
    }
  }
}
