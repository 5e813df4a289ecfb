"""Where CI is true nothing that a machine lacks is left untested in silence; a whole run, or half, ends with the promises."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.promises import Kept, lines, numbers_of

NEVER_SKIPPED = ("postgresql", "browser", "nginx")
STRIDE = 3  # with --every-step it is 1
# By what is chosen with -m: where the others run.
HALVES = {"": "", "not long": "make long", "long": "make test"}
_kept = Kept()

# No run fails by chance where the one before it passed, nor where the machine is busy. Other values than those of every
# run are tried with --hypothesis-profile=default.
settings.register_profile(
    "waymark", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("waymark")

# Whatever proxy this machine is set up for: what is asked of the tests' own servers comes to them.
os.environ["no_proxy"] = ",".join(filter(None, (os.environ.get("no_proxy", os.environ.get("NO_PROXY")), "127.0.0.1")))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises", action="store_true", help="End with the table of promises and all of their tests.")
    parser.addoption("--every-step", action="store_true", help="Break every single step, as `make soak` does.")


@pytest.fixture(scope="session")
def stride(pytestconfig: pytest.Config) -> int:
    """Every how manieth step is broken: all of them take minutes."""
    return 1 if pytestconfig.getoption("--every-step") else STRIDE


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    must_run = os.environ.get("CI") == "true" and any(map(item.get_closest_marker, NEVER_SKIPPED))
    if report.skipped and must_run:
        report.outcome = "failed"
        report.longrepr = f"Not to be skipped where CI is true: {report.longrepr}"
    # On the report, so that it comes from xdist's processes to the one that prints.
    report.user_properties += [("promise", number) for number in numbers_of(item)]
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _kept.add(report)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    options = config.option
    whole_run = (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS and not options.keyword and options.markexpr in HALVES
    )
    if hasattr(config, "workerinput") or not (whole_run or options.promises):
        return
    terminalreporter.section("promises")
    elsewhere = HALVES.get(options.markexpr, "")
    for line in lines(_kept, all_tests=options.promises, whole_run=whole_run, elsewhere=elsewhere):
        terminalreporter.write_line(line)


LONG = {
    "tests/callbacks/test_outbox_disk_errors.py",
    "tests/cli/test_bad_input.py",
    "tests/end_to_end/test_nothing_is_left.py",
    "tests/end_to_end/test_try_out.py",
    "tests/hub/desk/test_browser.py",
    "tests/hub/desk/test_commands.py",
    "tests/hub/desk/test_keyboard_browser.py",
    "tests/hub/desk/test_kiosks_browser.py",
    "tests/hub/desk/test_looking_browser.py",
    "tests/hub/desk/test_odd_pages_browser.py",
    "tests/hub/desk/test_publish_browser.py",
    "tests/hub/desk/test_set_aside_browser.py",
    "tests/hub/desk/test_stay_browser.py",
    "tests/hub/desk/test_team_browser.py",
    "tests/hub/desk/test_team_commands.py",
    "tests/hub/test_readme.py",
    "tests/hub/test_schemathesis.py",
    "tests/hub/test_several_processes.py",
    "tests/pack/test_any_bytes.py",
    "tests/pack/test_install_steps.py",
    "tests/pack/test_map.py",
    "tests/pack/test_mutations.py",
    "tests/pack/test_new.py",
    "tests/sync/test_soak.py",
    "tests/sync/test_two_on_a_bad_line.py",
    "tests/sync/test_usb_steps.py",
    "tests/takeaway/test_pdf_ua.py",
    "tests/takeaway/test_sheets_in_every_language.py",
    "tests/ui/test_accessibility.py",
    "tests/ui/test_breaking_starts.py",
    "tests/ui/test_callback_fits.py",
    "tests/ui/test_contrast.py",
    "tests/ui/test_fits.py",
    "tests/ui/test_furniture.py",
    "tests/ui/test_idle.py",
    "tests/ui/test_keypad.py",
    "tests/ui/test_languages.py",
    "tests/ui/test_map.py",
    "tests/ui/test_memory.py",
    "tests/ui/test_ocr.py",
    "tests/ui/test_preview.py",
    "tests/ui/test_proof.py",
    "tests/ui/test_read_aloud.py",
    "tests/ui/test_slide.py",
    "tests/ui/test_switch_pack.py",
    "tests/ui/test_take_away.py",
    "tests/ui/test_targets.py",
    "tests/ui/test_visits.py",
    "tests/ui/test_watchdog.py",
    "tests/ui/test_without_clock_or_network.py",
}
"""What `make test` leaves to `make long`, so that it ends within five minutes on two cores; `.ci/run` calls both."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.partition("::")[0] in LONG:
            item.add_marker(pytest.mark.long)
