"""Listings of many rows: what is shown before the rest is there, and what becomes of rows while others change them."""
import json
import re

import pytest

SERVICES = 60
EACH = 10
BUS = "busctl --json=short call org.lvsd1 /org/lvsd1 org.lvsd1.Manager"


@pytest.fixture
def many(node):
    rules = [f"-A -t 10.1.0.{service}:80 -s rr\n" + "".join(f"-a -t 10.1.0.{service}:80 -r 10.64.{service}.{number}:80 -g -w 1\n"
                                                         for number in range(1, EACH + 1)) for service in range(1, SERVICES + 1)]
    node.run("lvsctl --quiet import -", stdin="".join(rules))
    return node


def page(node, method: str, **options: str) -> tuple[str, dict]:
    """Where the next page begins, and the columns of this one."""
    given = " ".join(f"{name} {value}" for name, value in options.items())
    _, after, columns = json.loads(node.run(f"{BUS} {method} 'a{{sv}}' {len(options)} {given}").stdout)["data"]
    return after, {name: column["data"] for name, column in columns.items()}


@pytest.mark.parametrize("command", ["list", "list --json", "statistics", "destination list", "destination list --json",
                                     "destination list --terse"])
def test_the_first_rows_are_out_before_the_rest_is_asked_for(many, command):
    many.run(f"strace --quiet=all -f -s 200000 -e trace=write,writev,sendmsg,sendto -o /run/calls lvsctl {command} > /run/listed")
    calls = many.run("cat /run/calls").lines
    asked = [number for number, line in enumerate(calls) if "ListDestinations" in line]
    shown = [number for number, line in enumerate(calls) if "write(1, " in line and "10.64.1.1" in line]
    assert len(asked) > 1, calls
    assert shown and shown[0] < asked[1], calls
    rows = re.findall(r"10\.64\.\d+\.\d+:80", many.run("cat /run/listed").stdout)
    assert len(rows) == len(set(rows)) == SERVICES * EACH


def test_every_row_is_on_one_page(many):
    for method, column, count in (("ListServices", "key", SERVICES), ("ListDestinations", "endpoint", SERVICES * EACH)):
        for limit in (7, count - 1, count, count + 1):
            after, rows, pages = None, [], 0
            while after != "":
                after, columns = page(many, method, limit=f"u {limit}", **({"after": f"s {after}"} if after else {}))
                rows += columns[column]
                pages += 1
            assert len(rows) == len(set(rows)) == count
            assert pages == -(-count // limit)  # that was the last one is known without another


def test_a_service_that_goes_between_two_pages_takes_nothing_along(many):
    after, first = page(many, "ListDestinations", limit="u 25")
    gone = first["service"][0][first["service"][1][-1]]
    many.run(f"lvsctl --force service delete {gone}")
    _, rest = page(many, "ListDestinations", after=f"s {after}")
    assert len(set(first["endpoint"] + rest["endpoint"])) == SERVICES * EACH - EACH // 2
    assert not set(first["endpoint"]) & set(rest["endpoint"])


def test_only_the_columns_that_were_asked_for_come(many):
    _, columns = page(many, "ListDestinations", columns="as 2 endpoint weight")
    assert list(columns) == ["endpoint", "weight"]
    assert columns["weight"] == [1] * SERVICES * EACH
    assert "there is no 'colour'" in many.try_run(f"{BUS} ListServices 'a{{sv}}' 1 columns as 1 colour").output


def test_packed_texts_are_those_of_the_other_form(many):
    _, plain = page(many, "ListDestinations", columns="as 1 endpoint")
    _, packed = page(many, "ListDestinations", columns="as 1 endpoint", packed="b true")
    texts = bytes(packed["endpoint"]).split(b"\0")[:SERVICES * EACH]
    assert [text.decode() for text in texts] == plain["endpoint"]


def test_a_summary_counts_the_problems_that_it_leaves_out(many):
    """None of the services' addresses is on the machine."""
    state, problems = json.loads(many.run(f"{BUS} GetStatus").stdout)["data"]
    summary = json.loads(many.run(f"{BUS} GetSummary 'a{{sv}}' 1 limit u 2").stdout)["data"]
    assert summary == [state, {"address-absent": SERVICES}, problems[:2]]
    assert len(problems) == SERVICES
    assert f"{SERVICES - 10} more problems" in many.run("lvsctl list").stdout
