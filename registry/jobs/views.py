"""Pages of jobs: what the worker did, for the administrator."""

from __future__ import annotations

from flask import Blueprint, render_template

from registry.access import Permission, allows
from registry.jobs import queries
from registry.jobs.words import name_of, state_tag

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs", template_folder="templates")


@blueprint.get("/")
@allows(Permission.JOB_READ)
def listing() -> str:
    """Show the last jobs with their state, counts and kinds of fault."""
    return render_template(
        "jobs/listing.html", jobs=queries.latest(), counts=queries.counts(), name_of=name_of, state_tag=state_tag
    )
