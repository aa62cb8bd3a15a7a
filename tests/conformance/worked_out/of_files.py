"""Files: their form, their encoding, their words, the reasons, weeks, counts and events."""

from __future__ import annotations

from .kit import FULL, HEADER, PARTICIPATION, ROW, SPRING, cell, raw, rejects, text, theme, vector

REASONS = theme("reasons", "Every reason why a row is left out, each alone, and which of several it is")

DAY = "657;2012-04-23;23.05.10"


def reason(word: str, column: str | None, *rows: str, header: str = HEADER, accepted: int = 1, **given) -> None:
    """A file whose second row is left out; the others count once each."""
    lines = text(header, *rows)
    vector(REASONS, SENTENCES[word], files=[lines], **given,
           hand={"outcome": {"rows_read": accepted + 1, "rows_accepted": accepted, "rejected": {word: 1}},
                 "rejects": rejects((3, word, column))})


SENTENCES = {
    "malformed": "A row with another number of fields than the header is malformed",
    "personal_data": "A row with something like a CPR number in a field that is read is left out as personal data",
    "unknown_municipality": "A municipality that is not one of the 98 makes a row unknown_municipality",
    "bad_date": "A date that does not exist makes a row bad_date",
    "bad_kle": "A task that is not written NN.NN.NN makes a row bad_kle",
    "unknown_task": "A task outside the round's closed package makes a row unknown_task",
    "unknown_channel": "A channel that the method does not have makes a row unknown_channel; chat is none",
    "unknown_type": "A contact type that the method does not have makes a row unknown_type",
    "unknown_direction": "A direction that is neither incoming nor outgoing makes a row unknown_direction",
    "unknown_closure": "A closure that is stated in another word makes a row unknown_closure",
    "unknown_form": "An attached form that is stated in another word makes a row unknown_form",
    "bad_count": "A count of 0 makes a row bad_count",
    "bad_label": "A source over 64 bytes of UTF-8 makes a row bad_label",
    "outside_round": "A week that is not one of the round's makes a row outside_round",
    "outside_participation": "A week that the municipality did not declare makes a row outside_participation",
    "duplicate_event": "A row that repeats an accepted row's key and content is a duplicate_event",
    "conflicting_event": "A row that repeats an accepted row's key with other content is a conflicting_event",
}

reason("malformed", None, ROW, ROW + ";more")
vector(REASONS, "A row that is not valid UTF-8 in a file of UTF-8 is bad_encoding",
       files=[raw("\n".join([HEADER + ";unit", ROW + ";Fælles", ROW + ";X", ROW + ";Borgerservice"]).encode()
                  .replace(b";X", b";F\xe6lles"))],
       hand={"outcome": {"rows_read": 3, "rows_accepted": 2, "contacts": 2, "rejected": {"bad_encoding": 1}},
             "rejects": rejects((3, "bad_encoding", None)), "cells": [cell(unit="Borgerservice"), cell(unit="Fælles")]})
reason("personal_data", "unit", ROW + ";desk", ROW + ";230412-5003", header=HEADER + ";unit")
reason("unknown_municipality", "municipality", ROW, ROW.replace("657", "658"))
reason("bad_date", "date", ROW, ROW.replace("04-23", "02-30"))
reason("bad_kle", "kle", ROW, ROW.replace("23.05.10", "23.5.10"))
reason("unknown_task", "kle", ROW, ROW.replace("23.05.10", "23.05.11"),
       round={"toml": 'id = "closed"\nweeks = ["2012-W17"]\npackage = ["23.05.10", "32.03.04"]\n'})
reason("unknown_channel", "channel", ROW, ROW.replace("telephone", "chat"))
reason("unknown_type", "type", ROW, ROW.replace("new_case", "complaint"))
reason("unknown_direction", "direction", ROW, ROW.replace("incoming", "internal"))
reason("unknown_closure", "closure", ROW + ";closed", ROW + ";done", header=HEADER + ";closure")
reason("unknown_form", "form", ROW + ";paper", ROW + ";scanned", header=HEADER + ";form")
reason("bad_count", "count", ROW + ";1", ROW + ";0", header=HEADER + ";count")
reason("bad_label", "source", ROW + ";" + "s" * 64, ROW + ";" + "s" * 65, header=HEADER + ";source")
reason("outside_round", "date", ROW, ROW.replace("04-23", "04-22"), round=SPRING)
reason("outside_participation", "date", ROW, ROW.replace("04-23", "05-07"), round=SPRING, participation=PARTICIPATION)
reason("duplicate_event", "event_id", ROW + ";e1", ROW + ";e1", header=HEADER + ";event_id")
reason("conflicting_event", "event_id", ROW + ";e1", ROW.replace("telephone", "letter") + ";e1",
       header=HEADER + ";event_id")

