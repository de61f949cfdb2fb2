// The words in which OpenCL C differs from CUDA C. No formula stands here.

// Every operation rounds by itself: a fused a*b + c appears only where a formula says fma. This
// pragma, and no build option, is what stops the compilers from fusing.
#pragma OPENCL FP_CONTRACT OFF

#define INLINE static inline

// A signed integer of 64 bits; `long` has 32 on some hosts of CUDA.
typedef long int64;

// The formula takes the field's name from the built-in, which some compilers define as a macro.
#undef tanh
#define tanh activation_tanh
