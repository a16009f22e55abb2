"""Every component draws itself in all its states, within the Content-Security-Policy, in both directions of script."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ui.assets import FOLDER, icon_names, manifest
from ui.components import MACROS
from ui.components.preview import PAGES, samples
from ui.templates import render

UI = Path("ui")
MAILS = UI / "emails"  # mail programs know no stylesheets
TEMPLATES = sorted(
    path for path in UI.rglob("*.html") if "node_modules" not in path.parts and not path.is_relative_to(MAILS)
)
STYLES = sorted(path for path in UI.rglob("*.css") if not {"node_modules", "dist"} & set(path.parts))
SCRIPTS = sorted((UI / "components").rglob("*.js"))
WIDGET_SCRIPTS = sorted((UI / "fields").rglob("*.js"))
PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border)-(left|right|top|bottom)|(left|right|top|bottom)\s*:|"
    r"(min-|max-)?(width|height)\s*:|text-align:\s*(left|right)|float:\s*(left|right))"
)
INLINE = re.compile(r"<style|<script(?![^>]*(?:\bsrc=|type="application/json"))|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
MACRO = re.compile(r"{%-? macro (\w+)\(")
ICON = re.compile(r"""icon\("([\w-]+)"|icon_name="([\w-]+)\"""")

built = pytest.mark.skipif(not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui")


def relative(path: Path) -> str:
    return str(path.relative_to(UI))


def css_without_conditions(path: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"@(media|supports|container)[^{]*", "", text)


@built
class TestEveryComponent:
    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("form", [{}, {"scheme": "dark"}, {"locale": "ar"}, {"locale": "de"}])
    def test_it_renders_with_long_words_nothing_and_errors(self, name, form):
        template, page = PAGES[name]
        html = render(template, samples(), replace(page, **form))
        assert "<h1" in html
        assert not INLINE.search(html)
        assert not re.search(r"\b(None|True|False)\b(?=[\"<])", html)

    def test_every_macro_is_shown_in_the_style_guide(self):
        guide = [path for path in TEMPLATES if path.is_relative_to(UI / "components")]
        shown = "\n".join(path.read_text(encoding="utf-8") for path in guide)
        assert [
            name for name in MACROS if not re.search(rf"\b(ui\.)?{name}\(", shown.replace(f"macro {name}(", ""))
        ] == []

    def test_ids_are_used_once_a_page(self):
        for template, page in PAGES.values():
            ids = re.findall(r'\sid="([^"]+)"', render(template, samples(), page))
            assert sorted(set(ids)) == sorted(ids)

    def test_what_a_label_or_description_names_is_there(self):
        for template, page in PAGES.values():
            html = render(template, samples(), page)
            ids = set(re.findall(r'\sid="([^"]+)"', html))
            named = re.findall(r'\s(?:for|aria-describedby|aria-labelledby|aria-controls|data-opens)="([^"]+)"', html)
            assert {one for names in named for one in names.split()} <= ids

    def test_a_page_in_arabic_runs_from_the_right(self):
        template, page = PAGES["shop-home"]
        assert '<html lang="ar" dir="rtl"' in render(template, samples(), replace(page, locale="ar"))


class TestTheTable:
    def test_it_names_every_macro_and_no_other(self):
        found = {
            name: relative(path).removeprefix("components/")
            for path in TEMPLATES
            if path.parts[:2] == ("ui", "components") and len(path.parts) == 4
            for name in MACRO.findall(path.read_text(encoding="utf-8"))
            if not name.startswith("_")
        }
        assert found == MACROS

    def test_the_reference_describes_every_macro(self):
        reference = (UI / "components/README.md").read_text(encoding="utf-8")
        assert [name for name in MACROS if f"ui.{name}(" not in reference] == []


class TestSources:
    @pytest.mark.parametrize("path", TEMPLATES, ids=relative)
    def test_a_template_has_no_inline_script_or_style(self, path):
        assert not INLINE.search(path.read_text(encoding="utf-8"))

    @pytest.mark.parametrize("path", TEMPLATES, ids=relative)
    def test_a_template_uses_icons_of_the_sprite(self, path):
        used = {one or other for one, other in ICON.findall(path.read_text(encoding="utf-8"))}
        assert used <= icon_names()

    @pytest.mark.parametrize("path", STYLES, ids=relative)
    def test_a_stylesheet_knows_no_left_or_right(self, path):
        assert PHYSICAL.findall(css_without_conditions(path)) == []

    @pytest.mark.parametrize("path", STYLES, ids=relative)
    def test_colours_come_from_the_tokens(self, path):
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?!\")|rgba?\(|hsla?\(", css_without_conditions(path)) == []

    @pytest.mark.parametrize("path", WIDGET_SCRIPTS, ids=relative)
    def test_a_widgets_script_needs_no_eval_and_no_style(self, path):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 160
        assert "eval(" not in text
        assert ".style." not in text

    @pytest.mark.parametrize("path", SCRIPTS, ids=relative)
    def test_a_components_script_is_at_most_sixty_lines(self, path):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 60
        assert "eval(" not in text
        assert ".style." not in text


@built
class TestBundle:
    def test_the_manifest_names_files_by_their_content(self):
        for name, hashed in manifest().items():
            stem, ending = name.rsplit(".", 1)
            assert re.fullmatch(rf"{re.escape(stem)}-[A-Z0-9]{{8}}\.{ending}", hashed)
            assert (FOLDER / hashed).stat().st_size > 0

    def test_the_sprite_holds_every_listed_icon(self):
        sprite = (FOLDER / manifest()["sprite.svg"]).read_text(encoding="utf-8")
        listed = json.loads((UI / "icons.json").read_text(encoding="utf-8"))
        assert [name for name in listed if f'<symbol id="{name}"' not in sprite] == []

    def test_styles_load_nothing_from_elsewhere(self):
        for name in ("storefront.css", "admin.css", "kiosk.css"):
            css = (FOLDER / manifest()[name]).read_text(encoding="utf-8")
            assert not re.search(r"url\([\"']?(https?:|//|data:)", css)
