"""The count every validation command keeps: failures printed by name, `N passed, N failed` as the last line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Report:
    """Passed and failed cases. What cannot run is failed."""

    passed_count: int = 0
    failed_count: int = 0

    def passed(self, count: int = 1) -> None:
        """Count cases that passed."""
        self.passed_count += count

    def failed(self, case: str, why: str = "", count: int = 1) -> None:
        """Count a failed case and print its name and the reason."""
        self.failed_count += count
        print(f"FAILED {case}: {why}" if why else f"FAILED {case}")

    def check(self, case: str, is_right: bool, why: str = "") -> bool:
        """Count one case by its outcome."""
        if is_right:
            self.passed()
        else:
            self.failed(case, why)
        return is_right

    def finish(self) -> int:
        """Print the last line; the exit code is 1 when something failed."""
        print(f"{self.passed_count} passed, {self.failed_count} failed")
        return 1 if self.failed_count else 0


def read_cases(path: Path, report: Report) -> Any:
    """The JSON content of a file of cases; null, and one failed case, for a file that cannot be read as such."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        report.failed(str(path), f"cannot be read: {error}")
        return None
