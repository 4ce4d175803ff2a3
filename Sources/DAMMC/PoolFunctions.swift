// Named and documented in the header:
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
import CDAMM
import DAMM

@c @implementation
public func damm_pool_create(
  _ curve: OpaquePointer?, _ pool: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    let to = try needed(pool, "pool")
    to.pointee = try CurveHandle.with(curve, "curve") { PoolHandle($0).owned }
  }
}

@c @implementation
public func damm_pool_free(_ pool: OpaquePointer?) { PoolHandle.free(pool) }

@c @implementation
public func damm_pool_curve(
  _ pool: OpaquePointer?, _ curve: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    let to = try needed(curve, "curve")
    to.pointee = try PoolHandle.with(pool, "pool") { pool in
      CurveHandle(pool.curve, a: pool.reserveA, b: pool.reserveB).owned
    }
  }
}

@c @implementation
public func damm_pool_reserves(
  _ pool: OpaquePointer?, _ reserve_a: UnsafeMutablePointer<Double>?,
  _ reserve_b: UnsafeMutablePointer<Double>?, _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try PoolHandle.with(pool, "pool") { pool in
      reserve_a?.pointee = pool.reserveA
      reserve_b?.pointee = pool.reserveB
    }
  }
}

@c @implementation
public func damm_pool_quote(
  _ pool: OpaquePointer?, _ side: damm_side, _ fixed: damm_fixed, _ value: Double,
  _ limit: Double, _ quote: UnsafeMutablePointer<damm_quote>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try PoolHandle.with(pool, "pool") { pool in
      let to = try needed(quote, "quote")
      to.pointee = damm_quote(pool.curve.quote(try Order(side, fixed, value, limit: limit)))
    }
  }
}

@c @implementation
public func damm_pool_swap(
  _ pool: OpaquePointer?, _ side: damm_side, _ fixed: damm_fixed, _ value: Double,
  _ limit: Double, _ quote: UnsafeMutablePointer<damm_quote>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try PoolHandle.with(pool, "pool") { pool in
      let to = try needed(quote, "quote")
      to.pointee = damm_quote(pool.swap(try Order(side, fixed, value, limit: limit)))
    }
  }
}

@c @implementation
public func damm_pool_swap_to_price(
  _ pool: OpaquePointer?, _ side: damm_side, _ target: Double,
  _ quote: UnsafeMutablePointer<damm_quote>?, _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try PoolHandle.with(pool, "pool") { pool in
      let to = try needed(quote, "quote")
      to.pointee = damm_quote(pool.swap(try Order(side, to: target)))
    }
  }
}

@c @implementation
public func damm_pool_reform(
  _ pool: OpaquePointer?, _ price: Double, _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try PoolHandle.with(pool, "pool") { try $0.reform(price: price) }
  }
}
