import DAMM

extension PlotAxis {
  /// An axis of times, with ticks at whole minutes, hours, days or months.
  package static func times(_ start: UTCTime, _ end: UTCTime) -> PlotAxis {
    let first = start.secondsSince1970
    // a replay of one moment has an axis, too
    let last = max(end.secondsSince1970, first + 1)
    let years = start.year == end.year ? start.year : "\(start.year) to \(end.year)"
    return PlotAxis(
      title: "time, UTC, \(years)", scale: .time, range: Double(first)...Double(last),
      ticks: last - first > 100 * day ? months(start, end) : ticks(first, last))
  }

  private static let day: Int64 = 86_400

  /// Equal steps, of which there are at most 8.
  private static func ticks(_ first: Int64, _ last: Int64) -> [Tick] {
    let steps: [Int64] = [
      1, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, day, 2 * day,
      4 * day,
      7 * day, 14 * day,
    ]
    let step = steps.first { (last - first) / $0 <= 8 } ?? 14 * day
    let begin = (first + step - 1) / step * step
    let ticks = stride(from: begin, through: last, by: Int64.Stride(step)).map { second in
      (value: Double(second), label: label(UTCTime(secondsSince1970: second), step: step))
    }
    return thin(ticks, by: Double(step))
  }

  /// The day at midnight, else the time of day.
  private static func label(_ time: UTCTime, step: Int64) -> String {
    let second = time.secondsSince1970 % day
    if step >= day || second == 0 { return time.dayAndMonth }
    return String(time.description.dropFirst(11).prefix(step < 60 ? 8 : 5))
  }

  /// The first of every month, quarter, half-year or year.
  private static func months(_ start: UTCTime, _ end: UTCTime) -> [Tick] {
    let firsts = (Int(start.year) ?? 1970)...(Int(end.year) ?? 9999)
    let all = firsts.flatMap { year in
      (1...12).compactMap { UTCTime("\(year)-\($0 < 10 ? "0" : "")\($0)-01 00:00:00") }
    }.filter { start <= $0 && $0 <= end }
    let every = [1, 3, 6, 12].first { all.count / $0 <= 8 } ?? 12
    let shown = all.filter { ($0.month - 1).isMultiple(of: every) }
    let many = max(1, (shown.count + 8) / 9)
    return shown.enumerated().filter { $0.offset.isMultiple(of: many) }.map { index, time in
      Tick(
        value: Double(time.secondsSince1970),
        label: time.month == 1 ? time.year : UTCTime.months[time.month - 1],
        isMain: index.isMultiple(of: 2 * many))
    }
  }
}

extension UTCTime {
  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Such as `2024`.
  var year: String { String(description.prefix(4)) }

  /// From 1.
  var month: Int { Int(description.dropFirst(5).prefix(2)) ?? 1 }

  /// Such as `3 Mar`.
  var dayAndMonth: String {
    "\(Int(description.dropFirst(8).prefix(2)) ?? 1) \(Self.months[month - 1])"
  }
}
