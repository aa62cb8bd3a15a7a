"""The guard against CPR numbers. No number here is a person's: they are the examples of komhen's own tests."""

from __future__ import annotations

from .kit import HEADER, ROW, cell, rejects, text, theme, vector

PERSONS = theme("persons", "What looks like a CPR number never passes, and what does not look like one does")


def refused(name: str, *texts: str) -> None:
    vector(PERSONS, name, files=[text(HEADER + ";unit", *(f"{ROW};{t}" for t in texts))],
           hand={"outcome": {"rows_accepted": 0, "contacts": 0}, "cells": [],
                 "rejects": rejects(*((line, "personal_data", "unit") for line in range(2, 2 + len(texts))))})


def let_through(name: str, *texts: str) -> None:
    vector(PERSONS, name, files=[text(HEADER + ";unit", *(f"{ROW};{t}" for t in texts))],
           hand={"outcome": {"rows_accepted": len(texts), "contacts": len(texts)}, "rejects": [],
                 "cells": [cell(unit=t) for t in sorted(texts, key=str.encode)]})


refused("With a separator the date is enough, whatever modulus 11 says",
        "070761-4285", "070761 4285", "230412-5003", "230412 5003")
refused("Bare digits are caught by modulus 11, or by a birthday on 1 January", "0707614285", "0101700000", "0101700001")
refused("A day 60 higher is a replacement number", "830412-5003", "610412-5003", "6101700002")
refused("Beside a label the date is enough", "cpr 2304125003", "CPR-nr: 2304125003", "cprnr2304125003",
        "personnummer 2304125003")
refused("A number inside other text is found", "fru 230412-5003 ringer", "(230412-5003)", "sag_0707614285_slut")
refused("The lettered form counts as well", "0101904ABC", "0101905A1B")
refused("29 February exists in the century that the seventh digit gives", "290236-4123", "290240-9123", "290256-5123")
let_through("KLE numbers, dates and numbers of 8 or 13 digits are no CPR numbers", "23.05.10", "2012-04-23", "23-04-2012",
            "23.04.2012", "12345678", "70761428", "5790001234567", "1234567890123")
let_through("Bare digits that modulus 11 refuses and that are no 1 January are no CPR number",
            "2304125003", "0707614286", "0201700001")
let_through("A date that does not exist is no CPR number", "310412-5003", "001212-5003", "121312-5003", "910412-5003",
            "290237-4123")
let_through("A number that stands against another letter or digit is no CPR number", "070761-42851", "1070761-4285",
            "a230412-5003", "070761-4285x", "550e8400-e29b-41d4-a716-446655440000")
vector(PERSONS, "The number is found in every field that is read, a number or a word too",
       files=[text(HEADER + ";closure;form;count;source;unit;event_id", *(
           ";".join("230412-5003" if place == column else value for place, value in enumerate(
               [*ROW.split(";"), "closed", "none", "1", "s", "u", "e"])) for column in range(12)))],
       hand={"outcome": {"rows_read": 12, "rows_accepted": 0, "rejected": {"personal_data": 12}},
             "rejects": rejects(*((line, "personal_data", column) for line, column in enumerate(
                 "municipality date kle channel type direction closure form count source unit event_id".split(), 2)))})
