package dev.sluice.api.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Which JSON object does a body spell? What is wrong with one that spells none is said in words of our own, not of the parser. */
public final class BodyJson {

    private static final int FIRST_BYTES = 4;

    private BodyJson() {
    }

    /** Why a body is no JSON object; the message goes on from {@code The body }. */
    public static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        private Unreadable(String message) {
            super(message);
        }
    }

    public static ObjectNode object(byte[] bytes) throws Unreadable {
        requireUtf8(bytes);
        try {
            JsonNode node = Json.MAPPER.readTree(bytes);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new Unreadable("must be a JSON object" + (node.isMissingNode() ? "" : ", not " + node.getNodeType()));
        } catch (StreamConstraintsException e) {
            throw new Unreadable("is nested too deeply, or has too long a number or name");
        } catch (JsonEOFException e) {
            throw new Unreadable("is no JSON: it ends in the middle" + where(e));
        } catch (MismatchedInputException e) {
            throw new Unreadable("is no JSON: more follows the end of the object" + where(e));
        } catch (JsonProcessingException e) {
            throw new Unreadable("is no JSON: unexpected text" + where(e));
        } catch (IOException e) {
            // Bytes that begin as UTF-16 or UTF-32 and don't go on so.
            throw new Unreadable("is no JSON: its bytes are in no Unicode encoding");
        }
    }

    private static String where(JsonProcessingException e) {
        JsonLocation place = e.getLocation();
        return place == null || place.getLineNr() < 1 ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    /** The parser takes longer spellings of characters than UTF-8 allows, and halves of surrogate pairs. */
    public static void requireUtf8(byte[] bytes) throws Unreadable {
        if (isUtf16Or32(bytes)) {
            return;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(8 * 1024);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        if (result.isError()) {
            throw new Unreadable("is no JSON: what follows its first " + in.position() + " bytes is no UTF-8");
        }
    }

    /** As the parser tells them apart: by a mark of the order of bytes, or by the zeros beside the first character. */
    private static boolean isUtf16Or32(byte[] bytes) {
        if (bytes.length >= 2
                && (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF || bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE)) {
            return true;
        }
        for (int i = 0; i < Math.min(bytes.length, FIRST_BYTES); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
