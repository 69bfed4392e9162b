"""The same persons, months and keys as the book's tests have; letters are asked for and not sent."""

from collections.abc import Iterator

import pytest

from tests.component.book.conftest import file_keys, issuer, key, post, register

__all__ = ["file_keys", "issuer", "key", "post", "register"]


@pytest.fixture(autouse=True)
def jobs_noted() -> Iterator[list[str]]:
    """Names of the jobs that were asked for."""
    from bhxh.kernel import jobs

    noted, before = list[str](), list(jobs._binding)
    jobs.bind(lambda job, payload, once_key: noted.append(job))
    yield noted
    jobs._binding[:] = before
