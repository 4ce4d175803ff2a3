// Where a ledger stands, and its swaps. Included once per instruction set.

// The place of lots that a span has: as a sold fraction of its tick and as a price coordinate
// mu (10^4 + (i + f) bps) 10^-4, within an ulp or two.
CK_FN void ck_tell_inside(
  const ck_lots *lots, const ck_span *span, int64_t sold, ck_lot_fill *fill) {
  const ck_table *t = lots->curve.table;
  const double part = ck_lots_inside(span, sold) / span->capacity;
  const ck_dd edge = ck_edge_steps(t, (double)(t->grid.lowest + span->tick));
  const double steps = edge.hi + ck_fma(part, t->grid.bps, edge.lo);
  fill->tick = t->grid.lowest + span->tick;
  fill->fraction = part;
  fill->price = ck_fma(steps, lots->price_step.hi, steps * lots->price_step.lo);
}

// Where a ledger stands: a function of the lots sold alone, however they were come by.
static void standing(const ck_lots *lots, const ck_stand *stand, ck_lot_fill *fill) {
  if (ck_has_lots(lots, &stand->span, stand->sold)) {
    ck_tell_inside(lots, &stand->span, stand->sold, fill);
    return;
  }
  const ck_table *t = lots->curve.table;
  const ck_point place = place_after(lots, stand->sold);
  fill->tick = t->grid.lowest + place.tick;
  fill->fraction = fraction(t, place);
  fill->price = coordinate(t->grid, lots->curve.oracle_price, place.tick, fill->fraction);
}

static int64_t lots_with(const ck_lots *lots, int64_t level) {
  ck_line line = {.side = -1};
  return ck_lots_at_level(lots, level, &line);
}

static void stand_after(const ck_lots *lots, int64_t sold, ck_stand *stand) {
  ck_line line = {.side = -1};
  ck_go_to_lots(lots, sold, &line);
  stand->sold = sold;
  stand->held = ck_held_on(lots, &line, sold);
  stand->span = ck_span_of(lots, line.side, line.tick);
}

// An order that fixes an amount and ends on the line. Returns 0, and changes nothing, if it does not. `up`,
// `key` and `charges`, whether there are fees or a surge, are constants where this is used.
CK_FN int ck_swap_on_line(
  const ck_lots *lots, int up, int key, int charges, ck_stand *stand, const ck_lot_order *order,
  ck_lot_fill *fill) {
  const int64_t sold_before = stand->sold, held_before = stand->held, value = order->value;
  const ck_span start = stand->span;
  if (!ck_has_lots(lots, &start, sold_before)) return 0;
  ck_charge from = {0, 0}, to = {0, 0};
  if (charges && !(ck_has_level(lots, &start, held_before)
                   && ck_charge_in(lots, &start, up, order->surge, held_before, &from)))
    return 0;
  ck_span span = start;
  int64_t sold, held;
  if (key == CK_B) {
    sold = up ? sold_before + value : sold_before - value;
    if (!ck_has_lots(lots, &span, sold)) {
      if (!(sold >= lots->lowest && sold <= lots->highest)) return 0;
      span = ck_span_about_lots(lots, sold);
      if (!ck_has_lots(lots, &span, sold)) return 0;
    }
    if (!ck_held_in(&span, sold, &held)) return 0;
  } else {
    int64_t level = up ? held_before + value : held_before - value;
    if (charges) {
      // no table has the sums of a surge
      if (order->surge > 0) return 0;
      if (!ck_level_on_line(lots, up, held_before, from, value, &span, &level)) return 0;
    } else if (!ck_has_level(lots, &span, level)) {
      if (!(level >= lots->held_lowest && level <= lots->held_highest)) return 0;
      span = ck_span_about_level(lots, level);
      if (!ck_has_level(lots, &span, level)) return 0;
    }
    if (!ck_lots_in(lots, &span, level, &sold, &held)) return 0;
  }
  if (up ? sold <= sold_before || sold > order->end : sold >= sold_before || sold < order->end)
    return 0;
  int64_t last = sold;
  if (__builtin_expect(order->end != (up ? lots->highest : lots->lowest), 0)) {
    // beside a limit several lots might share a Q
    if (span.per_lot < CK_PLAIN_PRICE) return 0;
    if (!up && sold != order->end && !ck_has_lots(lots, &span, sold - 1)) return 0;
  } else if (__builtin_expect(span.per_lot < CK_PLAIN_PRICE, 0)) {
    int64_t same;
    if (!ck_has_level(lots, &span, held) || !ck_lots_in(lots, &span, held, &last, &same)) return 0;
    if (last < sold || same != held) return 0;
  }
  const int64_t moved = up ? held - held_before : held_before - held;
  int64_t fee = 0;
  if (charges) {
    if (!ck_has_level(lots, &span, held)) return 0;
    if (!ck_charge_in(lots, &span, up, order->surge, held, &to)) return 0;
    if (moved > 0) fee = ck_fee_between(from, to, up);
  }
  stand->sold = last;
  stand->held = held;
  if (span.tick != start.tick || span.side != start.side) stand->span = span;
  const int64_t ticks = span.tick - start.tick;
  fill->amount = up ? sold - sold_before : sold_before - sold;
  fill->sold = last;
  fill->moved = moved;
  fill->fee = fee;
  fill->ticks = (up ? ticks : -ticks) + 1;
  fill->filled = 1;
  ck_tell_inside(lots, &span, last, fill);
  return 1;
}

