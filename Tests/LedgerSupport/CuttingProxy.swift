import Foundation
import Synchronization

/// Stands between a store and a server, on a socket of its own, and cuts the connection around a COMMIT.
public final class CuttingProxy: Sendable {
  /// When it cuts.
  public enum Cut: Sendable {
    /// Never.
    case never
    /// The server does not get to see the COMMIT.
    case before
    /// The server has done it, but its answer does not arrive.
    case after
  }

  private let cut = Mutex(Cut.never)
  private let server: String
  private let listener: Int32

  /// Listens in `folder` for the server whose socket is in another one.
  public init(in folder: URL, server: URL) throws {
    self.server = server.appending(path: ".s.PGSQL.5432").path
    listener = socket(AF_UNIX, Self.stream, 0)
    let path = folder.appending(path: ".s.PGSQL.5432").path
    guard Self.with(path, { bind(listener, $0, $1) == 0 && listen(listener, 8) == 0 }) else {
      throw POSIXError(.EADDRNOTAVAIL)
    }
    Thread.detachNewThread { [self] in
      while case let client = accept(listener, nil, nil), client >= 0 {
        let upstream = socket(AF_UNIX, Self.stream, 0)
        guard Self.with(self.server, { connect(upstream, $0, $1) == 0 }) else {
          close(client)
          continue
        }
        Thread.detachNewThread { [self] in forward(client, upstream, fromClient: true) }
        Thread.detachNewThread { [self] in forward(upstream, client, fromClient: false) }
      }
    }
  }

  /// Cuts around each COMMIT from now on.
  public func cut(_ when: Cut) { cut.withLock { $0 = when } }

  /// Listens no longer.
  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func forward(_ from: Int32, _ to: Int32, fromClient: Bool) {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(from, &bytes, bytes.count), count > 0 {
      if fromClient, bytes[..<count].contains("COMMIT".utf8) {
        let when = cut.withLock { $0 }
        if when == .before { break }
        // the other thread sees the answer
        if when == .after { committing.withLock { _ = $0.insert(from) } }
      }
      if !fromClient, committing.withLock({ $0.remove(to) != nil }) { break }
      guard write(to, bytes, count) == count else { break }
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
  }

  /// Clients that wait for the answer to a COMMIT.
  private let committing = Mutex(Set<Int32>())

  #if canImport(Glibc)
    private static let stream = Int32(SOCK_STREAM.rawValue)
  #else
    private static let stream = SOCK_STREAM
  #endif

  private static func with(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
  ) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < room else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
