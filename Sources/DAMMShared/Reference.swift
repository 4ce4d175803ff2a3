import DAMMModel
import DAMMPool

/// The curve that the health of a shared pool is measured on: what one market alone, that has traded along it
/// without a fee since the founding, would hold.
public enum Reference: Sendable, Hashable {
  /// `A B = l^2`.
  case constantProduct
  /// A tick curve that is formed once, at the founding, around this reading.
  case ticks(PoolTerms, OracleReading)

  /// Its name in outputs.
  public var name: String {
    switch self {
    case .constantProduct: return "constant-product"
    case .ticks: return "ticks"
    }
  }
}

extension Reference: Codable {
  private enum Key: String, CodingKey { case kind, terms, reading }

  /// Reads a reference.
  ///
  /// - Throws: `DecodingError`, and what terms and readings throw.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let kind = try fields.decode(String.self, forKey: .kind)
    switch kind {
    case "constant-product": self = .constantProduct
    case "ticks":
      self = .ticks(
        try fields.decode(PoolTerms.self, forKey: .terms),
        try fields.decode(StoredReading.self, forKey: .reading).checked())
    default: throw PoolError.corruptState("a reference curve of kind \"\(kind)\"")
    }
  }

  /// Writes its kind and what it is formed with.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(name, forKey: .kind)
    if case .ticks(let terms, let reading) = self {
      try fields.encode(terms, forKey: .terms)
      try fields.encode(StoredReading(reading), forKey: .reading)
    }
  }
}
