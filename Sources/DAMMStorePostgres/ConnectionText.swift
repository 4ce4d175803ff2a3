import CPQ

/// What a connection string says: where to connect, and what must not be told.
struct ConnectionText: Sendable {
  /// The string as it was given.
  let text: String
  /// Where it leads, without a password.
  let place: String
  private let secrets: [String]

  /// `nil` for a string that libpq does not understand; its own message would quote from it.
  init?(_ text: String, schema: String) {
    guard !text.utf8.contains(0), let options = PQconninfoParse(text, nil) else { return nil }
    defer { PQconninfoFree(options) }
    self.text = text
    var secrets: [String] = []
    var named: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        let (name, text) = (String(cString: keyword), String(cString: value))
        // libpq marks what is shown with stars
        if option.pointee.dispchar.map({ String(cString: $0) }) == "*" || name.contains("password")
        {
          secrets.append(text)
        } else {
          named[name] = text
        }
      }
      option += 1
    }
    self.secrets = secrets.filter { !$0.isEmpty }
    let parts = ["host", "hostaddr", "port", "dbname"].compactMap { name in
      named[name].map { "\(name)=\($0)" }
    }
    place = (["PostgreSQL"] + parts + ["schema=\(schema)"]).joined(separator: " ")
  }

  /// A message in one line, without the secrets and without a full stop.
  func clean(_ message: String) -> String {
    var text = message.split(whereSeparator: \.isNewline).map {
      $0.drop { $0 == " " || $0 == "\t" }
    }.joined(separator: "; ")
    for secret in secrets { text = text.replacing(secret, with: "***") }
    while text.last == "." || text.last == " " { text.removeLast() }
    return text.isEmpty ? "no reason was given" : text
  }
}
