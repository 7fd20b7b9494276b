package dev.sluice.store;

import dev.sluice.fixture.DeclarationStoreContract;
import dev.sluice.fixture.FunctionStoreContract;
import dev.sluice.fixture.MappingStoreContract;
import dev.sluice.function.FunctionStore;
import dev.sluice.mapping.DeclarationStore;
import dev.sluice.mapping.MappingStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The stores on a real SQLite file keep the contracts. */
class SqliteStoreIT {

    @TempDir
    private Path directory;
    private SqliteStore sqlite;

    @BeforeEach
    void open() {
        sqlite = SqliteStore.open(directory.resolve("sluice.db"));
    }

    @AfterEach
    void close() {
        sqlite.close();
    }

    @Nested
    class Mappings extends MappingStoreContract {
        @Override
        protected MappingStore store() {
            return sqlite.mappings();
        }
    }

    @Nested
    class Functions extends FunctionStoreContract {
        @Override
        protected FunctionStore store() {
            return sqlite.functions();
        }
    }

    @Nested
    class Declarations extends DeclarationStoreContract {
        @Override
        protected MappingStore mappings() {
            return sqlite.mappings();
        }

        @Override
        protected DeclarationStore declarations() {
            return sqlite.declarations();
        }
    }
}
