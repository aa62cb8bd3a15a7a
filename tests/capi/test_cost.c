/* Kroner and goals through the C ABI: a case and a cost to the last digit, and what is missing is never zero.
 */
#include <unistd.h>

#include "arrow_stream.h"
#include "expect.h"

#define EXAMPLES KOMHEN_SOURCE_DIR "/examples/"

/* The mix of Herning's day care in 2010; source: Herning Kommune, "Digital selvbetjening, 2 cases". */
static komhen_cube* day_care(void) {
  static const struct {
    uint8_t channel;
    int64_t count;
  } mix[] = {{KOMHEN_CHANNEL_TELEPHONE, 11900},
             {KOMHEN_CHANNEL_IN_PERSON, 1700},
             {KOMHEN_CHANNEL_LETTER, 680},
             {KOMHEN_CHANNEL_SELF_SERVICE, 19720}};
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_cube* out = NULL;
  EXPECT_OK(komhen_cube_new(&out, &err), &err);
  for (size_t i = 0; i < sizeof mix / sizeof *mix; ++i) {
    komhen_registration row = KOMHEN_REGISTRATION_INIT;
    int32_t reason = -1;
    row.municipality = 657;
    row.week = 201143;
    row.task = 280940;
    row.channel = mix[i].channel;
    row.type = KOMHEN_TYPE_NEW_CASE;
    row.direction = KOMHEN_DIRECTION_INCOMING;
    row.count = mix[i].count;
    EXPECT_OK(komhen_cube_add(out, &row, NULL, &reason, &err), &err);
    EXPECT(reason == KOMHEN_REASON_ACCEPTED);
  }
  return out;
}

static komhen_prices* copenhagen(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_prices* out = NULL;
  EXPECT_OK(komhen_prices_load(TEXT("copenhagen-2010"), &out, &err), &err);
  return out;
}

static int cell_is(const komhen_table* table, int64_t row, int64_t column, const char* want) {
  const char* got = komhen_table_text(table, row, column, NULL);
  if (got == NULL || strcmp(got, want) != 0) {
    fprintf(stderr, "    cell %d, %d is %s and not %s\n", (int)row, (int)column,
            got == NULL ? "nothing" : got, want);
    return 0;
  }
  return 1;
}

static int holds(const komhen_buffer* buffer, const char* part) {
  return strstr(komhen_buffer_data(buffer), part) != NULL;
}

static void the_mix_of_2010_costs_745960_kroner_channel_by_channel(void) {
  static const char* const costs[] = {"476000.00", "136000.00", "74800.00", "59160.00"};
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_cube* cube = day_care();
  komhen_prices* prices = copenhagen();
  komhen_query* query = NULL;
  komhen_table* table = NULL;
  komhen_buffer* json = NULL;
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_CONTACTS, &query, &err), &err);
  EXPECT_OK(komhen_cost(cube, prices, query, 0, &table, &err), &err);
  EXPECT(komhen_table_rows(table) == 1);
  EXPECT(cell_is(table, 0, 2, "745960.00") && cell_is(table, 0, 3, "21.94"));
  komhen_table_free(table);
  EXPECT_OK(komhen_query_by(query, KOMHEN_DIMENSION_CHANNEL, &err), &err);
  EXPECT_OK(komhen_cost(cube, prices, query, 0, &table, &err), &err);
  EXPECT(komhen_table_rows(table) == 4 && strcmp(komhen_table_column_name(table, 3), "cost") == 0);
  EXPECT(komhen_table_column_kind(table, 3) == KOMHEN_COLUMN_DECIMAL);
  for (int64_t row = 0; row < 4; ++row) EXPECT(cell_is(table, row, 3, costs[row]));
  EXPECT_OK(komhen_table_json(table, &json, &err), &err);
  EXPECT(holds(json, "\"total\":{\"contacts\":34000,\"unpriced\":0,\"cost\":\"745960.00\""));
  komhen_buffer_free(json);
  EXPECT_OK(komhen_table_csv(table, &json, &err), &err);
  EXPECT(holds(json, "letter,680,0,74800.00,110.00,0.100273\n"));
  komhen_buffer_free(json);
  komhen_table_free(table);
  komhen_query_free(query);
  komhen_prices_free(prices);
  komhen_cube_free(cube);
}

