/* malloc and its relatives, counted: an executable's own definitions are used by every library that it
 * loads. glibc's are still there under other names. */
#include "CMachine.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__GLIBC__)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Thread_local int64_t calls;

void *malloc(size_t size) {
  ++calls;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  ++calls;
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  ++calls;
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  ++calls;
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  ++calls;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  ++calls;
  if (alignment % sizeof(void *) || (alignment & (alignment - 1)) || !alignment) return EINVAL;
  void *block = __libc_memalign(alignment, size);
  if (!block) return ENOMEM;
  *memory = block;
  return 0;
}

int64_t machine_allocations(void) { return calls; }

#else

int64_t machine_allocations(void) { return -1; }

#endif
