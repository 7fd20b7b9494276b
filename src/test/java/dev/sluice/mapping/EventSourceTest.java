package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSourceTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            us-east-1:000000000000:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2, -
            us-east-1:000000000000:cluster/my-cluster/1, -
            us-east-1:000000000000:vpc-connection/111111111111/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2, -
            us-east-1:000000000000:cluster/my-cluster, ends with an id
            us-east-1:000000000000:cluster/my-cluster/, ends with an id
            eu-west-1:000000000000:cluster/my-cluster/1, own account and region
            us-east-1:111111111111:cluster/my-cluster/1, own account and region
            eu-west-1:111111111111:cluster/my-cluster, own account and region; on AWS the ARN
            """)
    void saysWhatAwsWouldNotTake(String arn, String doubt) {
        var unknown = new EventSource.MskCluster("arn:aws:kafka:" + arn).unknownToAws(new Scope("000000000000", "us-east-1"));
        if (doubt == null) {
            assertThat(unknown).isEmpty();
        } else {
            assertThat(unknown.orElseThrow()).contains(doubt);
        }
    }
}
