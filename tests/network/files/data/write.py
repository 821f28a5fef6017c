"""Write the checkpoints beside this file with torch, and what torch gives for a step of each: python write.py

It needs torch and safetensors, which the tests do not. The classes have the equations and the names of published code.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
relu = torch.relu


class PLRNNStep(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.AW, self.h = nn.Parameter(0.4 * torch.randn(n, n)), nn.Parameter(torch.randn(n))

    def forward(self, z):
        A = torch.diag(self.AW)
        return A * z + relu(z) @ (self.AW - torch.diag(A)).t() + self.h


class DendriticStep(nn.Module):
    def __init__(self, n, bases, sign, clipped):
        super().__init__()
        self.AW, self.h = nn.Parameter(0.4 * torch.randn(n, n)), nn.Parameter(torch.randn(n))
        self.thetas, self.alphas = nn.Parameter(torch.randn(n, bases)), nn.Parameter(torch.randn(bases))
        self.sign, self.clipped = sign, clipped

    def forward(self, z):
        A, x = torch.diag(self.AW), z.unsqueeze(-1)
        terms = relu(x + self.sign * self.thetas) - (relu(x) if self.clipped else 0)
        return A * z + (self.alphas * terms).sum(-1) @ (self.AW - torch.diag(A)).t() + self.h


class Latent(nn.Module):
    def __init__(self, step):
        super().__init__()
        self.latent_step = step


class Model(nn.Module):
    """The step two modules deep, and a readout beside it."""

    def __init__(self, step, n):
        super().__init__()
        self.latent_model, self.output_layer = Latent(step), nn.Linear(n, 2, bias=False)

    def forward(self, z):
        return self.latent_model.latent_step(z)


class AL_RNN(nn.Module):  # noqa: N801  (as published)
    def __init__(self, n, P):
        super().__init__()
        self.P = P
        self.A = nn.Parameter(torch.diagonal(torch.randn(n, n)))  # a view with a stride of n + 1
        self.W, self.h, self.B = (
            nn.Parameter(0.4 * torch.randn(n, n)),
            nn.Parameter(torch.randn(n)),
            nn.Parameter(torch.randn(2, n)),
        )

    def forward(self, z):
        x = torch.cat([z[..., : -self.P], relu(z[..., -self.P :])], -1)
        return self.A * z + x @ self.W.t() + self.h


class Shallow(nn.Module):
    def __init__(self, n, units, inputs, clipped):
        super().__init__()
        self.A, self.h1, self.h2 = nn.Parameter(torch.rand(n)), nn.Parameter(torch.randn(n)), nn.Parameter(torch.randn(units))
        self.W1, self.W2 = nn.Parameter(torch.randn(n, units)), nn.Parameter(torch.randn(units, n))
        self.C = nn.Parameter(torch.randn(n, inputs)) if inputs else None
        self.clipped = clipped

    def forward(self, z, s=None):
        x = z @ self.W2.t()
        f = relu(x + self.h2) - (relu(x) if self.clipped else 0)
        return self.A * z + f @ self.W1.t() + self.h1 + (0 if s is None else s @ self.C.t())


class CTRNN(nn.Module):
    def __init__(self, inputs, n, k):
        super().__init__()
        self.input2h, self.h2h, self.k = nn.Linear(inputs, n), nn.Linear(n, n), k

    def forward(self, z, s):
        return (1 - self.k) * z + self.k * relu(self.input2h(s) + self.h2h(z))


class Rates(nn.Module):
    def __init__(self, inputs, n, k):
        super().__init__()
        self.W_rec, self.W_in, self.b_rec = (
            nn.Parameter(torch.randn(n, n)),
            nn.Parameter(torch.randn(n, inputs)),
            nn.Parameter(torch.randn(n)),
        )
        self.k = k

    def forward(self, z, s):
        return (1 - self.k) * z + self.k * (relu(z) @ self.W_rec.t() + s @ self.W_in.t() + self.b_rec)


class WithReadout(nn.Module):
    def __init__(self, rnn, n):
        super().__init__()
        self.rnn, self.fc = rnn, nn.Linear(n, 2)


class OneStep(nn.Module):
    """One step of a torch.nn.RNN."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, z, s):
        return self.model.rnn(s.unsqueeze(1), z.unsqueeze(0))[1][0]


