package dev.sluice.store;

import dev.sluice.mapping.SchemaRegistry;
import dev.sluice.mapping.SchemaRegistry.Access;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** How a mapping's schema registry is written in the table {@code mappings} and in tables of lists. */
final class SchemaRegistryColumns {

    /** What {@link #values} gives the values of. */
    static final String NAMES = "schema_registry_uri, schema_registry_event_record_format";

    /** The tables of {@link #insertLists}. */
    static final List<String> LISTS = List.of("mapping_schema_registry_access_configs", "mapping_schema_validation_configs");

    private SchemaRegistryColumns() {
    }

    /** @param registry null for none */
    static List<Object> values(SchemaRegistry registry) {
        return Arrays.asList(registry == null ? null : registry.uri(), registry == null ? null : registry.format().name());
    }

    /** @param registry null for none */
    static void insertLists(Transaction transaction, String id, SchemaRegistry registry) throws SQLException {
        if (registry == null) {
            return;
        }
        for (int i = 0; i < registry.accessConfigs().size(); i++) {
            Access access = registry.accessConfigs().get(i);
            transaction.update("INSERT INTO mapping_schema_registry_access_configs VALUES (?, ?, ?, ?)", id, i, access.type().name(),
                    access.uri());
        }
        for (int i = 0; i < registry.validated().size(); i++) {
            transaction.update("INSERT INTO mapping_schema_validation_configs VALUES (?, ?, ?)", id, i,
                    registry.validated().get(i).name());
        }
    }

    /** Null when the row has none. */
    static SchemaRegistry registry(Transaction transaction, ResultSet row, String id) throws SQLException {
        String uri = row.getString("schema_registry_uri");
        return uri == null ? null : new SchemaRegistry(uri,
                EventRecordFormat.valueOf(row.getString("schema_registry_event_record_format")),
                transaction.query(access -> new Access(AuthType.valueOf(access.getString(1)), access.getString(2)),
                        "SELECT type, uri FROM mapping_schema_registry_access_configs WHERE mapping_id = ? ORDER BY position", id),
                transaction.query(attribute -> Attribute.valueOf(attribute.getString(1)),
                        "SELECT attribute FROM mapping_schema_validation_configs WHERE mapping_id = ? ORDER BY position", id));
    }
}
