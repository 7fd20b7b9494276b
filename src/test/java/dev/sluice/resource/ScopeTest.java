package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {

    @ParameterizedTest
    @CsvSource({"us-east-1, aws", "ap-southeast-3, aws", "il-central-1, aws", "cn-north-1, aws-cn", "cn-northwest-1, aws-cn",
            "us-gov-west-1, aws-us-gov", "us-iso-east-1, aws-iso", "us-isob-east-1, aws-iso-b", "eu-isoe-west-1, aws-iso-e",
            "us-isof-south-1, aws-iso-f", "eusc-de-east-1, aws-eusc"})
    void knowsThePartitionOfItsRegion(String region, String partition) {
        assertThat(new Scope("111111111111", region).partition()).isEqualTo(partition);
        assertThat(new FunctionArn(new Scope("111111111111", region), "f", null))
                .hasToString("arn:" + partition + ":lambda:" + region + ":111111111111:function:f");
    }
}
