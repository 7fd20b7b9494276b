package dev.sluice.dispatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.InvocationResult.FunctionError;
import dev.sluice.mapping.Trouble;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt went, in the words a person reads.
 *
 * @param kind what the mapping does next
 * @param trouble of what kind it is; null when it went well
 * @param lastProcessingResult AWS's text for the member of that name
 * @param detail the cause in full, for logs and the mapping's detail; empty after a success
 */
public record AttemptReport(Kind kind, @Nullable Trouble trouble, String lastProcessingResult, String detail) {

    /** One whose kind of trouble nobody has kept. */
    public AttemptReport(Kind kind, String lastProcessingResult, String detail) {
        this(kind, null, lastProcessingResult, detail);
    }

    /**
     * Whether the batch is done, is tried again, is tried again at once as if nothing had been, or can't be tried until somebody changes
     * the function.
     */
    public enum Kind {
        SUCCEEDED, FAILED, MOVED, FUNCTION_NOT_VALID
    }

    static final AttemptReport OK = new AttemptReport(Kind.SUCCEEDED, null, "OK", "");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OUT_OF_MEMORY = Set.of("java.lang.OutOfMemoryError", "MemoryError", "Runtime.OutOfMemory");
    private static final int DETAIL_LIMIT = 2_000;
    private static final int TEXT_LIMIT = 500;
    private static final String FUNCTION_CALL_FAILED = "PROBLEM: Function call failed";

    /** AWS's text when its poller can't reach AWS services (awslabs/mcp, esm_diagnosis); there is none for a destination alone. */
    private static final String DESTINATION = "PROBLEM: Connection error. Your event source VPC must be able to connect to Lambda and STS,"
            + " Secrets Manager (if event source authentication is required), and the OnFailure Destination (if one is configured).";

    static AttemptReport of(InvocationResult result) {
        return result.match(
                success -> OK,
                // AWS's text alone: what a function says of its error may be a secret or a record.
                error -> error.reason() == null
                        ? new AttemptReport(Kind.FAILED, trouble(error), FUNCTION_CALL_FAILED, atMost(DETAIL_LIMIT, said(error)))
                        : because(Kind.FAILED, trouble(error), error.reason()),
                timedOut -> because(Kind.FAILED, Trouble.TIMED_OUT,
                        String.format(Locale.ROOT, "Task timed out after %.2f seconds", timedOut.timeout().toMillis() / 1000.0)),
                throttled -> because(Kind.FAILED, Trouble.THROTTLED, "Throttled: " + throttled.reason()),
                moved -> because(Kind.MOVED, null, "The function moves to a process of its own, as " + moved.because()),
                couldNotInvoke -> because(Kind.FAILED, Trouble.NOT_INVOKED, "Could not be invoked: " + couldNotInvoke.reason()),
                notValid -> because(Kind.FUNCTION_NOT_VALID, Trouble.FUNCTION_NOT_VALID, notValid.reason()));
    }

    /** Java's, Python's and Lambda's own word; what Node dies of is a signal like any other. */
    private static Trouble trouble(FunctionError error) {
        return OUT_OF_MEMORY.contains(error.errorType()) ? Trouble.OUT_OF_MEMORY : Trouble.FUNCTION_ERROR;
    }

    private static AttemptReport because(Kind kind, @Nullable Trouble trouble, String cause) {
        return new AttemptReport(kind, trouble, text(cause), atMost(DETAIL_LIMIT, cause));
    }

    /** An error as people say it, on one line: its type, and what it says. */
    private static String said(FunctionError error) {
        String text = new String(error.error(), StandardCharsets.UTF_8);
        try {
            JsonNode document = JSON.readTree(text);
            if (document != null && document.isObject()) {
                String type = document.path("errorType").asText(error.errorType());
                String message = document.path("errorMessage").asText("");
                text = message.isBlank() || message.equals(type) ? type : type + ": " + message;
            }
        } catch (JsonProcessingException noJson) {
            text = error.errorType() + ": " + text;
        }
        return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    private static String text(String cause) {
        return atMost(TEXT_LIMIT, FUNCTION_CALL_FAILED + ". " + cause);
    }

    private static String atMost(int limit, String text) {
        return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
    }

    /** The same, to be shown once more without being told again. */
    AttemptReport again() {
        return new AttemptReport(kind, trouble, lastProcessingResult, "");
    }

    /** With ReportBatchItemFailures; AWS's text for it isn't documented. */
    static AttemptReport partlyTaken(int failed, int of) {
        String detail = "The function reported " + failed + " of " + of + " records as failed";
        return new AttemptReport(Kind.FAILED, Trouble.PARTLY_TAKEN, "PROBLEM: Function call failed. " + detail, detail);
    }

    static AttemptReport unusableAnswer(String problem) {
        String detail = problem.substring(0, 1).toUpperCase(Locale.ROOT) + problem.substring(1);
        return new AttemptReport(Kind.FAILED, Trouble.UNUSABLE_ANSWER, "PROBLEM: Function call failed. " + detail, detail);
    }

    static AttemptReport destinationFailed(Throwable cause, int records, boolean dropped) {
        String detail = records + (records == 1 ? " record " : " records ")
                + (dropped ? "dropped. " : "kept, to be sent again. ") + message(cause);
        return new AttemptReport(Kind.FAILED, Trouble.DESTINATION_FAILED, DESTINATION + " " + detail, detail);
    }

    static String message(Throwable cause) {
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return text.length() <= DETAIL_LIMIT ? text : text.substring(0, DETAIL_LIMIT) + "…";
    }
}
