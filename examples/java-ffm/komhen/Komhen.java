package komhen;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import komhen.Words.Dimension;
import komhen.Words.Measure;
import komhen.Words.Recorded;
import komhen.Words.Undone;

/**
 * komhen for Java 22 and later over java.lang.foreign: the same class as java/komhen/Komhen.java, without JNA.
 *
 * <p>Handles are closed by try-with-resources, once no thread is in a call on them. A journal may be used from any
 * thread, the others from one thread at a time (komhen.h says more). What one call points to lives in an arena that is
 * closed when the call is over.
 */
public final class Komhen {
  private static final int ABI = 0; // KOMHEN_ABI of the header that this file was written from

  private static final Functions C = bind();

  static {
    if (C.komhen_abi_version() != ABI)
      throw new UnsatisfiedLinkError("libkomhen_c has another C ABI than this program was written for");
  }

  private Komhen() {}

  // ---- komhen.h, line for line: a pointer is a MemorySegment --------------------------------------------------

  private interface Functions {
    int komhen_abi_version();
    MemorySegment komhen_token(int words, int number);
    MemorySegment komhen_label(int words, int number, int language);
    MemorySegment komhen_municipality_name(int code);
    int komhen_per_cent(long numerator, long denominator);

    int komhen_round_load(MemorySegment idOrPath, long size, MemorySegment out, MemorySegment err);
    MemorySegment komhen_round_id(MemorySegment round);
    void komhen_round_free(MemorySegment round);

    int komhen_cube_new(MemorySegment out, MemorySegment err);
    int komhen_cube_add_text(MemorySegment cube, MemorySegment bytes, long size, MemorySegment options,
        MemorySegment outcome, MemorySegment err);
    void komhen_cube_free(MemorySegment cube);

    int komhen_query_new(int measure, MemorySegment out, MemorySegment err);
    int komhen_query_by(MemorySegment query, int dimension, MemorySegment err);
    int komhen_query_where(MemorySegment query, int dimension, MemorySegment value, long size, MemorySegment err);
    void komhen_query_free(MemorySegment query);

    int komhen_measure(MemorySegment cube, MemorySegment query, MemorySegment out, MemorySegment err);
    long komhen_table_rows(MemorySegment table);
    MemorySegment komhen_table_text(MemorySegment table, long row, long column, MemorySegment size);
    int komhen_table_integer(MemorySegment table, long row, long column, MemorySegment out, MemorySegment err);
    void komhen_table_free(MemorySegment table);

    int komhen_journal_open(MemorySegment path, long size, MemorySegment options, MemorySegment out,
        MemorySegment err);
    int komhen_journal_record(MemorySegment journal, MemorySegment event, MemorySegment recorded, MemorySegment err);
    int komhen_journal_record_many(MemorySegment journal, MemorySegment events, long count, MemorySegment recorded,
        MemorySegment err);
    int komhen_journal_undo(MemorySegment journal, int municipality, MemorySegment source, long sourceSize,
        MemorySegment eventId, long eventIdSize, MemorySegment undone, MemorySegment err);
    int komhen_journal_count(MemorySegment journal, MemorySegment options, MemorySegment out, MemorySegment outcome,
        MemorySegment err);
    void komhen_journal_free(MemorySegment journal);
  }

  /**
   * Every function above, found in the library and called through a proxy. That costs a microsecond a call, which a
   * sync outweighs a hundredfold; where calls are many and small, keep the MethodHandle and use invokeExact().
   */
  private static Functions bind() {
    SymbolLookup library = SymbolLookup.libraryLookup(System.mapLibraryName("komhen_c"), Arena.global());
    Map<Method, MethodHandle> handles = new HashMap<>();
    for (Method method : Functions.class.getDeclaredMethods()) {
      MemoryLayout[] arguments = Arrays.stream(method.getParameterTypes()).map(Komhen::layout)
          .toArray(MemoryLayout[]::new);
      FunctionDescriptor shape = method.getReturnType() == void.class ? FunctionDescriptor.ofVoid(arguments)
          : FunctionDescriptor.of(layout(method.getReturnType()), arguments);
      MemorySegment address = library.find(method.getName())
          .orElseThrow(() -> new UnsatisfiedLinkError("libkomhen_c has no " + method.getName()));
      handles.put(method, Linker.nativeLinker().downcallHandle(address, shape));
    }
    return (Functions) Proxy.newProxyInstance(Functions.class.getClassLoader(), new Class<?>[] {Functions.class},
        (proxy, method, arguments) -> handles.get(method)
            .invokeWithArguments(arguments == null ? new Object[0] : arguments));
  }

  private static MemoryLayout layout(Class<?> type) {
    return type == int.class ? JAVA_INT : type == long.class ? JAVA_LONG : ADDRESS;
  }

  // Structs of komhen.h: their sizes, and where their fields stand.

  private static final long REGISTRATION = 88;
  private static final long COUNT_OPTIONS = 96;
  private static final long OUTCOME = 544;
  private static final long ERROR = 1024;
  private static final long REJECT = 56;

