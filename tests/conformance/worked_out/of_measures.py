"""Measures: what stands over what, schemes, filters, rounding and changes."""

from __future__ import annotations

from .kit import HEADER, contact, text, theme, vector

MEASURES = theme("measures", "What each measure holds in numerator and denominator")

# Incoming applications: 4 by self-service, 5 at the website, 6 by telephone, 1 letter. Incoming guidance: 2 by
# self-service, 8 by telephone. Outgoing: 100 letters, 3 by self-service.
MOVING = [contact(channel="self_service", count=4), contact(channel="website", count=5), contact(count=6),
          contact(channel="letter"), contact(channel="self_service", type="guidance", count=2),
          contact(type="guidance", count=8), contact(channel="letter", direction="outgoing", count=100),
          contact(channel="self_service", direction="outgoing", count=3)]
vector(MEASURES, "Self-service is of incoming contacts, and its denominator is of the basis, website included",
       registrations=MOVING, measures=[
           ({"measure": "self_service"}, [{"numerator": 4, "denominator": 16, "share": "0.250000", "per_cent": 25}]),
           ({"measure": "self_service", "basis": "all"}, [{"numerator": 6, "denominator": 26, "per_cent": 23}]),
           ({"measure": "self_service", "basis": "information"}, [{"numerator": 2, "denominator": 10, "per_cent": 20}]),
           ({"measure": "self_service", "by": ["type"]},
            [{"type": "new_case", "numerator": 4, "denominator": 16},
             {"type": "guidance", "numerator": 0, "denominator": 0, "share": None, "per_cent": None}]),
           ({"measure": "self_service", "where": {"channel": ["telephone"]}}, "argument"),
           ({"measure": "self_service", "basis": "transaction"}, "argument")])
vector(MEASURES, "Denominators are nested: those of the tasks sum to the main group's, and those to the whole",
       registrations=[contact(channel=channel, task=task, count=count) for task, count, channel in (
           (230510, 3, "self_service"), (230510, 1, "telephone"), (230902, 1, "self_service"), (230902, 7, "in_person"),
           (320304, 5, "self_service"), (320304, 5, "letter"), (170100, 4, "telephone"))],
       measures=[
           ({"measure": "self_service", "by": ["task"]},
            [{"task": "17.01.00", "numerator": 0, "denominator": 4, "share": "0.000000", "per_cent": 0},
             {"task": "23.05.10", "numerator": 3, "denominator": 4, "share": "0.750000"},
             {"task": "23.09.02", "numerator": 1, "denominator": 8, "share": "0.125000", "per_cent": 13},
             {"task": "32.03.04", "numerator": 5, "denominator": 10, "share": "0.500000"}]),
           ({"measure": "self_service", "by": ["main_group"]},
            [{"main_group": "17", "numerator": 0, "denominator": 4}, {"main_group": "23", "numerator": 4, "denominator": 12},
             {"main_group": "32", "numerator": 5, "denominator": 10}]),
           ({"measure": "self_service"}, [{"numerator": 9, "denominator": 26, "per_cent": 35}]),
           # 17.01.00 is not one of the 35.
           ({"measure": "self_service", "tasks": "kl-35"}, [{"numerator": 9, "denominator": 22, "per_cent": 41}])])
vector(MEASURES, "A combination without a denominator has a share of nothing, and one without contacts has no row",
       registrations=[contact(type="guidance", channel="self_service"), contact(municipality=461)],
       measures=[({"measure": "self_service", "by": ["municipality"]},
                  [{"municipality": 461, "numerator": 0, "denominator": 1, "share": "0.000000"},
                   {"municipality": 657, "numerator": 0, "denominator": 0, "share": None, "per_cent": None}]),
                 ({"measure": "self_service", "where": {"municipality": ["101"]}}, []),
                 ({"measure": "contacts", "where": {"municipality": ["101"]}}, [])])
vector(MEASURES, "Nothing counted is no rows, and not a row of zeros",
       registrations=[], measures=[({"measure": name}, []) for name in (
           "contacts", "self_service", "first_contact_closure", "form_share")])

CHANNELS = ("telephone in_person letter email digital_post remote_print self_service website sms social_media "
            "system").split()
