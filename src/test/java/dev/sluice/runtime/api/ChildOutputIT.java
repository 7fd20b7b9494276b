package dev.sluice.runtime.api;

import static dev.sluice.runtime.api.Children.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.api.Children.Child;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes print: all of it, in order, and there when the invocation is over. */
class ChildOutputIT {

    @TempDir
    Path directory;
    private Children children;

    @BeforeEach
    void open() {
        children = new Children(directory);
    }

    @AfterEach
    void close() {
        children.close();
    }

    @Test
    void allThatWasPrintedBeforeTheAnswerIsThereWhenItReturns() throws IOException {
        Child child = children.python("""
                print('starting', flush=True)
                def handle(event, head, id):
                    for i in range(10000):
                        os.write(1 if i % 2 else 2, b'%s line %d\\n' % (event, i))
                    os.write(1, b'unfinished %s' % event)
                    return b''
                loop(handle)
                """);
        child.process().awaitReady();
        assertThat(child.printed().text()).isEqualTo("starting\n");
        String expected = "starting\n";
        for (String id : new String[] {"a", "b", "c"}) {
            child.invoke(id, id);
            expected += IntStream.range(0, 10_000).mapToObj(i -> id + " line " + i + "\n").collect(Collectors.joining());
            expected += "unfinished " + id;
            assertThat(child.printed().text()).isEqualTo(expected);
        }
    }

    @Test
    void smallPrintsBelongToTheirInvocation() throws IOException {
        Child child = children.python("""
                def handle(event, head, id):
                    os.write(1, event)
                    return ''
                loop(handle)
                """);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            child.invoke("id-" + i, "<" + i + ">");
            expected.append('<').append(i).append('>');
            assertThat(child.printed().text()).isEqualTo(expected.toString());
        }
    }

    @Test
    void bytesArriveAsTheyArePrinted() throws IOException {
        Child child = children.python("""
                def handle(event, head, id):
                    os.write(1, bytes(range(256)) * 100)
                    return ''
                loop(handle)
                """);
        child.invoke("1", "");
        byte[] printed = child.printed().bytes();
        assertThat(printed).hasSize(25_600);
        for (int i = 0; i < printed.length; i++) {
            assertThat(printed[i]).isEqualTo((byte) i);
        }
    }

    @Test
    void allThatWasPrintedBeforeTheEndIsThere() throws IOException {
        for (String end : new String[] {"exit 1", "kill -9 $$"}) {
            Child child = children.bash("for i in {1..20000}; do echo line $i; done; echo -n last; " + end);
            assertThat(child.process().awaitReady()).get().isInstanceOf(Result.Exited.class);
            assertThat(child.printed().text()).startsWith("line 1\n").endsWith("line 20000\nlast");
        }
    }

    @Test
    void whatIsPrintedBeforeTheProcessIsSeenIsNotLost() throws IOException {
        for (int i = 0; i < 30; i++) {
            Child child = children.bash("echo quick");
            assertThat(child.process().awaitReady()).contains(new Result.Exited(null));
            assertThat(child.printed().text()).isEqualTo("quick\n");
        }
    }

    @Test
    void whoSendsItsOutputElsewhereHoldsNothingUp() throws IOException {
        Child child = children.python("""
                os.write(1, b'before')
                file = os.open('log', os.O_WRONLY | os.O_CREAT)
                os.dup2(file, 1)
                os.dup2(file, 2)
                def handle(event, head, id):
                    os.write(1, event)
                    return open('log').read()
                loop(handle)
                """);
        assertThat(text(child.invoke("1", "a"))).isEqualTo("a");
        assertThat(text(child.invoke("2", "b"))).isEqualTo("ab");
        assertThat(child.printed().text()).isEqualTo("before");
    }

    @Test
    void aDescendantThatPrintsAllTheTimeHoldsNothingUp() throws IOException {
        Child child = children.python("""
                subprocess.Popen(['/bin/sh', '-c', 'while true; do echo noise; done'])
                def handle(event, head, id):
                    os.write(1, b'<%s>' % event)
                    return ''
                loop(handle)
                """);
        for (String event : new String[] {"a", "b", "c"}) {
            child.invoke(event, event);
            assertThat(child.printed().text()).contains("<" + event + ">");
        }
        child.process().kill();
        assertThat(child.invoke("d", "d")).isIn(new Result.Exited("signal: killed"), new Result.NotTaken("signal: killed"));
    }

    @Test
    void whatIsPrintedBetweenTwoEventsIsNotLost() throws IOException {
        Child child = children.python("""
                while True:
                    head, event = call('GET', 'invocation/next')
                    call('POST', 'invocation/%s/response' % head.getheader('Lambda-Runtime-Aws-Request-Id'), '')
                    os.write(1, b'after %s;' % event)
                """);
        child.invoke("1", "1");
        child.invoke("2", "2");
        assertThat(child.printed().text()).startsWith("after 1;");
    }
}
