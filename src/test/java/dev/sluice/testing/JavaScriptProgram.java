package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Puts the JavaScript client together, in the build directory, where npm has put the SDK beside it; once for each version of it. */
public final class JavaScriptProgram {

    private static final Path SOURCES = Path.of("src/test/javascript");

    private JavaScriptProgram() {
    }

    /** The program, ready to be run by node. */
    static Path installed() throws IOException {
        return Files.copy(SOURCES.resolve("lambda-lines.mjs"), directory().resolve("lambda-lines.mjs"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where programs find the SDK. */
    public static synchronized Path directory() throws IOException {
        Path directory = Path.of(System.getProperty("sluice.jar")).resolveSibling("javascript");
        Files.createDirectories(directory);
        Path wanted = SOURCES.resolve("package.json");
        Path done = directory.resolve("installed.json");
        if (!Files.exists(done) || Files.mismatch(wanted, done) >= 0) {
            Files.copy(wanted, directory.resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
            SluiceJar.Output npm = SluiceJar.in(directory)
                    .runOther("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts");
            if (npm.status() != 0) {
                throw new AssertionError("npm could not install the AWS SDK for JavaScript:\n" + npm.out() + npm.err());
            }
            // Last, so that an installation that was cut short counts as none.
            Files.copy(wanted, done, StandardCopyOption.REPLACE_EXISTING);
        }
        return directory;
    }
}
