import DAMMFeeds
import DAMMModel
import Foundation
import Synchronization
import TestSupport

/// A node that answers as a real one does, over HTTP on the loopback interface, until it is told to
/// answer otherwise.
final class FakeNode: Sendable {
  /// What an aggregator says.
  struct Contract: Sendable {
    var decimals = FakeNode.word(8)
    var id = FakeNode.word(110_680_464_442_257_320_165)
    var answer = FakeNode.word(300_012_345_678)
    var startedAt = FakeNode.word(1_700_000_000)
    var updatedAt = FakeNode.word(1_700_000_000)
    var answeredIn = FakeNode.word(110_680_464_442_257_320_165)

    var round: String { id + answer + startedAt + updatedAt + answeredIn }
  }

  struct Asked: Sendable, Equatable {
    let method: String
    let block: String?
    let id: Int
  }

  struct State: Sendable {
    var chainID = "0x1"
    var block: UInt64 = 0x11_2233
    var contracts = [FakeNode.price: Contract()]
    /// What is sent instead of the answer to a question, from its method and how many came before.
    var instead: @Sendable (_ method: String, _ before: Int) -> LocalServer.Reply? = { _, _ in nil }
    /// The JSON after `"id":<id>,`, instead of the result.
    var rest: String?
    var requests: [LocalServer.Request] = []
    var asked: [Asked] = []
  }

  static let price = "0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419"
  static let volatility = "0x00000000000000000000000000000000000000b0"
  /// Stands in the path, the query and the user of every address, and must never be seen.
  static let secret = "k3y0fNobody"

  let state = Mutex(State())
  private let server = Mutex<LocalServer?>(nil)
  let port: UInt16

  init(_ change: (inout State) -> Void = { _ in }) throws {
    let box = Box()
    let server = try LocalServer { request in
      box.node.withLock { $0.node }?.reply(request) ?? .raw("")
    }
    port = server.port
    state.withLock { change(&$0) }
    self.server.withLock { $0 = server }
    box.node.withLock { $0.node = self }
  }

  private struct Weak { weak var node: FakeNode? }
  private final class Box: Sendable { let node = Mutex(Weak()) }

  var url: String {
    "http://u\(Self.secret):p\(Self.secret)@127.0.0.1:\(port)/v2/\(Self.secret)?key=\(Self.secret)#f"
  }

  /// A client of this node that is in no hurry and wastes no time.
  func client(
    chainID: UInt64 = 1, attempts: Int = 3, timeoutSeconds: Double = 20,
    clock: any Clock<Duration> = RecordingClock(), jitter: Double = 1
  ) throws -> EthereumNode {
    try EthereumNode(
      url, chainID: chainID,
      policy: NodePolicy(attempts: attempts, timeoutSeconds: timeoutSeconds), clock: clock,
      jitter: { jitter })
  }

  var asked: [Asked] { state.withLock { $0.asked } }

  /// 32 bytes of a number.
  static func word(_ value: Int128) -> String {
    let low = String(UInt128(bitPattern: value), radix: 16)
    return String(repeating: value < 0 ? "f" : "0", count: 32)
      + String(repeating: "0", count: 32 - low.count) + low
  }

  private func reply(_ request: LocalServer.Request) -> LocalServer.Reply {
    guard
      let object = try? JSONSerialization.jsonObject(with: request.body) as? [String: Any],
      let method = object["method"] as? String, let id = object["id"] as? Int,
      let parameters = object["params"] as? [Any], object["jsonrpc"] as? String == "2.0"
    else { return .answer("not a question of JSON-RPC", status: 400) }
    let instead = state.withLock { state -> LocalServer.Reply? in
      state.requests.append(request)
      let before = state.asked.count
      state.asked.append(Asked(method: method, block: parameters.last as? String, id: id))
      return state.instead(method, before)
    }
    if let instead { return instead }
    let state = state.withLock { $0 }
    if let rest = state.rest { return .answer("{\"jsonrpc\":\"2.0\",\"id\":\(id),\(rest)}") }
    let result: String
    switch method {
    case "eth_chainId": result = state.chainID
    case "eth_blockNumber": result = "0x" + String(state.block, radix: 16)
    case "eth_call":
      let call = parameters.first as? [String: String] ?? [:]
      let contract = state.contracts[call["to"] ?? ""]
      switch call["data"] {
      case "0x313ce567": result = "0x" + (contract?.decimals ?? "")
      case "0xfeaf968c": result = "0x" + (contract?.round ?? "")
      default: result = "0x"
      }
    default: return .answer("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"error\":{\"code\":-32601}}")
    }
    return .answer("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":\"\(result)\"}")
  }
}

/// A clock on which all pauses pass at once, and that remembers them.
final class RecordingClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let state = Mutex<(now: Duration, pauses: [Duration])>((.zero, []))

  var now: Instant { state.withLock { Instant(offset: $0.now) } }
  var minimumResolution: Duration { .nanoseconds(1) }
  var pauses: [Duration] { state.withLock { $0.pauses } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    state.withLock {
      $0.pauses.append(deadline.offset - $0.now)
      $0.now = deadline.offset
    }
  }
}

extension NodeError {
  /// The error of a body, of which no form of it shows a secret.
  static func thrown(by body: () async throws -> some Any) async -> NodeError? {
    do {
      _ = try await body()
      return nil
    } catch {
      for text in ["\(error)", String(reflecting: error), String(describing: error)]
      where text.contains(FakeNode.secret.prefix(6)) { return .badURL(reason: "a secret is shown") }
      return error as? NodeError
    }
  }
}

/// What tests of a node ask of one that answers badly.
extension FakeNode {
  /// As errors name it.
  static let name = "http://127.0.0.1"

  static func malformed(_ reason: String) -> NodeError {
    .malformed(node: name, method: "eth_blockNumber", reason: reason)
  }

  /// Why a node has no block number.
  static func error(
    _ fake: FakeNode, attempts: Int = 3, timeoutSeconds: Double = 20
  ) async throws -> NodeError? {
    let client = try fake.client(attempts: attempts, timeoutSeconds: timeoutSeconds)
    return await NodeError.thrown { try await client.blockNumber() }
  }
}
