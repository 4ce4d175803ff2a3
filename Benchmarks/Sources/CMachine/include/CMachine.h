/* What a benchmark asks of the machine. */
#ifndef CMACHINE_H
#define CMACHINE_H

#include <stdint.h>

/* How many processors this process may use. */
int machine_cores(void);
/* Binds the calling thread to the nth of them; 0 if that is not possible here. */
int machine_pin(int core);
/* Lets the calling thread, and those that it starts, run on all of them again. */
void machine_unpin(void);
/* Calls of malloc and its relatives by the calling thread; -1 where they cannot be counted. */
int64_t machine_allocations(void);
/* Resident memory in bytes; -1 where it cannot be read. */
int64_t machine_resident(void);
/* Gives free memory back, so that growth shows. */
void machine_trim(void);
/* Makes the compiler believe that memory is read here. */
void machine_keep(const void *memory);

#endif
