package dev.sluice.function;

import com.amazonaws.services.lambda.runtime.LambdaRuntimeInternal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a class's calls would reach the server's environment or end the server, or set for all functions what is one's own, and
 * how do they reach {@link HandlerSystem} instead? Direct calls, method references and constants; what goes through reflection stays
 * as it is. Stateless.
 */
final class CallRewriter {

    private static final Logger LOG = LoggerFactory.getLogger(CallRewriter.class);

    private static final String SYSTEM = "java/lang/System";
    private static final String RUNTIME = "java/lang/Runtime";
    private static final String BUILDER = "java/lang/ProcessBuilder";
    private static final String LAMBDA_RUNTIME = LambdaRuntimeInternal.class.getName().replace('.', '/');
    private static final String SUBSTITUTE = HandlerSystem.class.getName().replace('.', '/');
    /**
     * The calls, and whether each is one of a static method. No other owner can be named: the JDK's classes are final, and the method
     * of Lambda's is static.
     */
    private static final Map<String, Boolean> CALLS = Map.ofEntries(
            Map.entry(SYSTEM + ".getenv()Ljava/util/Map;", true),
            Map.entry(SYSTEM + ".getenv(Ljava/lang/String;)Ljava/lang/String;", true),
            Map.entry(SYSTEM + ".exit(I)V", true),
            Map.entry(RUNTIME + ".exit(I)V", false),
            Map.entry(RUNTIME + ".halt(I)V", false),
            Map.entry(RUNTIME + ".addShutdownHook(Ljava/lang/Thread;)V", false),
            Map.entry(RUNTIME + ".removeShutdownHook(Ljava/lang/Thread;)Z", false),
            Map.entry(RUNTIME + ".exec(Ljava/lang/String;)Ljava/lang/Process;", false),
            Map.entry(RUNTIME + ".exec(Ljava/lang/String;[Ljava/lang/String;)Ljava/lang/Process;", false),
            Map.entry(RUNTIME + ".exec(Ljava/lang/String;[Ljava/lang/String;Ljava/io/File;)Ljava/lang/Process;", false),
            Map.entry(RUNTIME + ".exec([Ljava/lang/String;)Ljava/lang/Process;", false),
            Map.entry(RUNTIME + ".exec([Ljava/lang/String;[Ljava/lang/String;)Ljava/lang/Process;", false),
            Map.entry(RUNTIME + ".exec([Ljava/lang/String;[Ljava/lang/String;Ljava/io/File;)Ljava/lang/Process;", false),
            Map.entry(BUILDER + ".environment()Ljava/util/Map;", false),
            Map.entry(BUILDER + ".start()Ljava/lang/Process;", false),
            Map.entry(BUILDER + ".startPipeline(Ljava/util/List;)Ljava/util/List;", true),
            Map.entry(LAMBDA_RUNTIME + ".setUseLog4jAppender(Z)V", true),
            Map.entry(LAMBDA_RUNTIME + ".getUseLog4jAppender()Z", true));
    private static final Set<String> OWNERS = Set.of(SYSTEM, RUNTIME, BUILDER, LAMBDA_RUNTIME);
    private static final Set<String> NAMES = CALLS.keySet().stream()
            .map(call -> call.substring(call.indexOf('.') + 1, call.indexOf('('))).collect(Collectors.toUnmodifiableSet());
    private static final Set<Integer> LENGTHS = OWNERS.stream().map(String::length).collect(Collectors.toUnmodifiableSet());

    private CallRewriter() {
    }

