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
        return code.match(new FunctionCode.Kinds<>() {
            @Override
            public LocalCode localJar(FunctionCode.LocalJar jar) {
                return new LocalJarCode(jar.path(), store);
            }

            @Override
            public LocalCode localTree(FunctionCode.LocalTree tree) {
                return new LocalTreeCode(tree, store, time);
            }

            @Override
            public LocalCode localDirectory(FunctionCode.LocalDirectory place) {
                return new LocalDirectoryCode(place, time);
            }

            @Override
            public LocalCode archive(FunctionCode.Archive archive) {
                throw notLocal();
            }

            @Override
            public LocalCode attached(FunctionCode.Attached attached) {
                throw notLocal();
            }

            @Override
            public LocalCode httpEndpoint(FunctionCode.HttpEndpoint endpoint) {
                throw notLocal();
            }

            @Override
            public LocalCode image(FunctionCode.Image image) {
                throw notLocal();
            }

            private IllegalArgumentException notLocal() {
                return new IllegalArgumentException(code + " is not in the working tree");
            }
        });
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
