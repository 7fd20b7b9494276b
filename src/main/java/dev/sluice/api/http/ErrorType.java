package dev.sluice.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which errors go over the wire: AWS's name, status and the shape of the body. The case of the message member is not uniform on
 * AWS, and some errors have no {@code Type}; recorded against AWS except where a comment says otherwise.
 */
public enum ErrorType {
    RESOURCE_NOT_FOUND("ResourceNotFoundException", 404, "User", "Message"),
    INVALID_PARAMETER_VALUE("InvalidParameterValueException", 400, "User", "message"),
    UNTYPED_INVALID_PARAMETER_VALUE("InvalidParameterValueException", 400, null, "message"),
    RESOURCE_CONFLICT("ResourceConflictException", 409, "User", "message"),
    PRECONDITION_FAILED("PreconditionFailedException", 412, "User", "message"),
    INVALID_REQUEST_CONTENT("InvalidRequestContentException", 400, "User", "message"),
    // Shape of the API model.
    TOO_MANY_REQUESTS("TooManyRequestsException", 429, "User", "message"),
    RESOURCE_IN_USE("ResourceInUseException", 400, "User", "Message"),
    SERVICE("ServiceException", 500, "Service", "Message"),
    // Not in the model; the spelling of the key is a guess, SDKs take both.
    VALIDATION("ValidationException", 400, null, "message"),
    SERIALIZATION("SerializationException", 400, null, "message"),
    // AWS's documentation of the errors that all its services share.
    MALFORMED_HTTP_REQUEST("MalformedHttpRequestException", 400, null, "message"),
    REQUEST_ENTITY_TOO_LARGE("RequestEntityTooLargeException", 413, null, "message"),
    // From users' reports: bref#1250, aws-sdk-java#865; for the third, of other REST services of AWS.
    MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationTokenException", 403, null, "message"),
    INVALID_SIGNATURE("InvalidSignatureException", 403, null, "message"),
    INCOMPLETE_SIGNATURE("IncompleteSignatureException", 403, null, "message"),
    // AWS answers with the message null.
    ACCESS_DENIED("AccessDeniedException", 403, null, "message");

    private final String awsName;
    private final int status;
    private final String fault;
    private final String messageMember;

    ErrorType(String awsName, int status, String fault, String messageMember) {
        this.awsName = awsName;
        this.status = status;
        this.fault = fault;
        this.messageMember = messageMember;
    }

    /** The value of {@code x-amzn-ErrorType}: the bare name. */
    public String awsName() {
        return awsName;
    }

    public int status() {
        return status;
    }

    /** @param message null for errors that AWS sends without one @param reason the member {@code Reason}; null for none */
    public ObjectNode body(String message, String reason) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        if (fault != null) {
            body.put("Type", fault);
        }
        if (reason != null) {
            body.put("Reason", reason);
        }
        return body.put(messageMember, message);
    }
}
