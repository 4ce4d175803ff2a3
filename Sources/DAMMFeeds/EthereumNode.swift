import DAMMModel
import Foundation
import Synchronization

/// A node of an Ethereum chain, asked by JSON-RPC over https.
///
/// Every question has a deadline and is asked again, after growing pauses, only for what may pass:
/// timeouts, broken connections, and the statuses 429 and 5xx. What is wrong with an answer is an error
/// at once. A node is named by its scheme and host everywhere.
public final class EthereumNode: Sendable {
  /// Scheme and host; the rest of the address may hold keys and is never shown.
  public let name: String
  /// The chain that the node must be on.
  public let chainID: UInt64
  /// How patiently it is asked.
  public let policy: NodePolicy

  private let endpoint: NodeEndpoint
  private let session = NodeSession()
  private let clock: any Clock<Duration>
  private let jitter: @Sendable () -> Double
  private let lastID = Atomic(0)

  /// A node. Nothing is asked yet.
  ///
  /// - Parameters:
  ///   - url: its address. It must begin with `https://`; `http://` is allowed for `localhost`,
  ///     `127.0.0.0/8` and `::1`. A user and password in it are sent as basic authorization.
  ///   - chainID: the chain that it must be on: 1 for the main net.
  ///   - policy: how patiently it is asked.
  ///   - allowsPlainHTTP: whether `http://` is allowed for other hosts too. Whoever is on the way can
  ///     then read the address with its keys and write the answers.
  ///   - clock: where pauses between attempts pass.
  ///   - jitter: numbers from 0 to 1 that spread the pauses; those of a seeded generator give the same
  ///     pauses again.
  /// - Throws: `NodeError.badURL`.
  public init(
    _ url: String, chainID: UInt64, policy: NodePolicy = .standard, allowsPlainHTTP: Bool = false,
    clock: any Clock<Duration> = ContinuousClock(),
    jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
  ) throws(NodeError) {
    endpoint = try NodeEndpoint(url, allowsPlainHTTP: allowsPlainHTTP)
    name = endpoint.name
    self.chainID = chainID
    self.policy = policy
    self.clock = clock
    self.jitter = jitter
  }

  /// Asks which chain the node is on (`eth_chainId`).
  ///
  /// - Throws: `NodeError.wrongChain`, or that there was no usable answer.
  public func checkChain() async throws(NodeError) {
    let found = try await quantity("eth_chainId")
    guard found == chainID else {
      throw .wrongChain(node: name, found: found, expected: chainID)
    }
  }

  /// The number of the newest block (`eth_blockNumber`).
  ///
  /// - Throws: `NodeError`.
  public func blockNumber() async throws(NodeError) -> UInt64 {
    try await quantity("eth_blockNumber")
  }

  /// Calls a function without arguments of a contract, in the state after a block (`eth_call`).
  ///
  /// - Parameters:
  ///   - function: its name, for messages.
  ///   - selector: the first four bytes of the call, `0x` and eight digits.
  ///   - address: the contract.
  ///   - block: the number of the block.
  ///   - words: how many words of 32 bytes the function returns.
  /// - Returns: the words, one after the other.
  /// - Throws: `NodeError.noContract` for an answer without bytes, or `NodeError`.
  func call(
    _ function: String, selector: String, at address: EthereumAddress, block: UInt64, words: Int
  ) async throws(NodeError) -> [UInt8] {
    let text = try await ask(
      "eth_call", "{\"to\":\"\(address)\",\"data\":\"\(selector)\"},\"\(Self.hex(block))\"")
    guard let bytes = HexBytes.bytes(text) else {
      throw malformed(function, "what are not bytes in hexadecimal digits")
    }
    guard !bytes.isEmpty else {
      throw .noContract(node: name, address: address, method: function)
    }
    guard bytes.count == words * ChainInteger.wordBytes else {
      throw malformed(
        function, "\(bytes.count) bytes, but there must be \(words * ChainInteger.wordBytes)")
    }
    return bytes
  }

