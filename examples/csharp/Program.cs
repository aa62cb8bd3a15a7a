// Counts contacts into a journal, and reads the week's self-service share from it.
//
//   mono Example.exe contacts.journal      safe to run again: nothing is counted twice
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Komhen;

internal static class Program {
  private const int Aeroe = 492;
  private const string Source = "sagssystem-å";

  // What happened at the counter, on the telephone and on the web. The ids are the case system's own.
  private static readonly List<Contact> Contacts = new List<Contact> {
    Service("henv-01", 230510, Channel.SelfService),
    Service("henv-02", 230510, Channel.SelfService),
    Service("henv-03", 230510, Channel.Telephone),
    Service("henv-04", 230510, Channel.InPerson),
    Service("henv-05", 230902, Channel.InPerson),
    Service("henv-06", 230902, Channel.SelfService),
    Service("henv-07", 230902, Channel.Telephone, ContactType.Guidance),
    Building("henv-08", Channel.SelfService),
    Building("henv-09", Channel.Email),
    Building("henv-10", Channel.DigitalPost),
    Building("henv-11", Channel.Letter, ContactType.CaseInformation, Direction.Outgoing),
    Service("henv-12", 230510, Channel.Telephone, ContactType.NewCase, 201220),  // after the round
  };

  // A file from another system: its second row names a channel that there is not.
  private const string File =
      "municipality;week;kle;channel;type;direction;unit\n" +
      "Ærø;2012-W17;23.05.10;selvbetjening;new_case;incoming;Havnen på Ærø\n" +
      "Ærø;2012-W17;23.05.10;brevdue på Ærø;new_case;incoming;Havnen på Ærø\n";

  private static Contact Service(string id, int task, Channel channel, ContactType type = ContactType.NewCase,
                                 int week = 201217) =>
      new Contact {
        Municipality = Aeroe, Week = week, Task = task, Channel = channel, Type = type, Direction = Direction.Incoming,
        Source = Source, Unit = "Borgerservice Ærø", EventId = id
      };

  private static Contact Building(string id, Channel channel, ContactType type = ContactType.NewCase,
                                  Direction direction = Direction.Incoming) =>
      new Contact {
        Municipality = Aeroe, Week = 201217, Task = 23402, Channel = channel, Type = type, Direction = direction,
        Source = Source, Unit = "Byg og Miljø", EventId = id
      };

  // Records the contacts, sends two again as after a lost answer, and takes one back.
  private static void Record(Journal journal, TextWriter output) {
    var became = new List<Recorded>(journal.Record(Contacts));  // one sync: all twelve are durable when it returns
    foreach (var again in new[] { 2, 7 }) became.Add(journal.Record(Contacts[again]));
    Func<Recorded, int> times = what => became.FindAll(one => one == what).Count;
    output.WriteLine($"recorded {times(Recorded.New)}, duplicate {times(Recorded.Duplicate)}, " +
                     $"conflict {times(Recorded.Conflict)}, cancelled {times(Recorded.Cancelled)}");
    var undone = journal.Undo(Aeroe, Source, "henv-04");
    output.WriteLine($"henv-04: {Method.Token(Words.Undone, (int)undone)}");
  }

  // Counts what the journal holds under the rules of the round, and measures it.
  private static void PrintRound(Journal journal, TextWriter output) {
    using (var round = Round.Load("2012-spring"))
    using (var cube = journal.Count(round, out var outcome)) {
      output.WriteLine($"{outcome.RowsRead} events count, {outcome.RowsAccepted} of them in the round {round.Id}");

      output.WriteLine("self-service in 2012-W17:");
      using (var query = Query.Of(Measure.SelfService).By(Dimension.Task).Where(Dimension.Week, "2012-W17"))
      using (var table = cube.Measure(query))
        for (long row = 0; row < table.Rows; ++row)
          output.WriteLine($"{table.Text(row, 0)} {Method.PerCent(table.Integer(row, 1), table.Integer(row, 2))} %");

      output.WriteLine($"contacts from {Source}:");
      using (var query = Query.Of(Measure.Contacts).By(Dimension.Unit).Where(Dimension.Source, Source))
      using (var table = cube.Measure(query))
        for (long row = 0; row < table.Rows; ++row) output.WriteLine($"{table.Text(row, 0)} {table.Text(row, 1)}");
    }
  }

  // Counts a file. A bad row is no error: it is left out, and the callback hears of it.
  private static void PrintFile(TextWriter output) {
    using (var cube = Cube.New()) {
      var outcome = cube.AddText(File, reject => output.WriteLine(
          $"line {reject.Line}: {Method.Token(Words.Reason, reject.Reason)}, {reject.Column} \"{reject.Text}\""));
      output.WriteLine($"{outcome.RowsAccepted} of {outcome.RowsRead} rows counted");
    }
  }

  // A call that cannot be done says why, in one sentence.
  private static void PrintError(TextWriter output) {
    try {
      Round.Load("forår-2012").Dispose();
    } catch (KomhenException error) when (error.Status == Status.Argument) {
      output.WriteLine($"status {(int)error.Status}: {error.Message}");
    }
  }

  private static int Main(string[] args) {
    // Console.Out would write ? for æ, ø and å in the C locale.
    var utf8 = new UTF8Encoding(false);
    using (var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { NewLine = "\n" })
    using (var errors = new StreamWriter(Console.OpenStandardError(), utf8) { NewLine = "\n" }) {
      if (args.Length != 1) {
        errors.WriteLine("usage: Example JOURNAL");
        return 2;
      }
      try {
        using (var journal = Journal.Open(args[0])) {
          Record(journal, output);
          PrintRound(journal, output);
        }
        PrintFile(output);
        output.WriteLine($"municipality {Aeroe}: {Method.Municipality(Aeroe)}");
        output.WriteLine($"channel {(int)Channel.InPerson}: " +
                         Method.Label(Words.Channel, (int)Channel.InPerson, Language.Danish));
        PrintError(output);
        return 0;
      } catch (KomhenException error) {
        errors.WriteLine($"{error.Message} (status {(int)error.Status})");
        return 1;
      }
    }
  }
}
