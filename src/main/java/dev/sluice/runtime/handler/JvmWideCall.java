package dev.sluice.runtime.handler;

/**
 * One call, or one field that is read, which reaches more of the JVM than the code that makes it. Immutable.
 *
 * @param owner the class, as class files name it
 * @param descriptor of the method, or of the field
 * @param isStatic also of a field
 * @param exactOwner whether only calls are meant that name the owner itself, and no subclass of it
 * @param substitute the class whose static method of the same name is called instead, as class files name it; null without one
 */
record JvmWideCall(String owner, String name, String descriptor, boolean isStatic, boolean exactOwner, Treatment treatment,
        String substitute) {

    /** What becomes of the call in a JVM that functions share. */
    enum Treatment {
        /** It goes to the substitute, which has one for each instance. */
        OWN,
        /** The same, of a method that finds an implementation by its algorithm's name. */
        ENGINE,
        /** It belongs into a JVM of the function's own. */
        ELSEWHERE,
        /** The same, when its receiver is everybody's. */
        ASKED,
        /** It fails. */
        REFUSED
    }

    /** As a person writes it, as in {@code java.util.TimeZone.setDefault}. */
    String text() {
        return owner.replace('/', '.').replace('$', '.') + "." + name;
    }

    boolean isField() {
        return !descriptor.startsWith("(");
    }
}
