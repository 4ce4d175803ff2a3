import DAMMFeeds
import DAMMModel
import Testing

@Suite("Addresses of nodes")
struct NodeAddressTests {
  @Test(
    "https anywhere, http on this machine",
    arguments: [
      ("https://node.example/v2/key", "https://node.example"),
      ("HTTPS://node.example:8443", "https://node.example"),
      ("http://localhost:8545", "http://localhost"), ("http://LOCALHOST", "http://LOCALHOST"),
      ("http://127.0.0.1:8545/x", "http://127.0.0.1"),
      ("http://127.255.255.254", "http://127.255.255.254"), ("http://[::1]:8545", "http://[::1]"),
      ("https://user:word@node.example/?q", "https://node.example"),
    ])
  func allowed(url: String, name: String) throws {
    #expect(try EthereumNode(url, chainID: 1).name == name)
  }

  @Test(
    "http elsewhere is refused, unless it is asked for",
    arguments: [
      "http://node.example", "http://127.0.0.1.example", "http://127.1", "http://127.0.0.256",
      "http://0127.0.0.1", "http://128.0.0.1", "http://localhost.example", "http://10.0.0.1",
      "http://127.0.0.1@node.example/", "http://[::2]", "http://127.0.0.0x1", "http://localhost.",
    ])
  func plain(url: String) throws {
    #expect(
      throws: NodeError.badURL(
        reason: "plain http is for this machine only, unless it is allowed explicitly; use https")
    ) { try EthereumNode(url, chainID: 1) }
    #expect(try EthereumNode(url, chainID: 1, allowsPlainHTTP: true).name.hasPrefix("http://"))
  }

  @Test(
    "what is no address of a node, without repeating it",
    arguments: [
      "", "node.example", "//node.example", "https://", "https:///\(FakeNode.secret)",
      "ftp://node.example/\(FakeNode.secret)", "file:///etc/\(FakeNode.secret)",
      "ws://localhost/\(FakeNode.secret)", "https://node.example:0/\(FakeNode.secret)",
      "https://node.example:99999/\(FakeNode.secret)", "https://a b/\(FakeNode.secret)",
    ])
  func refused(url: String) async {
    let error = await NodeError.thrown {
      try EthereumNode(url, chainID: 1, allowsPlainHTTP: true)
    }
    guard case .badURL(let reason) = error else {
      Issue.record("\(url) was not refused")
      return
    }
    #expect(reason != "a secret is shown")
  }

  @Test("a policy names what is out of range")
  func policy() throws {
    for make in [
      { try NodePolicy(attempts: 0) }, { try NodePolicy(attempts: 21) },
      { try NodePolicy(timeoutSeconds: 0) }, { try NodePolicy(timeoutSeconds: .nan) },
      { try NodePolicy(firstDelaySeconds: -1) }, { try NodePolicy(longestDelaySeconds: .infinity) },
    ] as [@Sendable () throws -> NodePolicy] {
      #expect(throws: DAMMError.self) { try make() }
    }
    #expect(try NodePolicy() == .standard)
  }
}
