/* komhen.h alone, as C99 and as C++: it compiles, and its structs have the sizes and places of 0.1. */
#include <stddef.h>

#include "komhen.h"

/* Holds in every language of the header: an array of negative size does not compile. */
#define HOLDS(name, condition) typedef char name[(condition) ? 1 : -1]

#if defined(__LP64__)
/* The baseline. A struct may grow at its end and the number with it; no field that is named here may move. */
HOLDS(error_begins_with_its_size, offsetof(komhen_error, struct_size) == 0);
HOLDS(error_is_1024_bytes, sizeof(komhen_error) == 1024);
HOLDS(the_message_begins_at_24, offsetof(komhen_error, message) == 24);
HOLDS(task_is_40_bytes, sizeof(komhen_task) == 40);
HOLDS(the_table_name_is_at_32, offsetof(komhen_task, table_name) == 32);
HOLDS(registration_is_88_bytes, sizeof(komhen_registration) == 88);
HOLDS(the_count_is_at_32, offsetof(komhen_registration, count) == 32);
HOLDS(the_source_is_at_40, offsetof(komhen_registration, source) == 40);
HOLDS(the_event_id_is_at_72, offsetof(komhen_registration, event_id) == 72);
HOLDS(columns_are_152_bytes, sizeof(komhen_columns) == 152);
HOLDS(the_length_is_at_8, offsetof(komhen_columns, length) == 8);
HOLDS(units_count_is_at_144, offsetof(komhen_columns, units_count) == 144);
HOLDS(reject_is_56_bytes, sizeof(komhen_reject) == 56);
HOLDS(the_text_size_is_at_48, offsetof(komhen_reject, text_size) == 48);
HOLDS(count_options_are_104_bytes, sizeof(komhen_count_options) == 104);
HOLDS(the_threads_are_at_96, offsetof(komhen_count_options, threads) == 96);
HOLDS(the_progress_data_is_at_88, offsetof(komhen_count_options, progress_data) == 88);
HOLDS(outcome_is_544_bytes, sizeof(komhen_outcome) == 544);
HOLDS(rejected_begins_at_32, offsetof(komhen_outcome, rejected) == 32);
HOLDS(figure_is_72_bytes, sizeof(komhen_figure) == 72);
HOLDS(case_options_are_24_bytes, sizeof(komhen_case_options) == 24);
HOLDS(the_draws_are_at_16, offsetof(komhen_case_options, draws) == 16);
HOLDS(journal_options_are_16_bytes, sizeof(komhen_journal_options) == 16);
HOLDS(journal_status_is_64_bytes, sizeof(komhen_journal_status) == 64);
HOLDS(the_sequence_is_at_56, offsetof(komhen_journal_status, sequence) == 56);
#endif
HOLDS(a_status_is_four_bytes, sizeof(komhen_status) == 4);

int main(void) {
  /* The _INIT macros fill a struct in every language, and set its size. */
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_task task = KOMHEN_TASK_INIT;
  komhen_registration registration = KOMHEN_REGISTRATION_INIT;
  komhen_columns columns = KOMHEN_COLUMNS_INIT;
  komhen_count_options options = KOMHEN_COUNT_OPTIONS_INIT;
  komhen_outcome outcome = KOMHEN_OUTCOME_INIT;
  komhen_figure figure = KOMHEN_FIGURE_INIT;
  komhen_case_options computing = KOMHEN_CASE_OPTIONS_INIT;
  komhen_journal_options journal = KOMHEN_JOURNAL_OPTIONS_INIT;
  komhen_journal_status status = KOMHEN_JOURNAL_STATUS_INIT;
  return err.struct_size == sizeof err && task.struct_size == sizeof task &&
                 registration.struct_size == sizeof registration && registration.count == 1 &&
                 columns.struct_size == sizeof columns && options.struct_size == sizeof options &&
                 outcome.struct_size == sizeof outcome && journal.struct_size == sizeof journal &&
                 status.struct_size == sizeof status && figure.struct_size == sizeof figure &&
                 computing.struct_size == sizeof computing
             ? 0
             : 1;
}
