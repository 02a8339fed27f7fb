"""What runs side by side share: a directory, and work that is done by whoever comes to it first."""

import os
from dataclasses import dataclass, field
from pathlib import Path

# Names the directory, in the environment of each of the runs.
VARIABLE = "SIDE_BY_SIDE"


def directory() -> Path | None:
    """Return the directory shared with the other run, if there is one."""
    path = os.environ.get(VARIABLE)
    return Path(path) if path else None


@dataclass
class Pieces:
    """Pieces of work by name, each for one of the runs that have the same `directory`."""

    directory: Path
    mine: dict[str, bool] = field(default_factory=dict)

    def take(self, name: str) -> bool:
        """Say whether the piece is ours: it is if the other run has not taken it before."""
        if name not in self.mine:
            try:
                (self.directory / f"taken {name.replace('/', ' ')}").touch(exist_ok=False)
                self.mine[name] = True
            except FileExistsError:
                self.mine[name] = False
        return self.mine[name]
