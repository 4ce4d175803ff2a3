import DAMMModel

extension Holdings {
  /// What is held of a token.
  subscript(token: Token) -> Double { token == .a ? a : b }
}

/// An amount as a sequence that is searched for says it: relative to what is there when its turn comes, so
/// that most sequences do something after any change.
enum AuditSize: Equatable, Sendable {
  /// A place on the logarithmic scale from the least to the most: 0 is the least.
  case place(Double)
  /// So much.
  case value(Double)
  /// What an action so many before this one gave or took of a token.
  case undo(Token, back: Int)
  /// What holdings of a token differ by from where the sequence should come back to.
  case difference(Token)
}

/// An action of a sequence that is searched for.
enum AuditGene: Equatable, Sendable {
  /// An action by its index, and its amounts.
  case act(Int, AuditSize, AuditSize)
  /// Takes everything that the outsider has deposited, and does the trade that brings one of the tokens
  /// back to what was held: the other one then tells gain from loss.
  case close
}

/// A sequence that is searched for.
struct AuditCandidate: Equatable, Sendable {
  var genes: [AuditGene]
  /// How many actions come before the loop that should close.
  var start = 0
}

/// An action as it was done: an index and the amounts themselves.
struct AuditMove: Equatable, Sendable {
  var action: Int
  var amounts: AuditAmounts

  /// The same as a gene.
  var gene: AuditGene { .act(action, .value(amounts.first), .value(amounts.second)) }
}

extension ClosedRange<Double> {
  /// A place on the scale of the bits of a number, which is logarithmic but for chords: no logarithm that
  /// would differ between machines. Both bounds are positive.
  func number(at place: Double) -> Double {
    let (low, high) = (lowerBound.bitPattern, upperBound.bitPattern)
    guard high > low, place > 0 else { return lowerBound }
    guard place < 1 else { return upperBound }
    return Double(bitPattern: low + UInt64(place * Double(high - low)))
  }
}
