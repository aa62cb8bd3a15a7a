"""Hand-worked cases for the oracle: what each rule of the two pages says, on the smallest file that shows it."""
import os
import sys
import tomllib

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import generate  # noqa: E402
import oracle  # noqa: E402

HEAD = "municipality;date;kle;channel;type;direction"
ROW = "657;2012-04-23;23.05.10;telephone;guidance;incoming"


def read(text, **options):
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return oracle.read([("a.csv", data)], **options)


def rows(*lines, head=HEAD, **options):
    return read("\n".join((head, *lines)) + "\n", **options)


def reasons(result):
    return [reason for _line, reason, _column in result.rejects]


def one(column, value, head=HEAD, row=ROW, **options):
    """The reject of the good row with one field (or one more column) holding this value; None if accepted."""
    names, fields = head.split(";"), row.split(";")
    if column in names:
        fields[names.index(column)] = value
    else:
        names.append(column)
        fields.append(value)
    fields = ['"' + f.replace('"', '""') + '"' for f in fields]
    result = read(";".join(names) + "\n" + ";".join(fields) + "\n", **options)
    assert result.rows_read == 1
    return result.rejects[0][1:] if result.rejects else None


def cell(result):
    assert len(result.cells) == 1
    return next(iter(result.cells))


# ---------------------------------------------------------------------------------------------------------
# Tables

def test_tables():
    assert len(oracle.MUNICIPALITIES) == 98 and 411 not in oracle.MUNICIPALITIES
    assert len(set(oracle.KL_35)) == 35
    assert len(oracle.REASONS) == 18
    assert [c[0] for c in oracle.CHANNELS.values()] == list(range(1, 12))


def test_the_smallest_file():
    result = read("municipality;date;kle;channel;type;direction\n"
                  "657;2012-04-23;23.05.10;telephone;guidance;incoming\n"
                  "657;2012-04-23;23.05.10;self_service;new_case;incoming\n")
    assert (result.rows_read, result.rows_accepted, result.contacts) == (2, 2, 2)
    assert result.encoding == "ascii" and result.unread_columns == []
    assert result.cells == {
        (657, "2012-W17", "23.05.10", "telephone", "guidance", "incoming", "not_stated", "not_stated", "", ""): 1,
        (657, "2012-W17", "23.05.10", "self_service", "new_case", "incoming", "not_stated", "not_stated", "", ""): 1}


# ---------------------------------------------------------------------------------------------------------
# Header

def test_danish_names_in_any_order_and_spelling():
    result = read("RETNING;Hændelse-ID;KANAL;henvendelsestype;Kle;DATO; Kommune \n"
                  "ind;a1;tlf;VEJLEDNING;23.05.10;23.04.2012;Herning\n")
    assert result.rows_accepted == 1 and result.unread_columns == []


def test_unread_columns_each_once_trimmed_in_order():
    result = rows("657;2012-04-23;23.05.10;telephone;guidance;incoming;1;2;3;4",
                  head=HEAD + "; navn ;Note;navn;kanal 2")
    assert result.unread_columns == ["navn", "Note", "kanal 2"]


def test_week_is_read_instead_of_date():
    result = read("week;municipality;date;kle;channel;type;direction\n"
                  "2012-W18;657;010170-1234;23.05.10;telephone;guidance;incoming\n")
    assert result.unread_columns == ["date"] and cell(result)[1] == "2012-W18"


@pytest.mark.parametrize("head", [
    HEAD + ";kanal", HEAD + ";CHANNEL", "municipality;date;kle;channel;type", "municipality;kle;channel;type;direction",
    "", "\n\n", 'municipality;"date', 'municipality;"date"x;kle;channel;type;direction'])
def test_header_errors(head):
    with pytest.raises(oracle.OracleError):
        read(head)


def test_header_only_is_no_error():
    assert read(HEAD).rows_read == 0
    assert read("\n  \n\t\n" + HEAD + "\r\n").rows_read == 0


def test_several_files_have_one_scope():
    a = (HEAD + ";event_id\n" + ROW + ";e1\n").encode()
    b = ("event_id," + HEAD.replace(";", ",") + ",x\n\n" + "e1," + ROW.replace(";", ",") + ",\n").encode()
    result = oracle.read([("a", a), ("b", b)])
    assert result.rejects == [(3, "duplicate_event", "event_id")] and result.unread_columns == ["x"]


# ---------------------------------------------------------------------------------------------------------
# Words

