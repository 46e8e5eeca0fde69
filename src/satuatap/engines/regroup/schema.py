"""The fields of a problem file, once: what the reader checks and the JSON Schema that others may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "satuatap-regroup-1"
RULE_KINDS = {
    "must_share": "units: all in one building",
    "must_not_share": "units: no two in one building",
    "keep": "units: each stays where it is",
    "fixed": "units and one building: each sits there",
    "forbidden_pair": "units and buildings: none of these units in any of these buildings",
    "do_not_close": "buildings: each stays open",
    "budget": "limit: one-off cost of moving and fit-out",
    "max_moves": "limit: units that may move",
    "longest_travel": "limit in km, district: no public-facing unit farther from that kecamatan",
}


OWNERSHIPS = {
    "city": "the city's own (BMD)",
    "rented": "rented from somebody",
    "lent": "lent by another government (pinjam pakai)",
}
RULE_FIELDS = {  # kind of rule -> the fields that say something to it, beside name and kind
    "must_share": ("units",), "must_not_share": ("units",), "keep": ("units",), "fixed": ("units", "buildings"),
    "forbidden_pair": ("units", "buildings"), "do_not_close": ("buildings",), "budget": ("limit",),
    "max_moves": ("limit",), "longest_travel": ("limit", "district"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it is, whether it must be there, and what it means (with its unit)."""

    kind: str  # text, number, share, positive, whole, flag, amounts, texts, object, choice:A|B, items:NAME, item:NAME
    meaning: str
    needed: bool = False
    otherwise: Any = None


Fields = Mapping[str, Field]
N, P = "number", "positive"

