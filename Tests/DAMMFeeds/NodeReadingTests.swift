import DAMMFeeds
import DAMMModel
import DAMMOracle
import Foundation
import Testing

@Suite("Readings of a node")
struct NodeReadingTests {
  /// A minute after the round of the fake node.
  static let now = UTCTime(secondsSince1970: 1_700_000_060)

  static func address(_ text: String) throws -> EthereumAddress { try EthereumAddress(text) }

  static func source(
    _ fake: FakeNode, volatility: EthereumReadings.Volatility = .fixed(0.65)
  ) throws -> EthereumReadings {
    try EthereumReadings(
      node: fake.client(), aggregator: EthereumAddress(FakeNode.price), volatility: volatility,
      now: { now })
  }

  static func round(
    _ fake: FakeNode, block: UInt64 = 0x11_2233
  ) async throws -> AggregatorRound {
    try await EthereumAggregator(
      EthereumAddress(FakeNode.price), on: fake.client(), now: { now }
    ).round(block: block)
  }

  @Test("a price with a fixed volatility, all from the state after one block")
  func fixed() async throws {
    let fake = try FakeNode()
    let source = try Self.source(fake)
    let reading = try await source.latest()
    #expect(reading.price == 3000.12345678)
    #expect(reading.impliedVolatility == 0.65)
    #expect(reading.time == UTCTime(secondsSince1970: 1_700_000_000))
    #expect(reading.source == "http://127.0.0.1, aggregator \(FakeNode.price)")
    #expect(source.name == reading.source)
    #expect(fake.asked.map(\.method) == ["eth_chainId", "eth_blockNumber", "eth_call", "eth_call"])
    #expect(fake.asked.dropFirst(2).map(\.block) == ["0x112233", "0x112233"])
    #expect(Set(fake.asked.map(\.id)).count == 4)
  }

  @Test("the path, the query and the user of the address are sent, and shown nowhere")
  func secrets() async throws {
    let fake = try FakeNode()
    let source = try Self.source(fake)
    let reading = try await source.latest()
    let request = try #require(fake.state.withLock { $0.requests.first })
    #expect(request.path == "/v2/\(FakeNode.secret)?key=\(FakeNode.secret)")
    let user = Data("u\(FakeNode.secret):p\(FakeNode.secret)".utf8).base64EncodedString()
    #expect(request.headers["authorization"] == "Basic \(user)")
    #expect(request.headers["content-type"] == "application/json")
    var dumped = ""
    dump(source, to: &dumped)
    dump(reading, to: &dumped)
    let shown = [dumped, "\(source)", String(reflecting: source), "\(reading)"].joined()
    #expect(!shown.contains(FakeNode.secret))
  }

