"""Figures for print: tables in, `matplotlib.figure.Figure` out; never pyplot, nothing global.

>>> import fastlogs.plot
>>> fastlogs.plot.plot("loss_comparison", "runs/seed0", "runs/seed1").axes[0].get_ylabel()
'train_loss'
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fastlogs.plot.drawn import FIGURES, Drawing, figure, plot
    from fastlogs.plot.folder import figures, run_figures
    from fastlogs.plot.look import Look
    from fastlogs.plot.write import save

__all__ = ["FIGURES", "Drawing", "Look", "figure", "figures", "plot", "run_figures", "save"]

# Where each name lives: matplotlib is loaded by the first figure, not by the list of them.
_HOMES = {"Look": "look", "figures": "folder", "run_figures": "folder", "save": "write"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'fastlogs.plot' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"fastlogs.plot.{_HOMES.get(name, 'drawn')}"), name)


def __dir__() -> list[str]:
    return list(__all__)
