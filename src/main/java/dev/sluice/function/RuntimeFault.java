package dev.sluice.function;

/** An error that on AWS Lambda's runtime finds itself, under the name that it has there; it has no stack. */
final class RuntimeFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String errorType;

    RuntimeFault(String errorType, String errorMessage) {
        super(errorMessage, null, false, false);
        this.errorType = errorType;
    }

    String errorType() {
        return errorType;
    }
}
