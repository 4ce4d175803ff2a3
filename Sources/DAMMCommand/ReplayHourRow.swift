import DAMM
import DAMMReplay

/// An hour of a replay as one flat row: a line of `--csv`, an object of `hourly` in the JSON. `docs/replay.md` names
/// the columns.
struct ReplayHourRow: Encodable {
  /// A value of a row.
  enum Value {
    case time(UTCTime)
    case count(Int)
    case number(Double)
    case none
  }

  /// A column and where its values come from.
  struct Column: Sendable {
    let name: String
    let value: @Sendable (ReplayHour) -> Value

    init(_ name: String, _ value: @escaping @Sendable (ReplayHour) -> Double) {
      self.name = name
      self.value = { .number(value($0)) }
    }

    init(_ name: String, of value: @escaping @Sendable (ReplayHour) -> Value) {
      (self.name, self.value) = (name, value)
    }
  }

  static let columns: [Column] =
    [
      Column("time", of: { .time($0.begin) }),
      Column("steps", of: { .count($0.steps) }),
      Column("market_price") { $0.end.price },
      Column("implied_volatility") { $0.end.impliedVolatility },
      Column("held_value") { $0.end.held },
      Column("recorded_value", of: { $0.end.recorded.map { .number($0) } ?? .none }),
    ]
    + venue("pool", \.pool, \.pool) + venue("product", \.product, \.product)

  /// The columns of a venue.
  private static func venue(
    _ name: String, _ tally: KeyPath<ReplayHour, ReplayTally> & Sendable,
    _ standing: KeyPath<ReplaySample, ReplayStanding> & Sendable
  ) -> [Column] {
    func kind(_ kind: String, _ path: KeyPath<ReplayTally, TraderTally> & Sendable) -> [Column] {
      [
        Column("\(name)_\(kind)_trades", of: { .count($0[keyPath: tally][keyPath: path].trades) }),
        Column("\(name)_\(kind)_volume") { $0[keyPath: tally][keyPath: path].volume },
        Column("\(name)_\(kind)_fees") { $0[keyPath: tally][keyPath: path].fees },
        Column("\(name)_\(kind)_profit") { $0[keyPath: tally][keyPath: path].profit },
      ]
    }
    return [
      Column("\(name)_price") { $0.end[keyPath: standing].price },
      Column("\(name)_value") { $0.end[keyPath: standing].value },
      Column("\(name)_advantage") { $0.end[keyPath: standing].value / $0.end.held - 1 },
      Column("\(name)_impermanent_loss") { hour in
        let end = hour.end[keyPath: standing]
        return (end.value - end.fees) / hour.end.held - 1
      },
      Column("\(name)_owed_fees") { $0.end[keyPath: standing].fees },
      Column("\(name)_offered") { $0.end[keyPath: standing].offered },
      Column("\(name)_health") { $0.end[keyPath: standing].health },
    ] + kind("flow", \.flow) + kind("noise", \.noise) + kind("arbitrage", \.arbitrage) + [
      Column("\(name)_volume") { $0[keyPath: tally].volume },
      Column("\(name)_fees") { $0[keyPath: tally].fees },
      Column("\(name)_measured_loss") { $0[keyPath: tally].measuredLoss },
      Column("\(name)_predicted_loss") { $0[keyPath: tally].predictedLoss },
      Column("\(name)_realised_loss") { $0[keyPath: tally].realisedLoss },
      Column("\(name)_predicted_profit") { $0[keyPath: tally].predictedProfit },
      Column("\(name)_unfilled") { $0[keyPath: tally].unfilled },
      Column("\(name)_reforms", of: { .count($0[keyPath: tally].reforms) }),
    ]
  }

  let hour: ReplayHour

  init(_ hour: ReplayHour) { self.hour = hour }

  /// The line of the file.
  var csv: String {
    Self.columns.map { column in
      switch column.value(hour) {
      case .time(let time): "\(time)"
      case .count(let count): "\(count)"
      case .number(let number): Figures.full(number)
      case .none: ""
      }
    }.joined(separator: ",")
  }

  /// The whole file: a header, and a line for each hour.
  static func write(_ hours: [ReplayHour], to path: String) throws {
    var file = try ByteWriter(creating: path)
    file.write(columns.map(\.name).joined(separator: ","))
    try file.endRow()
    for hour in hours {
      file.write(ReplayHourRow(hour).csv)
      try file.endRow()
    }
    try file.finish()
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for column in Self.columns {
      let key = Name(stringValue: column.name)
      switch column.value(hour) {
      case .time(let time): try container.encode(time, forKey: key)
      case .count(let count): try container.encode(count, forKey: key)
      case .number(let number): try container.encode(number, forKey: key)
      case .none: try container.encodeNil(forKey: key)
      }
    }
  }
}