// Any order.
static __attribute__((noinline)) void ck_swap_carefully(
  const ck_lots *lots, ck_stand *stand, const ck_lot_order *order, ck_lot_fill *fill) {
  const ck_table *t = lots->curve.table;
  const int up = order->buy;
  const int64_t sold_before = stand->sold, held_before = stand->held;
  ck_line line = {.side = -1};
  const ck_point start = ck_place_on(t, &line, ck_go_to_lots(lots, sold_before, &line));
  const int64_t end = order->end == (up ? lots->highest : lots->lowest)
    ? order->end : ck_stop_before(lots, order->end, up, line);
  const int fees = t->fee[up] || order->surge > 0;
  ck_charge charged_before = {0, 0};
  if (fees) charged_before = ck_charged(lots, up, order->surge, held_before, &line);
  int64_t sold = ck_target_of(lots, stand, order, end, up, &line);
  fill->filled = up ? sold <= end : sold >= end;
  if (!fill->filled) sold = end;
  fill->ticks = fill->amount = fill->moved = fill->fee = 0;
  if (up ? sold > sold_before : sold < sold_before) {
    ck_dd sum = ck_go_to_lots(lots, sold, &line);
    const int64_t held = ck_held_on(lots, &line, sold), last = ck_last_with(lots, held, sold, &line);
    if (last != sold) sum = ck_go_to_lots(lots, last, &line);
    const ck_point place = ck_place_on(t, &line, sum);
    stand->sold = last;
    stand->held = held;
    stand->span = ck_span_of(lots, line.side, line.tick);
    fill->amount = up ? sold - sold_before : sold_before - sold;
    const int64_t moved = up ? held - held_before : held_before - held;
    fill->moved = moved;
    if (moved > 0 && fees) {
      const ck_charge charged = ck_charged(lots, up, order->surge, held, &line);
      fill->fee = ck_fee_between(charged_before, charged, up);
    }
    // what ends the curve may just be what was asked for
    if (order->key == CK_A)
      fill->filled |= up ? moved + fill->fee == order->value : moved - fill->fee >= order->value;
    if (up ? ck_before(start, place) : ck_before(place, start)) {
      int64_t tick;
      fill->ticks = ck_count(t, ck_entered(t, start, up), place, up, &tick);
    }
  }
  fill->sold = stand->sold;
  standing(lots, stand, fill);
}

// One order of each kind, with constants for what it is.
#define CK_SWAP_LINE(NAME, UP, KEY, CHARGES)                                                     \
  static __attribute__((noinline)) int NAME(                                                     \
    const ck_lots *lots, ck_stand *stand, const ck_lot_order *order, ck_lot_fill *fill) {        \
    return ck_swap_on_line(lots, UP, KEY, CHARGES, stand, order, fill);                          \
  }
CK_SWAP_LINE(ck_sell_lots_b, 0, CK_B, 0)
CK_SWAP_LINE(ck_sell_lots_a, 0, CK_A, 0)
CK_SWAP_LINE(ck_buy_lots_b, 1, CK_B, 0)
CK_SWAP_LINE(ck_buy_lots_a, 1, CK_A, 0)
CK_SWAP_LINE(ck_sell_lots_b_charged, 0, CK_B, 1)
CK_SWAP_LINE(ck_sell_lots_a_charged, 0, CK_A, 1)
CK_SWAP_LINE(ck_buy_lots_b_charged, 1, CK_B, 1)
CK_SWAP_LINE(ck_buy_lots_a_charged, 1, CK_A, 1)
#undef CK_SWAP_LINE

static void swap_lots(
  const ck_lots *lots, ck_stand *stand, const ck_lot_order *order, ck_lot_fill *fill) {
  const int charges = order->surge > 0 || lots->curve.table->fee[order->buy];
  int done = 0;
  switch (order->key == CK_NONE ? -1 : 4 * charges + 2 * order->buy + (order->key == CK_A)) {
    case 0: done = ck_sell_lots_b(lots, stand, order, fill); break;
    case 1: done = ck_sell_lots_a(lots, stand, order, fill); break;
    case 2: done = ck_buy_lots_b(lots, stand, order, fill); break;
    case 3: done = ck_buy_lots_a(lots, stand, order, fill); break;
    case 4: done = ck_sell_lots_b_charged(lots, stand, order, fill); break;
    case 5: done = ck_sell_lots_a_charged(lots, stand, order, fill); break;
    case 6: done = ck_buy_lots_b_charged(lots, stand, order, fill); break;
    case 7: done = ck_buy_lots_a_charged(lots, stand, order, fill); break;
  }
  if (!done) ck_swap_carefully(lots, stand, order, fill);
}
