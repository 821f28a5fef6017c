"""Pictures with matplotlib (extra ``plot``): orbits on solutions, phase portraits, eigenvalues, regions, planes of parameters.

Each function takes ``ax=`` and returns the Axes, so that pictures can be combined and changed by the means of matplotlib. Without
``ax`` it makes a figure of the width of a column. matplotlib is imported when the first picture is asked for.

>>> import symplrnn as sr
>>> ax = sr.plot.orbit(sr.derive(sr.example("complex")), [2, -1], steps=20, units=1)
>>> ax.get_xlabel()
'time $t$'
"""

from symplrnn.emit.plot.canvas import save
from symplrnn.emit.plot.orbits import orbit, state_space
from symplrnn.emit.plot.parameters import parameter_plane
from symplrnn.emit.plot.portrait import phase_portrait
from symplrnn.emit.plot.regions import kinds, transitions
from symplrnn.emit.plot.spectra import eigenvalues

__all__ = ["eigenvalues", "kinds", "orbit", "parameter_plane", "phase_portrait", "save", "state_space", "transitions"]
