package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

class ObjectDownloadIT {

    private static final GetObjectResponse NO_LENGTH = GetObjectResponse.builder().build();

    @TempDir
    private Path directory;
    private Path file;
    private final AtomicBoolean aborted = new AtomicBoolean();

    @BeforeEach
    void make() throws IOException {
        file = Files.writeString(directory.resolve("code.zip"), "what an attempt before has left");
    }

    private AbortableInputStream body(InputStream content) {
        return AbortableInputStream.create(content, () -> aborted.set(true));
    }

    private AbortableInputStream body(String content) {
        return body(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anAttemptOverwritesTheOneBefore() throws Exception {
        assertThat(new ObjectDownload(file, 5).transform(NO_LENGTH, body("code"))).isTrue();

        assertThat(file).hasContent("code");
        assertThat(aborted).isFalse();
    }

    @Test
    void whatDoesNotSayItsLengthIsCounted() throws Exception {
        assertThat(new ObjectDownload(file, 4).transform(NO_LENGTH, body("code"))).isFalse();

        assertThat(aborted).isTrue();
    }

    @Test
    void whatSaysThatItIsTooLargeIsNotRead() throws Exception {
        AbortableInputStream body = body("code");

        assertThat(new ObjectDownload(file, 4).transform(GetObjectResponse.builder().contentLength(4L).build(), body)).isFalse();

        assertThat(aborted).isTrue();
        assertThat(body.available()).isEqualTo(4);
    }

    @Test
    void aBrokenConnectionIsToBeTriedAgainAndABrokenDiskIsNot() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };
        assertThatThrownBy(() -> new ObjectDownload(file, 5).transform(NO_LENGTH, body(broken)))
                .isInstanceOf(RetryableException.class).hasMessageContaining("reset");
        assertThatThrownBy(() -> new ObjectDownload(directory.resolve("missing/code.zip"), 5).transform(NO_LENGTH, body("code")))
                .isInstanceOf(UncheckedIOException.class).hasCauseInstanceOf(NoSuchFileException.class);
    }
}
