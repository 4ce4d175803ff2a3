import DAMMPool
import DAMMModel
import Foundation
import Testing

/// Expects an action to throw this error and to leave the pool as it was.
func expectRefusal<Answer>(
  _ expected: PoolError, _ pool: Pool, sourceLocation: SourceLocation = #_sourceLocation,
  _ action: (inout Pool) throws -> Answer
) {
  var copy = pool
  do {
    let answer = try action(&copy)
    Issue.record("not refused: \(answer)", sourceLocation: sourceLocation)
  } catch {
    #expect(error as? PoolError == expected, sourceLocation: sourceLocation)
  }
  #expect(copy == pool, "it was refused and changed the pool", sourceLocation: sourceLocation)
}

/// Expects an action to throw `PoolError.corruptState`.
func expectCorrupt<Answer>(
  _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ action: () throws -> Answer
) {
  do {
    let answer = try action()
    Issue.record("\(what): accepted, \(answer)", sourceLocation: sourceLocation)
  } catch PoolError.corruptState {
  } catch {
    Issue.record("\(what): \(error)", sourceLocation: sourceLocation)
  }
}

/// The JSON of a pool, to be changed by hand.
struct StoredPool {
  private var fields: [String: Any]

  init(_ pool: Pool) throws {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(pool))
    fields = try #require(object as? [String: Any])
  }

  /// A value, or one in a part of the pool.
  subscript(_ key: String) -> Any? {
    get { fields[key] }
    set { fields[key] = newValue }
  }
  subscript(_ part: String, _ key: String) -> Any? {
    get { (fields[part] as? [String: Any])?[key] }
    set {
      var values = fields[part] as? [String: Any] ?? [:]
      values[key] = newValue
      fields[part] = values
    }
  }

  func pool() throws -> Pool {
    try JSONDecoder().decode(Pool.self, from: JSONSerialization.data(withJSONObject: fields))
  }
}
