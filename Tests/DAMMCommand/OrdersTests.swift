import DAMM
import Foundation
import Testing

@Suite("damm quote --orders")
struct OrdersTests {
  private static let header = OrderFixture.header

  private func run(_ file: String, _ options: String...) async throws -> DammProcess {
    try await DammProcess.run(
      ["quote"] + DammProcess.example + ["--orders", "-"] + options, input: Data(file.utf8))
  }

  @Test("a number ends where its field ends")
  func hiddenCharacters() async throws {
    let answers = try await run("\(Self.header)\nbuy,amount,1\u{0}2,\nbuy,amount,1,101\u{0}\n")
    #expect(answers.status == 1)
    #expect(answers.lines.count == 3)
    for line in answers.lines.dropFirst() { #expect(line.contains("but it must be a number")) }
  }

  @Test(
    "each order is quoted from the same state, or each after the last", arguments: [false, true])
  func bits(_ sequence: Bool) async throws {
    let (orders, file) = try OrderFixture.orders(400)
    var curve = try Curves.example()
    let answers = orders.enumerated().map { index, order in
      Answer(
        sequence ? curve.swap(order) : curve.quote(order), line: index + 2, relativeSigma: 0.01)
    }
    #expect(Set(answers.map(\.stop)).count == 3, "the orders must stop for every reason")
    let json = try await DammProcess.run(
      ["quote"] + DammProcess.example + ["--orders", "-", "--json"]
        + (sequence ? ["--sequence"] : []), input: Data(file.utf8))
    #expect(json.status == 0)
    #expect(try json.decoded([Answer].self) == answers)

    let csv = try await DammProcess.run(
      ["quote"] + DammProcess.example + ["--orders", "-"] + (sequence ? ["--sequence"] : []),
      input: Data(file.utf8))
    #expect(csv.lines.first == (QuoteTests.columns + ["error"]).joined(separator: ","))
    let rows = csv.lines.dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.map { Double($0[1]) } == answers.map(\.amountIn))
    #expect(rows.map { Double($0[4]) } == answers.map(\.averagePrice))
    #expect(rows.map { Double($0[10]) } == answers.map(\.left))
    #expect(rows.allSatisfy { $0.count == 12 && $0[11].isEmpty })
  }