CLOSED = {"toml": 'id = "closed"\nweeks = ["2012-W17", "2012-W20"]\npackage = ["23.05.10"]\n'}
vector(REASONS, "The rules are checked in one order, and the first that fails is the row's reason",
       files=[text(
           FULL,
           "x;x;x;x;x;x;x;x;0;\x01;u;230412-5003",                        # 2: personal data before all words
           "x;x;x;x;x;x;x;x;0;\x01;u;e",                                   # 3
           "657;x;x;x;x;x;x;x;0;\x01;u;e",
           "657;2012-05-01;x;x;x;x;x;x;0;\x01;u;e",
           "657;2012-05-01;23.05.11;x;x;x;x;x;0;\x01;u;e",
           "657;2012-05-01;23.05.10;x;x;x;x;x;0;\x01;u;e",
           "657;2012-05-01;23.05.10;letter;x;x;x;x;0;\x01;u;e",
           "657;2012-05-01;23.05.10;letter;guidance;x;x;x;0;\x01;u;e",
           "657;2012-05-01;23.05.10;letter;guidance;outgoing;x;x;0;\x01;u;e",
           "657;2012-05-01;23.05.10;letter;guidance;outgoing;closed;x;0;\x01;u;e",
           "657;2012-05-01;23.05.10;letter;guidance;outgoing;closed;none;0;\x01;u;e",
           "657;2012-05-01;23.05.10;letter;guidance;outgoing;closed;none;1;\x01;u;e",
           "657;2012-05-01;23.05.10;letter;guidance;outgoing;closed;none;1;s;u;e",   # W18 is not in the round
           "657;2012-05-14;23.05.10;letter;guidance;outgoing;closed;none;1;s;u;e",   # W20 is not declared
           "657;2012-04-23;23.05.10;letter;guidance;outgoing;closed;none;1;s;u;e",
           "657;2012-04-23;23.05.10;letter;guidance;outgoing;closed;none;1;s;u;e",
           "657;2012-04-23;23.05.10;letter;guidance;outgoing;closed;none;2;s;u;e",
       )],
       round=CLOSED, participation="municipality;weeks\n657;2012-W17\n",
       hand={"rejects": rejects(
           (2, "personal_data", "event_id"), (3, "unknown_municipality", "municipality"), (4, "bad_date", "date"),
           (5, "bad_kle", "kle"), (6, "unknown_task", "kle"), (7, "unknown_channel", "channel"),
           (8, "unknown_type", "type"), (9, "unknown_direction", "direction"), (10, "unknown_closure", "closure"),
           (11, "unknown_form", "form"), (12, "bad_count", "count"), (13, "bad_label", "source"),
           (14, "outside_round", "date"), (15, "outside_participation", "date"), (17, "duplicate_event", "event_id"),
           (18, "conflicting_event", "event_id"))})

# ---------------------------------------------------------------------------------------------------------
FORM = theme("form", "The form of the exchange file: columns, separators, lines, quoting and words")

vector(FORM, "The smallest file holds six columns and one contact a row",
       files=[text(HEADER, ROW)], hand={"outcome": {"rows_read": 1, "rows_accepted": 1, "contacts": 1},
                                        "cells": [cell()]})
vector(FORM, "Columns are found by their Danish names, in any order",
       files=[text("antal;retning;henvendelsestype;kanal;kle;dato;kommune;afslutning;blanket;kilde;enhed;haendelse_id",
                   "2;Indgående;Oprettelse af ny sag;Telefon;23.05.10;23-04-2012;Herning;Afsluttet;Papirblanket;"
                   "KMD;Borgerservice;a1")],
       hand={"cells": [cell(2, closure="closed", form="paper", source="KMD", unit="Borgerservice")]})
