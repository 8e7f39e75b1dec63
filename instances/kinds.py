"""Every kind of finding: its number, the rule it breaks and the usual remedy.

``instances/README.md`` shows a wrong and a right example of each.
"""

from __future__ import annotations

from enum import Enum

from instances.errors import Finding, Place, shown


class Kind(Enum):
    """A kind of finding: (number, rule, remedy); numbers never change meaning."""

    UNKNOWN_INSTANCE = (
        "AL-1001",
        "an instance is the id of a shipped one or an existing folder",
        "name one of them",
    )
    MISSING_FILE = (
        "AL-1002",
        "an instance has instance.yaml and every table that is not optional",
        "add the file",
    )
    UNREADABLE_FILE = ("AL-1003", "every file of an instance can be opened", "check its type and its rights")
    NOT_UTF8 = ("AL-1004", "files are UTF-8 text", "save it again as CSV UTF-8")
    EMPTY_FILE = ("AL-1005", "a file has at least its header or keys", "fill it or remove it")
    NO_ROWS = ("AL-1006", "a table that is not optional has at least one row", "add a row")
    NOT_CSV = ("AL-1007", "a table is comma- or semicolon-separated text", "close every quote that is opened")
    RAGGED_ROW = (
        "AL-1008",
        "a row has one cell for each column",
        "add or remove separators; quote cells with one",
    )
    UNKNOWN_COLUMN = ("AL-1009", "only documented columns and keys are read", "correct or remove the name")
    REPEATED_COLUMN = ("AL-1010", "a column or key appears once", "remove one of them")
    MISSING_COLUMN = ("AL-1011", "columns without a default are required", "add the column")
    UNKNOWN_TABLE_FILE = ("AL-1012", "every CSV file is one of the tables", "rename or remove the file")
    NOT_YAML = ("AL-1013", "the file is plain YAML without anchors", "correct the line")
    BAD_SHAPE = (
        "AL-1014",
        "a scenario has a title, set: path to value, and add: table to list of rows",
        "write it as instances/README.md shows",
    )
    UNKNOWN_SCENARIO = ("AL-1015", "a scenario is a file scenarios/<name>.yaml", "name one of them")
    UNKNOWN_PATH = ("AL-1016", "a path is table/key/column and matches at least one row", "correct the path")
    TARGET_IN_USE = ("AL-1017", "an instance is written to a new or empty folder", "choose another folder")
    CANNOT_WRITE = ("AL-1018", "the folder can be written", "choose another folder or check its rights")
    UNKNOWN_TABLE = ("AL-1019", "a schema is that of a table, of instance or of scenario", "name one of them")
    NOT_GEOJSON = (
        "AL-1020",
        "a drawn table is a GeoJSON FeatureCollection",
        "export it again from a map program",
    )
    NOT_POLYGON = (
        "AL-1021",
        "an area is one Polygon without holes",
        "draw it as one closed ring, or as several areas",
    )
    OLD_FORM = (
        "AL-1022",
        "what people need of energy, protein and fat stands in standards.csv",
        "remove the key",
    )

    NOT_AN_AREA = (
        "AL-1402",
        "an area is a Polygon or MultiPolygon of closed rings, longitude before latitude",
        "draw it again as a polygon",
    )

    REQUIRED_CELL = ("AL-2001", "a column without a default has a value in every row", "fill the cell")
    WRONG_TYPE = ("AL-2002", "numbers are plain", "write digits with a decimal point and no separators")
    NOT_BOOL = ("AL-2003", "a switch is true or false", "write true or false")
    NOT_DATE = ("AL-2004", "a date is YYYY-MM-DD", "write it as 2016-04-11")
    NOT_TIME = ("AL-2005", "a time is local HH:MM between 00:00 and 24:00", "write it as 06:30")
    NOT_ID = ("AL-2006", "an id is a-z, 0-9 and single _ between", "write it as drop_zone_1")
    NOT_A_CHOICE = ("AL-2007", "the value is one of a list", "choose one of the list")
    OUT_OF_RANGE = ("AL-2008", "the value lies in the range of its column", "correct the value or its unit")
    IMPLAUSIBLE = ("AL-2009", "the value is physically plausible", "check the value and its unit")
    FORMULA = (
        "AL-2010",
        "a text does not begin with = + - or @, which spreadsheets run as a formula",
        "begin it with a letter",
    )
    SWAPPED = ("AL-2011", "lat is degrees north and lon degrees east", "swap the two cells")
    OUTSIDE_THEATRE = (
        "AL-2012",
        "every place lies in the theatre of instance.yaml",
        "correct the place or widen the theatre",
    )
    NOT_PAYLOAD_RANGE = (
        "AL-2013",
        "payload-range points are kg@km joined by ;",
        "write 50000@3650;40000@4500",
    )
    UNKNOWN_TIME_ZONE = ("AL-2014", "time_zone is an IANA name", "write it as Asia/Damascus")
    EMPTY_THEATRE = ("AL-2015", "south is less than north and west less than east", "swap the two edges")
    DAYS_ASKED = ("AL-2016", "a plan is 1 day to the days of the instance", "ask for fewer days")
    SIZE_ASKED = (
        "AL-2017",
        "a generated instance has at least one of everything and no more than can be made",
        "ask for a number in the range",
    )
    PAYLOAD_ORDER = (
        "AL-2101",
        "payload falls while range rises from point to point",
        "order the points by range",
    )
    ONE_QUANTITY = (
        "AL-2102",
        "a need has exactly one of kg_per_person_day, kg_per_day and kg_per_person",
        "fill one and leave the others empty",
    )
    DATES_BACKWARD = ("AL-2103", "the first date is not after the last", "swap or correct the dates")
    HOURS_BACKWARD = ("AL-2104", "hours begin before they end, on the same day", "swap or correct the hours")
    RESUPPLY = (
        "AL-2105",
        "sets that arrive again need an interval",
        "fill resupply_interval_days or set the count 0",
    )
    FEEDER_LOOP = ("AL-2106", "a feeder joins two bases", "correct from_base or to_base")
    EMPTY_BUNDLE = (
        "AL-2107",
        "a bundle or platform holds cargo",
        "fill bundle_net_kg or set position_kind none",
    )
    BAND_BACKWARD = ("AL-2108", "a band's floor_m is below its ceiling_m", "swap or correct the edges")
    RESERVED_ID = ("AL-2109", "`all` means all parties together", "choose another id")

    NOT_OUTLINE = ("AL-2110", "an outline is lon lat corners joined by ;", "write 40 35;41 35;41 36")
    CROOKED_OUTLINE = (
        "AL-2111",
        "an outline has at least three corners, encloses something and does not cross itself",
        "draw it again",
    )
    WRONG_AREA_FIGURE = (
        "AL-2112",
        "loss is a figure of threats and transits of corridors",
        "leave it empty or correct the kind",
    )
    THEATRE_TOO_WIDE = (
        "AL-2113",
        "a theatre with airspace reaches at most 60 degrees from its middle",
        "draw the theatre closer",
    )
    HEIGHT_OUTSIDE_BAND = (
        "AL-2401",
        "release heights lie between release_from_m and release_to_m",
        "correct the height or the band",
    )
    SCATTER_AND_MISS = (
        "AL-2402",
        "a method says how it scatters or what share misses, not both",
        "leave miss_frac or release_error_m empty",
    )
    NO_RATE_OF_FALL = ("AL-2403", "a method that scatters says how fast it falls", "fill rate_of_fall_mps")
    SLOW_FIRST_STAGE = (
        "AL-2404",
        "a first stage falls faster than the main canopy",
        "correct first_stage_mps or leave it empty",
    )
    MONTH_OR_DAY = ("AL-2405", "a row of winds is of a month or of a day", "fill one of the two")
    BUILT_UP_WITHOUT_PEOPLE = (
        "AL-2406",
        "a built-up area says how many people live there",
        "fill people_per_km2",
    )
    HELD_BY_NOBODY = ("AL-2407", "a held area says which community holds it", "fill community")

    UNKNOWN_ID = ("AL-3001", "an id that is used has a row in its table", "correct the id or add the row")
    REPEATED_KEY = ("AL-3002", "a key names one row of a table", "remove a row or change its key")
    NEEDS_OVERLAP = (
        "AL-3003",
        "needs of a community for a commodity do not overlap in time",
        "give the rows dates that do not overlap",
    )
    OUTSIDE_HORIZON = (
        "AL-3004",
        "dates lie within the days of the plan",
        "correct the date or leave it empty",
    )
    BASE_REFUSES = (
        "AL-3005",
        "a party flies from bases that admit it",
        "add the party to the base or move it",
    )
    METHOD_UNFIT = (
        "AL-3006",
        "an aircraft can do every method of its fleet",
        "remove the method or correct the aircraft",
    )
    RIG_WITHOUT_BUNDLE = ("AL-3007", "sets are for methods with bundles or platforms", "remove the row")
    FEEDER_WITHOUT_PRICE = (
        "AL-3008",
        "a base that a feeder serves has a supply row for all it brings, which gives the price",
        "add a supply row with 0 kg",
    )
    FEEDER_REFUSED = ("AL-3009", "a feeder's party may use both bases", "add the party to the base")
    NEED_OUT_OF_REACH = (
        "AL-3011",
        "some fleet, method, zone and supply can bring what is needed",
        "correct the tables or remove the need",
    )
    COMMUNITY_WITHOUT_NEED = (
        "AL-3012",
        "every community needs something",
        "add a need or remove the community",
    )
    COMMUNITY_WITHOUT_LINK = ("AL-3013", "every community has a link from a zone", "add a link")
    FIGURE_OF_NOTHING = ("AL-3014", "a figure names a table, a row and a column", "correct or remove the row")
    IDLE_CORRIDOR = (
        "AL-3015",
        "a corridor leads through a restricted area",
        "draw it into the restricted area, or remove it",
    )
    PLACE_PROHIBITED = (
        "AL-3016",
        "no base or zone lies inside an area that is prohibited to all parties at all times",
        "correct the area or the place",
    )

    WIND_LAYERS = (
        "AL-3401",
        "layers of wind reach from the ground to the highest release, without gap or overlap",
        "add or correct a layer",
    )
    ZONE_TOO_SMALL = (
        "AL-3402",
        "a zone is as large as its methods need",
        "enlarge the zone or remove the method",
    )
    RECOVERY_AT_NO_HEIGHT = (
        "AL-3403",
        "a recovery was observed at one of the method's release heights",
        "correct the height, or leave it empty",
    )

    NO_RAMP_SLOT = (
        "AL-3101",
        "a base where a fleet stands has a ramp slot",
        "write at least 1, or move the fleet",
    )
    LONG_TURNAROUND = (
        "AL-3102",
        "loading within the hours of base and party ends before they close",
        "correct turnaround_min of the type, or the hours",
    )
    CREW_NEVER_FLIES = (
        "AL-3103",
        "a crew may fly the shortest sortie of its fleet",
        "allow more minutes, or leave the cell empty for no limit",
    )
    DARK_HOURS = (
        "AL-3104",
        "where drops need daylight, recovery hours meet civil daylight on some day",
        "correct the hours, or set daylight_only of the party false",
    )
    POLAR_DAYLIGHT = (
        "AL-3105",
        "civil daylight is reckoned between 72 degrees south and north",
        "set daylight_only of the party false and write the hours of light as recovery hours",
    )
    FEEDER_TOO_SLOW = (
        "AL-3106",
        "the trips a feeder with an aircraft makes in a day fit into the hours of its base",
        "correct trips_per_day, minutes or the hours",
    )
    WITHOUT_SOURCE = (
        "AL-3501",
        "a row of figures and of history says its grade and its source",
        "write where the figure comes from and how far it can be trusted",
    )
    MEASURE_INCOMPLETE = (
        "AL-3502",
        "a row of history holds what its measure needs",
        "fill in the column, or choose another measure",
    )
    RANGE_BACKWARD = (
        "AL-3503",
        "value_to of history is above value",
        "write the lower figure as value",
    )
    FOOD_GROUP = (
        "AL-2601",
        "what has energy is of a food group, or therapeutic",
        "write its group (cereals, pulses, oil, sugar, blended, animal, fruit, meals or therapeutic), "
        "and most_g_per_person_day if it has a limit",
    )
    EMPTY_FOOD = ("AL-2602", "a food has energy", "fill kcal_per_kg or choose a group that is not eaten")
    NOT_SEVERITY_POINTS = ("AL-2603", "severity points are severity@share joined by ;", "write 0.25@0.5;1@1")
    SEVERITY_SHAPE = (
        "AL-2604",
        "severity rises with the share short, ever more steeply, from 0@0 to 1@1",
        "write it as 0.04@0.2;0.25@0.5;1@1",
    )
    CLASS_WEIGHTS = ("AL-2605", "each of the classes 1, 2 and 3 has a weight", "write them as 1;0.3;0.1")
    LASTING = (
        "AL-2606",
        "what lasts is given once, by kg_per_person, and nothing else is",
        "write kg_per_person with lasting true, or a quantity a day without",
    )
    TOO_MANY_IN_NEED = ("AL-3601", "a need concerns at most the people of its community", "correct people")
    NEED_DIFFERS = (
        "AL-3602",
        "rows of one need or standard agree in weights, lasting and closing_days",
        "write the same in all its rows",
    )
    STANDARD_OUT_OF_REACH = (
        "AL-3603",
        "the foods in supplies can meet the standard, each group within what a person eats of it",
        "supply another food, raise most_g_per_person_day, or write a lower standard into standards.csv",
    )
    STANDARDS_OVERLAP = ("AL-3604", "standards of a community do not overlap in time", "correct the dates")

    def __init__(self, number: str, rule: str, remedy: str) -> None:
        self.number = number
        self.rule = rule
        self.remedy = remedy

    def at(self, place: Place, problem: str, *, rule: str = "", remedy: str = "") -> Finding:
        """A finding of this kind; `rule` and `remedy` replace the usual words where more is known."""
        column = None if place.column is None else shown(place.column)
        words = (" ".join(problem.split()), rule or self.rule, remedy or self.remedy)
        return Finding(self.number, shown(place.file), place.row, column, shown(place.value), *words)
