package komhen;

/** A row that was left out; column and text are null where there is none, and masked where they look personal. */
public record Reject(int reason, long line, String column, String text) {}
