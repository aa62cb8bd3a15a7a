package komhen;

/** The numbers of komhen.h: they are never changed, and new ones come at the end. */
public final class Words {
  private Words() {}

  // Lists for Komhen.token() and Komhen.label().
  public static final int CHANNELS = 1;
  public static final int REASONS = 6;
  public static final int UNDONE = 12;

  public static final int DANISH = 1;
  public static final int ENGLISH = 2;

  /** Something that has a number in C. */
  interface Numbered {
    int number();
  }

  // The order is that of komhen.h. Lists without a word for "not stated" begin at 1.

  public enum Channel implements Numbered {
    TELEPHONE, IN_PERSON, LETTER, EMAIL, DIGITAL_POST, REMOTE_PRINT, SELF_SERVICE, WEBSITE, SMS, SOCIAL_MEDIA, SYSTEM;

    @Override public int number() { return ordinal() + 1; }
  }

  public enum ContactType implements Numbered {
    NEW_CASE, STATUS_CHANGE, CASE_INFORMATION, GUIDANCE, SELF_SERVICE_HELP, MISDIRECTED;

    @Override public int number() { return ordinal() + 1; }
  }

  public enum Direction implements Numbered {
    INCOMING, OUTGOING;

    @Override public int number() { return ordinal() + 1; }
  }

  public enum Closure implements Numbered {
    NOT_STATED, CLOSED, PUT_ASIDE;

    @Override public int number() { return ordinal(); }
  }

  public enum Form implements Numbered {
    NOT_STATED, NONE, PAPER, DIGITAL;

    @Override public int number() { return ordinal(); }
  }

  public enum Measure implements Numbered {
    CONTACTS, MIX, SELF_SERVICE, DIGITAL, FIRST_CONTACT_CLOSURE, FORM_SHARE;

    @Override public int number() { return ordinal() + 1; }
  }

  public enum Dimension implements Numbered {
    MUNICIPALITY, WEEK, TASK, MAIN_GROUP, CHANNEL, TYPE, GROUP, DIRECTION, CLOSURE, FORM, SOURCE, UNIT;

    @Override public int number() { return ordinal() + 1; }
  }

  public enum Recorded implements Numbered {
    NEW, DUPLICATE, CONFLICT, CANCELLED;

    @Override public int number() { return ordinal() + 1; }
    static Recorded of(int number) { return values()[number - 1]; }
  }

  public enum Undone implements Numbered {
    UNDONE, WAITING, BEFORE;

    @Override public int number() { return ordinal() + 1; }
    static Undone of(int number) { return values()[number - 1]; }
  }
}
