package dev.sluice.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What can be done within a transaction. Confined to the thread that {@link Database} runs it on, and to that call. */
final class Transaction {

    /** What {@code Enum.valueOf} says. */
    private static final Pattern ENUM = Pattern.compile("No enum constant (?:\\w+\\.)*(\\w+)\\.(.*)");

    private final Connection connection;

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** Makes a value of the row on which {@code row} stands. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs one statement; how many rows it changed. */
    int update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /** Runs a statement that is meant for one row at most; whether it changed one. */
    boolean updateOne(String sql, Object... parameters) throws SQLException {
        int rows = update(sql, parameters);
        if (rows > 1) {
            throw new IllegalStateException(rows + " rows changed where one was meant; this indicates a bug: " + sql);
        }
        return rows == 1;
    }

    <T> List<T> query(RowReader<T> reader, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters); ResultSet row = statement.executeQuery()) {
            List<T> result = new ArrayList<>();
            while (row.next()) {
                result.add(read(reader, row));
            }
            return result;
        }
    }

    /** Runs a text of several statements. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static <T> T read(RowReader<T> reader, ResultSet row) throws SQLException {
        try {
            return reader.read(row);
        } catch (IllegalArgumentException | NullPointerException e) {
            // The records refuse what can't be; such a row was not written by Sluice.
            throw new SQLException("a row holds what Sluice never writes: " + inWords(e), e);
        }
    }

    private static String inWords(RuntimeException e) {
        return e.getMessage() == null ? "nothing where something must be" : ENUM.matcher(e.getMessage()).replaceFirst("there is no $1 $2");
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            try (statement) {
                throw e;
            }
        }
    }
}
