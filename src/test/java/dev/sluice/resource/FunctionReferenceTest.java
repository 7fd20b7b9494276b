package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionReferenceTest {

    private static final Scope CALLER = new Scope("111111111111", "us-east-1");

    /** What comes first holds: the region, then the account, then the partition. */
    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    f                                                | Own[arn=arn:aws:lambda:us-east-1:111111111111:function:f]
                    f:live                                           | Own[arn=arn:aws:lambda:us-east-1:111111111111:function:f:live]
                    111111111111:function:f                          | Own[arn=arn:aws:lambda:us-east-1:111111111111:function:f]
                    arn:aws:lambda:us-east-1:111111111111:function:f | Own[arn=arn:aws:lambda:us-east-1:111111111111:function:f]
                    222222222222:function:f                          | OtherAccount[arn=arn:aws:lambda:us-east-1:222222222222:function:f]
                    arn:aws-cn:lambda:us-east-1:222222222222:function:f | OtherAccount[arn=arn:aws:lambda:us-east-1:222222222222:function:f]
                    arn:aws-cn:lambda:us-east-1:111111111111:function:f | OtherPartition[arn=arn:aws-cn:lambda:us-east-1:111111111111:function:f]
                    eu-west-1:111111111111:function:f                | OtherRegion[message=Functions from 'eu-west-1' are not reachable in this region ('us-east-1')]
                    arn:aws-cn:lambda:cn-north-1:222222222222:function:f | OtherRegion[message=Functions from 'cn-north-1' are not reachable in this region ('us-east-1')]
                    """)
    void isReachableFromItsOwnRegionAccountAndPartition(String text, String reach) {
        assertThat(FunctionReference.parse(text).orElseThrow().reachableFrom(CALLER)).hasToString(reach);
    }
}
