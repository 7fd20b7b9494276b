package dev.sluice.api.contract;

import java.util.List;

/**
 * One operation of the contract. Immutable.
 *
 * @param id AWS's name of the operation
 * @param parameters what arrives in path, query and headers
 * @param body the schema of the JSON body; null when the body is bytes or there is none
 * @param bodyLimit how large a body may be
 */
public record Operation(String id, String method, String path, List<Parameter> parameters, Schema.Structure body, BodyLimit bodyLimit) {

    /** Where a parameter stands in the request. */
    public enum Place { PATH, QUERY, HEADER }

    /** One parameter. @param member the member's name in AWS's model @param name its name in the request */
    public record Parameter(String member, String name, Place place, boolean required, Schema schema) {

        /** Whether it is a list, whose elements are given by repeating the parameter. */
        public boolean repeated() {
            return schema instanceof Schema.Elements;
        }
    }

    /** How many bytes a body may have. @param operation what AWS's error calls the operation */
    public record BodyLimit(long bytes, String operation) {
    }

    public Operation {
        parameters = List.copyOf(parameters);
    }
}