# Outgoing contacts: 1 by telephone, 2 in person, 4 letters and so on, each channel twice the one before.
vector(MEASURES, "Digital is a named set of channels over all, in a direction that must be given",
       registrations=[contact(channel=channel, direction="outgoing", count=2 ** place)
                      for place, channel in enumerate(CHANNELS)] + [contact(channel="self_service", count=10)],
       measures=[
           ({"measure": "digital", "set": "narrow", "where": {"direction": ["outgoing"]}},
            [{"numerator": 64, "denominator": 2047}]),
           # self-service 64, Digital Post 16, remote print 32, website 128, SMS 256, system 1024
           ({"measure": "digital", "set": "effective", "where": {"direction": ["outgoing"]}},
            [{"numerator": 1520, "denominator": 2047}]),
           # and e-mail 8, social media 512
           ({"measure": "digital", "set": "broad", "where": {"direction": ["outgoing"]}},
            [{"numerator": 2040, "denominator": 2047, "per_cent": 100}]),
           ({"measure": "digital", "set": "dispatch", "where": {"direction": ["outgoing"]}},
            [{"numerator": 48, "denominator": 52, "per_cent": 92}]),
           ({"measure": "digital", "set": "narrow", "by": ["direction"]},
            [{"direction": "incoming", "numerator": 10, "denominator": 10, "share": "1.000000", "per_cent": 100},
             {"direction": "outgoing", "numerator": 64, "denominator": 2047}]),
           ({"measure": "digital", "set": "narrow"}, "argument"),
           ({"measure": "digital", "where": {"direction": ["outgoing"]}}, "argument")])
vector(MEASURES, "Closure at first contact is closed over closed and put aside, of incoming contacts of all types",
       registrations=[contact(closure="closed", count=3), contact(closure="put_aside", type="misdirected"),
                      contact(count=6), contact(closure="closed", direction="outgoing", count=10)],
       measures=[
           ({"measure": "first_contact_closure"},
            [{"numerator": 3, "denominator": 4, "share": "0.750000", "not_stated": 6, "per_cent": 75}]),
           ({"measure": "first_contact_closure", "where": {"direction": ["outgoing"]}},
            [{"numerator": 10, "denominator": 10, "not_stated": 0}]),
           ({"measure": "first_contact_closure", "by": ["direction"]},
            [{"direction": "incoming", "numerator": 3, "denominator": 4, "not_stated": 6},
             {"direction": "outgoing", "numerator": 10, "denominator": 10, "not_stated": 0}]),
           ({"measure": "first_contact_closure", "where": {"closure": ["closed"]}}, "argument")])
vector(MEASURES, "The share of forms is paper and digital over none, paper and digital, in both directions",
       registrations=[contact(form="paper", count=2), contact(form="digital", count=3), contact(form="none", count=4),
                      contact(form="none", direction="outgoing"), contact(count=7)],
       measures=[({"measure": "form_share"},
                  [{"numerator": 5, "denominator": 10, "share": "0.500000", "paper": 2, "digital": 3, "not_stated": 7,
                    "paper_share": "0.200000", "digital_share": "0.300000"}])])
vector(MEASURES, "A mix is one value of the last dimension over all its values within the others",
       registrations=[contact(count=3), contact(channel="letter"), contact(channel="letter", direction="outgoing", count=9),
                      contact(municipality=461, channel="website", count=5)],
       measures=[
           ({"measure": "mix", "by": ["channel"]},
            [{"channel": "telephone", "numerator": 3, "denominator": 9, "share": "0.333333", "per_cent": 33},
             {"channel": "letter", "numerator": 1, "denominator": 9, "share": "0.111111", "per_cent": 11},
             {"channel": "website", "numerator": 5, "denominator": 9, "share": "0.555556", "per_cent": 56}]),
           ({"measure": "mix", "by": ["municipality", "channel"]},
            [{"municipality": 461, "channel": "website", "numerator": 5, "denominator": 5},
             {"municipality": 657, "channel": "telephone", "numerator": 3, "denominator": 4},
             {"municipality": 657, "channel": "letter", "numerator": 1, "denominator": 4}]),
           ({"measure": "mix", "by": ["channel"], "where": {"direction": ["outgoing"]}},
            [{"channel": "letter", "numerator": 9, "denominator": 9}]),
           ({"measure": "mix", "by": ["direction"]},
            [{"direction": "incoming", "numerator": 9, "denominator": 18},
             {"direction": "outgoing", "numerator": 9, "denominator": 18}]),
           ({"measure": "mix"}, "argument")])
vector(MEASURES, "Rows are sorted by the dimensions: words by number, labels by their bytes",
       registrations=[contact(unit=unit, channel=channel) for unit in ("b", "", "å", "B", "a") for channel in ("email", "letter")],
       measures=[({"measure": "contacts", "by": ["unit"]},
                  [{"unit": unit, "contacts": 2} for unit in ("", "B", "a", "b", "å")]),
                 ({"measure": "contacts", "by": ["channel"]},
                  [{"channel": "letter", "contacts": 5}, {"channel": "email", "contacts": 5}])])
