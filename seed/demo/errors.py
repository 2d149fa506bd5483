"""What keeps the demonstration from being prepared."""


class DemoError(RuntimeError):
    """The demonstration cannot be prepared; the message says why and what to do."""
