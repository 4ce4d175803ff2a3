import DAMMModel
import Foundation

extension UTCTime {
  /// The time by the clock of this machine, to the second below.
  public static var now: UTCTime {
    UTCTime(secondsSince1970: Int64(Date().timeIntervalSince1970.rounded(.down)))
  }
}