static void a_missing_price_is_an_error_or_stands_apart_and_is_never_zero(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_cube* cube = day_care();
  komhen_prices* prices = NULL;
  komhen_query* query = NULL;
  komhen_table* table = NULL;
  EXPECT_OK(
      komhen_prices_parse(TEXT("source = \"ours\"\n[[price]]\nchannel = \"telephone\"\nprice = \"40 kr.\"\n"),
                          TEXT("ours"), &prices, &err),
      &err);
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_CONTACTS, &query, &err), &err);
  EXPECT_OK(komhen_query_by(query, KOMHEN_DIMENSION_CHANNEL, &err), &err);
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_cost(cube, prices, query, 0, &table, &err), &err);
  EXPECT(strstr(err.message, "in_person, incoming, application") != NULL && table == NULL);
  EXPECT_OK(komhen_cost(cube, prices, query, 1, &table, &err), &err);
  EXPECT(cell_is(table, 1, 2, "1700") && komhen_table_text(table, 1, 4, NULL) == NULL);
  EXPECT(komhen_table_note(table, 0) != NULL);
  struct ArrowArrayStream stream;
  struct ArrowArray batch;
  EXPECT_OK(komhen_table_arrow(table, &stream, &err), &err);
  EXPECT(stream.get_next(&stream, &batch) == 0 && batch.length == 4 && batch.n_children == 6);
  EXPECT(batch.children[4]->null_count == 3); /* no price, no cost of a contact */
  batch.release(&batch);
  stream.release(&stream);
  komhen_table_free(table);
  komhen_query_free(query);
  komhen_prices_free(prices);
  komhen_cube_free(cube);
}

static void pladszonen_comes_out_to_the_krone_and_explains_itself(void) {
  static const char* const want[][2] = {
      {"cost_before", "1599000.00"},        {"cost_after", "745960.00"},
      {"saving_actual", "853040.00"},       {"saving_first_volume", "940800.00"},
      {"saving_last_volume", "1066240.00"}, {"saving_actual_low", "806000.00"},
      {"saving_actual_high", "888530.00"},  {"per_contact_before", "53.30"},
      {"contacts_after.digital", "19720"}};
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_case* computed = NULL;
  komhen_buffer* text = NULL;
  komhen_table* table = NULL;
  komhen_figure figure = KOMHEN_FIGURE_INIT;
  EXPECT_OK(komhen_case_run(TEXT(EXAMPLES "cases/herning-pladszonen.toml"), &computed, &err), &err);
  for (size_t i = 0; i < sizeof want / sizeof *want; ++i) {
    EXPECT(komhen_case_find(computed, TEXT(want[i][0]), &figure) == 1);
    EXPECT(figure.value != NULL && strcmp(figure.value, want[i][1]) == 0);
    EXPECT(figure.certainty == KOMHEN_CERTAINTY_DERIVED && figure.formula[0] != 0 && figure.source[0] != 0);
  }
  EXPECT(komhen_case_find(computed, TEXT("implied_fte"), &figure) == 1 && figure.unit == KOMHEN_UNIT_FTE);
  EXPECT(strcmp(figure.printed, "1 to 2") == 0 && figure.agrees == 0);
  EXPECT(komhen_case_find(computed, TEXT("change_contacts.telephone"), &figure) == 1);
  EXPECT(strcmp(figure.exact, "-115/234") == 0 && figure.agrees == -1 && figure.printed == NULL);
  EXPECT(komhen_case_find(computed, TEXT("profit"), &figure) == 0 && figure.value == NULL);

  int64_t figures = 0;
  while (komhen_case_figure_at(computed, figures, &figure) == 1) ++figures;
  EXPECT(figures == komhen_case_figures(computed) && figures > 20);
  EXPECT(komhen_case_warning(computed, 0) != NULL && komhen_case_warning(computed, 99) == NULL);
  EXPECT(strstr(komhen_case_title(computed), "PladsZonen") != NULL);
  EXPECT_OK(komhen_case_explain(computed, TEXT("saving_actual"), &text, &err), &err);
  EXPECT(holds(text, "853040.00"));
  komhen_buffer_free(text);
  EXPECT_STATUS(KOMHEN_E_ARGUMENT, komhen_case_explain(computed, TEXT("profit"), &text, &err), &err);
  EXPECT_OK(komhen_case_json(computed, &text, &err), &err);
  EXPECT(holds(text, "\"id\":\"saving_last_volume\"") && holds(text, "\"value\":\"1066240.00\""));
  komhen_buffer_free(text);
  EXPECT_OK(komhen_case_table(computed, &table, &err), &err);
  EXPECT(komhen_table_rows(table) == figures && komhen_table_note(table, 0) != NULL);
  komhen_table_free(table);
  komhen_case_free(computed);
}

