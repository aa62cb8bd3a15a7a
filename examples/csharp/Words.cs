// The numbers of komhen.h: they are never changed, and new ones come at the end.
namespace Komhen {
  public enum Status {
    Ok, Failed, Argument, Memory, Edition, Forked, File, Format, Overflow, Cancelled, PersonalData, Busy, Sealed, Storage
  }
  public enum Channel {
    Telephone = 1, InPerson, Letter, Email, DigitalPost, RemotePrint, SelfService, Website, Sms, SocialMedia, System
  }
  public enum ContactType { NewCase = 1, StatusChange, CaseInformation, Guidance, SelfServiceHelp, Misdirected }
  public enum Direction { Incoming = 1, Outgoing }
  public enum Closure { NotStated, Closed, PutAside }
  public enum Form { NotStated, None, Paper, Digital }
  public enum Measure { Contacts = 1, Mix, SelfService, Digital, FirstContactClosure, FormShare }
  public enum Dimension {
    Municipality = 1, Week, Task, MainGroup, Channel, Type, Group, Direction, Closure, Form, Source, Unit
  }
  public enum Recorded { New = 1, Duplicate, Conflict, Cancelled }
  public enum Undone { Undone = 1, Waiting, Before }
  public enum Language { Danish = 1, English }
  public enum Words {
    Channel = 1, Type, Direction, Closure, Form, Reason, Scheme, Dimension, Measure, Set, Recorded, Undone
  }
}
