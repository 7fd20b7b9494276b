package dev.sluice.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** What JDBC lacks for reading columns: those that may be NULL, and pairs that make a map. */
final class Columns {

    private Columns() {
    }

    static Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static Integer intOrNull(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    /** A map of the first two columns. */
    static Map<String, String> texts(Transaction transaction, String sql, Object... parameters) throws SQLException {
        Map<String, String> texts = new HashMap<>();
        transaction.query(row -> texts.put(row.getString(1), row.getString(2)), sql, parameters);
        return texts;
    }
}
