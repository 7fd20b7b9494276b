package dev.sluice.server;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import java.nio.file.Path;
import java.util.List;

/** Under which key of sluice.yaml does a function's code stand, and which files does it name? None for code that is not on this machine. */
record DeclaredPaths(String key, List<Path> paths) {

    private static final DeclaredPaths NONE = new DeclaredPaths("", List.of());

    static final FunctionCode.Kinds<DeclaredPaths> OF = new FunctionCode.Kinds<>() {
        @Override
        public DeclaredPaths localJar(FunctionCode.LocalJar jar) {
            return new DeclaredPaths("jar", List.of(jar.path()));
        }

        @Override
        public DeclaredPaths localTree(FunctionCode.LocalTree tree) {
            return tree.taskRoot().map(directory -> new DeclaredPaths("directory", List.of(directory)))
                    .orElseGet(() -> new DeclaredPaths("classpath", tree.classPath().stream().map(ClassPathEntry::path).toList()));
        }

        @Override
        public DeclaredPaths localDirectory(FunctionCode.LocalDirectory place) {
            return new DeclaredPaths(place.command().isEmpty() ? "directory" : "workingDirectory", List.of(place.directory()));
        }

        @Override
        public DeclaredPaths archive(FunctionCode.Archive archive) {
            return NONE;
        }

        @Override
        public DeclaredPaths attached(FunctionCode.Attached attached) {
            return NONE;
        }

        @Override
        public DeclaredPaths httpEndpoint(FunctionCode.HttpEndpoint endpoint) {
            return NONE;
        }

        @Override
        public DeclaredPaths image(FunctionCode.Image image) {
            return NONE;
        }
    };
}
