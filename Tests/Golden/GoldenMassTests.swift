import DAMMKernel
import DAMMModel
import DAMMReference
import Testing

/// Masses and cumulative capacities against 40-digit values.
@Suite struct GoldenMassTests {
  private func tolerance(_ table: GoldenData.Table) -> Tolerance {
    table.shape.halfWidth <= 6 ? .massSeriesTo6 : .massSeriesTo12
  }

  @Test func rangesOfTicks() throws {
    let golden = try GoldenData.shared.get()
    #expect(golden.tables.count > 60)
    for (name, table) in golden.tables {
      let built = try TickTable(table.shape)
      #expect(built.lowestTick == table.lowestTick, "table \(name)")
      #expect(built.upperTick == table.upperTick, "table \(name)")
    }
  }

  @Test func massesAndCapacities() throws {
    let golden = try GoldenData.shared.get()
    var worst = (mass: 0.0, capacity: 0.0, cumulative: 0.0)
    var samples = 0
    for (name, rows) in golden.masses {
      let table = try #require(golden.tables[name])
      let built = try TickTable(table.shape)
      for row in rows {
        let tick = try #require(Int(row["tick"]!))
        let mass = try exact(row["mass"]!)
        let error = relativeError(built.mass(ofTick: tick), mass)
        #expect(error <= tolerance(table).relative, "mass of tick \(tick), table \(name)")
        let u = Wide(1) + Wide(Double(tick)) * Wide(table.shape.tickWidthBps) / Wide(1e4)
        let capacity = max(
          relativeError(built.capacityB(ofTick: tick), mass / u.squareRoot),
          relativeError(built.capacityA(ofTick: tick), mass * u.squareRoot))
        #expect(capacity <= Tolerance.capacity.relative, "tick \(tick), table \(name)")
        let below = try built.cumulative(below: tick)
        let above = try built.cumulative(from: tick)
        let sums = [
          (below.b, "cumulativeB"), (below.a, "cumulativeA"), (above.b, "aboveB"),
          (above.a, "aboveA"),
        ]
        for (value, column) in sums {
          let error = try relativeError(value, exact(row[column]!))
          #expect(
            error <= Tolerance.cumulative.relative, "\(column) at tick \(tick), table \(name)")
          worst.cumulative = max(worst.cumulative, error)
        }
        worst.mass = max(worst.mass, error)
        worst.capacity = max(worst.capacity, capacity)
        samples += 1
      }
    }
    print(
      "golden: \(samples) ticks, worst relative error of mass \(worst.mass), "
        + "capacity \(worst.capacity), cumulative \(worst.cumulative)")
    #expect(samples > 2_500)
  }

  @Test func massesThroughGSL() throws {
    let golden = try GoldenData.shared.get()
    for (name, rows) in golden.masses {
      let table = try #require(golden.tables[name])
      guard table.shape.halfWidth <= 12 else { continue }
      let built = try TickTable(table.shape, method: .gsl)
      for row in rows {
        let tick = try #require(Int(row["tick"]!))
        let error = try relativeError(built.mass(ofTick: tick), exact(row["mass"]!))
        #expect(error <= Tolerance.massGSL.relative, "tick \(tick), table \(name)")
      }
    }
  }

  /// The reference that judges every tick elsewhere is itself judged here.
  @Test func wideReference() throws {
    let golden = try GoldenData.shared.get()
    var worst = 0.0
    for (name, rows) in golden.masses {
      let table = try #require(golden.tables[name])
      guard table.upperTick - table.lowestTick <= 30_000 else { continue }
      let reference = try ReferenceTable<Wide>(taylor: table.shape)
      #expect(reference.lowestTick == table.lowestTick && reference.upperTick == table.upperTick)
      for row in rows {
        let tick = try #require(Int(row["tick"]!))
        let mass = try exact(row["mass"]!)
        let error = abs(((reference.masses[tick - reference.lowestTick] - mass) / mass).double)
        #expect(error <= Tolerance.referenceWide.relative, "tick \(tick), table \(name)")
        worst = max(worst, error)
      }
    }
    print("golden: worst relative error of a mass of the wide reference \(worst)")
  }
}
