package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.DeclarationStore;
import dev.sluice.mapping.DeclarationStore.Declaration;
import dev.sluice.mapping.MappingId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link DeclarationStore} does. */
public abstract class DeclarationStoreContract {

    protected abstract DeclarationStore declarations();

    @Test
    void findsADeclarationByItsName() {
        Declaration orders = new Declaration("orders", "text of 'orders'", new MappingId(new UUID(1, 2)));
        declarations().save(orders);

        assertThat(declarations().find("orders")).contains(orders);
        assertThat(declarations().find("payments")).isEmpty();
    }

    @Test
    void aNewerDeclarationReplacesTheOlder() {
        declarations().save(new Declaration("orders", "a", new MappingId(new UUID(1, 2))));
        Declaration newer = new Declaration("orders", "b", new MappingId(new UUID(3, 4)));
        declarations().save(newer);

        assertThat(declarations().find("orders")).contains(newer);
    }
}
