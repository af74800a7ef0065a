"""Trains transit-cnn on views written by examples.mjs and writes the network as ONNX.

    python train.py --training BUILD/training --validation BUILD/validation --out BUILD

Writes views.onnx and trained.json to the folder BUILD: what was done, and a few outputs of PyTorch
that the ONNX file has to give again. Seeded; with the same number of threads on the same kind of
processor the same bytes come out. Calibration, evaluation and the model's folder: publish.mjs.
"""

import argparse
import json
import time
from datetime import datetime, timezone
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from torch import nn
from torch.nn import functional

GLOBAL, HALF = 560, 112
LABELS = ["planet", "false_positive"]
EMBEDDING = 128
OPSET = 18
# Outputs of PyTorch that are kept for comparison.
KEPT = 16


class Column(nn.Module):
    """Three blocks of two convolutions each, every block followed by a pooling."""

    def __init__(self, channels: int, widths: list[int], pools: list[int]):
        super().__init__()
        layers = []
        for width, pool in zip(widths, pools):
            for _ in range(2):
                layers += [nn.Conv1d(channels, width, 5, padding=2, bias=False)]
                layers += [nn.BatchNorm1d(width), nn.ReLU()]
                channels = width
            layers += [nn.MaxPool1d(pool)]
        self.layers = nn.Sequential(*layers, nn.Flatten())

    def forward(self, view: torch.Tensor) -> torch.Tensor:
        return self.layers(view)


class TransitCnn(nn.Module):
    """A column for the orbit and one for the two halves of the local view, joined in an embedding.

    Shallue & Vanderburg 2018, AJ 155, 94, section 4.3, smaller.
    """

    def __init__(self, kinds: int):
        super().__init__()
        self.orbit = Column(1, [8, 16, 32], [4, 4, 5])  # 560 -> 7
        self.local = Column(2, [16, 32, 64], [2, 2, 4])  # 112 -> 7
        self.join = nn.Linear(7 * 32 + 7 * 64, EMBEDDING)
        self.dropout = nn.Dropout(0.3)
        self.label = nn.Linear(EMBEDDING, len(LABELS))
        # Only during the training, so that the embedding tells kinds of false positives apart.
        self.kind = nn.Linear(EMBEDDING, kinds)

    def forward(self, features: torch.Tensor):
        orbit = self.orbit(features[:, None, :GLOBAL])
        local = self.local(features[:, GLOBAL:].reshape(-1, 2, HALF))
        joined = self.join(torch.cat([orbit, local], 1))
        hidden = self.dropout(functional.relu(joined))
        return self.label(hidden), self.kind(hidden), joined


class Product(nn.Module):
    """What is written: probabilities, and the embedding on the unit sphere."""

    def __init__(self, network: TransitCnn):
        super().__init__()
        self.network = network

    def forward(self, features: torch.Tensor):
        logits, _, joined = self.network(features)
        length = joined.square().sum(1, keepdim=True).sqrt().clamp_min(1e-6)
        return logits.softmax(1), joined / length


def read(path: str):
    header = json.loads(Path(f"{path}.json").read_text())
    rows = numpy.fromfile(f"{path}.f32", dtype="<f4").reshape(-1, header["width"])
    return torch.from_numpy(rows), header


def augment(rows: torch.Tensor) -> torch.Tensor:
    """Time may run backwards, the middle may be off by a bin or two, there may be a little more noise."""
    count = len(rows)
    orbit = rows[:, :GLOBAL]
    halves = rows[:, GLOBAL:].reshape(count, 2, HALF)
    backwards = torch.rand(count) < 0.5
    orbit = torch.where(backwards[:, None], orbit.flip(1), orbit)
    halves = torch.where(backwards[:, None, None], halves.flip(2), halves)
    shift = torch.randint(-2, 3, (count, 1))
    places = torch.arange(GLOBAL)[None, :] + shift
    orbit = orbit.gather(1, places % GLOBAL)
    shift = torch.randint(-3, 4, (count, 1, 1))
    places = (torch.arange(HALF)[None, None, :] + shift).clamp(0, HALF - 1).expand(-1, 2, -1)
    halves = halves.gather(2, places)
    rows = torch.cat([orbit, halves.reshape(count, 2 * HALF)], 1)
    return rows + torch.randn_like(rows) * 0.08 * torch.rand(count, 1)


