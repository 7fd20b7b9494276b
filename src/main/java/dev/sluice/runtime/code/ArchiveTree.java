package dev.sluice.runtime.code;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which files, directories and links does a zip unpack to? As {@code unzip} does it: a later entry of the same path takes the place
 * of an earlier one, {@code ./x} is {@code x}, and what is below a link goes where the link leads. What would land, or lead, beside
 * the directory is a fault. Immutable once made.
 */
final class ArchiveTree {

    /** What is at a path. */
    sealed interface Node {

        record Directory() implements Node {
        }

        /** @param entry the name of the zip's entry */
        public record Content(String entry, boolean executable) implements Node {
        }

        record Link(String target) implements Node {
        }
    }

    /** Reads where a link leads. */
    @FunctionalInterface
    interface Targets {
        String of(String entry) throws IOException;
    }

    /** As Linux. */
    private static final int MOST_LINKS = 40;
    /** In bytes, of every file system in use. */
    private static final int LONGEST_NAME = 255;
    /** In bytes, as Linux; what is left of it is for the directory. */
    private static final int LONGEST_PATH = 3_500;

    private static final Node DIRECTORY = new Node.Directory();

    /** By paths that have no link in them. */
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private String fault;

    private ArchiveTree() {
        nodes.put("", DIRECTORY);
    }

    /** Why an entry can't be unpacked; the message says which. */
    private static final class Fault extends Exception {

        private static final long serialVersionUID = 1L;

        private Fault(String message) {
            super(message);
        }
    }

    /** What is wrong is in {@link #fault}; the rest is there all the same. */
    static ArchiveTree of(List<ZipListing.Entry> entries, Targets targets) throws IOException {
        ArchiveTree tree = new ArchiveTree();
        Map<String, ZipListing.Entry> lastOfName = new LinkedHashMap<>();
        entries.forEach(entry -> lastOfName.put(entry.name(), entry));
        for (ZipListing.Entry entry : lastOfName.values()) {
            try {
                tree.add(entry, targets);
            } catch (Fault e) {
                tree.fault = tree.fault == null ? e.getMessage() : tree.fault;
            }
        }
        for (Map.Entry<String, Node> node : List.copyOf(tree.nodes.entrySet())) {
            if (node.getValue() instanceof Node.Link link && tree.leads(node.getKey(), link) == null) {
                tree.fault = tree.fault == null ? "'" + node.getKey() + "' leads to '" + link.target() + "', which is outside" : tree.fault;
                tree.nodes.remove(node.getKey());
            }
        }
        return tree;
    }

    /** Why the zip must not be used, for the log. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** By paths that have no link in them, directories before what is in them; the root is {@code ""}. */
    Map<String, Node> nodes() {
        return Collections.unmodifiableMap(nodes);
    }

    /** The file at a path, which may have links in it; empty when there is none. */
    Optional<Node.Content> file(String path) {
        String resolved = resolve("", path);
        return resolved != null && nodes.get(resolved) instanceof Node.Content content ? Optional.of(content) : Optional.empty();
    }

    /** By name the files of a directory, and what its links lead to. */
    Map<String, Node.Content> filesIn(String directory) {
        Map<String, Node.Content> files = new TreeMap<>();
        String place = resolve("", directory);
        for (String path : nodes.keySet()) {
            int slash = path.lastIndexOf('/');
            if ((slash < 0 ? "" : path.substring(0, slash)).equals(place) && !path.isEmpty()) {
                file(path).ifPresent(file -> files.put(path.substring(slash + 1), file));
            }
        }
        return files;
    }

    private void add(ZipListing.Entry entry, Targets targets) throws Fault, IOException {
        String name = entry.name();
        if (name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0
                || name.length() > 1 && name.charAt(1) == ':' || List.of(name.split("/")).contains("..")) {
            throw new Fault("'" + name + "' leaves the directory it is unpacked to");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            throw new Fault("'" + name.substring(0, 40) + "...' is a path of over " + LONGEST_PATH + " bytes");
        }
        Deque<String> parts = parts(name);
        String last = parts.pollLast();
        if (last == null) {
            return;
        }
        String directory = "";
        for (String part : parts) {
            directory = directory(child(directory, part), name);
        }
        put(child(directory, last), entry, targets);
    }

    private void put(String path, ZipListing.Entry entry, Targets targets) throws Fault, IOException {
        requireShort(path);
        if (entry.name().endsWith("/")) {
            directory(path, entry.name());
            return;
        }
        if (nodes.get(path) instanceof Node.Directory) {
            throw new Fault("'" + entry.name() + "' is a file as well as a directory");
        }
        // As the last of its siblings now, and so behind the directory it is in.
        nodes.remove(path);
        nodes.put(path, entry.link() ? link(entry.name(), targets) : new Node.Content(entry.name(), entry.executable()));
    }

    private static Node link(String entry, Targets targets) throws Fault, IOException {
        String target = targets.of(entry);
        if (target.isEmpty() || target.startsWith("/") || target.indexOf('\\') >= 0 || target.indexOf('\0') >= 0
                || target.length() > 1 && target.charAt(1) == ':') {
            throw new Fault("'" + entry + "' leads to '" + target + "', which is outside");
        }
        return new Node.Link(target);
    }

    /** Where the directory at this path really is; it is made when nothing is there. */
    private String directory(String path, String entry) throws Fault {
        requireShort(path);
        Node present = nodes.putIfAbsent(path, DIRECTORY);
        String place = path;
        if (present instanceof Node.Link link) {
            place = leads(path, link);
            present = place == null ? null : nodes.get(place);
        } else if (present == null) {
            present = DIRECTORY;
        }
        if (present instanceof Node.Content) {
            throw new Fault("'" + path + "' is a file as well as a directory");
        }
        if (!(present instanceof Node.Directory)) {
            throw new Fault("'" + entry + "' is below the link '" + path + "', which leads to no directory of the zip");
        }
        return place;
    }

    private static void requireShort(String path) throws Fault {
        String name = path.substring(path.lastIndexOf('/') + 1);
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_NAME) {
            throw new Fault("'" + name.substring(0, 40) + "...' is a file name of " + length + " bytes; file systems have " + LONGEST_NAME);
        }
    }

    private String leads(String path, Node.Link link) {
        int slash = path.lastIndexOf('/');
        return resolve(slash < 0 ? "" : path.substring(0, slash), link.target());
    }

    /**
     * The path without links that {@code path} means, from a directory on; it may be one where nothing is. Null when it leads outside;
     * of links that lead to each other the path of one of them.
     */
    private String resolve(String from, String path) {
        String at = from;
        Deque<String> rest = parts(path);
        int links = 0;
        while (!rest.isEmpty()) {
            String part = rest.poll();
            if (part.equals("..")) {
                if (at.isEmpty()) {
                    return null;
                }
                at = at.substring(0, Math.max(at.lastIndexOf('/'), 0));
                continue;
            }
            String next = child(at, part);
            if (nodes.get(next) instanceof Node.Link link && ++links <= MOST_LINKS) {
                Deque<String> target = parts(link.target());
                while (!target.isEmpty()) {
                    rest.addFirst(target.pollLast());
                }
            } else {
                at = next;
            }
        }
        return at;
    }

    private static Deque<String> parts(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static String child(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }
}
