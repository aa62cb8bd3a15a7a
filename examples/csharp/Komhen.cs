// komhen for .NET, as far as the example needs it: take it, and add what you need from komhen.h. C# 7, no unsafe code.
//
// Journal, Cube, Round, Query and Table are SafeHandles: dispose of them; one that is forgotten is freed by its
// finaliser. A journal may be used from any thread, the others from one thread at a time (komhen.h says more).
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Komhen {
  /// <summary>A call that could not do its work; Message is one sentence for people.</summary>
  public sealed class KomhenException : Exception {
    internal KomhenException(Status status, string sentence, long line, long column) : base(sentence) {
      Status = status;
      Line = line;
      Column = column;
    }
    public Status Status { get; }
    public long Line { get; }    // in the text or file that was wrong, from 1; 0 where there is none
    public long Column { get; }  // likewise, in bytes
  }

  /// <summary>One or more equal contacts.</summary>
  public sealed class Contact {
    public int Municipality { get; set; }  // code: Ærø is 492
    public int Week { get; set; }          // 2012-W17 is 201217
    public int Task { get; set; }          // 23.05.10 is 230510
    public Channel Channel { get; set; }
    public ContactType Type { get; set; }
    public Direction Direction { get; set; }
    public Closure Closure { get; set; }
    public Form Form { get; set; }
    public long Count { get; set; } = 1;
    public string Source { get; set; } = "";
    public string Unit { get; set; } = "";
    public string EventId { get; set; } = "";
  }

  /// <summary>What became of the rows of a call.</summary>
  public sealed class Outcome {
    internal Outcome(IntPtr data) {
      RowsRead = Marshal.ReadInt64(data, 8);
      RowsAccepted = Marshal.ReadInt64(data, 16);
      Contacts = Marshal.ReadInt64(data, 24);
    }
    public long RowsRead { get; }
    public long RowsAccepted { get; }
    public long Contacts { get; }
  }

  /// <summary>A row that was left out.</summary>
  public sealed class Reject {
    internal Reject(IntPtr data) {
      var reject = (RejectData)Marshal.PtrToStructure(data, typeof(RejectData));
      Reason = reject.Reason;
      Line = reject.Line;
      Column = Utf8.Read(reject.Column);
      Text = Utf8.Read(reject.Text, reject.TextSize);
    }
    public int Reason { get; }
    public long Line { get; }
    public string Column { get; }  // null where there is none
    public string Text { get; }    // likewise; masked where it looks personal
  }

  /// <summary>The method's words.</summary>
  public static class Method {
    public static string Token(Words words, int number) => Utf8.Read(Native.komhen_token((int)words, number));
    public static string Label(Words words, int number, Language language) =>
        Utf8.Read(Native.komhen_label((int)words, number, (int)language));
    public static string Municipality(int code) => Utf8.Read(Native.komhen_municipality_name(code));
    /// <summary>The share in whole per cent, rounded half up; -1 for a share of nothing.</summary>
    public static int PerCent(long part, long whole) => Native.komhen_per_cent(part, whole);
  }

  public abstract class Handle : SafeHandle {
    internal Handle() : base(IntPtr.Zero, true) {
      if (Native.komhen_abi_version() != Native.Abi)
        throw new DllNotFoundException("libkomhen_c has another C ABI than this program was written for");
    }
    public override bool IsInvalid => handle == IntPtr.Zero;
  }

  /// <summary>A counting round: its weeks and rules.</summary>
  public sealed class Round : Handle {
    private Round() {}
    protected override bool ReleaseHandle() { Native.komhen_round_free(handle); return true; }

    public static Round Load(string idOrPath) {
      var name = Utf8.Bytes(idOrPath);
      using (var call = new Call()) {
        call.Check(Native.komhen_round_load(name, name.LongLength, out var round, call.Error));
        return round;
      }
    }
    public string Id {
      get {
        var id = Utf8.Read(Native.komhen_round_id(this));
        GC.KeepAlive(this);  // the text is the handle's: it must not be finalised before the text is read
        return id;
      }
    }
  }

  /// <summary>An exact tally of contacts.</summary>
  public sealed class Cube : Handle {
    private Cube() {}
    protected override bool ReleaseHandle() { Native.komhen_cube_free(handle); return true; }

    public static Cube New() {
      using (var call = new Call()) {
        call.Check(Native.komhen_cube_new(out var cube, call.Error));
        return cube;
      }
    }

    /// <summary>Counts a file's text. What onReject throws is thrown when the call is over.</summary>
    public Outcome AddText(string file, Action<Reject> onReject = null) {
      var bytes = Utf8.Bytes(file);
      Exception thrown = null;
      Native.RejectCallback callback = (reject, data) => {
        try {  // no exception may cross C
          if (thrown == null) onReject(new Reject(reject));
        } catch (Exception e) {
          thrown = e;
        }
      };
      using (var call = new Call()) {
        var options = CountOptions();
        if (onReject != null) options.OnReject = Marshal.GetFunctionPointerForDelegate(callback);
        var outcome = call.Struct(Native.OutcomeSize);
        var status = Native.komhen_cube_add_text(this, bytes, bytes.LongLength, ref options, outcome, call.Error);
        GC.KeepAlive(callback);  // C's pointer does not keep the delegate: without this it could be collected
        if (thrown != null) throw new InvalidOperationException("onReject threw", thrown);
        call.Check(status);
        return new Outcome(outcome);
      }
    }
    public long Contacts => Native.komhen_cube_contacts(this);

    public Table Measure(Query query) {
      using (var call = new Call()) {
        call.Check(Native.komhen_measure(this, query, out var table, call.Error));
        return table;
      }
    }
    internal static CountOptionsData CountOptions() =>
        new CountOptionsData { StructSize = (uint)Marshal.SizeOf(typeof(CountOptionsData)) };
  }

  /// <summary>What is measured, of what, split how.</summary>
  public sealed class Query : Handle {
    private Query() {}
    protected override bool ReleaseHandle() { Native.komhen_query_free(handle); return true; }

    public static Query Of(Measure measure) {
      using (var call = new Call()) {
        call.Check(Native.komhen_query_new((int)measure, out var query, call.Error));
        return query;
      }
    }
    public Query By(Dimension dimension) {
      using (var call = new Call()) call.Check(Native.komhen_query_by(this, (int)dimension, call.Error));
      return this;
    }
    public Query Where(Dimension dimension, string value) {
      var bytes = Utf8.Bytes(value);
      using (var call = new Call())
        call.Check(Native.komhen_query_where(this, (int)dimension, bytes, bytes.LongLength, call.Error));
      return this;
    }
  }

  /// <summary>Rows and columns.</summary>
  public sealed class Table : Handle {
    private Table() {}
    protected override bool ReleaseHandle() { Native.komhen_table_free(handle); return true; }

    public long Rows => Native.komhen_table_rows(this);
    /// <summary>The cell as text; null when it holds nothing.</summary>
    public string Text(long row, long column) {
      var text = Utf8.Read(Native.komhen_table_text(this, row, column, out var size), size);
      GC.KeepAlive(this);
      return text;
    }
    public long Integer(long row, long column) {
      using (var call = new Call()) {
        call.Check(Native.komhen_table_integer(this, row, column, out var value, call.Error));
        return value;
      }
    }
  }

  /// <summary>Durable counting: what a call has recorded is counted once, for good. Any thread may call.</summary>
  public sealed class Journal : Handle {
    private Journal() {}
    protected override bool ReleaseHandle() { Native.komhen_journal_free(handle); return true; }

    /// <summary>Opens the journal, or makes it, and holds it until it is disposed of.</summary>
    public static Journal Open(string path) {
      var name = Utf8.Bytes(path);
      using (var call = new Call()) {
        call.Check(Native.komhen_journal_open(name, name.LongLength, IntPtr.Zero, out var journal, call.Error));
        return journal;
      }
    }
    public Recorded Record(Contact contact) {
      using (var call = new Call()) {
        var data = call.Registration(contact);
        call.Check(Native.komhen_journal_record(this, ref data, out var recorded, call.Error));
        return (Recorded)recorded;
      }
    }
    /// <summary>Records many with one sync: all of them or, when it throws, none.</summary>
    public Recorded[] Record(IList<Contact> contacts) {
      using (var call = new Call()) {
        var data = new RegistrationData[contacts.Count];
        for (var i = 0; i < data.Length; ++i) data[i] = call.Registration(contacts[i]);
        var recorded = new byte[data.Length];
        call.Check(Native.komhen_journal_record_many(this, data, data.LongLength, recorded, call.Error));
        return Array.ConvertAll(recorded, became => (Recorded)became);
      }
    }
    public Undone Undo(int municipality, string source, string eventId) {
      byte[] from = Utf8.Bytes(source), id = Utf8.Bytes(eventId);
      using (var call = new Call()) {
        call.Check(Native.komhen_journal_undo(this, municipality, from, from.LongLength, id, id.LongLength,
                                              out var undone, call.Error));
        return (Undone)undone;
      }
    }
    /// <summary>The contacts that count, under the rules of the round.</summary>
    public Cube Count(Round round, out Outcome outcome) {
      using (var call = new Call()) {
        var options = Cube.CountOptions();
        options.Round = call.Hold(round);
        var data = call.Struct(Native.OutcomeSize);
        call.Check(Native.komhen_journal_count(this, ref options, out var cube, data, call.Error));
        outcome = new Outcome(data);
        return cube;
      }
    }
  }

  internal static class Utf8 {
    // Throws for half a character rather than writing another one in its place.
    private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

    internal static byte[] Bytes(string text) => Strict.GetBytes(text);

    internal static string Read(IntPtr text, long size) {
      if (text == IntPtr.Zero) return null;
      var bytes = new byte[size];
      Marshal.Copy(text, bytes, 0, bytes.Length);
      return Strict.GetString(bytes);
    }
    internal static string Read(IntPtr text) {
      if (text == IntPtr.Zero) return null;
      var size = 0;
      while (Marshal.ReadByte(text, size) != 0) ++size;
      return Read(text, size);
    }
  }

  // What one call needs outside the managed heap: the place for its error, and what its structs point to.
  internal sealed class Call : IDisposable {
    private readonly List<IntPtr> memory = new List<IntPtr>();
    private readonly List<SafeHandle> held = new List<SafeHandle>();
    internal readonly IntPtr Error;

    internal Call() { Error = Struct(Native.ErrorSize); }

    // Zeroed, with its size in front as every struct of komhen.h has it.
    internal IntPtr Struct(int size) {
      var place = Bytes(new byte[size]);
      Marshal.WriteInt32(place, size);
      return place;
    }
    private IntPtr Bytes(byte[] bytes) {
      var place = Marshal.AllocHGlobal(bytes.Length);
      memory.Add(place);
      Marshal.Copy(bytes, 0, place, bytes.Length);
      return place;
    }
    private IntPtr Text(string text, out long size) {
      var bytes = Utf8.Bytes(text);
      size = bytes.LongLength;
      return Bytes(bytes);
    }
    internal RegistrationData Registration(Contact contact) {
      var data = new RegistrationData {
        StructSize = (uint)Marshal.SizeOf(typeof(RegistrationData)),
        Municipality = contact.Municipality,
        Week = contact.Week,
        Task = contact.Task,
        Channel = (byte)contact.Channel,
        Type = (byte)contact.Type,
        Direction = (byte)contact.Direction,
        Closure = (byte)contact.Closure,
        Form = (byte)contact.Form,
        Count = contact.Count,
      };
      data.Source = Text(contact.Source, out data.SourceSize);
      data.Unit = Text(contact.Unit, out data.UnitSize);
      data.EventId = Text(contact.EventId, out data.EventIdSize);
      return data;
    }
    // A handle inside a struct: the marshaller does not see it, so it is held here.
    internal IntPtr Hold(SafeHandle handle) {
      var added = false;
      handle.DangerousAddRef(ref added);
      if (added) held.Add(handle);
      return handle.DangerousGetHandle();
    }
    internal void Check(int status) {
      if (status == 0) return;
      throw new KomhenException((Status)status, Utf8.Read(IntPtr.Add(Error, 24)), Marshal.ReadInt64(Error, 8),
                                Marshal.ReadInt64(Error, 16));
    }
    public void Dispose() {
      foreach (var handle in held) handle.DangerousRelease();
      foreach (var place in memory) Marshal.FreeHGlobal(place);
    }
  }
}
