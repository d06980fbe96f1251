"""The queue in the database: leases, fences, failures and deaths."""

from __future__ import annotations

from datetime import UTC, datetime

from service.storage.jobs import LeasedJob, Swept
from tests.integration.worker.register import Register

LEASE_S = 600.0


def lease(register: Register, owner: str, limit: int = 8) -> list[LeasedJob]:
    with register.open() as work:
        leased = work.jobs.lease(owner, limit, LEASE_S)
        work.commit()
    return leased


def start(register: Register, job: LeasedJob) -> LeasedJob | None:
    with register.open() as work:
        started = work.jobs.start(job, LEASE_S)
        work.commit()
    return started


def finish(register: Register, job: LeasedJob) -> bool:
    with register.open() as work:
        finished = work.jobs.finish(job)
        work.commit()
    return finished


def fail(register: Register, job: LeasedJob, *, max_attempts: int) -> str | None:
    with register.open() as work:
        state = work.jobs.fail(job, "It did not work.", max_attempts=max_attempts)
        work.commit()
    return state


def sweep(register: Register, *, max_attempts: int = 3, gone: tuple[str, ...] = ()) -> Swept:
    with register.open() as work:
        swept = work.jobs.sweep(max_attempts=max_attempts, gone=gone)
        work.commit()
    return swept


def started(register: Register, owner: str) -> LeasedJob:
    (leased,) = lease(register, owner, limit=1)
    job = start(register, leased)
    assert job is not None
    return job


def test_lease_takes_jobs_in_turn_and_each_once(register: Register) -> None:
    ids = register.submit("one", "two", "three")
    first = [job.article_id for job in lease(register, "a", limit=2)]
    second = [job.article_id for job in lease(register, "b", limit=2)]
    assert first + second == ids
    assert lease(register, "c") == []


def test_lease_by_two_at_once_waits_for_nobody_and_takes_each_job_once(register: Register) -> None:
    if register.engine.dialect.name == "sqlite":
        # Its writers take turns, so that there is no such moment.
        return
    ids = register.submit("one", "two")
    with register.open() as one, register.open() as other:
        first = one.jobs.lease("a", 1, LEASE_S)
        second = other.jobs.lease("b", 8, LEASE_S)
        one.commit()
        other.commit()
    assert [job.article_id for job in (*first, *second)] == ids


def test_start_shows_the_article_as_processing_and_counts_the_attempt(register: Register) -> None:
    (id_,) = register.submit("one")
    assert register.status(id_) == ["queued"]
    assert started(register, "a").attempt == 1
    assert register.status(id_) == ["processing"]
    assert register.job(id_).state == "running"


def test_start_of_a_lease_that_went_to_another_is_refused(register: Register) -> None:
    register.submit("one")
    (stale,) = lease(register, "a")
    register.expire_leases()
    assert sweep(register) == Swept(requeued=1)
    (fresh,) = lease(register, "b")
    assert start(register, stale) is None
    assert start(register, fresh) is not None


def test_finish_is_refused_to_a_worker_that_outlived_its_lease(register: Register) -> None:
    register.submit("one")
    stale = started(register, "a")
    register.expire_leases()
    sweep(register)
    fresh = started(register, "b")
    assert not finish(register, stale)
    assert fail(register, stale, max_attempts=1) is None
    assert finish(register, fresh)


def test_finish_of_a_lease_that_ran_out_unnoticed_is_taken(register: Register) -> None:
    (id_,) = register.submit("one")
    job = started(register, "a")
    register.expire_leases()
    assert finish(register, job)
    assert sweep(register) == Swept()
    assert register.job(id_).state == "done"


def test_finish_twice_is_refused(register: Register) -> None:
    register.submit("one")
    job = started(register, "a")
    assert finish(register, job)
    assert not finish(register, job)


def test_fail_goes_to_the_end_of_the_queue_until_attempts_are_used_up(register: Register) -> None:
    first, second = register.submit("one", "two")
    job = started(register, "a")
    assert job.article_id == first
    assert fail(register, job, max_attempts=2) == "queued"
    assert register.status(first) == ["queued"]
    assert [one.article_id for one in lease(register, "b", limit=1)] == [second]
    assert fail(register, started(register, "c"), max_attempts=2) == "failed"
    article = register.article(first)
    assert (article.status, article.error, article.attempts) == ("failed", "It did not work.", 2)
    assert article.finished_at is not None


