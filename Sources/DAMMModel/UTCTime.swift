/// A moment in UTC, to the second.
public struct UTCTime: Sendable, Hashable {
  /// Seconds since 1970-01-01 00:00:00 UTC, without leap seconds.
  public let secondsSince1970: Int64

  /// Seconds of a year of 365 days, in which volatilities are told.
  package static let secondsAYear = 31_536_000.0

  /// A moment by its seconds since 1970.
  public init(secondsSince1970: Int64) { self.secondsSince1970 = secondsSince1970 }

  /// Reads `YYYY-MM-DD HH:MM:SS`, years 1970 to 9999; `nil` for anything else, such as a day that the
  /// month does not have.
  public init?(_ text: String) {
    var text = text
    guard text.utf8.count == 19,
      let time = text.withUTF8({ Self.read(UnsafeRawBufferPointer($0), separator: 0x20) })
    else { return nil }
    self = time
  }

  /// Reads the forms of ISO 8601 that files and people use for UTC: `YYYY-MM-DD`, which is the start of
  /// the day, or `YYYY-MM-DD HH:MM:SS` with a space or a `T` between and nothing, `Z` or `+00:00` after;
  /// `nil` for anything else, other offsets included.
  public init?(iso8601 text: String) {
    var text = text
    guard let time = text.withUTF8({ Self(iso8601: UnsafeRawBufferPointer($0)) }) else {
      return nil
    }
    self = time
  }

  /// Reads the bytes of a text, as `init(iso8601:)` does.
  package init?(iso8601 bytes: UnsafeRawBufferPointer) {
    var count = bytes.count
    if count == 20, bytes[19] == UInt8(ascii: "Z") {
      count = 19
    } else if count == 25, bytes[19...].elementsEqual("+00:00".utf8) {
      count = 19
    }
    let separator = count == 19 && bytes[10] == UInt8(ascii: "T") ? bytes[10] : 0x20
    guard count == 10 || count == 19,
      let time = Self.read(UnsafeRawBufferPointer(rebasing: bytes[..<count]), separator: separator)
    else { return nil }
    self = time
  }

  /// Reads a date of 10 bytes or, with the separator and a time of day, 19.
  private static func read(_ bytes: UnsafeRawBufferPointer, separator: UInt8) -> UTCTime? {
    // all digits, whatever their order: one check at the end
    var worst: UInt8 = 0
    func number(_ range: Range<Int>) -> Int64 {
      var value: Int64 = 0
      for at in range {
        let digit = bytes[at] &- 0x30
        worst = max(worst, digit)
        value = value * 10 + Int64(digit)
      }
      return value
    }
    let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
    var second: Int64 = 0
    if bytes.count == 19 {
      let (hour, minute) = (number(11..<13), number(14..<16))
      second = number(17..<19)
      guard bytes[10] == separator, bytes[13] == 0x3A, bytes[16] == 0x3A, hour < 24, minute < 60,
        second < 60
      else { return nil }
      second += hour * 3600 + minute * 60
    }
    guard worst < 10, bytes[4] == 0x2D, bytes[7] == 0x2D, year >= 1970, (1...12).contains(month)
    else { return nil }
    let days = daysSince1970(year: year, month: month, day: day)
    // The day exists if and only if it reads back the same.
    guard date(daysSince1970: days) == (year, month, day) else { return nil }
    return UTCTime(secondsSince1970: days * 86400 + second)
  }

  /// What `init(iso8601:)` reads, for a message.
  public static let iso8601Forms = "YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, also with T, Z or +00:00"

  // The Gregorian calendar in years that begin on the first of March, so that the leap day is last:
  // 400 of them have 146097 days, and 719468 days pass from the first of March of year 0 to 1970.

  private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month > 2 ? year : year - 1
    let (era, yearOfEra) = (marchYear / 400, marchYear % 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = (marchMonth + 2) % 12 + 1
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}

extension UTCTime {
  /// Seconds from another moment to this one; negative where this one is earlier. Exact between moments
  /// of the years 1970 to 9999.
  public func seconds(since other: UTCTime) -> Double {
    Double(secondsSince1970) - Double(other.secondsSince1970)
  }
}

extension UTCTime: Comparable {
  /// Earlier than.
  public static func < (left: UTCTime, right: UTCTime) -> Bool {
    left.secondsSince1970 < right.secondsSince1970
  }
}

extension UTCTime: CustomStringConvertible {
  /// `YYYY-MM-DD HH:MM:SS` for moments from 1970 to 9999, and for others their seconds since 1970.
  public var description: String {
    guard (0...Domain.lastSecond).contains(secondsSince1970) else {
      return "\(secondsSince1970) s since 1970"
    }
    func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (days, second) = secondsSince1970.quotientAndRemainder(dividingBy: 86400)
    let date = Self.date(daysSince1970: days)
    return "\(date.year)-\(padded(date.month))-\(padded(date.day)) \(padded(second / 3600)):"
      + "\(padded(second / 60 % 60)):\(padded(second % 60))"
  }
}

extension UTCTime: Encodable {
  /// Writes `YYYY-MM-DD HH:MM:SS`, UTC.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
