"""Keys, groups, qualities, spectra and ranges: what values are called and what they mean."""

from __future__ import annotations

import numpy as np
import pytest
from fastlogs.errors import UsageError
from fastlogs.model import grouped, judge, known, label, quality, range_of, ranges, spectrum
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference
from scipy.special import softmax


@given(st.lists(st.floats(0, 1e3), max_size=20))
def test_no_two_thresholds_share_a_label(thresholds: list[float]) -> None:
    values = set(thresholds)

    assert len({label(value) for value in values}) == len(values)
    assert all(float(label(value)) == value for value in values)


NAMES = {
    "model.layers.3.self_attn.q_proj.weight": ("3", "q_proj"),
    "model.layers.10.input_layernorm.weight": ("10", "layernorm"),
    "model.embed_tokens.weight": (None, "embed_tokens"),
    "lm_head.weight": (None, "lm_head"),
    "module.transformer.h.3.attn.c_attn.weight": ("3", "attn_qkv"),
    "transformer.h.3.mlp.c_proj.bias": ("3", "mlp_out"),
    "transformer.wte.weight": (None, "embeddings"),
    "transformer.h.0.ln_1.weight": ("0", "layernorm"),
    "bert.encoder.layer.7.attention.self.query.weight": ("7", "query"),
    "bert.encoder.layer.7.attention.output.dense.weight": ("7", "attn_out"),
    "bert.encoder.layer.7.intermediate.dense.bias": ("7", "mlp_in"),
    "bert.encoder.layer.7.output.dense.bias": ("7", "mlp_out"),
    "_orig_mod.blocks.2.attn.qkv.weight": ("2", None),
    "classifier.weight": (None, None),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_say_their_layer_and_component(name: str) -> None:
    assert (known().layer(name), known().component(name)) == NAMES[name]


def test_other_names_are_known_by_other_words() -> None:
    mine = grouped(("stage",), {"conv": [r"\.conv\d"]})

    assert (mine.layer("stage.4.conv1.weight"), mine.component("stage.4.conv1.weight")) == ("4", "conv")


def test_quality_is_what_scipy_says() -> None:
    draw = np.random.default_rng(0)
    full, sparse = draw.normal(size=(2, 5, 30)), draw.normal(size=(2, 5, 30))
    mask = draw.random((2, 5)) < 0.6
    found = quality(full, sparse, mask)
    a, b = full[mask], sparse[mask]
    cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)

    assert found.kl == pytest.approx(reference.entropy(softmax(a, 1), softmax(b, 1), axis=1).mean(), rel=1e-9)
    assert found.cosine == pytest.approx(cosine.mean(), rel=1e-9)
    assert found.mse == pytest.approx(((a - b) ** 2).mean(), rel=1e-9)
    assert found.top1_agree == (a.argmax(1) == b.argmax(1)).mean()


def test_quality_of_nothing_valid_and_of_other_shapes() -> None:
    logits = np.zeros((1, 2, 3))

    assert quality(logits, logits, np.zeros((1, 2))).kl == 0
    with pytest.raises(UsageError, match="shape"):
        quality(logits, np.zeros((1, 2, 4)))
    with pytest.raises(UsageError, match="mask"):
        quality(logits, logits, np.ones((1, 3)))


def test_spectra() -> None:
    line = spectrum(np.outer(np.arange(1, 5), np.ones(3)))

    assert line.effective_rank == pytest.approx(1)
    assert line.norm_2 == pytest.approx(np.sqrt(30 * 3))
    assert spectrum(np.diag([2.0, 2.0, 0.0])).stable_rank == pytest.approx(2)
    assert spectrum(np.zeros((2, 2))).effective_rank == 0
    with pytest.raises(UsageError, match="matrix"):
        spectrum(np.ones(3))


def test_a16_interpretation_labels_values() -> None:
    """A16: good and bad ranges as data."""
    assert [judge("sparse/kl_at_1e-06", value) for value in (0.005, 0.05, 0.2)] == ["good", "between", "bad"]
    assert [judge("sparse/kept_ratio_at_1e-06", value) for value in (0.2, 0.5, 0.95)] == ["good", "between", "bad"]
    assert [judge("param_change/sparsity_at_1e-06", value) for value in (0.9, 0.7, 0.3)] == ["good", "between", "bad"]
    assert judge("param_change/norm_l2", 3.0) == ""
    assert range_of("analysis/sparse/kl_at_1e-08") is not None


def test_every_range_says_what_it_means() -> None:
    assert all(one.meaning for one in ranges())
