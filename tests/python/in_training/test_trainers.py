"""Other people's loops, the real ones: Hugging Face's Trainer, TRL, Lightning; on models of a few thousand parameters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastlogs
import pytest
import torch
from fastlogs.torch import AnalysisConfig, ModelAnalysisCallback, ModelAnalysisManager, lightning_callback
from models import Language

# What those libraries warn of is theirs.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow, pytest.mark.timeout(600)]

WORDS, LENGTH = 40, 8
EVERYTHING = {"interval": 2, "gradient_enabled": True, "adam_sign_enabled": True, "param_change_per_layer": True}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No hub, no network, no files but in a folder of the test."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def _llama() -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=WORDS,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=32,
        attention_dropout=0.2,
        pad_token_id=0,
    )
    return LlamaForCausalLM(config)


def _rows() -> list[dict[str, list[int]]]:
    draws = torch.Generator().manual_seed(0)
    words = [torch.randint(1, WORDS, (LENGTH,), generator=draws).tolist() for _ in range(32)]
    return [{"input_ids": one, "labels": one, "attention_mask": [1] * LENGTH} for one in words]


def _probe() -> dict[str, torch.Tensor]:
    return {name: torch.tensor([values]) for name, values in _rows()[0].items()}


def _watch(logged: list[tuple[int, dict[str, float]]]) -> ModelAnalysisCallback:
    analyzer = ModelAnalysisManager.create(AnalysisConfig(**EVERYTHING), record="analysis.jsonl")  # type: ignore[arg-type]
    return ModelAnalysisCallback(analyzer, inputs=_probe(), log=lambda metrics, step: logged.append((step, metrics)))


ARGUMENTS = {
    "output_dir": "out",
    "max_steps": 8,
    "per_device_train_batch_size": 4,
    "gradient_accumulation_steps": 2,
    "logging_steps": 1,
    "save_strategy": "no",
    "report_to": [],
    "use_cpu": True,
    "disable_tqdm": True,
}


def _trainer(callbacks: list[Any], **more: Any) -> Any:
    from transformers import Trainer, TrainingArguments

    arguments = TrainingArguments(**ARGUMENTS | more)
    return Trainer(model=_llama(), args=arguments, train_dataset=_rows(), callbacks=callbacks)


def _sft(callbacks: list[Any]) -> Any:
    from datasets import Dataset
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from transformers import PreTrainedTokenizerFast
    from trl import SFTConfig, SFTTrainer

    words = Tokenizer(WordLevel({f"w{at}": at for at in range(WORDS)}, unk_token="w1"))
    return SFTTrainer(
        model=_llama(),
        args=SFTConfig(**ARGUMENTS, bf16=False, gradient_checkpointing=False, packing=False),
        train_dataset=Dataset.from_list([{"input_ids": row["input_ids"]} for row in _rows()]),
        processing_class=PreTrainedTokenizerFast(tokenizer_object=words, pad_token="w0", eos_token="w2"),
        callbacks=callbacks,
    )


def _losses(trainer: Any) -> list[Any]:
    return [told["loss"] for told in trainer.state.log_history if "loss" in told]


@pytest.mark.parametrize("make", [_trainer, _sft])
def test_a_real_trainer_is_watched_and_not_disturbed(make: Callable[[list[Any]], Any]) -> None:
    logged: list[tuple[int, dict[str, float]]] = []
    # A trainer seeds when it is made: each is made when it is its turn.
    watched = make([_watch(logged)])
    watched.train()
    alone = make([])
    alone.train()

    assert _losses(watched) == _losses(alone)
    assert len(_losses(alone)) == 8
    for (name, a), (_, b) in zip(watched.model.state_dict().items(), alone.model.state_dict().items(), strict=True):
        assert torch.equal(a, b), name
    assert [step for step, _ in logged] == [4, 6, 8]
    keys = {"param_change/norm_l2", "param_change/layer_1/mean_abs_delta", "sparse/kl_at_1e-06"}
    keys |= {"gradient/norm_l2", "adam_sign/update_ratio_mean"}
    assert {f"analysis/{key}" for key in keys} <= logged[0][1].keys()
    table = fastlogs.read("analysis.jsonl")
    assert table["step"].to_list() == [4, 6, 8]
    assert table["param_change/norm_l2"].to_list() == [told["analysis/param_change/norm_l2"] for _, told in logged]


def test_a_trainer_that_goes_on_is_counted_on() -> None:
    logged: list[tuple[int, dict[str, float]]] = []
    _trainer([], max_steps=4, save_strategy="steps", save_steps=4).train()
    _trainer([_watch(logged)]).train(resume_from_checkpoint="out/checkpoint-4")

    # At 6 it looks, since nothing is known of before.
    assert [step for step, _ in logged] == [8]
    assert fastlogs.read("analysis.jsonl")["step"].to_list() == [8]


def _lightning(callbacks: list[Any], steps: int = 8, **more: Any) -> tuple[Any, Any]:
    from pytorch_lightning import LightningModule, Trainer, seed_everything
    from torch.utils.data import DataLoader

    class Words(LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.inside = Language()

        def forward(self, input_ids: torch.Tensor, **_: Any) -> Any:
            return self.inside(input_ids)

        def training_step(self, batch: dict[str, torch.Tensor], at: int) -> torch.Tensor:
            logits = self(batch["input_ids"])["logits"]
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch["labels"].flatten())
            self.log("loss", loss)
            return loss

        def configure_optimizers(self) -> Any:
            return torch.optim.AdamW(self.parameters(), lr=1e-3)

    seed_everything(0, verbose=False)
    rows = [{name: torch.tensor(values) for name, values in row.items()} for row in _rows()]
    trainer = Trainer(
        max_steps=steps,
        accelerator="cpu",
        accumulate_grad_batches=2,
        callbacks=callbacks,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    module = Words()
    trainer.fit(module, DataLoader(rows, batch_size=4), **more)
    return trainer, module


def test_lightning_is_watched_and_not_disturbed() -> None:
    logged: list[tuple[int, dict[str, float]]] = []
    analyzer = ModelAnalysisManager.create(AnalysisConfig(**EVERYTHING), record="analysis.jsonl")  # type: ignore[arg-type]
    callback = lightning_callback(analyzer, log=lambda metrics, step: logged.append((step, metrics)))
    _, watched = _lightning([callback])
    _, alone = _lightning([])

    for (name, a), (_, b) in zip(watched.state_dict().items(), alone.state_dict().items(), strict=True):
        assert torch.equal(a, b), name
    assert [step for step, _ in logged] == [4, 6, 8]
    keys = {"param_change/norm_l2", "sparse/kl_at_1e-06", "gradient/norm_l2", "adam_sign/update_ratio_mean"}
    assert {f"analysis/{key}" for key in keys} <= logged[0][1].keys()
    assert fastlogs.read("analysis.jsonl")["step"].to_list() == [4, 6, 8]


def test_lightning_s_own_log_is_told() -> None:
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=2, sparse_quality_enabled=False))
    trainer, _ = _lightning([lightning_callback(analyzer)])

    assert trainer.callback_metrics["analysis/param_change/norm_l2"] > 0


def test_lightning_that_goes_on_is_counted_on(tmp_path: Path) -> None:
    trainer, _ = _lightning([], steps=4)
    trainer.save_checkpoint(tmp_path / "x.ckpt")
    logged: list[int] = []
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=2, sparse_quality_enabled=False))
    _lightning(
        [lightning_callback(analyzer, log=lambda _, step: logged.append(step))], ckpt_path=str(tmp_path / "x.ckpt")
    )

    assert logged == [8]
    assert analyzer.step == 8
