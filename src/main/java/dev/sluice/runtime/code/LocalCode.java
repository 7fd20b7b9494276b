package dev.sluice.runtime.code;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.NotRunnableException;
import dev.sluice.function.Time;

/** Code in the working tree: which version of it is the newest that can be loaded? Thread-safe. */
public interface LocalCode {

    /** The newest version, with the caller as one of its users. */
    CodeVersion current() throws NotRunnableException;

    /** Begins to look for something else than the last call got. */
    CodeWatch.Seen seen();

    /** Lets the newest version go; from now on there is none. */
    void close();

    /** @param code of a kind that is in the working tree */
    static LocalCode of(FunctionCode code, CodeStore store, Time time) {
        if (code instanceof FunctionCode.LocalDirectory place) {
            return new LocalDirectoryCode(place, time);
        }
        if (code instanceof FunctionCode.LocalTree tree) {
            return new LocalTreeCode(tree, store, time);
        }
        return new LocalJarCode(((FunctionCode.LocalJar) code).path(), store);
    }

    /** Whether {@code code} has a version that can be loaded, and that isn't {@code last}. @param last null for none */
    static boolean hasOtherThan(LocalCode code, CodeVersion last) {
        try {
            CodeVersion now = code.current();
            now.release();
            return now != last;
        } catch (NotRunnableException stillMissing) {
            return false;
        }
    }

    static NotRunnableException notWanted(FunctionCode code) {
        return new NotRunnableException("no version of the function is " + code.place() + " any more");
    }
}
