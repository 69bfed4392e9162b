"""Background work: each job reads the clock, binds the partners' clients, makes one call."""

from procrastinate import App


def register(app: App) -> None:
    """Called by the queue once Django is ready."""
