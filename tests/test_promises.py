"""No promise without a test that says so, and the table of them tells the truth."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.promises import PROMISES, Kept, lines

TESTS = Path(__file__).parent


def marked() -> dict[int, list[str]]:
    """Return the files with a marked test, by promise, read from their source: nothing is imported."""
    found: dict[int, list[str]] = {}
    for file in TESTS.rglob("test_*.py"):
        source = file.read_text(encoding="utf-8")
        for number in numbers_in(ast.parse(source)) if "mark.promise" in source else ():
            found.setdefault(number, []).append(file.name)
    return found


def numbers_in(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.promise":
            yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))  # type: ignore[misc]


def test_every_promise_has_a_test() -> None:
    tested = marked()

    assert [number for number in PROMISES if number not in tested] == []


def test_no_test_keeps_a_promise_that_was_not_made() -> None:
    assert [number for number in marked() if number not in PROMISES] == []


def report(test: str, outcome: str, *promises: int, when: str = "call") -> pytest.TestReport:
    properties = [("promise", number) for number in promises]
    return pytest.TestReport(test, ("", 0, ""), {}, outcome, None, when, user_properties=properties)  # type: ignore[arg-type]


def table(*reports: pytest.TestReport, all_tests: bool = False) -> list[str]:
    kept = Kept()
    for each in reports:
        kept.add(each)
    return list(lines(kept, all_tests))


def test_a_promise_is_named_with_what_came_of_its_tests() -> None:
    told = table(report("a.py::one", "passed", 9), report("a.py::two", "failed", 9))

    assert f"{9:2}  {PROMISES[9]} – 1 passed, 1 failed" in told
    assert "      a.py::one and 1 more" in told


def test_one_bad_parameter_is_a_bad_test_and_a_set_up_that_broke_counts() -> None:
    bad = report("a.py::one[2]", "failed", 9), report("a.py::two", "failed", 9, when="setup")
    told = table(report("a.py::one[1]", "passed", 9), *bad, report("a.py::one[3]", "passed", 9), all_tests=True)

    assert f" 9  {PROMISES[9]} – 2 failed" in told
    assert told.count("      a.py::one") == told.count("      a.py::two") == 1


def test_a_promise_that_no_test_kept_stands_out_after_a_whole_run() -> None:
    told = table(report("a.py::one", "skipped", 2, when="setup"))

    assert f" 1  {PROMISES[1]} – NO TEST RAN" in told
    assert f" 2  {PROMISES[2]} – 1 skipped" in told
    assert not any("NO TEST RAN" in line for line in lines(Kept(), all_tests=False, whole_run=False))


def test_half_a_run_says_where_the_other_promises_are_tried() -> None:
    told = list(lines(Kept(), all_tests=False, elsewhere="make long"))

    assert told == [f"{number:2}  {says} – see make long" for number, says in PROMISES.items()]
