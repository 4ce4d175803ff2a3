import Foundation

/// Where a node is asked. Its address may hold keys: in the path, the query, or as a user with a
/// password. All that is ever shown is `name`.
struct NodeEndpoint: Sendable, CustomStringConvertible, CustomReflectable {
  /// Scheme and host, fit for a message.
  let name: String
  /// The whole address, without user and password.
  let url: URL
  /// The header that carries user and password, if the address had them.
  let authorization: String?
  private let secrets: [String]

  var description: String { name }
  var customMirror: Mirror { Mirror(self, children: ["name": name]) }

  /// An endpoint.
  ///
  /// - Parameters:
  ///   - text: an address that begins with `https://`, or with `http://` where the host is this
  ///     machine.
  ///   - allowsPlainHTTP: whether `http://` is allowed for every host.
  /// - Throws: `NodeError.badURL`, which does not repeat the address.
  init(_ text: String, allowsPlainHTTP: Bool) throws(NodeError) {
    guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      let host = parts.host, !host.isEmpty
    else {
      throw .badURL(reason: "it must be written as https://host/path")
    }
    guard scheme == "https" || scheme == "http" else {
      throw .badURL(reason: "it must begin with https://")
    }
    guard scheme == "https" || allowsPlainHTTP || Self.isLoopback(host) else {
      throw .badURL(
        reason: "plain http is for this machine only, unless it is allowed explicitly; use https")
    }
    guard parts.port.map({ (1...65535).contains($0) }) ?? true else {
      throw .badURL(reason: "its port must be from 1 to 65535")
    }
    var secrets = [parts.user, parts.password].compactMap { $0 }
    secrets += parts.path.split(separator: "/").map(String.init)
    secrets += (parts.queryItems ?? []).flatMap { [$0.name, $0.value ?? ""] }
    secrets += [parts.percentEncodedPath, parts.percentEncodedQuery ?? ""]
    let credentials = parts.user.map { user in
      Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
    }
    authorization = credentials.map { "Basic " + $0 }
    self.secrets = secrets + [credentials ?? ""]
    (parts.user, parts.password, parts.fragment) = (nil, nil, nil)
    guard let url = parts.url else {
      throw .badURL(reason: "it must be written as https://host/path")
    }
    self.url = url
    name = "\(scheme)://\(OneLine.of(host, most: 100))"
  }

  /// Whether a host is this machine: `localhost`, `127.0.0.0/8` in four decimal numbers, or `::1`.
  /// Nothing is looked up: a name that leads here is not this machine.
  static func isLoopback(_ host: String) -> Bool {
    if ["localhost", "::1", "[::1]"].contains(host.lowercased()) { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127"
      && numbers.allSatisfy { number in
        (1...3).contains(number.utf8.count)
          && number.utf8.allSatisfy { (0x30...0x39).contains($0) } && Int(number)! < 256
      }
  }

  /// A text of the node, fit for a message: on one line, clipped, and withheld where it repeats a part
  /// of the address, for some nodes echo the key that they refuse.
  func shown(_ text: String) -> String {
    let text = OneLine.of(text, most: 200)
    let lowercased = text.lowercased()
    let repeats = secrets.contains { secret in
      Self.pieces(secret.lowercased()).contains { lowercased.contains($0) }
    }
    return repeats ? "its message is withheld, for it repeats a part of the address" : text
  }

  /// All runs of six characters of a secret, or the whole of a shorter one. What has one or two
  /// characters, such as the version in a path, is no secret.
  private static func pieces(_ secret: String) -> [String] {
    let characters = Array(secret)
    guard characters.count > 6 else { return characters.count > 2 ? [secret] : [] }
    return (0...characters.count - 6).map { String(characters[$0..<$0 + 6]) }
  }
}
