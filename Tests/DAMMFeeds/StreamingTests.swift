#if os(Linux)
  import DAMMFeeds
  import DAMMModel
  import Foundation
  import TestSupport
  import Testing

  /// Memory and speed of large files, each in a process of its own.
  @Suite("Large files") struct StreamingTests {
    /// The largest memory that this process had, in MiB.
    static func peak() -> Int {
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss / 1024
    }

    /// Seconds that this thread has computed: what a busy machine leaves as it is.
    static func computed() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// How much memory may grow while a file of any size is read, in MiB.
    static let mostGrowth = 16

    @Test("300 MB of minutes through a pipe, in little memory")
    func minutes() async throws {
      let result = await #expect(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) {
        let path = FileManager.default.temporaryDirectory.appending(path: "damm-\(UUID())").path
        precondition(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let (days, rowBytes) = (1_900, 134)
        let writer = Thread {
          let file = open(path, O_WRONLY)
          defer { close(file) }
          func write(_ bytes: [UInt8]) {
            var done = 0
            while done < bytes.count {
              done += bytes.withUnsafeBytes {
                Foundation.write(file, $0.baseAddress! + done, $0.count - done)
              }
            }
          }
          write(
            Array(
              "timestamp,netAmount0,netAmount1,closeTick,openTick,lowestTick,highestTick,inAmount0,inAmount1,currentLiquidity\n"
                .utf8))
          let clocks = (0..<1440).map { minute in
            let clock = UTCTime(secondsSince1970: Int64(minute) * 60).description.suffix(8)
            return Array(
              " \(clock),-30361565484,19253165598944715626,202693,202656,202649,202697,23814930590,34314688834673185254,422680516552367239\n"
                .utf8)
          }
          precondition(clocks[0].count + 10 == rowBytes)
          for day in 0..<days {
            let date = Array(
              UTCTime(secondsSince1970: Int64(day) * 86_400).description.utf8.prefix(10))
            var text: [UInt8] = []
            text.reserveCapacity(220_000)
            for rest in clocks {
              text += date
              text += rest
            }
            write(text)
          }
        }
        writer.start()
        let (before, clock) = (StreamingTests.peak(), StreamingTests.computed())
        let stream = try FlowStream([[URL(filePath: path)]], badRowLimit: 0)
        var (rows, sum) = (0, 0)
        while let event = try stream.next() {
          guard case .minute(let minute) = event.kind else { continue }
          rows += 1
          sum += minute.closeTick
        }
        let seconds = StreamingTests.computed() - clock
        precondition(rows == days * 1440 && sum == rows * 202_693, "all rows were read")
        let growth = StreamingTests.peak() - before
        print(
          "\(rows) rows of \(rowBytes) bytes in \(seconds) s of a core, \(Int(Double(rows) / seconds)) a second, "
            + "memory grew by \(growth) MiB")
        precondition(growth <= StreamingTests.mostGrowth, "memory grew by \(growth) MiB")
      }
      let output = result.map { String(decoding: $0.standardOutputContent, as: UTF8.self) } ?? ""
      print(output.split(separator: "\n").filter { $0.contains("rows of") }.joined())
    }

    @Test("200 MB of gzip in a thousand members, in little memory")
    func compressed() async {
      await #expect(processExitsWith: .success) {
        let text = (0..<8_000).map { "\($0),\($0 * 7919 % 100_000),text of a row\n" }.joined()
        let (member, members) = (Gzip.member(Array(text.utf8)), 1_000)
        let url = FileManager.default.temporaryDirectory.appending(path: "damm-\(UUID()).gz")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data().write(to: url)
        let file = try FileHandle(forWritingTo: url)
        try file.write(contentsOf: Data(Gzip.member(Array("a,b,c\n".utf8))))
        for _ in 0..<members { try file.write(contentsOf: Data(member)) }
        try file.close()
        let before = StreamingTests.peak()
        let table = try Table(ByteSource(url))
        try table.choose(["b"])
        var (rows, sum) = (0, 0.0)
        try table.forEachRow { (row) throws(TableError) in
          rows += 1
          sum += try row.number(0, in: 0...100_000)
        }
        precondition(rows == 8_000 * members && sum > 0, "all rows were read")
        let growth = StreamingTests.peak() - before
        precondition(growth <= StreamingTests.mostGrowth, "memory grew by \(growth) MiB")
      }
    }
  }
#endif
