package dev.sluice.testing;

import dev.sluice.function.FunctionStore;
import dev.sluice.mapping.DeclarationStore;
import dev.sluice.mapping.MappingStore;
import org.junit.jupiter.api.Nested;

/** The in-memory stores keep the contracts that SQLite keeps, so that tests which use them prove something. */
class InMemoryStoresTest {

    @Nested
    class Mappings extends MappingStoreContract {
        private final MappingStore store = new InMemoryMappingStore();

        @Override
        protected MappingStore store() {
            return store;
        }
    }

    @Nested
    class Functions extends FunctionStoreContract {
        private final FunctionStore store = new InMemoryFunctionStore();

        @Override
        protected FunctionStore store() {
            return store;
        }
    }

    @Nested
    class Declarations extends DeclarationStoreContract {
        private final InMemoryMappingStore mappings = new InMemoryMappingStore();
        private final InMemoryDeclarationStore declarations = new InMemoryDeclarationStore(mappings);

        @Override
        protected MappingStore mappings() {
            return mappings;
        }

        @Override
        protected DeclarationStore declarations() {
            return declarations;
        }
    }
}
