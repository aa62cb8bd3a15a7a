"""Registrations as codes, rounds, participation and reclassification."""

from __future__ import annotations

from .kit import HEADER, PARTICIPATION, ROW, SPRING, cell, contact, rejects, text, theme, vector

CODES = theme("registrations", "Registrations as codes, as a program adds them")

vector(CODES, "Equal registrations come together in one cell, and the count is the number of contacts",
       registrations=[contact(), contact(count=4), contact(closure="closed"), contact(source="KMD", unit="Skranke")],
       hand={"reasons": ["accepted"] * 4, "cells": [cell(5), cell(source="KMD", unit="Skranke"), cell(closure="closed")]})
vector(CODES, "A code that there is not has its dimension's reason",
       registrations=[contact(municipality=658), contact(municipality=0), contact(municipality=-657),
                      contact(week=201253), contact(week=201200), contact(week=206827), contact(week=17),
                      contact(task=-1), contact(task=1000000), contact(channel=0), contact(channel=12),
                      contact(type=0), contact(type=7), contact(direction=0), contact(direction=3),
                      contact(closure=3), contact(form=4), contact(count=0), contact(count=-1), contact(count=2147483648),
                      contact(source="s" * 65), contact(unit="å" * 33), contact(unit="a\tb")],
       hand={"reasons": ["unknown_municipality"] * 3 + ["bad_date"] * 4 + ["bad_kle"] * 2 + ["unknown_channel"] * 2
             + ["unknown_type"] * 2 + ["unknown_direction"] * 2 + ["unknown_closure", "unknown_form"] + ["bad_count"] * 3
             + ["bad_label"] * 3, "cells": []})
vector(CODES, "The limits themselves are valid",
       registrations=[contact(municipality=101), contact(municipality=860), contact(week=199001), contact(week=200953),
                      contact(week=206826), contact(task=0), contact(task=999999), contact(channel=11, type=6, direction=2,
                                                                                          closure=2, form=3),
                      contact(count=2147483647, source="s" * 64)],
       hand={"reasons": ["accepted"] * 9})
vector(CODES, "Something like a CPR number in a text comes before every other reason",
       registrations=[contact(source="230412-5003"), contact(unit="cpr 2304125003", municipality=0, count=0)],
       hand={"reasons": ["personal_data"] * 2, "cells": []})
vector(CODES, "Of several rules that fail the first in their order is the reason",
       registrations=[contact(municipality=1, week=0, channel=0), contact(week=0, task=-1), contact(task=-1, channel=0),
                      contact(channel=0, type=0), contact(type=0, direction=0), contact(direction=0, closure=9),
                      contact(closure=9, form=9), contact(form=9, count=0), contact(count=0, unit="\x01"),
                      contact(unit="\x01", week=201220), contact(week=201220)], round=SPRING,
       hand={"reasons": ["unknown_municipality", "bad_date", "bad_kle", "unknown_channel", "unknown_type",
                         "unknown_direction", "unknown_closure", "unknown_form", "bad_count", "bad_label", "outside_round"]})

# ---------------------------------------------------------------------------------------------------------
ROUNDS = theme("rounds", "Rounds, packages, participation and reclassification")

WEEKS = [201142, 201143, 201145, 201216, 201217, 201219, 201243, 201245, 201518, 201520]
for round_, first, last, scheme in (("2011-autumn", 201143, 201145, "kl-2011"), ("2012-spring", 201217, 201219, "kl-2012"),
                                    ("2012-autumn", 201243, 201245, "kl-2012"), ("2015-spring", 201518, 201520, "kl-2012")):
    group = "transaction" if scheme == "kl-2011" else "case_information"
    vector(ROUNDS, f"The built-in round {round_} has three weeks, an open package and the scheme {scheme}",
           round={"id": round_}, registrations=[contact(week=week, task=999999, type="case_information") for week in WEEKS],
           hand={"reasons": ["accepted" if first <= week <= last else "outside_round" for week in WEEKS]},
           measures=[({"measure": "contacts", "by": ["group"]}, [{"group": group, "contacts": 2}])])
vector(ROUNDS, "A closed package takes its own tasks only",
       round={"toml": 'id = "2013-trial"\nweeks = ["2013-W17", "2013-W18"]\npackage = ["23.05.10", "32.03.04"]\n'},
       registrations=[contact(week=201317), contact(week=201318, task=320304), contact(week=201317, task=320308),
                      contact(week=201316), contact(week=201316, task=320308)],
       hand={"reasons": ["accepted", "accepted", "unknown_task", "outside_round", "unknown_task"]})