static void moves_come_out_to_the_minute(void) {
  static const char* const want[][2] = {
      {"total_minutes", "190556"},         {"saved_minutes", "83282"}, {"saved_at_90_minutes", "149907.6"},
      {"saved_at_most_minutes", "166564"}, {"scaled_fte", "1.188"},    {"scaled_total", "445000.00"}};
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_case* computed = NULL;
  komhen_figure figure = KOMHEN_FIGURE_INIT;
  EXPECT_OK(komhen_case_run(TEXT(EXAMPLES "cases/herning-digital-flytning.toml"), &computed, &err), &err);
  for (size_t i = 0; i < sizeof want / sizeof *want; ++i)
    EXPECT(komhen_case_find(computed, TEXT(want[i][0]), &figure) == 1 &&
           strcmp(figure.value, want[i][1]) == 0);
  EXPECT(komhen_case_find(computed, TEXT("scaled_fte"), &figure) == 1 && figure.agrees == 1);
  EXPECT(figure.certainty == KOMHEN_CERTAINTY_EXACT && strcmp(figure.printed, "1.19") == 0);
  komhen_case_free(computed);
}

static void a_case_that_cannot_be_is_one_sentence(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_case* computed = NULL;
  EXPECT_STATUS(KOMHEN_E_FORMAT,
                komhen_case_parse(TEXT("title = \"t\"\n[potential]\nwish = 1\n"), TEXT("ours.toml"), NULL, 0,
                                  &computed, &err),
                &err);
  EXPECT(strstr(err.message, "ours.toml") != NULL && strstr(err.message, "wish") != NULL && computed == NULL);
}

