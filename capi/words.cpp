/// Versions and the words of the method (1 and 3 of komhen.h).
#include <algorithm>
#include <type_traits>

#include "guarded.hpp"
#include "komhen/komhen.hpp"

namespace komhen::capi {
namespace {

// The constants of komhen.h are the numbers of the core.
#define KOMHEN_SAME(constant, value) static_assert(static_cast<int>(constant) == static_cast<int>(value))
KOMHEN_SAME(KOMHEN_CHANNEL_TELEPHONE, Channel::telephone);
KOMHEN_SAME(KOMHEN_CHANNEL_IN_PERSON, Channel::in_person);
KOMHEN_SAME(KOMHEN_CHANNEL_LETTER, Channel::letter);
KOMHEN_SAME(KOMHEN_CHANNEL_EMAIL, Channel::email);
KOMHEN_SAME(KOMHEN_CHANNEL_DIGITAL_POST, Channel::digital_post);
KOMHEN_SAME(KOMHEN_CHANNEL_REMOTE_PRINT, Channel::remote_print);
KOMHEN_SAME(KOMHEN_CHANNEL_SELF_SERVICE, Channel::self_service);
KOMHEN_SAME(KOMHEN_CHANNEL_WEBSITE, Channel::website);
KOMHEN_SAME(KOMHEN_CHANNEL_SMS, Channel::sms);
KOMHEN_SAME(KOMHEN_CHANNEL_SOCIAL_MEDIA, Channel::social_media);
KOMHEN_SAME(KOMHEN_CHANNEL_SYSTEM, Channel::system);
KOMHEN_SAME(KOMHEN_TYPE_NEW_CASE, ContactType::new_case);
KOMHEN_SAME(KOMHEN_TYPE_STATUS_CHANGE, ContactType::status_change);
KOMHEN_SAME(KOMHEN_TYPE_CASE_INFORMATION, ContactType::case_information);
KOMHEN_SAME(KOMHEN_TYPE_GUIDANCE, ContactType::guidance);
KOMHEN_SAME(KOMHEN_TYPE_SELF_SERVICE_HELP, ContactType::self_service_help);
KOMHEN_SAME(KOMHEN_TYPE_MISDIRECTED, ContactType::misdirected);
KOMHEN_SAME(KOMHEN_DIRECTION_INCOMING, Direction::incoming);
KOMHEN_SAME(KOMHEN_DIRECTION_OUTGOING, Direction::outgoing);
KOMHEN_SAME(KOMHEN_CLOSURE_NOT_STATED, Closure::not_stated);
KOMHEN_SAME(KOMHEN_CLOSURE_CLOSED, Closure::closed);
KOMHEN_SAME(KOMHEN_CLOSURE_PUT_ASIDE, Closure::put_aside);
KOMHEN_SAME(KOMHEN_FORM_NOT_STATED, AttachedForm::not_stated);
KOMHEN_SAME(KOMHEN_FORM_NONE, AttachedForm::none);
KOMHEN_SAME(KOMHEN_FORM_PAPER, AttachedForm::paper);
KOMHEN_SAME(KOMHEN_FORM_DIGITAL, AttachedForm::digital);
KOMHEN_SAME(KOMHEN_REASON_ACCEPTED, Reason::accepted);
KOMHEN_SAME(KOMHEN_REASON_MALFORMED, Reason::malformed);
KOMHEN_SAME(KOMHEN_REASON_BAD_ENCODING, Reason::bad_encoding);
KOMHEN_SAME(KOMHEN_REASON_PERSONAL_DATA, Reason::personal_data);
KOMHEN_SAME(KOMHEN_REASON_UNKNOWN_MUNICIPALITY, Reason::unknown_municipality);
KOMHEN_SAME(KOMHEN_REASON_BAD_DATE, Reason::bad_date);
KOMHEN_SAME(KOMHEN_REASON_BAD_KLE, Reason::bad_kle);
KOMHEN_SAME(KOMHEN_REASON_UNKNOWN_TASK, Reason::unknown_task);
KOMHEN_SAME(KOMHEN_REASON_UNKNOWN_CHANNEL, Reason::unknown_channel);
KOMHEN_SAME(KOMHEN_REASON_UNKNOWN_TYPE, Reason::unknown_type);
KOMHEN_SAME(KOMHEN_REASON_UNKNOWN_DIRECTION, Reason::unknown_direction);
KOMHEN_SAME(KOMHEN_REASON_UNKNOWN_CLOSURE, Reason::unknown_closure);
KOMHEN_SAME(KOMHEN_REASON_UNKNOWN_FORM, Reason::unknown_form);
KOMHEN_SAME(KOMHEN_REASON_BAD_COUNT, Reason::bad_count);
KOMHEN_SAME(KOMHEN_REASON_BAD_LABEL, Reason::bad_label);
KOMHEN_SAME(KOMHEN_REASON_OUTSIDE_ROUND, Reason::outside_round);
KOMHEN_SAME(KOMHEN_REASON_OUTSIDE_PARTICIPATION, Reason::outside_participation);
KOMHEN_SAME(KOMHEN_REASON_DUPLICATE_EVENT, Reason::duplicate_event);
KOMHEN_SAME(KOMHEN_REASON_CONFLICTING_EVENT, Reason::conflicting_event);
KOMHEN_SAME(KOMHEN_SCHEME_KL_2011, Scheme::kl_2011);
KOMHEN_SAME(KOMHEN_SCHEME_KL_2012, Scheme::kl_2012);
KOMHEN_SAME(KOMHEN_SCHEME_HILLEROED_2014, Scheme::hilleroed_2014);
KOMHEN_SAME(KOMHEN_DIMENSION_MUNICIPALITY, Dimension::municipality);
KOMHEN_SAME(KOMHEN_DIMENSION_WEEK, Dimension::week);
KOMHEN_SAME(KOMHEN_DIMENSION_TASK, Dimension::task);
KOMHEN_SAME(KOMHEN_DIMENSION_MAIN_GROUP, Dimension::main_group);
KOMHEN_SAME(KOMHEN_DIMENSION_CHANNEL, Dimension::channel);
KOMHEN_SAME(KOMHEN_DIMENSION_TYPE, Dimension::type);
KOMHEN_SAME(KOMHEN_DIMENSION_GROUP, Dimension::group);
KOMHEN_SAME(KOMHEN_DIMENSION_DIRECTION, Dimension::direction);
KOMHEN_SAME(KOMHEN_DIMENSION_CLOSURE, Dimension::closure);
KOMHEN_SAME(KOMHEN_DIMENSION_FORM, Dimension::form);
KOMHEN_SAME(KOMHEN_DIMENSION_SOURCE, Dimension::source);
KOMHEN_SAME(KOMHEN_DIMENSION_UNIT, Dimension::unit);
KOMHEN_SAME(KOMHEN_MEASURE_CONTACTS, Measure::contacts);
KOMHEN_SAME(KOMHEN_MEASURE_MIX, Measure::mix);
KOMHEN_SAME(KOMHEN_MEASURE_SELF_SERVICE, Measure::self_service);
KOMHEN_SAME(KOMHEN_MEASURE_DIGITAL, Measure::digital);
KOMHEN_SAME(KOMHEN_MEASURE_FIRST_CONTACT_CLOSURE, Measure::first_contact_closure);
KOMHEN_SAME(KOMHEN_MEASURE_FORM_SHARE, Measure::form_share);
KOMHEN_SAME(KOMHEN_SET_NARROW, DigitalSet::narrow);
KOMHEN_SAME(KOMHEN_SET_EFFECTIVE, DigitalSet::effective);
KOMHEN_SAME(KOMHEN_SET_BROAD, DigitalSet::broad);
KOMHEN_SAME(KOMHEN_SET_DISPATCH, DigitalSet::dispatch);
KOMHEN_SAME(KOMHEN_DANISH, Language::danish);
KOMHEN_SAME(KOMHEN_ENGLISH, Language::english);
KOMHEN_SAME(KOMHEN_ENCODING_UTF8, Encoding::utf8);
KOMHEN_SAME(KOMHEN_ENCODING_WINDOWS1252, Encoding::windows1252);
KOMHEN_SAME(KOMHEN_COLUMN_INTEGER, ColumnKind::integer);
KOMHEN_SAME(KOMHEN_COLUMN_TEXT, ColumnKind::text);
KOMHEN_SAME(KOMHEN_COLUMN_DECIMAL, ColumnKind::decimal);
KOMHEN_SAME(KOMHEN_RECORDED, Recorded::recorded);
KOMHEN_SAME(KOMHEN_RECORDED_DUPLICATE, Recorded::duplicate);
KOMHEN_SAME(KOMHEN_RECORDED_CONFLICT, Recorded::conflict);
KOMHEN_SAME(KOMHEN_RECORDED_CANCELLED, Recorded::cancelled);
KOMHEN_SAME(KOMHEN_UNDONE, Undone::undone);
KOMHEN_SAME(KOMHEN_UNDONE_WAITING, Undone::waiting);
KOMHEN_SAME(KOMHEN_UNDONE_ALREADY, Undone::already_undone);
KOMHEN_SAME(KOMHEN_UNIT_KRONER, CaseUnit::kroner);
KOMHEN_SAME(KOMHEN_UNIT_CONTACTS, CaseUnit::contacts);
KOMHEN_SAME(KOMHEN_UNIT_MINUTES, CaseUnit::minutes);
KOMHEN_SAME(KOMHEN_UNIT_HOURS, CaseUnit::hours);
KOMHEN_SAME(KOMHEN_UNIT_FTE, CaseUnit::fte);
KOMHEN_SAME(KOMHEN_UNIT_SHARE, CaseUnit::share);
KOMHEN_SAME(KOMHEN_UNIT_FACTOR, CaseUnit::factor);
KOMHEN_SAME(KOMHEN_UNIT_YEAR, CaseUnit::year);
KOMHEN_SAME(KOMHEN_UNIT_LETTERS, CaseUnit::letters);
KOMHEN_SAME(KOMHEN_UNIT_HOURS_PER_FTE, CaseUnit::hours_per_fte);
KOMHEN_SAME(KOMHEN_CERTAINTY_EXACT, Certainty::exact);
KOMHEN_SAME(KOMHEN_CERTAINTY_DERIVED, Certainty::derived);
KOMHEN_SAME(KOMHEN_CERTAINTY_ESTIMATE, Certainty::estimate);
KOMHEN_SAME(KOMHEN_E_FAILED, ErrorKind::failed);
KOMHEN_SAME(KOMHEN_E_ARGUMENT, ErrorKind::argument);
KOMHEN_SAME(KOMHEN_E_MEMORY, ErrorKind::memory);
KOMHEN_SAME(KOMHEN_E_EDITION, ErrorKind::edition);
KOMHEN_SAME(KOMHEN_E_FORKED, ErrorKind::forked);
KOMHEN_SAME(KOMHEN_E_FILE, ErrorKind::file);
KOMHEN_SAME(KOMHEN_E_FORMAT, ErrorKind::format);
KOMHEN_SAME(KOMHEN_E_OVERFLOW, ErrorKind::overflow);
KOMHEN_SAME(KOMHEN_E_CANCELLED, ErrorKind::cancelled);
KOMHEN_SAME(KOMHEN_E_PERSONAL_DATA, ErrorKind::personal_data);
KOMHEN_SAME(KOMHEN_E_BUSY, ErrorKind::busy);
KOMHEN_SAME(KOMHEN_E_SEALED, ErrorKind::sealed);
KOMHEN_SAME(KOMHEN_E_STORAGE, ErrorKind::storage);
#undef KOMHEN_SAME

/// Calls `use` with the enumeration that a number of KOMHEN_WORDS_* means; `otherwise` when it means none.
template <class T, class Use>
T with_words(std::int32_t words, T otherwise, Use&& use) {
  switch (words) {
    case KOMHEN_WORDS_CHANNEL:
      return use(std::type_identity<Channel>{});
    case KOMHEN_WORDS_TYPE:
      return use(std::type_identity<ContactType>{});
    case KOMHEN_WORDS_DIRECTION:
      return use(std::type_identity<Direction>{});
    case KOMHEN_WORDS_CLOSURE:
      return use(std::type_identity<Closure>{});
    case KOMHEN_WORDS_FORM:
      return use(std::type_identity<AttachedForm>{});
    case KOMHEN_WORDS_REASON:
      return use(std::type_identity<Reason>{});
    case KOMHEN_WORDS_SCHEME:
      return use(std::type_identity<Scheme>{});
    case KOMHEN_WORDS_DIMENSION:
      return use(std::type_identity<Dimension>{});
    case KOMHEN_WORDS_MEASURE:
      return use(std::type_identity<Measure>{});
    case KOMHEN_WORDS_SET:
      return use(std::type_identity<DigitalSet>{});
    case KOMHEN_WORDS_RECORDED:
      return use(std::type_identity<Recorded>{});
    case KOMHEN_WORDS_UNDONE:
      return use(std::type_identity<Undone>{});
    case KOMHEN_WORDS_UNIT:
      return use(std::type_identity<CaseUnit>{});
    case KOMHEN_WORDS_CERTAINTY:
      return use(std::type_identity<Certainty>{});
    default:
      return otherwise;
  }
}

/// Text as a look-up takes it. The empty text is a word (closure not stated), so what cannot be text is given
/// as one that no list has.
std::string_view asked(const char* data, std::int64_t size) noexcept {
  if (size < 0 || (data == nullptr && size > 0)) return {"\0", 1};
  return data == nullptr ? std::string_view{} : std::string_view{data, static_cast<std::size_t>(size)};
}

/// Fills a task, whose names are literals and so end in NUL.
std::int32_t hand_out(const Task* task, komhen_task* out) noexcept {
  if (out == nullptr || !is_known_struct(*out)) return 0;
  clear(out);
  if (task == nullptr) return 0;
  out->kle = static_cast<std::int32_t>(task->kle.digits());
  out->number = task->number;
  const std::string form = task->form.text();
  std::ranges::copy(form, out->form);
  out->name = task->name.data();
  out->table_name = task->table_name.data();
  return 1;
}

}  // namespace
}  // namespace komhen::capi