@pytest.mark.parametrize("column, value, token", [
    ("channel", "TLF", "telephone"), ("channel", "E-mail", "email"), ("channel", "e mail", "email"),
    ("channel", "e_post", "email"), ("channel", "Fremmoede", "in_person"), ("channel", "\u00a0 sms\t", "sms"),
    ("channel", "BESØG_PÅ_HJEMMESIDE", "website"), ("channel", "besoeg paa hjemmeside", "website"),
    ("channel", "besøg pa\u030a hjemmeside", "website"), ("channel", "borger.dk", "website"),
    ("channel", "In-Person", "in_person"), ("channel", "Selvbetjeningsløsning", "self_service"),
    ("type", "AENDRING af status på eksisterende-sag", "status_change"), ("type", "råd og vejledning", "guidance"),
    ("direction", "Indgaaende", "incoming"), ("direction", "UD", "outgoing"),
    ("closure", "", "not_stated"), ("closure", "ikke oplyst", "not_stated"), ("closure", "Lagt til side", "put_aside"),
    ("form", "", "not_stated"), ("form", "Ingen", "none"), ("form", "digital blanket", "digital"),
    ("municipality", "0657", 657), ("municipality", "657", 657), ("municipality", "aarhus", 751),
    ("municipality", "ÅRHUS", 751), ("municipality", "Høje Tåstrup", 169), ("municipality", "ringkoebing_skjern", 760)])
def test_words_that_match(column, value, token):
    place = {"municipality": 0, "channel": 3, "type": 4, "direction": 5, "closure": 6, "form": 7}[column]
    head = HEAD if column in HEAD.split(";") else HEAD + ";" + column
    fields = dict(zip(HEAD.split(";"), ROW.split(";"))) | {column: value}
    result = read(head + "\n" + ";".join(fields[name] for name in head.split(";")) + "\n")
    assert cell(result)[place] == token


@pytest.mark.parametrize("column, value, reason", [
    ("channel", "", "unknown_channel"), ("channel", "1", "unknown_channel"), ("channel", "chat", "unknown_channel"),
    ("channel", "selfservice", "unknown_channel"), ("channel", '"telephone"', "unknown_channel"),
    ("channel", "telephone\n", "unknown_channel"), ("channel", "\u0130n_person", "unknown_channel"),
    ("type", "", "unknown_type"), ("type", "4", "unknown_type"), ("direction", "in", "unknown_direction"),
    ("direction", "", "unknown_direction"), ("closure", "0", "unknown_closure"), ("form", "pdf", "unknown_form"),
    ("municipality", "411", "unknown_municipality"), ("municipality", "00657", "unknown_municipality"),
    ("municipality", "", "unknown_municipality"), ("municipality", "６５７", "unknown_municipality")])
def test_words_that_do_not_match(column, value, reason):
    assert one(column, value) == (reason, column)


# ---------------------------------------------------------------------------------------------------------
# Dates, tasks, counts, labels

@pytest.mark.parametrize("text, week", [
    ("2012-04-23", "2012-W17"), ("23-04-2012", "2012-W17"), ("23.04.2012", "2012-W17"), ("2012-12-31", "2013-W01"),
    ("2010-01-03", "2009-W53"), ("2016-01-03", "2015-W53"), ("1990-01-01", "1990-W01"), ("2068-07-01", "2068-W26"),
    ("2000-02-29", "2000-W09"), ("1989-12-31", None), ("2068-07-02", None), ("1900-02-29", None), ("2012-02-30", None),
    ("2012-4-23", None), ("23-04.2012", None), ("23/04/2012", None), ("", None), ("2012-04-23 ", None), ("0000-01-01", None)])
def test_dates(text, week):
    assert oracle.read_date(text) == week


@pytest.mark.parametrize("text, week", [
    ("2012-W17", "2012-W17"), ("2009-W53", "2009-W53"), ("2012-W53", None), ("2012-W00", None), ("2012W17", None),
    ("1989-W52", None), ("2068-W26", "2068-W26"), ("2068-W27", None), ("2012-W1", None)])
def test_weeks(text, week):
    assert oracle.read_week(text) == week


def test_bad_date_names_the_column_that_is_read():
    assert one("date", "2012-02-30") == ("bad_date", "date")
    assert one("week", "2012-W54") == ("bad_date", "week")


@pytest.mark.parametrize("text", ["", "23.5.10", "230510", "23.05.1O", "23.05.10.", "023.05.10", "２3.05.10"])
def test_bad_kle(text):
    assert one("kle", text) == ("bad_kle", "kle")


def test_any_well_formed_kle_counts():
    assert one("kle", "99.99.99") is None and one("kle", "00.00.00") is None


@pytest.mark.parametrize("text, number", [
    ("1", 1), ("0000000007", 7), ("2147483647", 2147483647), ("2147483648", None), ("4294967297", None), ("0", None),
    ("00000000001", None), ("", None), ("-1", None), ("+1", None), ("1.0", None), ("1e3", None), ("٣", None)])
def test_counts(text, number):
    assert oracle.read_count(text) == number
    result = rows(ROW + ";" + text, head=HEAD + ";count")
    assert (result.contacts or None) == number