vector(MEASURES, "Filters keep or drop values, several of one dimension together, and restrict both sides alike",
       registrations=[contact(count=1), contact(channel="letter", count=2), contact(channel="self_service", count=4),
                      contact(task=320304, channel="self_service", count=8), contact(task=320304, week=201218, count=16)],
       measures=[
           ({"measure": "contacts", "where": {"channel": ["telephone", "letter"]}}, [{"contacts": 19}]),
           ({"measure": "contacts", "without": {"channel": ["telephone", "letter"]}}, [{"contacts": 12}]),
           ({"measure": "contacts", "where": {"channel": ["telephone", "letter"]}, "without": {"week": ["2012-W18"]}},
            [{"contacts": 3}]),
           ({"measure": "self_service", "where": {"task": ["23.05.10"]}}, [{"numerator": 4, "denominator": 7}]),
           ({"measure": "self_service", "where": {"main_group": ["32"]}, "without": {"week": ["2012-W18"]}},
            [{"numerator": 8, "denominator": 8}]),
           ({"measure": "contacts", "where": {"municipality": ["657"], "direction": ["incoming"]}}, [{"contacts": 31}])])
vector(MEASURES, "Every dimension can split a measure",
       registrations=[contact(count=2, source="KMD", unit="Skranke", closure="closed", form="digital")],
       measures=[({"measure": "contacts", "by": [dimension]}, [{dimension: value, "contacts": 2}]) for dimension, value in (
           ("municipality", 657), ("week", "2012-W17"), ("task", "23.05.10"), ("main_group", "23"), ("channel", "telephone"),
           ("type", "new_case"), ("group", "application"), ("direction", "incoming"), ("closure", "closed"),
           ("form", "digital"), ("source", "KMD"), ("unit", "Skranke"))])
vector(MEASURES, "A file and its measures go together: what is left out is in no denominator",
       files=[text(HEADER + ";count", "657;2012-04-23;23.05.10;self_service;new_case;incoming;1",
                   "657;2012-04-23;23.05.10;telephone;new_case;incoming;3",
                   "657;2012-04-23;23.05.10;chat;new_case;incoming;96")],
       measures=[({"measure": "self_service"}, [{"numerator": 1, "denominator": 4, "share": "0.250000"}])])

# ---------------------------------------------------------------------------------------------------------
SCHEMES = theme("schemes", "The three schemes: the same contacts, grouped when they are measured")

TYPES = "new_case status_change case_information guidance self_service_help misdirected".split()
# By telephone 10, 20, 30, 40, 50, 60; by self-service 1, 2, 3, 4, 5, 6.
ALL_TYPES = [contact(type=t, channel=c, count=size * (place + 1)) for place, t in enumerate(TYPES)
             for c, size in (("telephone", 10), ("self_service", 1))]


def grouped(scheme: str, **sizes: int) -> tuple:
    return ({"measure": "mix", "by": ["group"], "scheme": scheme},
            [{"group": group, "numerator": size, "denominator": 231} for group, size in sizes.items()])


def basis(scheme: str, name: str, numerator: int, denominator: int) -> tuple:
    return ({"measure": "self_service", "scheme": scheme, "basis": name}, [{"numerator": numerator, "denominator": denominator}])


vector(SCHEMES, "Each scheme has its own groups, and they divide all contacts",
       registrations=ALL_TYPES, measures=[
           grouped("kl-2011", transaction=66, information=165),
           grouped("kl-2012", application=33, case_information=33, information=165),
           grouped("hilleroed-2014", application=33, information=198)])
vector(SCHEMES, "A share by self-service is of a group of the scheme; application is transaction's other name in kl-2011",
       registrations=ALL_TYPES, measures=[
           basis("kl-2011", "application", 6, 66), basis("kl-2011", "transaction", 6, 66),
           basis("kl-2011", "information", 15, 165), basis("kl-2011", "all", 21, 231),
           ({"measure": "self_service", "scheme": "kl-2011", "basis": "case_information"}, "argument"),
           basis("kl-2012", "application", 3, 33), basis("kl-2012", "case_information", 3, 33),
           basis("kl-2012", "information", 15, 165), basis("kl-2012", "all", 21, 231),
           ({"measure": "self_service", "scheme": "kl-2012", "basis": "transaction"}, "argument"),
           basis("hilleroed-2014", "application", 3, 33), basis("hilleroed-2014", "information", 18, 198),
           basis("hilleroed-2014", "all", 21, 231),
           ({"measure": "self_service", "scheme": "hilleroed-2014", "basis": "case_information"}, "argument")])
AUTUMN = [contact(week=201144, channel="self_service", type="case_information", count=3), contact(week=201144, count=1)]
vector(SCHEMES, "Without a name the scheme is the round's, and a named one wins",
       round={"id": "2011-autumn"}, registrations=AUTUMN, measures=[
           ({"measure": "self_service"}, [{"numerator": 3, "denominator": 4}]),
           ({"measure": "self_service", "scheme": "kl-2012"}, [{"numerator": 0, "denominator": 1}])])
