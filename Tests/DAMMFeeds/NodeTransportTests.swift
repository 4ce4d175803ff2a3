import DAMMFeeds
import DAMMModel
import Foundation
import Synchronization
import TestSupport
import Testing

/// The connection to a node: what it may send, how long it may take, and how often it is asked.
@Suite("Asking a node")
struct NodeTransportTests {
  @Test("too many requests, then an answer; pauses double and end at the longest")
  func retries() async throws {
    let fake = try FakeNode {
      $0.instead = { _, before in before < 5 ? .answer("busy", status: before < 2 ? 429 : 503) : nil
      }
    }
    let clock = RecordingClock()
    let policy = try NodePolicy(
      attempts: 6, firstDelaySeconds: 0.25, longestDelaySeconds: 1.5)
    let client = try EthereumNode(
      fake.url, chainID: 1, policy: policy, clock: clock, jitter: { 1 })
    #expect(try await client.blockNumber() == 0x11_2233)
    #expect(clock.pauses == [0.25, 0.5, 1, 1.5, 1.5].map { .seconds($0) })
    #expect(Set(fake.asked.map(\.id)).count == 6)
  }

  @Test("the spread of pauses is the caller's, from a half to the whole")
  func jitter() async throws {
    let seed = RandomCurves.seed("pauses", 5)
    func pauses() async throws -> [Duration] {
      let fake = try FakeNode { $0.instead = { _, _ in .answer("", status: 500) } }
      let clock = RecordingClock()
      let random = Mutex(SplitMix64(seed: seed))
      let client = try EthereumNode(
        fake.url, chainID: 1, policy: NodePolicy(attempts: 5), clock: clock,
        jitter: { random.withLock { $0.uniform(0...1) } })
      let error = await NodeError.thrown { try await client.blockNumber() }
      #expect(error == .gaveUp(attempts: 5, last: .status(node: FakeNode.name, status: 500)))
      #expect(error?.mayPass == true)
      return clock.pauses
    }
    let first = try await pauses()
    #expect(first == (try await pauses()))
    for (pause, whole) in zip(first, [0.25, 0.5, 1, 2]) {
      #expect(pause >= .seconds(whole / 2) && pause <= .seconds(whole))
    }
    #expect(first.count == 4 && first[0] * 2 != first[1])
  }

  @Test("other statuses are refused at once", arguments: [204, 400, 401, 403, 404, 418])
  func statuses(status: Int) async throws {
    let fake = try FakeNode {
      $0.instead = { _, _ in .answer(status == 204 ? "" : "no", status: status) }
    }
    #expect(try await FakeNode.error(fake) == .status(node: FakeNode.name, status: status))
    #expect(fake.asked.count == 1)
  }

