// The words in which CUDA C differs from OpenCL C. No formula stands here.
//
// Every operation rounds by itself: build with -fmad=false, -ftz=false. A fused a*b + c appears
// only where a formula says fma.

#define INLINE __device__ __forceinline__

typedef unsigned int uint;
typedef unsigned short ushort;

// A signed integer of 64 bits; `long` has 32 on some hosts.
typedef long long int64;

// The type of the elements and of all arithmetic: one program is for one of the two.
#ifndef FLOAT64
typedef float real;
#else
typedef double real;
typedef unsigned long long uint64;
#endif

#define as_uint(value) __float_as_uint(value)
#define as_float(bits) __uint_as_float(bits)
#ifndef FLOAT64
#define fma(a, b, c) __fmaf_rn(a, b, c)
#define fabs(value) fabsf(value)
#else
#define as_ulong(value) ((uint64)__double_as_longlong(value))
#define as_double(bits) __longlong_as_double((int64)(bits))
#define fma(a, b, c) __fma_rn(a, b, c)
#endif

// Formulas take the field's names from the built-ins.
#define abs activation_abs
#define exp activation_exp
#define tanh activation_tanh

// The condition that all is as usual, where a branch for that case pays: both ways give the same
// bits. Few work-items of a GPU stray from the others.
#define USUALLY(condition) (condition)

// ---- Words of the loops under launch/ ----

// Knowing the largest group, the compiler may give each work-item more registers.
#define KERNEL extern "C" __global__ __launch_bounds__(256)

// Where a pointer points: the device's memory, or memory that a group shares. CUDA needs no word.
#define GLOBAL
#define SHARED

// Makes a structure begin at a multiple of some bytes.
#define ALIGNED(bytes) __align__(bytes)

// Declares an array that a group shares, at the top of a kernel.
#define SHARED_ARRAY(type, name, size) __shared__ type name[size]

// The place of a work-item in its group, and of the group among all. Sizes are powers of two.
#define ITEM ((int)threadIdx.x)
#define GROUP_SIZE ((int)blockDim.x)
#define GROUP ((int64)blockIdx.x)
#define GROUPS ((int64)gridDim.x)

// Waits for all work-items of the group, and for what they wrote to shared memory.
#define BARRIER() __syncthreads()
