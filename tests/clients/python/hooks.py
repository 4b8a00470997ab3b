"""What schemathesis has to know of this server: its scalars, ids that exist, and what is a server error.

Of what it generates most is refused for a reason that a glance at the description tells: it is sent as
it is once in four times, else with such reasons taken out, so that it gets as far as the database.
"""

import atexit
import collections
import os
import zlib
from dataclasses import replace

import graphql
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

URL = os.environ["PROMOGRAPH_URL"] + "/graphql"
# Ids of everything, whoever asks for them.
HEADERS = {"authorization": "Bearer " + os.environ["PROMOGRAPH_ADMIN_TOKEN"]}
TYPES = ["promoters", "promotions", "campaigns", "leads", "commissions", "payouts", "rewards", "webhookEvents"]
COUNTS = collections.Counter()

SCALARS = {
    "BigInt": st.integers(-(2**63), 2**63 - 1).map(nodes.Int),
    "Decimal": st.integers(-(10**12), 10**12).map(lambda number: nodes.String(f"{number / 100:.2f}")),
    "Date": st.dates().map(lambda date: nodes.String(date.isoformat().zfill(10))),
    "TimeZone": st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]).map(nodes.String),
    "DateTime": st.datetimes().map(lambda time: nodes.String(time.strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27))),
    "JSON": st.text().map(nodes.String),
}
for name, strategy in SCALARS.items():
    schemathesis.graphql.scalar(name, strategy)


def real_ids():
    query = "{" + " ".join(f"{name}(first: 20) {{ nodes {{ id }} }}" for name in TYPES) + "}"
    data = requests.post(URL, json={"query": query}, headers=HEADERS).json()["data"]
    return [node["id"] for name in TYPES for node in data[name]["nodes"]]


IDS = real_ids()


def is_empty(value):
    return isinstance(value, graphql.ObjectValueNode) and not value.fields


class Sensible(graphql.Visitor):
    """Takes out what is refused at first sight."""

    def __init__(self, dice):
        super().__init__()
        self.dice = dice

    def leave_field(self, node, *_):
        given = {argument.name.value: argument for argument in node.arguments}
        names = [name for name in given if not isinstance(given[name].value, graphql.NullValueNode)]
        # One key is enough, and one size; the cursors of other lists are refused.
        key = next((name for name in ("id", "firstPromoterId", "email") if name in names), None)
        refused = ("after", "before", "last") if "first" in names else ("after", "before")
        names = [key] if key else [name for name in names if name not in refused and not is_empty(given[name].value)]
        return replace(node, arguments=tuple(given[name] for name in names))

    def leave_argument(self, node, *_):
        value = node.value
        if node.name.value in ("first", "last"):
            value = graphql.IntValueNode(value=str(1 + self.dice % 200))
        if node.name.value == "orderBy" and isinstance(value, graphql.ListValueNode):
            value = replace(value, values=value.values[:1])
        return replace(node, value=self.existing(node.name.value, value))

    def leave_object_field(self, node, *_):
        if isinstance(node.value, graphql.NullValueNode):
            return graphql.REMOVE
        return replace(node, value=self.existing(node.name.value, node.value))

    def existing(self, name, value):
        """An id of something that there is, in the place of one that is only text."""
        if name == "id" and not isinstance(value, graphql.ObjectValueNode):
            return graphql.StringValueNode(value=IDS[self.dice % len(IDS)])
        if name == "ids":
            return graphql.ListValueNode(values=tuple(graphql.StringValueNode(value=id) for id in IDS[:9]))
        return value


@schemathesis.hook
def map_body(_, body):
    dice = zlib.crc32(graphql.print_ast(body).encode())
    return body if dice % 4 == 0 else graphql.visit(body, Sensible(dice // 4))


@schemathesis.check
def no_server_error(_, response, case):
    """Every error is the asker's, and has its code."""
    assert response.status_code < 500, f"{response.status_code} to {case.body}"
    answer = response.json()
    errors = answer.get("errors", [])
    COUNTS["answered" if not errors else "refused"] += 1
    for error in errors:
        code = error["extensions"]["code"]
        assert code not in ("INTERNAL", "UNAVAILABLE", "RATE_LIMITED"), f"{error} to {case.body}"


@atexit.register
def tell():
    print(f"answered {COUNTS['answered']}, refused {COUNTS['refused']}")
