// One order, with its fee and the position after it. Included once per instruction set.

static double ck_price_of(const ck_curve *curve, ck_point place) {
  const ck_table *t = curve->table;
  return coordinate(t->grid, curve->oracle_price, place.tick, fraction(t, place));
}

// The position after an order as a fraction and a price, and where the curve then stands.
CK_FN void ck_arrive(const ck_curve *curve, ck_fill *fill, ck_curve *moved) {
  fill->fraction = fraction(curve->table, fill->after);
  fill->price = coordinate(
    curve->table->grid, curve->oracle_price, fill->after.tick, fill->fraction);
  if (moved) {
    moved->place = fill->after;
    moved->price = fill->price;
  }
}

static __attribute__((noinline)) void ck_run_surged(
  const ck_curve *curve, int up, int key, const ck_order *order, ck_fill *fill, ck_curve *moved) {
  const ck_point *limit = order->has_limit ? &order->limit : NULL;
  *fill = ck_walk_surged(curve, curve->place, up, key, order->value, limit);
  ck_arrive(curve, fill, moved);
}

static __attribute__((noinline)) void ck_put_fee(
  const ck_curve *curve, ck_point start, int up, ck_fill *fill) {
  fill->fee = ck_fee_of(curve, start, up, fill);
}

// One order. What it did stays in registers until it is written once, since a copy of what was just written
// waits for the memory: so no address of it goes to what stands apart.
CK_FN void ck_run(
  const ck_curve *curve, int up, int key, const ck_order *order, ck_fill *result, ck_curve *moved) {
  if (__builtin_expect(curve->surge > 0, 0)) {
    ck_run_surged(curve, up, key, order, result, moved);
    return;
  }
  const ck_point start = curve->place;
  const int toll = curve->way[up]->toll;
  ck_fill fill;
  ck_walk(curve, start, up, key, order->value, order->has_limit ? &order->limit : NULL, &fill);
  ck_arrive(curve, &fill, moved);
  result->amount[CK_B] = fill.amount[CK_B];
  result->amount[CK_A] = fill.amount[CK_A];
  result->ticks = fill.ticks;
  result->after = fill.after;
  result->fraction = fill.fraction;
  result->price = fill.price;
  result->stop = fill.stop;
  result->fee = 0;
  if (toll) ck_put_fee(curve, start, up, result);
}

static __attribute__((noinline)) void ck_buy_b(
  const ck_curve *curve, const ck_order *order, ck_fill *fill, ck_curve *moved) {
  ck_run(curve, 1, CK_B, order, fill, moved);
}
static __attribute__((noinline)) void ck_buy_a(
  const ck_curve *curve, const ck_order *order, ck_fill *fill, ck_curve *moved) {
  ck_run(curve, 1, CK_A, order, fill, moved);
}
static __attribute__((noinline)) void ck_sell_b(
  const ck_curve *curve, const ck_order *order, ck_fill *fill, ck_curve *moved) {
  ck_run(curve, 0, CK_B, order, fill, moved);
}
static __attribute__((noinline)) void ck_sell_a(
  const ck_curve *curve, const ck_order *order, ck_fill *fill, ck_curve *moved) {
  ck_run(curve, 0, CK_A, order, fill, moved);
}
static __attribute__((noinline)) void ck_go(
  const ck_curve *curve, const ck_order *order, ck_fill *fill, ck_curve *moved) {
  ck_run(curve, order->buy, CK_NONE, order, fill, moved);
}

CK_FN void ck_dispatch(
  const ck_curve *curve, const ck_order *order, ck_fill *fill, ck_curve *moved) {
  if (order->key == CK_B)
    order->buy ? ck_buy_b(curve, order, fill, moved) : ck_sell_b(curve, order, fill, moved);
  else if (order->key == CK_A)
    order->buy ? ck_buy_a(curve, order, fill, moved) : ck_sell_a(curve, order, fill, moved);
  else
    ck_go(curve, order, fill, moved);
}

static void quote(const ck_curve *curve, const ck_order *order, ck_fill *fill) {
  ck_dispatch(curve, order, fill, NULL);
}

static void swap(ck_curve *curve, const ck_order *order, ck_fill *fill) {
  ck_dispatch(curve, order, fill, curve);
}
