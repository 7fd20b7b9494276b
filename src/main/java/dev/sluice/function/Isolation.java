package dev.sluice.function;

/** Where does a function's Java code run? */
public enum Isolation {

    /** In this server's JVM, each instance in a class loader of its own. */
    JVM,

    /** Each instance in a JVM of its own. */
    PROCESS
}
