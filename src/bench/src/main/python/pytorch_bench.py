#!/usr/bin/env python3
"""Times PyTorch's activations on a GPU: eager and compiled, forward and backward, float32.

The rows are those of the library's own device benchmark, so that the two can be laid side by side:
GB/s read and written (8 bytes an element forward, 12 backward), and the share of a copy on the
same device in the same run. Times come from CUDA events around many passes; each figure is the
median of several such measurements.
"""

import argparse
import json
import os
import statistics
import sys

import torch
import torch.nn.functional as F

ROW = 1000  # the length of a softmax row

KINDS = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "elu": F.elu,
    "softplus": F.softplus,
    "gelu": F.gelu,
    "silu": F.silu,
    "mish": F.mish,
    "hard_swish": F.hardswish,
    "softmax": lambda x: F.softmax(x, dim=-1),
}


def nanoseconds(work, passes, repeats):
    """Nanoseconds of one call of `work`, which enqueues something."""
    for _ in range(3):
        work()
    times = []
    for _ in range(repeats):
        start = torch.cuda.Event(enable_timing=True)
        end = torch.cuda.Event(enable_timing=True)
        start.record()
        for _ in range(passes):
            work()
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end) * 1e6 / passes)
    return statistics.median(times)


def measure(function, direction, x, passes, repeats):
    """Nanoseconds of one pass of an activation."""
    if direction == "forward":
        with torch.no_grad():
            return nanoseconds(lambda: function(x), passes, repeats)
    leaf = x.detach().requires_grad_()
    y = function(leaf)
    dy = torch.randn_like(y)
    return nanoseconds(
        lambda: torch.autograd.grad(y, leaf, dy, retain_graph=True), passes, repeats
    )


def shaped(x, kind):
    """The elements as rows, for softmax."""
    return x[: x.numel() // ROW * ROW].view(-1, ROW) if kind == "softmax" else x


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1048576,16777216,268435456")
    parser.add_argument("--passes", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", help="also write the rows to this file")
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        sys.exit("pytorch_bench.py: PyTorch %s sees no CUDA device" % torch.__version__)

    system = {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "device": torch.cuda.get_device_name(0),
        "capability": "%d.%d" % torch.cuda.get_device_capability(0),
    }
    print(", ".join("%s %s" % item for item in system.items()))
    print("%-10s %-11s %-10s %10s %10s %9s %8s"
          % ("mode", "kind", "direction", "count", "ns/pass", "GB/s", "of copy"))
    rows, refused = [], []
    for size in (int(text) for text in arguments.sizes.split(",")):
        x = torch.randn(size, device="cuda")
        target = torch.empty_like(x)
        copy = nanoseconds(lambda: target.copy_(x), arguments.passes, arguments.repeats)
        del target
        copied = 8 * size / copy
        results = [("torch", "copy", "forward", copy, copied)]
        for kind, eager in KINDS.items():
            for mode in ("eager", "compiled"):
                for direction in ("forward", "backward"):
                    try:
                        torch.compiler.reset() if mode == "compiled" else None
                        function = torch.compile(eager) if mode == "compiled" else eager
                        data = shaped(x, kind)
                        time = measure(
                            function, direction, data, arguments.passes, arguments.repeats)
                        bytes_moved = (8 if direction == "forward" else 12) * data.numel()
                        results.append((mode, kind, direction, time, bytes_moved / time))
                    except Exception as e:  # what a compiler lacks must not end the comparison
                        first = (str(e).strip().splitlines() or [""])[0]
                        refused.append("%s %s %s of %d: %s: %s"
                                       % (mode, kind, direction, size, type(e).__name__, first))
        for mode, kind, direction, time, speed in results:
            rows.append({
                "mode": mode, "kind": kind, "direction": direction, "count": size,
                "ns_per_pass": time, "gb_per_s": speed, "of_copy": speed / copied,
            })
            print("%-10s %-11s %-10s %10d %10.0f %9.1f %8.2f"
                  % (mode, kind, direction, size, time, speed, speed / copied), flush=True)
    for line in refused:
        print("not measured: " + line)
    if arguments.json:
        with open(arguments.json + ".tmp", "w") as file:
            json.dump({"system": system, "rows": rows, "not_measured": refused}, file, indent=2)
        os.replace(arguments.json + ".tmp", arguments.json)


if __name__ == "__main__":
    main()