vector(ROUNDS, "The package kl-35 takes the 35 mandatory tasks",
       round={"toml": 'id = "2013-trial"\nweeks = ["2012-W17"]\npackage = "kl-35"\n'},
       registrations=[contact(), contact(task=23402), contact(task=323012), contact(task=230511)],
       hand={"reasons": ["accepted", "accepted", "accepted", "unknown_task"]})
vector(ROUNDS, "A week can be the 53rd, and a round can go over New Year",
       round={"toml": 'id = "new-year"\nweeks = ["2009-W53", "2010-W01"]\n'},
       files=[text(HEADER, *(ROW.replace("2012-04-23", day) for day in (
           "2009-12-27", "2009-12-28", "2010-01-03", "2010-01-10", "2010-01-11")))],
       hand={"cells": [cell(2, week="2009-W53"), cell(week="2010-W01")],
             "rejects": rejects((2, "outside_round", "date"), (6, "outside_round", "date"))})
vector(ROUNDS, "Each municipality counts in its own weeks of the round, and one that is not named in none",
       round=SPRING, participation=PARTICIPATION,
       registrations=[contact(), contact(week=201218), contact(week=201219), contact(municipality=461, week=201219),
                      contact(municipality=461), contact(municipality=101), contact(week=201220)],
       hand={"reasons": ["accepted", "accepted", "outside_participation", "accepted", "outside_participation",
                         "outside_participation", "outside_round"]})
vector(ROUNDS, "A participation restricts without a round too",
       participation="municipality;weeks\n0657;2009-W53\nAarhus;2013-W01 2013-W02\n",
       files=[text(HEADER, ROW.replace("2012-04-23", "2010-01-03"), ROW.replace("2012-04-23", "2010-01-04"),
                   ROW.replace("657;2012-04-23", "751;2012-12-31"), ROW.replace("657", "101"))],
       hand={"cells": [cell(week="2009-W53"), cell(municipality=751, week="2013-W01")],
             "rejects": rejects((3, "outside_participation", "date"), (5, "outside_participation", "date"))})

CALCULATOR = """id = "2011-autumn-restated"
weeks = ["2011-W43", "2011-W44", "2011-W45"]
scheme = "kl-2012"

[[reclassify]]
source = "kmd-boligstoette"
tasks = ["32.06.08"]
from = "new_case"
to = "case_information"
weeks = ["2011-W43", "2011-W44"]
"""
HITS = dict(week=201143, task=320608, source="kmd-boligstoette")
vector(ROUNDS, "Reclassification changes what is measured of one source's task, type and weeks, and never what was registered",
       round={"toml": CALCULATOR},
       registrations=[contact(**HITS, channel="self_service", count=57), contact(**HITS, type="guidance", count=2),
                      contact(**HITS | {"week": 201145}, channel="self_service", count=3),
                      contact(**HITS | {"source": "desk"}, count=40), contact(**HITS | {"task": 320612}, count=5)],
       hand={"cells": [
           cell(40, week="2011-W43", task="32.06.08", source="desk"),
           cell(2, week="2011-W43", task="32.06.08", type="guidance", source="kmd-boligstoette"),
           cell(57, week="2011-W43", task="32.06.08", channel="self_service", source="kmd-boligstoette"),
           cell(5, week="2011-W43", task="32.06.12", source="kmd-boligstoette"),
           cell(3, week="2011-W45", task="32.06.08", channel="self_service", source="kmd-boligstoette")]},
       measures=[
           # 57 of the 60 hits by self-service are no applications: 3 of 43, and of 100 as they were registered.
           ({"measure": "self_service", "where": {"task": ["32.06.08"]}},
            [{"numerator": 3, "denominator": 43, "share": "0.069767", "per_cent": 7}]),
           ({"measure": "self_service", "where": {"task": ["32.06.08"]}, "raw": True},
            [{"numerator": 60, "denominator": 100, "share": "0.600000", "per_cent": 60}]),
           ({"measure": "contacts", "by": ["type"]},
            [{"type": "new_case", "contacts": 48}, {"type": "case_information", "contacts": 57},
             {"type": "guidance", "contacts": 2}]),
           ({"measure": "contacts", "by": ["type"], "raw": True},
            [{"type": "new_case", "contacts": 105}, {"type": "guidance", "contacts": 2}]),
           # Under kl-2011 case information is a transaction too: the rule changes nothing there.
           ({"measure": "self_service", "where": {"task": ["32.06.08"]}, "scheme": "kl-2011"},
            [{"numerator": 60, "denominator": 100, "per_cent": 60}])])
