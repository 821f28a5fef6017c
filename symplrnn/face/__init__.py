"""The state-switched ODE at the faces between regions: jumps of the field, crossing, sliding and escaping parts."""

from symplrnn.face.between import face_field
from symplrnn.face.field import FaceField
from symplrnn.face.line import FaceInterval, FaceMark
from symplrnn.face.point import FacePoint

__all__ = ["FaceField", "FaceInterval", "FaceMark", "FacePoint", "face_field"]