    /** The class file to define instead of this one: itself when it has none of the calls, or when it can't be read. */
    static byte[] rewrite(String className, byte[] classFile) {
        if (!mayCall(classFile)) {
            return classFile;
        }
        try {
            ClassReader reader = new ClassReader(classFile);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new Methods(writer), 0);
            return writer.toByteArray();
        } catch (RuntimeException e) {
            // The JVM says what is wrong with a class that is broken or too new for it. One that it takes all the same must be
            // told, as its calls aren't rewritten.
            if (classFile.length > 8 && ByteBuffer.wrap(classFile).getShort(6) - 44 <= Runtime.version().feature()) {
                LOG.warn("The class {} of a function can't be read, so it sees the server's environment if the JVM takes it", className, e);
            }
            return classFile;
        }
    }

    /** Looks through the constant pool for one of the methods, without reading the rest. */
    static boolean mayCall(byte[] classFile) {
        try {
            ByteBuffer in = ByteBuffer.wrap(classFile);
            int[] entries = new int[in.getShort(8) & 0xffff];
            return readPool(in.position(10), entries) && namesAMethod(in, entries);
        } catch (RuntimeException broken) {
            return false;
        }
    }

    /** Notes where each entry begins; false when none of the owners is there. */
    private static boolean readPool(ByteBuffer in, int[] entries) {
        boolean owner = false;
        for (int i = 1; i < entries.length; i++) {
            int start = in.position();
            entries[i] = start;
            int length;
            switch (in.get(start)) {
                case 1 -> {
                    int bytes = in.getShort(start + 1) & 0xffff;
                    length = 3 + bytes;
                    owner = owner || LENGTHS.contains(bytes) && OWNERS.contains(text(in, start));
                }
                case 7, 8, 16, 19, 20 -> length = 3;
                case 15 -> length = 4;
                case 3, 4, 9, 10, 11, 12, 17, 18 -> length = 5;
                case 5, 6 -> {
                    length = 9;
                    i++;
                }
                default -> throw new IllegalArgumentException("unknown tag");
            }
            in.position(start + length);
        }
        return owner;
    }

    private static boolean namesAMethod(ByteBuffer in, int[] entries) {
        for (int entry : entries) {
            if (entry != 0 && in.get(entry) == 10) {
                int owner = entries[in.getShort(at(in, entries, entry + 1) + 1) & 0xffff];
                int name = entries[in.getShort(at(in, entries, entry + 3) + 1) & 0xffff];
                if (OWNERS.contains(text(in, owner)) && NAMES.contains(text(in, name))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int at(ByteBuffer in, int[] entries, int reference) {
        return entries[in.getShort(reference) & 0xffff];
    }

    /** What is no ASCII is none of our names. */
    private static String text(ByteBuffer in, int utf8) {
        return new String(in.array(), utf8 + 3, in.getShort(utf8 + 1) & 0xffff, StandardCharsets.ISO_8859_1);
    }

    private static final class Methods extends ClassVisitor {
        private Methods(ClassWriter writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
            return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions));
        }
    }

    private static final class Calls extends MethodVisitor {
        private Calls(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            Boolean isStatic = CALLS.get(owner + "." + name + descriptor);
            if (isStatic == null) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            } else {
                // The receiver becomes the first argument: the same on the stack, so that no frame changes.
                super.visitMethodInsn(Opcodes.INVOKESTATIC, SUBSTITUTE, name, isStatic ? descriptor : withReceiver(owner, descriptor), false);
            }
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            super.visitInvokeDynamicInsn(name, descriptor, handle(bootstrap), constants(arguments));
        }

        @Override
        public void visitLdcInsn(Object value) {
            super.visitLdcInsn(constant(value));
        }

        private static Object[] constants(Object[] values) {
            Object[] all = new Object[values.length];
            for (int i = 0; i < values.length; i++) {
                all[i] = constant(values[i]);
            }
            return all;
        }

        private static Object constant(Object value) {
            if (value instanceof Handle handle) {
                return handle(handle);
            }
            if (value instanceof ConstantDynamic dynamic) {
                Object[] arguments = new Object[dynamic.getBootstrapMethodArgumentCount()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = constant(dynamic.getBootstrapMethodArgument(i));
                }
                return new ConstantDynamic(dynamic.getName(), dynamic.getDescriptor(), handle(dynamic.getBootstrapMethod()), arguments);
            }
            return value;
        }

        private static Handle handle(Handle handle) {
            Boolean isStatic = CALLS.get(handle.getOwner() + "." + handle.getName() + handle.getDesc());
            return isStatic == null ? handle : new Handle(Opcodes.H_INVOKESTATIC, SUBSTITUTE, handle.getName(),
                    isStatic ? handle.getDesc() : withReceiver(handle.getOwner(), handle.getDesc()), false);
        }

        private static String withReceiver(String owner, String descriptor) {
            return "(L" + owner + ";" + descriptor.substring(1);
        }
    }
}
