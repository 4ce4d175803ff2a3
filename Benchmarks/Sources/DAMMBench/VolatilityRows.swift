import CPeers
import DAMM
import DAMMReference
import Foundation

/// The deviations that premiums imply, on the options of the golden data.
enum VolatilityRows {
  static func rows(using random: inout Random) throws -> [Row] {
    let all = try golden()
    func row(
      _ title: String, _ options: [Option], _ model: OptionContract.Model
    ) -> Row {
      self.row(title, Book(draw(options, using: &random)), model)
    }
    let black = all.filter { $0.model == .black }
    return [
      row("Black, about the money", black.filter(\.isUsual), .black),
      row("Black, everywhere", black, .black),
      row("normal, everywhere", all.filter { $0.model == .normal }, .normal),
    ]
  }

  private struct Option {
    let model: OptionContract.Model
    let kind: OptionContract.Kind
    let forward, strike, premium: Double
    let exact: Exact

    /// Out of the money or at it, as options that trade are: `|ln(F / K)|` up to 1/2, deviations from 2 % to 1.
    var isUsual: Bool {
      abs(log(forward / strike)) <= 0.5 && (0.02...1).contains(exact.value.double)
        && (kind == .call ? strike >= forward : strike <= forward)
    }
  }

  /// The same options for all contenders of a row.
  private final class Book: @unchecked Sendable {
    let desk: Desk
    let options: [Option]
    let forwards, strikes: Desk
    let puts: [Int32]

    init(_ options: [Option]) {
      self.options = options
      desk = Desk(options.map(\.premium))
      (forwards, strikes) = (Desk(options.map(\.forward)), Desk(options.map(\.strike)))
      puts = options.map { $0.kind == .put ? 1 : 0 }
    }
  }

  /// Cash premiums that must be answered, within the domain of the library.
  private static func golden() throws -> [Option] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../data/golden/volatility.csv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return lines.dropFirst().compactMap { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 9, fields[8].isEmpty, fields[1] == "cash",
        let model = OptionContract.Model(rawValue: fields[0]),
        let kind = OptionContract.Kind(rawValue: fields[2]), let forward = Double(fields[3]),
        let strike = Double(fields[4]), let premium = Double(fields[5]),
        let deviation = Wide(fields[6]), let condition = Double(fields[7]),
        let contract = try? OptionContract(kind, forward: forward, strike: strike),
        (try? contract.implied(premium: premium, model: model)) != nil
      else { return nil }
      let exact = Exact(value: deviation, condition: max(1, condition))
      return Option(
        model: model, kind: kind, forward: forward, strike: strike, premium: premium, exact: exact)
    }
  }

  private static func draw(_ options: [Option], using random: inout Random) -> [Option] {
    // calls first, since a batch has one kind
    let drawn = (0..<Sizes.count).map { _ in
      options[Int(random.uniform(0...Double(options.count).nextDown))]
    }
    return drawn.filter { $0.kind == .call } + drawn.filter { $0.kind == .put }
  }

  private static func row(_ title: String, _ book: Book, _ model: OptionContract.Model) -> Row {
    let single = { (range: Range<Int>) in
      let answers = book.desk.answers
      for i in range {
        let option = book.options[i]
        let contract = try! OptionContract(
          option.kind, forward: option.forward, strike: option.strike)
        answers[i] = try! contract.implied(premium: option.premium, model: model).deviation
      }
    }
    let calls = book.options.prefix { $0.kind == .call }.count
    let batch = { (range: Range<Int>) in
      for (kind, part) in [
        (OptionContract.Kind.call, range.clamped(to: 0..<calls)),
        (.put, range.clamped(to: calls..<book.options.count)),
      ] where !part.isEmpty {
        var deviations = UnsafeMutableBufferPointer(rebasing: book.desk.answers[part]).mutableSpan
        var conditions = UnsafeMutableBufferPointer(rebasing: book.desk.echo[part]).mutableSpan
        func span(_ desk: Desk) -> UnsafeBufferPointer<Double> {
          UnsafeBufferPointer(rebasing: desk.values[part])
        }
        try! OptionContract.implied(
          kind, model: model, forwards: span(book.forwards).span, strikes: span(book.strikes).span,
          premiums: span(book.desk).span, deviations: &deviations, conditions: &conditions)
      }
    }
    var contenders = [
      ours("one at a time", book, target: 250, single), ours("batch", book, target: 100, batch),
    ]
    if peer_has_quantlib() != 0 {
      contenders +=
        model == .normal
        ? [peer("QuantLib, Bachelier", book, 0, peer_implied_quantlib_bachelier)]
        : [
          peer("QuantLib, as it comes (1e-6)", book, 1e-6, peer_implied_quantlib),
          peer("QuantLib, 1e-15", book, 1e-15, peer_implied_quantlib),
          peer("QuantLib, Li and Lee, 1e-15", book, 1e-15, peer_implied_quantlib_chambers),
        ]
    }
    return Row(
      section: .volatility, title: title, unit: "option", contenders: contenders,
      notes: [
        "proved by the golden data; of a peer, what it refuses counts as an error of infinity"
      ])
  }

  private static func ours(
    _ name: String, _ book: Book, target: Double, _ work: @escaping (Range<Int>) -> Void
  ) -> Contender {
    Contender(
      name, count: book.desk.count, granule: 1024, target: target,
      prove: { _ in
        // all of them: they are fewer than they seem
        Proof.compare(
          book.desk.answers(book.desk.count, of: work), book.options.map(\.exact),
          allowed: Tolerance.impliedDeviation.relative)
      }, work: work)
  }

  private static func peer(
    _ name: String, _ book: Book, _ accuracy: Double,
    _ implied:
      @escaping @convention(c) (
        UnsafePointer<peer_options>?, Double, UnsafeMutablePointer<Double>?, Int
      ) -> Void
  ) -> Contender {
    let work = { (range: Range<Int>) in
      let first = range.lowerBound
      book.puts.withUnsafeBufferPointer { puts in
        var options = peer_options(
          forward: book.forwards.values.baseAddress! + first,
          strike: book.strikes.values.baseAddress! + first,
          premium: book.desk.values.baseAddress! + first, put: puts.baseAddress! + first)
        implied(&options, accuracy, book.desk.answers.baseAddress! + first, range.count)
      }
    }
    return Contender(
      name, isOurs: false, count: book.desk.count, granule: 1024,
      prove: { _ in
        let answers = book.desk.answers(book.desk.count, of: work)
        let worst = Proof.compare(answers, book.options.map(\.exact), allowed: 1).worst
        return .init(worst: worst, excess: 0)
      }, work: work)
  }
}
