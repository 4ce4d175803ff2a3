/* The functions of libdamm for Python: numbers and arrays through the buffer protocol, no copies.
 *
 * Everything that has a taste (names, defaults, shapes, which arrays) is decided in Python. Here a
 * curve or a pool is a capsule that frees it, and the fields of quotes go to rows of one block:
 * a row a field, `count` elements of 8 bytes each, in the order of damm_quotes.
 */
#include "_arguments.h"

enum { FIELDS = 10, FLOATS = 7, STOP = 9 };
/* Below this many quotes, giving the interpreter lock up and asking for it again is not worth it. */
enum { WORTH_UNLOCKING = 64 };

/* MARK: Where quotes go */

/* The rows of a block that a mask names, in order; the other fields are NULL. */
static damm_quotes rows_of(void *block, size_t count, unsigned mask) {
  char *next = block;
  void *row[FIELDS];
  for (int i = 0; i < FIELDS; ++i) {
    row[i] = mask >> i & 1 ? next : NULL;
    if (row[i]) next += 8 * count;
  }
  return (damm_quotes){row[0], row[1], row[2], row[3], row[4],
                       row[5], row[6], row[7], row[8], row[9]};
}

static void store(const damm_quote *quote, const damm_quotes *to) {
  double *const floats[FLOATS] = {
    to->amount_in,      to->amount_out, to->fee, to->average_price, to->price_after,
    to->fraction_after, to->left};
  const double values[FLOATS] = {
    quote->amount_in,      quote->amount_out, quote->fee, quote->average_price, quote->price_after,
    quote->fraction_after, quote->left};
  for (int i = 0; i < FLOATS; ++i)
    if (floats[i]) *floats[i] = values[i];
  if (to->tick_after) *to->tick_after = quote->tick_after;
  if (to->ticks_crossed) *to->ticks_crossed = quote->ticks_crossed;
  if (to->stop) *to->stop = quote->stop;
}

/* One quote to a block of all fields. */
static PyObject *answer(
  damm_status status, const damm_error *error, const damm_quote *quote, PyObject *block) {
  if (status != DAMM_OK) return refuse(status, error);
  Py_buffer view;
  if (!buffer(block, PyBUF_WRITABLE, 8, &view)) return NULL;
  bool fits = view.len == 8 * FIELDS;
  if (fits) {
    damm_quotes to = rows_of(view.buf, 1, (1u << FIELDS) - 1);
    store(quote, &to);
  } else {
    PyErr_SetString(PyExc_BufferError, "the block is not of one quote");
  }
  PyBuffer_Release(&view);
  return fits ? Py_NewRef(Py_None) : NULL;
}

typedef struct {
  const damm_curve *curve;
  damm_side side;
  damm_fixed fixed;
  double limit;
} request;

/* curve, side, fixed, values, limit */
static bool read_request(PyObject *const *arguments, request *to) {
  long side, fixed;
  to->curve = curve_of(arguments[0]);
  if (!to->curve || !integer(arguments[1], &side) || !integer(arguments[2], &fixed)
      || !number(arguments[4], &to->limit))
    return false;
  to->side = (damm_side)side;
  to->fixed = (damm_fixed)fixed;
  return true;
}

/* A single value is quoted as such, so that an error does not speak of element 0. */
static PyObject *run(const request *request, const Py_buffer *values, const damm_quotes *to) {
  damm_error error;
  damm_status status;
  size_t count = (size_t)values->len / 8;
  if (values->ndim == 0) {
    damm_quote quote;
    status = damm_curve_quote(
      request->curve, request->side, request->fixed, *(const double *)values->buf, request->limit,
      &quote, &error);
    if (status == DAMM_OK) store(&quote, to);
  } else if (count < WORTH_UNLOCKING) {
    status = damm_curve_quote_batch(
      request->curve, request->side, request->fixed, count, values->buf, request->limit, to,
      &error);
  } else {
    Py_BEGIN_ALLOW_THREADS
    status = damm_curve_quote_batch(
      request->curve, request->side, request->fixed, count, values->buf, request->limit, to,
      &error);
    Py_END_ALLOW_THREADS
  }
  return status == DAMM_OK ? Py_NewRef(Py_None) : refuse(status, &error);
}