  private static void set(MemorySegment data, Contact contact, Call call) {
    data.set(JAVA_INT, 0, (int) REGISTRATION);
    data.set(JAVA_INT, 4, contact.municipality());
    data.set(JAVA_INT, 8, contact.week());
    data.set(JAVA_INT, 12, contact.task());
    data.set(JAVA_BYTE, 16, (byte) contact.channel().number());
    data.set(JAVA_BYTE, 17, (byte) contact.type().number());
    data.set(JAVA_BYTE, 18, (byte) contact.direction().number());
    data.set(JAVA_BYTE, 19, (byte) contact.closure().number());
    data.set(JAVA_BYTE, 20, (byte) contact.form().number()); // reserved[11] behind it
    data.set(JAVA_LONG, 32, contact.count());
    setText(data, 40, call.text(contact.source()));
    setText(data, 56, call.text(contact.unit()));
    setText(data, 72, call.text(contact.eventId()));
  }

  private static void setText(MemorySegment data, long offset, MemorySegment text) {
    data.set(ADDRESS, offset, text);
    data.set(JAVA_LONG, offset + 8, text.byteSize());
  }

  private static Outcome outcome(MemorySegment data) {
    return new Outcome(data.get(JAVA_LONG, 8), data.get(JAVA_LONG, 16), data.get(JAVA_LONG, 24));
  }

  private static Reject reject(MemorySegment pointer) {
    MemorySegment data = pointer.reinterpret(REJECT);
    return new Reject(data.get(JAVA_INT, 4), data.get(JAVA_LONG, 8), string(data.get(ADDRESS, 32)),
        string(data.get(ADDRESS, 40), data.get(JAVA_LONG, 48)));
  }

  /** What one call needs outside the Java heap: its error, where its results come, and what it points to. */
  private static final class Call implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    final MemorySegment err = struct(ERROR);
    final MemorySegment out = arena.allocate(8, 8); // a pointer, an int64_t or an int32_t

    /** Zeroed, with its size in front as every struct of komhen.h has it. */
    MemorySegment struct(long size) {
      MemorySegment data = arena.allocate(size, 8);
      data.set(JAVA_INT, 0, (int) size);
      return data;
    }

    MemorySegment array(long size, long count) { return arena.allocate(size * count, 8); }

    MemorySegment text(String text) { return arena.allocateFrom(JAVA_BYTE, Utf8.bytes(text)); }

    MemorySegment callback(Consumer<MemorySegment> target) {
      try {
        MethodHandle accept = MethodHandles.lookup().findStatic(Komhen.class, "called",
            MethodType.methodType(void.class, Consumer.class, MemorySegment.class, MemorySegment.class));
        return Linker.nativeLinker().upcallStub(accept.bindTo(target), FunctionDescriptor.ofVoid(ADDRESS, ADDRESS),
            arena);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("a method of this class was not found", e);
      }
    }

    void check(int status) {
      if (status != 0)
        throw new KomhenException(status, err.getString(24), err.get(JAVA_LONG, 8), err.get(JAVA_LONG, 16));
    }

    MemorySegment handle() { return out.get(ADDRESS, 0); }

