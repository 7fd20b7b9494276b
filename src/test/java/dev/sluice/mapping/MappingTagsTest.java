package dev.sluice.mapping;

import static dev.sluice.fixture.Mappings.aMapping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.InMemoryMappingStore;
import dev.sluice.fixture.Mappings;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTagsTest {

    private final InMemoryMappingStore store = new InMemoryMappingStore();
    private final MappingTags tags = new MappingTags(store);
    private final EventSourceMapping mapping = aMapping().id("abcdefab-2222-3333-4444-555555555555").build();
    private final String arn = mapping.arn();

    @Test
    void aMappingHasTheTagsItWasCreatedWith() {
        store.insert(mapping, new Tags(Map.of("a", "1")));

        assertThat(tags.list(Mappings.SCOPE, arn)).isEqualTo(new Tags(Map.of("a", "1")));
    }

    @Test
    void newValuesWinAndTheMappingStaysAsItIs() {
        store.insert(mapping, new Tags(Map.of("a", "1", "b", "2")));
        tags.tag(Mappings.SCOPE, arn, Map.of("b", "", "c", "3"));
        tags.untag(Mappings.SCOPE, arn, List.of("a", "never there"));

        assertThat(tags.list(Mappings.SCOPE, arn).values()).isEqualTo(Map.of("b", "", "c", "3"));
        assertThat(store.find(mapping.id())).contains(mapping);
    }

    // The UUID of an ARN may be in capitals, says the contract.
    @Test
    void findsAMappingWhateverTheCaseOfItsUuid() {
        store.insert(mapping);

        assertThat(tags.list(Mappings.SCOPE, arn.replace("abcdefab", "abcdefab".toUpperCase(Locale.ROOT)))).isEqualTo(Tags.NONE);
    }

    @Test
    void moreThanFiftyTagsAreRefusedAndChangeNothing() {
        store.insert(mapping, new Tags(Map.of("a", "1")));
        Map<String, String> fifty = IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));

        assertThatThrownBy(() -> tags.tag(Mappings.SCOPE, arn, fifty)).isInstanceOf(Tags.Refused.class)
                .hasMessage("Number of tags exceeds resource tag limit.");
        assertThat(tags.list(Mappings.SCOPE, arn).values()).isEqualTo(Map.of("a", "1"));
    }

    // Recorded on AWS: the text, for all three operations.
    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:11111111-2222-3333-4444-555555555555",
            "arn:aws:lambda:us-east-1:111111111111:event-source-mapping:abcdefab-2222-3333-4444-555555555555",
            "arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:abcdefab-2222-3333-4444-555555555555",
            "arn:aws-cn:lambda:us-east-1:000000000000:event-source-mapping:abcdefab-2222-3333-4444-555555555555"})
    void aMappingThatIsNotTheCallersIsNotFound(String unknown) {
        store.insert(mapping);
        String text = "Event source mapping not found: " + unknown;

        assertThatThrownBy(() -> tags.list(Mappings.SCOPE, unknown)).isInstanceOf(MappingException.NotFound.class).hasMessage(text);
        assertThatThrownBy(() -> tags.tag(Mappings.SCOPE, unknown, Map.of("a", "b"))).isInstanceOf(MappingException.NotFound.class)
                .hasMessage(text);
        assertThatThrownBy(() -> tags.untag(Mappings.SCOPE, unknown, List.of("a"))).isInstanceOf(MappingException.NotFound.class)
                .hasMessage(text);
        assertThatThrownBy(() -> tags.list(new Scope("111111111111", "us-east-1"), arn)).isInstanceOf(MappingException.NotFound.class);
        assertThat(store.tags(mapping.id())).contains(Tags.NONE);
    }
}
