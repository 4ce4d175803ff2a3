import DAMMModel
import DAMMPool
import Foundation
import TestSupport
import Testing

@Suite struct ShareBookTests {
  static func at(_ seconds: Int) -> UTCTime { UTCTime(secondsSince1970: Int64(seconds)) }

  static func lock(_ start: Int, _ end: Int) throws -> Lock {
    try Lock(start: at(start), end: at(end))
  }

  @Test func feesArePaidProRata() throws {
    var book = ShareBook()
    let first = try book.mint(32)
    try book.collect(10)
    let second = try book.mint(96)
    try book.collect(12)
    #expect(try book.owed(to: first) == 13 && book.owed(to: second) == 9)
    #expect(try book.claim(from: first, at: Self.at(0)) == 13)
    #expect(try book.claim(from: first, at: Self.at(0)) == 0)
    #expect(book.fees.isExact && book.paid == 13 && book.fees.remainder == 0)
    try book.collect(1)
    #expect(book.fees.remainder == 1)
    // a part leaves its fees, the whole takes them along, and the last takes what is left
    #expect(try book.burn(10, from: first, at: Self.at(0)) == 0)
    #expect(try book.burn(96, from: second, at: Self.at(0)) == 9)
    #expect(throws: PoolError.noSuchPosition(second)) { try book.owed(to: second) }
    #expect(try book.burn(22, from: first, at: Self.at(0)) == 1)
    #expect(book.fees.remainder == 0 && book.paid == 23 && book.shares == 0)
    #expect(throws: PoolError.empty) { try book.collect(1) }
    // names are never used again
    #expect(try book.mint(1) == PositionID(3))
  }

  /// Ten lots a thirtieth: a unit that cannot be divided holds back a lot until somebody leaves.
  @Test func aLotWaitsForItsLastUnit() throws {
    var book = ShareBook()
    let id = try book.mint(30)
    try book.collect(10)
    #expect(try book.owed(to: id) == 9)
    #expect(book.fees.isExact && book.fees.remainder == 1)
    #expect(try book.feesPaid(burning: 30, from: id, at: Self.at(0)) == 10)
    #expect(try book.burn(30, from: id, at: Self.at(0)) == 10)
  }

