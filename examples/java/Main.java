import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import komhen.Contact;
import komhen.Komhen;
import komhen.Komhen.Cube;
import komhen.Komhen.Journal;
import komhen.Komhen.Query;
import komhen.Komhen.Round;
import komhen.Komhen.Table;
import komhen.KomhenException;
import komhen.Outcome;
import komhen.Words;
import komhen.Words.Channel;
import komhen.Words.Closure;
import komhen.Words.ContactType;
import komhen.Words.Dimension;
import komhen.Words.Direction;
import komhen.Words.Form;
import komhen.Words.Measure;
import komhen.Words.Recorded;
import komhen.Words.Undone;

/**
 * Counts contacts into a journal, and reads the week's self-service share from it.
 *
 * <p>java Main contacts.journal: safe to run again, nothing is counted twice. The same program runs over JNA
 * (java/komhen/Komhen.java) and over java.lang.foreign (java-ffm/komhen/Komhen.java).
 */
public final class Main {
  private static final int AEROE = 492;
  private static final String SOURCE = "sagssystem-å";

  /** What happened at the counter, on the telephone and on the web. The ids are the case system's own. */
  private static final List<Contact> CONTACTS = List.of(
      service("henv-01", 201217, 230510, Channel.SELF_SERVICE, ContactType.NEW_CASE),
      service("henv-02", 201217, 230510, Channel.SELF_SERVICE, ContactType.NEW_CASE),
      service("henv-03", 201217, 230510, Channel.TELEPHONE, ContactType.NEW_CASE),
      service("henv-04", 201217, 230510, Channel.IN_PERSON, ContactType.NEW_CASE),
      service("henv-05", 201217, 230902, Channel.IN_PERSON, ContactType.NEW_CASE),
      service("henv-06", 201217, 230902, Channel.SELF_SERVICE, ContactType.NEW_CASE),
      service("henv-07", 201217, 230902, Channel.TELEPHONE, ContactType.GUIDANCE),
      building("henv-08", Channel.SELF_SERVICE, ContactType.NEW_CASE, Direction.INCOMING),
      building("henv-09", Channel.EMAIL, ContactType.NEW_CASE, Direction.INCOMING),
      building("henv-10", Channel.DIGITAL_POST, ContactType.NEW_CASE, Direction.INCOMING),
      building("henv-11", Channel.LETTER, ContactType.CASE_INFORMATION, Direction.OUTGOING),
      service("henv-12", 201220, 230510, Channel.TELEPHONE, ContactType.NEW_CASE)); // after the round

  /** A file from another system: its second row names a channel that there is not. */
  private static final String FILE =
      "municipality;week;kle;channel;type;direction;unit\n"
          + "Ærø;2012-W17;23.05.10;selvbetjening;new_case;incoming;Havnen på Ærø\n"
          + "Ærø;2012-W17;23.05.10;brevdue på Ærø;new_case;incoming;Havnen på Ærø\n";

  /** System.out would write ? for æ, ø and å in the C locale. */
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private static Contact service(String id, int week, int task, Channel channel, ContactType type) {
    return new Contact(AEROE, week, task, channel, type, Direction.INCOMING, Closure.NOT_STATED, Form.NOT_STATED, 1,
        SOURCE, "Borgerservice Ærø", id);
  }

  private static Contact building(String id, Channel channel, ContactType type, Direction direction) {
    return new Contact(AEROE, 201217, 23402, channel, type, direction, Closure.NOT_STATED, Form.NOT_STATED, 1, SOURCE,
        "Byg og Miljø", id);
  }

  private static void print(String line) {
    OUT.print(line + "\n"); // println() would end the line as the platform does
  }

  /** Records the contacts, sends two again as after a lost answer, and takes one back. */
  private static void record(Journal journal) {
    // One sync: all twelve are durable when it returns.
    List<Recorded> became = new ArrayList<>(journal.record(CONTACTS));
    for (int again : new int[] {2, 7}) became.add(journal.record(CONTACTS.get(again)));
    print("recorded " + Collections.frequency(became, Recorded.NEW) + ", duplicate "
        + Collections.frequency(became, Recorded.DUPLICATE) + ", conflict "
        + Collections.frequency(became, Recorded.CONFLICT) + ", cancelled "
        + Collections.frequency(became, Recorded.CANCELLED));
    Undone undone = journal.undo(AEROE, SOURCE, "henv-04");
    print("henv-04: " + Komhen.token(Words.UNDONE, undone.number()));
  }

  /** Counts what the journal holds under the rules of the round, and measures it. */
  private static void printRound(Journal journal) {
    Outcome[] outcome = new Outcome[1];
    try (Round round = Round.load("2012-spring"); Cube cube = journal.count(round, outcome)) {
      print(outcome[0].rowsRead() + " events count, " + outcome[0].rowsAccepted() + " of them in the round "
          + round.id());

      print("self-service in 2012-W17:");
      try (Query query = Query.of(Measure.SELF_SERVICE).by(Dimension.TASK).where(Dimension.WEEK, "2012-W17");
          Table table = cube.measure(query)) {
        for (long row = 0; row < table.rows(); ++row)
          print(table.text(row, 0) + " " + Komhen.perCent(table.integer(row, 1), table.integer(row, 2)) + " %");
      }

      print("contacts from " + SOURCE + ":");
      try (Query query = Query.of(Measure.CONTACTS).by(Dimension.UNIT).where(Dimension.SOURCE, SOURCE);
          Table table = cube.measure(query)) {
        for (long row = 0; row < table.rows(); ++row) print(table.text(row, 0) + " " + table.text(row, 1));
      }
    }
  }

  /** Counts a file. A bad row is no error: it is left out, and the callback hears of it. */
  private static void printFile() {
    try (Cube cube = Cube.create()) {
      Outcome outcome = cube.addText(FILE, reject -> print("line " + reject.line() + ": "
          + Komhen.token(Words.REASONS, reject.reason()) + ", " + reject.column() + " \"" + reject.text() + "\""));
      print(outcome.rowsAccepted() + " of " + outcome.rowsRead() + " rows counted");
    }
  }

  /** A call that cannot be done says why, in one sentence. */
  private static void printError() {
    try (Round round = Round.load("forår-2012")) {
      print(round.id()); // there is no such round
    } catch (KomhenException e) {
      if (e.status() != KomhenException.ARGUMENT) throw e;
      print("status " + e.status() + ": " + e.getMessage());
    }
  }

  public static void main(String[] args) {
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    if (args.length != 1) {
      err.println("usage: java Main JOURNAL");
      System.exit(2);
    }
    try {
      try (Journal journal = Journal.open(args[0])) {
        record(journal);
        printRound(journal);
      }
      printFile();
      print("municipality " + AEROE + ": " + Komhen.municipality(AEROE));
      print("channel " + Channel.IN_PERSON.number() + ": "
          + Komhen.label(Words.CHANNELS, Channel.IN_PERSON.number(), Words.DANISH));
      printError();
    } catch (KomhenException e) {
      err.println(e.getMessage() + " (status " + e.status() + ")");
      System.exit(1);
    }
    if (OUT.checkError()) System.exit(1);
  }
}
