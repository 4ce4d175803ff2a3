import DAMMModel

/// The name of a market of a shared pool: 1 to 64 letters, digits, points, hyphens and underscores of ASCII.
public struct MarketID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The name.
  public let name: String

  /// A name.
  ///
  /// - Throws: `SharedPoolError.malformed`.
  public init(_ name: String) throws(SharedPoolError) {
    let bytes = name.utf8
    let allowed = bytes.allSatisfy { byte in
      switch UInt8(byte) {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        return true
      default: return false
      }
    }
    guard allowed, (1...64).contains(bytes.count) else {
      throw .malformed(
        "\"\(name)\" is no name of a market: 1 to 64 letters, digits, \".\", \"-\", \"_\"")
    }
    self.name = name
  }

  /// The name.
  public var description: String { name }

  /// By the bytes of the name.
  public static func < (left: MarketID, right: MarketID) -> Bool { left.name < right.name }
}

extension MarketID: Codable {
  /// Reads a name.
  ///
  /// - Throws: `DecodingError`, `SharedPoolError.malformed`.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

/// What a market shows with each settlement, so that no other settles in its name: 128 bits, given to it when
/// it is opened. Who can write the ledger itself is not kept out by it.
public struct MarketKey: Sendable, Hashable {
  /// 32 hexadecimal digits.
  public let digits: String

  /// A new one.
  public static func random(using random: inout some RandomNumberGenerator) -> MarketKey {
    let digits = Array("0123456789abcdef")
    return MarketKey(
      unchecked: String((0..<32).map { _ in digits[Int(random.next() & 15)] }))
  }

  private init(unchecked digits: String) { self.digits = digits }

  /// A key by its digits.
  ///
  /// - Throws: `SharedPoolError.malformed`.
  public init(_ digits: String) throws(SharedPoolError) {
    guard digits.utf8.count == 32,
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { throw .malformed("the key of a market has 32 hexadecimal digits in lower case") }
    self.digits = digits
  }
}

extension MarketKey: Codable {
  /// Reads the digits.
  ///
  /// - Throws: `DecodingError`, `SharedPoolError.malformed`.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the digits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(digits)
  }
}
