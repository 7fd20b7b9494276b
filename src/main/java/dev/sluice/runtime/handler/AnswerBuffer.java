package dev.sluice.runtime.handler;

import dev.sluice.invocation.InvocationResult;
import dev.sluice.runtime.instance.FunctionRunner;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/** What a handler answers, as far as Lambda takes it; used again for the instance's next answer. Confined to one call at a time. */
final class AnswerBuffer extends OutputStream {

    private static final int KEPT = 64 * 1024;

    private byte[] bytes = new byte[1024];
    private int length;
    private boolean tooLong;

    void reset() {
        length = 0;
        tooLong = false;
        if (bytes.length > KEPT) {
            bytes = new byte[1024];
        }
    }

    @Override
    public void write(int b) {
        if (room(1)) {
            bytes[length++] = (byte) b;
        }
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, source.length);
        if (room(count)) {
            System.arraycopy(source, offset, bytes, length, count);
            length += count;
        }
    }

    /** The bytes, of which the first {@link #length} count; they are written again by the next answer. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Whether the answer is longer than Lambda takes; then its bytes aren't all there. */
    boolean tooLong() {
        return tooLong;
    }

    InvocationResult result() {
        return tooLong ? FunctionRunner.tooLarge() : new InvocationResult.Success(Arrays.copyOf(bytes, length));
    }

    private boolean room(int count) {
        if (tooLong || count > FunctionRunner.LONGEST_ANSWER - length) {
            tooLong = true;
            return false;
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
        }
        return true;
    }
}