static void a_seed_and_draws_of_the_callers_stand_in_place_of_the_files(void) {
  static const char toml[] =
      "title = \"t\"\n[scaled_fte]\nfte = { low = 1, high = 11 }\nat = \"100 %\"\nto = \"100 %\"\n"
      "[uncertainty]\nfigures = [\"scaled_fte\"]\nseed = 5\ndraws = 300\n";
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_case* computed = NULL;
  komhen_buffer* own[4] = {NULL, NULL, NULL, NULL};
  komhen_case_options options = KOMHEN_CASE_OPTIONS_INIT;
  options.seed = 77; /* of no meaning yet */
  for (int i = 0; i < 4; ++i) {
    if (i == 2) options.own_seed = 1;
    if (i == 3) options.draws = 200;
    if (i == 0)
      EXPECT_OK(komhen_case_parse(TEXT(toml), TEXT("t.toml"), NULL, 0, &computed, &err), &err);
    else
      EXPECT_OK(komhen_case_parse_with(TEXT(toml), TEXT("t.toml"), NULL, 0, &options, &computed, &err), &err);
    EXPECT_OK(komhen_case_json(computed, &own[i], &err), &err);
    komhen_case_free(computed);
  }
  EXPECT(holds(own[0], "\"draws\":300,\"seed\":\"5\""));
  EXPECT(strcmp(komhen_buffer_data(own[0]), komhen_buffer_data(own[1])) == 0);
  EXPECT(holds(own[2], "\"draws\":300,\"seed\":\"77\"") && holds(own[3], "\"draws\":200,\"seed\":\"77\""));
  EXPECT(strcmp(komhen_buffer_data(own[0]), komhen_buffer_data(own[2])) != 0);
  for (int i = 0; i < 4; ++i) komhen_buffer_free(own[i]);

  options.seed = UINT64_MAX;
  EXPECT_OK(
      komhen_case_run_with(TEXT(EXAMPLES "cases/herning-flytning-nyt-maal.toml"), &options, &computed, &err),
      &err);
  EXPECT_OK(komhen_case_json(computed, &own[0], &err), &err);
  EXPECT(holds(own[0], "\"draws\":200,\"seed\":\"18446744073709551615\""));
  komhen_buffer_free(own[0]);
  komhen_case_free(computed);

  static const komhen_case_options wrong[] = {{(uint32_t)sizeof(komhen_case_options), 0, 0, -1},
                                              {(uint32_t)sizeof(komhen_case_options), 0, 0, 10000001},
                                              {(uint32_t)sizeof(komhen_case_options), 0, 0, INT64_MIN},
                                              {(uint32_t)sizeof(komhen_case_options), 2, 0, 0},
                                              {(uint32_t)sizeof(komhen_case_options), -1, 0, 0},
                                              {0, 0, 0, 0}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    EXPECT_STATUS(KOMHEN_E_ARGUMENT,
                  komhen_case_parse_with(TEXT(toml), TEXT("t.toml"), NULL, 0, &wrong[i], &computed, &err),
                  &err);
    EXPECT(computed == NULL);
  }
  EXPECT(strstr(err.message, "struct_size") != NULL);
}

static void a_price_table_is_read_from_csv_text(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_prices* prices = NULL;
  komhen_table* table = NULL;
  /* The second is Windows-1252. */
  static const char* const texts[] = {"channel;price;year\ntelephone;40 kr.;2012\nself_service;3;2012\n",
                                      "kanal;pris;\xE5r\ntelefon;40 kr.;2012\nselvbetjening;3;2012\n"};
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(komhen_prices_parse_csv(TEXT(texts[i]), TEXT("ours.csv"), &prices, &err), &err);
    EXPECT_OK(komhen_cost_of_move(prices, 10, KOMHEN_CHANNEL_TELEPHONE, KOMHEN_CHANNEL_SELF_SERVICE, 0, NULL,
                                  0, NULL, 0, &table, &err),
              &err);
    EXPECT(cell_is(table, 0, 5, "370.00"));
    komhen_table_free(table);
    komhen_prices_free(prices);
  }
  EXPECT_STATUS(KOMHEN_E_FORMAT,
                komhen_prices_parse_csv(TEXT("channel;price\nchat;1\n"), TEXT("ours.csv"), &prices, &err),
                &err);
  EXPECT(prices == NULL && strstr(err.message, "ours.csv") != NULL && strstr(err.message, "line 2") != NULL);
}