/* curve, side, fixed, values, limit, block, mask: quotes to the rows of a block. */
static PyObject *quote_block(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  request request;
  long mask;
  if (!counted(given, 7) || !read_request(arguments, &request) || !integer(arguments[6], &mask))
    return NULL;
  Py_buffer values, block;
  if (!buffer(arguments[3], 0, 8, &values)) return NULL;
  PyObject *result = NULL;
  if (buffer(arguments[5], PyBUF_WRITABLE, 8, &block)) {
    Py_ssize_t rows = 0;
    for (int i = 0; i < FIELDS; ++i) rows += mask >> i & 1;
    if (block.len != rows * values.len) {
      PyErr_SetString(PyExc_BufferError, "the block does not fit the values");
    } else if (overlap(values.buf, (size_t)values.len, block.buf, (size_t)block.len)) {
      refuse_overlap();
    } else {
      damm_quotes to = rows_of(block.buf, (size_t)values.len / 8, (unsigned)mask);
      result = run(&request, &values, &to);
    }
    PyBuffer_Release(&block);
  }
  PyBuffer_Release(&values);
  return result;
}

/* curve, side, fixed, values, limit, then an array or None for each field: quotes to these arrays. */
static PyObject *quote_arrays(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  request request;
  if (!counted(given, 5 + FIELDS) || !read_request(arguments, &request)) return NULL;
  Py_buffer view[1 + FIELDS];  /* the values, then the fields */
  int held = 0;
  void *row[FIELDS] = {NULL};
  PyObject *result = NULL;
  if (!buffer(arguments[3], 0, 8, &view[held])) return NULL;
  ++held;
  for (int i = 0; i < FIELDS; ++i) {
    if (Py_IsNone(arguments[5 + i])) continue;
    const size_t bytes = i == STOP ? 4 : 8;
    if (!buffer(arguments[5 + i], PyBUF_WRITABLE, bytes, &view[held])) goto done;
    const Py_buffer *new = &view[held++];
    if ((size_t)new->len / bytes != (size_t)view[0].len / 8) {
      PyErr_SetString(PyExc_BufferError, "an array does not fit the values");
      goto done;
    }
    for (int j = 0; j < held - 1; ++j)
      if (overlap(new->buf, (size_t)new->len, view[j].buf, (size_t)view[j].len)) {
        refuse_overlap();
        goto done;
      }
    row[i] = new->buf;
  }
  damm_quotes to = {row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9]};
  result = run(&request, &view[0], &to);
done:
  while (held > 0) PyBuffer_Release(&view[--held]);
  return result;
}

/* MARK: Curves */

static PyObject *version(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  return PyUnicode_FromString(damm_version());
}

/* implied volatility, days, convention */
static PyObject *relative_sigma(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  double value[2], result;
  long convention;
  if (!counted(given, 3) || !numbers(arguments, 2, value) || !integer(arguments[2], &convention))
    return NULL;
  damm_error error;
  damm_status status =
    damm_relative_sigma(value[0], value[1], (damm_convention)convention, &result, &error);
  return status == DAMM_OK ? PyFloat_FromDouble(result) : refuse(status, &error);
}

/* price, sigma over price, A, B, half width, tick width, position, shape, funding */
static PyObject *curve_create(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  double value[7];
  long shape, funding;
  if (!counted(given, 9) || !numbers(arguments, 7, value) || !integer(arguments[7], &shape)
      || !integer(arguments[8], &funding))
    return NULL;
  damm_parameters parameters = damm_parameters_default();
  parameters.price = value[0];
  parameters.relative_sigma = value[1];
  parameters.reserve_a = value[2];
  parameters.reserve_b = value[3];
  parameters.half_width = value[4];
  parameters.tick_width_bps = value[5];
  parameters.position = value[6];
  parameters.shape = (damm_shape)shape;
  parameters.funding = (damm_funding)funding;
  damm_curve *curve = NULL;
  damm_error error;
  damm_status status;
  Py_BEGIN_ALLOW_THREADS
  status = damm_curve_create(&parameters, &curve, &error);
  Py_END_ALLOW_THREADS
  return status == DAMM_OK ? curve_capsule(curve) : refuse(status, &error);
}

/* curve, price, A, B, position */
static PyObject *curve_share(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  double value[4];
  damm_curve *curve, *made = NULL;
  if (!counted(given, 5) || !(curve = curve_of(arguments[0])) || !numbers(arguments + 1, 4, value))
    return NULL;
  damm_error error;
  damm_status status = damm_curve_create_sharing(
    curve, value[0], value[1], value[2], value[3], &made, &error);
  return status == DAMM_OK ? curve_capsule(made) : refuse(status, &error);
}

/* curve: lowest tick, upper tick, price, offered A, offered B */
static PyObject *curve_state(PyObject *self, PyObject *capsule) {
  (void)self;
  int64_t lowest, upper;
  double price, a, b;
  damm_curve *curve = curve_of(capsule);
  if (!curve) return NULL;
  damm_error error;
  damm_status status = damm_curve_ticks(curve, &lowest, &upper, &error);
  if (status == DAMM_OK) status = damm_curve_state(curve, &price, &a, &b, &error);
  if (status != DAMM_OK) return refuse(status, &error);
  return Py_BuildValue("LLddd", (long long)lowest, (long long)upper, price, a, b);
}

