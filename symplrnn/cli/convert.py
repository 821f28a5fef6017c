"""The command that writes a network of any file as JSON."""

from __future__ import annotations

import click

from symplrnn.cli.options import file_argument, network_argument, output_option, set_option
from symplrnn.cli.output import write_file

__all__ = ["convert_command"]


@click.command("convert", short_help="Write the network of any file as JSON.")
@file_argument
@set_option
@output_option("Write to a file instead of standard output.")
def convert_command(file: str, values: tuple[str, ...], output: str | None) -> int:
    """Write the network of FILE as JSON, exactly: what is read from OUT is the same network, entry for entry.

    FILE is .json, .npz, .mat, .safetensors, or a checkpoint of torch (.pt, .pth, .ckpt), which is read without torch; nothing in
    it is run. What a file does not say is asked for and given by --load:

    \b
      kind=NAME         plrnn, alrnn, shallow, dendritic, rate or rnn
      P=2               rectified states of an AL-RNN
      clipped=true      shallow and dendritic: relu(x + h) - relu(x)
      thresholds=add    dendritic: relu(z + theta); subtract: relu(z - theta)
      relu=state        rate networks: (1-k) z + k (W relu(z) + b);
                        drive: (1-k) z + k relu(W z + b);
                        sum: relu((1-k) z + k (W z + b))
      k=1/5             rate networks: the leak dt/tau
      activation=relu   torch.nn.RNN, which has tanh unless it is told
      hold_inputs=0     inputs inside of the ReLU, held at 0, or at 1,1/2;
                        no: the states are what the ReLU takes
      prefix=PATH       what stands before the names
      decimal=true      each float as the decimal 0.1 that it stands for

    For example:  symplrnn convert lorenz.pt --load P=2 -o lorenz.json
    """  # noqa: D301  # the backspace tells click to keep the lines
    from symplrnn.network.files.writing import network_text

    text = network_text(network_argument(file, values)).encode() + b"\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(output, lambda stream: stream.write(text))
    return 0
