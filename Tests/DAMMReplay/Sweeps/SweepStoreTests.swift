import DAMMModel
import DAMMPool
import DAMMReplay
import DAMMShared
import Foundation
import Testing
import TestSupport

/// Stores: what is found again, what is cut off, and what is refused.
@Suite("Stores of sweeps") struct SweepStoreTests {
  private static func identity(_ axes: [String] = ["k=3,4,6", "fee-bps=1,5"]) throws
    -> SweepIdentity
  {
    SweepIdentity(version: "1.2.3", inputs: "abc", grid: try SweepFixture.grid(axes))
  }

  private static func rows(_ count: Int) -> [SweepRow] {
    var random = SplitMix64(seed: 45)
    return (0..<count).map { _ in SweepFixture.row(&random) }
  }

  @Test("cut anywhere, a store has the cells whose lines are whole, and goes on")
  func cuts() async throws {
    try await TemporaryFolder.with { folder in
      let identity = try Self.identity()
      let rows = Self.rows(6)
      let (whole, cut) = (folder.appending(path: "whole"), folder.appending(path: "cut"))
      do {
        let store = try SweepStore(whole.path, of: identity)
        #expect(store.rows.isEmpty)
        try store.append([(4, rows[4])])
        try store.append([(0, rows[0]), (5, rows[5])])
      }
      let bytes = try Data(contentsOf: whole)
      let order = [4, 0, 5]
      let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
      #expect(ends.count == 4)
      // every length of the first line and of the last two, and some between
      for length in 0...bytes.count
      where length <= ends[0] + 2 || length.isMultiple(of: 7) || length > ends[2] - 2 {
        try bytes.prefix(length).write(to: cut)
        let there = max(0, ends.count { $0 < length } - 1)
        do {
          let store = try SweepStore(cut.path, of: identity)
          #expect(Set(store.rows.keys) == Set(order.prefix(there)), "\(length)")
          for (index, row) in store.rows { #expect(row == rows[index]) }
          for index in order where store.rows[index] == nil {
            try store.append([(index, rows[index])])
          }
        }
        #expect(try Data(contentsOf: cut) == bytes, "\(length)")
      }
    }
  }

  @Test("another sweep is refused with what differs")
  func others() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.appending(path: "store").path
      let identity = try Self.identity()
      try SweepStore(path, of: identity).append([(0, Self.rows(1)[0])])
      let before = try Data(contentsOf: URL(filePath: path))
      let axes = ["k=3,4,6", "fee-bps=1,5"]
      var setup = try SweepFixture.base().setup
      setup.agents.providers = [.init(joinHours: 1, part: 0.5)]
      setup.horizonDays = 30
      let limits = ReplayMarkets(count: 1, limits: try HealthLimits(floor: 0.5))
      let lots = ReplaySetup(
        terms: try PoolTerms(
          a: LotSize(decimals: 6, exponent: 1), b: LotSize(decimals: 12, exponent: 2),
          fees: setup.terms.fees), horizonDays: 7, capital: 1e6)
      func grid(_ base: SweepBase) throws -> SweepIdentity {
        SweepIdentity(
          version: "1.2.3", inputs: "abc", grid: try SweepFixture.grid(axes, base: base))
      }
      let others: [(SweepIdentity, [String])] = [
        (
          .init(version: "1.2.4", inputs: "abc", grid: identity.grid),
          ["it was made by version 1.2.3, and this is 1.2.4"]
        ),
        (
          .init(version: "1.2.3", inputs: "abd", grid: identity.grid),
          ["its inputs have other numbers"]
        ),
        (
          try Self.identity(["k=3,4,6", "fee-bps=1,5,30"]),
          ["its fee-bps is 1,5, and 1,5,30 was asked"]
        ),
        (
          try Self.identity(["fee-bps=1,5", "k=3,4,6"]),
          ["its grid is over k and fee-bps, and over fee-bps and k was asked"]
        ),
        (
          try grid(SweepBase(setup)),
          ["its base has horizon-days 7, and 30 was asked", "its base has other providers"]
        ),
        (
          try grid(SweepBase(SweepFixture.base().setup, markets: limits)),
          ["its base has other limits of health"]
        ),
        (try grid(SweepBase(lots)), ["its base has other lots"]),
      ]
      for (other, differences) in others {
        #expect(throws: SweepError.otherSweep(file: path, differences: differences)) {
          try SweepStore(path, of: other)
        }
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == before, "a refused store is not touched")
      #expect(try SweepStore(path, of: identity).rows.count == 1)
    }
  }

  @Test("what is no store, is damaged or in use is refused and not touched")
  func damage() async throws {
    try await TemporaryFolder.with { folder in
      let url = folder.appending(path: "store")
      let identity = try Self.identity()
      let rows = Self.rows(2)
      do {
        let store = try SweepStore(url.path, of: identity)
        try store.append([(0, rows[0]), (1, rows[1])])
        #expect(throws: SweepError.storeInUse(file: url.path)) {
          try SweepStore(url.path, of: identity)
        }
      }
      let text = try String(contentsOf: url, encoding: .utf8)
      let lines = text.split(separator: "\n")
      let wrong: [(String, Int)] = [
        ("a,b\n1,2\n", 1), ("notes", 1), ("{\"damm-sweep\":2,\n", 1),
        ("{\"damm-sweep\":1,\"sweep\":{}}\n", 1),
        ("{\"damm-sweep\":1,\"sweep\":{\"version\":\"1.2.3\"}}\n", 1),
        ("\(lines[0])\n\(lines[1].dropLast(9))\n\(lines[2])\n", 2),
        ("\(lines[0])\n\(lines[1])\n\(lines[1])\n", 3),
        ("\(lines[0])\n\(lines[1].replacing("k=3", with: "k=5"))\n", 2),
        ("\(lines[0])\n\(lines[1].replacing("\"steps\"", with: "\"stops\""))\n", 2),
        ("\(lines[0])\n\n", 2),
      ]
      for (text, line) in wrong {
        try Data(text.utf8).write(to: url)
        let error = #expect(throws: SweepError.self) { try SweepStore(url.path, of: identity) }
        guard case .notAStore(url.path, line, _) = error else {
          Issue.record("\(text.prefix(80)): \(String(describing: error))")
          continue
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == text)
      }
      let error = #expect(throws: SweepError.self) {
        try SweepStore(folder.path, of: identity)
      }
      guard case .storeFailed = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
