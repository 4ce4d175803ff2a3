import DAMMShared

/// Why a ledger cannot be used, or is not what its log says.
public enum LedgerError: Error, Sendable, Equatable {
  /// The store holds no pool yet.
  case notFounded
  /// The store holds a pool already.
  case founded
  /// A row of the log is not what the rows before it lead to.
  case wrongRow(Int, why: String)
  /// What is stored beside the log is not what the log leads to.
  case stateDiffers(String)
  /// The lots that came and went do not add up to those that are there.
  case lotsDiffer(String)
  /// A market's own book holds another market, or another kind of one, or is none.
  case otherMarket(String)
}

extension LedgerError: CustomStringConvertible {
  /// One sentence: what is wrong and where.
  public var description: String {
    switch self {
    case .notFounded: "the ledger holds no pool yet: found one first."
    case .founded: "the ledger holds a pool already."
    case .wrongRow(let number, let why): "row \(number) of the log is wrong: \(why)."
    case .stateDiffers(let what): "what is stored is not what the log leads to: \(what)."
    case .lotsDiffer(let what): "lots are missing, or too many: \(what)."
    case .otherMarket(let what): "this is not the book of that market: \(what)."
    }
  }
}
