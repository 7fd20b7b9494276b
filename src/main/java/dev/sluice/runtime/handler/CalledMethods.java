package dev.sluice.runtime.handler;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * May a class file make a call of {@link JvmWideCalls}? Looks through its constant pool without reading the rest, as most of the thousands
 * of classes that a function loads make none. Stateless.
 */
final class CalledMethods {

    private static final int UTF8 = 1;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    /** By their lengths most names are told apart from those of the table without being read. */
    private static final boolean[] LENGTHS = new boolean[64];

    static {
        JvmWideCalls.all().forEach(call -> LENGTHS[call.name().length()] = true);
    }

    private CalledMethods() {
    }

    /** False also of what can't be read. */
    static boolean mayBeWide(byte[] classFile) {
        try {
            ByteBuffer in = ByteBuffer.wrap(classFile);
            int[] entries = new int[in.getShort(8) & 0xffff];
            read(in.position(10), entries);
            for (int entry : entries) {
                if (entry != 0 && isMember(in.get(entry)) && isWide(in, entries, entry)) {
                    return true;
                }
            }
            return false;
        } catch (RuntimeException broken) {
            return false;
        }
    }

    private static boolean isMember(byte tag) {
        return tag == METHOD || tag == INTERFACE_METHOD || tag == FIELD;
    }

    /** Notes where each entry begins. */
    private static void read(ByteBuffer in, int[] entries) {
        for (int i = 1; i < entries.length; i++) {
            int start = in.position();
            entries[i] = start;
            int length;
            switch (in.get(start)) {
                case UTF8 -> length = 3 + (in.getShort(start + 1) & 0xffff);
                case 7, 8, 16, 19, 20 -> length = 3;
                case 15 -> length = 4;
                case 3, 4, FIELD, METHOD, INTERFACE_METHOD, 12, 17, 18 -> length = 5;
                case 5, 6 -> {
                    length = 9;
                    i++;
                }
                default -> throw new IllegalArgumentException("unknown tag");
            }
            in.position(start + length);
        }
    }

    private static boolean isWide(ByteBuffer in, int[] entries, int member) {
        int nameAndType = entries[in.getShort(member + 3) & 0xffff];
        int name = entries[in.getShort(nameAndType + 1) & 0xffff];
        int length = in.getShort(name + 1) & 0xffff;
        if (length >= LENGTHS.length || !LENGTHS[length]) {
            return false;
        }
        String text = text(in, name);
        if (!JvmWideCalls.names(text)) {
            return false;
        }
        String descriptor = text(in, entries[in.getShort(nameAndType + 3) & 0xffff]);
        String owner = text(in, entries[in.getShort(entries[in.getShort(member + 1) & 0xffff] + 1) & 0xffff]);
        for (JvmWideCall call : JvmWideCalls.named(text, descriptor)) {
            if (!call.exactOwner() || call.owner().equals(owner)) {
                return true;
            }
        }
        return false;
    }

    /** What is no ASCII is none of our names. */
    private static String text(ByteBuffer in, int utf8) {
        return new String(in.array(), utf8 + 3, in.getShort(utf8 + 1) & 0xffff, StandardCharsets.ISO_8859_1);
    }
}
