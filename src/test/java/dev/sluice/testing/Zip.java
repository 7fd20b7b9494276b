package dev.sluice.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zips by hand, also such as no honest tool makes. */
public final class Zip {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<byte[]> directory = new ArrayList<>();

    public Zip file(String name, String content) {
        return entry(name, content.getBytes(StandardCharsets.UTF_8), 0100644, false);
    }

    public Zip file(String name, byte[] content) {
        return entry(name, content, 0100644, false);
    }

    public Zip executable(String name, String content) {
        return entry(name, content.getBytes(StandardCharsets.UTF_8), 0100755, false);
    }

    public Zip link(String name, String target) {
        return entry(name, target.getBytes(StandardCharsets.UTF_8), 0120777, false);
    }

    public Zip wrongChecksum(String name, String content) {
        return entry(name, content.getBytes(StandardCharsets.UTF_8), 0100644, true);
    }

    private Zip entry(String name, byte[] content, int mode, boolean wrongChecksum) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(content);
        int checksum = (int) crc.getValue() + (wrongChecksum ? 1 : 0);
        byte[] deflated = deflate(content);
        int offset = out.size();
        ByteBuffer local = buffer(30).putInt(0x04034b50).putShort((short) 20).putShort((short) 0x800).putShort((short) 8).putInt(0)
                .putInt(checksum).putInt(deflated.length).putInt(content.length)
                .putShort((short) nameBytes.length).putShort((short) 0);
        write(local.array(), nameBytes, deflated);
        ByteBuffer central = buffer(46).putInt(0x02014b50).putShort((short) (3 << 8 | 20)).putShort((short) 20).putShort((short) 0x800)
                .putShort((short) 8).putInt(0).putInt(checksum).putInt(deflated.length).putInt(content.length)
                .putShort((short) nameBytes.length).putShort((short) 0).putShort((short) 0).putShort((short) 0).putShort((short) 0)
                .putInt(mode << 16).putInt(offset);
        directory.add(central.array());
        directory.add(nameBytes);
        return this;
    }

    public byte[] bytes() {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try {
            out.writeTo(zip);
            int start = zip.size();
            for (byte[] part : directory) {
                zip.write(part);
            }
            int entries = directory.size() / 2;
            zip.write(buffer(22).putInt(0x06054b50).putInt(0).putShort((short) entries).putShort((short) entries)
                    .putInt(zip.size() - start).putInt(start).putShort((short) 0).array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zip.toByteArray();
    }

    private void write(byte[]... parts) {
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                deflated.write(buffer, 0, deflater.deflate(buffer));
            }
            return deflated.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
