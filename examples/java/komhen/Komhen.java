package komhen;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import komhen.Words.Dimension;
import komhen.Words.Measure;
import komhen.Words.Recorded;
import komhen.Words.Undone;

/**
 * komhen for Java over JNA, as far as the example needs it: take it, and add what you need from komhen.h.
 *
 * <p>Handles are closed by try-with-resources, once no thread is in a call on them. A journal may be used from any
 * thread, the others from one thread at a time (komhen.h says more). Texts go in as UTF-8 bytes with their length and
 * come out as pointers, so that neither the locale nor jna.encoding has a say.
 */
public final class Komhen {
  private static final int ABI = 0; // KOMHEN_ABI of the header that this file was written from

  /** libkomhen_c.so, found on jna.library.path or as the dynamic linker finds libraries. */
  private static final Functions C = Native.load("komhen_c", Functions.class);

  static {
    if (C.komhen_abi_version() != ABI)
      throw new UnsatisfiedLinkError("libkomhen_c has another C ABI than this program was written for");
  }

  private Komhen() {}

  // ---- komhen.h, line for line --------------------------------------------------------------------------------

  private interface Functions extends Library {
    int komhen_abi_version();
    Pointer komhen_token(int words, int number);
    Pointer komhen_label(int words, int number, int language);
    Pointer komhen_municipality_name(int code);
    int komhen_per_cent(long numerator, long denominator);

    int komhen_round_load(byte[] idOrPath, long size, PointerByReference out, ErrorData err);
    Pointer komhen_round_id(Pointer round);
    void komhen_round_free(Pointer round);

    int komhen_cube_new(PointerByReference out, ErrorData err);
    int komhen_cube_add_text(Pointer cube, byte[] bytes, long size, CountOptionsData options, OutcomeData outcome,
        ErrorData err);
    void komhen_cube_free(Pointer cube);

    int komhen_query_new(int measure, PointerByReference out, ErrorData err);
    int komhen_query_by(Pointer query, int dimension, ErrorData err);
    int komhen_query_where(Pointer query, int dimension, byte[] value, long size, ErrorData err);
    void komhen_query_free(Pointer query);

    int komhen_measure(Pointer cube, Pointer query, PointerByReference out, ErrorData err);
    long komhen_table_rows(Pointer table);
    Pointer komhen_table_text(Pointer table, long row, long column, LongByReference size);
    int komhen_table_integer(Pointer table, long row, long column, LongByReference out, ErrorData err);
    void komhen_table_free(Pointer table);

    int komhen_journal_open(byte[] path, long size, Pointer options, PointerByReference out, ErrorData err);
    int komhen_journal_record(Pointer journal, RegistrationData event, IntByReference recorded, ErrorData err);
    int komhen_journal_record_many(Pointer journal, RegistrationData[] events, long count, byte[] recorded,
        ErrorData err);
    int komhen_journal_undo(Pointer journal, int municipality, byte[] source, long sourceSize, byte[] eventId,
        long eventIdSize, IntByReference undone, ErrorData err);
    int komhen_journal_count(Pointer journal, CountOptionsData options, PointerByReference out, OutcomeData outcome,
        ErrorData err);
    void komhen_journal_free(Pointer journal);
  }

  // JNA wants structs, their fields and callbacks public.

  @FieldOrder({"structSize", "status", "line", "column", "message"})
  public static class ErrorData extends Structure {
    public int structSize;
    public int status;
    public long line;
    public long column;
    public byte[] message = new byte[1000];

    public ErrorData() { structSize = size(); }

    /** Throws what a call said, if it failed. */
    void check(int outcome) {
      if (outcome != 0) throw new KomhenException(outcome, Native.toString(message, "UTF-8"), line, column);
    }
  }

  @FieldOrder({"structSize", "municipality", "week", "task", "channel", "type", "direction", "closure", "form",
      "reserved", "count", "source", "sourceSize", "unit", "unitSize", "eventId", "eventIdSize"})
  public static class RegistrationData extends Structure {
    public int structSize;
    public int municipality;
    public int week;
    public int task;
    public byte channel;
    public byte type;
    public byte direction;
    public byte closure;
    public byte form;
    public byte[] reserved = new byte[11];
    public long count;
    public Pointer source;
    public long sourceSize;
    public Pointer unit;
    public long unitSize;
    public Pointer eventId;
    public long eventIdSize;

    void set(Contact contact) {
      structSize = size();
      municipality = contact.municipality();
      week = contact.week();
      task = contact.task();
      channel = (byte) contact.channel().number();
      type = (byte) contact.type().number();
      direction = (byte) contact.direction().number();
      closure = (byte) contact.closure().number();
      form = (byte) contact.form().number();
      count = contact.count();
      byte[] text = Utf8.bytes(contact.source());
      source = memory(text);
      sourceSize = text.length;
      text = Utf8.bytes(contact.unit());
      unit = memory(text);
      unitSize = text.length;
      text = Utf8.bytes(contact.eventId());
      eventId = memory(text);
      eventIdSize = text.length;
    }
  }

