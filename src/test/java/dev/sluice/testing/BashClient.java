package dev.sluice.testing;

import java.nio.file.Path;
import java.util.List;

/** A function of bash that evaluates its events; it needs nothing but bash. */
public final class BashClient {

    public static final Path PROGRAM = Path.of("/bin/bash");
    public static final String FILE = "client.sh";
    /** In a directory that has the script under that name. */
    public static final List<String> COMMAND = List.of(PROGRAM.toString(), FILE);

    /** A runtime client: answers with what the event, a JSON string, prints when it is evaluated. */
    public static final String SCRIPT =
            """
                    #!/bin/bash
                    call() {
                      exec 3<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API%:*}/${AWS_LAMBDA_RUNTIME_API##*:}"
                      printf '%s /2018-06-01/runtime/invocation/%s HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \\
                        "$1" "$2" ${#3} "$3" >&3
                      while IFS= read -r line <&3; do
                        line=${line%$'\\r'}
                        [ -z "$line" ] && break
                        case "${line,,}" in lambda-runtime-aws-request-id:*) id=${line##*: };; esac
                      done
                      IFS= read -r -d '' body <&3
                      exec 3>&-
                    }
                    while true; do
                      call GET next ''
                      event=${body#\\"}
                      answer=$(eval "${event%\\"}" 2>&1)
                      call POST "$id/response" "\\"$answer\\""
                    done
                    """;

    private BashClient() {
    }
}
