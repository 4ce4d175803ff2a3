/// How large a lot of a token is: `10^exponent` of its base units, of which a token has `10^decimals`.
///
/// Amounts are integers in three units: base units, as a chain counts them; lots, as the ledger of a pool
/// counts them; and tokens, which people write with a decimal point. All conversions between them are
/// exact or refused, but for those to a `Double`, which round once.
public struct LotSize: Sendable, Hashable {
  /// Decimal places of the token, in `Domain.tokenDecimals`.
  public let decimals: Int
  /// A lot is `10^exponent` base units; in `Domain.lotExponent`.
  public let exponent: Int

  /// A size of lots.
  ///
  /// - Parameters:
  ///   - decimals: decimal places of the token, in `Domain.tokenDecimals`.
  ///   - exponent: power of ten of the base unit, in `Domain.lotExponent`.
  /// - Throws: `PoolError.countOutOfRange` that names the value.
  public init(decimals: Int, exponent: Int) throws(PoolError) {
    try Domain.check(decimals, "decimals of a token", in: Domain.tokenDecimals)
    try Domain.check(exponent, "exponent of a lot", in: Domain.lotExponent)
    self.decimals = decimals
    self.exponent = exponent
  }

  /// One lot in base units, `10^exponent`.
  public var unitsPerLot: UInt128 { .powerOfTen(exponent) }

  /// Lots in `amount` base units.
  ///
  /// - Throws: `PoolError.notWholeLots`; `PoolError.overflow` beyond `Int.max` lots.
  public func lots(ofBaseUnits amount: UInt128) throws(PoolError) -> Int {
    let (lots, rest) = amount.quotientAndRemainder(dividingBy: unitsPerLot)
    guard rest == 0 else {
      throw .notWholeLots(amount: "\(amount)", lot: "\(unitsPerLot) base units")
    }
    guard let lots = Int(exactly: lots) else { throw Self.tooManyLots(amount: "\(lots)") }
    return lots
  }

  /// Base units in so many lots, `lots * 10^exponent`.
  ///
  /// - Throws: `PoolError.countOutOfRange` for a negative count; `PoolError.overflow` where the product
  ///   has more than 128 bits.
  public func baseUnits(_ lots: Int) throws(PoolError) -> UInt128 {
    try Domain.check(lots, "lots", in: 0...Int.max)
    let (units, overflow) = UInt128(lots).multipliedReportingOverflow(by: unitsPerLot)
    guard !overflow else {
      throw .overflow(
        name: "base units", amount: "\(lots) lots of \(unitsPerLot)", allowed: "\(UInt128.max)")
    }
    return units
  }

  /// Lots in an amount of tokens in decimal digits, such as `12.345`. No `Double` is in between.
  ///
  /// - Parameter tokens: ASCII digits, at most one decimal point among them or at either end; no sign,
  ///   exponent or grouping. Zeros at both ends say nothing, however many there are.
  /// - Throws: `PoolError.notAnAmount`, `PoolError.notWholeLots`, `PoolError.overflow` beyond `Int.max`
  ///   lots.
  /// - Complexity: linear in the length of the text.
  public func lots(_ tokens: String) throws(PoolError) -> Int {
    var digits: [UInt8] = []
    var fractionDigits = 0
    var pointSeen = false
    for byte in tokens.utf8 {
      if byte == UInt8(ascii: "."), !pointSeen {
        pointSeen = true
      } else if (0x30...0x39).contains(byte) {
        digits.append(byte - 0x30)
        fractionDigits += pointSeen ? 1 : 0
      } else {
        throw .notAnAmount(tokens)
      }
    }
    guard !digits.isEmpty else { throw .notAnAmount(tokens) }
    // the amount is the digits times 10^power lots
    var power = decimals - exponent - fractionDigits
    while digits.last == 0 {
      digits.removeLast()
      power += 1
    }
    guard !digits.isEmpty else { return 0 }
    guard power >= 0 else { throw .notWholeLots(amount: tokens, lot: "\(text(1)) tokens") }
    var lots = 0
    for digit in digits {
      try Self.append(Int(digit), to: &lots, of: tokens)
    }
    // at most 19 rounds, whatever the power: the digits are not all zero
    for _ in 0..<power { try Self.append(0, to: &lots, of: tokens) }
    return lots
  }

  /// The amount in tokens in decimal digits, exactly and no longer than that takes: `lots(text(n))` is
  /// `n` for every `n` that is not negative. Any `Int`, with a minus sign below zero.
  public func text(_ lots: Int) -> String {
    let point = decimals - exponent
    var digits = String(lots.magnitude)
    if point <= 0 {
      if lots != 0 { digits += String(repeating: "0", count: -point) }
    } else {
      digits = String(repeating: "0", count: max(0, point + 1 - digits.count)) + digits
      let fraction = digits.suffix(point)
      let kept = fraction.lastIndex { $0 != "0" }.map { "." + fraction[...$0] } ?? ""
      digits = digits.dropLast(point) + kept
    }
    return (lots < 0 ? "-" : "") + digits
  }

