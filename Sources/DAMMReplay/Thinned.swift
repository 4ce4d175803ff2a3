/// Some of the values of a long row, evenly apart: when there would be too many, every other one goes, and from then on
/// half as many come.
struct Thinned<Value: Sendable>: Sendable {
  private(set) var values: [Value] = []
  private let most: Int
  private var stride = 1

  /// Keeps fewer than so many, at least 2.
  ///
  /// - Parameter expected: how long the row will be, if that is known: then only what stays is wanted. The values are
  ///   the same.
  init(most: Int, expected: Int? = nil) {
    self.most = most
    if let expected {
      while (expected - 1) / stride + 1 >= most { stride *= 2 }
    }
  }

  /// Whether the value of an index is to be kept; indices come one after the other from 0.
  func wants(_ index: Int) -> Bool { index.isMultiple(of: stride) }

  /// Keeps the value of an index that is wanted. One place stays for the last one.
  mutating func append(_ value: Value) {
    values.append(value)
    guard values.count == most else { return }
    values = values.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    stride *= 2
  }
}