vector(FORM, "Names of columns match whatever their case, with _, - and space the same and æ, ø, å as ae, oe, aa",
       files=[text("KOMMUNE;Dato;KLE;Kanal;HENVENDELSESTYPE;Retning;Hændelse-id", ROW + ";e1")],
       hand={"cells": [cell()]})
vector(FORM, "A word is read as its token, its label or a further word, whatever its case",
       files=[text(HEADER, *(f"{DAY};{word};new_case;incoming" for word in (
           "telephone", "TELEFON", "Tlf", "telefonisk henvendelse", "telefonisk_henvendelse", "Telefonisk-Henvendelse")))],
       hand={"cells": [cell(6)]})
vector(FORM, "All eleven channels, six types and two directions are read by their Danish labels",
       files=[text(HEADER, *(f"{DAY};{channel};Fejlhenvendelse;Ind" for channel in (
           "Telefon", "Personligt fremmøde", "Brev", "E-mail", "Digital Post", "Fjernprint", "Selvbetjening",
           "Hjemmeside", "SMS", "Socialt medie", "System")),
           *(f"{DAY};post;{type_};ud" for type_ in (
               "Oprettelse af ny sag", "Ændring af status på eksisterende sag", "Information vedrørende eksisterende sag",
               "Generelle råd og vejledning", "Hjælp til selvbetjening", "Fejlhenvendelse")))],
       hand={"cells": [
           cell(channel="telephone", type="misdirected"), cell(channel="in_person", type="misdirected"),
           *(cell(channel="letter", type=t, direction="outgoing") for t in (
               "new_case", "status_change", "case_information", "guidance", "self_service_help")),
           cell(channel="letter", type="misdirected"), cell(channel="letter", type="misdirected", direction="outgoing"),
           *(cell(channel=c, type="misdirected") for c in (
               "email", "digital_post", "remote_print", "self_service", "website", "sms", "social_media", "system"))]})
vector(FORM, "Decomposed letters are the same as composed ones",
       files=[text(HEADER, f"{DAY};Personligt fremmøde;Generelle ra\u030ad og vejledning;Indga\u030aende")],
       hand={"cells": [cell(channel="in_person", type="guidance")]})
vector(FORM, "The numbers of words are no words in a file",
       files=[text(HEADER, f"{DAY};1;new_case;incoming", f"{DAY};telephone;1;incoming", f"{DAY};telephone;new_case;1")],
       hand={"rejects": rejects((2, "unknown_channel", "channel"), (3, "unknown_type", "type"),
                                (4, "unknown_direction", "direction"))})
vector(FORM, "Closure and form may be empty and are then not stated; other words may not be empty",
       files=[text(HEADER + ";closure;form", ROW + ";;", f"{DAY};;new_case;incoming;;", f"{DAY};telephone;;incoming;;",
                   f"{DAY};telephone;new_case;;;", ";2012-04-23;23.05.10;telephone;new_case;incoming;;")],
       hand={"rejects": rejects((3, "unknown_channel", "channel"), (4, "unknown_type", "type"),
                                (5, "unknown_direction", "direction"), (6, "unknown_municipality", "municipality")),
             "cells": [cell()]})
vector(FORM, "A municipality is a code, with or without a leading zero, or a name; fields are trimmed, inside quotes too",
       files=[text(HEADER, *(ROW.replace("657", name) for name in (
           "657", "0657", "Herning", "HERNING", " Herning\t", '" Herning "', "\u00a0657\u00a0")),
           ROW.replace("657", "Aarhus"), ROW.replace("657", "Århus"), ROW.replace("657", "00657"))],
       hand={"outcome": {"rows_read": 10, "rows_accepted": 9, "rejected": {"unknown_municipality": 1}},
             "rejects": rejects((11, "unknown_municipality", "municipality")),
             "cells": [cell(7), cell(2, municipality=751)]})
for name, separator in (("comma", ","), ("tab", "\t")):
    vector(FORM, f"The separator may be a {name}",
           files=[text(HEADER.replace(";", separator), ROW.replace(";", separator))], hand={"cells": [cell()]})
