"""Jobs: their rows, ends, retries, and the order between them."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

import pytest

from app.core.errors import MediaError
from app.services.jobs import KEPT, Job, JobRunner, JobState, Report


def test_a_job_goes_through_its_states() -> None:
    async def main() -> None:
        rows: list[tuple[JobState, str, float | None]] = []
        job: Job | None = None

        def changed() -> None:
            if job:
                rows.append((job.state, job.stage, job.fraction))

        runner = JobRunner(changed)

        async def story(report: Report) -> None:
            report("Uploading", 0.5)
            report("Uploading", 7.0)
            await asyncio.sleep(0)

        job = runner.start("Upload", story)
        assert job.state is JobState.QUEUED
        assert await runner.finished(job) is JobState.DONE
        assert (JobState.RUNNING, "Uploading", 0.5) in rows
        assert rows[-1] == (JobState.DONE, "Uploading", 1.0)
        assert runner.jobs == (job,)
        await runner.close()

    asyncio.run(main())


def test_many_reports_are_few_broadcasts() -> None:
    async def main() -> None:
        told: list[int] = []
        runner = JobRunner(lambda: told.append(1))

        async def story(report: Report) -> None:
            for i in range(10_000):
                report("Uploading", i / 10_000)
            await asyncio.sleep(0.15)

        await runner.finished(runner.start("Upload", story))
        assert len(told) < 8
        await runner.close()

    asyncio.run(main())


def test_a_failure_is_a_value_and_can_be_tried_again() -> None:
    async def main() -> None:
        runner = JobRunner(lambda: None)
        tries: list[str] = []

        async def fails(report: Report) -> None:
            tries.append("first")
            raise MediaError("The file is gone.")

        async def works(report: Report) -> None:
            tries.append("again")

        job = runner.start("Upload", fails, retry=works)
        assert await runner.finished(job) is JobState.FAILED
        assert job.error
        assert job.error.sentence == "The file is gone."
        runner.retry(job)
        assert job.error is None
        assert await runner.finished(job) is JobState.DONE
        runner.retry(job)
        assert tries == ["first", "again"]
        await runner.close()

    asyncio.run(main())


def test_a_bug_is_loud_and_the_row_says_so() -> None:
    async def main() -> None:
        loud: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: loud.append(told))
        runner = JobRunner(lambda: None)

        async def buggy(report: Report) -> None:
            raise KeyError("oops")

        job = runner.start("Vision", buggy)
        assert await runner.finished(job) is JobState.FAILED
        assert isinstance(loud[0]["exception"], KeyError)
        assert job.error
        assert "Something went wrong in Keeptake itself" in job.error.sentence
        assert "oops" in job.error.detail
        await runner.close()

    asyncio.run(main())


def test_cancelling_ends_a_job_whenever_it_comes() -> None:
    async def main() -> None:
        runner = JobRunner(lambda: None)
        let_go: list[str] = []

        async def story(report: Report) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                let_go.append("file closed")

        at_once = runner.start("A", story)
        runner.cancel(at_once)
        assert await runner.finished(at_once) is JobState.CANCELLED
        later = runner.start("B", story)
        await asyncio.sleep(0.01)
        runner.cancel(later)
        assert await runner.finished(later) is JobState.CANCELLED
        assert let_go == ["file closed"]
        runner.cancel(later)
        assert later.state is JobState.CANCELLED
        await runner.close()

    asyncio.run(main())


def test_a_job_waits_for_the_one_it_needs() -> None:
    async def main() -> None:
        runner = JobRunner(lambda: None)
        order: list[str] = []

        async def upload(report: Report) -> None:
            await asyncio.sleep(0.01)
            order.append("upload")

        async def vision(report: Report) -> None:
            order.append("vision")

        first = runner.start("Upload", upload)
        second = runner.start("Vision", vision, after=first)
        await asyncio.sleep(0)
        assert second.state is JobState.QUEUED
        assert second.stage == "Waiting for Upload"
        assert await runner.finished(second) is JobState.DONE
        assert order == ["upload", "vision"]
        await runner.close()

    asyncio.run(main())


@pytest.mark.parametrize("which", [0, 1])
def test_a_failed_upload_holds_up_the_others_and_a_retry_frees_them(which: int) -> None:
    async def main() -> None:
        runner = JobRunner(lambda: None)
        tries: list[int] = []

        async def upload(report: Report) -> None:
            tries.append(1)
            if len(tries) == 1:
                raise MediaError("No.")

        async def vision(report: Report) -> None:
            return None

        first = runner.start("Upload", upload)
        second = runner.start("Vision", vision, after=first)
        assert await runner.finished(second) is JobState.FAILED
        assert second.error
        assert "Upload did not finish" in second.error.sentence
        runner.retry((first, second)[which])
        assert await runner.finished(second) is JobState.DONE
        assert len(tries) == 2
        await runner.close()

    asyncio.run(main())


def test_cancelling_the_upload_cancels_what_waits_for_it() -> None:
    async def main() -> None:
        runner = JobRunner(lambda: None)

        async def forever(report: Report) -> None:
            await asyncio.Event().wait()

        first = runner.start("Upload", forever)
        second = runner.start("Vision", forever, after=first)
        await asyncio.sleep(0)
        runner.cancel(first)
        assert await runner.finished(second) is JobState.CANCELLED
        assert second.error is None
        await runner.close()

    asyncio.run(main())


def test_closing_ends_every_task_and_tells_no_one() -> None:
    async def main() -> None:
        told: list[int] = []
        runner = JobRunner(lambda: told.append(1))

        async def forever(report: Report) -> None:
            report("Waiting", 0.1)
            report("Waiting", 0.2)
            await asyncio.Event().wait()

        job = runner.start("Upload", forever)
        await asyncio.sleep(0.01)
        before = len(told)
        await runner.close()
        assert len(told) == before
        assert job.state is JobState.CANCELLED
        assert asyncio.all_tasks() == {asyncio.current_task()}
        with pytest.raises(RuntimeError):
            runner.start("Later", forever)

    asyncio.run(main())


def test_what_a_story_knew_goes_once_it_is_done_and_the_row_stays() -> None:
    class Film:
        pass

    async def main() -> None:
        runner = JobRunner(lambda: None)

        def begin() -> tuple[Job, weakref.ref[Film]]:
            film = Film()

            async def story(_report: Report) -> None:
                assert film

            return runner.start("Upload", story, retry=story), weakref.ref(film)

        job, film = begin()
        assert await runner.finished(job) is JobState.DONE
        gc.collect()
        assert film() is None
        runner.retry(job)
        runner.cancel(job)
        assert (runner.jobs, job.state) == ((job,), JobState.DONE)
        await runner.close()

    asyncio.run(main())


def test_rows_of_what_was_done_long_ago_go_and_failures_stay() -> None:
    async def main() -> None:
        runner = JobRunner(lambda: None)

        async def story(_report: Report) -> None:
            await asyncio.sleep(0)

        async def failing(_report: Report) -> None:
            raise MediaError("No.")

        failed = runner.start("Failing", failing)
        jobs = [failed]
        for n in range(KEPT + 5):
            jobs.append(runner.start(f"Upload {n}", story))
            await runner.finished(jobs[-1])
        last = runner.start("The last", story)
        assert runner.jobs == (failed, *jobs[-KEPT:], last)
        assert len({job.id for job in jobs}) == len(jobs)
        assert await runner.finished(jobs[1]) is JobState.DONE
        runner.cancel(jobs[1])
        runner.retry(jobs[1])
        assert jobs[1] not in runner.jobs
        await runner.finished(last)
        await runner.close()

    asyncio.run(main())
