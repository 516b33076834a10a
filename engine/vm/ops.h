/* ops.h: operand access inside the slow functions (ops_*.c). Private to vm. */
#ifndef ENGINE_VM_OPS_H
#define ENGINE_VM_OPS_H

#include "engine/vm/ic.h"

#define SLOW_OP(name) val op_##name(struct vm *vm, val *fp, const uint32_t *pc)
#define R_a fp[W_A(*pc)]
#define R_b fp[W_B(*pc)]
#define R_c fp[W_C(*pc)]
#define OP_W1 (pc[1])

static inline struct code *op_code(const val *fp) { return frame_code(fp); }
static inline pkey op_key16(const val *fp, const uint32_t *pc) { return frame_code(fp)->keys[W_K16(*pc)]; }
static inline pkey op_key(const val *fp, const uint32_t *pc) { return frame_code(fp)->keys[W1_KEY(pc[1])]; }
static inline struct ic *op_ic(const val *fp, const uint32_t *pc) { return &frame_code(fp)->ic[W1_IC(pc[1])]; }
static inline bool op_strict(const val *fp) { return (frame_code(fp)->flags & FN_STRICT) != 0; }
static inline struct func *op_callee(const val *fp) { return (struct func *)(void *)v_tocell(fp[FP_CALLEE]); }
/* Status of an int function as an op result. */
static inline val op_status(int r) { return r < 0 ? V_EXC : V_UNDEF; }

#endif
