"""Solutions: flows in double precision, trajectories under grid and state switching, and certificates of crossings."""
