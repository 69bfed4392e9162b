"""The trust list of this installation, read anew when its file is another one: a suspension holds from the next filing on."""

from pathlib import Path
from threading import Lock

from bhxh.kernel.errors import BhxhError, Defect
from bhxh.signing.errors import SIG_TRUST_LIST
from bhxh.signing.keysets import KeySet
from bhxh.signing.trust import TrustList
from bhxh.signing.trust_file import FILE_NAME, NewestIssue


class InstalledTrust:
    """Safe to call from all threads; reads on first use."""

    def __init__(self, folder: Path, keys_file: Path | None, *, newest: NewestIssue) -> None:
        self._folder, self._keys_file, self._newest = folder, keys_file, newest
        self._file = folder / (FILE_NAME if keys_file is not None else "trust.json")
        self._lock = Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._list: TrustList | None = None

    def __call__(self) -> TrustList:
        """The list in force. Raises Defect SIG-060, SIG-061: what is not believed is not replaced by what was read before."""
        with self._lock:
            stamp = self._stamped()
            if self._list is None or stamp != self._stamp:
                self._list, self._stamp = None, stamp
                found = TrustList.load(self._folder, self._keys())
                self._check_not_older(found)
                self._list = found
            return self._list

    def _check_not_older(self, found: TrustList) -> None:
        if found.issue is None:
            return
        try:
            self._newest.check(found.issue, found.version)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Defect(SIG_TRUST_LIST, reason=f"newest issue: {type(error).__name__}") from error

    def _stamped(self) -> tuple[int, int, int]:
        try:
            found = self._file.stat()
        except OSError as error:
            raise Defect(SIG_TRUST_LIST, reason=f"{self._file.name}: {type(error).__name__}") from error
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _keys(self) -> KeySet | None:
        if self._keys_file is None:
            return None
        try:
            return KeySet.from_json(self._keys_file.read_bytes())
        except (OSError, BhxhError) as error:
            raise Defect(SIG_TRUST_LIST, reason=f"{self._keys_file.name}: {type(error).__name__}") from error
