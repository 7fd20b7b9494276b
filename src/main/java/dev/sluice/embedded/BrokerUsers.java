package dev.sluice.embedded;

import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.plain.PlainAuthenticateCallback;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/**
 * Is this a user of the embedded broker's, and with the right password? Public because Kafka makes it, one for each listener and mechanism.
 * The users come with the broker's settings and are kept in memory only: nothing of them is on disk, and who is taken out of the config is
 * out with the next start. Kafka calls it from one thread at a time.
 */
public final class BrokerUsers implements AuthenticateCallbackHandler {

    private static final String OPTION = "users";

    private Map<String, String> passwords = Map.of();
    private String mechanism;

    /** The options of a log-in module that this reads; Kafka makes texts of all its settings. In Base64, so that nothing is to be escaped. */
    static String options(Map<String, String> passwords) {
        return passwords.entrySet().stream().map(user -> encoded(user.getKey()) + ":" + encoded(user.getValue()))
                .collect(Collectors.joining(",", OPTION + "=\"", "\""));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    @Override
    public void configure(Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> logIns) {
        Map<String, String> read = new HashMap<>();
        for (AppConfigurationEntry logIn : logIns) {
            for (String user : String.valueOf(logIn.getOptions().get(OPTION)).split(",")) {
                int colon = user.indexOf(':');
                read.put(decoded(user.substring(0, colon)), decoded(user.substring(colon + 1)));
            }
        }
        passwords = Map.copyOf(read);
        mechanism = saslMechanism;
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        String name = null;
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback named) {
                name = named.getDefaultName();
            } else if (callback instanceof PlainAuthenticateCallback plain) {
                plain.authenticated(name != null && isPassword(passwords.get(name), plain.password()));
            } else if (callback instanceof ScramCredentialCallback scram) {
                String password = name == null ? null : passwords.get(name);
                if (password != null) {
                    scram.scramCredential(credential(password));
                }
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private static boolean isPassword(String password, char[] shown) {
        return password != null && password.equals(new String(shown));
    }

    private ScramCredential credential(String password) {
        ScramMechanism scram = ScramMechanism.forMechanismName(mechanism);
        try {
            return new ScramFormatter(scram).generateCredential(password, scram.minIterations());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    @Override
    public void close() {
        // Has nothing open.
    }
}
