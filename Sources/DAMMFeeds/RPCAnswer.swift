import Foundation

/// An answer as JSON-RPC 2.0 has it: an id, and a result or an error. The results that are asked for
/// here are all texts of hexadecimal digits.
struct RPCAnswer: Decodable {
  struct Refusal: Decodable {
    let code: Int
    let message: String?
  }

  let version: String?
  /// As it came; `nil` for none or null.
  let id: String?
  let result: String?
  let error: Refusal?

  private enum Key: String, CodingKey {
    case version = "jsonrpc"
    case id, result, error
  }

  init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    version = try object.decodeIfPresent(String.self, forKey: .version)
    // A number, as it was sent; some other kind is another id.
    if let number = try? object.decodeIfPresent(Int.self, forKey: .id) {
      id = "\(number)"
    } else {
      id = (try? object.decodeIfPresent(String.self, forKey: .id)).map { "\"\($0)\"" }
    }
    error = try object.decodeIfPresent(Refusal.self, forKey: .error)
    result = try object.decodeIfPresent(String.self, forKey: .result)
  }
}