def main():
    torch.manual_seed(0)
    steps = {}

    def record(name, module, n, inputs=0, type_of_weights=None):
        """Three random states, inputs, and the next states in doubles, of the weights as they are saved."""
        module = module.double()
        z, s = torch.randn(3, n).double(), torch.randn(3, inputs).double()
        with torch.no_grad():
            after = module(z, s) if inputs else module(z)
        steps[name] = {"z": z.tolist(), "s": s.tolist() if inputs else None, "next": after.tolist()}

    model = Model(PLRNNStep(3), 3)
    adam = torch.optim.Adam(model.parameters())
    model(torch.randn(1, 3)).sum().backward()
    adam.step()
    torch.save(
        {"epoch": 7, "model_state_dict": model.state_dict(), "optimizer_state_dict": adam.state_dict()}, HERE / "plrnn.ckpt"
    )
    record("plrnn.ckpt", model, 3)

    model = AL_RNN(4, 2)
    torch.save(model.state_dict(), HERE / "alrnn.pt")
    torch.save(model, HERE / "module.pt")
    torch.save(model.state_dict(), HERE / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.trace(model, torch.randn(1, 4)), HERE / "script.pt")
    record("alrnn.pt", model, 4)

    for name, clipped, inputs in (("shallow", False, 0), ("shallow_clipped", True, 2)):
        model = Shallow(2, 5, inputs, clipped)
        torch.save(model.state_dict(), HERE / f"{name}.pt")
        save_file(model.state_dict(), HERE / f"{name}.safetensors")
        record(f"{name}.pt", model, 2, inputs)
        steps[f"{name}.safetensors"] = steps[f"{name}.pt"]
    for kind in (torch.float64, torch.float16, torch.bfloat16):
        name = str(kind).removeprefix("torch.")
        model = Shallow(2, 3, 0, False).to(kind)
        torch.save(model.state_dict(), HERE / f"{name}.pt")
        save_file(model.state_dict(), HERE / f"{name}.safetensors")
        record(f"{name}.pt", model, 2)
        steps[f"{name}.safetensors"] = steps[f"{name}.pt"]

    for name, sign, clipped in (("dendritic", 1, False), ("dendritic_clipped", -1, True)):
        model = Model(DendriticStep(3, 2, sign, clipped), 3)
        torch.save(model.state_dict(), HERE / f"{name}.pt")
        record(f"{name}.pt", model, 3)

    model = WithReadout(CTRNN(2, 3, 0.25), 3)
    torch.save(model.state_dict(), HERE / "ctrnn.pt")
    record("ctrnn.pt", model.rnn, 3, 2)
    model = Rates(2, 3, 0.25)
    torch.save(model.state_dict(), HERE / "rates.pt")
    record("rates.pt", model, 3, 2)
    model = WithReadout(nn.RNN(2, 3, nonlinearity="relu", batch_first=True), 3)
    torch.save(model.state_dict(), HERE / "rnn.pt")
    record("rnn.pt", OneStep(model), 3, 2)
    torch.save(nn.RNN(2, 3, num_layers=2).state_dict(), HERE / "layers.pt")
    torch.save(nn.LSTM(2, 3).state_dict(), HERE / "lstm.pt")

    # Views: transposed, with offsets and steps, expanded, and several of one storage.
    base = torch.arange(36, dtype=torch.float64).reshape(6, 6) / 7
    views = {"A": base.diagonal(1)[1:4], "W": base[1:4, ::2].t(), "h": base[0, 0].expand(3), "C": base[3:6, 1:2]}
    torch.save(views, HERE / "views.pt")
    (HERE / "views.json").write_text(json.dumps({key: value.tolist() for key, value in views.items()}))

    # What checkpoints hold beside the weights, which lie under a prefix of their own; and tensors that are no plain arrays.
    model = AL_RNN(3, 1)
    beside = {
        "args": argparse.Namespace(lr=0.1, sizes=[1, 2], name=None), "loss": np.float64(0.5), "losses": np.arange(3.0), "seen": {1, 2},
        "device": torch.device("cpu"), "type": torch.float32, "size": torch.Size([1, 2]), "z": 1j, "counts": defaultdict(int, a=1),
    }  # fmt: skip
    torch.save({**beside, "model": {f"module.{name}": x for name, x in model.state_dict().items()}}, HERE / "beside.pt")
    torch.save({name: nn.Parameter(x) for name, x in model.state_dict().items()}, HERE / "parameters.pt", pickle_protocol=5)
    record("beside.pt", model, 3)
    steps["parameters.pt"] = steps["beside.pt"]
    kinds = {"A": torch.eye(3).to_sparse(), "W": torch.eye(3).to(torch.float8_e4m3fn), "h": torch.ones(3, dtype=torch.cfloat)}
    torch.save({**kinds, "B": torch.quantize_per_tensor(torch.eye(3), 0.1, 0, torch.qint8)}, HERE / "kinds.pt")
    (HERE / "steps.json").write_text(json.dumps(steps))


if __name__ == "__main__":
    main()
