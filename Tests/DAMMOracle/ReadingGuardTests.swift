import DAMMModel
import DAMMOracle
import Foundation
import TestSupport
import Testing

@Suite("The guard of readings")
struct ReadingGuardTests {
  static let start: Int64 = 1_700_000_000

  static func time(_ seconds: Int64) -> UTCTime { UTCTime(secondsSince1970: start + seconds) }

  static func reading(
    _ price: Double, at seconds: Int64, volatility: Double = 0.8, source: String = "test"
  ) throws -> MarketReading {
    try MarketReading(
      price: price, impliedVolatility: volatility, time: time(seconds), source: source)
  }

  static func limits(
    age: Double = 3600, jump: Double = 5, clocks: Double = 10
  ) throws -> ReadingLimits {
    try ReadingLimits(ageSeconds: age, jumpDeviations: jump, clockDifferenceSeconds: clocks)
  }

  /// `accepted`, `held` or the kind of a refusal.
  static func word(_ verdict: ReadingVerdict) -> String {
    switch verdict {
    case .accepted: "accepted"
    case .held: "held"
    case .refused(.stale): "stale"
    case .refused(.fromTheFuture): "future"
    case .refused(.backwards): "backwards"
    case .refused(.contradictory): "contradictory"
    }
  }

  @Test("age: the limit itself is fine, a second more is stale")
  func age() throws {
    let first = try Self.reading(100, at: 0)
    var door = ReadingGuard(limits: try Self.limits())
    #expect(
      door.admit(first, now: Self.time(3601))
        == .refused(.stale(time: first.time, ageSeconds: 3601, allowed: 3600)))
    #expect(door.accepted == nil)
    #expect(door.admit(first, now: Self.time(3600)) == .accepted(first))
    // Stale once more: what was accepted stays so.
    #expect(Self.word(door.admit(first, now: Self.time(3601))) == "stale")
    #expect(door.accepted == first)
  }

  @Test("clocks may differ by so much")
  func future() throws {
    let first = try Self.reading(100, at: 11)
    var door = ReadingGuard(limits: try Self.limits())
    #expect(
      door.admit(first, now: Self.time(0))
        == .refused(.fromTheFuture(time: first.time, aheadSeconds: 11, allowed: 10)))
    #expect(door.admit(first, now: Self.time(1)) == .accepted(first))
  }

  @Test("times never go back, not even behind a held reading")
  func backwards() throws {
    var door = ReadingGuard(limits: try Self.limits(), accepted: try Self.reading(100, at: 10))
    let early = try Self.reading(100, at: 9)
    #expect(
      door.admit(early, now: Self.time(20))
        == .refused(.backwards(time: early.time, newest: Self.time(10))))
    #expect(Self.word(door.admit(try Self.reading(200, at: 20), now: Self.time(20))) == "held")
    #expect(
      door.admit(try Self.reading(100, at: 19), now: Self.time(20))
        == .refused(.backwards(time: Self.time(19), newest: Self.time(20))))
  }

  @Test("the same again is answered the same, and confirms nothing")
  func repeated() throws {
    let first = try Self.reading(100, at: 0)
    var door = ReadingGuard(limits: try Self.limits(), accepted: first)
    let again = try Self.reading(100, at: 0, source: "another")
    #expect(door.admit(again, now: Self.time(5)) == .accepted(again))
    #expect(door.accepted == first)
    #expect(
      door.admit(try Self.reading(100.1, at: 0), now: Self.time(5))
        == .refused(.contradictory(time: Self.time(0))))
    #expect(
      door.admit(try Self.reading(100, at: 0, volatility: 0.9), now: Self.time(5))
        == .refused(.contradictory(time: Self.time(0))))
    let jump = try Self.reading(150, at: 10)
    for _ in 0..<5 {
      #expect(Self.word(door.admit(jump, now: Self.time(10))) == "held")
      #expect(door.held == jump && door.accepted == first)
    }
    #expect(
      Self.word(door.admit(try Self.reading(151, at: 10), now: Self.time(10))) == "contradictory")
  }

  @Test("a jump waits, and the next reading within the limit of it confirms it")
  func confirmed() throws {
    let first = try Self.reading(100, at: 0)
    var door = ReadingGuard(limits: try Self.limits(), accepted: first)
    let jump = try Self.reading(150, at: 60)
    guard case .held(jump, let deviations) = door.admit(jump, now: Self.time(60)) else {
      Issue.record("a jump is held")
      return
    }
    #expect(deviations > 5 && deviations.isFinite)
    #expect(deviations == ReadingGuard.deviations(from: first, to: jump))
    let next = try Self.reading(150.2, at: 120)
    #expect(door.admit(next, now: Self.time(120)) == .accepted(next))
    #expect(door.accepted == next && door.held == nil)
  }

  @Test("a price that comes back drops the held one")
  func dropped() throws {
    var door = ReadingGuard(limits: try Self.limits(), accepted: try Self.reading(100, at: 0))
    #expect(Self.word(door.admit(try Self.reading(150, at: 60), now: Self.time(60))) == "held")
    #expect(Self.word(door.admit(try Self.reading(100, at: 61), now: Self.time(61))) == "accepted")
    #expect(door.held == nil)
    // The outlier again is a new jump, not the confirmation of the old one.
    #expect(Self.word(door.admit(try Self.reading(150, at: 62), now: Self.time(62))) == "held")
  }

  @Test("a jump that is followed by another is replaced by it")
  func replaced() throws {
    var door = ReadingGuard(limits: try Self.limits(), accepted: try Self.reading(100, at: 0))
    for (seconds, price) in [(60, 150.0), (61, 60), (62, 90), (63, 200)] as [(Int64, Double)] {
      let jump = try Self.reading(price, at: seconds)
      #expect(Self.word(door.admit(jump, now: Self.time(seconds))) == "held")
      #expect(door.held == jump)
    }
    #expect(door.accepted?.price == 100)
  }

  @Test("a held reading that became stale confirms nothing any more")
  func staleHeld() throws {
    let limits = try Self.limits(age: 100, jump: 0.1)
    for (seconds, word) in [(110, "accepted"), (111, "held")] as [(Int64, String)] {
      var door = ReadingGuard(limits: limits, accepted: try Self.reading(100, at: 0))
      #expect(Self.word(door.admit(try Self.reading(150, at: 10), now: Self.time(10))) == "held")
      let next = try Self.reading(150, at: seconds)
      #expect(Self.word(door.admit(next, now: Self.time(seconds))) == word)
    }
  }

  /// Price before and after, seconds between, volatility after, and `|ln(p / p_0)| / (iv sqrt(dt))` by
  /// Python in 60 digits.
  static let moves: [(Double, Double, Int64, Double, Double)] = [
    (100.0, 200.0, 31536000, 0.5, 1.3862943611198906),
    (1e-30, 1e+30, 1, 1e-06, 775836562507.4448),
    (1e+30, 1e-30, 253402300799, 100.0, 0.015412211695067228),
    (3000.0, 3000.0000000000005, 1, 0.8, 1.064050498534706e-12),
    (3000.0, 2999.9, 3600, 0.8, 0.0038998513168120334),
    (62290.546587275305, 62395.551072851, 99307506, 1.9734935054246987, 0.0004809461819939844),
    (53004.45541652659, 53078.376536524374, 33427282, 1.9644749317539265, 0.0006890643459969254),
    (90090.14827457051, 90090.11862518894, 33094446, 1.1732358552820572, 2.738286137138618e-07),
    (10198.338242989366, 10195.298302147916, 54781108, 0.8744729797327755, 0.00025866755535857176),
    (91634.62083548338, 91634.62083948996, 9654515, 0.45936388427676433, 1.7202649028083927e-10),
    (61745.6345940912, 61745.63459404278, 713118, 0.6678963283605979, 7.808102572129566e-12),
    (21548.901441304002, 22160.93412973266, 38829883, 0.9752715348181132, 0.025879062540064793),
    (19889.733770316892, 19890.216547247757, 24383156, 2.825879203209597, 9.768255720274922e-06),
    (69064.50346874971, 72485.05814469863, 40102768, 0.11363211471967621, 0.3772398818622718),
    (41491.2562555629, 41491.25630853043, 44540756, 0.9390093472699145, 1.143951834254066e-09),
    (60311.39663076803, 60303.21835306481, 45351750, 0.24476622912567758, 0.0004620050218997264),
    (35535.78037863961, 35532.644267839205, 24799845, 1.4695942393987484, 6.772142448786331e-05),
  ]

  @Test("moves are measured by the new reading's own volatility, small ones too", arguments: moves)
  func deviations(
    before: Double, after: Double, seconds: Int64, volatility: Double, expected: Double
  ) throws {
    let first = try MarketReading(
      price: before, impliedVolatility: 3, time: UTCTime(secondsSince1970: 0), source: "test")
    let next = try MarketReading(
      price: after, impliedVolatility: volatility, time: UTCTime(secondsSince1970: seconds),
      source: "test")
    let found = ReadingGuard.deviations(from: first, to: next)
    #expect(abs(found / expected - 1) <= Tolerance.deviations.relative)
  }

  @Test("without time every move is infinite, and no move is none")
  func noTime() throws {
    let first = try Self.reading(100, at: 0)
    func deviations(_ price: Double, _ seconds: Int64) throws -> Double {
      ReadingGuard.deviations(from: first, to: try Self.reading(price, at: seconds))
    }
    #expect(try deviations(100, 0) == 0)
    #expect(try deviations(101, 0) == .infinity)
    #expect(try deviations(101, -5) == .infinity)
  }

  @Test("limits name what is out of range")
  func limitsAreChecked() {
    for (make, name) in [
      ({ try Self.limits(age: 0) }, "age limit in seconds"),
      ({ try Self.limits(age: .infinity) }, "age limit in seconds"),
      ({ try Self.limits(jump: .nan) }, "jump limit in standard deviations"),
      ({ try Self.limits(jump: 0) }, "jump limit in standard deviations"),
      ({ try Self.limits(clocks: -1) }, "clock difference in seconds"),
    ] as [(() throws -> ReadingLimits, String)] {
      do {
        _ = try make()
        Issue.record("\(name) was taken")
      } catch {
        guard case .outOfRange(name, _, _) = error as? DAMMError else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  @Test("every refusal says what was found and what is allowed, in one sentence")
  func words() {
    let (early, late) = (Self.time(0), Self.time(60))
    for (refusal, words) in [
      (.stale(time: early, ageSeconds: 90, allowed: 60), ["\(early)", "90.0", "60.0"]),
      (.fromTheFuture(time: late, aheadSeconds: 60, allowed: 30), ["\(late)", "60.0", "30.0"]),
      (.backwards(time: early, newest: late), ["\(early)", "\(late)"]),
      (.contradictory(time: early), ["\(early)"]),
    ] as [(ReadingRefusal, [String])] {
      for word in words { #expect(refusal.description.contains(word)) }
      #expect(refusal.description.hasSuffix(".") && !refusal.description.contains("\n"))
    }
  }
}
