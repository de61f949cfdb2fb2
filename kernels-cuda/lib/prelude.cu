// The words in which CUDA C differs from OpenCL C. No formula stands here.
//
// Every operation rounds by itself: build with -fmad=false, -ftz=false. A fused a*b + c appears
// only where a formula says fma.

#define INLINE __device__ __forceinline__

typedef unsigned int uint;

// A signed integer of 64 bits; `long` has 32 on some hosts.
typedef long long int64;

#define as_uint(value) __float_as_uint(value)
#define as_float(bits) __uint_as_float(bits)
#define fma(a, b, c) __fmaf_rn(a, b, c)
#define fabs(value) fabsf(value)

// The formula takes the field's name from the built-in.
#define tanh activation_tanh
