import Foundation

/// What standard output is connected to.
enum Terminal {
  /// Whether colour is welcome: on a terminal, unless `NO_COLOR` is set.
  static var coloured: Bool {
    isatty(STDOUT_FILENO) == 1
      && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
  }

  /// Whether standard error is a terminal, on which a line of progress may be written over.
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  /// How wide a chart may be: the terminal, at most 80 columns.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return min(80, max(40, Int(size.ws_col)))
  }
}
