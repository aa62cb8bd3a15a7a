// komhen.h as C# sees it, line for line: the functions that Komhen.cs uses, and their structs.
//
// Texts go in as UTF-8 bytes with their length, and come out as pointers: the marshaller's own strings would be in
// another encoding, and it would free what is borrowed. A SafeHandle as an argument keeps the handle from being freed
// during the call. C's int32_t is int, its int64_t long, its uint8_t byte.
using System;
using System.Runtime.InteropServices;

namespace Komhen {
  [StructLayout(LayoutKind.Sequential)]
  internal struct RegistrationData {
    public uint StructSize;
    public int Municipality, Week, Task;
    public byte Channel, Type, Direction, Closure, Form;
    private readonly byte reserved1;  // uint8_t reserved[11]
    private readonly ushort reserved2;
    private readonly ulong reserved8;
    public long Count;
    public IntPtr Source;
    public long SourceSize;
    public IntPtr Unit;
    public long UnitSize;
    public IntPtr EventId;
    public long EventIdSize;
  }

  [StructLayout(LayoutKind.Sequential)]
  internal struct CountOptionsData {
    public uint StructSize;
    public int Encoding;
    public IntPtr Round, Participation, Profile, Rejects;
    public long RejectsSize;
    public IntPtr OnReject, OnRejectData, OnUnreadColumn, OnUnreadColumnData, Progress, ProgressData;
  }

  [StructLayout(LayoutKind.Sequential)]
  internal struct RejectData {
    public uint StructSize;
    public int Reason;
    public long Line;
    public IntPtr File;
    public long FileSize;
    public IntPtr Column, Text;
    public long TextSize;
  }

  internal static class Native {
    // libkomhen_c.so on Linux, found as the dynamic linker finds libraries (LD_LIBRARY_PATH among them).
    private const string Library = "komhen_c";
    private const CallingConvention C = CallingConvention.Cdecl;

    internal const int Abi = 0;            // KOMHEN_ABI of the header that this file was written from
    internal const int ErrorSize = 1024;   // sizeof(komhen_error): status at 4, line at 8, column at 16, message at 24
    internal const int OutcomeSize = 544;  // sizeof(komhen_outcome): rows at 8, accepted at 16, contacts at 24

    [UnmanagedFunctionPointer(C)]
    internal delegate void RejectCallback(IntPtr reject, IntPtr data);

    [DllImport(Library, CallingConvention = C)] internal static extern int komhen_abi_version();
    [DllImport(Library, CallingConvention = C)] internal static extern IntPtr komhen_version();
    [DllImport(Library, CallingConvention = C)] internal static extern IntPtr komhen_token(int words, int number);
    [DllImport(Library, CallingConvention = C)]
    internal static extern IntPtr komhen_label(int words, int number, int language);
    [DllImport(Library, CallingConvention = C)] internal static extern IntPtr komhen_municipality_name(int code);
    [DllImport(Library, CallingConvention = C)] internal static extern int komhen_per_cent(long part, long whole);

    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_round_load(byte[] idOrPath, long size, out Round round, IntPtr error);
    [DllImport(Library, CallingConvention = C)] internal static extern IntPtr komhen_round_id(Round round);
    [DllImport(Library, CallingConvention = C)] internal static extern void komhen_round_free(IntPtr round);

    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_cube_new(out Cube cube, IntPtr error);
    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_cube_add_text(Cube cube, byte[] bytes, long size, ref CountOptionsData options,
                                                    IntPtr outcome, IntPtr error);
    [DllImport(Library, CallingConvention = C)] internal static extern long komhen_cube_contacts(Cube cube);
    [DllImport(Library, CallingConvention = C)] internal static extern void komhen_cube_free(IntPtr cube);

    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_query_new(int measure, out Query query, IntPtr error);
    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_query_by(Query query, int dimension, IntPtr error);
    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_query_where(Query query, int dimension, byte[] value, long size, IntPtr error);
    [DllImport(Library, CallingConvention = C)] internal static extern void komhen_query_free(IntPtr query);

    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_measure(Cube cube, Query query, out Table table, IntPtr error);
    [DllImport(Library, CallingConvention = C)] internal static extern long komhen_table_rows(Table table);
    [DllImport(Library, CallingConvention = C)]
    internal static extern IntPtr komhen_table_text(Table table, long row, long column, out long size);
    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_table_integer(Table table, long row, long column, out long value, IntPtr error);
    [DllImport(Library, CallingConvention = C)] internal static extern void komhen_table_free(IntPtr table);

    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_journal_open(byte[] path, long size, IntPtr options, out Journal journal,
                                                   IntPtr error);
    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_journal_record(Journal journal, ref RegistrationData contact, out int recorded,
                                                     IntPtr error);
    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_journal_record_many(Journal journal, [In] RegistrationData[] contacts, long count,
                                                          [Out] byte[] recorded, IntPtr error);
    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_journal_undo(Journal journal, int municipality, byte[] source, long sourceSize,
                                                   byte[] eventId, long eventIdSize, out int undone, IntPtr error);
    [DllImport(Library, CallingConvention = C)]
    internal static extern int komhen_journal_count(Journal journal, ref CountOptionsData options, out Cube cube,
                                                    IntPtr outcome, IntPtr error);
    [DllImport(Library, CallingConvention = C)] internal static extern void komhen_journal_free(IntPtr journal);
  }
}
