package dev.sluice.runtime.handler;

import java.nio.ByteBuffer;
import java.util.Optional;
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
 * How do a class's calls of {@link JvmWideCalls} become what that table says? Direct calls, those by {@code super.}, method references and
 * constants; what goes through reflection stays as it is. Stateless.
 *
 * <p>A call that has a substitute goes there; before any other, {@link HandlerGuard} is asked, in a method that is added to the class
 * ({@link GuardedCalls}), so that nothing changes where the call was.
 */
final class CallRewriter {

    private static final Logger LOG = LoggerFactory.getLogger(CallRewriter.class);

    private CallRewriter() {
    }

    /**
     * The class file to define instead of this one: itself when it has none of the calls, or when it can't be read.
     *
     * @param loader where the function's other class files are
     */
    static byte[] rewrite(String className, byte[] classFile, ClassLoader loader) {
        if (!CalledMethods.mayBeWide(classFile)) {
            return classFile;
        }
        try {
            ClassReader reader = new ClassReader(classFile);
            ClassWriter writer = new ClassWriter(reader, 0);
            Methods methods = new Methods(writer, new ClassAncestry(loader));
            reader.accept(methods, 0);
            return methods.changed ? writer.toByteArray() : classFile;
        } catch (RuntimeException e) {
            // The JVM says what is wrong with a class that is broken or too new for it. One that it takes all the same must be
            // told, as its calls aren't rewritten.
            if (classFile.length > 8 && ByteBuffer.wrap(classFile).getShort(6) - 44 <= Runtime.version().feature()) {
                LOG.warn("The class {} of a function can't be read, so it sees the server's environment if the JVM takes it", className, e);
            }
            return classFile;
        }
    }

    private static final class Methods extends ClassVisitor {
        private final ClassAncestry ancestry;
        private GuardedCalls guarded;
        private boolean changed;

        private Methods(ClassWriter writer, ClassAncestry ancestry) {
            super(Opcodes.ASM9, writer);
            this.ancestry = ancestry;
        }

        @Override
        public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
            guarded = new GuardedCalls(name, (access & Opcodes.ACC_INTERFACE) != 0);
            super.visit(version, access, name, signature, superName, interfaces);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
            return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions), this);
        }

        @Override
        public void visitEnd() {
            guarded.addTo(cv);
            super.visitEnd();
        }

        private Optional<JvmWideCall> wide(String owner, String name, String descriptor) {
            Optional<JvmWideCall> found = JvmWideCalls.named(name, descriptor).stream().filter(call -> call.owner().equals(owner)
                    || !call.exactOwner() && ancestry.inherits(owner, call)).findFirst();
            changed |= found.isPresent();
            return found;
        }
    }

    private static final class Calls extends MethodVisitor {
        private final Methods in;

        private Calls(MethodVisitor next, Methods in) {
            super(Opcodes.ASM9, next);
            this.in = in;
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            Optional<JvmWideCall> wide = opcode == Opcodes.GETSTATIC ? in.wide(owner, name, descriptor) : Optional.empty();
            if (wide.isEmpty()) {
                super.visitFieldInsn(opcode, owner, name, descriptor);
            } else {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, wide.get().substitute(), name, "()" + descriptor, false);
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            // A constructor is no method of the table's, and the one of a class above must be called as it is.
            Optional<JvmWideCall> wide = name.charAt(0) == '<' ? Optional.empty() : in.wide(owner, name, descriptor);
            if (wide.isEmpty()) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            } else if (wide.get().treatment() == JvmWideCall.Treatment.OWN) {
                // The receiver becomes the first argument: the same on the stack, so that no frame changes.
                super.visitMethodInsn(Opcodes.INVOKESTATIC, wide.get().substitute(), name,
                        wide.get().isStatic() ? descriptor : withReceiver(wide.get().owner(), descriptor), false);
            } else {
                GuardedCalls.Added added = in.guarded.call(wide.get(), opcode, owner, isInterface);
                super.visitMethodInsn(added.opcode(), added.owner(), added.name(), added.descriptor(), added.inInterface());
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

        private Object[] constants(Object[] values) {
            Object[] all = new Object[values.length];
            for (int i = 0; i < values.length; i++) {
                all[i] = constant(values[i]);
            }
            return all;
        }

        private Object constant(Object value) {
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

        private Handle handle(Handle handle) {
            boolean field = handle.getTag() == Opcodes.H_GETSTATIC;
            boolean method = handle.getTag() == Opcodes.H_INVOKESTATIC || handle.getTag() == Opcodes.H_INVOKEVIRTUAL
                    || handle.getTag() == Opcodes.H_INVOKEINTERFACE;
            Optional<JvmWideCall> wide =
                    field || method ? in.wide(handle.getOwner(), handle.getName(), handle.getDesc()) : Optional.empty();
            if (wide.isEmpty() || wide.get().isField() != field) {
                return handle;
            }
            JvmWideCall call = wide.get();
            if (call.treatment() == JvmWideCall.Treatment.OWN) {
                return new Handle(Opcodes.H_INVOKESTATIC, call.substitute(), call.name(), field ? "()" + call.descriptor()
                        : call.isStatic() ? call.descriptor() : withReceiver(call.owner(), call.descriptor()), false);
            }
            GuardedCalls.Added added = in.guarded.call(call,
                    handle.getTag() == Opcodes.H_INVOKESTATIC ? Opcodes.INVOKESTATIC
                            : handle.getTag() == Opcodes.H_INVOKEINTERFACE ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL,
                    handle.getOwner(), handle.isInterface());
            return new Handle(Opcodes.H_INVOKESTATIC, added.owner(), added.name(), added.descriptor(), added.inInterface());
        }
    }

    static String withReceiver(String owner, String descriptor) {
        return "(L" + owner + ";" + descriptor.substring(1);
    }
}