def auc(scores: numpy.ndarray, positive: numpy.ndarray) -> float:
    order = numpy.argsort(scores, kind="stable")
    _, place, counts = numpy.unique(scores[order], return_inverse=True, return_counts=True)
    ends = numpy.cumsum(counts)
    ranks = numpy.empty(len(scores))
    ranks[order] = (ends - (counts - 1) / 2)[place]
    many = positive.sum()
    return (ranks[positive].sum() - many * (many + 1) / 2) / (many * (len(scores) - many))


def probabilities(network: nn.Module, rows: torch.Tensor) -> numpy.ndarray:
    network.eval()
    with torch.no_grad():
        parts = [network(part)[0].softmax(1)[:, 0] for part in rows.split(512)]
    return torch.cat(parts).numpy()


def train(arguments, say) -> tuple[TransitCnn, dict]:
    torch.manual_seed(arguments.seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(arguments.threads)
    rows, header = read(arguments.training)
    checked, checked_header = read(arguments.validation)
    assert header["seed"] != checked_header["seed"], "training and validation share their seed"
    kinds = sorted({example["kind"] for example in header["examples"]})
    kind = torch.tensor([kinds.index(example["kind"]) for example in header["examples"]])
    label = torch.tensor([LABELS.index(example["label"]) for example in header["examples"]])
    positive = numpy.array([example["label"] == "planet" for example in checked_header["examples"]])

    network = TransitCnn(len(kinds))
    optimizer = torch.optim.AdamW(network.parameters(), lr=arguments.rate, weight_decay=1e-2)
    steps = arguments.epochs * (len(rows) // arguments.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, arguments.rate, total_steps=steps)
    history = []
    for epoch in range(arguments.epochs):
        started = time.monotonic()
        network.train()
        order = torch.randperm(len(rows))
        total = 0.0
        for step in range(len(rows) // arguments.batch):
            chosen = order[step * arguments.batch : (step + 1) * arguments.batch]
            logits, kind_logits, _ = network(augment(rows[chosen]))
            loss = functional.cross_entropy(logits, label[chosen])
            loss = loss + 0.3 * functional.cross_entropy(kind_logits, kind[chosen])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        found = auc(probabilities(network, checked), positive)
        mean = total / (len(rows) // arguments.batch)
        history.append({"loss": round(mean, 4), "validation_auc": round(float(found), 5)})
        seconds = time.monotonic() - started
        say(f"epoch {epoch + 1}: loss {mean:.4f}, validation AUC {found:.5f}, {seconds:.0f} s")
    facts = {
        "seed": arguments.seed,
        "epochs": arguments.epochs,
        "batch": arguments.batch,
        "rate": arguments.rate,
        "threads": arguments.threads,
        "framework_version": torch.__version__.split("+")[0],
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "history": history,
    }
    return network, facts


def export(network: TransitCnn, rows: torch.Tensor, path: Path) -> list:
    product = Product(network).eval()
    count = torch.export.Dim("rows", min=1)
    program = torch.onnx.export(
        product,
        (rows[:3],),
        dynamo=True,
        opset_version=OPSET,
        input_names=["features"],
        output_names=["probabilities", "embedding"],
        dynamic_shapes={"features": {0: count}},
        external_data=False,
    )
    model = program.model_proto
    # Where a node came from in this file is of no use to who runs it.
    model.doc_string = ""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    for tensor in model.graph.initializer:
        del tensor.metadata_props[:]
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))

    with torch.no_grad():
        wanted = [part.numpy() for part in product(rows)]
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    found = session.run(["probabilities", "embedding"], {"features": rows.numpy()})
    worst = max(float(numpy.abs(a - b).max()) for a, b in zip(wanted, found))
    assert worst < 1e-5, f"ONNX differs from PyTorch by {worst}"
    return wanted


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--training", required=True)
    parser.add_argument("--validation", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    network, facts = train(arguments, lambda line: print(line, flush=True))
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    rows, _ = read(arguments.validation)
    outputs, embeddings = export(network, rows[:KEPT], out / "views.onnx")
    facts["finished_at"] = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    facts["kept"] = {"probabilities": outputs.tolist(), "embeddings": embeddings.tolist()}
    (out / "trained.json").write_text(json.dumps(facts))
    print(f"{facts['parameters']} parameters, {(out / 'views.onnx').stat().st_size} bytes")


if __name__ == "__main__":
    main()
