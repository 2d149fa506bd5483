"""How the web server runs the application: settings and hooks that gunicorn reads."""

from __future__ import annotations

import gc

worker_class = "sync"  # one request at a time, and the next one goes to whoever is idle
preload_app = True
loglevel = "warning"
control_socket_disable = True


COLLECT_AFTER = 100_000  # new objects that are still there


def when_ready(server: object) -> None:  # noqa: ARG001 -- gunicorn's signature
    """Set aside what the application itself is made of before the workers are forked: they share that memory.

    To find a name in a township 20,000 rows are read. By default every 700 new objects make Python look for cycles,
    and every so often through all that it holds: a tenth of a second in the middle of a search, and no page of
    memory stays shared.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)