    @Override public void close() { arena.close(); }
  }

  private static void called(Consumer<MemorySegment> target, MemorySegment reject, MemorySegment data) {
    target.accept(reject);
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
    private MemorySegment pointer;

    Handle(Call call) { pointer = call.handle(); }

    final synchronized MemorySegment pointer() {
      if (pointer == null) throw new IllegalStateException("it is closed");
      return pointer;
    }

    abstract void free(MemorySegment pointer);

    @Override
    public final synchronized void close() {
      if (pointer != null) free(pointer);
      pointer = null;
    }
  }

  /** A counting round: its weeks and rules. */
  public static final class Round extends Handle {
    private Round(Call call) { super(call); }

    public static Round load(String idOrPath) {
      try (Call call = new Call()) {
        MemorySegment text = call.text(idOrPath);
        call.check(C.komhen_round_load(text, text.byteSize(), call.out, call.err));
        return new Round(call);
      }
    }

    public String id() { return string(C.komhen_round_id(pointer())); }

    @Override void free(MemorySegment round) { C.komhen_round_free(round); }
  }

  /** An exact tally of contacts. */
  public static final class Cube extends Handle {
    private Cube(Call call) { super(call); }

    public static Cube create() {
      try (Call call = new Call()) {
        call.check(C.komhen_cube_new(call.out, call.err));
        return new Cube(call);
      }
    }

    /** Counts a file's text. What onReject throws is thrown when the call is over. */
    public Outcome addText(String file, Consumer<Reject> onReject) {
      List<Throwable> thrown = new ArrayList<>();
      try (Call call = new Call()) {
        MemorySegment text = call.text(file);
        MemorySegment options = call.struct(COUNT_OPTIONS);
        options.set(ADDRESS, 48, call.callback(pointer -> {
          try { // what a callback throws ends the virtual machine
            if (thrown.isEmpty()) onReject.accept(reject(pointer));
          } catch (Throwable e) {
            thrown.add(e);
          }
        }));
        MemorySegment outcome = call.struct(OUTCOME);
        int status = C.komhen_cube_add_text(pointer(), text, text.byteSize(), options, outcome, call.err);
        if (!thrown.isEmpty()) throw new IllegalStateException("onReject threw", thrown.get(0));
        call.check(status);
        return outcome(outcome);
      }
    }

    public Table measure(Query query) {
      try (Call call = new Call()) {
        call.check(C.komhen_measure(pointer(), query.pointer(), call.out, call.err));
        return new Table(call);
      }
    }

    @Override void free(MemorySegment cube) { C.komhen_cube_free(cube); }
  }

  /** What is measured, of what, split how. */
  public static final class Query extends Handle {
    private Query(Call call) { super(call); }

    public static Query of(Measure measure) {
      try (Call call = new Call()) {
        call.check(C.komhen_query_new(measure.number(), call.out, call.err));
        return new Query(call);
      }
    }

    public Query by(Dimension dimension) {
      try (Call call = new Call()) {
        call.check(C.komhen_query_by(pointer(), dimension.number(), call.err));
        return this;
      }
    }

    public Query where(Dimension dimension, String value) {
      try (Call call = new Call()) {
        MemorySegment text = call.text(value);
        call.check(C.komhen_query_where(pointer(), dimension.number(), text, text.byteSize(), call.err));
        return this;
      }
    }

    @Override void free(MemorySegment query) { C.komhen_query_free(query); }
  }

  /** Rows and columns. */
  public static final class Table extends Handle {
    private Table(Call call) { super(call); }

    public long rows() { return C.komhen_table_rows(pointer()); }

    /** The cell as text; null when it holds nothing. */
    public String text(long row, long column) {
      try (Call call = new Call()) {
        MemorySegment text = C.komhen_table_text(pointer(), row, column, call.out);
        return string(text, call.out.get(JAVA_LONG, 0));
      }
    }

    public long integer(long row, long column) {
      try (Call call = new Call()) {
        call.check(C.komhen_table_integer(pointer(), row, column, call.out, call.err));
        return call.out.get(JAVA_LONG, 0);
      }
    }

    @Override void free(MemorySegment table) { C.komhen_table_free(table); }
  }

  /** Durable counting: what a call has recorded is counted once, for good. Any thread may call. */
  public static final class Journal extends Handle {
    private Journal(Call call) { super(call); }

    /** Opens the journal, or makes it, and holds it until it is closed. */
    public static Journal open(String path) {
      try (Call call = new Call()) {
        MemorySegment text = call.text(path);
        call.check(C.komhen_journal_open(text, text.byteSize(), MemorySegment.NULL, call.out, call.err));
        return new Journal(call);
      }
    }

    public Recorded record(Contact contact) {
      try (Call call = new Call()) {
        MemorySegment data = call.struct(REGISTRATION);
        set(data, contact, call);
        call.check(C.komhen_journal_record(pointer(), data, call.out, call.err));
        return Recorded.of(call.out.get(JAVA_INT, 0));
      }
    }

    /** Records many with one sync: all of them or, when it throws, none. */
    public List<Recorded> record(List<Contact> contacts) {
      try (Call call = new Call()) {
        MemorySegment data = call.array(REGISTRATION, contacts.size());
        for (int i = 0; i < contacts.size(); ++i)
          set(data.asSlice(i * REGISTRATION, REGISTRATION), contacts.get(i), call);
        MemorySegment recorded = call.array(1, contacts.size());
        call.check(C.komhen_journal_record_many(pointer(), data, contacts.size(), recorded, call.err));
        List<Recorded> out = new ArrayList<>();
        for (int i = 0; i < contacts.size(); ++i) out.add(Recorded.of(recorded.get(JAVA_BYTE, i)));
        return out;
      }
    }

    public Undone undo(int municipality, String source, String eventId) {
      try (Call call = new Call()) {
        MemorySegment from = call.text(source);
        MemorySegment id = call.text(eventId);
        call.check(C.komhen_journal_undo(pointer(), municipality, from, from.byteSize(), id, id.byteSize(), call.out,
            call.err));
        return Undone.of(call.out.get(JAVA_INT, 0));
      }
    }

    /** The contacts that count, under the rules of the round; outcome[0] is set. */
    public Cube count(Round round, Outcome[] outcome) {
      try (Call call = new Call()) {
        MemorySegment options = call.struct(COUNT_OPTIONS);
        options.set(ADDRESS, 8, round.pointer());
        MemorySegment data = call.struct(OUTCOME);
        call.check(C.komhen_journal_count(pointer(), options, call.out, data, call.err));
        outcome[0] = outcome(data);
        return new Cube(call);
      }
    }

    @Override void free(MemorySegment journal) { C.komhen_journal_free(journal); }
  }

  // ---- text ---------------------------------------------------------------------------------------------------

  private static boolean isNull(MemorySegment pointer) { return pointer.address() == 0; }

  private static String string(MemorySegment text) {
    return isNull(text) ? null : text.reinterpret(Long.MAX_VALUE).getString(0); // UTF-8, up to its NUL
  }

  private static String string(MemorySegment text, long size) {
    return isNull(text) ? null
        : new String(text.reinterpret(size).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
