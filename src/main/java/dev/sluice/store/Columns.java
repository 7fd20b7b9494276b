package dev.sluice.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What JDBC lacks for reading columns that may be NULL. */
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
}
