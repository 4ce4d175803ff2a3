import CDAMM
import DAMM

/// What only a caller from C can get wrong. All else is a `DAMMError`.
enum Refusal: Error {
  /// A pointer that is needed is NULL.
  case null(String)
  /// An enumeration has no such value.
  case invalid(String, UInt32)
  /// More elements than an address space holds.
  case count(UInt)
}

/// Runs the body of a function and turns what it throws into a status and a text.
func answer(
  _ error: UnsafeMutablePointer<damm_error>?, _ body: () throws -> Void
) -> damm_status {
  do {
    try body()
    return DAMM_OK
  } catch let refusal {
    let (status, text) = explain(refusal)
    if let error { write(text, to: error) }
    return status
  }
}

/// A pointer that the caller must pass.
func needed<Pointer>(_ pointer: Pointer?, _ name: StaticString) throws -> Pointer {
  guard let pointer else { throw Refusal.null("\(name)") }
  return pointer
}

private func explain(_ refusal: any Error) -> (damm_status, String) {
  switch refusal {
  case let refusal as DAMMError: (status(of: refusal), refusal.description)
  case Refusal.null(let name): (DAMM_NULL, "\(name) is NULL, but it is needed.")
  case Refusal.invalid(let name, let value):
    (DAMM_INVALID, "\(name) is \(Int32(bitPattern: value)), but it has no such value.")
  case Refusal.count(let count):
    (DAMM_OUT_OF_RANGE, "count is \(count), but memory holds at most \(Int.max / 8) numbers.")
  default: (DAMM_FAILED, "\(refusal)")
  }
}

private func status(of error: DAMMError) -> damm_status {
  switch error {
  case .outOfRange: DAMM_OUT_OF_RANGE
  case .tooManyTicks: DAMM_TOO_MANY_TICKS
  case .noTicks: DAMM_NO_TICKS
  case .positionOutside, .tickOutside: DAMM_POSITION_OUTSIDE
  case .invalidDensity, .emptyDensity, .invalidPrice, .notIntegrable, .gsl: DAMM_FAILED
  }
}

/// Copies a text, cut between characters where it is too long, with a zero at its end.
package func write(_ text: String, to error: UnsafeMutablePointer<damm_error>) {
  let room = MemoryLayout.size(ofValue: error.pointee.text) - 1
  var text = text
  text.withUTF8 { bytes in
    var end = min(bytes.count, room)
    // never between the bytes of one character: those after its first are 10xxxxxx
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    let to = UnsafeMutableRawPointer(error)
    if end > 0 { to.copyMemory(from: bytes.baseAddress!, byteCount: end) }
    to.storeBytes(of: 0, toByteOffset: end, as: UInt8.self)
  }
}
