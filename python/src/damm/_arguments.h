/* What the functions of _kernel.c share: arguments from Python, errors to Python. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <damm.h>
#include <stdbool.h>
#include <stdint.h>

static const char CURVE[] = "damm.curve";
static const char POOL[] = "damm.pool";

/* Raises damm.DammError(code, text); returns NULL. */
static PyObject *refuse(damm_status status, const damm_error *error) {
  PyObject *module = PyImport_ImportModule("damm._errors");
  if (!module) return NULL;
  PyObject *type = PyObject_GetAttrString(module, "DammError");
  Py_DECREF(module);
  if (!type) return NULL;
  PyObject *arguments = Py_BuildValue("(is)", (int)status, error->text);
  if (arguments) PyErr_SetObject(type, arguments);
  Py_XDECREF(arguments);
  Py_DECREF(type);
  return NULL;
}

static bool counted(Py_ssize_t given, Py_ssize_t wanted) {
  if (given == wanted) return true;
  PyErr_Format(PyExc_TypeError, "takes %zd arguments, not %zd", wanted, given);
  return false;
}

static bool number(PyObject *object, double *value) {
  *value = PyFloat_AsDouble(object);
  return !(*value == -1 && PyErr_Occurred());
}

static bool integer(PyObject *object, long *value) {
  *value = PyLong_AsLong(object);
  return !(*value == -1 && PyErr_Occurred());
}

static bool numbers(PyObject *const *arguments, int count, double *values) {
  for (int i = 0; i < count; ++i)
    if (!number(arguments[i], &values[i])) return false;
  return true;
}

static damm_curve *curve_of(PyObject *capsule) { return PyCapsule_GetPointer(capsule, CURVE); }
static damm_pool *pool_of(PyObject *capsule) { return PyCapsule_GetPointer(capsule, POOL); }

static void free_curve(PyObject *capsule) { damm_curve_free(curve_of(capsule)); }
static void free_pool(PyObject *capsule) { damm_pool_free(pool_of(capsule)); }

static PyObject *curve_capsule(damm_curve *curve) {
  PyObject *capsule = PyCapsule_New(curve, CURVE, free_curve);
  if (!capsule) damm_curve_free(curve);
  return capsule;
}

/* A contiguous, aligned buffer of 8-byte elements or, for `bytes` 4, of int32; BufferError if not. */
static bool buffer(PyObject *object, int flags, size_t bytes, Py_buffer *view) {
  if (PyObject_GetBuffer(object, view, flags | PyBUF_ND) < 0) return false;
  if (view->itemsize == (Py_ssize_t)bytes && (uintptr_t)view->buf % bytes == 0) return true;
  PyBuffer_Release(view);
  PyErr_SetString(PyExc_BufferError, "not an aligned array of the right type");
  return false;
}

static bool overlap(const void *p, size_t p_bytes, const void *q, size_t q_bytes) {
  uintptr_t a = (uintptr_t)p, b = (uintptr_t)q;
  return a < b + q_bytes && b < a + p_bytes;
}

static void *refuse_overlap(void) {
  PyErr_SetString(PyExc_ValueError, "the arrays must not share memory with each other");
  return NULL;
}
