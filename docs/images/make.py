"""Draw the picture of the README and of the first page: python docs/images/make.py writes docs/images/oscillator.png."""

from pathlib import Path

import matplotlib.pyplot as plt

import symplrnn as sr

net = sr.example("cycle16")
ode = sr.derive(net)
start = [1, "1/2"]
figure, (time, plane) = plt.subplots(1, 2, figsize=(7.2, 2.9), width_ratios=(1.25, 1), layout="constrained")
sr.plot.orbit(ode, start, steps=60, units=1, zoom=False, ax=time)
sr.plot.phase_portrait(ode, box=((-0.5, 2.5), (-1.5, 0.8)), ax=plane)
cycle = ode.simulate([2, "-1/4"], steps=60).states[300:]
plane.plot(*cycle.T, color="black", linewidth=1.2)
figure.savefig(Path(__file__).parent / "oscillator.png", dpi=130, metadata={"Software": None})
