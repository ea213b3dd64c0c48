"""Asking until something ends: the pace, times without a line, and when it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from app.core.errors import ServiceError, Unreachable
from app.services.http import Http, Later, NotSent
from app.services.polling import CLOUD_PACE, LOCAL_PACE, Pace, patiently, poll
from tests.services.fake_cloud import KEY, fake_cloud, hasty

AWAY = NotSent("The service could not be reached.", "", "ConnectError('Name or service not known')")


def never(_error: ServiceError) -> bool:
    return False


class Service:
    """Answers from a list, errors among them; what it is asked afterwards is "done"."""

    def __init__(self, *answers: str | ServiceError) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else "done"
        if isinstance(answer, ServiceError):
            raise answer
        return answer


async def ended(answer: str, _elapsed: float) -> str | None:
    return answer if answer == "done" else None


def asked(
    service: Service, pace: Pace, passing: Callable[[ServiceError], bool] = never
) -> tuple[str, list[str]]:
    said: list[str] = []

    async def main() -> str:
        return await poll(
            service.ask, ended, passing, pace, lambda stage, _f: said.append(stage), "NanoClip"
        )

    return asyncio.run(main()), said


@pytest.mark.parametrize(
    ("elapsed", "seconds"), [(0, 5), (60, 5), (120, 10), (240, 20), (3600, 30)]
)
@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_polling_slows_down_and_jobs_drift_apart(
    elapsed: float, seconds: float, chance: float
) -> None:
    assert Pace(chance=lambda: chance).wait(elapsed) == seconds * (1 + chance / 4)


def test_without_a_line_it_is_asked_less_and_less_often_with_jitter() -> None:
    pace = Pace(chance=lambda: 1.0)
    assert [pace.wait_offline(n) for n in (1, 2, 3, 500)] == [10, 20, 30, 30]
    assert Pace(chance=lambda: 0.0).wait_offline(9) == pytest.approx(6)


def test_hours_without_a_line_are_waited_out_and_told() -> None:
    waits: list[float] = []
    service = Service("running", *[AWAY] * 1000, "running")
    answer, said = asked(service, Pace(sleep=hasty(waits)))
    assert answer == "done"
    assert service.asked == 1003
    assert sum(waits) > 3600
    assert said == ["No connection to NanoClip; it goes on by itself when there is one"] * 1000


def test_the_local_service_is_not_waited_for() -> None:
    with pytest.raises(NotSent):
        asked(Service(AWAY), Pace(offline=LOCAL_PACE.offline, sleep=hasty()))
    assert CLOUD_PACE.offline * CLOUD_PACE.longest * 0.6 > 12 * 3600


def test_a_server_that_is_not_trusted_is_told_at_once() -> None:
    stranger = NotSent("…", "", "ConnectError('[SSL: CERTIFICATE_VERIFY_FAILED] …')")
    service = Service(stranger)
    with pytest.raises(NotSent):
        asked(service, Pace(sleep=hasty()))
    assert service.asked == 1


def test_bad_answers_are_given_up_after_a_few_but_only_in_a_row() -> None:
    bad = ServiceError("…", status=502)
    few = [bad] * 4
    answer, said = asked(
        Service(*few, "running", *few), Pace(sleep=hasty()), lambda e: e.status == 502
    )
    assert answer == "done"
    assert said == ["No answer from NanoClip; asking again"] * 8
    with pytest.raises(ServiceError):
        asked(Service(*few, bad), Pace(sleep=hasty()), lambda e: e.status == 502)


def test_a_service_that_names_a_time_is_asked_then_and_no_sooner() -> None:
    busy = ServiceError("No more requests for now.", "Wait.", "", 429)
    waits: list[float] = []
    pace = Pace(sleep=hasty(waits), chance=lambda: 0.0)
    answer, said = asked(Service(*[Later(busy, 3600.0)] * 9), pace)
    assert answer == "done"
    assert waits == [3600.0] * 9
    assert said[0].startswith("NanoClip asks to wait until ")
    with pytest.raises(Later):
        asked(Service(Later(busy, 9e8)), pace)


def test_what_may_have_arrived_is_not_sent_again() -> None:
    service = Service(Unreachable("…"))

    async def main() -> None:
        await patiently(service.ask, Pace(sleep=hasty()), lambda _s, _f: None, "NanoClip")

    with pytest.raises(Unreachable):
        asyncio.run(main())
    assert service.asked == 1


def test_a_real_server_that_comes_back_is_found() -> None:
    async def main() -> list[int]:
        answers: list[int] = []
        async with Http() as http:
            address = "http://127.0.0.1:9"

            async def ask() -> int:
                return (await http.send("GET", f"{address}/v1/me", key=KEY)).status

            async def back(seconds: float) -> None:
                nonlocal address
                waits.append(seconds)
                if len(waits) == 3:
                    address = cloud.base_url
                await asyncio.sleep(0)

            waits: list[float] = []
            async with fake_cloud() as cloud:
                answers.append(
                    await patiently(ask, Pace(sleep=back), lambda _s, _f: None, "NanoClip")
                )
            assert len(waits) == 3
        return answers

    assert asyncio.run(main()) == [200]
