package dev.sluice.store;

import dev.sluice.resource.Tags;
import java.sql.SQLException;
import java.util.Map;

/** A mapping's tags: the table {@code mapping_tags}, whose rows go with the mapping. */
final class TagRows {

    private TagRows() {
    }

    static Tags read(Transaction transaction, String mappingId) throws SQLException {
        return new Tags(Columns.texts(transaction, "SELECT tag_key, tag_value FROM mapping_tags WHERE mapping_id = ?", mappingId));
    }

    /** Writes the tags in place of those that are there. */
    static void write(Transaction transaction, String mappingId, Tags tags) throws SQLException {
        transaction.update("DELETE FROM mapping_tags WHERE mapping_id = ?", mappingId);
        for (Map.Entry<String, String> tag : tags.values().entrySet()) {
            transaction.update("INSERT INTO mapping_tags VALUES (?, ?, ?)", mappingId, tag.getKey(), tag.getValue());
        }
    }
}
