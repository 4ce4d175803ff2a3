// Orders one after another, each from where the one before ended. Included once per instruction set.

// The side of the place of forming where a pool stands, if orders in either direction can be taken on the
// line there; -1 at that place, at the upper end, and where the side offers nothing or has empty ticks.
CK_FN int ck_side_of(const ck_curve *curve, ck_point place, int key) {
  const ck_table *t = curve->table;
  const int before = ck_before(place, curve->formed), side = before ? CK_BELOW : CK_ABOVE;
  if (t->has_empty || place.tick == t->grid.count || !(before || ck_before(curve->formed, place)))
    return -1;
  return curve->inverse[side][key].hi > 0 ? side : -1;
}

// The tick where a pool stands, for orders in either direction that leave it there; 0 if it stands at an
// end of that, or where orders have to be looked at carefully. Its price is that of buying.
CK_FN int ck_room_at(const ck_curve *curve, ck_point place, int key, ck_room *room) {
  const ck_table *t = curve->table;
  const ck_point formed = curve->formed;
  const int side = ck_side_of(curve, place, key);
  if (side < 0) return 0;
  *room = ck_room_of(curve, side, place.tick >= t->fold, place.tick, 1, key);
  if (formed.tick == place.tick) *(side == CK_BELOW ? &room->high : &room->low) = formed.sold;
  return room->from < place.sold.hi && place.sold.hi < room->to;
}

CK_FN void ck_write_turn(
  const ck_curve *curve, const ck_batch *batch, int64_t i, double value, const ck_fill *fill, int more) {
  const int up = value > 0;
  if (more) {
    ck_write_all(curve, batch, i, up, up ? value : -value, *fill);
  } else {
    if (batch->in) batch->in[i] = fill->amount[up ? CK_A : CK_B];
    if (batch->out) batch->out[i] = fill->amount[up ? CK_B : CK_A];
  }
}

// The orders first ..< end of a sequence. Returns where they end. As long as orders stay in a tick, what
// that tick is need not be found again; then each waits for the sum of the one before and for nothing else.
CK_FN ck_point ck_turns(
  const ck_curve *curve, ck_point place, int key, const ck_batch *batch, int64_t first, int64_t end) {
  const int more = ck_asks_for_more(batch);
  ck_room room;
  int stays = ck_room_at(curve, place, key, &room);
  for (int64_t i = first; i < end; ++i) {
    const double value = batch->value[i];
    ck_fill fill = {{0, 0}, 0, {0, {0, 0}}, 0, 0, 0};
    if (stays && ck_within(&room, place.sold, value > 0, key, value > 0 ? value : -value, &fill)) {
      fill.amount[key] = value > 0 ? value : -value;
      place.sold = fill.after.sold;
      ck_write_turn(curve, batch, i, value, &fill, more);
      continue;
    }
    if (value > 0)
      ck_walk(curve, place, 1, key, value, NULL, &fill);
    else
      ck_walk(curve, place, 0, key, -value, NULL, &fill);
    // one that went far tells that the next may as well
    stays = fill.ticks <= 2 && ck_room_at(curve, fill.after, key, &room);
    place = fill.after;
    ck_write_turn(curve, batch, i, value, &fill, more);
  }
  return place;
}

// The same where buying and selling have their own prices.
static __attribute__((noinline)) ck_point ck_tolled_turns(
  const ck_curve *curve, ck_point place, int key, const ck_batch *batch) {
  const int more = ck_asks_for_more(batch), fee = batch->fee != NULL;
  const int plain = !(curve->surge > 0);
  ck_room room[2];
  double part[2] = {0, 0};
  int stays = 0;
  for (int64_t i = 0; i < batch->count; ++i) {
    const double value = batch->value[i], size = value > 0 ? value : -value;
    const int up = value > 0;
    ck_fill fill = {{0, 0}, 0, {0, {0, 0}}, 0, 0, 0};
    if (stays && ck_within(&room[up], place.sold, up, key, size, &fill)) {
      fill.amount[key] = size;
      fill.fee = fill.amount[CK_A] * part[up];
      place.sold = fill.after.sold;
    } else {
      if (up)
        ck_trade(curve, place, 1, key, size, NULL, fee, &fill);
      else
        ck_trade(curve, place, 0, key, size, NULL, fee, &fill);
      place = fill.after;
      stays = plain && fill.ticks <= 2 && ck_room_at(curve, place, key, &room[1]);
      if (stays) {
        room[0] = room[1];
        room[0].price = ck_price(curve->way[0], place.tick);
        for (int way = 0; way < 2; ++way)
          part[way] = ck_part(ck_fee_rate(curve->table, way, place.tick), way);
      }
    }
    ck_write_turn(curve, batch, i, value, &fill, more);
  }
  return place;
}

// A flow that fixes B waits, from order to order, for the sum of B alone: which tick that is and what it is
// worth can come later, for eight orders at a time. First the sums are added up, as far as the pool stays in
// a region where orders have one leg and the sums one frame; then these places are looked up and the orders
// settled, with the formulas of the straight line. What is off the line is left to `ck_turns`.
enum { CK_FLOW = 64 };

