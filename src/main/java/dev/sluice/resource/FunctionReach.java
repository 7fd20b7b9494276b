package dev.sluice.resource;

/** May a caller mean the function that a reference names? What comes first of these holds, in AWS's order. */
public sealed interface FunctionReach {

    /** It is one of the caller's own region and account, if it exists. */
    record Own(FunctionArn arn) implements FunctionReach {
    }

    /** It is in another region. @param message AWS's, recorded for Get, Invoke and Create */
    record OtherRegion(String message) implements FunctionReach {
        static OtherRegion of(String region, Scope caller) {
            return new OtherRegion("Functions from '" + region + "' are not reachable in this region ('" + caller.region() + "')");
        }
    }

    /** It is another account's. AWS asks that account's resource policy, which nobody can have written here. */
    record OtherAccount(FunctionArn arn) implements FunctionReach {
    }

    /** Its ARN is of a partition that the caller's region is not in, as {@code arn:aws-cn:…} in us-east-1: nothing has it. */
    record OtherPartition(String arn) implements FunctionReach {
    }
}
