import Foundation
import Synchronization

/// A small HTTP server on the loopback interface, on a port that the system chooses. One thread a
/// connection, one request a connection.
public final class LocalServer: Sendable {
  /// What a client sent.
  public struct Request: Sendable {
    /// Path and query.
    public let path: String
    /// By their names in small letters.
    public let headers: [String: String]
    /// The body.
    public let body: Data
  }

  /// What to send, well-formed or not.
  public enum Reply: Sendable {
    /// A whole answer.
    case answer(String, status: Int = 200, headers: [String: String] = [:])
    /// Bytes as they are, then the end of the connection.
    case raw(String)
    /// The head of an answer, then a byte now and then for as long as anyone reads.
    case drip
    /// Nothing, for as long as anyone waits.
    case silence
    /// A head that says nothing of a length, then bytes without an end.
    case flood
  }

  /// Where it listens.
  public let port: UInt16
  private let descriptor: Int32
  private let handler: @Sendable (Request) -> Reply

  /// A server that listens until nobody holds it any more.
  public init(_ handler: @escaping @Sendable (Request) -> Reply) throws {
    self.handler = handler
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [handler] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        Thread.detachNewThread {
          Connection(descriptor: connection).serve(handler)
          close(connection)
        }
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}

/// One connection of a client.
private struct Connection {
  let descriptor: Int32

  func serve(_ handler: (LocalServer.Request) -> LocalServer.Reply) {
    guard let request = request() else { return }
    switch handler(request) {
    case .answer(let body, let status, let headers):
      var head = "HTTP/1.1 \(status) Status\r\nConnection: close\r\n"
      for (name, value) in headers { head += "\(name): \(value)\r\n" }
      if headers["Content-Length"] == nil { head += "Content-Length: \(body.utf8.count)\r\n" }
      _ = send(head + "\r\n" + body)
    case .raw(let text):
      _ = send(text)
    case .silence:
      while !receive().isEmpty {}
    case .drip:
      guard send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n") else { return }
      while send(" ") { usleep(20_000) }
    case .flood:
      guard send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n") else { return }
      while send(String(repeating: " ", count: 4096)) {}
    }
  }

  private func request() -> LocalServer.Request? {
    var bytes = Data()
    let end = Data("\r\n\r\n".utf8)
    while bytes.range(of: end) == nil {
      let more = receive()
      if more.isEmpty { return nil }
      bytes += more
    }
    guard let border = bytes.range(of: end) else { return nil }
    let lines = String(decoding: bytes[..<border.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    var body = Data(bytes[border.upperBound...])
    while body.count < Int(headers["content-length"] ?? "") ?? 0 {
      let more = receive()
      if more.isEmpty { return nil }
      body += more
    }
    let words = lines[0].split(separator: " ")
    return LocalServer.Request(
      path: words.count > 1 ? String(words[1]) : "", headers: headers, body: body)
  }

  private func receive() -> Data {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Data(buffer[..<count]) : Data()
  }

  private func send(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      #if canImport(Glibc)
        let flags = Int32(MSG_NOSIGNAL)
      #else
        let flags: Int32 = 0
      #endif
      let count = bytes.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, flags)
      }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}
