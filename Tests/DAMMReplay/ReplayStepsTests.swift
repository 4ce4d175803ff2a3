import DAMMFeeds
import DAMMModel
import DAMMReplay
import Foundation
import TestSupport
import Testing

/// Streams of flow as steps.
@Suite struct ReplayStepsTests {
  /// Steps of texts, each a track.
  func steps(
    _ tracks: [String], tokens: TokenPair? = nil, impliedVolatility: Double? = nil
  ) throws -> (steps: [ReplayStep], source: ReplaySteps) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "damm-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let urls = try tracks.enumerated().map { index, text in
      let url = folder.appending(path: "\(index).csv")
      try Data(text.utf8).write(to: url)
      return [url]
    }
    let source = ReplaySteps(
      try FlowStream(urls, badRowLimit: 0), tokens: try tokens ?? TokenPair(),
      impliedVolatility: impliedVolatility)
    var steps: [ReplayStep] = []
    while let step = try source.next() { steps.append(step) }
    return (steps, source)
  }

  static let minutes = """
    timestamp,netAmount0,netAmount1,inAmount0,inAmount1,closeTick,currentLiquidity
    2024-01-01 00:00:00,1000000,-400000000000000,3000000,500000000000000,198079,4000000000000000
    2024-01-01 00:01:00,-1000000,400000000000000,2000000,600000000000000,198080,9000000000000000
    2024-01-01 00:02:00,0,0,0,0,198080,9000000000000000

    """

  @Test("a minute pays in both sums, last what it was moved by")
  func minutes() throws {
    let (steps, _) = try steps([Self.minutes], impliedVolatility: 0.7)
    #expect(steps.count == 3)
    #expect(
      steps[0].orders == [try Order.exactIn(0.0005, .sell), try Order.exactIn(3, .buy)])
    #expect(
      steps[1].orders == [try Order.exactIn(2, .buy), try Order.exactIn(0.0006, .sell)])
    #expect(steps[2].orders == [])
    #expect(steps[0].price == (try TokenPair().price(tick: 198_079)))
    #expect(abs(steps[0].price / (1e12 / pow(1.0001, 198_079)) - 1) < 1e-10)
    #expect(steps.map(\.impliedVolatility) == [0.7, 0.7, 0.7])
    // the close of a minute is known when it is over
    #expect(steps[0].time == UTCTime("2024-01-01 00:01:00"))
    let seen = try #require(steps[1].recorded)
    #expect((seen.inA, seen.inB, seen.price) == (2, 0.0006, steps[1].price))
    // sqrt(10^6 10^18) of the smallest units are one
    #expect(seen.liquidity == 9000)
  }

  @Test("with token 1 as A, prices are the reciprocal, and sides change")
  func numeraire() throws {
    let tokens = try TokenPair(numeraire: .token1)
    let (other, _) = try steps([Self.minutes], tokens: tokens, impliedVolatility: 0.7)
    let (plain, _) = try steps([Self.minutes], impliedVolatility: 0.7)
    for (one, two) in zip(other, plain) {
      #expect(abs(one.price * two.price - 1) < 1e-14)
      #expect(one.recorded?.liquidity == two.recorded?.liquidity)
    }
    // A of the minute flowed out: what paid it in comes last is B
    #expect(other[0].orders == [try Order.exactIn(0.0005, .buy), try Order.exactIn(3, .sell)])
  }

  @Test("prices of their own are the market price, and volatilities hold until the next")
  func tracks() throws {
    let volatilities = "time,volatility\n2024-01-01,0.5\n2024-01-01 00:02:30,0.6\n"
    let prices = "time,price\n2024-01-01 00:00:30,2490\n2024-01-01 00:02:30,2510\n"
    let (steps, _) = try steps([volatilities, prices, Self.minutes])
    #expect(steps.map(\.price) == [2490, 2490, 2490, 2510, 2510])
    #expect(steps.map(\.impliedVolatility) == [0.5, 0.5, 0.5, 0.6, 0.6])
    #expect(steps.map(\.orders.count) == [0, 2, 2, 0, 0])
    #expect(steps.map { $0.recorded == nil } == [true, false, false, true, false])
    #expect(steps[1].recorded?.price == (try TokenPair().price(tick: 198_079)))
  }

  @Test("orders before a price or a volatility are left out and counted")
  func before() throws {
    let orders =
      "time,side,kind,value\n2024-01-01,buy,amount,1\n2024-01-01 00:00:05,sell,amount,2\n"
    let prices =
      "time,price,volatility,volume_in_a,volume_in_b\n2024-01-01 00:00:02,100,,,\n"
      + "2024-01-01 00:00:04,101,0.5,10,1\n2024-01-01 00:00:06,99,,20,2\n"
    let (steps, source) = try steps([orders, prices])
    #expect(source.ordersBefore == 1)
    #expect(steps.map(\.time.secondsSince1970).map { $0 % 10 } == [4, 5, 6])
    #expect(steps[0].orders == [try Order.exactIn(1, .sell), try Order.exactIn(10, .buy)])
    #expect(steps[1].orders == [try Order(.sell, .amount(2))])
    #expect(steps[2].orders == [try Order.exactIn(20, .buy), try Order.exactIn(2, .sell)])
  }

  @Test("no volatility anywhere, too few steps, a broken row")
  func refused() throws {
    #expect(throws: ReplayError.noVolatility) { try steps([Self.minutes]) }
    let bad = "time,price\n2024-01-01,100\n2024-01-02,x\n"
    #expect(
      throws: ReplayError.flow(
        FlowError(
          file: "0.csv", problem: .notANumber(line: 3, column: "price", value: "x")))
    ) { try steps([bad], impliedVolatility: 0.5) }
    let source = ReplaySteps(
      try FlowStream([[Files.root.appending(path: "data/demo/prices.csv")]]),
      tokens: try TokenPair(), impliedVolatility: 0.5)
    #expect(try source.all().count > 2)
    #expect(throws: ReplayError.tooFewSteps(found: 0)) { try source.all() }
  }

  @Test("the logs of real pools become a step a swap, and their prices the market's")
  func logs() throws {
    for url in [LogFixture.demo] + LogFixture.real {
      let log = try LogFixture.log(url)
      let source = ReplaySteps(
        try FlowStream([[url]]), tokens: try TokenPair(), impliedVolatility: 0.5)
      let steps = try source.all()
      #expect(steps.count == log.swaps.count)
      let tokens = try TokenPair()
      for (step, swap) in zip(steps, log.swaps) {
        let price = tokens.price(sqrtPriceX96: swap.sqrtPriceX96)
        let (a, b) = tokens.amounts(of: swap)
        guard step.price == price, step.time == swap.time,
          step.orders.count == 1,
          step.orders[0] == (a > 0 ? try Order.exactIn(a, .buy) : try Order.exactIn(b, .sell))
        else {
          Issue.record("line \(swap.line) of \(url.lastPathComponent)")
          return
        }
      }
    }
  }
}