/* curve, side, target, block of one quote */
static PyObject *quote_to_price(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  damm_curve *curve;
  long side;
  double target;
  if (!counted(given, 4) || !(curve = curve_of(arguments[0])) || !integer(arguments[1], &side)
      || !number(arguments[2], &target))
    return NULL;
  damm_quote quote;
  damm_error error;
  damm_status status =
    damm_curve_quote_to_price(curve, (damm_side)side, target, &quote, &error);
  return answer(status, &error, &quote, arguments[3]);
}

/* MARK: Pools. The interpreter lock is kept: it makes them safe to share between threads. */

static PyObject *pool_create(PyObject *self, PyObject *capsule) {
  (void)self;
  damm_curve *curve = curve_of(capsule);
  if (!curve) return NULL;
  damm_pool *pool = NULL;
  damm_error error;
  damm_status status = damm_pool_create(curve, &pool, &error);
  if (status != DAMM_OK) return refuse(status, &error);
  PyObject *made = PyCapsule_New(pool, POOL, free_pool);
  if (!made) damm_pool_free(pool);
  return made;
}

static PyObject *pool_curve(PyObject *self, PyObject *capsule) {
  (void)self;
  damm_pool *pool = pool_of(capsule);
  if (!pool) return NULL;
  damm_curve *curve = NULL;
  damm_error error;
  damm_status status = damm_pool_curve(pool, &curve, &error);
  return status == DAMM_OK ? curve_capsule(curve) : refuse(status, &error);
}

static PyObject *pool_reserves(PyObject *self, PyObject *capsule) {
  (void)self;
  damm_pool *pool = pool_of(capsule);
  if (!pool) return NULL;
  double a, b;
  damm_error error;
  damm_status status = damm_pool_reserves(pool, &a, &b, &error);
  return status == DAMM_OK ? Py_BuildValue("dd", a, b) : refuse(status, &error);
}

/* pool, side, fixed, value, limit, block of one quote */
static PyObject *pool_swap(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  damm_pool *pool;
  long side, fixed;
  double value[2];
  if (!counted(given, 6) || !(pool = pool_of(arguments[0])) || !integer(arguments[1], &side)
      || !integer(arguments[2], &fixed) || !numbers(arguments + 3, 2, value))
    return NULL;
  damm_quote quote;
  damm_error error;
  damm_status status = damm_pool_swap(
    pool, (damm_side)side, (damm_fixed)fixed, value[0], value[1], &quote, &error);
  return answer(status, &error, &quote, arguments[5]);
}

/* pool, side, target, block of one quote */
static PyObject *pool_swap_to_price(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  damm_pool *pool;
  long side;
  double target;
  if (!counted(given, 4) || !(pool = pool_of(arguments[0])) || !integer(arguments[1], &side)
      || !number(arguments[2], &target))
    return NULL;
  damm_quote quote;
  damm_error error;
  damm_status status = damm_pool_swap_to_price(pool, (damm_side)side, target, &quote, &error);
  return answer(status, &error, &quote, arguments[3]);
}

/* pool, price */
static PyObject *pool_reform(PyObject *self, PyObject *const *arguments, Py_ssize_t given) {
  (void)self;
  damm_pool *pool;
  double price;
  if (!counted(given, 2) || !(pool = pool_of(arguments[0])) || !number(arguments[1], &price))
    return NULL;
  damm_error error;
  damm_status status = damm_pool_reform(pool, price, &error);
  return status == DAMM_OK ? Py_NewRef(Py_None) : refuse(status, &error);
}

/* MARK: The module */

#define FAST(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}
#define ONE(name) {#name, name, METH_O, NULL}

static PyMethodDef methods[] = {
  {"version", version, METH_NOARGS, NULL},
  FAST(relative_sigma),
  FAST(curve_create),
  FAST(curve_share),
  ONE(curve_state),
  FAST(quote_block),
  FAST(quote_arrays),
  FAST(quote_to_price),
  ONE(pool_create),
  ONE(pool_curve),
  ONE(pool_reserves),
  FAST(pool_swap),
  FAST(pool_swap_to_price),
  FAST(pool_reform),
  {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static PyModuleDef module = {
  PyModuleDef_HEAD_INIT, .m_name = "damm._kernel", .m_size = 0, .m_methods = methods,
  .m_slots = slots};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&module); }
