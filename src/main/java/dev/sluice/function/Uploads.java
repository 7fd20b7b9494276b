package dev.sluice.function;

import dev.sluice.resource.Scope;

/** Where does uploaded code go, and who says that nobody needs it any more? Thread-safe. */
public interface Uploads {

    /** Code that is kept, and stays at least until this is closed. */
    interface Upload extends AutoCloseable {
        FunctionCode.Archive code();

        @Override
        void close();
    }

    /** Gets, checks and keeps a zip; throws a {@link FunctionException} in AWS's words when it can't be had or used. */
    Upload store(Scope caller, CodeSource.Zipped source);

    /** Deletes what no definition refers to any more and nothing uses. */
    void sweep();
}
