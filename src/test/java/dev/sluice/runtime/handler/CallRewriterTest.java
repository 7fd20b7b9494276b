package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class CallRewriterTest {

    private static byte[] classFile(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getName().substring(type.getPackageName().length() + 1) + ".class")) {
            return in.readAllBytes();
        }
    }

    private static byte[] rewrite(String name, byte[] classFile) {
        return CallRewriter.rewrite(name, classFile, CallRewriterTest.class.getClassLoader());
    }

    /** Nothing of it is run. */
    private static final class Asking {
        private static String ask(String name) {
            Supplier<Map<String, String>> all = System::getenv;
            return System.getenv(name) + all;
        }
    }

    private static final class Harmless {
        private static long now() {
            // The owners are there, and a method of one of the names, but not of the owners.
            new Thread(() -> {}).start();
            return System.nanoTime() + Runtime.getRuntime().freeMemory() + new ProcessBuilder("a").command().size();
        }
    }

    @Test
    void leavesAClassWithoutSuchCallsAsItIs() throws Exception {
        byte[] harmless = classFile(Harmless.class);

        assertThat(rewrite("Harmless", harmless)).isSameAs(harmless);
        assertThat(Harmless.now()).isPositive();
    }

    @Test
    void sendsCallsAndReferencesToTheSubstitute() throws Exception {
        byte[] rewritten = rewrite("Asking", classFile(Asking.class));

        List<String> calls = new ArrayList<>();
        new ClassReader(rewritten).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String method, String signature, String generic, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                        calls.add(owner + "." + name + descriptor);
                    }

                    @Override
                    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
                        Arrays.stream(arguments).filter(Handle.class::isInstance).map(Object::toString).forEach(calls::add);
                    }
                };
            }
        }, 0);
        assertThat(calls).contains("dev/sluice/runtime/handler/HandlerSystem.getenv(Ljava/lang/String;)Ljava/lang/String;",
                "dev/sluice/runtime/handler/HandlerSystem.getenv()Ljava/util/Map; (6)")
                .noneMatch(call -> call.startsWith("java/lang/System"));
        assertThat(Asking.ask("NO_SUCH_VARIABLE")).startsWith("null");
    }

    @Test
    void findsHandlesInConstantsAndInArgumentsOfDynamicOnes() {
        Handle exit = new Handle(Opcodes.H_INVOKEVIRTUAL, "java/lang/Runtime", "halt", "(I)V", false);
        Handle bootstrap = new Handle(Opcodes.H_INVOKESTATIC, "a/B", "make", "()Ljava/lang/Object;", false);
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "a/A", null, "java/lang/Object", null);
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_STATIC, "m", "()V", null, null);
        method.visitCode();
        method.visitLdcInsn(exit);
        method.visitLdcInsn(new ConstantDynamic("c", "Ljava/lang/Object;", bootstrap, exit, "text"));
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(2, 0);
        method.visitEnd();
        writer.visitEnd();

        List<Object> constants = new ArrayList<>();
        new ClassReader(rewrite("a.A", writer.toByteArray())).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitLdcInsn(Object value) {
                        constants.add(value);
                    }
                };
            }
        }, 0);

        Handle substitute =
                new Handle(Opcodes.H_INVOKESTATIC, "dev/sluice/runtime/handler/HandlerSystem", "halt", "(Ljava/lang/Runtime;I)V", false);
        assertThat(constants).containsExactly(substitute, new ConstantDynamic("c", "Ljava/lang/Object;", bootstrap, substitute, "text"));
    }

    @Test
    void leavesWhatItCanNotReadToTheJvm() throws Exception {
        byte[] newer = classFile(Asking.class);
        newer[6] = 0x7f;
        byte[] cut = Arrays.copyOf(classFile(Asking.class), 700);

        assertThat(rewrite("Newer", newer)).isSameAs(newer);
        assertThat(rewrite("Cut", cut)).isSameAs(cut);
        assertThat(rewrite("Empty", new byte[0])).isEmpty();
    }
}
