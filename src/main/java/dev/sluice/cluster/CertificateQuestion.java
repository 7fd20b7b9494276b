package dev.sluice.cluster;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Does a TLS listener ask its clients for a certificate? Begins a handshake and looks whether a key would be wanted; shows none, so that a
 * listener that requires one ends it.
 */
final class CertificateQuestion {

    private CertificateQuestion() {
    }

    /** @throws IOException when nobody answers a handshake at {@code address} in time */
    static boolean asksForOne(String address, Duration timeout) throws IOException {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", "");
        int port = Integer.parseInt(address.substring(colon + 1));
        Asked asked = new Asked();
        try (Socket plain = ListenerQuestion.connected(host, port, (int) Math.max(1, timeout.toMillis()));
                SSLSocket socket = (SSLSocket) context(asked).getSocketFactory().createSocket(plain, host, port, true)) {
            socket.startHandshake();
        } catch (IOException e) {
            if (!asked.forAKey.get()) {
                throw e;
            }
        }
        return asked.forAKey.get();
    }

    private static SSLContext context(Asked asked) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {asked}, new TrustManager[] {new ListenerQuestion.TrustsAnybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no TLS", e);
        }
    }

    /** Has no key to show. The handshake asks it for one only when the server has asked for a certificate. */
    private static final class Asked extends X509ExtendedKeyManager {
        private final AtomicBoolean forAKey = new AtomicBoolean();

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            forAKey.set(true);
            return null;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }
}
