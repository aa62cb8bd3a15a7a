package komhen;

/** What became of the rows of a call. */
public record Outcome(long rowsRead, long rowsAccepted, long contacts) {}