using namespace komhen::capi;

const char* komhen_version(void) {
  return komhen::kVersion.data();
}
int32_t komhen_abi_version(void) {
  return KOMHEN_ABI;
}
const char* komhen_method_edition(void) {
  return komhen::kMethodEdition.data();
}

const char* komhen_token(int32_t words, int32_t number) {
  return with_words<const char*>(words, nullptr, [&]<class E>(std::type_identity<E>) -> const char* {
    const auto value = komhen::from_number<E>(number);
    return value ? komhen::token(*value).data() : nullptr;
  });
}

const char* komhen_label(int32_t words, int32_t number, int32_t language) {
  if (language != KOMHEN_DANISH && language != KOMHEN_ENGLISH) return nullptr;
  return with_words<const char*>(words, nullptr, [&]<class E>(std::type_identity<E>) -> const char* {
    const auto value = komhen::from_number<E>(number);
    return value ? komhen::label(*value, static_cast<komhen::Language>(language)).data() : nullptr;
  });
}

int32_t komhen_find_word(int32_t words, const char* text, int64_t size) {
  return with_words<int32_t>(words, -1, [&]<class E>(std::type_identity<E>) {
    const auto value = komhen::from_text<E>(asked(text, size));
    return value ? static_cast<int32_t>(*value) : -1;
  });
}