static void a_level_and_a_move_find_their_price(void) {
  static const char prices_toml[] =
      "source = \"ours\"\n[[price]]\nchannel = \"self_service\"\nprice = \"9 kr.\"\n"
      "[[price]]\nchannel = \"self_service\"\nlevel = 3\nprice = \"4,50 kr.\"\n"
      "[[price]]\nchannel = \"telephone\"\nprice = \"40 kr.\"\n";
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_cube* cube = day_care();
  komhen_prices* prices = NULL;
  komhen_query* query = NULL;
  komhen_table* table = NULL;
  EXPECT_OK(komhen_prices_parse(TEXT(prices_toml), TEXT("ours"), &prices, &err), &err);
  EXPECT_OK(komhen_query_new(KOMHEN_MEASURE_CONTACTS, &query, &err), &err);
  EXPECT_OK(komhen_query_where(query, KOMHEN_DIMENSION_CHANNEL, TEXT("self_service"), &err), &err);
  EXPECT_OK(komhen_cost(cube, prices, query, 0, &table, &err), &err);
  EXPECT(cell_is(table, 0, 2, "177480.00"));
  komhen_table_free(table);
  EXPECT_OK(komhen_query_level(query, 280940, 3, &err), &err);
  EXPECT_OK(komhen_cost(cube, prices, query, 0, &table, &err), &err);
  EXPECT(cell_is(table, 0, 2, "88740.00"));
  komhen_table_free(table);
  EXPECT_OK(komhen_cost_of_move(prices, 11500, KOMHEN_CHANNEL_TELEPHONE, KOMHEN_CHANNEL_SELF_SERVICE, 0, NULL,
                                0, TEXT("3"), &table, &err),
            &err);
  EXPECT(cell_is(table, 0, 5, "408250.00") && cell_is(table, 0, 1, "telephone"));
  komhen_table_free(table);
  EXPECT_STATUS(KOMHEN_E_ARGUMENT,
                komhen_cost_of_move(prices, 1, KOMHEN_CHANNEL_LETTER, KOMHEN_CHANNEL_SELF_SERVICE, 0, NULL, 0,
                                    NULL, 0, &table, &err),
                &err);
  komhen_query_free(query);
  komhen_prices_free(prices);
  komhen_cube_free(cube);
}

static void goals_are_held_against_a_count_and_a_baseline(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_cube *cube = day_care(), *back = NULL;
  komhen_prices* prices = copenhagen();
  komhen_goals* goals = NULL;
  komhen_baseline* baseline = NULL;
  komhen_buffer* json = NULL;
  komhen_table* table = NULL;
  EXPECT_OK(komhen_goals_load(TEXT(EXAMPLES "goals/herning.toml"), &goals, &err), &err);
  EXPECT_OK(komhen_goals_evaluate(goals, cube, NULL, prices, 0, &table, &err), &err);
  EXPECT(komhen_table_rows(table) == 9 && cell_is(table, 0, 0, "pladszonen-share"));
  /* 58 % of 80 %: 22 points, 7480 of 34,000 contacts at (686,800 / 14,280 - 3) kroner each. */
  EXPECT(cell_is(table, 0, 6, "not_met") && cell_is(table, 0, 7, "0.58") && cell_is(table, 0, 8, "22"));
  EXPECT(cell_is(table, 0, 9, "7480") && cell_is(table, 0, 10, "337312.38"));
  EXPECT(cell_is(table, 1, 6, "not_collected")); /* nothing to compare with */
  EXPECT_OK(komhen_table_json(table, &json, &err), &err);
  EXPECT(holds(json, "\"gap_points\":\"22\""));
  komhen_buffer_free(json);
  komhen_table_free(table);

  EXPECT_OK(komhen_baseline_freeze(cube, TEXT("kl-35"), NULL, 0, KOMHEN_SCHEME_KL_2012, TEXT("2011-11-13"),
                                   &baseline, &err),
            &err);
  EXPECT(strlen(komhen_baseline_fingerprint(baseline)) == 64);
  EXPECT_OK(komhen_baseline_json(baseline, &json, &err), &err);
  EXPECT(holds(json, "\"date\":\"2011-11-13\"") && holds(json, "\"contacts\":34000"));
  komhen_buffer_free(json);
  EXPECT_OK(komhen_baseline_cube(baseline, &back, &err), &err);
  EXPECT(komhen_cube_equal(cube, back) == 1);
  EXPECT_OK(komhen_goals_against(goals, cube, baseline, NULL, 0, &table, &err), &err);
  EXPECT(cell_is(table, 1, 6, "not_met") && cell_is(table, 1, 7, "0")); /* no call fewer than in itself */
  komhen_table_free(table);
  komhen_cube_free(back);
  komhen_baseline_free(baseline);
  komhen_goals_free(goals);
  komhen_prices_free(prices);
  komhen_cube_free(cube);
}

