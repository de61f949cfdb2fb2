// What loops that need the derivative of an activation share. Stands behind launch/elements. The
// host names the activation by these definitions:
//
//   FUNCTION    the function, DERIVATIVE its derivative

// Where other libraries take another derivative at a kink, the host names up to two such points and
// the slopes there; a point that is not used is NaN, which equals nothing.
#define KINKS , real kink_0, real slope_0, real kink_1, real slope_1
#define SLOPE(x) settled(APPLY(DERIVATIVE, x), x, kink_0, slope_0, kink_1, slope_1)

INLINE real settled(real slope, real x, real kink_0, real slope_0, real kink_1, real slope_1) {
  real settled_0 = x == kink_0 ? slope_0 : slope;
  return x == kink_1 ? slope_1 : settled_0;
}