  @Test func leavingEarlyForfeitsToThoseWhoStay() throws {
    var book = ShareBook()
    let stays = try book.mint(100)
    let other = try book.mint(300)
    let leaves = try book.mint(400, lock: Self.lock(1000, 2000))
    try book.collect(800)
    #expect(throws: PoolError.locked(leaves, until: Self.at(2000))) {
      try book.claim(from: leaves, at: Self.at(1999))
    }
    #expect(throws: PoolError.locked(leaves, until: Self.at(2000))) {
      try book.burn(1, from: leaves, at: Self.at(1999))
    }
    #expect(throws: PoolError.locked(leaves, until: Self.at(2000))) {
      try book.mint(1, into: leaves, at: Self.at(1999))
    }
    #expect(throws: PoolError.notLocked(stays)) { try book.exitEarly(stays, at: Self.at(1250)) }
    #expect(throws: PoolError.notLocked(leaves)) { try book.exitEarly(leaves, at: Self.at(2000)) }
    let exit = try book.exitEarly(leaves, at: Self.at(1250))
    #expect(exit.vested.value == 0.25 && exit.shares == 400)
    #expect(exit.forfeitedFees == 400 && exit.paidFees == 0)
    #expect(try book.owed(to: stays) == 200 && book.owed(to: other) == 600)
    #expect(book.collected == 800 && book.paid == 0 && book.fees.isExact)
  }

  @Test func theLastOneForfeitsNothing() throws {
    var book = ShareBook()
    let last = try book.mint(7, lock: Self.lock(0, 100))
    try book.collect(12)
    let exit = try book.exitEarly(last, at: Self.at(1))
    #expect(exit.vested == .whole && exit.forfeitedFees == 0 && exit.paidFees == 12)
    #expect(book.shares == 0 && book.paid == 12 && book.fees.isExact)
  }

  @Test func aLockThatIsOverIsFree() throws {
    var book = ShareBook()
    let id = try book.mint(7, lock: Self.lock(0, 100))
    try book.mint(5, into: id, at: Self.at(100))
    try book.collect(12)
    #expect(try book.claim(from: id, at: Self.at(100)) == 12)
    #expect(try book.burn(12, from: id, at: Self.at(100)) == 0)
  }

  /// Fees that pass through the index again and again take it around 2^128 and lose nothing.
  @Test func theIndexMayWrapAround() throws {
    var book = ShareBook()
    var holder = try book.mint(1, lock: Self.lock(0, 100))
    let all = Domain.collectedFees.upperBound
    try book.collect(all)
    for _ in 0..<100 {
      let next = try book.mint(1, lock: Self.lock(0, 100))
      #expect(try book.exitEarly(holder, at: Self.at(1)).forfeitedFees == all)
      #expect(try book.owed(to: next) == all && book.fees.isExact)
      try book.check()
      holder = next
    }
    #expect(throws: PoolError.self) { try book.collect(1) }
    #expect(try book.exitEarly(holder, at: Self.at(1)).paidFees == all)
  }

  @Test func refusesCountsThatDoNotFit() throws {
    var book = ShareBook()
    let most = Domain.shares.upperBound
    for count in [0, -1, .min, most + 1, .max] {
      #expect(throws: PoolError.self) { try book.mint(count) }
    }
    let id = try book.mint(most)
    #expect(throws: PoolError.self) { try book.mint(1) }
    #expect(throws: PoolError.self) { try book.mint(.max, into: id, at: Self.at(0)) }
    for fee in [-1, .min, Domain.collectedFees.upperBound + 1, .max] {
      #expect(throws: PoolError.self) { try book.collect(fee) }
    }
    try book.collect(Domain.collectedFees.upperBound)
    #expect(throws: PoolError.self) { try book.collect(1) }
    for count in [0, -1, most + 1, .max, .min] {
      #expect(throws: PoolError.self) { try book.burn(count, from: id, at: Self.at(0)) }
    }
    let nobody = PositionID(99)
    #expect(throws: PoolError.noSuchPosition(nobody)) {
      try book.burn(1, from: nobody, at: Self.at(0))
    }
    #expect(throws: PoolError.noSuchPosition(nobody)) {
      try book.claim(from: nobody, at: Self.at(0))
    }
    #expect(throws: PoolError.noSuchPosition(nobody)) { try book.exitEarly(nobody, at: Self.at(0)) }
    #expect(try book.burn(most, from: id, at: Self.at(0)) == Domain.collectedFees.upperBound)
  }

  /// A book whose numbers are large, odd and of every kind.
  static func rich() throws -> ShareBook {
    var book = ShareBook()
    for (place, shares) in [1 << 61, 3, 12_345_678_901_234_567].enumerated() {
      _ = try book.mint(shares, lock: place == 1 ? lock(5, 55) : nil)
      try book.collect(7_000_000_000_000_007 + place)
      _ = try book.owed(to: PositionID(1))
    }
    _ = try book.claim(from: PositionID(1), at: at(0))
    try book.collect(5)
    return book
  }

  @Test func jsonKeepsEveryBit() throws {
    let book = try Self.rich()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(book)
    #expect(try JSONDecoder().decode(ShareBook.self, from: data) == book)
    // no number that a reader without large integers would round
    let text = String(decoding: data, as: UTF8.self)
    for number in text.matches(of: /[:\[,](\d+)/) { #expect(number.1.count <= 15) }
    #expect(try encoder.encode(book) == data)
  }

  /// Every digit of every number counts: a stored book with another one is refused.
  @Test func storedStatesThatContradictThemselvesAreRefused() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(Self.rich())
    let text = String(decoding: data, as: UTF8.self)
    var changed = 0
    for match in text.matches(of: /"(\w+)":"(\d+)"/) {
      for wrong in [
        "1", "0", "-1", "4611686018427387904", "9223372036854775807",
        "340282366920938463463374607431768211455", "x", "", "+5", "05", "1e3",
      ] where wrong != match.2 {
        let bad = text.replacingCharacters(in: match.range, with: #""\#(match.1)":"\#(wrong)""#)
        #expect(throws: (any Error).self, "\(match.1) \(match.2) to \(wrong)") {
          try JSONDecoder().decode(ShareBook.self, from: Data(bad.utf8))
        }
        changed += 1
      }
    }
    #expect(changed > 100)
    for (what, other) in [
      (#""nextNumber":4"#, #""nextNumber":3"#), (#""nextNumber":4"#, #""nextNumber":-4"#),
      (#""number":2"#, #""number":1"#), (#""number":2"#, #""number":0"#),
      (#""end":55"#, #""end":5"#),
    ] {
      #expect(text.contains(what))
      let bad = text.replacingOccurrences(of: what, with: other)
      #expect(throws: (any Error).self, "\(other)") {
        try JSONDecoder().decode(ShareBook.self, from: Data(bad.utf8))
      }
    }
    #expect(throws: PoolError.self) {
      let bad = text.replacingOccurrences(of: #""paid":"#, with: #""paid":"0","x":"#)
      _ = try JSONDecoder().decode(ShareBook.self, from: Data(bad.utf8))
    }
  }
}
