package dev.sluice.runtime.handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Does a class have a method from a class of the JDK above it? Asked while classes are being defined, so that it reads class files and
 * loads nothing of the function's. Thread-safe.
 *
 * @param loader where the function's class files are
 */
record ClassAncestry(ClassLoader loader) {

    /** @param type as class files name it */
    boolean inherits(String type, JvmWideCall call) {
        String next = type;
        while (next != null && !next.equals(call.owner())) {
            Class<?> ofJdk = ofJdk(next);
            if (ofJdk != null) {
                Class<?> owner = ofJdk(call.owner());
                return owner != null && owner.isAssignableFrom(ofJdk);
            }
            try (InputStream in = loader.getResourceAsStream(next + ".class")) {
                if (in == null) {
                    return false;
                }
                ClassReader file = new ClassReader(in);
                next = call.isStatic() && declares(file, call) ? null : file.getSuperName();
            } catch (IOException e) {
                throw new UncheckedIOException("the class " + next + " of the function can't be read", e);
            }
        }
        return next != null;
    }

    private static Class<?> ofJdk(String type) {
        try {
            return Class.forName(type.replace('/', '.'), false, ClassLoader.getPlatformClassLoader());
        } catch (ClassNotFoundException | LinkageError no) {
            return null;
        }
    }

    /** A static method of its own hides the one above. */
    private static boolean declares(ClassReader file, JvmWideCall call) {
        boolean[] found = {false};
        file.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                found[0] |= name.equals(call.name()) && descriptor.equals(call.descriptor());
                return null;
            }
        }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return found[0];
    }
}
