"""The text of a small module, made up for tests and named so: `MADE_UP`."""

AGENCY = "MADE_UP"
LISTS = {
    "CL_FREQ": {"A": None, "Q": None, "M": None},
    "CL_AREA": {"FR": None, "R84": "FR", "R94": "FR", "D01": "R84", "D03": "R84", "D2A": "R94"},
    "CL_OFFENCE": dict.fromkeys(("HOMICIDES", "ROBBERY", "DRUG_USE", "BURGLARY")),
    "CL_UNIT": dict.fromkeys(("VICTIM", "OFFENCE", "SUSPECT")),
    "CL_OBS_STATUS": dict.fromkeys(("A", "B", "D", "P", "L")),
    "CL_CONF_STATUS": dict.fromkeys(("F", "C")),
}
SPEC = """
[module]
id = "MADE_UP_CRIME"
name = { fr = "Délinquance (inventée)", en = "Crime (made up)" }
target = "MADE_UP:CRIME(1.0)"

[[source]]
family = "made-up-base"
files = ["base-*.csv"]
edition = 'base-(?P<edition>[0-9]+)'
format = { kind = "delimited", separator = ";", decimal = "," }
columns = { area = ["dep"], year = ["annee"], indicator = ["indicateur"], unit = ["unite"], count = ["nombre"] }

[components]
FREQ = { constant = "A" }
REF_AREA = { from = "area", pattern = '(\\d\\d|2[AB])', to = "D{1}" }
OFFENCE = { from = "indicator", codes = "codes/offences.csv", ignore_case = true }
COUNT_UNIT = { from = "unit", codes = "codes/units.csv", ignore_case = true }
TIME_PERIOD = { from = "year", period = "year" }
OBS_VALUE = { from = "count", type = "integer", missing = ["NA"] }
OBS_STATUS = { lookup = "codes/status.csv", default = "A" }
CONF_STATUS = { constant = "F" }
COMMENT_OBS = { note_of = "OFFENCE" }
SOURCE_EDITION = { from = "@edition" }
"""
OFFENCES = """source,target,relation,note
Homicides,HOMICIDES,exact,
Vols avec armes,ROBBERY,narrower,robbery with a weapon
Vols violents sans arme,ROBBERY,narrower,robbery without a weapon
Usage de stupéfiants,DRUG_USE,partial,counts persons
Outrages,,left_out,no target
"""
UNITS = "source,target,relation,note\nVictime,VICTIM,exact,\nInfraction,OFFENCE,exact,\nMis en cause,SUSPECT,exact,\n"
STATUS = "OFFENCE,TIME_PERIOD,@missing,target,note\n,,true,L,no figure\nHOMICIDES,2020|2021,,B,new definition\n"
HEADER = "dep;annee;indicateur;unite;nombre"
ROWS = (
    "01;20;Homicides;Victime;5",
    "03;20;Homicides;Victime;7",
    "2A;20;Homicides;Victime;1 000",
    "01;19;Homicides;Victime;4",
)
SAME_UNIT = '[[guard]]\none = "COUNT_UNIT"\nper = ["OFFENCE"]\nbecause = "units are never mixed"\n'
AREAS = '[[rollup]]\ndimension = "REF_AREA"\nbase = ["D*"]\nbecause = "they add up"\n'
SUMMED = '[aggregate]\nOBS_VALUE = "sum"\nbecause = "parts of one figure"\n'
