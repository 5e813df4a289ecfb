"""The report on the desk: a page with tables and bars, and the same as a spreadsheet."""

from __future__ import annotations

from flask import Response, abort, render_template, request

from kiosk.hub.case import ResultKind
from kiosk.hub.desk import Page, signed_in, the_desk
from kiosk.hub.people import People
from kiosk.hub.record import find_stories
from kiosk.hub.report import Report, bounds, make_report, year_of
from kiosk.hub.spreadsheet import report_rows, to_csv

YEARS = 5  # that can be chosen from


def show_report() -> Page:
    """Show the year that was asked for, this one if none was, for the centres of this worker."""
    report, newest = _report(), year_of(the_desk().clock())
    longest = max(report.totals[kind.value].least or 0 for kind in ResultKind)
    years = range(newest, newest - YEARS, -1)
    return render_template("report.html", report=report, years=years, longest=longest)


def download_report() -> Page:
    """Hand out the report as CSV."""
    report = _report()
    name = f"report-{report.year}-{report.year + 1}.csv"
    attached = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(to_csv(report_rows(report)), mimetype="text/csv", headers=attached)


def _report() -> Report:
    desk, worker = the_desk(), signed_in().worker
    newest = year_of(desk.clock())
    year = request.args.get("year", newest, type=int)
    if not newest - YEARS < year <= newest:
        abort(404)
    engine = desk.store.engine
    centres = [centre for centre in People(engine).find_centres() if worker.may_see(centre)]
    return make_report(find_stories(engine, *bounds(year)), centres, year, desk.clock())