  @Test("silence and drops of bytes end with the timeout, in each attempt")
  func slow() async throws {
    for reply in [LocalServer.Reply.silence, .drip] {
      let fake = try FakeNode { $0.instead = { _, _ in reply } }
      let start = ContinuousClock.now
      let error = try await FakeNode.error(fake, attempts: 2, timeoutSeconds: 0.3)
      #expect(
        error == .gaveUp(attempts: 2, last: .timedOut(node: FakeNode.name, seconds: 0.3)),
        "\(reply)")
      let took = ContinuousClock.now - start
      #expect(took >= .seconds(0.6) && took < .seconds(30), "\(reply) took \(took)")
      #expect(fake.asked.count == 2)
    }
  }

  @Test("slow once, then an answer")
  func slowOnce() async throws {
    let fake = try FakeNode { $0.instead = { _, before in before == 0 ? .silence : nil } }
    let client = try fake.client(timeoutSeconds: 0.5)
    #expect(try await client.blockNumber() == 0x11_2233)
    #expect(fake.asked.count == 2)
  }

  @Test(
    "a connection that ends early is tried again",
    arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\""])
  func truncated(text: String) async throws {
    let fake = try FakeNode { $0.instead = { _, before in before < 2 ? .raw(text) : nil } }
    #expect(try await fake.client().blockNumber() == 0x11_2233)
    #expect(fake.asked.count == 3)
    fake.state.withLock { $0.instead = { _, _ in .raw(text) } }
    guard
      case .gaveUp(attempts: 3, last: .unreachable(node: FakeNode.name, _)) =
        try await FakeNode.error(fake)
    else {
      Issue.record("the connection broke")
      return
    }
  }

  @Test(
    "what is not HTTP is no answer",
    arguments: [
      "\u{1}\u{2} hello\n\n", "hello", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
    ])
  func garbage(text: String) async throws {
    let fake = try FakeNode { $0.instead = { _, _ in .raw(text) } }
    #expect(
      try await FakeNode.error(fake)
        == FakeNode.malformed("nothing: what it sent is not an HTTP answer"))
    #expect(fake.asked.count == 1)
  }

  @Test(
    "a challenge is refused at once, whatever it asks for",
    arguments: ["", "Basic realm=\"x\"", "Digest realm=\"x\", nonce=\"1\""])
  func challenge(header: String) async throws {
    let headers = header.isEmpty ? [:] : ["WWW-Authenticate": header]
    let fake = try FakeNode {
      $0.instead = { _, _ in .answer("", status: 401, headers: headers) }
    }
    #expect(try await FakeNode.error(fake) == .status(node: FakeNode.name, status: 401))
    #expect(fake.asked.count == 1)
  }

  @Test("a redirection to nowhere is one, too", arguments: ["", "http://[", "//x y", ":"])
  func redirectionToNowhere(location: String) async throws {
    let fake = try FakeNode {
      $0.instead = { _, _ in .answer("", status: 301, headers: ["Location": location]) }
    }
    #expect(try await FakeNode.error(fake) == .redirected(node: FakeNode.name, status: 301))
  }

  @Test("more bytes than an answer may have, said in the head or not")
  func tooLarge() async throws {
    let most = Domain.nodeAnswerBytes
    let long = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}"
    for reply in [
      LocalServer.Reply.answer(long.padding(toLength: most + 1, withPad: " ", startingAt: 0)),
      .answer(long, headers: ["Content-Length": "999999999999"]), .flood,
    ] {
      let fake = try FakeNode { $0.instead = { _, _ in reply } }
      #expect(try await FakeNode.error(fake) == .tooLarge(node: FakeNode.name, allowed: most))
      #expect(fake.asked.count == 1)
    }
    let fits = long.padding(toLength: most, withPad: " ", startingAt: 0)
    let fake = try FakeNode { $0.instead = { _, _ in .answer(fits) } }
    #expect(try await fake.client().blockNumber() == 1)
  }

  @Test("a redirection is not followed", arguments: [301, 302, 303, 307, 308])
  func redirection(status: Int) async throws {
    let elsewhere = try FakeNode()
    let url = elsewhere.url
    let fake = try FakeNode {
      $0.instead = { _, _ in .answer("", status: status, headers: ["Location": url]) }
    }
    #expect(try await FakeNode.error(fake) == .redirected(node: FakeNode.name, status: status))
    #expect(fake.asked.count == 1)
    #expect(elsewhere.asked.isEmpty)
  }

  @Test("nobody listens")
  func refusedConnection() async throws {
    let port = try { try FakeNode().port }()
    let client = try EthereumNode(
      "http://localhost:\(port)/\(FakeNode.secret)", chainID: 1,
      policy: NodePolicy(attempts: 2, timeoutSeconds: 20), clock: RecordingClock())
    let error = await NodeError.thrown { try await client.blockNumber() }
    #expect(
      error
        == .gaveUp(
          attempts: 2,
          last: .unreachable(
            node: "http://localhost", reason: "it does not accept a connection")))
  }

  @Test("a cancelled task waits for nothing, not even for a pause")
  func cancelled() async throws {
    let silent = try FakeNode { $0.instead = { _, _ in .silence } }
    let busy = try FakeNode { $0.instead = { _, _ in .answer("", status: 503) } }
    for fake in [silent, busy] {
      let client = try EthereumNode(
        fake.url, chainID: 1,
        policy: NodePolicy(
          attempts: 2, timeoutSeconds: 600, firstDelaySeconds: 600, longestDelaySeconds: 600))
      let task = Task { await NodeError.thrown { try await client.blockNumber() } }
      while fake.asked.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      #expect(await task.value == .cancelled(node: FakeNode.name))
    }
    let client = try silent.client()
    let before = Task {
      while !Task.isCancelled { await Task.yield() }
      return await NodeError.thrown { try await client.blockNumber() }
    }
    before.cancel()
    #expect(await before.value == .cancelled(node: FakeNode.name))
  }

  /// On a busy machine the networking underneath has been seen to end the process here
  /// (`docs/readings.md`): for a soak, where that costs only the soak.
  @Test(
    "a task may be cancelled at any moment of an exchange",
    .enabled(
      if: ProcessInfo.processInfo.environment["DAMM_SOAK"] != nil, "runs in a soak"))
  func cancelledAnywhere() async throws {
    let seed = RandomCurves.seed("cancellation", 9)
    var random = SplitMix64(seed: seed)
    let elsewhere = "http://127.0.0.1:1/"
    let replies: [LocalServer.Reply?] = [
      nil, .answer("", status: 302, headers: ["Location": elsewhere]), .flood, .raw(""), .drip,
      .answer("", status: 401, headers: ["WWW-Authenticate": "Basic realm=x"]),
    ]
    var (cancelled, finished) = (0, 0)
    for reply in replies {
      let fake = try FakeNode { $0.instead = { _, _ in reply } }
      let client = try fake.client(attempts: 1, timeoutSeconds: 0.02)
      for _ in 0..<RandomCurves.runs(60) {
        let pause = Duration.microseconds(Int64.random(in: 0...8000, using: &random))
        let task = Task { await NodeError.thrown { try await client.blockNumber() } }
        try await Task.sleep(for: pause)
        task.cancel()
        if await task.value == .cancelled(node: FakeNode.name) {
          cancelled += 1
        } else {
          finished += 1
        }
      }
    }
    #expect(cancelled > 20 && finished > 20, "\(cancelled) and \(finished), seed \(seed)")
  }

  @Test("many questions at once get each its own answer")
  func atOnce() async throws {
    let fake = try FakeNode()
    let client = try fake.client()
    let numbers = try await withThrowingTaskGroup(of: UInt64.self) { group in
      for _ in 0..<40 { group.addTask { try await client.blockNumber() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(numbers == Array(repeating: 0x11_2233, count: 40))
    #expect(Set(fake.asked.map(\.id)).count == 40)
  }
}