def test_labels():
    assert one("source", "ø" * 32) is None
    assert one("source", "ø" * 32 + "x") == ("bad_label", "source")
    assert one("unit", "x" * 65) == ("bad_label", "unit")
    assert one("event_id", "x" * 128) is None
    assert one("event_id", "x" * 129) == ("bad_label", "event_id")
    assert one("unit", "  " + "x" * 64 + "\u00a0") is None
    for control in ("a\x00b", "a\nb", "a\tb", "\x7f", "a\u0085b"):
        assert one("source", control) == ("bad_label", "source")
    result = rows(ROW + ";\x01;\x01;\x01", ROW + ";\x01;\x01;a", head=HEAD + ";event_id;unit;source")
    assert result.rejects == [(2, "bad_label", "source"), (3, "bad_label", "unit")]


# ---------------------------------------------------------------------------------------------------------
# Order of the rules, rounds, participation, duplicates

def test_the_first_rule_that_fails_is_the_reason():
    closed = oracle.Round("r", ("2013-W17",), package=frozenset({"32.03.04"}))
    head = "direction;unit;count;form;closure;type;channel;kle;date;municipality;event_id"
    bad = ["x", "\x01", "0", "x", "x", "x", "x", "1", "x", "x", "010170-1234"]
    good = ["ind", "u", "1", "", "", "guidance", "sms", "32.03.04", "2013-04-24", "657", "e1"]
    order = [(10, "personal_data"), (9, "unknown_municipality"), (8, "bad_date"), (7, "bad_kle"), (6, "unknown_channel"),
             (5, "unknown_type"), (0, "unknown_direction"), (4, "unknown_closure"), (3, "unknown_form"),
             (2, "bad_count"), (1, "bad_label")]
    fields = list(bad)
    for place, reason in order:
        result = rows(";".join(fields), head=head, round=closed)
        assert reasons(result) == [reason]
        fields[place] = good[place]
        if place == 7:
            fields[7] = "23.05.10"
            assert rows(";".join(fields), head=head, round=closed).rejects == [(2, "unknown_task", "kle")]
            fields[7] = good[7]
    assert rows(";".join(fields), head=head, round=closed).rows_accepted == 1
    assert reasons(rows(";".join(fields) + ";", head=head, round=closed)) == ["malformed"]


def test_round_and_participation():
    assert rows(ROW, round="2012-spring").rows_accepted == 1
    assert rows(ROW, round="2012-autumn").rejects == [(2, "outside_round", "date")]
    assert rows(ROW, participation={657: {"2012-W17"}}).rows_accepted == 1
    assert rows(ROW, participation={657: {"2012-W18"}}).rejects == [(2, "outside_participation", "date")]
    assert rows(ROW, participation={101: {"2012-W17"}}).rejects == [(2, "outside_participation", "date")]
    assert reasons(rows(ROW, round="2012-autumn", participation={})) == ["outside_round"]
    with pytest.raises(oracle.OracleError):
        rows(ROW, round="1999-autumn")


def test_duplicates():
    head = HEAD + ";event_id;source;unit;count"
    result = rows(
        ROW + ";e1;s;u;1",
        "0657;27.04.2012;23.05.10;Tlf;vejledning;IND;e1;s;u;01",        # the same week, words and number
        ROW + ";e1;s;u;2",                                              # another count
        ROW + ";e1;s;v;1",                                              # another unit
        ROW + ";e1;S;u;1",                                              # another source is another key
        "101" + ROW[3:] + ";e1;s;u;1",                                  # so is another municipality
        ROW + ";E1;s;u;1",                                              # and another id
        ROW + ";;s;u;1", ROW + ";;s;u;1",                               # no id, no duplicate
        ROW + ";e2;s;u;0", ROW + ";e2;s;u;5",                           # a rejected row is not remembered
        head=head)
    assert result.rejects == [(3, "duplicate_event", "event_id"), (4, "conflicting_event", "event_id"),
                              (5, "conflicting_event", "event_id"), (11, "bad_count", "count")]
    assert result.rows_read == result.rows_accepted + sum(result.rejected.values()) == 11


# ---------------------------------------------------------------------------------------------------------
# The form of the file

@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end):
    result = read(end.join((HEAD, "", ROW, "bad", ROW, "bad")))
    assert (result.rows_read, result.rows_accepted) == (4, 2)
    assert [line for line, _, _ in result.rejects] == [4, 6]


def test_mixed_line_ends_and_lines_inside_quotes():
    result = read(f'{HEAD};note\r\n{ROW};"a\r\nb\rc\nd"\r\rbad\n\rbad')
    assert result.rows_accepted == 1
    # the record stands on 2 to 5, then an empty line, bad, an empty line, bad
    assert result.rejects == [(7, "malformed", ""), (9, "malformed", "")]