static void an_altered_baseline_is_refused(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_cube* cube = day_care();
  komhen_baseline *baseline = NULL, *back = NULL;
  char folder[] = "/tmp/komhen-cost-XXXXXX", path[64];
  if (!EXPECT(mkdtemp(folder) != NULL)) return;
  snprintf(path, sizeof path, "%s/baseline", folder);
  EXPECT_OK(komhen_baseline_freeze(cube, TEXT("all"), NULL, 0, 0, TEXT("2011-11-13"), &baseline, &err), &err);
  EXPECT_OK(komhen_baseline_save(baseline, TEXT(path), &err), &err);
  EXPECT_OK(komhen_baseline_load(TEXT(path), &back, &err), &err);
  EXPECT(strcmp(komhen_baseline_fingerprint(baseline), komhen_baseline_fingerprint(back)) == 0);
  komhen_baseline_free(back);
  FILE* file = fopen(path, "r+b");
  if (EXPECT(file != NULL)) {
    EXPECT(fseek(file, 20, SEEK_SET) == 0 && fputc('X', file) == 'X' && fclose(file) == 0);
    EXPECT_STATUS(KOMHEN_E_FORMAT, komhen_baseline_load(TEXT(path), &back, &err), &err);
    EXPECT(back == NULL);
  }
  unlink(path);
  EXPECT(rmdir(folder) == 0);
  komhen_baseline_free(baseline);
  komhen_cube_free(cube);
}

static void the_built_in_prices_and_waves_are_told_with_their_source(void) {
  komhen_error err = KOMHEN_ERROR_INIT;
  komhen_prices* prices = copenhagen();
  komhen_cube* cube = day_care();
  komhen_table* table = NULL;
  EXPECT(strcmp(komhen_price_table_name(0), "copenhagen-2010") == 0 && komhen_price_table_name(1) == NULL);
  EXPECT_OK(komhen_prices_table(prices, &table, &err), &err);
  EXPECT(komhen_table_rows(table) == 4 && strstr(komhen_table_text(table, 0, 1, NULL), "Herning") != NULL);
  EXPECT(komhen_table_note(table, 0) != NULL); /* the channels are komhen's own */
  komhen_table_free(table);
  EXPECT_OK(komhen_waves_table(&table, &err), &err);
  EXPECT(komhen_table_rows(table) == 4 && strstr(komhen_table_text(table, 3, 8, NULL), "third wave") != NULL);
  komhen_table_free(table);
  EXPECT_OK(komhen_waves_rank(TEXT(EXAMPLES "waves/next-wave.toml"), cube, prices, 0, 0, &table, &err), &err);
  EXPECT(komhen_table_rows(table) == 3 && cell_is(table, 0, 1, "29.03.12"));
  komhen_table_free(table);
  komhen_cube_free(cube);
  komhen_prices_free(prices);
}

int main(void) {
  RUN(the_mix_of_2010_costs_745960_kroner_channel_by_channel);
  RUN(a_missing_price_is_an_error_or_stands_apart_and_is_never_zero);
  RUN(pladszonen_comes_out_to_the_krone_and_explains_itself);
  RUN(moves_come_out_to_the_minute);
  RUN(a_case_that_cannot_be_is_one_sentence);
  RUN(a_seed_and_draws_of_the_callers_stand_in_place_of_the_files);
  RUN(a_price_table_is_read_from_csv_text);
  RUN(a_level_and_a_move_find_their_price);
  RUN(goals_are_held_against_a_count_and_a_baseline);
  RUN(an_altered_baseline_is_refused);
  RUN(the_built_in_prices_and_waves_are_told_with_their_source);
  return expect_result();
}