  /// That an answer is not what a method answers.
  func malformed(_ method: String, _ reason: String) -> NodeError {
    .malformed(node: name, method: method, reason: reason)
  }

  private static func hex(_ quantity: UInt64) -> String { "0x" + String(quantity, radix: 16) }

  private func quantity(_ method: String) async throws(NodeError) -> UInt64 {
    guard let quantity = HexBytes.quantity(try await ask(method, "")) else {
      throw malformed(method, "what is not a quantity of 1 to 16 hexadecimal digits")
    }
    return quantity
  }
}

extension EthereumNode {
  /// Asks a question until it is answered or the attempts are used up.
  private func ask(_ method: String, _ parameters: String) async throws(NodeError) -> String {
    var attempt = 0
    while true {
      let failure: NodeError
      do throws(NodeError) {
        return try await askOnce(method, parameters)
      } catch {
        failure = error
      }
      guard failure.mayPass else { throw failure }
      attempt += 1
      guard attempt < policy.attempts else {
        throw attempt == 1 ? failure : .gaveUp(attempts: attempt, last: failure)
      }
      let pause = policy.delaySeconds(after: attempt - 1, jitter: jitter())
      do {
        try await clock.sleep(for: .seconds(pause))
      } catch {
        throw .cancelled(node: name)
      }
    }
  }

  private func askOnce(_ method: String, _ parameters: String) async throws(NodeError) -> String {
    // A new id each time, so that the answer to an attempt that was given up is not taken for this one.
    let id = lastID.add(1, ordering: .relaxed).newValue
    let question =
      "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"\(method)\",\"params\":[\(parameters)]}"
    let answer: NodeSession.Answer
    do throws(NodeSession.Failure) {
      answer = try await session.post(
        Data(question.utf8), to: endpoint, timeoutSeconds: policy.timeoutSeconds)
    } catch {
      throw nodeError(error, method)
    }
    // A redirection without a place to go to comes as an answer.
    guard !(300...399).contains(answer.status) else {
      throw .redirected(node: name, status: answer.status)
    }
    guard answer.status == 200 else { throw .status(node: name, status: answer.status) }
    return try result(answer.body, method, id)
  }

  /// The result in a body.
  private func result(_ body: Data, _ method: String, _ id: Int) throws(NodeError) -> String {
    guard let answer = try? JSONDecoder().decode(RPCAnswer.self, from: body) else {
      throw malformed(method, "what is not an answer of JSON-RPC")
    }
    guard answer.version == "2.0" else {
      throw malformed(method, "another version of JSON-RPC than 2.0")
    }
    // An error may come without an id, where the node could not read the question.
    guard answer.id == "\(id)" || (answer.id == nil && answer.error != nil) else {
      let found = answer.id.map { endpoint.shown(OneLine.of($0, most: 40)) } ?? "null"
      throw .wrongID(node: name, method: method, found: found, expected: id)
    }
    switch (answer.result, answer.error) {
    case (let result?, nil):
      return result
    case (nil, let error?):
      throw .answeredError(
        node: name, method: method, code: error.code,
        message: endpoint.shown(error.message ?? "no message"))
    case (nil, nil):
      throw malformed(method, "neither a result nor an error")
    case (.some, .some):
      throw malformed(method, "both a result and an error")
    }
  }

  private func nodeError(_ failure: NodeSession.Failure, _ method: String) -> NodeError {
    switch failure {
    case .timedOut: .timedOut(node: name, seconds: policy.timeoutSeconds)
    case .cancelled: .cancelled(node: name)
    case .tooLarge: .tooLarge(node: name, allowed: Domain.nodeAnswerBytes)
    case .redirected(let status): .redirected(node: name, status: status)
    case .broken(let reason): .unreachable(node: name, reason: reason)
    case .impossible(let reason): malformed(method, "nothing: \(reason)")
    }
  }
}
