"""The continuous-time systems of regions: an ODE, with extra coordinates or a jump where they are needed."""
