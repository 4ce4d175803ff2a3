import CZlib
import Foundation

/// A PNG as a browser writes it: eight bits a channel, with or without opacity, not interlaced.
struct Picture {
  let width: Int
  let height: Int
  /// Red, green, blue; row by row.
  private let pixels: [SIMD3<UInt8>]

  enum Fault: Error {
    case notPNG
    case otherKind
    case damaged
  }

  init(_ file: Data) throws {
    let bytes = [UInt8](file)
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      throw Fault.notPNG
    }
    func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    var (at, packed) = (8, [UInt8]())
    while at + 12 <= bytes.count {
      let (length, name) = (number(at), String(decoding: bytes[at + 4..<at + 8], as: UTF8.self))
      guard at + 12 + length <= bytes.count else { throw Fault.damaged }
      if name == "IDAT" { packed += bytes[at + 8..<at + 8 + length] }
      at += 12 + length
    }
    (width, height) = (number(16), number(20))
    let channels = bytes[25] == 6 ? 4 : bytes[25] == 2 ? 3 : 0
    guard bytes[24] == 8, channels > 0, bytes[28] == 0 else { throw Fault.otherKind }
    let stride = width * channels
    var raw = [UInt8](repeating: 0, count: (stride + 1) * height)
    var count = uLong(raw.count)
    guard uncompress(&raw, &count, packed, uLong(packed.count)) == Z_OK, count == raw.count else {
      throw Fault.damaged
    }
    pixels = Self.unfiltered(raw, stride: stride, height: height, channels: channels)
  }

  /// Undoes the filters of PNG: each row tells by its first byte from which neighbours it was foretold.
  private static func unfiltered(
    _ raw: [UInt8], stride: Int, height: Int, channels: Int
  ) -> [SIMD3<UInt8>] {
    var (above, pixels) = ([UInt8](repeating: 0, count: stride), [SIMD3<UInt8>]())
    pixels.reserveCapacity(height * stride / channels)
    for y in 0..<height {
      let begin = y * (stride + 1)
      var row = Array(raw[begin + 1...begin + stride])
      for x in 0..<stride {
        let left = x < channels ? 0 : Int(row[x - channels])
        let corner = x < channels ? 0 : Int(above[x - channels])
        let up = Int(above[x])
        let guess: Int
        switch raw[begin] {
        case 1: guess = left
        case 2: guess = up
        case 3: guess = (left + up) / 2
        case 4:
          let (toLeft, toUp, toCorner) = (
            abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
          )
          guess = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
        default: guess = 0
        }
        row[x] &+= UInt8(truncatingIfNeeded: guess)
      }
      for x in Swift.stride(from: 0, to: stride, by: channels) {
        pixels.append(SIMD3(row[x], row[x + 1], row[x + 2]))
      }
      above = row
    }
    return pixels
  }

  /// How many pixels have a colour, such as `0x0067B1`.
  func count(_ colour: Int) -> Int {
    let wanted = SIMD3(
      UInt8(colour >> 16 & 255), UInt8(colour >> 8 & 255), UInt8(colour & 255))
    return pixels.count { $0 == wanted }
  }

  /// The colour of most pixels.
  var commonest: Int {
    var counts: [SIMD3<UInt8>: Int] = [:]
    for pixel in pixels { counts[pixel, default: 0] += 1 }
    let most = counts.max { $0.value < $1.value }?.key ?? SIMD3()
    return Int(most.x) << 16 | Int(most.y) << 8 | Int(most.z)
  }
}