// Where a pool may wander so.
typedef struct {
  int frame, side;
  double low, high;  // B sold, between these
  double dust;       // smaller orders are looked at carefully
} ck_region;

CK_FN int ck_region_of(const ck_curve *curve, ck_point place, ck_region *r) {
  const ck_table *t = curve->table;
  const ck_point formed = curve->formed;
  const double below = t->edges[t->fold].b.hi, above = t->edges[t->fold + 1].b.hi;
  r->side = ck_side_of(curve, place, CK_B);
  if (r->side < 0) return 0;
  r->frame = place.tick >= t->fold;
  r->low = r->frame ? above : 0;
  r->high = r->frame ? 0 : below;
  if ((formed.tick >= t->fold) == r->frame) *(r->side == CK_BELOW ? &r->high : &r->low) = formed.sold.hi;
  r->dust = 0x1p-54 * (below > -above ? below : -above);
  return r->low < place.sold.hi && place.sold.hi < r->high;
}

// The places of a flow and their ticks, one more than orders.
typedef struct {
  double sold[2][CK_FLOW + 8];                                    // high and low parts
  double below_b[2][CK_FLOW + 8], above_b[2][CK_FLOW + 8];        // edges of the tick
  double below_a[2][CK_FLOW + 8], above_a[2][CK_FLOW + 8];
  int64_t above[CK_FLOW + 8];                                     // its upper edge, as stored
} ck_flow;

CK_FN v8_dd ck_load_dd(const double from[2][CK_FLOW + 8], int64_t i) {
  return (v8_dd){ck_load(from[0] + i, 8), ck_load(from[1] + i, 8)};
}
CK_FN void ck_store_dd(double to[2][CK_FLOW + 8], int64_t i, v8_dd x) {
  ck_store(to[0] + i, x.hi, 8);
  ck_store(to[1] + i, x.lo, 8);
}

// Up to eight orders of a flow, from place i on; the mask says which are off the line.
CK_FN i8 ck_settle_flow(
  const ck_curve *curve, const ck_region *r, const ck_flow *flow, int64_t i, v8 value, v8_dd x, v8 *a) {
  const ck_table *t = curve->table;
  const ck_dd unit = curve->unit[r->side][CK_A], formed = curve->formed.sold;
  const i8 up = value > v8_all(0), origin = {0};
  const v8 size = ck_select(up, x.hi, -x.hi);
  const v8_dd from = ck_load_dd(flow->sold, i), to = ck_load_dd(flow->sold, i + 1);
  i8 from_tick, to_tick;
  __builtin_memcpy(&from_tick, flow->above + i, sizeof from_tick);
  __builtin_memcpy(&to_tick, flow->above + i + 1, sizeof to_tick);
  const i8 same = from_tick == to_tick;
  from_tick -= 1 + r->frame;
  to_tick -= 1 + r->frame;
  const v8 from_price = ck_price(t, from_tick), to_price = ck_price(t, to_tick);
  const v8_dd from_below = ck_load_dd(flow->below_b, i), from_above = ck_load_dd(flow->above_b, i);
  const v8_dd to_below = ck_load_dd(flow->below_b, i + 1), to_above = ck_load_dd(flow->above_b, i + 1);
  // beyond the first tick: what is left of it, whole ticks, a part of the last
  const v8_dd base = ck_select(up, ck_load_dd(flow->above_a, i), ck_load_dd(flow->below_a, i));
  const v8_dd near = ck_select(up, ck_load_dd(flow->below_a, i + 1), ck_load_dd(flow->above_a, i + 1));
  const v8 rest = ck_select(up, ck_gap(from_above, from), ck_gap(from, from_below)) * from_price;
  const v8 whole = ck_select(up, ck_gap(near, base), ck_gap(base, near));
  const v8 part = ck_select(up, ck_gap(to, to_below), ck_gap(to_above, to)) * to_price;
  const v8 far = ck_select(up, (rest + whole) + part, (part + whole) + rest);
  const v8 other = ck_select(same, size * from_price, far);
  *a = ck_fma(other, v8_all(unit.hi), other * v8_all(unit.lo));
  // what `ck_within` and `ck_aim` ask for
  const i8 here = from_tick == origin + curve->formed.tick;
  const v8_dd place = {v8_all(formed.hi), v8_all(formed.lo)};
  const v8_dd end = ck_select(
    up, r->side == CK_BELOW ? ck_select(here, place, from_above) : from_above,
    r->side == CK_ABOVE ? ck_select(here, place, from_below) : from_below);
  const v8 ahead = ck_select(up, ck_gap(end, from), ck_gap(from, end));
  const v8 sums = r->frame ? -from_below.hi : from_above.hi;
  const i8 plain = (size < ahead * v8_all(1 - 0x1p-40)) & (ahead > v8_all(0x1p-60) * sums);
  const i8 on = (same & plain) | (~same & (size > v8_all(r->dust)));
  return ~on | (from_below.hi == from.hi) | (to_below.hi == to.hi);
}

