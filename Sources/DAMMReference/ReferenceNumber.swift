/// What the slow path computes with: `Double` as the source document does, or `Wide` where the
/// result is to judge a `Double`.
public protocol ReferenceNumber: Comparable, Sendable {
  /// A number from a `Double`, exactly.
  init(_ value: Double)
  /// A number from a wide one, rounded if it must be.
  init(wide: Wide)
  /// The number rounded to a `Double`.
  var double: Double { get }
  /// Its square root; the number is not negative.
  var squareRoot: Self { get }
  /// Sum.
  static func + (x: Self, y: Self) -> Self
  /// Difference.
  static func - (x: Self, y: Self) -> Self
  /// Product.
  static func * (x: Self, y: Self) -> Self
  /// Quotient.
  static func / (x: Self, y: Self) -> Self
}

extension Double: ReferenceNumber {
  /// The rounded number.
  public init(wide: Wide) { self = wide.double }
  /// The number itself.
  public var double: Double { self }
  /// The correctly rounded square root.
  public var squareRoot: Double { squareRoot() }
}