vector(FORM, "A first line sep= names the separator and is no row",
       files=[text("sep=,", HEADER.replace(";", ","), ROW.replace(";", ",").replace("telephone", "pigeon"))],
       hand={"rejects": rejects((3, "unknown_channel", "channel"))})
for name, end in (("CRLF", "\r\n"), ("CR", "\r")):
    vector(FORM, f"Lines may end in {name}, and are counted so",
           files=[text(HEADER, ROW, ROW.replace("657", "1"), end=end)],
           hand={"rejects": rejects((3, "unknown_municipality", "municipality")), "cells": [cell()]})
vector(FORM, "The last line needs no end",
       files=[{"text": HEADER + "\n" + ROW}], hand={"cells": [cell()]})
vector(FORM, "A blank line is not a row, but it is a line",
       files=[text("", "  ", HEADER, "", ROW, " \t ", ROW.replace("657", "1"), "")],
       hand={"outcome": {"rows_read": 2, "rows_accepted": 1, "contacts": 1, "rejected": {"unknown_municipality": 1}},
             "rejects": rejects((7, "unknown_municipality", "municipality"))})
vector(FORM, "A quoted field may hold separators, quotes written twice and line ends",
       files=[text(HEADER + ";source;unit", ROW + ';"a;b";"say ""hello"""', ROW + ';"a,b";"' + "x" + '"')],
       hand={"cells": [cell(source="a,b", unit="x"), cell(source="a;b", unit='say "hello"')]})
vector(FORM, "A line end inside a quoted label is a control character, and the next row's line is counted past it",
       files=[text(HEADER + ";unit", ROW + ';"two', 'lines"', ROW.replace("657", "1") + ";x")],
       hand={"rejects": rejects((2, "bad_label", "unit"), (4, "unknown_municipality", "municipality"))})
vector(FORM, "A quote inside an unquoted field is text",
       files=[text(HEADER + ";unit", ROW + ';12" screen')], hand={"cells": [cell(unit='12" screen')]})
vector(FORM, "Text behind a closing quote makes its row malformed, and the row ends at its line end",
       files=[text(HEADER + ";unit", ROW + ';"a"b', ROW + ";c")],
       hand={"rejects": rejects((2, "malformed", None)), "cells": [cell(unit="c")]})
vector(FORM, "A quote that is never closed costs its row only: reading resumes at the next line",
       files=[text(HEADER + ";unit", ROW + ";a", ROW + ';"b', ROW + ";c", ROW + ";d")],
       hand={"outcome": {"rows_read": 4, "rows_accepted": 3, "contacts": 3, "rejected": {"malformed": 1}},
             "rejects": rejects((3, "malformed", None)), "cells": [cell(unit="a"), cell(unit="c"), cell(unit="d")]})
vector(FORM, "A quote that is closed by a later row's opening quote makes one malformed row of both",
       files=[text(HEADER + ";unit", ROW + ';"a', ROW + ";b", ROW + ';"c', ROW + ";d")],
       hand={"outcome": {"rows_read": 2, "rows_accepted": 1, "contacts": 1, "rejected": {"malformed": 1}},
             "rejects": rejects((2, "malformed", None)), "cells": [cell(unit="d")]})
vector(FORM, "A column with another name is not read, whatever it holds",
       files=[text(HEADER + ";name;unit", ROW + ";230412-5003;desk")], hand={"cells": [cell(unit="desk")]})
vector(FORM, "Where a file has week and date, week is read and date is not",
       files=[text("week;" + HEADER, "2012-W18;" + ROW, "2012-W18;657;230412-5003;23.05.10;telephone;new_case;incoming")],
       hand={"cells": [cell(2, week="2012-W18")]})
vector(FORM, "A header without a required column is refused as a whole",
       files=[text("municipality;date;kle;channel;type", "657;2012-04-23;23.05.10;telephone;new_case")],
       hand={"refused": "format"})
vector(FORM, "Two columns for one dimension are refused, whatever their languages",
       files=[text(HEADER + ";kanal", ROW + ";letter")], hand={"refused": "format"})
vector(FORM, "A header alone is a file of no rows",
       files=[text(HEADER)], hand={"outcome": {"rows_read": 0, "rows_accepted": 0, "contacts": 0}, "cells": []})