// The longest part of a flow, up to CK_FLOW orders, that stays in the region and on the line. Returns how
// many orders that is, and where they lead.
CK_FN int64_t ck_flow_on(
  const ck_curve *curve, const ck_region *r, int64_t count, const double *value, double *in, double *out,
  ck_point *place) {
  const ck_table *t = curve->table;
  const ck_dd inverse = curve->inverse[r->side][CK_B];
  ck_flow flow;
  v8_dd x[CK_FLOW / 8];
  for (int64_t i = 0; i < count; i += 8)
    x[i / 8] = ck_times(
      (v8_dd){v8_all(inverse.hi), v8_all(inverse.lo)}, ck_load(value + i, count - i));
  ck_dd sold = place->sold;
  flow.sold[0][0] = sold.hi;
  flow.sold[1][0] = sold.lo;
  int64_t stays = 0;
  for (; stays < count; ++stays) {
    const v8_dd *row = &x[stays / 8];
    double by[2];
    __builtin_memcpy(&by[0], (const double *)&row->hi + stays % 8, sizeof(double));
    __builtin_memcpy(&by[1], (const double *)&row->lo + stays % 8, sizeof(double));
    sold = ck_plus(sold, (ck_dd){by[0], by[1]});
    if (!(r->low < sold.hi && sold.hi < r->high)) break;
    flow.sold[0][stays + 1] = sold.hi;
    flow.sold[1][stays + 1] = sold.lo;
  }
  if (stays == 0) return 0;
  for (int64_t i = 0; i <= stays; ++i)
    flow.above[i] = ck_seek(
      t, 1, CK_B, ck_bucket(&t->guide[CK_B], r->frame, flow.sold[0][i]), flow.sold[0][i]);
  for (int64_t i = stays + 1; i < stays + 8; ++i) {  // lanes behind the last
    flow.above[i] = flow.above[stays];
    flow.sold[0][i] = flow.sold[1][i] = 0;
  }
  for (int64_t i = 0; i <= stays; i += 8) {
    v8_dd b, a;
    ck_load_edges(t, flow.above + i, -1, &b, &a);
    ck_store_dd(flow.below_b, i, b);
    ck_store_dd(flow.below_a, i, a);
    ck_load_edges(t, flow.above + i, 0, &b, &a);
    ck_store_dd(flow.above_b, i, b);
    ck_store_dd(flow.above_a, i, a);
  }
  int64_t done = 0;
  for (; done < stays; done += 8) {
    const int64_t left = stays - done < 8 ? stays - done : 8;
    const v8 values = ck_load(value + done, left);
    v8 a;
    const i8 off = ck_settle_flow(curve, r, &flow, done, values, x[done / 8], &a);
    const i8 up = values > v8_all(0);
    const v8 b = ck_select(up, values, -values);
    int64_t on = 0;
    while (on < left && !off[on]) ++on;
    if (in) ck_store(in + done, ck_select(up, a, b), on);
    if (out) ck_store(out + done, ck_select(up, b, a), on);
    if (on < left) {
      done += on;
      break;
    }
  }
  if (done > stays) done = stays;
  if (done == 0) return 0;  // what begins at an edge to the bit keeps its own tick
  *place = (ck_point){
    flow.above[done] - (1 + r->frame), {flow.sold[0][done], flow.sold[1][done]}};
  return done;
}

// A flow of orders that fix B and ask for amounts alone.
static __attribute__((noinline)) ck_point ck_flows(
  const ck_curve *curve, ck_point place, const ck_batch *batch) {
  int64_t i = 0, alone = 0;  // how many are carried out one by one before the next try
  while (i < batch->count) {
    ck_region region;
    int64_t done = 0;
    if (ck_region_of(curve, place, &region))
      done = ck_flow_on(
        curve, &region, batch->count - i < CK_FLOW ? batch->count - i : CK_FLOW, batch->value + i,
        batch->in ? batch->in + i : NULL, batch->out ? batch->out + i : NULL, &place);
    i += done;
    alone = done > 8 ? 1 : alone < 32 ? 2 * alone + 1 : alone;
    const int64_t end = batch->count - i < alone ? batch->count : i + alone;
    if (done < CK_FLOW) {
      place = ck_turns(curve, place, CK_B, batch, i, end);
      i = end;
    }
  }
  return place;
}

static void swaps(ck_curve *curve, const ck_batch *batch) {
  if (curve->way[1]->toll || curve->surge > 0)
    curve->place = batch->key == CK_A ? ck_tolled_turns(curve, curve->place, CK_A, batch)
                                      : ck_tolled_turns(curve, curve->place, CK_B, batch);
  else if (batch->key == CK_A)
    curve->place = ck_turns(curve, curve->place, CK_A, batch, 0, batch->count);
  else if (ck_asks_for_more(batch))
    curve->place = ck_turns(curve, curve->place, CK_B, batch, 0, batch->count);
  else
    curve->place = ck_flows(curve, curve->place, batch);
  curve->price = ck_price_of(curve, curve->place);
}
