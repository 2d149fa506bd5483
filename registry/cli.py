"""The `registry` command: set up, demonstrate, serve, work through what no page waits for."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime  # noqa: TC003 -- click reads the annotations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry import create_app
from registry.clock import today
from registry.installing import install
from registry.procedure import checking, doses, schooling
from registry.procedure.cases import CaseError
from registry.settings import SettingsError, overlay_folder
from registry.vault.errors import VaultError
from sop import version
from sop.content import SopError

if TYPE_CHECKING:
    from registry.ledgers.command import Asked

OPERATORS_ERRORS = (SettingsError, SopError, VaultError, CaseError)


class Group(click.Group):
    """Errors that an operator can cure are one sentence, never a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run the command; print the sentence and end with 1 where it cannot run."""
        try:
            return super().invoke(context)
        except OPERATORS_ERRORS as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Group)
def main() -> None:
    """One-card child registry."""
    version.use_overlay(overlay_folder())


@main.command()
def init() -> None:
    """Make or update the database and its keys; safe to run again."""
    with create_app().app_context():
        install()
    click.echo("The database and its keys are ready.")


@main.group("sop")
def procedure() -> None:
    """The procedure in force."""


procedure.add_command(checking.check)
procedure.add_command(checking.diff)
procedure.add_command(schooling.judge)
procedure.add_command(doses.judge)
procedure.add_command(doses.list_uncertain)


@procedure.command("open-points")
def open_points() -> None:
    """List what a person has still to check in the procedure before it is used for real."""
    in_force = version.in_force(today())
    for point in in_force.open_points:
        click.echo(f"{in_force.version} {point.key}\n  {point.text.zh}\n  {point.text.en}")


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
@click.option("--workers", default=2, show_default=True, help="Processes: as many as processors.")
def serve(port: int, workers: int) -> None:
    """Serve the application with gunicorn, behind a web server that speaks HTTPS and waits for slow phones."""
    create_app()  # says what is wrong before anything is started
    run_server(port, workers, straight=False)


@main.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option("--beside", type=int, help="End when this process, the parent, has ended.")
def worker(*, once: bool, beside: int | None) -> None:
    """Do the nightly round and the other work that no page waits for; as many of them as wanted may run."""
    from registry.jobs.worker import work, work_off

    app = create_app()
    if once:
        click.echo(f"{work_off(app)} jobs done.")
    else:
        work(app, beside)


@main.command()
@click.option("--mend", is_flag=True, help="Make the counts anew where they differ.")
@click.option("--cells", is_flag=True, help="Say in which areas they differ.")
def recount(*, mend: bool, cells: bool) -> None:
    """Compare the counts that statistics read with a count in full; end with 1 where they differ and are left so."""
    app = create_app()  # first: it loads the tables in their order
    from registry.coverage import recounting

    with app.app_context():
        found = recounting.recount()
        for line in [*recounting.summary(found), *(recounting.places(found) if cells else [])]:
            click.echo(line)
        if found and mend:
            recounting.mend()
            found = recounting.recount()
            click.echo("The counts are made anew.")
    click.echo(f"{len(found)} counts differ." if found else "Every count that is kept is right.")
    if found:
        raise SystemExit(1)


def begin_worker() -> int:
    """Start a worker that ends with this process, whatever ends it and whatever it becomes meanwhile; its number."""
    arguments = ["-m", "registry.cli", "worker", "--beside", str(os.getpid())]
    return subprocess.Popen([sys.executable, *arguments], stdin=subprocess.DEVNULL).pid  # noqa: S603 -- our own


def server(bind: str, workers: int, *, straight: bool) -> list[str]:
    """Return the command of the web server; everything else about it stands in `registry.serving`.

    `straight`: browsers come without a web server in between. They keep spare connections open, which a process
    would wait for; so each then answers several at once.
    """
    told = ["--bind", bind, "--workers", str(workers), "--config", "python:registry.serving"]
    if straight:
        told += ["--threads", "4"]
    return [sys.executable, "-m", "gunicorn", *told, "registry:create_app()"]


def run_server(port: int, workers: int, *, straight: bool) -> None:
    """Become the web server."""
    command = server(f"127.0.0.1:{port}", workers, straight=straight)
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 -- only our own arguments, and no shell


@main.command()
@click.option("--children", default=2000, show_default=True, help="How many children to invent.")
@click.option("--seed", default=2009, show_default=True, help="The same seed and day make the same people.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the demonstration; today if left out.")
@click.option("--folder", default=".demo", show_default=True, type=click.Path(path_type=Path))
@click.option("--port", default=8000, show_default=True)
@click.option("--database", metavar="URL", help="An empty PostgreSQL database to fill; left out, a file in the folder.")
@click.option("--no-serve", is_flag=True, help="Prepare the database and stop.")
def demo(
    children: int, seed: int, on: datetime | None, folder: Path, port: int, database: str | None, no_serve: bool
) -> None:
    """Set up an invented city and serve it; the second time it is served as it was left."""
    from seed.demo.errors import DemoError
    from seed.demo.start import Plan, prepare

    day = on.date() if on else None
    try:
        prepared = prepare(Plan(folder.resolve(), children, seed, day, None if no_serve else port, database))
    except DemoError as error:
        raise click.ClickException(str(error)) from error
    click.echo(prepared.words())
    if not no_serve:
        begin_worker()  # gunicorn, which this process becomes, takes note of its end as of its own workers'
        run_server(port, 2, straight=True)


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "username", metavar="USER", help="The account of a registrar or supervisor, who takes it in.")
@click.option("--area", metavar="CODE", help="Where children belong whose row names no place: 12 digits.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day that ages are reckoned on; today if left out.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each row, and store none.")
@click.option("--with-values", is_flag=True, help="Tell what was read of each child, for checking.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write what became of each row as JSON."
)
def import_ledger(
    file: Path,
    username: str | None,
    area: str | None,
    on: datetime | None,
    dry_run: bool,
    with_values: bool,
    report: Path | None,
) -> None:
    """Take in a ledger (xlsx, xls, csv).

    A dry run without --as and --area reads the file alone, and needs no database.
    """
    from registry.ledgers import command
    from registry.ledgers.report import lines

    if (username is None) != (area is None) or (username is None and not dry_run):
        raise click.UsageError("Say --as USER and --area CODE, or --dry-run to read the file alone.")
    asked = command.Asked(file, on.date() if on else today(), dry_run, with_values)
    try:
        with command.report_to(report) as out:
            told, state = _taken_in(asked, username, area) if username and area else (command.read(asked), command.DONE)
            command.write(told, out)
    except command.ImportFileError as error:
        raise click.ClickException(str(error)) from error
    for line in lines(told):
        click.echo(line)
    if state != command.DONE:
        raise click.ClickException(f"The ledger was not worked through to its end: it is {state}.")


def _taken_in(asked: Asked, username: str, area: str) -> tuple[dict[str, Any], str]:
    app = create_app()  # first: it makes all tables known to each other
    from registry.ledgers.taking_in import take_in

    with app.app_context():
        return take_in(asked, username, area)


@main.command("compare")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "username", metavar="USER", required=True, help="The account of a supervisor.")
@click.option("--area", metavar="CODE", required=True, help="With whose register it is compared: 12 digits.")
@click.option("--department", type=click.Choice(["school", "clinic", "other"]), default="school", show_default=True)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day that ages are reckoned on; today if left out.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write counts and rows as JSON.")
def compare_list(
    file: Path, username: str, area: str, department: str, on: datetime | None, report: Path | None
) -> None:
    """Compare a department's list (xlsx, xls, csv) with the register; no child is named."""
    app, day = create_app(), on.date() if on else today()
    from registry.ledgers import command, compare_command

    try:
        with app.app_context(), command.report_to(report) as out:
            told, state = compare_command.compare(file, username, area, department, day)
            command.write(told, out)
    except command.ImportFileError as error:
        raise click.ClickException(str(error)) from error
    for line in compare_command.lines(told, day):
        click.echo(line)
    if state != command.DONE:
        raise click.ClickException(f"The list was not worked through to its end: it is {state}.")


if __name__ == "__main__":
    main()
