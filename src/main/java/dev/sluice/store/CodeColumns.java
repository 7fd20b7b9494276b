package dev.sluice.store;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import java.net.URI;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** How is a function's code columns of {@code function_versions}, and rows of its class path and command? Null where a kind has none. */
record CodeColumns(String archiveSha256, Long archiveSize, String jarPath, String url, Boolean runtimeEmulator, String imageUri,
        Boolean zipLayout, String directory, boolean attached, List<ClassPathEntry> classPath, List<String> command) {

    /** What is written, kind by kind. */
    static final FunctionCode.Kinds<CodeColumns> OF = new FunctionCode.Kinds<>() {
        @Override
        public CodeColumns archive(FunctionCode.Archive archive) {
            return new CodeColumns(archive.sha256(), archive.size(), null, null, null, null, null, null, false, List.of(), List.of());
        }

        @Override
        public CodeColumns localJar(FunctionCode.LocalJar jar) {
            return new CodeColumns(null, null, jar.path().toString(), null, null, null, null, null, false, List.of(), List.of());
        }

        @Override
        public CodeColumns localTree(FunctionCode.LocalTree tree) {
            return new CodeColumns(null, null, null, null, null, null, tree.zipLayout(), null, false, tree.classPath(), List.of());
        }

        @Override
        public CodeColumns localDirectory(FunctionCode.LocalDirectory place) {
            return new CodeColumns(null, null, null, null, null, null, null, place.directory().toString(), false, List.of(),
                    place.command());
        }

        @Override
        public CodeColumns attached(FunctionCode.Attached attached) {
            return new CodeColumns(null, null, null, null, null, null, null, null, true, List.of(), List.of());
        }

        @Override
        public CodeColumns httpEndpoint(FunctionCode.HttpEndpoint endpoint) {
            return new CodeColumns(null, null, null, endpoint.url().toString(), endpoint.runtimeEmulator(), null, null, null, false,
                    List.of(), List.of());
        }

        @Override
        public CodeColumns image(FunctionCode.Image image) {
            return new CodeColumns(null, null, null, null, null, image.uri(), null, null, false, List.of(), List.of());
        }
    };

    /** What is read. */
    static FunctionCode read(Transaction transaction, ResultSet row, String function) throws SQLException {
        String sha256 = row.getString("archive_sha256");
        if (sha256 != null) {
            return new FunctionCode.Archive(sha256, row.getLong("archive_size"));
        }
        String path = row.getString("jar_path");
        if (path != null) {
            return new FunctionCode.LocalJar(Path.of(path));
        }
        String url = row.getString("url");
        if (url != null) {
            return new FunctionCode.HttpEndpoint(URI.create(url), row.getBoolean("runtime_emulator"));
        }
        String image = row.getString("image_uri");
        if (image != null) {
            return new FunctionCode.Image(image);
        }
        if (row.getBoolean("attached")) {
            return new FunctionCode.Attached();
        }
        String directory = row.getString("directory");
        if (directory != null) {
            return new FunctionCode.LocalDirectory(Path.of(directory), transaction.query(word -> word.getString("word"),
                    "SELECT word FROM function_version_command WHERE version_id = ? ORDER BY position", row.getLong("id")));
        }
        List<ClassPathEntry> classPath = transaction.query(
                entry -> new ClassPathEntry(Path.of(entry.getString("path")), entry.getString("pattern")),
                "SELECT path, pattern FROM function_version_class_path WHERE version_id = ? ORDER BY position", row.getLong("id"));
        if (!classPath.isEmpty()) {
            return new FunctionCode.LocalTree(classPath, row.getBoolean("zip_layout"));
        }
        throw new IllegalArgumentException("function " + function + " has no code");
    }
}
