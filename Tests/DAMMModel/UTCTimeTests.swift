import DAMMModel
import Testing

@Suite("UTC times")
struct UTCTimeTests {
  @Test(
    "agree with the calendar",
    arguments: [
      ("1970-01-01 00:00:00", 0), ("2000-02-29 23:59:59", 951_868_799),
      ("2023-11-10 00:00:11", 1_699_574_411), ("2024-02-29 12:00:00", 1_709_208_000),
      ("2100-03-01 00:00:00", 4_107_542_400), ("9999-12-31 23:59:59", 253_402_300_799),
    ] as [(String, Int64)])
  func calendar(text: String, seconds: Int64) throws {
    let time = try #require(UTCTime(text))
    #expect(time.secondsSince1970 == seconds)
    #expect(UTCTime(secondsSince1970: seconds).description == text)
  }

  @Test(
    "moments that no calendar here has are told in seconds",
    arguments: [-1, .min, .max, 253_402_300_800, 1_700_000_000_000] as [Int64])
  func beyond(seconds: Int64) {
    #expect(UTCTime(secondsSince1970: seconds).description == "\(seconds) s since 1970")
  }

  @Test("every day until 2107 is read back")
  func everyDay() throws {
    let wrong = (0..<Int64(50_000)).filter { day in
      let time = UTCTime(secondsSince1970: day * 86400)
      return UTCTime(time.description) != time
    }
    #expect(wrong == [])
  }

  @Test(
    "there is no such moment",
    arguments: [
      "", "2023-02-29 00:00:00", "2100-02-29 00:00:00", "2024-13-01 00:00:00",
      "2024-00-01 00:00:00", "2024-01-00 00:00:00", "2024-04-31 00:00:00", "2024-01-01 24:00:00",
      "2024-01-01 00:60:00", "2024-01-01 00:00:60", "2024-01-01T00:00:00", "2024-01-01",
      "2024-1-01 00:00:00", "1969-12-31 23:59:59", "2024-01-01 00:00:00Z", "-024-01-01 00:00:00",
    ])
  func refused(text: String) { #expect(UTCTime(text) == nil) }
}

@Suite("UTC times in the forms of ISO 8601")
struct ISOTimeTests {
  @Test(
    "forms of the same moment",
    arguments: ["", "Z", "+00:00"].flatMap { end in [" ", "T"].map { ($0, end) } })
  func forms(between: String, end: String) throws {
    let time = try #require(UTCTime("2024-02-29 12:34:56"))
    #expect(UTCTime(iso8601: "2024-02-29\(between)12:34:56\(end)") == time)
    #expect(UTCTime(iso8601: "2023-02-29\(between)12:34:56\(end)") == nil)
  }

  @Test("a day is its start")
  func day() throws {
    #expect(UTCTime(iso8601: "2024-02-29") == UTCTime("2024-02-29 00:00:00"))
  }

  @Test(
    "there is no such moment, or it is not UTC",
    arguments: [
      "", "Z", "2023-02-29", "2024-2-29x", "2024-01-01 00:00", "2024-01-01 00:00:00 Z",
      "2024-01-01 00:00:00ZZ", "2024-01-01t00:00:00", "2024-01-01T00:00:00+01:00",
      "2024-01-01T00:00:00-00:00", "2024-01-01 00:00:00.5", "2024-01-01Z", "20240101", "é24-01-01",
      "2024-01-01 00:00:0é",
    ])
  func refused(text: String) { #expect(UTCTime(iso8601: text) == nil) }

  @Test("seconds between moments")
  func seconds() {
    let (early, late) = (UTCTime(secondsSince1970: 10), UTCTime(secondsSince1970: 70))
    #expect(late.seconds(since: early) == 60 && early.seconds(since: late) == -60)
    #expect(
      UTCTime(secondsSince1970: .max).seconds(since: UTCTime(secondsSince1970: .min)).isFinite)
  }
}
