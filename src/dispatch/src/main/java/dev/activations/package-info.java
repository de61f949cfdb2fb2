/**
 * The front door: finds every device that this program can reach, explains each, and chooses one;
 * for data in the host's memory a {@link dev.activations.Dispatcher} does so pass by pass.
 *
 * <pre>{@code
 * float[] y = Activations.forward(Kind.GELU, x);
 *
 * try (Session session = Devices.best().open()) {
 *   DeviceBuffer x = session.upload(values);
 *   session.forward(Op.of(Kind.GELU), x, x);
 *   float[] y = session.download(x);
 * }
 * }</pre>
 */
package dev.activations;
