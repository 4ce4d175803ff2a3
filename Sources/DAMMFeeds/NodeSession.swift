import DAMMModel
import Dispatch
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Posts requests, each with a deadline for the whole of it: the timeouts of a `URLSession` begin anew
/// with every byte, so that a node which drips would never be given up.
///
/// Nothing is stored: no cookies, no cache, no credentials. Redirections are not followed.
final class NodeSession: Sendable {
  /// A status and a body within `Domain.nodeAnswerBytes`.
  struct Answer {
    let status: Int
    let body: Data
  }

  /// Why there is no answer.
  enum Failure: Error, Equatable {
    case timedOut, cancelled, tooLarge
    case redirected(status: Int)
    /// The connection could not be made or broke; it may work later.
    case broken(String)
    /// It will not work later, either.
    case impossible(String)
  }

  private let session: URLSession
  private let exchanges = NodeExchanges()

  init() {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.urlCache = nil
    configuration.urlCredentialStorage = nil
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  /// Posts a request and waits for the whole answer.
  func post(
    _ body: Data, to endpoint: NodeEndpoint, timeoutSeconds: Double
  ) async throws(Failure) -> Answer {
    var request = URLRequest(url: endpoint.url)
    request.httpMethod = "POST"
    request.httpBody = body
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue("application/json", forHTTPHeaderField: "Accept")
    if let authorization = endpoint.authorization {
      request.setValue(authorization, forHTTPHeaderField: "Authorization")
    }
    // The deadline below is the one that counts.
    request.timeoutInterval = timeoutSeconds + 60
    let task = session.dataTask(with: request)
    let exchanges = exchanges
    let deadline = Task {
      // Ends early, and in vain, when it is cancelled.
      guard (try? await Task.sleep(for: .seconds(timeoutSeconds))) != nil else { return }
      exchanges.end(task, .timedOut)
    }
    defer { deadline.cancel() }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        exchanges.begin(task, continuation)
        // Cancelled before it began: the handler found nothing to end.
        if Task.isCancelled { exchanges.end(task, .cancelled) } else { task.resume() }
      }
    } onCancel: {
      exchanges.end(task, .cancelled)
    }
    return try result.get()
  }
}

/// What is under way, by the task of the session. Each exchange ends once: whatever comes first, the
/// answer, a failure, the deadline or a cancellation.
private final class NodeExchanges: NSObject, URLSessionDataDelegate {
  typealias Outcome = Result<NodeSession.Answer, NodeSession.Failure>

  private struct Exchange {
    let continuation: CheckedContinuation<Outcome, Never>
    var body = Data()
  }

  private let exchanges = Mutex<[Int: Exchange]>([:])

  func begin(_ task: URLSessionTask, _ continuation: CheckedContinuation<Outcome, Never>) {
    exchanges.withLock { $0[task.taskIdentifier] = Exchange(continuation: continuation) }
  }

  /// Takes an exchange out; `nil` where it has ended. Who gets it is the only one to tell the task what
  /// to do: on Linux, a task that is cancelled while it waits for a word about a redirection, or gets
  /// that word after it was cancelled, ends the process.
  private func take(_ task: URLSessionTask) -> Exchange? {
    exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
  }

  /// Ends an exchange with a failure, if it has not ended.
  func end(_ task: URLSessionTask, _ failure: NodeSession.Failure) {
    guard let exchange = take(task) else { return }
    // Elsewhere, for it waits for the task's own queue, and who is here may be waited for there.
    DispatchQueue.global().async { task.cancel() }
    exchange.continuation.resume(returning: .failure(failure))
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask,
    willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
    completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    guard let exchange = take(task) else { return }
    completionHandler(nil)
    exchange.continuation.resume(
      returning: .failure(.redirected(status: response.statusCode)))
  }

  /// There are no credentials to try but those that were sent. Who does not answer a challenge of a
  /// server waits, on Linux, until the deadline.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
    completionHandler:
      @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    let passwords = [
      NSURLAuthenticationMethodDefault, NSURLAuthenticationMethodHTTPBasic,
      NSURLAuthenticationMethodHTTPDigest,
    ]
    // Others are about the certificate of the server.
    guard passwords.contains(challenge.protectionSpace.authenticationMethod) else {
      completionHandler(.performDefaultHandling, nil)
      return
    }
    let status = Self.status(challenge.failureResponse ?? task.response)
    guard let exchange = take(task) else { return }
    completionHandler(.cancelAuthenticationChallenge, nil)
    exchange.continuation.resume(
      returning: .success(NodeSession.Answer(status: status == 0 ? 401 : status, body: Data())))
  }

  private static func status(_ response: URLResponse?) -> Int {
    (response as? HTTPURLResponse)?.statusCode ?? 0
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    if response.expectedContentLength > Int64(Domain.nodeAnswerBytes) {
      end(dataTask, .tooLarge)
    }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let size = exchanges.withLock { exchanges in
      exchanges[dataTask.taskIdentifier]?.body.append(data)
      return exchanges[dataTask.taskIdentifier]?.body.count ?? 0
    }
    if size > Domain.nodeAnswerBytes { end(dataTask, .tooLarge) }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    guard let exchange = take(task) else { return }
    let outcome: Outcome =
      if let error {
        .failure(NodeSession.Failure(error))
      } else {
        // Of the task: a redirection to nowhere is never said to be received.
        .success(NodeSession.Answer(status: Self.status(task.response), body: exchange.body))
      }
    exchange.continuation.resume(returning: outcome)
  }
}

extension NodeSession.Failure {
  /// The words are ours: those of the system may repeat the address.
  fileprivate init(_ error: any Error) {
    switch (error as? URLError)?.code {
    case .timedOut: self = .timedOut
    case .cancelled: self = .cancelled
    case .cannotFindHost, .dnsLookupFailed: self = .broken("there is no such host")
    case .cannotConnectToHost: self = .broken("it does not accept a connection")
    // On Linux an answer that ends before its length is an unknown error.
    case .networkConnectionLost, .unknown: self = .broken("the connection broke")
    case .notConnectedToInternet: self = .broken("this machine is not connected")
    case .badServerResponse, .cannotParseResponse, .zeroByteResource:
      self = .broken("what it sent is not an HTTP answer")
    case .unsupportedURL: self = .impossible("what it sent is not an HTTP answer")
    case .secureConnectionFailed, .serverCertificateHasBadDate, .serverCertificateUntrusted,
      .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected,
      .clientCertificateRequired:
      self = .impossible("no secure connection can be made")
    case .some(let code): self = .impossible("the connection failed with code \(code.rawValue)")
    case nil: self = .impossible("the connection failed")
    }
  }
}
