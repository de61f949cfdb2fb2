// Moves data past one activation and what is fused with it. Stands behind launch/kinks, which has
// the definitions of the host.
//
//   forward_fused    y = dropped(f(x + bias)) + residual
//   backward_fused   dx = dropped(dy * f'(x + bias))
//
// What a pass lacks is the same for all work-items: it has no channels, or its bit of `parts` is
// not set. In place of its buffer stands another, which is then not read for it.

#define RESIDUAL 1
#define DROPOUT 2
#define SLOPES 4

// The function, out of the reach of the kernels' own names.
INLINE real fused_function(real x PARAMETERS) { return APPLY(FUNCTION, x); }

// The elements are done in a loop that no compiler unrolls: the function stands in the program
// once. It works on the first of the values, and puts what comes of it behind the last.
#define ONE_AFTER_THE_OTHER _Pragma("unroll 1")

INLINE void next(real* values, real done) {
  for (int k = 1; k < ITEMS; k++) values[k - 1] = values[k];
  values[ITEMS - 1] = done;
}

// What dropout makes of a value: scale·value, or 0 where the upper 31 bits of the element's first
// random word are below the threshold.
INLINE real dropped(real value, Words random, int64 threshold, real scale) {
  real kept = value * scale;
  return (int64)(random.first >> 1) < threshold ? 0 : quiet(kept, kept);
}

// A slope between two, from the element's second random word.
INLINE real slope_between(Words random, real lower, real upper) {
  return fma(upper - lower, unit_number(random.second), lower);
}

// Takes the parameters of one element: those of all, its channel's weight, or a slope.
#if ARITY == 1
#define BOUNDS
#define TAKE_PARAMETERS(element, random) \
  if (weight_channels > 0)               \
  p = weight[weight_offset + channel_of(element, count, weight_channels, weight_inner)]
#elif ARITY == 2
#define BOUNDS    \
  real lower = p; \
  real upper = q
#define TAKE_PARAMETERS(element, random) \
  if (parts & SLOPES) p = q = slope_between(random, lower, upper)
#else
#define BOUNDS
#define TAKE_PARAMETERS(element, random)
#endif

KERNEL void forward_fused(GLOBAL const real* x, int64 x_offset, GLOBAL const real* bias,
                          int64 bias_offset, GLOBAL const real* weight, int64 weight_offset,
                          GLOBAL const real* residual, int64 residual_offset, GLOBAL real* y,
                          int64 y_offset, int64 count, int64 bias_channels, int64 bias_inner,
                          int64 weight_channels, int64 weight_inner, int64 parts, int64 seed,
                          int64 first, int64 threshold, real scale PARAMETERS) {
  BOUNDS;
  real v[ITEMS];
  real r[ITEMS];
  load(v, x + x_offset, count);
  load(r, residual + residual_offset, count);
  ONE_AFTER_THE_OTHER
  for (int k = 0; k < ITEMS; k++) {
    int64 i = ELEMENT(k);
    real z = v[0];
    if (bias_channels > 0) {
      z = added(z, bias[bias_offset + channel_of(i, count, bias_channels, bias_inner)]);
    }
    Words random = words(0, 0);
    if (parts & (DROPOUT | SLOPES)) random = threefry(words_of(seed), words_of(first + i));
    TAKE_PARAMETERS(i, random);
    real a = APPLY(fused_function, z);
    if (parts & DROPOUT) a = dropped(a, random, threshold, scale);
    if (parts & RESIDUAL) a = added(a, r[0]);
    next(v, a);
    next(r, 0);
  }
  store(y + y_offset, v, count);
}

KERNEL void backward_fused(GLOBAL const real* x, int64 x_offset, GLOBAL const real* dy,
                           int64 dy_offset, GLOBAL const real* bias, int64 bias_offset,
                           GLOBAL const real* weight, int64 weight_offset, GLOBAL real* dx,
                           int64 dx_offset, int64 count, int64 bias_channels, int64 bias_inner,
                           int64 weight_channels, int64 weight_inner, int64 parts, int64 seed,
                           int64 first, int64 threshold, real scale PARAMETERS KINKS) {
  BOUNDS;
  real v[ITEMS];
  real gradient[ITEMS];
  load(v, x + x_offset, count);
  load(gradient, dy + dy_offset, count);
  ONE_AFTER_THE_OTHER
  for (int k = 0; k < ITEMS; k++) {
    int64 i = ELEMENT(k);
    real z = v[0];
    if (bias_channels > 0) {
      z = added(z, bias[bias_offset + channel_of(i, count, bias_channels, bias_inner)]);
    }
    Words random = words(0, 0);
    if (parts & (DROPOUT | SLOPES)) random = threefry(words_of(seed), words_of(first + i));
    TAKE_PARAMETERS(i, random);
    real product = gradient[0] * SLOPE(z);
    real a = quiet(product, product);
    if (parts & DROPOUT) a = dropped(a, random, threshold, scale);
    next(v, a);
    next(gradient, 0);
  }
  store(dx + dx_offset, v, count);
}