OBJECTS: Mapping[str, Fields] = {
    "problem": {
        "format": Field("text", f'always "{FORMAT}"', True),
        "name": Field("text", "name of the case", True),
        "synthetic": Field("flag", "true when the data are made up", otherwise=False),
        "year": Field("whole", "the first year of the plan", otherwise=0),
        "buildings": Field("items:building", "buildings that may hold units or be set free", True),
        "units": Field("items:unit", "units that sit somewhere", True),
        "districts": Field("items:district", "kecamatan, for citizens' travel", otherwise=()),
        "flows": Field("items:flow", "official trips between units", otherwise=()),
        "rules": Field("items:rule", "wishes of the city, by name", otherwise=()),
        "posts": Field("items:post", "support posts and their norms", otherwise=()),
        "prices": Field("item:prices", "prices of trips, hours and moves", True),
        "distances": Field("items:distance", "road km between two buildings, where measured", otherwise=()),
        "distances_complete": Field("flag", "true: a pair of buildings without a row is a fault", otherwise=False),
        "tariffs": Field("items:tariff", "what providers of electricity and water ask", otherwise=()),
        "phases": Field("object", "terms of a way in years; read by the phasing alone", otherwise=None),
        "shared": Field("amounts", "what a factor that ranges share is measured by: a range by its name", otherwise={}),
    },
    "building": {
        "id": Field("text", "a code, unique", True),
        "name": Field("text", "for people", otherwise=""),
        "latitude": Field("latitude", "degrees", True),
        "longitude": Field("longitude", "degrees", True),
        "area_m2": Field(
            "amounts", "m2 of each kind of space (office, counter ...); needed without floors", otherwise={}
        ),
        "floors": Field("items:floor", "the same by floor, instead of area_m2", otherwise=()),
        "yearly_fixed": Field("amounts", "currency a year by term; avoided when empty", otherwise={}),
        "yearly_per_m2": Field("amounts", "currency a year for each m2 in use, by term", otherwise={}),
        "yearly_per_person": Field("amounts", "currency a year for each person, by term", otherwise={}),
        "lease_yearly": Field(N, "rent a year", otherwise=0.0),
        "lease_ends": Field("whole", "last year of the lease; 0 when it can end at once", otherwise=0),
        "empty_yearly": Field(N, "upkeep of the building when empty, a year", otherwise=0.0),
        "freed_income_yearly": Field(N, "expected income when empty, a year", otherwise=0.0),
        "freed_income_share": Field("share", "part of that income that may be counted", otherwise=0.0),
        "closing_once": Field(N, "one-off cost of emptying it", otherwise=0.0),
        "fit_out_per_m2_once": Field(N, "one-off cost for each m2 that a unit moves into", otherwise=0.0),
        "heritage": Field("flag", "a protected building: no office space becomes counters there", otherwise=False),
        "ownership": Field("choice:" + "|".join(OWNERSHIPS), "whose the building is, when known", otherwise=""),
        "connections": Field("items:connection", "lines that are billed by a tariff", otherwise=()),
        "contracts": Field("items:contract", "contracts that save only from their end", otherwise=()),
    },
    "floor": {
        "name": Field("text", "for people", otherwise=""),
        "area_m2": Field("amounts", "m2 of each kind of space on this floor", True),
        "public_counter": Field("flag", "citizens may be served here", otherwise=False),
    },
    "connection": {
        "tariff": Field("text", "id of a tariff", True),
        "monthly_fixed_use": Field(N, "units of use a month as soon as the building is open", otherwise=0.0),
        "monthly_use_per_m2": Field(N, "units of use a month for each m2 in use", otherwise=0.0),
        "monthly_use_per_person": Field(N, "units of use a month for each person", otherwise=0.0),
        "standing_monthly": Field(N, "currency a month beside the use", otherwise=0.0),
        "minimum_monthly": Field(N, "least bill a month until the line is cut", otherwise=0.0),
        "connected_until": Field("whole", "last year in which an empty building keeps it; 0: cut at once", otherwise=0),
    },
    "contract": {
        "term": Field("text", "name of the cost", True),
        "yearly": Field(N, "currency a year", True),
        "ends": Field("whole", "last year of the contract; 0 when it can end at once", otherwise=0),
    },
    "tariff": {
        "id": Field("text", "a code, unique", True),
        "term": Field("text", "name of the cost: electricity, water", True),
        "unit": Field("text", "of use, for people: kWh, m3", otherwise=""),
        "steps": Field("items:step", "prices by use, the first from 0", True),
        "whole_use": Field("flag", "true: the price of the step reached holds for all use", otherwise=False),
        "source": Field("text", "where the prices stand", otherwise=""),
    },
    "step": {
        "from_per_month": Field(N, "units of use a month at which it begins", otherwise=0.0),
        "price_per_unit": Field(N, "currency for each unit of use", True),
    },
    "unit": {
        "id": Field("text", "a code, unique", True),
        "name": Field("text", "for people", otherwise=""),
        "people": Field(N, "people who work there", True),
        "area_m2": Field("amounts", "m2 needed of each kind of space", True),
        "public_facing": Field("flag", "citizens come to it", otherwise=False),
        "present": Field("text", "id of the building where it sits now", True),
        "visits_yearly": Field("amounts", "citizens' visits a year, by id of kecamatan", otherwise={}),
    },
    "district": {
        "id": Field("text", "a code, unique", True),
        "latitude": Field("latitude", "degrees", True),
        "longitude": Field("longitude", "degrees", True),
    },
    "flow": {
        "a": Field("text", "id of a unit", True),
        "b": Field("text", "id of another unit", True),
        "trips_per_month": Field(N, "trips in both directions together", True),
    },
    "rule": {
        "name": Field("text", "what people call it", True),
        "kind": Field("text", "one of: " + ", ".join(RULE_KINDS), True),
        "units": Field("texts", "ids of units", otherwise=()),
        "buildings": Field("texts", "ids of buildings", otherwise=()),
        "limit": Field(N, "currency, moves or km, by kind"),
        "district": Field("text", "id of a kecamatan", otherwise=""),
    },
    "post": {
        "name": Field("text", "for people: guard, cleaner", True),
        "norm_m2": Field(P, "m2 in use that one post serves", True),
        "shifts": Field(P, "people for one post around the clock", otherwise=1.0),
        "yearly": Field(N, "currency a year for one person", True),
        "cash": Field("flag", "true: contracted, ends with the post; false: permanent staff", otherwise=True),
    },
    "prices": {
        "trip_per_km": Field(N, "currency for each km driven", otherwise=0.0),
        "hour": Field(N, "currency for an hour of an official", otherwise=0.0),
        "speed_kmh": Field(P, "km/h of official trips", otherwise=25.0),
        "people_per_trip": Field(P, "officials in one trip", otherwise=1.0),
        "citizen_km": Field(N, "weight of a citizen's km in the score", otherwise=0.0),
        "move_per_person": Field(N, "one-off currency for each person who moves", otherwise=0.0),
        "move_per_m2": Field(N, "one-off currency for each m2 that moves", otherwise=0.0),
        "amortise_years": Field(P, "years over which one-off costs are spread", otherwise=10.0),
        "detour": Field(P, "road km for each km as the crow flies", otherwise=1.3),
        "capacity_weight": Field(N, "weight of freed capacity in the score", otherwise=1.0),
    },
    "distance": {
        "a": Field("text", "id of a building", True),
        "b": Field("text", "id of another building", True),
        "km": Field(N, "road km", True),
    },
}

