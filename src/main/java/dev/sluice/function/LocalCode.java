package dev.sluice.function;

/** Code in the working tree: which version of it is the newest that can be loaded? Thread-safe. */
interface LocalCode {

    /** The newest version, with the caller as one of its users. */
    CodeVersion current() throws NotRunnableException;

    /** Lets the newest version go; from now on there is none. */
    void close();

    /** @param code of a kind that is in the working tree */
    static LocalCode of(FunctionCode code, CodeStore store, InvocationLog.Time time) {
        if (code instanceof FunctionCode.LocalDirectory place) {
            return new LocalDirectoryCode(place.directory(), time);
        }
        if (code instanceof FunctionCode.LocalTree tree) {
            return new LocalTreeCode(tree, store, time);
        }
        return new LocalJarCode(((FunctionCode.LocalJar) code).path(), store);
    }

    static NotRunnableException notWanted(FunctionCode code) {
        return new NotRunnableException("no version of the function is " + code.place() + " any more");
    }
}