  @FieldOrder({"structSize", "encoding", "round", "participation", "profile", "rejects", "rejectsSize", "onReject",
      "onRejectData", "onUnreadColumn", "onUnreadColumnData", "progress", "progressData"})
  public static class CountOptionsData extends Structure {
    public int structSize;
    public int encoding;
    public Pointer round;
    public Pointer participation;
    public Pointer profile;
    public Pointer rejects;
    public long rejectsSize;
    public RejectCallback onReject;
    public Pointer onRejectData;
    public Pointer onUnreadColumn;
    public Pointer onUnreadColumnData;
    public Pointer progress;
    public Pointer progressData;

    public CountOptionsData() { structSize = size(); }
  }

  @FieldOrder({"structSize", "encoding", "rowsRead", "rowsAccepted", "contacts", "rejected"})
  public static class OutcomeData extends Structure {
    public int structSize;
    public int encoding;
    public long rowsRead;
    public long rowsAccepted;
    public long contacts;
    public long[] rejected = new long[64];

    public OutcomeData() { structSize = size(); }

    Outcome value() { return new Outcome(rowsRead, rowsAccepted, contacts); }
  }

  @FieldOrder({"structSize", "reason", "line", "file", "fileSize", "column", "text", "textSize"})
  public static class RejectData extends Structure {
    public int structSize;
    public int reason;
    public long line;
    public Pointer file;
    public long fileSize;
    public Pointer column;
    public Pointer text;
    public long textSize;

    public RejectData() {}

    RejectData(Pointer at) {
      super(at);
      read();
    }

    Reject value() { return new Reject(reason, line, string(column), string(text, textSize)); }
  }

  public interface RejectCallback extends Callback {
    void invoke(Pointer reject, Pointer data);
  }

  // ---- words --------------------------------------------------------------------------------------------------

  public static String token(int words, int number) { return string(C.komhen_token(words, number)); }

  public static String label(int words, int number, int language) {
    return string(C.komhen_label(words, number, language));
  }

  public static String municipality(int code) { return string(C.komhen_municipality_name(code)); }

  /** The share in whole per cent, rounded half up; -1 for a share of nothing. */
  public static int perCent(long numerator, long denominator) { return C.komhen_per_cent(numerator, denominator); }

  // ---- handles ------------------------------------------------------------------------------------------------

  private abstract static class Handle implements AutoCloseable {
    private Pointer pointer;

    Handle(PointerByReference out) { pointer = out.getValue(); }

    final synchronized Pointer pointer() {
      if (pointer == null) throw new IllegalStateException("it is closed");
      return pointer;
    }

    abstract void free(Pointer pointer);

    @Override
    public final synchronized void close() {
      if (pointer != null) free(pointer);
      pointer = null;
    }
  }

  /** A counting round: its weeks and rules. */
  public static final class Round extends Handle {
    private Round(PointerByReference out) { super(out); }

    public static Round load(String idOrPath) {
      byte[] text = Utf8.bytes(idOrPath);
      PointerByReference out = new PointerByReference();
      ErrorData err = new ErrorData();
      err.check(C.komhen_round_load(text, text.length, out, err));
      return new Round(out);
    }

    public String id() { return string(C.komhen_round_id(pointer())); }

    @Override void free(Pointer round) { C.komhen_round_free(round); }
  }

  /** An exact tally of contacts. */
  public static final class Cube extends Handle {
    private Cube(PointerByReference out) { super(out); }

    public static Cube create() {
      PointerByReference out = new PointerByReference();
      ErrorData err = new ErrorData();
      err.check(C.komhen_cube_new(out, err));
      return new Cube(out);
    }

    /** Counts a file's text. What onReject throws is thrown when the call is over. */
    public Outcome addText(String file, Consumer<Reject> onReject) {
      byte[] text = Utf8.bytes(file);
      List<RuntimeException> thrown = new ArrayList<>();
      CountOptionsData options = new CountOptionsData();
      // The struct holds the callback, and so it lives as long as the call. JNA would print what it throws and go on.
      options.onReject = (reject, data) -> {
        try {
          if (thrown.isEmpty()) onReject.accept(new RejectData(reject).value());
        } catch (RuntimeException e) {
          thrown.add(e);
        }
      };
      OutcomeData outcome = new OutcomeData();
      ErrorData err = new ErrorData();
      int status = C.komhen_cube_add_text(pointer(), text, text.length, options, outcome, err);
      if (!thrown.isEmpty()) throw thrown.get(0);
      err.check(status);
      return outcome.value();
    }