  @Test("bad lines are answered where they stand and the others go on")
  func mixed() async throws {
    let bad: [(line: String, reason: String)] = [
      ("hold,amount,1,", "side is 'hold', but it must be buy or sell."),
      ("buy,lots,1,", "kind is 'lots', but it must be amount, notional or to-price."),
      ("buy,amount,abc,", "value is 'abc', but it must be a number from 1e-100 to 1e+100."),
      ("buy,amount,nan,", "value is 'nan', but it must be a number from 1e-100 to 1e+100."),
      ("buy,amount,-1,", "value is '-1', but it must be a number from 1e-100 to 1e+100."),
      ("buy,notional,0,", "value is '0', but it must be a number from 1e-100 to 1e+100."),
      ("buy,amount,1e400,", "value is '1e400', but it must be a number from 1e-100 to 1e+100."),
      ("buy,amount,,", "value is '', but it must be a number from 1e-100 to 1e+100."),
      ("buy,amount,1,x", "limit is 'x', but it must be a number from"),
      ("buy,amount,1,-0", "limit is '-0', but it must be a number from"),
      ("buy,to-price,inf,", "value is 'inf', but it must be a number from"),
      ("buy,amount,1", "there are 3 fields, but there must be 4"),
      ("buy,amount,1,,", "there are 5 fields, but there must be 4"),
      ("\"buy,amount,1,", "a quote is opened but not closed."),
      ("buy,\"amount\"x,1,", "a quoted field must be followed by a comma"),
      ("buy,amount,1,\rbuy,amount,2,", "a line must end with LF or CRLF."),
      ("buy,amo", "there are 2 fields, but there must be 4"),  // the file ends here, cut off
    ]
    let good = "buy,amount,1,"
    let file = Self.header + "\n" + bad.map { good + "\n" + $0.line }.joined(separator: "\n")
    let csv = try await run(file)
    #expect(csv.status == 1)
    #expect(
      csv.error
        == "Error: 17 of 34 orders were refused; the error of each such line says why.\n")
    let rows = csv.lines.dropFirst()
    #expect(rows.count == 34)
    for (index, row) in rows.enumerated() {
      if index.isMultiple(of: 2) {
        #expect(row.hasPrefix("buy,100.12109282770146,1.0,0.0,100.12109282770146,"))
      } else {
        let error = "line \(index + 2): \(bad[index / 2].reason)"
        #expect(row.hasPrefix(",,,,,,,,,,,"))
        #expect(row.contains(error), "\(row) should say \(error)")
      }
    }
    let json = try await run(file, "--json").decoded([Answer].self)
    #expect(json.map(\.line) == Array(2...35))
    #expect(json.enumerated().allSatisfy { ($1.error == nil) == $0.isMultiple(of: 2) })
  }

  @Test("quotes, spaces, CRLF, blank lines and a byte order mark change nothing")
  func dialects() async throws {
    let plain = try await run(Self.header + "\nbuy,amount,1,\nsell,notional,5,99\n")
    #expect(plain.status == 0)
    #expect(plain.lines.count == 3)
    for file in [
      Self.header + "\r\nbuy,amount,1,\r\nsell,notional,5,99\r\n",
      Self.header + "\n\n \t\nbuy,amount,1,\n\nsell,notional,5,99",
      "\u{FEFF}\"side\",\"kind\",\"value\",\"limit\"\n\"buy\",\"amount\",\"1\",\"\"\nsell,\"notional\",5,\"99\"\n",
      "\nside, kind, value, limit\n buy , amount , 1 ,\n\"sell\" , notional, \" 5\", 99 \n",
    ] {
      let run = try await run(file)
      #expect(run.status == 0)
      #expect(run.output == plain.output)
    }
    let doubled = try await run(Self.header + "\n\"b\"\"u,y\",amount,1,\n")
    #expect(doubled.output.contains("side is 'b\"\"u,y', but"))  // quoted again in the answer
  }

  @Test("more lines than are parsed at once, with and without quotes")
  func manyLines() async throws {
    let count = 5000
    let lines = (1...count).map { "buy,amount,\(Double($0) * 1e-3)," }
    let plain = try await run(([Self.header] + lines).joined(separator: "\n"))
    #expect(plain.status == 0)
    #expect(plain.lines.count == count + 1)
    var quoted = lines
    quoted[1500] = quoted[1500].replacing("buy", with: "\"buy\"")
    #expect(try await run(([Self.header] + quoted).joined(separator: "\n")).output == plain.output)
    // Quotes that would pair across two lines, and a line break within a third.
    (quoted[2000], quoted[2001], quoted[2002]) = ("\"buy,amount,1,", "x\",amount,1,", "buy\r,")
    let bad = try await run(([Self.header] + quoted).joined(separator: "\n"))
    #expect(bad.error.hasPrefix("Error: 3 of 5000 orders were refused"))
    let (rows, good) = (bad.lines, plain.lines)
    let refused = rows.indices.filter { rows[$0].hasPrefix(",,") }
    #expect(refused == [2001, 2002, 2003])
    #expect(rows.indices.filter { rows[$0] != good[$0] } == refused)
  }

  @Test(
    "files that are no orders files",
    arguments: [
      ("", "standard input is empty, but it must begin with the header side,kind,value,limit."),
      (
        "\n \n", "standard input is empty, but it must begin with the header side,kind,value,limit."
      ),
      (
        "buy,amount,1,\n",
        "the first line of standard input is 'buy,amount,1,', but it must be the header side,kind,value,limit."
      ),
      (
        "side,kind,size,limit\n",
        "the first line of standard input is 'side,kind,size,limit', but it must be the header side,kind,value,limit."
      ),
    ])
  func badFiles(_ file: String, _ message: String) async throws {
    let run = try await run(file)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.error == "Error: \(message)\n")
  }

  @Test("files that cannot be read, and one that is not UTF-8")
  func unreadableFiles() async throws {
    let missing = try await DammProcess.run(
      ["quote"] + DammProcess.example + ["--orders", "/no/such/file"])
    #expect(missing.status == 1)
    #expect(missing.error == "Error: '/no/such/file' cannot be read: no such file or directory.\n")
    let folder = try await DammProcess.run(["quote"] + DammProcess.example + ["--orders", "/"])
    #expect(folder.status == 1)
    #expect(folder.error == "Error: '/' cannot be read: is a directory.\n")
    let binary = try await DammProcess.run(
      ["quote"] + DammProcess.example + ["--orders", "-"],
      input: Data((Self.header + "\nbuy,").utf8) + Data([0xC3, 0x28, 0x0A]))
    #expect(binary.status == 1)
    #expect(binary.error == "Error: standard input is not UTF-8 text: see line 2.\n")
    let header = try await run(Self.header + "\n")
    #expect(header.status == 0)
    #expect(header.lines.count == 1)
    let none = try await run(Self.header + "\n", "--json")
    #expect(try none.decoded([Answer].self).isEmpty)
  }
}
