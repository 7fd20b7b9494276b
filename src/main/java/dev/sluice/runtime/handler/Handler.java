package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.Context;
import dev.sluice.invocation.Payload;
import java.io.OutputStream;

/** A function's code with its parameters brought into one shape: bytes in, bytes out. Used by one thread at a time. */
@FunctionalInterface
interface Handler {

    /** Runs the user's code; what that throws is thrown as it is. */
    void handle(Payload event, OutputStream answer, Context context) throws Throwable;
}
