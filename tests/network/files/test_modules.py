"""Modules of torch by what they can do: the stand-ins here have the methods that `from_torch` uses, and no more."""

import numpy as np
import pytest

import symplrnn as sr


class Tensor:
    """As a tensor on a device that needs a gradient."""

    def __init__(self, values, dtype="torch.float32"):
        self.values, self.dtype, self.shape = np.asarray(values, dtype=np.float32), dtype, np.shape(values)
        self.ready = False

    def detach(self):
        return self

    def cpu(self):
        self.ready = True
        return self

    def float(self):
        return Tensor(self.values)

    def numpy(self):
        if self.dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        if self.dtype == "torch.complex64":
            return self.values.astype(np.complex64)
        return self.values


class Module:
    def __init__(self, **children):
        self.children = children

    def state_dict(self):
        found = {}
        for name, child in self.children.items():
            inside = child.state_dict().items() if isinstance(child, Module) else []
            found |= {f"{name}.{key}": value for key, value in inside}
            if isinstance(child, Tensor):
                found[name] = child
        return found

    def named_children(self):
        return [(name, child) for name, child in self.children.items() if isinstance(child, Module)]

    def named_modules(self, prefix=""):
        yield prefix, self
        for name, child in self.named_children():
            yield from child.named_modules(f"{prefix}.{name}" if prefix else name)


class RNN(Module):
    def __init__(self, nonlinearity):
        super().__init__(
            weight_ih_l0=Tensor([[1.0], [2.0]]),
            weight_hh_l0=Tensor(np.eye(2) / 2),
            bias_ih_l0=Tensor([1, 0]),
            bias_hh_l0=Tensor([0, 1]),
        )
        self.nonlinearity = nonlinearity


class LayerNorm(Module):
    pass


class AL_RNN(Module):  # noqa: N801  (as published)
    def __init__(self, dtype="torch.float32", **children):
        super().__init__(A=Tensor([0.5, 0.25], dtype), W=Tensor([[1, 2], [3, 4]], dtype), h=Tensor([1, -1], dtype), **children)
        self.P = 1


def everything(net):
    return net.A, net.W, net.h, net.V, net.b, net.C


@pytest.mark.parametrize("dtype", ["torch.float32", "torch.bfloat16"])
def test_a_module_says_how_many_states_are_rectified(dtype):
    expected = sr.ALRNN([0.5, 0.25], [[1, 2], [3, 4]], [1, -1], 1)
    assert everything(sr.from_torch(AL_RNN(dtype))) == everything(expected)
    assert everything(sr.from_torch(Module(cell=AL_RNN(dtype), fc=Module(weight=Tensor([[1.0, 1.0]]))))) == everything(expected)
    assert sr.from_torch(AL_RNN(dtype), P=2).p == 2
    assert sr.from_torch(AL_RNN(dtype), kind="plrnn").p == 2
    with pytest.raises(sr.FormatError, match='the file does not say which: give kind="plrnn", or P'):
        sr.from_torch(AL_RNN(dtype).state_dict())


def test_a_module_says_its_nonlinearity():
    model = Module(rnn=RNN("relu"), fc=Module(weight=Tensor([[1.0, 1.0]]), bias=Tensor([0.0])))
    net = sr.from_torch(model, hold_inputs=0)
    assert [float(x) for x in net.step([1, -3])] == [1.5, 0]
    with pytest.raises(sr.FormatError, match=r"a torch.nn.RNN; the file does not say hold_inputs"):
        sr.from_torch(model)
    with pytest.raises(sr.FormatError, match="activation: 'tanh' is not piecewise linear"):
        sr.from_torch(Module(rnn=RNN("tanh")), hold_inputs=0)
    with pytest.raises(sr.FormatError, match=r"activation \(.relu. if it is the ReLU; torch.nn.RNN has tanh unless it is told\)"):
        sr.from_torch(model.state_dict(), hold_inputs=0)


def test_layers_in_the_module_of_the_step_are_refused():
    with pytest.raises(sr.FormatError, match="layer normalisation divides by a standard deviation"):
        sr.from_torch(AL_RNN(norm=LayerNorm()))
    clipped, centred = AL_RNN(), AL_RNN()
    clipped.clip_range, centred.norm = 10.0, lambda z: z - z.mean()
    with pytest.raises(sr.FormatError, match="networks that clip their states to a range are not read"):
        sr.from_torch(clipped)
    with pytest.raises(sr.FormatError, match=r"networks that centre z before the ReLU are not read; use ReLURNN.* V = I - 1/n"):
        sr.from_torch(Module(cell=centred))
    assert sr.from_torch(Module(cell=AL_RNN(), norm=LayerNorm(weight=Tensor([1.0, 1.0])))).p == 1  # beside it: of the readout


def test_state_dicts_of_arrays():
    state = {"A": np.array([0.1]), "W": np.ones((1, 1)), "h": np.zeros(1), "epochs": 7}
    with pytest.raises(sr.FormatError, match="epochs"):
        sr.from_torch(state, P=1)
    del state["epochs"]
    assert sr.from_torch(state, P=1, decimal=True).A[0] == sr.PLRNN(["1/10"], [[1]], [0]).A[0]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (3, "from_torch: expected a module or a state dict, got a value of type int"),
        ([np.ones(1)], "from_torch: expected a module or a state dict, got a value of type list"),
        ({}, "a network is not found; the file holds nothing; accepted are A, W, h"),
        (
            {"A": Tensor([1], "torch.complex64"), "W": Tensor([[1]]), "h": Tensor([1])},
            "A: expected an array of real numbers, got an",
        ),
        ({"A": np.ones(1), "W": Tensor(np.zeros((2001, 2001))), "h": np.ones(1)}, "W: more than 32000000 bytes of arrays"),
    ],
)
def test_what_is_no_module(value, problem):
    with pytest.raises(sr.SymplrnnError, match=problem):
        sr.from_torch(value, P=1)
