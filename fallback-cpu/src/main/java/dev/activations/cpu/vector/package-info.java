/**
 * Makes vector loops out of scalar formulas, when they are first used. The formula stands once, in
 * {@link dev.activations.cpu.scalar}; this package reads its compiled form and writes a loop that
 * does the same operations, in the same order, on all lanes of a vector.
 *
 * <p><b>Why not by hand.</b> HotSpot compiles the Vector API well only if the whole formula stands
 * in the method of its loop. Split into helper methods, the inliner's budget ends somewhere and
 * each vector from there on is an object in memory: 3 to 10 nanoseconds an element in place of one.
 * One loop that is given the formula as an argument is no way out: the call in it becomes
 * megamorphic, 1.36 in place of 0.08 nanoseconds for relu. So each formula would have to be written
 * out, pair arithmetic and all, once for each direction.
 *
 * <p><b>How it goes.</b>
 *
 * <ol>
 *   <li>{@code ClassFile} reads the class of the formula from where Java loads it.
 *   <li>{@code Translator} follows the bytecode with symbols in place of numbers: an argument is a
 *       stream of elements or a uniform, {@code fmul} of two symbols is a new symbol. It walks into
 *       calls, dissolves records into their fields, and follows both arms of a {@code ?:}; where
 *       the arms meet, what differs becomes a select. What comes out is a {@code Graph} without
 *       control flow, in which equal computations are one node and constants are folded.
 *   <li>{@code LoopEmitter} writes the graph down as a class: first what is uniform, then a loop
 *       that loads, computes and stores one vector. Arithmetic becomes the method of {@code
 *       FloatVector} of that name, a comparison a mask, a select a blend, or a jump where all lanes
 *       take the first arm and the second is long. There is a loop over arrays, and on Java 22 and
 *       later, when it is first needed, one over memory segments.
 *   <li>{@code Vectorized} defines each as a hidden class, so that each formula has a loop and a
 *       profile of its own.
 * </ol>
 *
 * <p>Nothing here names the Vector API in source. It is an incubating module, which compilers warn
 * of and {@code --release} hides; in a class file its names are only text. Whether it is there is
 * asked before a loop is made.
 *
 * <p><b>What a formula may use.</b> Java promises IEEE 754 for each of these, so do the vectors,
 * and no optimiser may trade one for another; that is why the bits are equal.
 *
 * <ul>
 *   <li>float: {@code + - *}, negation, {@link java.lang.Math#fma(float, float, float)}, {@link
 *       java.lang.Math#abs(float)}
 *   <li>int: {@code + - * << >> >>> & | ^}, negation
 *   <li>{@link java.lang.Float#floatToRawIntBits}, {@link java.lang.Float#intBitsToFloat}, casts
 *       between float and int (of numbers that an int holds)
 *   <li>comparisons, {@code ?: && || !}
 *   <li>constants, local variables, static methods that keep to this list, records of floats and
 *       ints
 * </ul>
 *
 * <p>Both arms of a {@code ?:} may be computed, so neither may have an effect beyond its value;
 * nothing in the list can have one. A loop, a division, or a call of anything else is refused by
 * name.
 */
package dev.activations.cpu.vector;
