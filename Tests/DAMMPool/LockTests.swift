import DAMMModel
import DAMMPool
import Foundation
import TestSupport
import Testing

@Suite struct LockTests {
  static let schedules: [ExitSchedule] = [
    .linear, .quadratic, .cliff, .steps(1), .steps(4), .steps(7),
    .steps(Domain.exitSteps.upperBound),
  ]

  static func at(_ seconds: Int) -> UTCTime { UTCTime(secondsSince1970: Int64(seconds)) }

  /// `numerator/denominator <= other`, exactly.
  static func isAtMost(_ left: ExitFraction, _ right: ExitFraction) -> Bool {
    UInt128(left.numerator) * UInt128(right.denominator)
      <= UInt128(right.numerator) * UInt128(left.denominator)
  }

  @Test func saysWhatAnExitPaysOut() throws {
    let start = 1_700_000_000
    func vested(_ schedule: ExitSchedule, _ seconds: Int) throws -> Double {
      try Lock(start: Self.at(start), end: Self.at(start + 1000), schedule: schedule)
        .vested(at: Self.at(start + seconds)).value
    }
    #expect(try vested(.linear, 250) == 0.25)
    #expect(try vested(.quadratic, 250) == 0.0625)
    #expect(try vested(.cliff, 999) == 0)
    #expect(try vested(.steps(4), 249) == 0)
    #expect(try vested(.steps(4), 250) == 0.25)
    #expect(try vested(.steps(4), 999) == 0.75)
    for schedule in Self.schedules {
      #expect(try vested(schedule, -5) == 0)
      #expect(try vested(schedule, 0) == 0)
      #expect(try vested(schedule, 1000) == 1)
      #expect(try vested(schedule, 5000) == 1)
      let lock = try Lock(start: Self.at(5), end: Self.at(8), schedule: schedule)
      #expect(!lock.isOver(at: Self.at(7)) && lock.isOver(at: Self.at(8)))
      #expect(!lock.isOver(at: UTCTime(secondsSince1970: .min)))
      #expect(lock.isOver(at: UTCTime(secondsSince1970: .max)))
      #expect(lock.vested(at: UTCTime(secondsSince1970: .min)) == .nothing)
      #expect(lock.vested(at: UTCTime(secondsSince1970: .max)) == .whole)
    }
  }

  /// Short terms second by second, the longest in random steps: never falls, never beyond 1, and within a
  /// step, a second or nothing of the curve that the schedule names.
  @Test func schedulesRiseFromNothingToTheWhole() throws {
    let seed = RandomCurves.seed("schedules", 73)
    var random = SplitMix64(seed: seed)
    for schedule in Self.schedules {
      for term in [1, 2, 3, 10, 97, Domain.lockSeconds.upperBound] {
        let lock = try Lock(start: Self.at(77), end: Self.at(77 + term), schedule: schedule)
        var moments = [0, 1, term / 2, term - 1, term]
        moments +=
          term < 100
          ? Array(0...term) : (0..<500).map { _ in Int.random(in: 0...term, using: &random) }
        var last = ExitFraction.nothing
        for moment in moments.sorted() {
          let now = lock.vested(at: Self.at(77 + moment))
          #expect(Self.isAtMost(last, now) && Self.isAtMost(now, .whole), "\(schedule) \(moment)")
          #expect((now == .whole || now.numerator == now.denominator) == (moment == term))
          let part = Double(moment) / Double(term)
          switch schedule {
          case .linear: #expect(now.value == part)
          case .quadratic: #expect((now.value - part * part).magnitude <= 2 * (part * part).ulp)
          case .cliff: #expect(now.value == (moment == term ? 1 : 0))
          case .steps(let count):
            guard (1..<term).contains(moment) else { break }
            #expect(now.denominator == UInt64(count))
            #expect(now.numerator * UInt64(term) <= UInt64(count) * UInt64(moment))
            #expect((now.numerator + 1) * UInt64(term) > UInt64(count) * UInt64(moment))
          }
          last = now
        }
      }
    }
  }

  @Test func roundsDownAndNeverBeyondTheAmount() throws {
    let lock = try Lock(
      start: Self.at(0), end: Self.at(Domain.lockSeconds.upperBound), schedule: .quadratic)
    let nearly = lock.vested(at: Self.at(Domain.lockSeconds.upperBound - 1))
    let most = UInt64(Domain.reserveLots.upperBound)
    // 1 - (1 - 1/term)^2 is missing, 6.3e-10: of 2^48 lots, 178,388.4
    #expect(nearly.rounded(down: most) == most - 178_389)
    #expect(nearly.rounded(down: 1) == 0)
    for amount in [0, 1, most, .max] {
      #expect(ExitFraction.whole.rounded(down: amount) == amount)
      #expect(ExitFraction.nothing.rounded(down: amount) == 0)
    }
  }

  @Test func refusesWhatIsNoTerm() throws {
    func lock(_ start: Int64, _ end: Int64, _ schedule: ExitSchedule = .linear) throws -> Lock {
      try Lock(
        start: UTCTime(secondsSince1970: start), end: UTCTime(secondsSince1970: end),
        schedule: schedule)
    }
    let longest = Int64(Domain.lockSeconds.upperBound)
    #expect(try lock(9, 9 + longest).seconds == Int(longest))
    for (start, end): (Int64, Int64) in [
      (9, 9), (9, 8), (9, 10 + longest), (-1, 5), (.min, .max), (5, .min), (.max, .max),
      (0, .max),
    ] {
      #expect(throws: PoolError.self) { try lock(start, end) }
    }
    for count in [0, -1, .min, .max, Domain.exitSteps.upperBound + 1] {
      #expect(throws: PoolError.self) { try lock(0, 5, .steps(count)) }
    }
  }

  @Test func storedLocksAreChecked() throws {
    for schedule in Self.schedules {
      let lock = try Lock(start: Self.at(1), end: Self.at(3_000_000_000), schedule: schedule)
      let data = try JSONEncoder().encode(lock)
      #expect(try JSONDecoder().decode(Lock.self, from: data) == lock)
    }
    for text in [
      #"{"start":5,"end":5,"schedule":{"schedule":"linear"}}"#,
      #"{"start":5,"end":6,"schedule":{"schedule":"steps","steps":0}}"#,
      #"{"start":5,"end":6,"schedule":{"schedule":"steps"}}"#,
      #"{"start":5,"end":6,"schedule":{"schedule":"soon"}}"#,
      #"{"start":5,"end":1e300,"schedule":{"schedule":"linear"}}"#,
    ] {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(Lock.self, from: Data(text.utf8))
      }
    }
  }
}
