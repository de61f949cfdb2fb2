// The words in which OpenCL C differs from CUDA C. No formula stands here.

// Every operation rounds by itself: a fused a*b + c appears only where a formula says fma. This
// pragma, and no build option, is what stops the compilers from fusing.
#pragma OPENCL FP_CONTRACT OFF

#define INLINE static inline

// A signed integer of 64 bits; `long` has 32 on some hosts of CUDA.
typedef long int64;

// The type of the elements and of all arithmetic: one program is for one of the two.
#ifndef FLOAT64
typedef float real;
#else
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
typedef double real;
typedef ulong uint64;
#endif

// Formulas take the field's names from the built-ins, which some compilers define as macros.
#undef abs
#undef exp
#undef step
#undef tanh
#define abs activation_abs
#define exp activation_exp
#define step activation_step
#define tanh activation_tanh

// The condition that all is as usual, where a branch for that case pays: both ways give the same
// bits. On a CPU the work-items become the lanes of vectors, which go both ways together.
#ifdef BRANCHLESS
#define USUALLY(condition) false
#else
#define USUALLY(condition) (condition)
#endif

// ---- Words of the loops under launch/ ----

#define KERNEL __kernel

// Where a pointer points: the device's memory, or memory that a group shares.
#define GLOBAL __global
#define SHARED __local

// Makes a structure begin at a multiple of some bytes.
#define ALIGNED(bytes) __attribute__((aligned(bytes)))

// Declares an array that a group shares, at the top of a kernel.
#define SHARED_ARRAY(type, name, size) __local type name[size]

// The place of a work-item in its group, and of the group among all. Sizes are powers of two.
#define ITEM ((int)get_local_id(0))
#define GROUP_SIZE ((int)get_local_size(0))
#define GROUP ((int64)get_group_id(0))
#define GROUPS ((int64)get_num_groups(0))

// Waits for all work-items of the group, and for what they wrote to shared memory.
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
