package dev.sluice.server;

import dev.sluice.embedded.BrokerSecurity.ClientAuth;
import dev.sluice.filter.OtherFormat;
import dev.sluice.function.Isolation;
import dev.sluice.function.RuntimeName;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.code.PlatformEncoding;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** How the text of a setting becomes its value. */
@FunctionalInterface
interface ValueReader<T> {

    Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    Pattern BROKER = Pattern.compile("(?:\\[[0-9a-fA-F:.]+]|[A-Za-z0-9_.-]+):(\\d{1,5})");
    Pattern HOST = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*|[0-9a-fA-F:]*:[0-9a-fA-F:.]+");
    Pattern REGION = Pattern.compile("[a-z]{2}(?:-[a-z]+)+-\\d");

    T read(String text) throws BadValueException;

    static String text(String text) throws BadValueException {
        if (text.isBlank()) {
            throw new BadValueException(text, "a text that is not empty");
        }
        return text;
    }

    static ValueReader<Integer> wholeNumber(int min, int max) {
        return text -> {
            if (text.matches("-?\\d{1,9}")) {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return number;
                }
            }
            throw new BadValueException(text, "a whole number from " + min + " to " + max);
        };
    }

    static Boolean trueOrFalse(String text) throws BadValueException {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new BadValueException(text, "true or false");
    }

    /** {@code 200ms}, {@code 30s}, {@code 5m}, {@code 1h}. */
    static Duration duration(String text) throws BadValueException {
        Matcher m = DURATION.matcher(text);
        if (!m.matches() || Long.parseLong(m.group(1)) == 0) {
            throw new BadValueException(text, "a duration above zero with its unit, as in 200ms, 30s, 5m or 1h");
        }
        long number = Long.parseLong(m.group(1));
        return switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    static String host(String text) throws BadValueException {
        if (!HOST.matcher(text).matches()) {
            throw new BadValueException(text, "a host name or an IP address, without scheme and port");
        }
        return text;
    }

    static List<String> hosts(String text) throws BadValueException {
        List<String> hosts = new ArrayList<>();
        for (String host : text.split(",")) {
            hosts.add(host(host.strip()));
        }
        return hosts;
    }

    /** {@code host:port,host:port}. */
    static List<String> brokers(String text) throws BadValueException {
        List<String> brokers = new ArrayList<>();
        for (String broker : text.split(",", -1)) {
            Matcher m = BROKER.matcher(broker.strip());
            if (!m.matches() || Integer.parseInt(m.group(1)) < 1 || Integer.parseInt(m.group(1)) > 65_535) {
                throw new BadValueException(text, "HOST:PORT, several separated by commas, without a scheme");
            }
            brokers.add(broker.strip());
        }
        return brokers;
    }

    static String region(String text) throws BadValueException {
        if (!REGION.matcher(text).matches()) {
            throw new BadValueException(text, "a region such as us-east-1");
        }
        return text;
    }

    static String accountId(String text) throws BadValueException {
        if (!Scope.isAccountId(text)) {
            throw new BadValueException(text, "12 digits");
        }
        return text;
    }

    static URI url(String text) throws BadValueException {
        try {
            URI url = new URI(text);
            if (url.getRawUserInfo() != null) {
                // The value may hold a password, and the HTTP client would not send it.
                throw new BadValueException(text.replace(url.getRawUserInfo(), "…"), "a URL that names no user");
            }
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException notAUrl) {
            // said below, in the words of every other bad value
        }
        throw new BadValueException(text, "a URL that starts with http:// or https://");
    }

    /** Where a service is: a {@link #url} that only says that, and so has no password that a log would show. */
    static URI endpoint(String text) throws BadValueException {
        String plain = text.replaceFirst("//.*@", "//…@");
        URI url = plain.equals(text) ? url(plain) : null;
        if (url == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new BadValueException(plain, "a URL without user, query and fragment, as in http://localhost:4566");
        }
        return url;
    }

    static SecurityProtocol listener(String text) throws BadValueException {
        for (SecurityProtocol protocol : SecurityProtocol.values()) {
            if (protocol.name.equalsIgnoreCase(text)) {
                return protocol;
            }
        }
        throw new BadValueException(text, "plaintext, ssl, sasl_plaintext or sasl_ssl");
    }

    static Set<SecurityProtocol> listeners(String text) throws BadValueException {
        Set<SecurityProtocol> listeners = EnumSet.noneOf(SecurityProtocol.class);
        for (String part : text.split(",", -1)) {
            if (!listeners.add(listener(part.strip()))) {
                throw new BadValueException(text, "each kind once: plaintext, ssl, sasl_plaintext, sasl_ssl");
            }
        }
        return listeners;
    }

    static ClientAuth clientAuth(String text) throws BadValueException {
        for (ClientAuth clientAuth : ClientAuth.values()) {
            if (clientAuth.name().equalsIgnoreCase(text)) {
                return clientAuth;
            }
        }
        throw new BadValueException(text, "none, requested or required");
    }

    static OtherFormat otherFormat(String text) throws BadValueException {
        return switch (text) {
            case "drop" -> OtherFormat.DROP;
            case "pass" -> OtherFormat.PASS;
            default -> throw new BadValueException(text, "drop or pass");
        };
    }

    static Isolation isolation(String text) throws BadValueException {
        return Isolation.parse(text).orElseThrow(() -> new BadValueException(text, Isolation.ALLOWED));
    }

    static RuntimeName runtime(String text) throws BadValueException {
        return RuntimeName.parse(text).orElseThrow(() -> new BadValueException(text, RuntimeName.ALLOWED));
    }

    /** @param start where a relative one starts */
    static ValueReader<Path> path(Path start) {
        return text -> {
            try {
                return start.resolve(text(text)).normalize();
            } catch (InvalidPathException bad) {
                throw new BadValueException(text, "a path" + PlatformEncoding.obstacle(text).map(obstacle -> ". " + obstacle).orElse(""));
            }
        };
    }

    static <E extends Enum<E>> ValueReader<E> oneOf(Class<E> type) {
        return text -> {
            List<String> names = new ArrayList<>();
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(text)) {
                    return constant;
                }
                names.add(constant.name());
            }
            throw new BadValueException(text, String.join(" or ", names));
        };
    }
}
