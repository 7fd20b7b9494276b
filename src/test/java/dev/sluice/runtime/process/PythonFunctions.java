package dev.sluice.runtime.process;

import dev.sluice.runtime.api.ChildProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Code in Python that a test writes, and the processes that run it. */
final class PythonFunctions implements AutoCloseable {

    /** The answer is what the expression in the event is. */
    private static final String EVALUATES = """
            import asyncio, collections, decimal, enum, json, logging, os, sys, time, uuid
            Point = collections.namedtuple('Point', 'x y')
            class Colour(enum.Enum):
                RED = 1
            class Level(enum.IntEnum):
                LOW = 1
            class Name(str, enum.Enum):
                A = 'a'
            class Listed:
                def _asdict(self):
                    return {'listed': Point(1, None)}
            class Surprise(BaseException):
                pass
            async def later(event, context):
                return 1
            def circle():
                members = []
                members.append(members)
                return members
            def deep():
                members = []
                for _ in range(100000):
                    members = [members]
                return members
            def handler(event, context):
                return eval(event)
            """;

    private final ChildProcesses processes = new ChildProcesses();
    private final Path taskRoot;

    PythonFunctions(Path directory) throws IOException {
        this.taskRoot = Files.createDirectory(directory.resolve("task"));
    }

    Path taskRoot() {
        return taskRoot;
    }

    void write(String file, String code) throws IOException {
        Path path = taskRoot.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, code);
    }

    /** @param variables names and values, one after the other */
    PythonFunction start(String handler, String... variables) throws IOException {
        Map<String, String> more = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            more.put(variables[i], variables[i + 1]);
        }
        return PythonFunction.start(processes, taskRoot, handler, more);
    }

    /** One whose answer is what the expression in the event is. */
    PythonFunction evaluating(String... variables) throws IOException {
        write("app.py", EVALUATES);
        return start("app.handler", variables);
    }

    @Override
    public void close() {
        processes.close();
    }
}
