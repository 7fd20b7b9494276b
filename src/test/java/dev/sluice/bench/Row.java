package dev.sluice.bench;

import java.io.PrintStream;

/** One group of figures of the benchmark. */
interface Row {

    /** As on the command line. */
    String name();

    /** The head of the table that its lines belong to. */
    String head();

    /** Measures, and prints lines of the table. */
    void run(Setting setting, PrintStream out) throws Exception;
}