  @Test(
    "a volatility of a second aggregator, in its unit", arguments: EthereumReadings.Unit.allCases)
  func volatility(unit: EthereumReadings.Unit) async throws {
    let fake = try FakeNode {
      $0.contracts[FakeNode.volatility] = FakeNode.Contract(
        decimals: FakeNode.word(5), answer: FakeNode.word(6_512_300))
    }
    let contract = try Self.address(FakeNode.volatility)
    let source = try Self.source(
      fake, volatility: .aggregator(contract, unit: unit, ageLimitSeconds: 60))
    #expect(
      try await source.latest().impliedVolatility == (unit == .percent ? 0.65123 : 65.123))
    let late = try Self.source(
      fake, volatility: .aggregator(contract, unit: unit, ageLimitSeconds: 59))
    await #expect(
      throws: ReadingError.unavailable(
        source: late.name,
        reason: "\(contract): the volatility of 2023-11-14 22:13:20 is 60.0 s old, "
          + "but it must be at most 59.0 s old.")
    ) { try await late.latest() }
  }

  @Test("the price is the nearest Double, whatever the decimals", arguments: 0...36)
  func decimals(decimals: Int) async throws {
    let fake = try FakeNode {
      $0.contracts[FakeNode.price]?.decimals = FakeNode.word(Int128(decimals))
      $0.contracts[FakeNode.price]?.answer = FakeNode.word(123_456_789_012_345_678_901_234_567)
    }
    let round = try await Self.round(fake)
    #expect(round.value == Double("123456789012345678901234567e-\(decimals)"))
    #expect(round.answer.description == "123456789012345678901234567")
  }

  @Test("another chain ends the reading before anything else is asked")
  func chain() async throws {
    let fake = try FakeNode { $0.chainID = "0x89" }
    let source = try Self.source(fake)
    await #expect(
      throws: ReadingError.refused(
        source: source.name, reason: "http://127.0.0.1 is on chain 137, but it must be on chain 1.")
    ) { try await source.latest() }
    #expect(fake.asked.count == 1)
  }

  @Test("what an aggregator must not say is named, and not asked again")
  func refusals() async throws {
    let address = try Self.address(FakeNode.price)
    let id: Int128 = 110_680_464_442_257_320_165
    let round = ChainInteger(id)
    let ones = String(repeating: "f", count: 64)
    let lowest = "8" + String(repeating: "0", count: 63)
    typealias Change = @Sendable (inout FakeNode.Contract) -> Void
    let tooLarge = NodeError.malformed(
      node: "http://127.0.0.1", method: "latestRoundData()",
      reason: "an integer that is too large for its type")
    func length(_ bytes: Int, _ method: String, _ words: Int) -> NodeError {
      .malformed(
        node: "http://127.0.0.1", method: method,
        reason: "\(bytes) bytes, but there must be \(words * 32)")
    }
    let future = NodeError.updatedInFuture(
      address: address, seconds: "1700000091", now: Self.now, allowed: 30)
    let cases: [(Change, NodeError)] = [
      ({ $0.answer = FakeNode.word(0) }, .notPositive(address: address, answer: ChainInteger(0))),
      ({ $0.answer = FakeNode.word(-5) }, .notPositive(address: address, answer: ChainInteger(-5))),
      ({ $0.updatedAt = FakeNode.word(0) }, .neverUpdated(address: address, round: round)),
      ({ $0.updatedAt = FakeNode.word(1_700_000_091) }, future),
      (
        { $0.answeredIn = FakeNode.word(id - 1) },
        .answeredEarlier(address: address, round: round, answeredIn: ChainInteger(id - 1))
      ),
      ({ $0.answer = lowest }, tooLarge), ({ $0.id = ones }, tooLarge),
      ({ $0.id = FakeNode.word(1 << 80) }, tooLarge), ({ $0.updatedAt = ones }, tooLarge),
      ({ $0.answeredIn = ones }, tooLarge),
      (
        { $0.decimals = FakeNode.word(37) },
        .decimals(address: address, found: "37", allowed: 0...36)
      ),
      ({ $0.decimals = ones }, .decimals(address: address, found: "too many", allowed: 0...36)),
      ({ $0.decimals = "08" }, length(1, "decimals()", 1)),
      ({ $0.decimals += FakeNode.word(0) }, length(64, "decimals()", 1)),
      ({ $0.answeredIn = "" }, length(128, "latestRoundData()", 5)),
      ({ $0.answeredIn += "00" }, length(161, "latestRoundData()", 5)),
      (
        { $0.decimals = "" },
        .noContract(node: "http://127.0.0.1", address: address, method: "decimals()")
      ),
    ]
    for (change, expected) in cases {
      let fake = try FakeNode { state in
        var contract = FakeNode.Contract()
        change(&contract)
        state.contracts[FakeNode.price] = contract
      }
      let error = await NodeError.thrown { try await Self.round(fake) }
      #expect(error == expected)
      #expect(error?.mayPass == false)
      #expect(fake.asked.count <= 2)
    }
    // At the limit of the clocks, and with the largest of each type, nothing is refused.
    let fake = try FakeNode {
      $0.contracts[FakeNode.price]?.updatedAt = FakeNode.word(1_700_000_090)
      $0.contracts[FakeNode.price]?.answer = "7" + String(repeating: "f", count: 63)
      $0.contracts[FakeNode.price]?.id = FakeNode.word(1 << 80 - 1)
      $0.contracts[FakeNode.price]?.answeredIn = FakeNode.word(1 << 80 - 1)
      $0.contracts[FakeNode.price]?.decimals = FakeNode.word(36)
    }
    #expect(try await Self.round(fake).value == 0x1.54484932d2e72p+135)
  }

  @Test("what contradicts an earlier answer is said once, then taken as the new state")
  func contradictions() async throws {
    let address = try Self.address(FakeNode.price)
    let id: Int128 = 110_680_464_442_257_320_165
    typealias Change = @Sendable (inout FakeNode.Contract) -> Void
    let backwards = NodeError.roundBackwards(
      address: address, round: ChainInteger(id), seen: ChainInteger(id))
    let cases: [(Change, NodeError)] = [
      (
        { $0.decimals = FakeNode.word(18) },
        .contradictory(
          address: address, what: "the number of decimals", found: "18", seen: "8")
      ),
      (
        { $0.answer = FakeNode.word(7) },
        .contradictory(
          address: address, what: "the answer of round \(id)", found: "7", seen: "300012345678")
      ),
      (
        { $0.updatedAt = FakeNode.word(1_700_000_001) },
        .contradictory(
          address: address, what: "the time of round \(id)", found: "2023-11-14 22:13:21",
          seen: "2023-11-14 22:13:20")
      ),
      ({ $0.updatedAt = FakeNode.word(1_699_999_999) }, backwards),
      (
        { $0.id = FakeNode.word(id - 1) },
        .roundBackwards(
          address: address, round: ChainInteger(id - 1), seen: ChainInteger(id))
      ),
    ]
    for (change, expected) in cases {
      let fake = try FakeNode()
      let aggregator = try EthereumAggregator(address, on: fake.client(), now: { Self.now })
      let first = try await aggregator.round(block: 1)
      #expect(try await aggregator.round(block: 2).answer == first.answer)
      fake.state.withLock { state in
        var contract = FakeNode.Contract()
        change(&contract)
        state.contracts[FakeNode.price] = contract
      }
      #expect(await NodeError.thrown { try await aggregator.round(block: 3) } == expected)
      #expect(try await aggregator.round(block: 4).block == 4)
    }
  }

  @Test("a price outside its domain, and bad values of the caller, are named")
  func domains() async throws {
    let fake = try FakeNode { $0.contracts[FakeNode.price]?.answer = FakeNode.word(Int128.max) }
    fake.state.withLock { $0.contracts[FakeNode.price]?.decimals = FakeNode.word(0) }
    let source = try Self.source(fake)
    await #expect(
      throws: ReadingError.invalid(
        source: source.name,
        error: .outOfRange(name: "price", value: 0x1p127, allowed: Domain.price))
    ) { try await source.latest() }
    #expect(throws: NodeError.self) { try Self.source(fake, volatility: .fixed(.nan)) }
    let contract = try Self.address(FakeNode.volatility)
    #expect(throws: NodeError.self) {
      try Self.source(
        fake, volatility: .aggregator(contract, unit: .decimal, ageLimitSeconds: 0))
    }
    for text in [
      "", "0x", FakeNode.price + "0", "1" + FakeNode.price.dropFirst(),
      FakeNode.price.dropLast() + "g",
    ] {
      #expect(throws: NodeError.badAddress(found: String(text))) {
        try EthereumAddress(String(text))
      }
    }
    #expect(
      try EthereumAddress("0x5F4eC3Df9cbd43714FE2740f5E3616155c5b8419").description
        == FakeNode.price)
  }
}
