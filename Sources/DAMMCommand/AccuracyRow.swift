import DAMM

/// The errors of one quantity, against its declared bound. Of the package, so that tests can show
/// that it can fail.
package struct AccuracyRow {
  let quantity: String
  let domain: String
  let bound: Double
  package private(set) var samples = 0
  private(set) var worstRelative = 0.0
  package private(set) var worstUlp = 0.0
  private var sumRelative = 0.0
  private var sumUlp = 0.0
  /// Where the worst relative error was met, in words, a line each for what was computed and on which
  /// curve; none when there was no error at all.
  package private(set) var worst: [String]?

  package init(_ tolerance: Tolerance) {
    quantity = tolerance.name
    domain = tolerance.domain
    bound = tolerance.relative
  }

  package var meanRelative: Double { samples == 0 ? 0 : sumRelative / Double(samples) }
  package var meanUlp: Double { samples == 0 ? 0 : sumUlp / Double(samples) }
  package var pass: Bool { samples > 0 && worstRelative <= bound }

  /// Takes one value into account. `error` is the difference to the exact value, found without
  /// losing digits; one that is no number counts as infinite.
  package mutating func add(_ value: Double, error: Double, at place: @autoclosure () -> [String]) {
    samples += 1
    let size = value.isFinite && !error.isNaN ? abs(error) : .infinity
    func over(_ unit: Double) -> Double { size == 0 ? 0 : size.isFinite ? size / unit : size }
    let (relative, ulps) = (over(abs(value)), over(value.ulp))
    sumRelative += relative
    sumUlp += ulps
    worstUlp = max(worstUlp, ulps)
    if relative > worstRelative {
      worstRelative = relative
      worst = place()
    }
  }
}

extension AccuracyRow: Encodable {
  private enum Key: String, CodingKey {
    case quantity, domain, samples, worstUlp, meanUlp, worstRelative, meanRelative, bound, pass
    case worstAt
  }

  package func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(quantity, forKey: .quantity)
    try object.encode(domain, forKey: .domain)
    try object.encode(samples, forKey: .samples)
    try object.encode(worstUlp, forKey: .worstUlp)
    try object.encode(meanUlp, forKey: .meanUlp)
    try object.encode(worstRelative, forKey: .worstRelative)
    try object.encode(meanRelative, forKey: .meanRelative)
    try object.encode(bound, forKey: .bound)
    try object.encode(pass, forKey: .pass)
    try object.encode(worst?.joined(separator: ", "), forKey: .worstAt)
  }
}
