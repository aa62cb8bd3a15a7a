package komhen;

/** A call that could not do its work; the message is one sentence for people. */
public final class KomhenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** KOMHEN_E_ARGUMENT of komhen.h; the others stand there. */
  public static final int ARGUMENT = 2;

  private final int status;
  private final long line;
  private final long column;

  KomhenException(int status, String sentence, long line, long column) {
    super(sentence);
    this.status = status;
    this.line = line;
    this.column = column;
  }

  public int status() { return status; }

  /** In the text or file that was wrong, from 1; 0 where there is none. */
  public long line() { return line; }

  /** Likewise, in bytes. */
  public long column() { return column; }
}