vector(FORM, "An empty file has no header and is refused", files=[{"text": ""}], hand={"refused": "format"})
vector(FORM, "Labels hold 64 bytes of UTF-8 and an event id 128, counted in bytes and not in letters",
       files=[text(HEADER + ";source;unit;event_id",
                   ROW + f";{'å' * 32};{'u' * 64};{'e' * 128}", ROW + f";{'å' * 32}s;;", ROW + f";;{'å' * 33};",
                   ROW + f";;;{'e' * 129}")],
       hand={"rejects": rejects((3, "bad_label", "source"), (4, "bad_label", "unit"), (5, "bad_label", "event_id")),
             "cells": [cell(source="å" * 32, unit="u" * 64)]})
vector(FORM, "A NUL in a label is a control character",
       files=[raw("\n".join([HEADER + ";unit", ROW + ";a\0b", ROW + ";ab"]).encode())],
       hand={"rejects": rejects((2, "bad_label", "unit")), "cells": [cell(unit="ab")]})

# ---------------------------------------------------------------------------------------------------------
ENCODING = theme("encoding", "UTF-8 and Windows-1252, and how the one is told from the other")

DANISH = HEADER + ";unit"


def coded(encoding: str, *lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode(encoding)


vector(ENCODING, "A file of ASCII is read whatever its encoding might be",
       files=[raw(coded("ascii", DANISH, ROW + ";desk"))],
       hand={"outcome": {"rows_read": 1, "rows_accepted": 1, "encoding": "any"}})
vector(ENCODING, "UTF-8 is recognised by the first record beyond ASCII",
       files=[raw(coded("utf-8", DANISH, ROW + ";Fælles", ROW + ";Ærø"))],
       hand={"outcome": {"encoding": "utf-8"}, "cells": [cell(unit="Fælles"), cell(unit="Ærø")]})
vector(ENCODING, "Windows-1252 is recognised by the first record that is not UTF-8",
       files=[raw(coded("cp1252", DANISH, ROW + ";Fælles", ROW.replace("657", "Århus") + ";– €"))],
       hand={"outcome": {"encoding": "windows-1252"}, "cells": [cell(unit="Fælles"), cell(municipality=751, unit="– €")]})
vector(ENCODING, "A byte order mark settles UTF-8, and is no part of the first column's name",
       files=[raw(b"\xef\xbb\xbf" + coded("utf-8", DANISH, ROW + ";Fælles"))],
       hand={"outcome": {"encoding": "utf-8", "rows_accepted": 1}})
vector(ENCODING, "The header settles the encoding too",
       files=[raw(coded("cp1252", "kommune;dato;kle;kanal;henvendelsestype;retning;enhed;hændelse id", ROW + ";Fælles;e1"))],
       hand={"outcome": {"encoding": "windows-1252"}, "cells": [cell(unit="Fælles")]})
vector(ENCODING, "Under UTF-8 a later record that is not UTF-8 is bad_encoding",
       files=[raw(coded("utf-8", DANISH, ROW + ";æ", ROW + ";ø") + coded("cp1252", ROW + ";å") + coded("utf-8", ROW + ";å"))],
       hand={"rejects": rejects((4, "bad_encoding", None)), "cells": [cell(unit=u) for u in ("å", "æ", "ø")]})
vector(ENCODING, "Under Windows-1252 a later record that is all UTF-8 is bad_encoding, and so is a byte that has no letter",
       files=[raw(coded("cp1252", DANISH, ROW + ";æ", ROW + ";ø", ROW + ";å") + coded("utf-8", ROW + ";æ")
                  + (ROW + ";x").encode().replace(b";x", b";\x81") + b"\n" + coded("cp1252", ROW + ";Æ"))],
       hand={"rejects": rejects((5, "bad_encoding", None), (6, "bad_encoding", None)),
             "outcome": {"rows_read": 6, "rows_accepted": 4, "encoding": "windows-1252"}})
vector(ENCODING, "When most records beyond ASCII contradict the encoding, the call is refused",
       files=[raw(coded("utf-8", DANISH, ROW + ";æ") + coded("cp1252", ROW + ";ø", ROW + ";å"))],
       hand={"refused": "format"})
vector(ENCODING, "When just half of them do, it is not",
       files=[raw(coded("utf-8", DANISH, ROW + ";æ") + coded("cp1252", ROW + ";ø"))],
       hand={"outcome": {"rows_read": 2, "rows_accepted": 1, "rejected": {"bad_encoding": 1}}})
vector(ENCODING, "An encoding that the caller names is used from the first record on",
       files=[raw(coded("cp1252", DANISH, ROW + ";Ã¦", ROW + ";æ", ROW + ";ø"))], encoding="windows-1252",
       hand={"rejects": rejects((2, "bad_encoding", None)), "cells": [cell(unit="æ"), cell(unit="ø")]})
vector(ENCODING, "A byte order mark wins over the encoding that the caller names",
       files=[raw(b"\xef\xbb\xbf" + coded("utf-8", DANISH, ROW + ";Fælles"))], encoding="windows-1252",
       hand={"outcome": {"encoding": "utf-8"}, "cells": [cell(unit="Fælles")]})
vector(ENCODING, "UTF-16 is recognised by its mark and refused",
       files=[raw("\n".join([HEADER, ROW]).encode("utf-16-le").join([b"\xff\xfe", b""]))], hand={"refused": "format"})

# ---------------------------------------------------------------------------------------------------------
WEEKS = theme("weeks", "Dates become ISO weeks, whose year is not always the calendar's")


def days(name: str, weeks: dict) -> None:
    """Days and the week of each, None for a day that there is not."""
    rows = [ROW.replace("2012-04-23", day) for day in weeks]
    good = sorted({week for week in weeks.values() if week})
    vector(WEEKS, name, files=[text(HEADER, *rows)],
           hand={"cells": [cell(list(weeks.values()).count(week), week=week) for week in good],
                 "rejects": rejects(*((line, "bad_date", "date") for line, week in enumerate(weeks.values(), 2) if not week))})


days("The last days of December can be in week 1 of the next year",
     {"2012-12-30": "2012-W52", "2012-12-31": "2013-W01", "2013-01-01": "2013-W01", "2008-12-29": "2009-W01"})
days("The first days of January can be in the last week of the year before",
     {"2012-01-01": "2011-W52", "2012-01-02": "2012-W01", "2010-01-03": "2009-W53", "2010-01-04": "2010-W01"})
days("A year has 53 weeks when its first or, in a leap year, second day is a Thursday",
     {"2009-12-31": "2009-W53", "2016-01-03": "2015-W53", "2021-01-03": "2020-W53", "2027-01-03": "2026-W53",
      "2016-01-04": "2016-W01"})
days("A date has three forms, and no others",
     {"2012-04-23": "2012-W17", "23-04-2012": "2012-W17", "23.04.2012": "2012-W17", "23/04/2012": None,
      "04-23-2012": None, "2012-4-23": None, "20120423": None, "23-04-12": None, "2012-04-23T10:00": None, "": None})
days("A day must exist", {"2012-02-29": "2012-W09", "2011-02-29": None, "2012-04-31": None, "2012-13-01": None,
                          "2012-00-10": None, "1900-02-29": None})
days("Weeks run from 1990-W01 to 2068-W26", {"1990-01-01": "1990-W01", "1989-12-31": None, "2068-07-01": "2068-W26",
                                             "2068-07-02": None, "0001-01-01": None, "9999-12-31": None})
vector(WEEKS, "A week may be given instead of a date, and must exist",
       files=[text(HEADER.replace("date", "uge"), *(ROW.replace("2012-04-23", week) for week in (
           "2009-W53", "2015-W53", "2012-W53", "2012-W00", "2012-W54", "2012-17", "2068-W27")))],
       hand={"cells": [cell(week="2009-W53"), cell(week="2015-W53")],
             "rejects": rejects(*((line, "bad_date", "week") for line in range(4, 9)))})
vector(WEEKS, "A round's week holds the days from Monday to Sunday",
       files=[text(HEADER, *(ROW.replace("2012-04-23", day) for day in (
           "2012-04-22", "2012-04-23", "2012-04-29", "2012-04-30", "2012-05-13", "2012-05-14")))], round=SPRING,
       hand={"cells": [cell(2), cell(week="2012-W18"), cell(week="2012-W19")],
             "rejects": rejects((2, "outside_round", "date"), (7, "outside_round", "date"))})

# ---------------------------------------------------------------------------------------------------------
COUNTS = theme("counts", "Counts at their limits")


def counts(name: str, good: dict, bad: tuple = ()) -> None:
    """Written counts with their value, each in a unit of its own, and written counts that are none."""
    rows = [f"{ROW};{written};{unit:03}" for unit, written in enumerate([*good, *bad])]
    vector(COUNTS, name, files=[text(HEADER + ";count;unit", *rows)],
           hand={"outcome": {"contacts": sum(good.values())},
                 "cells": [cell(value, unit=f"{unit:03}") for unit, value in enumerate(good.values())],
                 "rejects": rejects(*((line, "bad_count", "count") for line in range(2 + len(good), 2 + len(rows))))})


counts("A count is a whole number from 1 to 2147483647",
       {"1": 1, "2147483647": 2147483647}, ("0", "2147483648", "4294967297", "9999999999", "-1"))
counts("A count has 1 to 10 digits and nothing else, but spaces around it",
       {"0000000007": 7, " 12 ": 12}, ("00000000007", "1.0", "1,5", "1e3", "+1", "0x10", "1 000", "one", "٣", ""))
vector(COUNTS, "Sums go past 32 bits without loss",
       files=[text(HEADER + ";count", *[ROW + ";2147483647"] * 5)],
       hand={"outcome": {"rows_accepted": 5, "contacts": 10737418235}, "cells": [cell(10737418235)]},
       measures=[({"measure": "contacts"}, [{"contacts": 10737418235}])])
vector(COUNTS, "Without a column for it, every row is one contact",
       files=[text(HEADER, ROW, ROW, ROW)], hand={"cells": [cell(3)]})

# ---------------------------------------------------------------------------------------------------------
EVENTS = theme("events", "Events with ids: duplicates and conflicts")

KEYED = HEADER + ";source;event_id"
vector(EVENTS, "The key is municipality, source and event id together",
       files=[text(KEYED, ROW + ";a;1x", ROW + ";b;1x", ROW.replace("657", "661") + ";a;1x", ROW + ";a;2x", ROW + ";a;1x")],
       hand={"rejects": rejects((6, "duplicate_event", "event_id")),
             "cells": [cell(2, source="a"), cell(source="b"), cell(municipality=661, source="a")]})
vector(EVENTS, "Rows without an event id are never duplicates",
       files=[text(KEYED, ROW + ";a;", ROW + ";a;")], hand={"cells": [cell(2, source="a")]})
vector(EVENTS, "Content is everything but the key, and two dates of one week are the same content",
       files=[text("municipality;date;kle;channel;type;direction;closure;form;count;unit;event_id",
                   *(row + ";e1" for row in (
                       ROW + ";;;1;", ROW.replace("04-23", "04-24") + ";;;1;", ROW.replace("04-23", "04-30") + ";;;1;",
                       ROW.replace("23.05.10", "23.05.11") + ";;;1;", ROW.replace("telephone", "sms") + ";;;1;",
                       ROW.replace("new_case", "guidance") + ";;;1;", ROW.replace("incoming", "outgoing") + ";;;1;",
                       ROW + ";closed;;1;", ROW + ";;none;1;", ROW + ";;;2;", ROW + ";;;1;desk", ROW + ";;;01;")))],
       hand={"rejects": rejects((3, "duplicate_event", "event_id"),
                                *((line, "conflicting_event", "event_id") for line in range(4, 13)),
                                (13, "duplicate_event", "event_id")),
             "cells": [cell()]})
vector(EVENTS, "A rejected row leaves no event behind: the same key counts when it comes put right",
       files=[text(KEYED, ROW.replace("telephone", "pigeon") + ";a;1x", ROW + ";a;1x")],
       hand={"rejects": rejects((2, "unknown_channel", "channel")), "cells": [cell(source="a")]})
vector(EVENTS, "The first of several different rows counts, and stays what the later ones are held against",
       files=[text(KEYED, ROW + ";a;1x", ROW.replace("telephone", "sms") + ";a;1x",
                   ROW.replace("telephone", "sms") + ";a;1x", ROW + ";a;1x")],
       hand={"rejects": rejects((3, "conflicting_event", "event_id"), (4, "conflicting_event", "event_id"),
                                (5, "duplicate_event", "event_id")), "cells": [cell(source="a")]})
vector(EVENTS, "Event ids are compared as they stand, letter case too",
       files=[text(KEYED, ROW + ";a;ab", ROW + ";a;AB", ROW + ";A;ab")],
       hand={"cells": [cell(source="A"), cell(2, source="a")]})
vector(EVENTS, "Duplicates are found across all the files of a call",
       files=[text(KEYED, ROW + ";a;1x", ROW + ";a;2x"), text("kommune;dato;kle;kanal;type;retning;kilde;haendelse_id",
                                                              ROW + ";a;2x", ROW.replace("telephone", "sms") + ";a;1x",
                                                              ROW + ";a;3x")],
       hand={"rejects": rejects((2, "duplicate_event", "event_id"), (3, "conflicting_event", "event_id")),
             "outcome": {"rows_read": 5, "rows_accepted": 3, "contacts": 3}, "cells": [cell(3, source="a")]})

# ---------------------------------------------------------------------------------------------------------
PROFILES = theme("profiles", "Profiles: any other file, mapped")

TICKETS = """delimiter = ","
encoding = "utf-8"

[municipality]
value = 101

[date]
column = "Created Date"
format = "%m/%d/%Y %I:%M:%S %p"

[kle]
value = "23.05.10"

[channel]
column = "Channel"
words = { PHONE = "telephone", ONLINE = "self_service" }
otherwise = "reject"

[type]
column = "Type"
words = { Move = "new_case" }
otherwise = "guidance"

[direction]
value = "incoming"
"""
vector(PROFILES, "A profile maps columns, words, fixed values and a date format",
       files=[text("Created Date,Channel,Type", "12/31/2012 11:59:59 PM,PHONE,Move", "01/03/2010 12:00:00 AM,ONLINE,Else",
                   "1/3/2010 1:00:00 AM,ONLINE,", "02/30/2012 10:00:00 AM,PHONE,Move", "2012-04-23,PHONE,Move",
                   "04/23/2012 10:00:00 AM,phone,Move", "04/23/2012 10:00:00 AM,telephone,Move")], profile=TICKETS,
       hand={"cells": [cell(2, municipality=101, week="2009-W53", channel="self_service", type="guidance"),
                       cell(municipality=101, week="2013-W01")],
             "rejects": rejects((5, "bad_date", "date"), (6, "bad_date", "date"), (7, "unknown_channel", "channel"),
                                (8, "unknown_channel", "channel"))})
ZONED = """[municipality]
column = "Where"
[date]
column = "When"
format = "%Y-%m-%dT%H:%M:%S%z"
[kle]
column = "Task"
[channel]
column = "How"
words = { app = "self_service" }
[type]
value = "new_case"
[direction]
value = "incoming"
"""
vector(PROFILES, "A moment with a zone becomes its date in Copenhagen, in summer and in winter time",
       files=[text("Where;When;Task;How", "657;2012-04-22T21:59:59+0000;23.05.10;app", "657;2012-04-22T22:00:00+0000;23.05.10;app",
                   "657;2012-12-30T22:59:59+0000;23.05.10;Tlf", "657;2012-12-30T23:00:00+0000;23.05.10;Tlf",
                   "657;2012-04-23T02:00:00+0500;23.05.10;app")], profile=ZONED,
       hand={"cells": [cell(2, week="2012-W16", channel="self_service"), cell(channel="self_service"),
                       cell(week="2012-W52"), cell(week="2013-W01")]})
vector(PROFILES, "A key that a profile cannot have is refused",
       files=[text("When;Task", "x;y")], profile=TICKETS + "\n[colour]\nvalue = \"red\"\n", hand={"refused": "format"})
vector(PROFILES, "A column that a profile names and the file does not have is refused",
       files=[text("Created Date,Channel", "04/23/2012 10:00:00 AM,PHONE")], profile=TICKETS, hand={"refused": "format"})