int32_t komhen_municipality_at(int64_t index) {
  const auto& rows = komhen::detail::kMunicipalities;
  return index < 0 || index >= static_cast<int64_t>(rows.size()) ? 0
                                                                 : rows[static_cast<std::size_t>(index)].code;
}

const char* komhen_municipality_name(int32_t code) {
  const auto municipality = komhen::Municipality::from_code(code);
  return municipality ? municipality->name().data() : nullptr;
}

int32_t komhen_find_municipality(const char* text, int64_t size) {
  const auto municipality = komhen::Municipality::from_text(asked(text, size));
  return municipality ? municipality->code() : 0;
}

int32_t komhen_task_at(int64_t index, komhen_task* out) {
  const bool there = index >= 0 && index < static_cast<int64_t>(komhen::kTasks.size());
  return looked_up(
      0, [&] { return hand_out(there ? &komhen::kTasks[static_cast<std::size_t>(index)] : nullptr, out); });
}

int32_t komhen_find_task(int32_t kle, komhen_task* out) {
  return looked_up(0, [&] {
    const auto key = komhen::KleNumber::from_digits(kle);
    return hand_out(key ? komhen::find_task(*key) : nullptr, out);
  });
}

int32_t komhen_read_kle(const char* text, int64_t size) {
  const auto kle = komhen::KleNumber::parse(asked(text, size));
  return kle ? static_cast<int32_t>(kle->digits()) : -1;
}

int32_t komhen_read_week(const char* text, int64_t size) {
  const auto week = komhen::Week::parse(asked(text, size));
  return week ? week->digits() : 0;
}

int32_t komhen_week_of(int32_t year, int32_t month, int32_t day) {
  if (year < 1990 || year > 2068 || month < 1 || month > 12 || day < 1 || day > 31) return 0;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return 0;
  const auto week = komhen::Week::containing(date);
  return week ? week->digits() : 0;
}
