package dev.sluice.function;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which version does a name stand for? Immutable.
 *
 * @param additionalVersionWeights which part of the invocations goes to other versions; empty for none
 */
public record FunctionAlias(String name, String version, String description, Map<String, Double> additionalVersionWeights,
        String revisionId) {

    public FunctionAlias {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(revisionId, "revisionId");
        additionalVersionWeights = Collections.unmodifiableMap(new TreeMap<>(additionalVersionWeights));
        additionalVersionWeights.values().forEach(weight -> {
            if (!(weight >= 0 && weight <= 1)) {
                throw new IllegalArgumentException("weight is " + weight + "; allowed are 0 to 1");
            }
        });
    }

    /** The version of one invocation. @param chance from 0 up to, but not, 1; what it is decides between several versions */
    String version(double chance) {
        double passed = 0;
        for (Map.Entry<String, Double> additional : additionalVersionWeights.entrySet()) {
            passed += additional.getValue();
            if (chance < passed) {
                return additional.getKey();
            }
        }
        return version;
    }

    /** Whether invocations of the alias may go to the version. */
    boolean leadsTo(String other) {
        return version.equals(other) || additionalVersionWeights.containsKey(other);
    }
}
