import DAMMModel

/// Why a node gave nothing usable. Each case says which node, what was found and what is allowed;
/// `description` says it in one sentence. A node is named by scheme and host: the rest of its address
/// may hold keys, and is in no case of this and in no text.
public enum NodeError: Error, Equatable, Sendable {
  /// The address of a node is not one, or not one that is allowed.
  case badURL(reason: String)
  /// The address of a contract is not one.
  case badAddress(found: String)
  /// A number of the caller is outside its domain.
  case invalid(DAMMError)

  /// No whole answer came in time.
  case timedOut(node: String, seconds: Double)
  /// The connection could not be made, or broke.
  case unreachable(node: String, reason: String)
  /// The answer has a status other than 200.
  case status(node: String, status: Int)
  /// The node sends us elsewhere, which is not followed.
  case redirected(node: String, status: Int)
  /// The answer is larger than what is read.
  case tooLarge(node: String, allowed: Int)
  /// All attempts failed; the last one like this.
  indirect case gaveUp(attempts: Int, last: NodeError)
  /// The task was cancelled.
  case cancelled(node: String)

  /// The answer is not what the method answers.
  case malformed(node: String, method: String, reason: String)
  /// The node answered with an error of its own.
  case answeredError(node: String, method: String, code: Int, message: String)
  /// The answer is to another question.
  case wrongID(node: String, method: String, found: String, expected: Int)
  /// The node is on another chain.
  case wrongChain(node: String, found: UInt64, expected: UInt64)

  /// No contract lies at an address, or one that does not answer this question.
  case noContract(node: String, address: EthereumAddress, method: String)
  /// An aggregator has more decimals than are known to make sense.
  case decimals(address: EthereumAddress, found: String, allowed: ClosedRange<Int>)
  /// The answer of an aggregator is zero or negative.
  case notPositive(address: EthereumAddress, answer: ChainInteger)
  /// The round of an aggregator has no answer yet.
  case neverUpdated(address: EthereumAddress, round: ChainInteger)
  /// The round of an aggregator was updated at a time that cannot be.
  case updatedInFuture(address: EthereumAddress, seconds: String, now: UTCTime, allowed: Double)
  /// The answer is left over from an earlier round.
  case answeredEarlier(address: EthereumAddress, round: ChainInteger, answeredIn: ChainInteger)
  /// The round of a volatility is older than it may be; a newer one may come.
  case stale(address: EthereumAddress, time: UTCTime, ageSeconds: Double, allowed: Double)
  /// The round, or its time, is before one that was seen already.
  case roundBackwards(address: EthereumAddress, round: ChainInteger, seen: ChainInteger)
  /// What must stay the same is not what it was.
  case contradictory(address: EthereumAddress, what: String, found: String, seen: String)

  /// Whether asking again later may help: no answer in time, a broken connection, an overloaded or
  /// broken server, a round that is too old.
  public var mayPass: Bool {
    switch self {
    case .timedOut, .unreachable, .gaveUp, .stale: true
    case .status(_, let status): status == 429 || (500...599).contains(status)
    default: false
    }
  }
}

extension NodeError: CustomStringConvertible {
  /// One sentence: which node or contract, what was found and what is allowed.
  public var description: String {
    switch self {
    case .badURL(let reason):
      return "the address of the node is not usable: \(reason)."
    case .badAddress(let found):
      return "the address of a contract is \"\(OneLine.of(found, most: 60))\", "
        + "but it must be 0x and 40 hexadecimal digits."
    case .invalid(let error):
      return error.description
    case .timedOut(let node, let seconds):
      return "\(node) did not answer within \(seconds) s."
    case .unreachable(let node, let reason):
      return "\(node) cannot be reached: \(reason)."
    case .status(let node, let status):
      return "\(node) answered with the HTTP status \(status), but it must be 200."
    case .redirected(let node, let status):
      return "\(node) answered with the HTTP status \(status), a redirection, "
        + "which is not followed: give the address where it leads."
    case .tooLarge(let node, let allowed):
      return "\(node) sent more than \(allowed) bytes, the most that an answer may have."
    case .gaveUp(let attempts, let last):
      return "after \(attempts) attempts: \(last)"
    case .cancelled(let node):
      return "asking \(node) was cancelled."
    case .malformed(let node, let method, let reason):
      return "\(node) answered \(method) with \(reason)."
    case .answeredError(let node, let method, let code, let message):
      return "\(node) answered \(method) with the error \(code): \(message)."
    case .wrongID(let node, let method, let found, let expected):
      return "\(node) answered \(method) with the id \(found), but it must be \(expected)."
    case .wrongChain(let node, let found, let expected):
      return "\(node) is on chain \(found), but it must be on chain \(expected)."
    default:
      return contractDescription
    }
  }

  private var contractDescription: String {
    switch self {
    case .noContract(let node, let address, let method):
      return "\(node): no contract at \(address) answers \(method)."
    case .decimals(let address, let found, let allowed):
      return "\(address) has \(found) decimals, but they must be from \(allowed.lowerBound) "
        + "to \(allowed.upperBound)."
    case .notPositive(let address, let answer):
      return "\(address) answers \(answer), but it must be above 0."
    case .neverUpdated(let address, let round):
      return "\(address): round \(round) has no answer yet."
    case .updatedInFuture(let address, let seconds, let now, let allowed):
      return "\(address): the round was updated \(seconds) s after 1970, but it must be at most "
        + "\(allowed) s after the present, \(now)."
    case .answeredEarlier(let address, let round, let answeredIn):
      return "\(address): round \(round) has the answer of round \(answeredIn), "
        + "but it must have its own."
    case .stale(let address, let time, let age, let allowed):
      return "\(address): the volatility of \(time) is \(age) s old, "
        + "but it must be at most \(allowed) s old."
    case .roundBackwards(let address, let round, let seen):
      return "\(address): round \(round) or its time is before round \(seen), "
        + "which was seen already."
    case .contradictory(let address, let what, let found, let seen):
      return "\(address): \(what) is \(found), but it was \(seen) before."
    default:
      return ""
    }
  }
}
