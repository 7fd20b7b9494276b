package dev.sluice.runtime.handler;

/** An error that Lambda's runtime reports in words of its own: of no place in the user's code, or of loading the handler's class. */
final class RuntimeFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String errorType;

    RuntimeFault(String errorType, String errorMessage) {
        super(errorMessage, null, false, false);
        this.errorType = errorType;
    }

    private RuntimeFault(Throwable error, String errorMessage) {
        super(errorMessage, error, false, false);
        this.errorType = error.getClass().getName();
    }

    /** The handler's class can't be initialised. */
    static RuntimeFault loading(Class<?> handler, LinkageError error) {
        return new RuntimeFault(error,
                "Error loading class " + handler.getName() + (error.getMessage() == null ? "" : ": " + error.getMessage()));
    }

    String errorType() {
        return errorType;
    }
}
