package dev.sluice.api;

import java.util.List;

/**
 * One operation of the contract. Immutable.
 *
 * @param id AWS's name of the operation
 * @param parameters what arrives in path, query and headers
 * @param body the schema of the JSON body; null when the body is bytes or there is none
 * @param bodyLimit how large a body may be
 */
record Operation(String id, String method, String path, List<Parameter> parameters, Schema.Structure body, BodyLimit bodyLimit) {

    /** Where a parameter stands in the request. */
    enum Place { PATH, QUERY, HEADER }

    /** One parameter. @param member the member's name in AWS's model @param name its name in the request */
    record Parameter(String member, String name, Place place, boolean required, Schema schema) {

        /** Whether it is a list, whose elements are given by repeating the parameter. */
        boolean repeated() {
            return schema instanceof Schema.Elements;
        }
    }

    /** How many bytes a body may have. @param operation what AWS's error calls the operation */
    record BodyLimit(long bytes, String operation) {
    }

    Operation {
        parameters = List.copyOf(parameters);
    }
}