def test_sweep_counts_a_death_against_the_running_job_only(register: Register) -> None:
    first, second, third = register.submit("one", "two", "three")
    leased = lease(register, "a")
    assert start(register, leased[0]) is not None
    register.expire_leases()
    assert sweep(register) == Swept(requeued=2, deaths=1)
    deaths = [(register.job(id_).deaths, register.job(id_).attempt) for id_ in (first, second, third)]
    assert deaths == [(1, 1), (0, 0), (0, 0)]
    assert register.status(first, second, third) == ["queued", "queued", "queued"]


def test_sweep_leaves_leases_that_run(register: Register) -> None:
    register.submit("one", "two")
    start(register, lease(register, "a")[0])
    assert sweep(register) == Swept()


def test_sweep_takes_back_at_once_what_an_owner_that_is_gone_held(register: Register) -> None:
    register.submit("one", "two")
    (mine,) = lease(register, "alive", limit=1)
    started(register, "dead")
    assert sweep(register, gone=("dead",)) == Swept(deaths=1)
    assert start(register, mine) is not None


def test_sweep_gives_a_job_up_after_so_many_deaths(register: Register) -> None:
    (id_,) = register.submit("one")
    for owner in ("a", "b"):
        started(register, owner)
        register.expire_leases()
        assert sweep(register, max_attempts=3) == Swept(deaths=1)
    started(register, "c")
    register.expire_leases()
    assert sweep(register, max_attempts=3) == Swept(deaths=1, failed=1)
    article = register.article(id_)
    assert article.status == "failed"
    assert article.error == "The worker died while reading this article, at attempt 3."


def test_lease_of_a_job_that_had_a_death_is_alone(register: Register) -> None:
    (deadly,) = register.submit("one")
    started(register, "a")
    register.expire_leases()
    sweep(register)
    others = register.submit("two", "three")
    assert [job.article_id for job in lease(register, "b")] == [deadly]
    assert [job.article_id for job in lease(register, "c")] == others


def test_lease_passes_over_a_job_to_be_read_alone_until_its_turn(register: Register) -> None:
    first, deadly, last = register.submit("one", "two", "three")
    _, two, _ = lease(register, "a")
    assert start(register, two) is not None
    register.expire_leases()
    sweep(register)
    assert register.job(deadly).alone
    assert [job.article_id for job in lease(register, "b")] == [first, last]
    assert [job.article_id for job in lease(register, "c")] == [deadly]


def test_release_gives_back_what_was_not_begun(register: Register) -> None:
    register.submit("one", "two")
    leased = lease(register, "a")
    running = start(register, leased[0])
    with register.open() as work:
        assert work.jobs.release("a") == 1
        work.commit()
    assert [job.article_id for job in lease(register, "b")] == [leased[1].article_id]
    assert running is not None
    assert finish(register, running)


def test_enqueue_takes_a_failed_job_up_from_the_first_attempt(register: Register) -> None:
    (id_,) = register.submit("one")
    assert fail(register, started(register, "a"), max_attempts=1) == "failed"
    with register.open() as work:
        work.jobs.enqueue(id_, 1, datetime.now(UTC))
        work.commit()
    assert (register.job(id_).state, register.job(id_).attempt, register.job(id_).reason) == ("queued", 0, None)


def test_enqueue_of_a_job_that_runs_changes_nothing(register: Register) -> None:
    (id_,) = register.submit("one")
    job = started(register, "a")
    with register.open() as work:
        work.jobs.enqueue(id_, 1, datetime.now(UTC))
        work.commit()
    assert finish(register, job)


def test_queued_count_stops_where_it_is_told(register: Register) -> None:
    register.submit("one", "two", "three")
    with register.read() as work:
        assert (work.jobs.queued_count(), work.jobs.queued_count(at_most=2)) == (3, 2)
