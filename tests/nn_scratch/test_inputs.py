"""Images become inputs in one way, for training, scoring and prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_scratch import Dataset, Network, TrainConfig, fit, mlp
from nn_scratch.inputs import check_images, to_inputs
from nn_scratch.metrics import evaluate


@pytest.mark.parametrize("views", [None, 2])
def test_floats_train_and_score_as_the_bytes_do(views: int | None, small_digits: tuple[Dataset, Dataset]) -> None:
    floats = [replace(data, images=data.images / np.float32(255)) for data in small_digits]
    teachers = [mlp((9,)).initialize(np.random.default_rng(1))] if views else []
    results = []
    for training, validation in (small_digits, floats):
        network, rng = mlp((9,)).initialize(np.random.default_rng(0)), np.random.default_rng(0)
        config = TrainConfig(2, views=views)
        reports = list(fit(network, training, validation, config, rng, teachers=teachers))
        results.append([report.validation_loss for report in reports])
        assert evaluate(network, floats[1]).loss == pytest.approx(evaluate(network, small_digits[1]).loss, rel=1e-4)
        assert (network.predict(floats[1].images) == network.predict(small_digits[1].images)).all()
    assert results[0] == pytest.approx(results[1], rel=1e-3)


def test_bytes_and_floats_of_any_precision_become_the_same_inputs(rng: np.random.Generator) -> None:
    images = rng.integers(0, 256, (3, 4, 5), dtype=np.uint8)
    expected = np.float32(images / 255).reshape(3, 20)
    for dtype in (np.float16, np.float32, np.float64):
        inputs = np.empty((3, 20), np.float32)
        assert to_inputs((images / 255).astype(dtype), inputs) is inputs
        np.testing.assert_allclose(inputs, expected, atol=1e-3 if dtype == np.float16 else 1e-7)
    np.testing.assert_allclose(to_inputs(images, np.empty((3, 20), np.float64)), images.reshape(3, 20) / 255)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -0.01, 1.01, 255])
@pytest.mark.parametrize("use", ["data", "predict"])
def test_floats_that_are_no_levels_are_refused_with_the_number_of_the_image(wrong: float, use: str) -> None:
    images = np.full((300, 28, 28), 0.5, np.float32)
    images[217:, 3, 4] = wrong
    ways: dict[str, Callable[[], Any]] = {
        "data": lambda: Dataset(images, np.zeros(300, np.int64), ("a", "b")),
        "predict": lambda: mlp().predict(images),
    }
    with pytest.raises(ValueError, match="image 217 has"):
        ways[use]()


def test_images_of_other_types_are_refused() -> None:
    for wrong in (np.zeros((2, 4, 4), np.int64), np.zeros((2, 4, 4), bool), [["a"]]):
        with pytest.raises(ValueError, match="uint8 from 0 to 255 or floats"):
            check_images(wrong)


def test_floats_are_looked_at_once_and_not_in_each_batch(
    small_digits: tuple[Dataset, Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    training, validation = (replace(data, images=data.images / 255) for data in small_digits)
    calls: list[int] = []
    from nn_scratch import network as module

    def watched(images: Any) -> Any:
        calls.append(len(images))
        return check_images(images)

    monkeypatch.setattr(module, "check_images", watched)
    network: Network = mlp((5,)).initialize(np.random.default_rng(0))
    list(fit(network, training, validation, TrainConfig(3, batch_size=10), np.random.default_rng(0)))
    assert calls == [len(validation)] * 3
