package dev.sluice.credential;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Does AWS take this certificate or private key? Certificates are X.509, keys PKCS #8, both in PEM; the encryption of a key may be PBES1 and
 * not PBES2 ("Configuring authentication", AWS Lambda developer guide). Checked here, so that every JDK refuses the same: 17 can't read PBES2,
 * 25 can.
 */
final class KeyAndCertificate {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN (?<kind>[A-Z0-9 ]*PRIVATE KEY)-----(?<body>[^-]*)-----END [A-Z0-9 ]*PRIVATE KEY-----");
    /** PKCS #5: id-PBES2. JDKs from 19 on name the algorithm "PBEWith…And…" for it too. */
    private static final byte[] PBES2 = {0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x05, 0x0d};
    private static final String[] ALGORITHMS = {"RSA", "EC", "DSA", "Ed25519", "Ed448"};

    private KeyAndCertificate() {
    }

    /** @throws InvalidCertificateException when it has no X.509 certificate in PEM */
    static void requireCertificates(String pem, String secret) {
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
            if (!found.isEmpty() && pem.contains("-----BEGIN CERTIFICATE-----")) {
                return;
            }
        } catch (CertificateException unreadable) {
            // told below; the JDK's own words quote the content
        }
        throw new InvalidCertificateException("certificate of secret " + secret + " is no X.509 certificate in PEM"
                + " (-----BEGIN CERTIFICATE----- with its lines)");
    }

    /** @param password null for none @throws InvalidCertificateException when the key can't be used with it */
    static void requirePrivateKey(String pem, String password, String secret) {
        Matcher key = KEY.matcher(pem);
        String of = "privateKey of secret " + secret;
        if (!key.find()) {
            throw new InvalidCertificateException(of + " is no private key in PEM (-----BEGIN PRIVATE KEY----- with its lines)");
        }
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(key.group("body").strip());
        } catch (IllegalArgumentException noBase64) {
            throw new InvalidCertificateException(of + " is no private key in PEM: what is between its first and last line is no base64");
        }
        switch (key.group("kind")) {
            case "PRIVATE KEY" -> requireKey(new PKCS8EncodedKeySpec(bytes), of);
            case "ENCRYPTED PRIVATE KEY" -> requireKey(decrypted(bytes, password, of), of);
            default -> throw new InvalidCertificateException(of + " is a " + key.group("kind") + ", which is not PKCS #8; convert it:"
                    + " openssl pkcs8 -topk8 -nocrypt -in KEY");
        }
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] bytes, String password, String of) {
        if (indexOf(bytes, PBES2) >= 0) {
            throw new InvalidCertificateException(of + " is encrypted with PBES2, and AWS takes PBES1 only; convert it:"
                    + " openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in KEY");
        }
        if (password == null) {
            throw new InvalidCertificateException(of + " is encrypted, and the secret has no privateKeyPassword");
        }
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
            Cipher cipher = Cipher.getInstance(info.getAlgName());
            cipher.init(Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(info.getAlgName()).generateSecret(new PBEKeySpec(password.toCharArray())),
                    info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new InvalidCertificateException(of + " can't be decrypted with the secret's privateKeyPassword ("
                    + unreadable.getClass().getSimpleName() + ")");
        }
    }

    private static void requireKey(PKCS8EncodedKeySpec spec, String of) {
        for (String algorithm : ALGORITHMS) {
            try {
                PrivateKey read = KeyFactory.getInstance(algorithm).generatePrivate(spec);
                if (read != null) {
                    return;
                }
            } catch (GeneralSecurityException another) {
                // its key, or none
            }
        }
        throw new InvalidCertificateException(of + " is no PKCS #8 key of an algorithm that is known here");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            int same = 0;
            while (same < part.length && bytes[i + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return i;
            }
        }
        return -1;
    }
}
