import DAMMFeeds
import Foundation
import TestSupport
import Testing

/// What a node answers, once there is an answer.
@Suite("Answers of a node")
struct NodeAnswerTests {
  @Test(
    "bodies that are no answers are refused at once",
    arguments: [
      ("", "what is not an answer of JSON-RPC"), ("null", "what is not an answer of JSON-RPC"),
      ("<html>", "what is not an answer of JSON-RPC"),
      ("[]", "what is not an answer of JSON-RPC"),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"", "what is not an answer of JSON-RPC"),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}", "what is not an answer of JSON-RPC"),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "what is not an answer of JSON-RPC"),
      ("{\"jsonrpc\":\"1.0\",\"id\":1,\"result\":\"0x1\"}", "another version of JSON-RPC than 2.0"),
      ("{\"id\":1,\"result\":\"0x1\"}", "another version of JSON-RPC than 2.0"),
      ("{\"jsonrpc\":\"2.0\",\"id\":1}", "neither a result nor an error"),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}", "neither a result nor an error"),
      (
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\",\"error\":{\"code\":1}}",
        "both a result and an error"
      ),
    ])
  func malformed(body: String, reason: String) async throws {
    let fake = try FakeNode { $0.instead = { _, _ in .answer(body) } }
    #expect(try await FakeNode.error(fake) == FakeNode.malformed(reason))
    #expect(fake.asked.count == 1)
  }

  @Test(
    "quantities that are none",
    arguments: [
      "", "0x", "1", "0xg", "0x 1", "-0x1", "0x-1", "0X1", "0x11112222333344445", "0x1\\u0000",
    ])
  func quantities(text: String) async throws {
    let fake = try FakeNode { $0.rest = "\"result\":\"\(text)\"" }
    #expect(
      try await FakeNode.error(fake)
        == FakeNode.malformed("what is not a quantity of 1 to 16 hexadecimal digits"))
    fake.state.withLock { $0.rest = "\"result\":\"0xffffffffffffffff\"" }
    #expect(try await fake.client().blockNumber() == .max)
  }

  @Test("bytes that are none")
  func bytes() async throws {
    for text in ["", "0x0", "00", "0xzz", "0x" + String(repeating: "0", count: 63) + "é"] {
      let fake = try FakeNode { $0.rest = "\"result\":\"\(text)\"" }
      let error = await NodeError.thrown { try await NodeReadingTests.round(fake) }
      #expect(
        error
          == .malformed(
            node: FakeNode.name, method: "decimals()",
            reason: "what are not bytes in hexadecimal digits"))
    }
  }

  @Test(
    "the answer to another question is not taken",
    arguments: [
      ("2", "2"), ("\"1\"", "\"1\""), ("null", "null"), ("1.5", "null"), ("[1]", "null"),
      ("\"\(FakeNode.secret)\"", "its message is withheld, for it repeats a part of the address"),
    ])
  func otherID(id: String, found: String) async throws {
    let fake = try FakeNode {
      $0.instead = { _, _ in .answer("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":\"0x1\"}") }
    }
    #expect(
      try await FakeNode.error(fake)
        == .wrongID(node: FakeNode.name, method: "eth_blockNumber", found: found, expected: 1))
  }

  @Test(
    "an error of the node is told in one line, unless it repeats a part of the address",
    arguments: [
      ("header not found", "header not found"), ("a\\n\\u001b[31mb", "a  [31mb"),
      (
        "unauthorized: Basic "
          + Data("u\(FakeNode.secret):p\(FakeNode.secret)".utf8).base64EncodedString(),
        "its message is withheld, for it repeats a part of the address"
      ),
      (
        "no key \(FakeNode.secret)", "its message is withheld, for it repeats a part of the address"
      ),
      (
        "no \(FakeNode.secret.prefix(7).uppercased())...",
        "its message is withheld, for it repeats a part of the address"
      ),
    ])
  func nodeErrors(message: String, shown: String) async throws {
    let fake = try FakeNode { $0.rest = "\"error\":{\"code\":-32000,\"message\":\"\(message)\"}" }
    let expected = NodeError.answeredError(
      node: FakeNode.name, method: "eth_blockNumber", code: -32000, message: shown)
    #expect(try await FakeNode.error(fake) == expected)
    #expect(fake.asked.count == 1)
    #expect(expected.description.count(where: \.isNewline) == 0)
    // An error without an id: the node could not read the question.
    let body =
      "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"\(message)\"}}"
    fake.state.withLock { $0.instead = { _, _ in .answer(body) } }
    #expect(try await FakeNode.error(fake) == expected)
  }
}
