"""Pictures from the wild: photos of all orientations, PngSuite's sound and corrupt files, the smallest of each type."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from engine.core.errors import Invalid
from engine.media import pictures

SAMPLES = Path(os.environ["AGORA_SAMPLES"]) if "AGORA_SAMPLES" in os.environ else None
pytestmark = pytest.mark.skipif(SAMPLES is None, reason="AGORA_SAMPLES is not set")


def found(pattern: str) -> list[Path]:
    return sorted(SAMPLES.glob(pattern)) if SAMPLES else []


def refused(path: Path) -> bool:
    try:
        pictures.read(path.read_bytes(), pictures.VARIANTS)
    except Invalid:
        return True
    return False


class TestSamples:
    @pytest.mark.parametrize("path", found("01-products/exif-orientation/*.jpg"), ids=lambda path: path.stem)
    def test_every_orientation_looks_like_the_upright_one(self, path: Path) -> None:
        stem = path.stem.rsplit("_", 1)[0]
        upright, turned = (
            Image.open(BytesIO(pictures.read(p.read_bytes(), ["thumbnail"])[1][0].data)).convert("L").resize((8, 8))
            for p in (path.with_name(f"{stem}_1.jpg"), path)
        )
        apart = [abs(a - b) for a, b in zip(upright.tobytes(), turned.tobytes(), strict=True)]
        assert sum(apart) / len(apart) < 12

    def test_sound_files_are_taken_and_corrupt_ones_refused(self) -> None:
        sound = found("06-security/pngsuite/**/bas*.png")
        corrupt = found("06-security/pngsuite/**/x*.png")
        assert [path.name for path in sound if refused(path)] == []
        assert [path.name for path in corrupt if not refused(path)] == []

    def test_of_the_smallest_files_only_pictures_are_taken(self) -> None:
        taken = {path.suffix for path in found("06-security/smallest-files/*") if not refused(path)}
        assert taken <= {".bmp", ".gif", ".jpg", ".png", ".webp"}

    def test_hostile_drawings_are_refused(self) -> None:
        assert all(refused(path) for path in found("06-security/svg/*.svg"))
