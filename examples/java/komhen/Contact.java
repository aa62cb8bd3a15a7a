package komhen;

import komhen.Words.Channel;
import komhen.Words.Closure;
import komhen.Words.ContactType;
import komhen.Words.Direction;
import komhen.Words.Form;

/**
 * One or more equal contacts.
 *
 * @param municipality code: Ærø is 492
 * @param week 2012-W17 is 201217
 * @param task 23.05.10 is 230510
 * @param eventId the case system's own id of the event, with which a journal knows it again
 */
public record Contact(
    int municipality, int week, int task, Channel channel, ContactType type, Direction direction, Closure closure,
    Form form, long count, String source, String unit, String eventId) {}
