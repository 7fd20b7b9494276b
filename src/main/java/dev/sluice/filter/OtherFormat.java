package dev.sluice.filter;

/**
 * What becomes of a record whose value is of another format than a filter pattern asks for? A pattern for JSON is {@code {"value":
 * {…}}}, one for text is {@code {"value": […]}}.
 */
public enum OtherFormat {

    /** It doesn't match, as was recorded from AWS. */
    DROP,

    /** The pattern then asks only for the other members that it names, as AWS's guide says. */
    PASS
}
