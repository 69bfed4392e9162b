"""asn1crypto made fit for threads.

The library sets a class up when it is first used, without a lock: a second thread meets half a table of names and takes `sha1` for an
unknown number. And it reads objects lazily: who shares one between threads reads all of it first (`certificates._load`,
`found_before.load_ocsp`).
"""

from collections.abc import Iterator

from asn1crypto import algos, cms, core, crl, keys, ocsp, tsp, x509

MODULES = (algos, cms, crl, keys, ocsp, tsp, x509)
"""Whose classes are used here, by ourselves or by the validators."""


def every_class(above: type[core.Asn1Value] = core.Asn1Value) -> Iterator[type[core.Asn1Value]]:
    """All there are by now, but for the one that is only a base."""
    for one in above.__subclasses__():
        if one is not core.Choice:
            yield one
        yield from every_class(one)


def set_up_every_class() -> None:
    """Where the last module that brings classes is imported and no thread is about yet: an object of each, 3 ms in all."""
    for one in set(every_class()):
        one()
