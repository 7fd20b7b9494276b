package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Which classes does Lambda's Java runtime have on its class path beside the {@linkplain LambdaInterfaces interfaces}? Those of
 * aws-lambda-java-serialization, with what it brings along under names of its own, and of the runtime interface client. The client
 * is only there to be seen: nothing of this server runs it. Stateless.
 */
final class LambdaLibraries {

    private static final String RUNTIME = RequestHandler.class.getPackageName() + ".";
    private static final String SERIALIZATION = PojoSerializer.class.getPackageName() + ".";
    private static final String CLIENT = RUNTIME + "api.client.";
    private static final String THIRD_PARTY = "com.amazonaws.lambda.thirdparty.";
    private static final List<String> PACKAGES = List.of(SERIALIZATION, THIRD_PARTY, CLIENT, "com.amazonaws.services.lambda.crac.");
    private static final String MAIN_CLASS = CLIENT + "AWSLambda";
    private static final String SERVICES = "META-INF/services/" + THIRD_PARTY;

    private LambdaLibraries() {
    }

    /** Whether a class of this name would be one of theirs. */
    static boolean haveNamed(String className) {
        return PACKAGES.stream().anyMatch(className::startsWith);
    }

    /** The class file of one of theirs, to define it once more; null when they have no such class. */
    static LibraryJars.ClassFile find(String className) throws IOException {
        if (!haveNamed(className)) {
            return null;
        }
        try (InputStream in = LambdaLibraries.class.getClassLoader().getResourceAsStream(className.replace('.', '/') + ".class")) {
            if (in == null) {
                return null;
            }
            byte[] bytes = in.readAllBytes();
            return new LibraryJars.ClassFile(className.equals(MAIN_CLASS) ? Uninitialised.of(bytes) : bytes, null,
                    PojoSerializer.class.getProtectionDomain().getCodeSource());
        }
    }

    /** Where a file of theirs, or of the interfaces, is; null for any other. */
    static URL resource(String name) {
        String className = name.replace('/', '.');
        boolean theirs = haveNamed(className) || name.startsWith(SERVICES)
                || name.endsWith(".class") && LambdaInterfaces.provides(className.substring(0, className.length() - ".class".length()));
        return theirs ? LambdaLibraries.class.getClassLoader().getResource(name) : null;
    }

    /** The client's main class, when initialised, allows old TLS ciphers and the like, for all of this JVM. On Lambda that is long done. */
    private static final class Uninitialised extends ClassVisitor {
        private Uninitialised(ClassWriter writer) {
            super(Opcodes.ASM9, writer);
        }

        private static byte[] of(byte[] classFile) {
            ClassReader reader = new ClassReader(classFile);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new Uninitialised(writer), 0);
            return writer.toByteArray();
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
            return name.equals("<clinit>") ? null : super.visitMethod(access, name, descriptor, signature, exceptions);
        }
    }
}