    public Table measure(Query query) {
      PointerByReference out = new PointerByReference();
      ErrorData err = new ErrorData();
      err.check(C.komhen_measure(pointer(), query.pointer(), out, err));
      return new Table(out);
    }

    @Override void free(Pointer cube) { C.komhen_cube_free(cube); }
  }

  /** What is measured, of what, split how. */
  public static final class Query extends Handle {
    private Query(PointerByReference out) { super(out); }

    public static Query of(Measure measure) {
      PointerByReference out = new PointerByReference();
      ErrorData err = new ErrorData();
      err.check(C.komhen_query_new(measure.number(), out, err));
      return new Query(out);
    }

    public Query by(Dimension dimension) {
      ErrorData err = new ErrorData();
      err.check(C.komhen_query_by(pointer(), dimension.number(), err));
      return this;
    }

    public Query where(Dimension dimension, String value) {
      byte[] text = Utf8.bytes(value);
      ErrorData err = new ErrorData();
      err.check(C.komhen_query_where(pointer(), dimension.number(), text, text.length, err));
      return this;
    }

    @Override void free(Pointer query) { C.komhen_query_free(query); }
  }

  /** Rows and columns. */
  public static final class Table extends Handle {
    private Table(PointerByReference out) { super(out); }

    public long rows() { return C.komhen_table_rows(pointer()); }

    /** The cell as text; null when it holds nothing. */
    public String text(long row, long column) {
      LongByReference size = new LongByReference();
      Pointer text = C.komhen_table_text(pointer(), row, column, size);
      return string(text, size.getValue());
    }

    public long integer(long row, long column) {
      LongByReference out = new LongByReference();
      ErrorData err = new ErrorData();
      err.check(C.komhen_table_integer(pointer(), row, column, out, err));
      return out.getValue();
    }

    @Override void free(Pointer table) { C.komhen_table_free(table); }
  }

  /** Durable counting: what a call has recorded is counted once, for good. Any thread may call. */
  public static final class Journal extends Handle {
    private Journal(PointerByReference out) { super(out); }

    /** Opens the journal, or makes it, and holds it until it is closed. */
    public static Journal open(String path) {
      byte[] text = Utf8.bytes(path);
      PointerByReference out = new PointerByReference();
      ErrorData err = new ErrorData();
      err.check(C.komhen_journal_open(text, text.length, null, out, err));
      return new Journal(out);
    }

    public Recorded record(Contact contact) {
      RegistrationData data = new RegistrationData();
      data.set(contact);
      IntByReference recorded = new IntByReference();
      ErrorData err = new ErrorData();
      err.check(C.komhen_journal_record(pointer(), data, recorded, err));
      return Recorded.of(recorded.getValue());
    }

    /** Records many with one sync: all of them or, when it throws, none. */
    public List<Recorded> record(List<Contact> contacts) {
      if (contacts.isEmpty()) return List.of();
      RegistrationData[] data = (RegistrationData[]) new RegistrationData().toArray(contacts.size());
      for (int i = 0; i < data.length; ++i) data[i].set(contacts.get(i));
      byte[] recorded = new byte[data.length];
      ErrorData err = new ErrorData();
      err.check(C.komhen_journal_record_many(pointer(), data, data.length, recorded, err));
      List<Recorded> out = new ArrayList<>();
      for (byte became : recorded) out.add(Recorded.of(became));
      return out;
    }

    public Undone undo(int municipality, String source, String eventId) {
      byte[] from = Utf8.bytes(source);
      byte[] id = Utf8.bytes(eventId);
      IntByReference undone = new IntByReference();
      ErrorData err = new ErrorData();
      err.check(C.komhen_journal_undo(pointer(), municipality, from, from.length, id, id.length, undone, err));
      return Undone.of(undone.getValue());
    }

    /** The contacts that count, under the rules of the round; outcome[0] is set. */
    public Cube count(Round round, Outcome[] outcome) {
      CountOptionsData options = new CountOptionsData();
      options.round = round.pointer();
      PointerByReference out = new PointerByReference();
      OutcomeData data = new OutcomeData();
      ErrorData err = new ErrorData();
      err.check(C.komhen_journal_count(pointer(), options, out, data, err));
      outcome[0] = data.value();
      return new Cube(out);
    }

    @Override void free(Pointer journal) { C.komhen_journal_free(journal); }
  }

  // ---- text ---------------------------------------------------------------------------------------------------

  /** Bytes outside the Java heap; freed when nothing refers to them any more. */
  private static Memory memory(byte[] text) {
    if (text.length == 0) return null; // the empty text
    Memory out = new Memory(text.length);
    out.write(0, text, 0, text.length);
    return out;
  }

  private static String string(Pointer text) { return text == null ? null : text.getString(0, "UTF-8"); }

  private static String string(Pointer text, long size) {
    return text == null ? null : new String(text.getByteArray(0, Math.toIntExact(size)), StandardCharsets.UTF_8);
  }
}
