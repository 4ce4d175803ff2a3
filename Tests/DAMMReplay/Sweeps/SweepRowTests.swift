import DAMMModel
import DAMMReplay
import Foundation
import Testing
import TestSupport

/// Rows as text, and what they are hashed by.
@Suite("Rows of sweeps") struct SweepRowTests {
  @Test("a row reads back from its JSON to the same bits")
  func json() throws {
    let seed = RandomCurves.seed("rows as JSON", 41)
    var random = SplitMix64(seed: seed)
    for _ in 0..<RandomCurves.runs(2_000) {
      let row = SweepFixture.row(&random)
      let read = try JSONDecoder().decode(SweepRow.self, from: Data(row.json.utf8))
      #expect(read == row)
      // -0 and 0 are equal, but not the same
      #expect(read.json == row.json && read.csv == row.csv)
      #expect(!row.json.contains("\n"))
    }
  }

  @Test("a row reads back from its CSV")
  func csv() throws {
    let seed = RandomCurves.seed("rows as CSV", 42)
    var random = SplitMix64(seed: seed)
    for _ in 0..<RandomCurves.runs(2_000) {
      let row = SweepFixture.row(&random)
      let fields = Self.fields(row.csv)
      #expect(fields.count == SweepColumn.all.count)
      for (field, value) in zip(fields, row.values) {
        switch value {
        case .number(let number): #expect(Double(field)?.bitPattern == number.bitPattern)
        case .none: #expect(field.isEmpty)
        default: #expect(field == value.field)
        }
      }
    }
    #expect(Self.fields(SweepRow.csvHeader).count == SweepColumn.all.count)
  }

  /// The fields of a record, by RFC 4180.
  private static func fields(_ text: String) -> [String] {
    var (fields, field, isQuoted) = ([String](), String.UnicodeScalarView(), false)
    let scalars = Array(text.unicodeScalars)
    var at = 0
    while at < scalars.count {
      let scalar = scalars[at]
      if scalar == "\"" {
        if isQuoted, at + 1 < scalars.count, scalars[at + 1] == "\"" {
          field.append(scalar)
          at += 1
        } else {
          isQuoted.toggle()
        }
      } else if scalar == ",", !isQuoted {
        fields.append(String(field))
        field = .init()
      } else {
        #expect(isQuoted || (scalar != "\n" && scalar != "\r"))
        field.append(scalar)
      }
      at += 1
    }
    return fields + [String(field)]
  }

  @Test("numbers that are none have no value")
  func noNumbers() {
    #expect(SweepValue(Double.nan) == .none && SweepValue(Double.infinity) == .none)
    #expect(SweepValue(1.5) == .number(1.5) && SweepValue(1.5).field == "1.5")
    #expect(SweepValue(3.0).field == "3" && SweepValue(1e300).field == "1e+300")
  }

  /// Messages of the standard, and one of a million bytes.
  @Test(
    "SHA-256",
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
      ("aaaaaaaa", 125_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func sha256(message: String, times: Int, digest: String) {
    let bytes = Array(message.utf8)
    let words = stride(from: 0, to: bytes.count, by: 8).map { at in
      bytes[at..<at + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    var hash = SHA256()
    for _ in 0..<times { for word in words { hash.take(word) } }
    #expect(hash.digest() == digest)
  }

  @Test("a fingerprint tells every number of every step")
  func fingerprint() throws {
    let steps = try SweepFixture.inputs(steps: 4).steps
    let order = try Order(.buy, .amount(1), limit: 3000)
    let recorded = RecordedPool(price: 3000, liquidity: 1, inA: 2, inB: 3, averagePrice: 4)
    func with(_ orders: [Order], _ pool: RecordedPool?, price: Double = 3000, time: Int64 = 0)
      -> String
    {
      let step = ReplayStep(
        time: UTCTime(secondsSince1970: time), price: price, impliedVolatility: 0.5, orders: orders,
        recorded: pool)
      return SweepInputs(steps + [step]).fingerprint
    }
    let others = [
      with([order], recorded), with([], recorded), with([order], nil),
      with([order, order], recorded),
      with([try Order(.sell, .amount(1), limit: 3000)], recorded),
      with([try Order(.buy, .notional(1), limit: 3000)], recorded),
      with([try Order(.buy, .toPrice(1), limit: 3000)], recorded),
      with([try Order(.buy, .amount(1))], recorded),
      with([try Order(.buy, .amount(1), limit: 3000.0.nextUp)], recorded),
      with([order], RecordedPool(price: 3000, liquidity: nil, inA: 2, inB: 3, averagePrice: 4)),
      with([order], RecordedPool(price: 3000, liquidity: 1, inA: 2, inB: 3)),
      with([order], RecordedPool(price: 3000, liquidity: 1, inA: 3, inB: 2, averagePrice: 4)),
      with([order], recorded, price: 3000.0.nextUp), with([order], recorded, time: 1),
      SweepInputs(steps).fingerprint, SweepInputs(Array(steps.reversed())).fingerprint,
    ]
    #expect(Set(others).count == others.count)
    #expect(with([order], recorded) == others[0])
  }
}
