import Foundation

/// How finely numbers are written.
enum Decimals {
  /// The most decimal places that tell anything of a `Double` here.
  private static let most = 12

  /// Decimal places of a number in decimal digits, with or without an exponent, at most 12.
  static func places(_ text: String) -> Int {
    let parts = text.lowercased().split(separator: "e", maxSplits: 1)
    let fraction =
      parts.first?.split(separator: ".", omittingEmptySubsequences: false)
      .dropFirst().first ?? ""
    let shown = fraction.trimmingSuffix(while: { $0 == "0" }).count
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return min(max(shown - min(max(exponent, -most), most), 0), most)
  }

  /// Decimal places of a decimal that was written as a percentage and divided by 100, which adds
  /// digits far behind; at most 12.
  static func places(_ value: Double) -> Int {
    (0..<most).first { places in
      let scaled = value * pow(10, Double(places))
      return (scaled - scaled.rounded()).magnitude <= scaled.ulp * 4
    } ?? most
  }

  /// One unit of the last of so many decimal places.
  static func step(_ places: Int) -> Double { Double("1e-\(places)") ?? 0 }
}

extension Substring {
  /// Without the characters at its end that fulfil a condition.
  func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
