import DAMMModel

/// What is assumed of the times of day of an index chain that has dates alone.
///
/// - Quotes are of 16:00 in New York, when shares stop trading. One hour is 0.5 % of the volatility of
///   an option with four days, and 0.02 % of one with three months.
/// - Options of the root `SPX` are settled at the opening of the expiration day, 09:30 in New York; all
///   others (`SPXW`) at its close, 16:00. So one that expires on the day of the quotes has expired.
/// - New York is five hours behind UTC, and four from the second Sunday of March to the first Sunday of
///   November, as since 2007.
public enum IndexCalendar {
  /// Roots of options that are settled at the opening.
  public static let openingRoots: Set<String> = ["SPX"]

  /// 16:00 in New York on a day written as `MM/DD/YYYY`, years 1970 to 9999; `nil` for anything else.
  public static func close(_ date: String) -> UTCTime? { moment(date, hour: 16, minute: 0) }

  /// When options of a root that expire on a day are settled; `nil` where the day is not written as
  /// `MM/DD/YYYY`, years 1970 to 9999.
  public static func settlement(_ date: String, root: some StringProtocol) -> UTCTime? {
    openingRoots.contains(String(root)) ? moment(date, hour: 9, minute: 30) : close(date)
  }

  private static func moment(_ date: String, hour: Int64, minute: Int64) -> UTCTime? {
    let parts = date.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [2, 2, 4],
      let midnight = UTCTime("\(parts[2])-\(parts[0])-\(parts[1]) 00:00:00")
    else { return nil }
    let behind: Int64 = isSummer(midnight, year: parts[2]) ? 4 : 5
    return UTCTime(
      secondsSince1970: midnight.secondsSince1970 + (hour + behind) * 3600 + minute * 60)
  }

  /// Whether clocks are an hour ahead on a day, after the change in the night before noon.
  private static func isSummer(_ midnight: UTCTime, year: Substring) -> Bool {
    guard let march = sunday(2, of: "\(year)-03"), let november = sunday(1, of: "\(year)-11")
    else { return false }
    return march <= midnight && midnight < november
  }

  /// The so many-th Sunday of a month.
  private static func sunday(_ number: Int64, of month: String) -> UTCTime? {
    guard let first = UTCTime("\(month)-01 00:00:00") else { return nil }
    let day = first.secondsSince1970 / 86_400
    // Day 0 was a Thursday, three days before a Sunday.
    let wait = (7 - (day + 4) % 7) % 7
    return UTCTime(secondsSince1970: (day + wait + 7 * (number - 1)) * 86_400)
  }
}
