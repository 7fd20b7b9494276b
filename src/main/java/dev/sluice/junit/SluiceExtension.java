package dev.sluice.junit;

import dev.sluice.testing.SluiceAccount;
import dev.sluice.testing.SluiceServer;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives each test an account of its own on a server that all tests of the run share; {@code @BeforeAll} and constructors get the class's. By
 * {@link SluiceTest}, or registered where a server of another kind is wanted:
 *
 * <pre>{@code
 * @RegisterExtension
 * static SluiceExtension sluice = SluiceExtension.of(SluiceServer.builder().kafka(() -> broker.getBrokersAsString()));
 * }</pre>
 *
 * Thread-safe.
 */
public final class SluiceExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(SluiceExtension.class);
    private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";

    private final Supplier<SluiceServer> servers;
    /** Of the test that runs on a thread. */
    private final ThreadLocal<SluiceAccount> ofThread = new ThreadLocal<>();

    /** Of the server that is as it comes. */
    public SluiceExtension() {
        this(SluiceServer.builder());
    }

    private SluiceExtension(SluiceServer.Builder builder) {
        this.servers = builder::shared;
    }

    /** @param builder of the server, which is shared by all that want the same one */
    public static SluiceExtension of(SluiceServer.Builder builder) {
        return new SluiceExtension(builder);
    }

    /** The server, started when it isn't yet. */
    public SluiceServer server() {
        return servers.get();
    }

    /** The account of the test that runs on this thread. @throws IllegalStateException on other threads, or between tests */
    public SluiceAccount account() {
        SluiceAccount account = ofThread.get();
        if (account == null) {
            throw new IllegalStateException("No test runs on thread " + Thread.currentThread().getName()
                    + "; take the account as a parameter of the test, and hand it on");
        }
        return account;
    }

    /** As {@link SluiceServer#properties}, for {@code @DynamicPropertySource}. */
    public void properties(BiConsumer<String, Supplier<Object>> registry) {
        server().properties(registry);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        boolean parallel = context.getConfigurationParameter(PARALLEL).map(Boolean::parseBoolean).orElse(false);
        if (parallel && topics(context).length > 0 && !locksTopics()) {
            throw new IllegalStateException(
                    "@SluiceTest(topics = …) keeps classes apart that run at once only with JUnit 5.12 or newer; with"
                            + " this one, add @ResourceLock(\"" + topics(context)[0]
                            + "\") to each class that has the topic, and leave topics out");
        }
    }

    private static boolean locksTopics() {
        try {
            Class.forName("org.junit.jupiter.api.parallel.ResourceLocksProvider", false, SluiceExtension.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException before512) {
            return false;
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ofThread.set(account(context));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ofThread.remove();
        close(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    /** What failed is looked at where it is, when somebody wants that. */
    private void close(ExtensionContext context) {
        Owned owned = context.getStore(STORE).remove(this, Owned.class);
        if (owned == null) {
            return;
        }
        if (context.getExecutionException().isPresent() && SluiceServer.keepsAfterFailure()) {
            server().keep();
        } else {
            owned.account().close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == SluiceAccount.class || type == SluiceServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SluiceServer.class ? server() : account(context);
    }

    /** An account, and whose it is: a store shows also what those around a context have. */
    private record Owned(String context, SluiceAccount account) {
    }

    private SluiceAccount account(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(STORE);
        synchronized (this) {
            Owned owned = store.get(this, Owned.class);
            if (owned == null || !owned.context().equals(context.getUniqueId())) {
                SluiceAccount account = server().account();
                account.emptyAtEnd(topics(context));
                owned = new Owned(context.getUniqueId(), account);
                store.put(this, owned);
            }
            return owned.account();
        }
    }

    private static String[] topics(ExtensionContext context) {
        for (Optional<ExtensionContext> each = Optional.of(context); each.isPresent(); each = each.get().getParent()) {
            Optional<SluiceTest> test = each.get().getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, SluiceTest.class));
            if (test.isPresent()) {
                return test.get().topics();
            }
        }
        return new String[0];
    }
}
