"""Writes the test that calls every function of komhen.h with garbage in every parameter, one at a time.

usage: matrix.py FOLDER_OF_KOMHEN_H OUT.c

The prototypes come from the header, so that a new function or parameter is covered or stops the build: a parameter
whose good value is not known here is an error, and so is a header that does not have exactly the functions of
symbols.txt.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from header import prototypes

# Good numbers and texts, by parameter, or by function and parameter where one name means several things.
NUMBERS = {
    "words": 1, "number": 1, "language": 1, "index": 0, "code": 657, "kle": 230510, "year": 2012, "month": 4,
    "day": 23, "municipality": 657, "week": 201217, "measure": 1, "dimension": 5, "set": 1, "scheme": 2, "raw": 0,
    "numerator": 1, "denominator": 2, "row": 0, "column": 1, "since": 0, "erase_ids": 0, "unpriced_apart": 0,
    "contacts": 10, "from_channel": 1, "to_channel": 7, "direction": 1, "komhen_prices_choose.year": 2010, "level": 3,
}  # fmt: skip
TEXTS = {
    "komhen_find_word.text": 'TEXT("telephone")',
    "komhen_find_municipality.text": 'TEXT("Herning")',
    "komhen_read_kle.text": 'TEXT("23.05.10")',
    "komhen_read_week.text": 'TEXT("2012-W17")',
    "komhen_round_load.id_or_path": 'TEXT("2012-spring")',
    "komhen_round_parse.toml": "TEXT(ROUND_TOML)",
    "komhen_participation_load.path": 'TEXT(KOMHEN_SOURCE_DIR "/tests/golden/small_week.weeks.csv")',
    "komhen_participation_parse.csv": "TEXT(WEEKS_CSV)",
    "komhen_profile_load.path": 'TEXT(KOMHEN_SOURCE_DIR "/tests/golden/tickets.toml")',
    "komhen_profile_parse.toml": "TEXT(PROFILE_TOML)",
    "name": 'TEXT("a name")',
    "komhen_cube_add_text.bytes": "TEXT(CONTACTS_CSV)",
    "komhen_cube_from_bytes.bytes": "komhen_buffer_data(w.buffer), komhen_buffer_size(w.buffer)",
    "komhen_cube_load.path": "TEXT(w.saved)",
    "value": 'TEXT("telephone")',
    "komhen_query_tasks.name_or_path": 'TEXT("kl-35")',
    "basis": 'TEXT("all")',
    "path": "TEXT(w.fresh)",
    "komhen_journal_merge.out": "TEXT(w.fresh)",
    "source": 'TEXT("matrix")',
    "komhen_prices_load.name_or_path": 'TEXT("copenhagen-2010")',
    "komhen_prices_parse.toml": "TEXT(PRICES_TOML)",
    "komhen_prices_parse_csv.csv": "TEXT(PRICES_CSV)",
    "komhen_prices_choose.source": 'TEXT("")',
    "komhen_prices_choose.basis": 'TEXT("not_stated")',
    "group": 'TEXT("application")',
    "level": 'TEXT("3")',
    "komhen_case_run.path": 'TEXT(KOMHEN_SOURCE_DIR "/examples/cases/herning-pladszonen.toml")',
    "komhen_case_parse.toml": "TEXT(CASE_TOML)",
    "komhen_case_run_with.path": 'TEXT(KOMHEN_SOURCE_DIR "/examples/cases/herning-pladszonen.toml")',
    "komhen_case_parse_with.toml": "TEXT(CASE_TOML)",
    "folder": 'TEXT("")',
    "id": 'TEXT("saving_actual")',
    "figure": 'TEXT("saving_actual")',
    "tasks": 'TEXT("all")',
    "tasks_at": 'TEXT("")',
    "date": 'TEXT("2012-05-13")',
    "komhen_baseline_load.path": "TEXT(w.frozen)",
    "komhen_goals_load.path": 'TEXT(KOMHEN_SOURCE_DIR "/examples/goals/hilleroed.toml")',
    "komhen_goals_parse.toml": "TEXT(GOALS_TOML)",
    "komhen_waves_rank.path": 'TEXT(KOMHEN_SOURCE_DIR "/examples/waves/next-wave.toml")',
    "event_id": 'TEXT("event-1")',
}
# Texts of which some garbage is as good as any other: a name, a filter's value.
LENIENT = {"name", "value", "basis", "source", "event_id", "text", "toml", "csv", "bytes", "group", "level",
           "folder", "figure", "tasks_at"}  # fmt: skip
HANDLES = {"into": "w.cube", "from": "w.other", "before": "w.cube", "after": "w.other", "a": "w.cube", "b": "w.other",
           "business_case": "w.business_case"}  # fmt: skip
# Parameters that may be NULL; of every other, NULL must be refused.
OPTIONAL = {"err", "options", "outcome", "reasons", "conflicts", "komhen_table_text.size", "komhen_journal_record_many.recorded",
            "komhen_goals_evaluate.before", "komhen_goals_evaluate.prices", "komhen_goals_against.prices"}  # fmt: skip
STRUCTS = {
    "komhen_registration": "good_registration()",
    "komhen_columns": "good_columns()",
    "komhen_count_options": "(komhen_count_options)KOMHEN_COUNT_OPTIONS_INIT",
    "komhen_case_options": "(komhen_case_options)KOMHEN_CASE_OPTIONS_INIT",
    "komhen_journal_options": "(komhen_journal_options)KOMHEN_JOURNAL_OPTIONS_INIT",
    "komhen_outcome": "(komhen_outcome)KOMHEN_OUTCOME_INIT",
    "komhen_task": "(komhen_task)KOMHEN_TASK_INIT",
    "komhen_figure": "(komhen_figure)KOMHEN_FIGURE_INIT",
    "komhen_journal_status": "(komhen_journal_status)KOMHEN_JOURNAL_STATUS_INIT",
}
BAD_SIZES = ["0", "1", "(uint32_t)sizeof(T) - 1", "(uint32_t)sizeof(T) + 1", "0xFFFFFFFFu"]
# Numbers of which any that is not below zero is as good as any other.
COUNTS = {"contacts", "komhen_query_level.kle"}
GARBAGE_32 = ["INT32_MIN", "-1", "0", "255", "INT32_MAX"]
GARBAGE_64 = ["INT64_MIN", "-1", "0", "255", "INT64_MAX"]


@dataclass
class Parameter:
    kind: str  # number, text, size, paths, events, handle, struct, out, bytes, stream
    type: str  # as in the prototype
    name: str
    size: str = ""  # of texts, paths and events: the parameters that belong to it
    sizes: str = ""

    @property
    def bare(self) -> str:
        return self.type.replace("const ", "").replace("*", "").strip()


@dataclass
class Function:
    returns: str
    name: str
    parameters: list[Parameter]

    @property
    def can_fail(self) -> bool:
        return self.returns == "komhen_status"


def stop(sentence: str) -> None:
    sys.exit(f"matrix.py: {sentence}")


def read_header(path: Path) -> list[Function]:
    functions = []
    for returns, name, inside in prototypes(path):
        pieces = [] if inside == "void" else [piece.strip() for piece in inside.split(",")]
        split = [re.fullmatch(r"(.*?)(\w+)", piece) for piece in pieces]
        pairs = [(match[1].strip(), match[2]) for match in split if match]
        functions.append(Function(returns, name, classify(name, pairs)))
    return functions


def classify(function: str, pairs: list[tuple[str, str]]) -> list[Parameter]:
    out: list[Parameter] = []
    names = [name for _, name in pairs]
    for place, (type_, name) in enumerate(pairs):
        following = pairs[place + 1] if place + 1 < len(pairs) else ("", "")
        if type_ == "const char *":
            if following[0] != "int64_t" or following[1] not in ("size", f"{name}_size"):
                stop(f"the text {name} of {function} has no size behind it")
            out.append(Parameter("text", type_, name, size=following[1]))
        elif type_ == "int64_t" and name in ("size", *[f"{other}_size" for other in names]):
            out.append(Parameter("size", type_, name))
        elif type_ == "const char *const *":
            out.append(Parameter("paths", type_, name, size="count", sizes="sizes"))
        elif (type_, name) in (("const int64_t *", "sizes"), ("int64_t", "count")):
            out.append(Parameter("size", type_, name))
        elif type_ in ("int32_t", "int64_t"):
            out.append(Parameter("number", type_, name))
        elif type_ in ("int32_t *", "int64_t *"):
            out.append(Parameter("out", type_, name))
        elif type_ == "uint8_t *":
            out.append(Parameter("bytes", type_, name))
        elif type_.endswith("**"):
            out.append(Parameter("out", type_, name))
        elif type_ == "struct ArrowArrayStream *":
            out.append(Parameter("stream", type_, name))
        elif type_ == "komhen_error *":
            out.append(Parameter("err", type_, name))
        elif (bare := type_.replace("const ", "").replace("*", "").strip()) in STRUCTS:
            kind = "events" if following == ("int64_t", "count") else "struct"
            out.append(Parameter(kind, type_, name, size="count" if kind == "events" else ""))
        elif re.fullmatch(r"(const )?komhen_\w+ \*", type_) and bare:
            out.append(Parameter("handle", type_, name))
        else:
            stop(f"what {type_} {name} of {function} is, is not known")
    return out


def looked_up(table: dict, function: Function, parameter: Parameter):
    for key in (f"{function.name}.{parameter.name}", parameter.name):
        if key in table:
            return table[key]
    return stop(f"say what a good {parameter.name} of {function.name} is")


def is_optional(function: Function, parameter: Parameter) -> bool:
    return parameter.name in OPTIONAL or f"{function.name}.{parameter.name}" in OPTIONAL


def good_arguments(function: Function) -> list[str]:
    lines = []
    for p in function.parameters:
        slot = f"slot_{function.name}_{p.name}"
        if p.kind == "number":
            lines.append(f"a.{p.name} = {looked_up(NUMBERS, function, p)};")
        elif p.kind == "text":
            lines.append(f"TAKE(a.{p.name}, a.{p.size}, {looked_up(TEXTS, function, p)});")
        elif p.kind == "paths":
            path = "w.closed" if "journal" in function.name else 'KOMHEN_SOURCE_DIR "/tests/golden/small_week.csv"'
            lines += ["static const char *path[1];", "static int64_t size[1];", f"TAKE(path[0], size[0], TEXT({path}));",
                      f"a.{p.name} = path;", f"a.{p.sizes} = size;", f"a.{p.size} = 1;"]  # fmt: skip
        elif p.kind == "handle":
            fixture = HANDLES.get(p.name, "w." + p.bare.removeprefix("komhen_"))
            lines.append(f"a.{p.name} = {fixture};")
        elif p.kind in ("struct", "events"):
            lines += [f"{slot}.value = {STRUCTS[p.bare]};", f"a.{p.name} = &{slot}.value;"]
            if p.kind == "events":
                lines.append(f"a.{p.size} = 1;")
        elif p.kind in ("out", "bytes"):
            lines.append(f"a.{p.name} = {'' if p.kind == 'bytes' else '&'}{slot};")
        elif p.kind == "stream":
            lines.append(f"a.{p.name} = &{slot};")
    return lines


def garbage(function: Function) -> list[tuple[str, str, str]]:
    """What to do to good arguments, how the call must then end, and what to call it."""
    nothing = "ANY" if function.name == "komhen_table_note" else "GOOD"  # the good table has no notes
    cases = [("", nothing, "nothing wrong")]
    for p in function.parameters:
        a = f"a.{p.name}"
        if p.kind == "number":
            for value in GARBAGE_32 if p.type == "int32_t" else GARBAGE_64:
                any_other = value == "0" or ({p.name, f"{function.name}.{p.name}"} & COUNTS and "MIN" not in value and value != "-1")
                cases.append((f"{a} = {value};", "ANY" if any_other else "REFUSED", f"{p.name} {value}"))
        elif p.kind == "text":
            for data, size in [("NULL", "1"), ("NULL", "-1"), ("NULL", "INT64_MIN"), ("NULL", "INT64_MAX"),
                               ('"x"', "-1"), ('"x"', "INT64_MIN"), ('"x"', "INT64_MAX")]:  # fmt: skip
                cases.append((f"{a} = {data}; a.{p.size} = {size};", "REFUSED", f"{p.name} {data}, size {size}"))
            other = "ANY" if p.name in LENIENT else "FAILS"
            for data, size, what in [("NULL", "0", "NULL, size 0"), ('"x"', "0", "empty"), (r'"a\0b"', "3", "with a NUL byte"),
                                     (r'"\xFF\xFE\x80"', "3", "not UTF-8"), ('"010190-1234"', "11", "a CPR number"),
                                     ("w.letters", "BIG", "10 MB of letters"), ("w.brackets", "BIG", "10 MB of brackets"),
                                     ("w.quotes", "BIG", "10 MB of quotes"), ("w.numbers", "BIG", "10 MB of digits")]:  # fmt: skip
                # The system takes any bytes for a name, and any text but a sentence may be one.
                want = "ANY" if what in ("not UTF-8", "a CPR number") else other
                cases.append((f"{a} = {data}; a.{p.size} = {size};", want, f"{p.name} {what}"))
        elif p.kind == "paths":
            for change, want in [
                (f"{a} = NULL;", "REFUSED"), (f"a.{p.sizes} = NULL;", "REFUSED"), (f"a.{p.size} = -1;", "REFUSED"),
                (f"a.{p.size} = INT64_MIN;", "REFUSED"), (f"{a} = NULL; a.{p.size} = INT64_MAX;", "REFUSED"),
                (f"a.{p.sizes} = NULL; a.{p.size} = INT64_MAX;", "REFUSED"), (f"a.{p.size} = 0;", "ANY"),
                ("a.paths = no_path; a.sizes = one;", "REFUSED"), ("a.paths = no_path; a.sizes = none;", "FAILS"),
                ("a.sizes = less;", "REFUSED"), ("a.paths = folder; a.sizes = one;", "FAILS"),
            ]:  # fmt: skip
                cases.append((change, want, f"{p.name}: {change}"))
        elif p.kind in ("handle", "out", "bytes"):
            cases.append((f"{a} = NULL;", "GOOD" if is_optional(function, p) else "REFUSED", f"{p.name} NULL"))
        elif p.kind in ("struct", "events"):
            slot = f"slot_{function.name}_{p.name}"
            cases.append((f"{a} = NULL;", "GOOD" if is_optional(function, p) else "REFUSED", f"{p.name} NULL"))
            for size in BAD_SIZES:
                size = size.replace("(T)", f"({p.bare})")
                cases.append((f"{slot}.value.struct_size = {size};", "REFUSED", f"{p.name} struct_size {size}"))
            larger = f"{slot}.value.struct_size = (uint32_t)sizeof({p.bare}) + 8;"
            cases.append((larger, "GOOD", f"{p.name} larger, with 0"))
            cases.append((f"{larger} {slot}.bytes[sizeof({p.bare}) + 7] = 1;", "REFUSED", f"{p.name} larger, with more"))
            if p.kind == "events":
                for change, want in [(f"a.{p.size} = -1;", "REFUSED"), (f"a.{p.size} = INT64_MIN;", "REFUSED"),
                                     (f"a.{p.size} = 0;", "GOOD"), (f"{a} = NULL; a.{p.size} = INT64_MAX;", "REFUSED"),
                                     (f"{a} = NULL; a.{p.size} = 0;", "GOOD")]:  # fmt: skip
                    cases.append((change, want, f"{p.name}: {change}"))
        elif p.kind == "stream":
            cases.append((f"{a} = NULL;", "REFUSED", f"{p.name} NULL"))
            if function.name == "komhen_cube_add_arrow":
                cases.append((f"{a}->release(a.{p.name});", "REFUSED", f"{p.name} released"))
    passed = [p for p in function.parameters if p.kind != "err"]
    if len(passed) > 1:
        change = " ".join(f"a.{p.name} = {'0' if p.type in ('int32_t', 'int64_t') else 'NULL'};" for p in passed)
        cases.append((change, "FAILS" if function.can_fail else "ANY", "everything NULL and 0"))
    return cases


def free_of(type_: str) -> str:
    return type_.replace("*", "").strip() + "_free"


def function_text(function: Function) -> str:
    f = function.name
    if function.returns == "void":  # a handle that is none cannot be told from one that is: NULL it is
        return f"static void {f}_stands_garbage(void) {{\n  {f}({', '.join('NULL' for _ in function.parameters)});\n}}"
    out: list[str] = []
    for p in function.parameters:
        slot = f"slot_{f}_{p.name}"
        if p.kind in ("struct", "events"):
            out.append(f"static union {{ {p.bare} value; unsigned char bytes[sizeof({p.bare}) + 8]; }} {slot};")
        elif p.kind == "out":
            out.append(f"static {p.type.removesuffix('*').strip()} {slot};")
        elif p.kind == "bytes":
            out.append(f"static uint8_t {slot}[8];")
        elif p.kind == "stream":
            out.append(f"static struct ArrowArrayStream {slot};")
    passed = [p for p in function.parameters if p.kind != "err"]
    out.append(f"typedef struct args_{f} {{")
    out += [f"  {p.type} {p.name};" for p in passed] or ["  int none;"]
    out.append(f"}} args_{f};")

    out.append(f"static args_{f} good_{f}(void) {{\n  args_{f} a;\n  memset(&a, 0, sizeof a);")
    for p in function.parameters:
        slot = f"slot_{f}_{p.name}"
        if p.kind in ("struct", "events"):
            out.append(f"  memset(&{slot}, 0, sizeof {slot});")
        elif p.kind == "out":
            poison = f"({p.type.removesuffix('*').strip()})&w" if "**" in p.type else "0x5A5A"
            out.append(f"  {slot} = {poison};")
        elif p.kind == "stream":
            if f == "komhen_cube_add_arrow":
                out += ["  w.producer = (Producer){1, 0, 0, 0, 0, 0};", f"  {slot} = stream_of(&w.producer);"]
            else:
                out.append(f"  memset(&{slot}, 0x5A, sizeof {slot});")
    out += [f"  {line}" for line in good_arguments(function)]
    out.append("  return a;\n}")

    arguments = ", ".join("given" if p.kind == "err" else f"a.{p.name}" for p in function.parameters)
    out.append(f"static void call_{f}(args_{f} a, int want, int how) {{")
    if function.can_fail:
        out += ["  GivenError room = given_error(how);", "  komhen_error *given = how == ERR_NULL ? NULL : &room.value;",
                f"  const komhen_status status = {f}({arguments});",
                "  check_status(status, want, how, &room);",
                "  if (status != KOMHEN_OK) {",
                "    EXPECT_CASE(komhen_cube_equal(w.cube, w.snapshot) == 1);",
                "    EXPECT_CASE(komhen_cube_contacts(w.cube) == 1 && komhen_cube_cells(w.cube) == 1);",
                "    EXPECT_CASE(journal_is_as_it_was());",
                "    EXPECT_CASE(!left_behind());",
                "  }"]  # fmt: skip
        for p in function.parameters:
            slot = f"slot_{f}_{p.name}"
            there = f"a.{p.name} != NULL"
            if p.kind == "out" and "**" in p.type:
                out.append(f"  if ({there}) {{\n    EXPECT_CASE((status == KOMHEN_OK) == ({slot} != NULL));")
                out.append(f"    {free_of(p.type)}({slot});\n    {slot} = NULL;\n  }}")
            elif p.kind == "out":
                out.append(f"  if ({there} && status != KOMHEN_OK) EXPECT_CASE({slot} == 0);")
            elif p.kind == "struct" and p.bare in ("komhen_outcome", "komhen_journal_status"):
                field = "rows_read" if p.bare == "komhen_outcome" else "sequence"
                out.append(f"  if ({there} && status != KOMHEN_OK) EXPECT_CASE({slot}.value.{field} == 0);")
            elif p.kind == "stream" and f == "komhen_cube_add_arrow":
                out.append(f"  if ({there}) EXPECT_CASE({slot}.release == NULL && w.producer.streams == 0);")
                out.append(f"  if (a.{p.name} == NULL) {slot}.release(&{slot});")
                out.append("  EXPECT_CASE(w.producer.schemas == 0 && w.producer.arrays == 0);")
            elif p.kind == "stream":
                out.append(f"  if ({there}) {{\n    EXPECT_CASE((status == KOMHEN_OK) == ({slot}.release != NULL));")
                out.append(f"    if (status == KOMHEN_OK) {slot}.release(&{slot});\n  }}")
    else:
        nothing = "== NULL" if function.returns.endswith("*") else "<= 0"
        out += [f"  const {function.returns.removeprefix('const ') if not function.returns.endswith('*') else 'void *'}"
                f"{'' if function.returns.endswith('*') else ' '}got = {f}({arguments});",
                f"  if (want == FAILS || want == REFUSED) EXPECT_CASE(got {nothing});",
                f"  if (want == GOOD) EXPECT_CASE(!(got {nothing}) || {int(f == 'komhen_abi_version')});"]  # fmt: skip
        out.append("  (void)a;")
        out.append("  (void)how;")
    out.append("}")

    out.append(f"static void {f}_stands_garbage(void) {{")
    hows = ["ERR_GOOD", "ERR_NULL", "ERR_BAD"] if function.can_fail else ["ERR_GOOD"]
    for change, want, what in garbage(function):
        shown = f"{f}: {what}".replace('"', "'").replace("\\", "\\\\")
        for how in hows:
            out += ["  {", "    world_anew();", f"    args_{f} a = good_{f}();", f'    at_work = "{shown}";']
            if change:
                out.append(f"    {change}")
            out += [f"    call_{f}(a, {want}, {how});", "  }"]
    if f == "komhen_journal_seal":
        out.append("  open_journal();")
    out.append("}")
    return "\n".join(out)


def main() -> None:
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    functions = read_header(folder / "komhen.h")
    symbols = (folder / "symbols.txt").read_text(encoding="utf-8").split()
    names = sorted(function.name for function in functions)
    if names != sorted(symbols):
        stop(f"komhen.h and symbols.txt do not have the same functions: {sorted(set(names) ^ set(symbols))}")
    functions.sort(key=lambda function: function.name == "komhen_journal_seal")  # it ends the journal it is given
    text = [
        "/* Made by matrix.py from komhen.h: do not edit. */",
        '#include "matrix_world.h"',
        "",
        "static void take(const char **data, int64_t *size, const char *given, int64_t given_size) {",
        "  *data = given;",
        "  *size = given_size;",
        "}",
        "#define TAKE(data, size, ...) take(&(data), &(size), __VA_ARGS__)",
        'static const char *const no_path[1] = {NULL};',
        'static const char *const folder[1] = {"/"};',
        "static const int64_t one[1] = {1}, none[1] = {0}, less[1] = {-1};",
        "",
    ]
    text += [function_text(function) + "\n" for function in functions]
    text.append("int main(void) {\n  expect_running = \"the matrix\";\n  world_begin();")
    text += [f"  RUN({function.name}_stands_garbage);" for function in functions]
    cases = sum(len(garbage(function)) * (3 if function.can_fail else 1) for function in functions)
    text.append(f'  world_end();\n  fprintf(stderr, "%d functions, %d calls\\n", {len(functions)}, {cases});')
    text.append("  return expect_result();\n}\n")
    target.write_text("\n".join(text), encoding="utf-8")


main()
