/// A column of the table of a sweep: its name, and what its values are. Every row has all columns, in the order of `all`.
public struct SweepColumn: Sendable, Hashable {
  /// What is set for a cell, what came of it, or why nothing did.
  public enum Role: String, Sendable, Hashable {
    /// What is set: the option of the same name, with `_` for `-`.
    case parameter
    /// What came of it.
    case figure
    /// Why nothing did.
    case error
  }

  /// Which values of a figure are the better ones.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// The larger.
    case up
    /// The smaller.
    case down
  }

  /// Its name: small letters, digits and `_`.
  public let name: String
  /// What its values are; any may be `none`.
  public let kind: SweepValue.Kind
  /// The unit of its values; empty where they have none.
  public let unit: String
  /// What it tells, in a sentence.
  public let meaning: String
  /// What is set, or what came of it.
  public let role: Role
  /// Which values are better, where that goes without saying.
  public let better: Direction?

  init(
    _ name: String, _ kind: SweepValue.Kind, unit: String, meaning: String, role: Role,
    better: Direction? = nil
  ) {
    self.name = name
    self.kind = kind
    self.unit = unit
    self.meaning = meaning
    self.role = role
    self.better = better
  }

  /// All columns: parameters, figures, and the error.
  public static let all: [SweepColumn] =
    SweepParameter.all.map(\.column) + SweepFigure.all.map(\.column) + [error]

  /// Why a cell has no figures.
  public static let error = SweepColumn(
    "error", .string, unit: "", meaning: "Why there are no figures: such a pool cannot be.",
    role: .error)

  /// Where the column of a name stands.
  public static func index(_ name: String) -> Int? { indices[name] }

  private static let indices = Dictionary(
    uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })
}
