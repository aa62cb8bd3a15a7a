/* An embedding that has nothing: everything is skipped, and nothing is passed. It is linked without komhen,
 * which shows that the runner reaches komhen through the seam alone. */
#include "embedding.h"

static char state;

komhen_status embedding_open(const setting* set, embedding** out) {
  (void)set;
  *out = (embedding*)&state;
  return KOMHEN_OK;
}
void embedding_close(embedding* e) {
  (void)e;
}
komhen_status embedding_count(embedding* e, const span* files, int64_t count, komhen_outcome* outcome,
                              table* rejects) {
  (void)e, (void)files, (void)count, (void)outcome, (void)rejects;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_add(embedding* e, const komhen_registration* registration, int32_t* reason) {
  (void)e, (void)registration, (void)reason;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_journal(embedding* e, int32_t trial, int32_t create) {
  (void)e, (void)trial, (void)create;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_record(embedding* e, const komhen_registration* events, int64_t count,
                               uint8_t* recorded) {
  (void)e, (void)events, (void)count, (void)recorded;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_undo(embedding* e, int32_t municipality, span source, span event_id,
                             int32_t* undone) {
  (void)e, (void)municipality, (void)source, (void)event_id, (void)undone;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_seal(embedding* e, int32_t erase_ids) {
  (void)e, (void)erase_ids;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_status(embedding* e, komhen_journal_status* out) {
  (void)e, (void)out;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_outcome(embedding* e, komhen_outcome* outcome) {
  (void)e, (void)outcome;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_cells(embedding* e, table* cells) {
  (void)e, (void)cells;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_measure(embedding* e, const question* asked, table* rows) {
  (void)e, (void)asked, (void)rows;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_compare(embedding* before, embedding* after, const question* asked, table* rows) {
  (void)before, (void)after, (void)asked, (void)rows;
  return EMBEDDING_HAS_NOT;
}
komhen_status embedding_per_cent(int64_t numerator, int64_t denominator, int32_t* out) {
  (void)numerator, (void)denominator;
  *out = 0;
  return EMBEDDING_HAS_NOT;
}
