"""The jobs as the window sees them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.services.jobs import Job, JobRunner, JobState


class JobsState(QObject):
    """The runner's rows with one signal.

    Signals:
        changed: some job began, moved on or ended.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.runner = JobRunner(self.changed.emit)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs of this session, oldest first."""
        return self.runner.jobs

    @property
    def running(self) -> tuple[Job, ...]:
        """Jobs that are queued or under way."""
        return tuple(j for j in self.jobs if j.state in (JobState.QUEUED, JobState.RUNNING))

    @property
    def failed(self) -> tuple[Job, ...]:
        """Jobs that can be tried again."""
        return tuple(j for j in self.jobs if j.state in (JobState.FAILED, JobState.CANCELLED))
