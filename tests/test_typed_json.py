"""Many threads read JSON as a type that nobody read before: no process ends of it."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.processes import PATIENCE, ROOT

# Of 300 types that four threads read at once, msgspec's own `decode` survives some twenty.
AT_ONCE = """
import sys, threading
from msgspec import defstruct
from kiosk.typed_json import read_json

sys.setswitchinterval(1e-6)
for number in range(300):
    inner = defstruct("Inner", [("one", int), ("words", tuple[str, ...])])
    outer = defstruct("Outer", [("inner", inner), ("all", tuple[inner, ...]), ("named", dict[str, inner])])
    together, read = threading.Barrier(4), []

    def read_it():
        together.wait()
        one = b'{"one": 1, "words": ["a"]}'
        read.append(read_json(b'{"inner": %b, "all": [%b], "named": {"b": %b}}' % (one, one, one), outer))

    threads = [threading.Thread(target=read_it) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(read) == 4 and read == [read[0]] * 4
print("all read")
"""


def test_a_type_that_four_threads_read_for_the_first_time_at_once_is_read_by_each() -> None:
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=PATIENCE)

    assert (done.returncode, done.stdout) == (0, "all read\n"), done.stderr


def test_nothing_else_reads_json_as_a_type() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in sorted((ROOT / "kiosk").rglob("*.py"))
        if file.name != "typed_json.py"
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and learns_a_type(call)
    ]

    assert found == []


def learns_a_type(call: ast.Call) -> bool:
    called = ast.unparse(call.func)
    is_typed = any(keyword.arg == "type" for keyword in call.keywords)
    return called.endswith(("json.Decoder", "msgspec.convert")) or (called.endswith("json.decode") and is_typed)