vector(SCHEMES, "Without a round the scheme is kl-2012",
       registrations=AUTUMN, measures=[({"measure": "self_service"}, [{"numerator": 0, "denominator": 1}])])
vector(SCHEMES, "A filter on a group means the scheme's group",
       registrations=ALL_TYPES, measures=[
           ({"measure": "contacts", "where": {"group": ["information"]}, "scheme": scheme}, [{"contacts": contacts}])
           for scheme, contacts in (("kl-2011", 165), ("kl-2012", 165), ("hilleroed-2014", 198))])

# ---------------------------------------------------------------------------------------------------------
ROUNDING = theme("rounding", "Shares, per cents and changes are rounded once, from the exact fraction")


def share(name: str, *traps: tuple) -> None:
    """Traps: self-service, all, the share's text, the per cent. Each is a task of its own."""
    registrations, rows = [], []
    for place, (numerator, denominator, share_text, printed) in enumerate(traps):
        parts = (("self_service", numerator), ("telephone", denominator - numerator))
        registrations += [contact(task=100000 + place, channel=channel, count=count) for channel, count in parts if count]
        rows.append({"task": f"10.00.{place:02}", "numerator": numerator, "denominator": denominator, "share": share_text,
                     "per_cent": printed})
    vector(ROUNDING, name, registrations=registrations, measures=[({"measure": "self_service", "by": ["task"]}, rows)])


share("A share is rounded half up to six decimals",
      (1, 3, "0.333333", 33), (2, 3, "0.666667", 67), (1, 7, "0.142857", 14), (1, 2000000, "0.000001", 0),
      (1, 2000001, "0.000000", 0), (3, 2000000, "0.000002", 0), (1999999, 2000000, "1.000000", 100),
      (1999998, 2000000, "0.999999", 100), (1, 64, "0.015625", 2), (1, 128, "0.007813", 1), (3, 128, "0.023438", 2))
share("A printed per cent is rounded half up",
      (1, 8, "0.125000", 13), (3, 8, "0.375000", 38), (5, 8, "0.625000", 63), (1, 200, "0.005000", 1),
      (199, 200, "0.995000", 100), (49, 200, "0.245000", 25), (1, 201, "0.004975", 0))
share("A printed per cent is rounded from the exact fraction and not from the rounded share",
      (494999999, 1000000000, "0.495000", 49), (4999999, 1000000000, "0.005000", 0),
      (124999999, 1000000000, "0.125000", 12), (495000000, 1000000000, "0.495000", 50))
share("Shares of large counts are exact",
      (2147483647, 4294967294, "0.500000", 50), (2147483646, 4294967293, "0.500000", 50), (1, 2147483647, "0.000000", 0),
      (2147483647, 2147483648, "1.000000", 100))


def sides(*changes: tuple) -> tuple[list, list, list]:
    """Changes: two fractions and the printed points. Each is a task of its own."""
    before, after, rows = [], [], []
    for place, (old, new, printed) in enumerate(changes):
        for into, (numerator, denominator) in ((before, old), (after, new)):
            into += [contact(task=100000 + place, channel=channel, count=count) for channel, count in (
                ("self_service", numerator), ("telephone", denominator - numerator)) if count]
        rows.append({"task": f"10.00.{place:02}", "before_numerator": old[0], "before_denominator": old[1],
                     "after_numerator": new[0], "after_denominator": new[1], "printed_change": printed})
    return before, after, rows


def change(name: str, *changes: tuple) -> None:
    before, after, rows = sides(*changes)
    vector(ROUNDING, name, before={"registrations": before}, registrations=after,
           changes=[({"measure": "self_service", "by": ["task"]}, rows)])


# 37.6 and 55.4 per cent print as 38 and 55, and the change between them, 17.8 points, as 18.
change("A change is subtracted first and rounded last: 55 after 38 is printed as a change of 18",
       ((188, 500), (277, 500), 18), ((277, 500), (188, 500), -18), ((29, 50), (363, 500), 15))
change("A change of half a point is rounded away from zero, up and down",
       ((1, 8), (1, 4), 13), ((1, 4), (1, 8), -13), ((1, 200), (2, 200), 1), ((2, 200), (1, 200), -1),
       ((100, 201), (101, 201), 0), ((1, 3), (1, 3), 0), ((0, 5), (5, 5), 100))
# 10.49 and 9.51 per cent print as 10 both; 9.45 and 10.05 as 9 and 10.
change("Shares that print alike can still have changed by a point",
       ((1049, 10000), (951, 10000), -1), ((945, 10000), (1005, 10000), 1))