  /// The amount in tokens, `lots * 10^(exponent - decimals)`, correctly rounded: the `Double` nearest to
  /// the exact value, ties to even. Any `Int`.
  ///
  /// Error: half an ulp.
  public func tokens(_ lots: Int) -> Double {
    let power = exponent - decimals
    // both exact, so that the one operation rounds the exact value
    if lots.magnitude <= 1 << 53, Double.exactPowersOfTen.contains(power.magnitude) {
      return Double(lots).scaled(byPowerOfTen: power)
    }
    return Double(text(lots))!
  }

  private static func append(
    _ digit: Int, to lots: inout Int, of tokens: String
  ) throws(PoolError) {
    let (tenfold, tooLarge) = lots.multipliedReportingOverflow(by: 10)
    let (sum, alsoTooLarge) = tenfold.addingReportingOverflow(digit)
    guard !tooLarge, !alsoTooLarge else { throw tooManyLots(amount: "\(tokens) tokens") }
    lots = sum
  }

  private static func tooManyLots(amount: String) -> PoolError {
    .overflow(name: "lots", amount: amount, allowed: "\(Int.max)")
  }
}

extension LotSize {
  /// A price in lots of A a lot of B, from one in tokens of A a token of B:
  /// `price * 10^((a.decimals - a.exponent) - (b.decimals - b.exponent))`.
  ///
  /// Domain: prices in `Domain.price`; the answer is never zero nor infinite there. NaN stays NaN. Error:
  /// correctly rounded, half an ulp, where the power of ten is within `10^-22...10^22`, as it is for all
  /// tokens of up to 22 decimals whose lots are no larger than a token; beyond, at most three more half
  /// ulps.
  public static func pricePerLot(price tokenPrice: Double, a: LotSize, b: LotSize) -> Double {
    tokenPrice.scaled(byPowerOfTen: lotsPerToken(a, over: b))
  }

  /// A price in tokens of A a token of B, from one in lots of A a lot of B; the inverse of
  /// `pricePerLot`, with the same domain and error.
  public static func tokenPrice(pricePerLot: Double, a: LotSize, b: LotSize) -> Double {
    pricePerLot.scaled(byPowerOfTen: -lotsPerToken(a, over: b))
  }

  private static func lotsPerToken(_ a: LotSize, over b: LotSize) -> Int {
    (a.decimals - a.exponent) - (b.decimals - b.exponent)
  }
}

extension LotSize: Codable {
  private enum Key: String, CodingKey { case decimals, exponent }

  /// Reads both numbers.
  ///
  /// - Throws: `DecodingError`; `PoolError.countOutOfRange` as the initialiser does.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    try self.init(
      decimals: values.decode(Int.self, forKey: .decimals),
      exponent: values.decode(Int.self, forKey: .exponent))
  }

  /// Writes both numbers.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(decimals, forKey: .decimals)
    try values.encode(exponent, forKey: .exponent)
  }
}

extension Double {
  /// Powers of ten that a `Double` holds exactly are those below.
  fileprivate static let exactPowersOfTen: ClosedRange<UInt> = 0...22
  private static let powersOfTen = (0...22).map { Double(UInt128.powerOfTen($0)) }

  /// `self * 10^power`, rounded once while `10^|power|` is exact, and once more for each further 22.
  fileprivate func scaled(byPowerOfTen power: Int) -> Double {
    var (value, left) = (self, Int(power.magnitude))
    while left > 0 {
      let step = Self.powersOfTen[min(left, 22)]
      value = power < 0 ? value / step : value * step
      left -= 22
    }
    return value
  }
}

extension UInt128 {
  /// `10^exponent`, for exponents from 0 to 38.
  fileprivate static func powerOfTen(_ exponent: Int) -> UInt128 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}

extension Domain {
  /// Throws unless a count lies in `allowed`.
  ///
  /// - Parameters:
  ///   - value: the count given by the caller.
  ///   - name: what the caller calls it.
  ///   - allowed: the domain; both ends are included.
  /// - Throws: `PoolError.countOutOfRange`.
  public static func check(
    _ value: Int, _ name: String, in allowed: ClosedRange<Int>
  ) throws(PoolError) {
    guard allowed.contains(value) else {
      throw .countOutOfRange(name: name, value: value, allowed: allowed)
    }
  }
}
