package komhen;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text as komhen takes it, whatever the locale and the platform's own encoding. */
final class Utf8 {
  private Utf8() {}

  /** String.getBytes() would write a question mark for half a character; this refuses it. */
  static byte[] bytes(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] out = new byte[encoded.remaining()];
      encoded.get(out);
      return out;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text holds half a character (a lone surrogate)", e);
    }
  }
}