def test_separators():
    assert read((HEAD + "\n" + ROW + "\n").replace(";", ",")).rows_accepted == 1
    assert read((HEAD + "\n" + ROW + "\n").replace(";", "\t")).rows_accepted == 1
    # commas inside quotes do not count
    assert read(HEAD + ';"a,,,,,,,,,b"\n' + ROW + ";\n").unread_columns == ["a,,,,,,,,,b"]
    # nor does a quote in an unquoted field open anything
    assert read(HEAD + ';x"y\n' + ROW + ";\n").unread_columns == ['x"y']
    # sep= names it
    result = read("sep=;\r\nx,,,,,,,,,y;" + HEAD + "\r\n;" + ROW + "\r\n")
    assert result.rows_accepted == 1 and result.unread_columns == ["x,,,,,,,,,y"]
    assert read("\ufeffsep=\t\n" + HEAD.replace(";", "\t")).encoding == "utf-8"
    assert read("sep=;\n\n" + HEAD + "\nbad\n").rejects == [(4, "malformed", "")]


def test_equal_separators_take_the_first():
    assert oracle.header_separator(oracle.Lines(b"a;b,c\td"), 0) == b";"
    assert oracle.header_separator(oracle.Lines(b"a,b\tc"), 0) == b","
    assert oracle.header_separator(oracle.Lines(b"a;b,c,d"), 0) == b","


def test_blank_lines():
    assert rows("", "  ", " \t", ROW).rows_read == 1
    result = read((HEAD + "\n" + ROW).replace(";", "\t") + "\n\t\n  \n")
    assert result.rejects == [(3, "malformed", "")]  # with tabs between fields, a tab is a row
    assert rows('""').rejects == [(2, "malformed", "")]
    assert rows("\u00a0").rejects == [(2, "malformed", "")]


def test_quoting():
    head = HEAD + ";source"
    assert cell(rows(ROW + ';"a ""b"";c"', head=head))[8] == 'a "b";c'
    assert cell(rows(ROW + ';a "b" c', head=head))[8] == 'a "b" c'
    assert cell(rows(ROW + ';" a "', head=head))[8] == "a"
    assert cell(rows(ROW + '; "a"', head=head))[8] == '"a"'
    assert cell(rows(ROW + ';""', head=head))[8] == ""


def test_text_behind_a_closing_quote():
    result = rows('"a" ;' + ROW, '"a\nb"x";"', ROW, '"a"""b;' + ROW, '"";;;;;"c"d', ROW)
    assert result.rejects == [(2, "malformed", ""), (3, "malformed", ""), (6, "malformed", ""), (7, "malformed", "")]
    assert result.rows_accepted == 2


def test_a_quote_never_closed():
    result = rows('"open;' + ROW, ROW, "", ROW, 'x;"', ROW)
    # the quote of line 2 closes at the quote of line 6, text follows, and the row ends there
    assert result.rejects == [(2, "malformed", "")] and result.rows_accepted == 1
    result = rows('"open;' + ROW, ROW, "", ROW)
    assert result.rejects == [(2, "malformed", "")] and result.rows_accepted == 2


def test_many_quotes_never_closed():
    # each odd line opens a quote which the next one's first quote closes, so three lines are one open record
    result = rows(*['x";"'] * 3)
    assert [line for line, _, _ in result.rejects] == [2, 3, 4]
    result = rows(*['"x'] * 5, ROW)
    # "x\n" closes at the quote of the next line and x follows: two lines a row; the fifth is never closed
    assert [line for line, _, _ in result.rejects] == [2, 4, 6] and result.rows_accepted == 1


