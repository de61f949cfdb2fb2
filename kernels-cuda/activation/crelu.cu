// crelu(x) = (relu(x), relu(-x)); gradient dy[0] right of zero, -dy[1] left of it, 0 at zero.
// Source: Shang, Sohn, Almeida, Lee 2016, Understanding and Improving Convolutional Neural Networks
// via Concatenated Rectified Linear Units, arXiv:1603.05201.
// Backward needs: input. Exact.

// Either half of the result, of x and of -x.
INLINE real crelu(real x) { return quiet(x, x > 0.0f ? x : 0.0f); }

INLINE real crelu_gradient(real x, real dy, real negative_dy) {
  real r = x > 0.0f ? dy : x < 0.0f ? -negative_dy : 0.0f;
  return quiet(x, quiet(r, r));
}
