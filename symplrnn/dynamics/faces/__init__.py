"""The state-switched ODE at the faces between regions: jumps of the field, crossing, sliding and escaping parts."""

from symplrnn.dynamics.faces.face import face_field
from symplrnn.dynamics.faces.field import FaceField
from symplrnn.dynamics.faces.intervals import FaceInterval, FaceMark
from symplrnn.dynamics.faces.point import FacePoint

__all__ = ["FaceField", "FaceInterval", "FaceMark", "FacePoint", "face_field"]
