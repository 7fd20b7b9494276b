package dev.sluice.testing;

/** What a signed request says in its {@code Authorization} header; servers under test read the credential scope and no more. */
public final class Authorization {

    public static final String HEADER = "Authorization";

    /** An access key that is no account id, in the default region: a server's own account and region. */
    public static final String DEFAULT = of("test", "us-east-1");

    /** Version 4A, whose scope names no region: the server's own holds. */
    public static final String WITHOUT_REGION =
            "AWS4-ECDSA-P256-SHA256 Credential=test/20260101/lambda/aws4_request, SignedHeaders=host, Signature=0";

    private Authorization() {
    }

    public static String of(String accessKeyId, String region) {
        return "AWS4-HMAC-SHA256 Credential=" + accessKeyId + "/20260101/" + region
                + "/lambda/aws4_request, SignedHeaders=host, Signature=0";
    }
}