def test_the_limit_of_a_record():
    head = (HEAD + ";note\n").encode()
    row = (ROW + ";").encode()
    fill = oracle.RECORD_LIMIT - len(row)
    end = ("\n" + ROW + ";\n").encode()
    assert read(head + row + b"z" * fill + end).rows_accepted == 2
    assert read(head + row + b"z" * fill + b"\r\n").rows_accepted == 1
    assert read(head + row + b"z" * (fill + 1) + end).rejects == [(2, "malformed", "")]
    quoted = row + b'"' + b"y;\n" * ((fill - 2) // 3)
    quoted += b"z" * (oracle.RECORD_LIMIT - len(quoted) - 1) + b'"'
    assert len(quoted) == oracle.RECORD_LIMIT
    assert read(head + quoted + end).rows_accepted == 2


def test_an_oversized_quoted_record_resumes_at_its_second_line():
    head = (HEAD + ";note\n").encode()
    data = head + (ROW + ';"a\n' + ROW + ';b\n').encode() + b"z" * oracle.RECORD_LIMIT + b'"\n' + (ROW + ";\n").encode()
    result = read(data)
    assert [line for line, _, _ in result.rejects] == [2, 4] and result.rows_accepted == 2


def test_number_of_fields():
    assert reasons(rows(ROW + ";", ROW[:-9], ROW)) == ["malformed", "malformed"]


# ---------------------------------------------------------------------------------------------------------
# Encoding

SOURCE = (HEAD + ";source\n").encode()


def source_row(raw: bytes) -> bytes:
    return ROW.encode() + b";" + raw + b"\n"


def test_encodings():
    assert read(SOURCE + source_row("ø".encode())).encoding == "utf-8"
    result = read(SOURCE + source_row(b"\xf8"))
    assert result.encoding == "windows-1252" and cell(result)[8] == "ø"
    assert cell(read(SOURCE + source_row(b"\x80")))[8] == "€"
    assert read(b"\xef\xbb\xbf" + SOURCE).encoding == "utf-8"
    assert read(SOURCE, encoding="windows-1252").encoding == "windows-1252"
    assert read(b"\xef\xbb\xbf" + SOURCE + source_row("ø".encode()), encoding="windows-1252").encoding == "utf-8"
    files = [("a", SOURCE + source_row(b"\xf8")), ("b", SOURCE + source_row("ø".encode()))]
    assert oracle.read(files).encoding == "mixed"
    assert oracle.read(files[:1] * 2).encoding == "windows-1252"
    for mark in ("utf-16-le", "utf-16-be"):
        with pytest.raises(oracle.OracleError):
            read("\ufeff".encode(mark) + HEAD.encode(mark))


def test_the_header_and_rows_of_the_wrong_width_settle_too():
    result = read("hændelse_id;".encode("cp1252") + SOURCE + b";" + source_row(b"\xf8"))
    assert result.encoding == "windows-1252" and result.unread_columns == []
    result = read(SOURCE + b"bad;\xf8\n" + source_row(b"\xe6") + source_row("ø".encode()) + source_row(b"\xe6"))
    assert result.encoding == "windows-1252"
    assert result.rejects == [(2, "malformed", ""), (4, "bad_encoding", "")]


def test_records_never_closed_or_too_long_settle_nothing():
    result = read(SOURCE + b'"\xf8\n' + source_row("ø".encode()))
    assert result.encoding == "utf-8" and reasons(result) == ["malformed"]


def test_records_that_contradict():
    fine = source_row("ø".encode())
    assert reasons(read(SOURCE + fine * 2 + source_row(b"\xf8"))) == ["bad_encoding"]
    assert reasons(read(SOURCE + fine * 2 + source_row(b"\xed\xa0\x80"))) == ["bad_encoding"]
    fine = source_row(b"\xf8")
    for bad in (b"\x81", b"\xe5 \x9d", "ø".encode(), "ø å".encode()):
        assert reasons(read(SOURCE + fine * 2 + source_row(bad))) == ["bad_encoding"]
    assert read(SOURCE + fine + source_row("ø".encode() + b" \xf8")).rows_accepted == 2  # not all runs
    assert reasons(read(SOURCE + fine * 2 + source_row("ø".encode())[:-1] + b";\n")) == ["malformed"]


def test_most_rows_contradict():
    good, bad = source_row("ø".encode()), source_row(b"\xf8")
    assert reasons(read(SOURCE + good + bad)) == ["bad_encoding"]  # half is not more than half
    with pytest.raises(oracle.OracleError):
        read(SOURCE + good + bad * 2)
    with pytest.raises(oracle.OracleError):
        read(SOURCE + source_row(b"x") * 9 + bad, encoding="utf-8")
    # malformed rows count on neither side
    assert reasons(read(SOURCE + good + b"\xf8\n\xf8\n" + bad)) == ["malformed", "malformed", "bad_encoding"]


# ---------------------------------------------------------------------------------------------------------
# CPR numbers

@pytest.mark.parametrize("text", [
    "010170-1234", "010170 1234",        # separated: the date is enough
    "0101701234", "6101701234",          # bare, 1 January (day + 60 too)
    "0707614285",                        # bare, modulus 11: 21 + 49 + 36 + 5 + 16 + 6 + 16 + 5 = 14 * 11
    "(230412-1234)", "sag_230412-1234", "230412-1234,", "x 230412 1234 y", "-230412-1234-",
    "cpr 2304121234", "CPR2304121234", "cpr-nr: 2304121234", "Personnummer=2304121234", "cprnr.#2304121234",
    "cpr nr 2304121234", "cpr nummer 2304121234", "personnr 8304121234",
    "2304121ABC", "2304121a2b", "23041212b3", "230412123x", "230412-1ABC",
    "230412\u20131234", "230412\u00a01234",  # as word processors and pages have it
    "290200-4000", "290200-5000",        # 2000 was a leap year
    "310199-9999"])
def test_cpr_numbers(text):
    assert oracle.looks_like_cpr(text)


@pytest.mark.parametrize("text", [
    "2304121235"[:8], "5790000123456", "23.05.10", "2012-04-23", "23-04-2012", "20120423",
    "2304121236",                        # bare, no modulus 11 (2*4+3*3+0+4*7+1*6+2*5+1*4+2*3+3*2+6 = 83)
    "a230412-1234", "230412-1234b", "ø230412-1234", "230412-12345", "1230412-1234", "xcpr2304121236",
    "320112-1234", "310412-1234", "001212-1234", "921212-1234", "291302-1234", "290200-1234", "290201-4000",
    "230412--1234", "230412  1234", "230412.1234", "230412/1234", "230412A234", "2304121", "cpr 320412 1234",
    "cpr 5790000123456", "cpr x 2304121236", "230412\u20ac1234", "２３0412-1234", ""])
def test_no_cpr_numbers(text):
    assert not oracle.looks_like_cpr(text)


@pytest.mark.parametrize("yy, seventh, year", [
    (37, 4, 1937), (36, 4, 2036), (36, 9, 2036), (37, 9, 1937), (57, 5, 2057), (58, 5, 1858), (99, 8, 1899),
    (0, 3, 1900), (99, 0, 1999)])
def test_centuries(yy, seventh, year):
    assert oracle.century(yy, seventh) + yy == year


def test_personal_data_in_read_fields_only():
    assert one("event_id", "010170-1234") == ("personal_data", "event_id")
    assert one("count", "0101701234") == ("personal_data", "count")
    assert one("date", " 010170-1234 ") == ("personal_data", "date")
    assert one("navn", "010170-1234") is None
    head = "unit;navn;source;" + HEAD
    assert rows("010170-1234;;010170-1234;" + ROW, "x;010170-1234;010170-1234;" + ROW, head=head).rejects == [
        (2, "personal_data", "unit"), (3, "personal_data", "source")]


# ---------------------------------------------------------------------------------------------------------
# Profiles

PROFILE = tomllib.loads('''
delimiter = ","
encoding = "utf-8"
[municipality]
value = 101
[date]
column = "Created Date"
format = "%m/%d/%Y %I:%M:%S %p"
[kle]
value = "23.05.10"
[channel]
column = "Open Data Channel Type"
words = { PHONE = "telephone", ONLINE = "self_service" }
otherwise = "reject"
[type]
value = "new_case"
[direction]
value = "incoming"
''')


def test_a_profile():
    result = read("Key,Created Date,Open Data Channel Type\n"
                  "1,06/26/2018 10:58:54 AM, PHONE \n2,06/26/2018 10:58:54 AM,phone\n3,06/26/2018,PHONE\n"
                  "010170-1234,12/31/2018 11:59:59 PM,ONLINE\n", profile=PROFILE)
    assert result.rejects == [(3, "unknown_channel", "channel"), (4, "bad_date", "date")]
    assert result.unread_columns == ["Key"] and result.encoding == "utf-8"
    assert {(key[0], key[1], key[3]) for key in result.cells} == {
        (101, "2018-W26", "telephone"), (101, "2019-W01", "self_service")}


def test_words_without_otherwise_are_read_as_in_an_exchange_file():
    profile = PROFILE | {"channel": {"column": "c", "words": {"PHONE": "telephone"}}, "date": {"value": "2012-04-23"}}
    result = read("c\nPHONE\nSMS\nchat\n", profile=profile)
    assert result.rows_accepted == 2 and reasons(result) == ["unknown_channel"]
    profile["channel"]["otherwise"] = "website"
    assert {key[3] for key in read("c\nPHONE\nSMS\nchat\n", profile=profile).cells} == {"telephone", "website"}


@pytest.mark.parametrize("change", [
    {"kanal": {"value": "x"}}, {"channel": {"column": "c", "kolonne": "x"}}, {"channel": {"column": "missing"}},
    {"date": {"column": "c", "words": {}}}, {"channel": {"column": "c", "format": "%Y"}}, {"fil": "x"}])
def test_profile_errors(change):
    profile = PROFILE | {"channel": {"column": "c"}, "date": {"value": "2012-04-23"}} | change
    with pytest.raises(oracle.OracleError):
        read("c\n", profile=profile)


def test_a_profile_without_a_required_table():
    profile = {key: table for key, table in PROFILE.items() if key != "direction"}
    with pytest.raises(oracle.OracleError):
        read("Created Date,Open Data Channel Type\n", profile=profile)


@pytest.mark.parametrize("text, form, week", [
    ("2012-04-22T23:30:00+0000", "%Y-%m-%dT%H:%M:%S%z", "2012-W17"),   # 01:30 on Monday in Copenhagen
    ("2012-04-23T00:30:00+0300", "%FT%T%z", "2012-W16"),
    ("2012-01-01T23:30:00+0000", "%FT%T%z", "2012-W01"),               # 00:30 on Monday 2 January
    ("23. april 2012", "%d. %B %Y", "2012-W17"), ("23-Apr-12", "%d-%b-%y", "2012-W17"), ("2012/366", "%Y/%j", "2013-W01"),
    ("2011/366", "%Y/%j", None), ("04/23/12", "%D", "2012-W17"), ("23.04.2012 x", "%d.%m.%Y", None),
    ("23.04.2012 24:00", "%d.%m.%Y %R", None), (" 3.04.2012", "%e.%m.%Y", "2012-W14"), ("100% 2012-04-23", "100%% %F", "2012-W17"),
    ("12/31/2018 12:00:00 AM", "%m/%d/%Y %I:%M:%S %p", "2019-W01"), ("01/01/69", "%D", None), ("01/01/68", "%D", "2067-W52")])
def test_formats(text, form, week):
    assert oracle.read_date_as(text, form) == week


# ---------------------------------------------------------------------------------------------------------
# Measures

def key(municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type_="new_case", direction="incoming",
        closure="not_stated", form="not_stated", source="", unit=""):
    return municipality, week, task, channel, type_, direction, closure, form, source, unit


CELLS = {
    key(channel="self_service"): 2,
    key(): 1,
    key(type_="guidance"): 10,
    key(type_="case_information", channel="self_service"): 4,
    key(direction="outgoing", channel="letter"): 6,
    key(direction="outgoing", channel="digital_post"): 3,
    key(municipality=101, task="99.01.01", type_="guidance", closure="closed", form="paper"): 5,
    key(municipality=101, closure="put_aside", form="digital", unit="Å"): 3,
    key(municipality=101, closure="put_aside", form="none", unit="z"): 4,
}


def test_contacts():
    assert oracle.measure(CELLS, "contacts") == [{"contacts": 38}]
    assert oracle.measure(CELLS, "contacts", by=["municipality"]) == [
        {"municipality": 101, "contacts": 12}, {"municipality": 657, "contacts": 26}]
    assert [row["unit"] for row in oracle.measure(CELLS, "contacts", by=["unit"])] == ["", "z", "Å"]
    assert oracle.measure(CELLS, "contacts", tasks="kl-35") == [{"contacts": 33}]
    assert oracle.measure(CELLS, "contacts", tasks={"99.01.01"}, by=["main_group"]) == [{"main_group": "99", "contacts": 5}]
    assert oracle.measure(CELLS, "contacts", where={"municipality": [400]}) == []
    assert oracle.measure(CELLS, "contacts", without={"municipality": [657], "unit": ["z"]}) == [{"contacts": 8}]


def test_self_service():
    # incoming new_case: 2 by self-service of 2 + 1 + 3 + 4
    assert oracle.measure(CELLS, "self_service") == [{"numerator": 2, "denominator": 10, "share": "0.200000"}]
    assert oracle.measure(CELLS, "self_service", basis="all") == [{"numerator": 6, "denominator": 29, "share": "0.206897"}]
    # in the scheme of 2011 case_information belongs to it
    rows_2011 = oracle.measure(CELLS, "self_service", scheme="kl-2011")
    assert rows_2011 == [{"numerator": 6, "denominator": 14, "share": "0.428571"}]
    assert rows_2011 == oracle.measure(CELLS, "self_service", scheme="kl-2011", basis="transaction")
    # task 99.01.01 has contacts in the population, but none of the basis
    assert oracle.measure(CELLS, "self_service", by=["task"]) == [
        {"task": "23.05.10", "numerator": 2, "denominator": 10, "share": "0.200000"},
        {"task": "99.01.01", "numerator": 0, "denominator": 0, "share": None}]
    with pytest.raises(oracle.OracleError):
        oracle.measure(CELLS, "self_service", basis="transaction")
    with pytest.raises(oracle.OracleError):
        oracle.measure(CELLS, "self_service", where={"channel": ["sms"]})


def test_mix():
    assert oracle.measure(CELLS, "mix", by=["municipality", "channel"]) == [
        {"municipality": 101, "channel": "telephone", "numerator": 12, "denominator": 12, "share": "1.000000"},
        {"municipality": 657, "channel": "telephone", "numerator": 11, "denominator": 17, "share": "0.647059"},
        {"municipality": 657, "channel": "self_service", "numerator": 6, "denominator": 17, "share": "0.352941"}]
    assert [row["numerator"] for row in oracle.measure(CELLS, "mix", by=["direction"])] == [29, 9]
    assert [row["channel"] for row in oracle.measure(CELLS, "mix", by=["channel"], where={"direction": ["outgoing"]})] == [
        "letter", "digital_post"]
    with pytest.raises(oracle.OracleError):
        oracle.measure(CELLS, "mix")
    with pytest.raises(oracle.OracleError):
        oracle.measure(CELLS, "mix", by=["channel"], where={"channel": ["sms"]})


def test_digital():
    outgoing = {"direction": ["outgoing"]}
    assert oracle.measure(CELLS, "digital", where=outgoing, digital_set="dispatch") == [
        {"numerator": 3, "denominator": 9, "share": "0.333333"}]
    assert oracle.measure(CELLS, "digital", by=["direction"], digital_set="dispatch") == [
        {"direction": "incoming", "numerator": 0, "denominator": 0, "share": None},
        {"direction": "outgoing", "numerator": 3, "denominator": 9, "share": "0.333333"}]
    assert oracle.measure(CELLS, "digital", by=["direction"], digital_set="narrow")[0]["share"] == "0.206897"
    with pytest.raises(oracle.OracleError):
        oracle.measure(CELLS, "digital", digital_set="narrow")


def test_closure_and_form():
    assert oracle.measure(CELLS, "first_contact_closure") == [
        {"numerator": 5, "denominator": 12, "share": "0.416667", "not_stated": 17}]
    assert oracle.measure(CELLS, "form_share") == [
        {"numerator": 8, "denominator": 12, "share": "0.666667", "paper": 5, "digital": 3, "not_stated": 26,
         "paper_share": "0.416667", "digital_share": "0.250000"}]
    assert oracle.measure(CELLS, "form_share", where={"municipality": [657]})[0]["paper_share"] is None


def test_groups():
    assert [(row["group"], row["contacts"]) for row in oracle.measure(CELLS, "contacts", by=["group"])] == [
        ("application", 19), ("case_information", 4), ("information", 15)]
    assert [row["group"] for row in oracle.measure(CELLS, "contacts", by=["group"], scheme="kl-2011")] == [
        "transaction", "information"]
    assert oracle.measure(CELLS, "contacts", where={"group": ["application"]}, scheme="kl-2011") == [{"contacts": 23}]
    assert oracle.measure(CELLS, "contacts", where={"group": ["information"]}, scheme="hilleroed-2014") == [{"contacts": 19}]


def test_rounding_is_half_up():
    assert oracle.share(1, 2_000_000) == "0.000001" and oracle.share(999_999, 2_000_000) == "0.500000"
    assert oracle.share(1, 3) == "0.333333" and oracle.share(2, 3) == "0.666667" and oracle.share(0, 0) is None


def test_reclassification_applies_when_measuring():
    made = oracle.round_from_dict(tomllib.loads('''
id = "2011-trial"
weeks = ["2011-W43"]
scheme = "kl-2011"
package = "open"
[[reclassify]]
source = "kmd"
tasks = ["32.06.08"]
from = "new_case"
to = "guidance"
'''))
    fits = key(week="2011-W43", task="32.06.08", source="kmd")
    cells = {fits: 1, key(week="2011-W44", task="32.06.08", source="kmd"): 2, key(week="2011-W43", task="32.06.08"): 4,
             key(week="2011-W43", source="kmd"): 8}
    assert oracle.measure(cells, "contacts", by=["type"], rules=made.rules()) == [
        {"type": "new_case", "contacts": 14}, {"type": "guidance", "contacts": 1}]
    assert oracle.measure(cells, "contacts", where={"type": ["guidance"]}, rules=made.rules()) == [{"contacts": 1}]
    assert oracle.measure(cells, "contacts", by=["type"]) == [{"type": "new_case", "contacts": 15}]


# ---------------------------------------------------------------------------------------------------------
# The generator

def call(seed, **options):
    files, call_options = generate.random_call(seed, **options)
    try:
        return oracle.read(files, *(call_options[name] for name in ("round", "participation", "profile", "encoding")))
    except oracle.OracleError:
        return None


def test_a_seed_gives_the_same_bytes():
    assert generate.random_call(7) == generate.random_call(7)
    assert generate.random_call(7) != generate.random_call(8)


def test_random_files_hold_every_reason_and_mostly_good_rows():
    total = {reason: 0 for reason in oracle.REASONS}
    read_rows = accepted = errors = 0
    for seed in range(150):
        result = call(seed)
        if result is None:
            errors += 1
            continue
        assert result.rows_read == result.rows_accepted + sum(result.rejected.values()) == result.rows_accepted + len(result.rejects)
        assert result.contacts == sum(result.cells.values())
        for reason, count in result.rejected.items():
            total[reason] += count
        read_rows += result.rows_read
        accepted += result.rows_accepted
    assert all(total.values()), total
    assert accepted > read_rows / 2 and errors < 15


def test_options_survive_their_files():
    for seed in range(60):
        _files, options = generate.random_call(seed)
        if options["round_toml"]:
            assert oracle.round_from_dict(tomllib.loads(options["round_toml"])) == options["round"]
        if options["profile_toml"]:
            assert tomllib.loads(options["profile_toml"]) == options["profile"]
