/**
 * How a function is run: calls wait for a slot, and the runtime that fits takes them.
 *
 * <p>{@link dev.sluice.runtime.Functions} is the face. A call goes through {@code FunctionCalls}, {@code Call} and {@code InstancePool}, which
 * chooses or makes an instance ({@code PreparedInstance}, {@code Instances}, {@code JavaPlacement}), or through {@code HttpRunner}. What an
 * instance is made of and in is in the packages below: code, log, instance, handler, process, and api for processes' requests.
 */
package dev.sluice.runtime;
