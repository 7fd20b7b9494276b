package dev.sluice.runtime.code;

import dev.sluice.function.NotRunnableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which program is a function of the runtimes {@code provided}, and can this machine run it? Stateless. */
public final class ProvidedBootstrap {

    public static final String NAME = "bootstrap";
    private static final int ELF = 0x7f454c46;
    /** Of the ELF header: where the byte order, and where the machine is. */
    private static final int ORDER = 5;
    private static final int MACHINE = 18;
    private static final int HEADER = 20;
    private static final Map<Integer, String> MACHINES = Map.of(3, "x86", 62, "x86-64", 40, "arm", 183, "arm64", 243, "riscv64");

    private ProvidedBootstrap() {
    }

    /** The function's own, else that of its layers. */
    public static Path in(Path taskRoot, LayerStack layers, String function) throws NotRunnableException, IOException {
        List<Path> places = Stream.concat(Stream.of(taskRoot), layers.directory().stream()).map(root -> root.resolve(NAME)).toList();
        Path bootstrap = places.stream().filter(Files::isRegularFile).findFirst().orElseThrow(() -> NotRunnableException.invalidEntrypoint(
                "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]", "function " + function + " has no bootstrap in "
                        + places.stream().map(place -> place.getParent().toString()).collect(Collectors.joining(" or "))
                        + "; build it there"));
        if (!Files.isExecutable(bootstrap)) {
            throw NotRunnableException.invalidEntrypoint("fork/exec /var/task/bootstrap: permission denied", "the bootstrap of function "
                    + function + " isn't executable, and wouldn't be on Lambda: chmod 755 bootstrap, before it is zipped");
        }
        String needed = platform(bootstrap);
        String here = here();
        if (needed != null && !needed.equals(here)) {
            throw new NotRunnableException("the bootstrap of function " + function + " is built for " + needed + ", and this machine is "
                    + here + "; build it for " + here + ", or run it elsewhere");
        }
        return bootstrap;
    }

    /** Operating system and CPU that a binary is for; null of a script, or what nobody knows. */
    private static String platform(Path file) throws IOException {
        byte[] header;
        try (InputStream in = Files.newInputStream(file)) {
            header = in.readNBytes(HEADER);
        }
        if (header.length < HEADER) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(header);
        int magic = bytes.getInt(0);
        if (magic == ELF) {
            bytes.order(header[ORDER] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            int machine = bytes.getShort(MACHINE);
            return "Linux " + MACHINES.getOrDefault(machine, "machine " + machine);
        }
        return switch (magic) {
            case 0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe -> "macOS " + macMachine(bytes);
            default -> header[0] == 'M' && header[1] == 'Z' ? "Windows" : null;
        };
    }

    private static String macMachine(ByteBuffer header) {
        return switch (header.order(ByteOrder.LITTLE_ENDIAN).getInt(4)) {
            case 0x01000007 -> "x86-64";
            case 0x0100000c -> "arm64";
            default -> "of another CPU";
        };
    }

    private static String here() {
        String os = System.getProperty("os.name");
        String cpu = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String machine = switch (cpu) {
            case "amd64", "x86_64" -> "x86-64";
            case "aarch64" -> "arm64";
            case "i386", "i486", "i586", "i686" -> "x86";
            default -> cpu;
        };
        return os.startsWith("Windows") ? "Windows" : (os.startsWith("Mac") ? "macOS" : os) + " " + machine;
    }
}
