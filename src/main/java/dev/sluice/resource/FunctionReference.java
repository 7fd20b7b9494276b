package dev.sluice.resource;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller wrote for {@code FunctionName}: a name, {@code name:qualifier}, a partial or a full ARN. Immutable; members
 * the caller left out are null.
 *
 * <p>Grammar: the {@code NamespacedFunctionName} pattern of the Lambda API.
 */
public record FunctionReference(String partition, String region, String accountId, String name, String qualifier) {

    private static final Pattern GRAMMAR = Pattern.compile("(?:arn:(aws[a-zA-Z-]*)?:lambda:)?"
            + "(?:((?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\\d):)?(?:(\\d{12}):)?(?:function:)?"
            + "([a-zA-Z0-9-_.]+)(?::(\\$LATEST(?:\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?");

    /** One that names no partition. */
    public FunctionReference(String region, String accountId, String name, String qualifier) {
        this(null, region, accountId, name, qualifier);
    }

    /** The reference that {@code text} spells, or empty when it fits none of the forms. */
    public static Optional<FunctionReference> parse(String text) {
        Matcher m = GRAMMAR.matcher(text);
        return m.matches()
                ? Optional.of(new FunctionReference(m.group(1), m.group(2), m.group(3), m.group(4), m.group(5)))
                : Optional.empty();
    }

    /** Whether it is an ARN of a partition that the caller's region is not in, as {@code arn:aws-cn:…} in us-east-1: nothing has it. */
    public boolean ofAnotherPartition(Scope caller) {
        return partition != null && !partition.equals(caller.partition());
    }

    /** Whether the caller may mean it. */
    public FunctionReach reachableFrom(Scope caller) {
        FunctionArn arn = resolve(caller);
        if (!arn.scope().region().equals(caller.region())) {
            return FunctionReach.OtherRegion.of(arn.scope().region(), caller);
        }
        if (!arn.scope().equals(caller)) {
            return new FunctionReach.OtherAccount(arn);
        }
        return ofAnotherPartition(caller)
                ? new FunctionReach.OtherPartition(arn.toString().replaceFirst(caller.partition(), partition))
                : new FunctionReach.Own(arn);
    }

    /** The ARN meant by a caller of {@code scope}: what the reference leaves out is the caller's own. */
    public FunctionArn resolve(Scope scope) {
        return new FunctionArn(
                new Scope(accountId == null ? scope.accountId() : accountId, region == null ? scope.region() : region),
                name, qualifier);
    }
}
