package dev.sluice.api.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingStore;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkerTest {

    @Test
    void bringsAPlaceInTheListOfMappingsBack() {
        var cursor = new MappingStore.Cursor(Instant.parse("2026-11-22T10:11:12.123456789Z"),
                new MappingId(UUID.fromString("11111111-2222-3333-4444-555555555555")));
        assertThat(Marker.mapping(Marker.of(cursor))).isEqualTo(cursor);
        assertThat(Marker.mapping(null)).isNull();
    }

    @Test
    void bringsAPlaceInTheListOfFunctionsBack() {
        assertThat(Marker.function(Marker.ofFunction("my-function"))).isEqualTo("my-function");
        assertThat(Marker.function(null)).isNull();
    }

    @Test
    void bringsPlacesInTheListsOfVersionsAndAliasesBack() {
        var latest = new Marker.VersionPlace("my-function", 0);
        assertThat(Marker.version(Marker.ofVersion(latest))).isEqualTo(latest);
        assertThat(latest).isLessThan(new Marker.VersionPlace("my-function", 10)).isGreaterThan(new Marker.VersionPlace("a", 7));
        assertThat(Marker.alias(Marker.ofAlias("2024-01-02"))).isEqualTo("2024-01-02");
        assertThat(Marker.version(null)).isNull();
        assertThat(Marker.alias(null)).isNull();
        assertThatThrownBy(() -> Marker.alias(Marker.ofFunction("f"))).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> Marker.version(Marker.ofAlias("a"))).isInstanceOf(ApiException.class);
    }

    // The last two: "m1:1:1:" with no UUID, and a marker of ListFunctions.
    @ParameterizedTest
    @ValueSource(strings = {"", "nope", "!!!", "bTE6MTox", "bTE6MToxOnh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg", "ZjE6YQ"})
    void refusesAMarkerItDidNotMake(String marker) {
        assertThatThrownBy(() -> Marker.mapping(marker)).isInstanceOfSatisfying(ApiException.class,
                e -> assertThat(e.type()).isEqualTo(ErrorType.INVALID_PARAMETER_VALUE)).hasMessageContaining("'" + marker + "'");
    }
}
