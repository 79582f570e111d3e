"""fastlogs on a Ray cluster: logs as a `Dataset`, and an engine for `Runs.look` and `sweep`; with the extra `ray`."""

from fastlogs.ray.dataset import read
from fastlogs.ray.tasks import over

__all__ = ["over", "read"]
