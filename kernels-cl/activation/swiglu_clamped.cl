// swiglu_clamped(gate, value) = silu(min(gate, limit), alpha)·(v + 1), with v the value clamped to
// [-limit, limit]. The two factors are functions of one input each, so that the gradients are
// products as well; beyond the limits and at them they are 0.
// Source: OpenAI 2025, gpt-oss model card, arXiv:2508.10925.
// Backward needs: input.
// Bound: 1 ULP for the gate's factor, 0.5 ULP for the value's.

INLINE real swiglu_clamped(real gate, real limit, real alpha) {
  return silu(gate > limit ? limit : gate, alpha);
}

INLINE real swiglu_clamped_derivative(real gate, real limit, real alpha) {
  return quiet(gate, gate < limit ? silu_derivative(gate, alpha) : 0.0f);
}

INLINE real swiglu_clamped_value(real value, real limit, real alpha) {
  real high = value > limit ? limit : value;
  return quiet(value, (high < -limit ? -limit : high) + 1.0f);
}

INLINE real swiglu_clamped_value_derivative(real value, real limit, real alpha) {
  return quiet(value, fabs(value) < limit ? 1.0f : 0.0f);
}
