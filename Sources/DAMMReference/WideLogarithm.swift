#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension Wide {
  /// The natural logarithm of a positive number, by Newton's method on `exponential` from libm's.
  var logarithm: Wide {
    var result = Wide(log(high))
    for _ in 0..<2 { result = result + self * (result * -1).exponential - Wide(1) }
    return result
  }

  /// A decimal number such as `-1.25e-300`, to the last bit but two; `nil` if it is not one.
  public init?(_ text: some StringProtocol) {
    let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count) else { return nil }
    var exponent = parts.count == 2 ? Int(parts[1]) : 0
    var value = Wide(0)
    var (digits, negative, pointSeen) = (0, false, false)
    for (index, character) in parts[0].enumerated() {
      switch character {
      case "-" where index == 0: negative = true
      case "+" where index == 0: break
      case "." where !pointSeen: pointSeen = true
      case "0"..."9":
        value = value * 10 + Wide(Double(character.wholeNumberValue ?? 0))
        digits += 1
        if pointSeen { exponent = exponent.map { $0 - 1 } }
      default: return nil
      }
    }
    guard digits > 0, var power = exponent, abs(power) < 400 else { return nil }
    // 10^22 is the largest power of ten that a Double holds exactly
    while power != 0 {
      let step = min(22, abs(power))
      let factor = Wide((0..<step).reduce(1.0) { product, _ in product * 10 })
      value = power > 0 ? value * factor : value / factor
      power += power > 0 ? -step : step
    }
    self = negative ? value * -1 : value
  }
}
