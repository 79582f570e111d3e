"""Small language models of our own, and a loop that trains one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

# Of tensors this small several threads do nothing but wait for each other.
torch.set_num_threads(1)


class Block(torch.nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.q_proj = torch.nn.Linear(width, width)
        self.up_proj = torch.nn.Linear(width, 2 * width)
        self.down_proj = torch.nn.Linear(2 * width, width)
        self.input_layernorm = torch.nn.LayerNorm(width)
        self.dropout = torch.nn.Dropout(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.dropout(self.q_proj(self.input_layernorm(x)))
        return x + self.dropout(self.down_proj(torch.relu(self.up_proj(x))))


class Language(torch.nn.Module):
    """Names as Llama's, dropout, batch-norm's running means: what a careless measurement disturbs."""

    def __init__(self, words: int = 40, width: int = 16, layers: int = 2) -> None:
        super().__init__()
        self.embed_tokens = torch.nn.Embedding(words, width)
        self.layers = torch.nn.ModuleList([Block(width) for _ in range(layers)])
        self.running = torch.nn.BatchNorm1d(width)
        self.lm_head = torch.nn.Linear(width, words)

    def forward(self, input_ids: torch.Tensor, attention_mask: Any = None) -> Any:
        x = self.embed_tokens(input_ids)
        for layer in self.layers:
            x = layer(x)
        x = self.running(x.transpose(1, 2)).transpose(1, 2)
        return {"logits": self.lm_head(x)}


def batch(words: int = 40) -> dict[str, torch.Tensor]:
    mask = torch.ones(3, 7)
    mask[0, 4:] = 0
    return {"input_ids": torch.randint(0, words, (3, 7)), "attention_mask": mask}


def train(steps: int, after: Callable[..., Any] | None = None, *, seed: int = 0) -> tuple[Language, list[float]]:
    """A model after some steps of Adam, and its losses."""
    torch.manual_seed(seed)
    model = Language()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    losses = []
    for _ in range(steps):
        inputs = batch()
        loss = torch.nn.functional.cross_entropy(model(**inputs)["logits"].flatten(0, 1), inputs["input_ids"].flatten())
        loss.backward()
        optimizer.step()
        if after is not None:
            after(model, inputs=inputs, optimizer=optimizer)
        optimizer.zero_grad()
        losses.append(loss.item())
    return model, losses
