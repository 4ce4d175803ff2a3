/// What something holds of both tokens, in its own unit: whole lots for a ledger, token units elsewhere.
public struct Holdings: Sendable, Hashable {
  /// Numeraire token A, fees included.
  public var a: Double
  /// Asset token B.
  public var b: Double

  /// So much of both.
  public init(a: Double, b: Double) {
    self.a = a
    self.b = b
  }

  /// Nothing.
  public static let zero = Holdings(a: 0, b: 0)
}

/// Something that outsiders act on, and that can be searched for a sequence of their actions which takes
/// something out for nothing: it holds no more of either token than before, and less of at least one.
///
/// It is a value: a copy can be acted on and dropped. An action that throws has changed nothing and counts
/// as none.
public protocol Auditable {
  /// Why it refuses an action.
  associatedtype Refusal: Error

  /// What an outsider may do: at least one action, the same ones for every copy and at all times.
  var actions: [AuditAction] { get }
  /// All that it holds, the fees included.
  var holdings: Holdings { get }
  /// By how much one action may change the holdings through rounding alone: 0 for whole lots, the default.
  /// It must cover what rounding one token is worth of the other.
  var noise: Holdings { get }
  /// Whether a part of the holdings is the outsider's to take, as its shares are: what it takes then is no
  /// gain. `false` by default.
  var owesOutsider: Bool { get }

  /// The least and the most that an amount of an action may be now, both positive; `nil` where the action
  /// makes no sense now. It may be wider than what is accepted.
  ///
  /// - Parameters:
  ///   - number: which of the amounts of the action, from 0.
  ///   - action: an index of `actions`.
  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>?

  /// Does an action.
  ///
  /// - Parameters:
  ///   - action: an index of `actions`.
  ///   - amounts: as many as the action has, others 0. They may lie outside the ranges.
  /// - Throws: why it was refused; nothing has changed then.
  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refusal)

  /// The same with all that it holds and all its liquidity `factor` times as large, so that prices should be the same:
  /// of a trade, `factor` times the amounts should then move `factor` times as much. `nil` where it
  /// cannot be so large; always `nil` by default, which means that it offers no comparison.
  ///
  /// What belongs to an outsider may stay as it is: only actions with the role `.trade` are compared.
  ///
  /// - Parameter factor: a whole number above 1.
  func scaled(by factor: Double) -> Self?
  /// How far what the last action moved may lie from the exact amounts through rounding, for the comparison with a
  /// scaled copy: this much times the factor here and this much there. A lot for each rounding of a ledger, and what a
  /// lot of one token is worth of the other; infinite where a limit that has nothing to do with
  /// prices cut it short; `noise` by default.
  var rounding: Holdings { get }
}

extension Auditable {
  /// None: holdings are whole numbers.
  public var noise: Holdings { .zero }
  /// Outsiders own no part.
  public var owesOutsider: Bool { false }
  /// None: it offers no comparison.
  public func scaled(by factor: Double) -> Self? { nil }
  /// What one action may change through rounding.
  public var rounding: Holdings { noise }
}

/// The amounts of an action, at most two.
public struct AuditAmounts: Sendable, Hashable {
  /// The first; 0 where the action has none.
  public var first: Double
  /// The second; 0 where the action has none.
  public var second: Double

  /// Amounts.
  public init(_ first: Double = 0, _ second: Double = 0) {
    self.first = first
    self.second = second
  }
}

/// An action that an outsider may take.
public struct AuditAction: Sendable, Hashable {
  /// What it is for. The search ends a sequence with withdrawals and a trade back.
  public enum Role: String, Sendable, Hashable {
    /// Gives one token for the other; its first amount is one of the two.
    case trade
    /// Gives something for which the outsider may take something later.
    case deposit
    /// Takes what the outsider has deposited: as much as it can, by the most that its range allows.
    case withdrawal
    /// Anything else: a new reading, a settlement, time that passes.
    case other
  }

  /// An amount of an action.
  public struct Amount: Sendable, Hashable {
    /// Its name with its unit: "lots of B out".
    public let name: String
    /// Amounts are whole multiples of it; 0 for real numbers.
    public let grain: Double
    /// Whether it is `c` times as large for the same action on `c` times the reserves, as an amount of tokens is;
    /// a price or a time is not.
    public let isExtensive: Bool

    /// An amount.
    public init(_ name: String, grain: Double = 0, isExtensive: Bool = true) {
      self.name = name
      self.grain = grain
      self.isExtensive = isExtensive
    }
  }

  /// Its name: "buy".
  public let name: String
  /// What it is for.
  public let role: Role
  /// Its amounts, at most two.
  public let amounts: [Amount]

  /// An action; of more than two amounts the first two count.
  public init(_ name: String, _ role: Role, _ amounts: Amount...) {
    self.name = name
    self.role = role
    self.amounts = Array(amounts.prefix(2))
  }
}