_NUMBERS = {
    "number": {"minimum": 0}, "positive": {"exclusiveMinimum": 0}, "share": {"minimum": 0, "maximum": 1},
    "latitude": {"minimum": -90, "maximum": 90}, "longitude": {"minimum": -180, "maximum": 180},
}  # fmt: skip


_PLAIN: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"}, "whole": {"type": "integer", "minimum": 0}, "flag": {"type": "boolean"},
    "texts": {"type": "array", "items": {"type": "string"}}, "object": {"type": "object"},
}  # fmt: skip


_NAMES: Mapping[str, Any] = {
    "shared": {"type": "string", "minLength": 1, "maxLength": 200,
               "description": "name of a factor: in one draw all ranges of it take the same quantile"},
    "against": {"type": "string", "minLength": 1, "maxLength": 200,
                "description": "name of a factor: this range takes one less its quantile"},
}  # fmt: skip


_ONE_OF = [{"required": pair} for pair in (["shared", "against"], ["shared", "of"], ["against", "of"])]


def _range(plain: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    ends = dict.fromkeys(("low", "likely", "high"), plain)
    return {
        "type": "object",
        "required": list(ends),
        "additionalProperties": False,
        "properties": {**ends, **_NAMES, **more},
        "not": {"anyOf": _ONE_OF},
    }


def _number(more: Mapping[str, Any]) -> dict[str, Any]:
    plain, part = {"type": "number", **more}, {"type": "number", **_NUMBERS["number"]}
    products = {
        "type": "array", "minItems": 1,
        "description": "the range as a sum of products; its ends are theirs; only a constant alone is below 0",
        "items": {"type": "array", "minItems": 1, "items": {"anyOf": [{"type": "number"}, _range(part, {})]}},
    }  # fmt: skip
    return {"anyOf": [plain, _range(plain, {"source": {"type": "string"}, "of": products})]}


def _of(field: Field) -> dict[str, Any]:
    kind, _colon, name = field.kind.partition(":")
    found: dict[str, Any]
    if kind in _NUMBERS:
        found = _number(_NUMBERS[kind])
    elif kind == "items":
        found = {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}
    elif kind == "item":
        found = {"$ref": f"#/$defs/{name}"}
    elif kind == "choice":
        found = {"enum": name.split("|")}
    elif kind == "amounts":
        found = {"type": "object", "additionalProperties": _number(_NUMBERS["number"])}
    else:
        found = dict(_PLAIN[kind])
    return {**found, "description": field.meaning}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a problem file."""
    objects: dict[str, dict[str, Any]] = {
        name: {
            "type": "object",
            "required": [key for key, field in fields.items() if field.needed],
            "additionalProperties": False,
            "properties": {key: _of(field) for key, field in fields.items()},
        }
        for name, fields in OBJECTS.items()
    }
    objects["building"]["anyOf"] = [{"required": ["area_m2"]}, {"required": ["floors"]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **objects.pop("problem"), "$defs": objects}
