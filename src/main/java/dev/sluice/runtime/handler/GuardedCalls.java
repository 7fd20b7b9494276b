package dev.sluice.runtime.handler;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Which methods does a class get for its calls that {@link HandlerGuard} is asked about first? One for each form of call: it asks, and then
 * makes the call. They are private, so that nothing of the class's contract changes. Used by one thread.
 */
final class GuardedCalls {

    /** What they are called, and a number. No compiler of ours makes such names; stack traces leave them out. */
    static final String NAME = "sluice$";

    private static final String GUARD = HandlerGuard.class.getName().replace('.', '/');
    private static final String PROVIDERS = HandlerProviders.class.getName().replace('.', '/');

    private final String className;
    private final boolean isInterface;
    private final List<Form> forms = new ArrayList<>();

    /** The call as the class has it. */
    private record Form(JvmWideCall call, int opcode, String owner, boolean ownerIsInterface) {
        private boolean bySuper() {
            return opcode == Opcodes.INVOKESPECIAL;
        }

        /** Of the method that stands for it, which is static but for a call by super, as that needs the object itself. */
        private String descriptor() {
            return opcode == Opcodes.INVOKESTATIC || bySuper() ? call.descriptor() : CallRewriter.withReceiver(owner, call.descriptor());
        }
    }

    /** The call to make instead. */
    record Added(int opcode, String owner, String name, String descriptor, boolean inInterface) {
    }

    GuardedCalls(String className, boolean isInterface) {
        this.className = className;
        this.isInterface = isInterface;
    }

    /** @param opcode of the call, static, virtual, interface or special */
    Added call(JvmWideCall call, int opcode, String owner, boolean ownerIsInterface) {
        Form form = new Form(call, opcode, owner, ownerIsInterface);
        int number = forms.indexOf(form);
        if (number < 0) {
            number = forms.size();
            forms.add(form);
        }
        return new Added(form.bySuper() ? Opcodes.INVOKESPECIAL : Opcodes.INVOKESTATIC, className, NAME + number, form.descriptor(),
                isInterface);
    }

    /** Adds the methods; once, after the class's own. */
    void addTo(ClassVisitor visitor) {
        for (int i = 0; i < forms.size(); i++) {
            Form form = forms.get(i);
            int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC | (form.bySuper() ? 0 : Opcodes.ACC_STATIC);
            MethodVisitor method = visitor.visitMethod(access, NAME + i, form.descriptor(), null, null);
            method.visitCode();
            if (form.call().treatment() == JvmWideCall.Treatment.ENGINE) {
                engine(method, form);
            } else {
                guarded(method, form);
            }
            method.visitEnd();
        }
    }

    private static void guarded(MethodVisitor method, Form form) {
        JvmWideCall call = form.call();
        if (call.treatment() == JvmWideCall.Treatment.ASKED) {
            method.visitVarInsn(Opcodes.ALOAD, 0);
            method.visitLdcInsn(call.text());
            method.visitMethodInsn(Opcodes.INVOKESTATIC, GUARD, "ask", "(Ljava/lang/Object;Ljava/lang/String;)V", false);
        } else {
            method.visitLdcInsn(call.text());
            method.visitMethodInsn(Opcodes.INVOKESTATIC, GUARD, call.treatment() == JvmWideCall.Treatment.REFUSED ? "refuse" : "elsewhere",
                    "(Ljava/lang/String;)V", false);
        }
        int locals = 0;
        if (form.bySuper()) {
            method.visitVarInsn(Opcodes.ALOAD, locals++);
        }
        for (Type argument : Type.getArgumentTypes(form.descriptor())) {
            method.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), locals);
            locals += argument.getSize();
        }
        method.visitMethodInsn(form.opcode(), form.owner(), call.name(), call.descriptor(), form.ownerIsInterface());
        Type result = Type.getReturnType(call.descriptor());
        method.visitInsn(result.getOpcode(Opcodes.IRETURN));
        method.visitMaxs(Math.max(2, Math.max(locals, result.getSize())), locals);
    }

    private static void engine(MethodVisitor method, Form form) {
        int arguments = Type.getArgumentTypes(form.call().descriptor()).length;
        method.visitLdcInsn(form.call().owner().replace('/', '.'));
        for (int i = 0; i < arguments; i++) {
            method.visitVarInsn(Opcodes.ALOAD, i);
        }
        method.visitMethodInsn(Opcodes.INVOKESTATIC, PROVIDERS, "getInstance",
                "(" + "Ljava/lang/String;".repeat(arguments + 1) + ")Ljava/lang/Object;", false);
        method.visitTypeInsn(Opcodes.CHECKCAST, form.call().owner());
        method.visitInsn(Opcodes.ARETURN);
        method.visitMaxs(arguments + 1, arguments);
    }
}
