import DAMMLedger
import Foundation
import LedgerSupport

/// Settles on a ledger, for tests: `LedgerWorker PLACE MARKET COUNT LIMIT`. It says `settled N` once a settlement
/// is durable, goes on after the server was lost, and once without room, waits for none but gives itself more.
@main struct LedgerWorker {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let place = StorePlace(argument: arguments[1]) else {
      say("usage: LedgerWorker PLACE MARKET COUNT LIMIT")
      exit(2)
    }
    let market = arguments[2]
    let count = Int(arguments[3]) ?? .max
    let store = try place.open(create: true)
    let limit = UInt64(arguments[4])
    if let limit { setLimit(limit) }
    let start = ContinuousClock.now
    var done = 0
    while done < count {
      do {
        let sequence = try Settling.settle(
          store, market: market, padding: limit == nil ? 100 : 5_000)
        say("settled \(sequence)")
        done += 1
      } catch StorageError.connectionLost(_, let why) {
        say("lost: \(why)")
      } catch StorageError.outcomeUnknown(_, let why) {
        // what it has become, the next settlement sees in the state
        say("unknown: \(why)")
      } catch StorageError.full {
        let (faults, settled) = try Settling.verify(store)
        say("full at \(settled[market, default: 0]) \(faults)")
        setLimit(nil)
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    say("done \(done) in \(seconds) s")
  }

  /// One write a line, so that lines are whole.
  private static func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(1, bytes, bytes.count)
  }

  /// How long the files may be that this process writes.
  private static func setLimit(_ bytes: UInt64?) {
    signal(SIGXFSZ, SIG_IGN)
    #if os(Linux)
      let resource = Int32(RLIMIT_FSIZE.rawValue)
    #else
      let resource = RLIMIT_FSIZE
    #endif
    var limit = rlimit()
    getrlimit(.init(resource), &limit)
    limit.rlim_cur = bytes.map { .init($0) } ?? limit.rlim_max
    setrlimit(.init(resource), &limit)
  }
}
