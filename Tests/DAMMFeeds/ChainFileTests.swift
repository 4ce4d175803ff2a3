import DAMMFeeds
import DAMMModel
import DAMMOracle
import Testing

@Suite("Files of option chains")
struct ChainFileTests {
  private static let coinHeader =
    "timestamp,instrument_name,currency,option_type,strike,expiry_datetime,bid_price,ask_price,"
    + "mark_price,futures_price,implied_volatility,index_price"
  private static let indexHeader =
    "underlying,underlying_last,optionroot,type,expiration,quotedate,strike,bid,ask,impliedvol"

  private static func coin(_ rows: String...) throws -> OptionChainFile {
    try OptionChainFile(csv: ([coinHeader] + rows).joined(separator: "\n"), name: "toy")
  }

  private static func index(_ rows: String...) throws -> OptionChainFile {
    try OptionChainFile(csv: ([indexHeader] + rows).joined(separator: "\n"), name: "toy")
  }

  @Test("premiums in coin: every number, and the steps in which they are written")
  func coin() throws {
    let file = try Self.coin(
      "2026-01-02T03:04:05.400000+00:00,A-C,AAA,call,110.0,2026-01-12T08:00:00+00:00,0.01,0.02,"
        + "0.0151,100.25,0.43229999999999996,99.5",
      "2026-01-02T03:04:05.400000+00:00,A-P,AAA,put,90.0,2026-01-12T08:00:00+00:00,,0.002,"
        + "5.3e-05,100.55,0.5,99.5",
      "2026-01-02T03:04:05.400000+00:00,A-Q,AAA,put,90.0,2026-01-12T08:00:00+00:00,,,"
        + "0.0,100.53571428571429,0,",
      "2026-01-02T03:04:05.500000+00:00,B-C,BBB,call,7,2026-01-12 08:00:00,0.0,0.02,,,,")
    #expect(file.format == .coin && file.underlyings == ["AAA", "BBB"])
    let chain = try file.chain(underlying: "AAA")
    #expect(chain.time == UTCTime("2026-01-02 03:04:05") && chain.source == "toy")
    #expect(
      chain.quotes[0]
        == (try OptionQuote(
          instrument: "A-C", kind: .call, strike: 110, expiry: UTCTime("2026-01-12 08:00:00")!,
          time: UTCTime("2026-01-02 03:04:05")!, quotation: .coin, bid: 0.01, ask: 0.02,
          mark: 0.0151, quotedVolatility: 0.43229999999999996, forward: 100.25, spot: 99.5)))
    #expect(chain.quotes[1].bid == nil && chain.quotes[1].mark == 5.3e-5)
    #expect(chain.quotes[2].quotedVolatility == nil && chain.quotes[2].mark == 0)
    #expect(
      chain.steps == (try QuotationSteps(premium: 1e-6, volatility: 1e-4, forward: 0.01)))
    #expect(chain.forwards.map(\.forward) == [100.53571428571429])
    let other = try file.chain(underlying: "BBB")
    #expect(other.time == UTCTime("2026-01-02 03:04:06"))
    #expect(other.quotes[0].mark == nil && other.quotes[0].bid == nil)
    #expect(other.quotes[0].ask == 0.02 && other.forwards.isEmpty)
  }

  @Test("an index: dates become times in New York, in summer and winter, by the root")
  func index() throws {
    let file = try Self.index(
      "X,2812.98,SPXW190515C01,call,05/15/2019,05/13/2019,2800,30.5,31,0.15",
      "X,2812.98,SPX191220P01,put,12/20/2019,05/13/2019,2800,0,0.05,0",
      "X,2812.98,XSP200331P01,put,03/31/2020,05/13/2019,2800,1,2,0.2")
    let chain = try file.chain()
    #expect(file.format == .index && chain.underlying == "X" && chain.steps == nil)
    #expect(chain.time == UTCTime("2019-05-13 20:00:00"))
    #expect(
      chain.quotes.map(\.expiry.description) == [
        "2019-05-15 20:00:00", "2019-12-20 14:30:00", "2020-03-31 20:00:00",
      ])
    #expect(chain.quotes.allSatisfy { $0.quotation == .cash && $0.mark == nil })
    #expect(chain.quotes[1].bid == nil && chain.quotes[1].quotedVolatility == nil)
    #expect(chain.quotes[0].mid == 30.75 && chain.quotes[0].quotedVolatility == 0.15)
  }

  @Test("clocks change on the second Sunday of March and the first of November")
  func summer() {
    let hours: [(String, String)] = [
      ("03/09/2019", "21"), ("03/10/2019", "20"), ("11/02/2019", "20"), ("11/03/2019", "21"),
      ("03/07/2026", "21"), ("03/08/2026", "20"), ("10/31/2026", "20"), ("11/01/2026", "21"),
    ]
    for (date, hour) in hours {
      let close = IndexCalendar.close(date)?.description
      #expect(close?.hasSuffix(" \(hour):00:00") == true, "\(date): \(close ?? "-")")
    }
    for bad in ["2019-05-13", "5/13/2019", "02/30/2019", "13/01/2019", "05/13/19", "", "//"] {
      #expect(IndexCalendar.close(bad) == nil, "\(bad)")
    }
  }

  @Test("which chain, where there are several")
  func choice() throws {
    func row(_ underlying: String, _ time: String) -> String {
      "\(time),\(underlying)-1,\(underlying),call,100,2026-02-12,0.1,0.2,0.15,100,0.5,99"
    }
    let file = try Self.coin(
      row("B", "2026-01-03"), row("A", "2026-01-02"), row("B", "2026-01-01"), row("B", "2026-01-03")
    )
    #expect(file.chains.map(\.underlying) == ["A", "B", "B"])
    #expect(file.chains.map(\.quotes.count) == [1, 1, 2])
    #expect(throws: ChainChoiceError.severalUnderlyings(found: ["A", "B"])) { try file.chain() }
    #expect(throws: ChainChoiceError.unknownUnderlying("C", found: ["A", "B"])) {
      try file.chain(underlying: "C")
    }
    let (first, third) = (UTCTime("2026-01-01 00:00:00")!, UTCTime("2026-01-03 00:00:00")!)
    #expect(throws: ChainChoiceError.severalTimes(count: 2, first: first, last: third)) {
      try file.chain(underlying: "B")
    }
    let early = UTCTime("2025-12-31 00:00:00")!
    #expect(throws: ChainChoiceError.nothingYet(at: early, first: first)) {
      try file.chain(underlying: "B", at: early)
    }
    let second = UTCTime("2026-01-02 00:00:00")!
    #expect(try file.chain(underlying: "B", at: second).time == first)
    #expect(try file.chain(underlying: "B", at: third).time == third)
    #expect(try file.chain(underlying: "A").time == second)
    #expect(
      ChainChoiceError.severalUnderlyings(found: ["A", "B"]).description
        == "the file has options on A, B: name one of them as the underlying.")
  }

  @Test(
    "a row that is wrong is named by its line",
    arguments: [
      (
        "2026-01-02,I,A,calls,1,2026-02-02,,,,,,",
        "line 3: option_type is calls, but it must be call or put."
      ),
      (
        "2026-01-02,I,A,put,0,2026-02-02,,,,,,", "line 3: strike is 0, but it must be a number from"
      ),
      (
        "2026-01-02,I,A,put,x,2026-02-02,,,,,,",
        "line 3: strike is \"x\", but it must be a number in"
      ),
      ("2026-01-02,I,A,put,1,2026-02-30,,,,,,", "line 3: expiry_datetime is \"2026-02-30\", but"),
      ("2026-01-02.5,I,A,put,1,2026-02-20,,,,,,", "line 3: timestamp is \"2026-01-02.5\", but"),
      (
        "2026-01-02,I,A,put,1,2026-02-20,-1,,,,,",
        "line 3: bid_price is -1, but it must be a number"
      ),
      ("2026-01-02,I,A,put,1,2026-02-20,,nan,,,,", "line 3: ask_price is \"nan\", but"),
      ("2026-01-02,I,A,put,1,2026-02-20,,,,0,,", "line 3: futures_price is 0, but"),
      ("2026-01-02,I,A,put,1,2026-02-20,,,,,101,", "line 3: implied_volatility is 101, but"),
      ("2026-01-02,I,,put,1,2026-02-20,,,,,,", "line 3: currency is empty, but it must be a name."),
      ("2026-01-02,I,A,put,1", "line 3 has 5 values, but the header has 12 columns."),
    ])
  func wrongRows(_ row: String, _ message: String) {
    let good = "2026-01-02,I,A,put,1,2026-02-02,,,0.1,,,"
    let error = #expect(throws: TableError.self) { try Self.coin(good, row) }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "-")")
  }

  @Test("a file that is no chain")
  func noChain() {
    #expect(throws: TableError.empty) { try OptionChainFile(csv: "", name: "toy") }
    #expect(throws: TableError.noRows) { try Self.coin() }
    let error = #expect(throws: TableError.self) {
      try OptionChainFile(csv: "time,price\n1,2\n", name: "toy")
    }
    #expect(error?.description.contains("optionroot") == true)
    let wrong = #expect(throws: TableError.self) {
      try Self.index("X,1,R,put,2019-05-15,05/13/2019,2800,0,1,0")
    }
    #expect(wrong?.description.contains("expiration is \"2019-05-15\"") == true)
  }
}
