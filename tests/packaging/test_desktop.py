"""What the build of the program stands on: icons, the check of glibc, versions, and signed announcements."""

import ctypes
import importlib
import json
import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from engine.operations.updates import release as reading
from engine.operations.updates.standing_by import unpack
from tests.server import ROOT

SCRIPTS = ROOT / "packaging" / "desktop"


@pytest.fixture
def script(monkeypatch):
    """`script(name)`: a script of the build."""
    monkeypatch.syspath_prepend(str(SCRIPTS))

    def found(name: str) -> ModuleType:
        return importlib.import_module(name)

    return found


class TestIcons:
    def test_the_mark_is_drawn_in_every_size_with_clear_corners(self, script, tmp_path):
        icons = script("icons")
        icons.write(tmp_path)
        for side in icons.SIZES:
            with Image.open(tmp_path / f"agora-{side}.png") as picture:
                assert picture.size == (side, side)
                assert picture.getpixel((0, 0))[3] < 16
        with Image.open(tmp_path / "agora-256.png") as picture:
            assert picture.getpixel((20, 128)) == (13, 92, 99, 255)  # the ground
            assert picture.getpixel((128, 80)) == (255, 255, 255, 255)  # the letter
            assert picture.getpixel((128, 132)) == (13, 92, 99, 255)  # the hole in it
        with Image.open(tmp_path / "agora.ico") as picture:
            assert {(16, 16), (48, 48), (256, 256)} <= picture.info["sizes"]
        assert (tmp_path / "agora.icns").read_bytes()[:4] == b"icns"

    def test_a_path_is_read_as_svg_has_it(self, script):
        assert script("icons").outlines("M1 2h3v-1zm1 1l.5-.5L9 9z") == [
            [(1, 2), (4, 2), (4, 1)],
            [(2, 3), (2.5, 2.5), (9, 9)],
        ]


@pytest.mark.skipif(sys.platform != "linux", reason="ELF is Linux's")
class TestGlibc:
    def test_it_reads_what_a_library_needs(self, script):
        glibc = script("glibc")
        library = next(Path(sys.prefix).rglob("_bcrypt.abi3.so"))
        needs = list(glibc.Elf(library).needs())
        assert "libc.so.6" in {need.library for need in needs}
        assert {need.version for need in needs if need.library == "libc.so.6"} >= {"GLIBC_2.14"}
        assert "libc.so.6" in set(glibc.Elf(library).libraries())

    def test_a_file_that_needs_more_is_named_and_fails(self, script, tmp_path, monkeypatch, capsys):
        glibc = script("glibc")
        shutil.copy(next(Path(sys.prefix).rglob("_bcrypt.abi3.so")), tmp_path / "bcrypt.so")
        (tmp_path / "text.so").write_text("no program")
        assert glibc.main(tmp_path) == 0
        monkeypatch.setattr(glibc, "NEWEST", (2, 5))
        assert glibc.main(tmp_path) == 1
        assert "bcrypt.so needs GLIBC_2." in capsys.readouterr().err

    def test_a_symbol_is_bound_to_its_older_version_and_the_library_works_on(self, script, tmp_path, monkeypatch):
        if shutil.which("gcc") is None:
            pytest.skip("there is no compiler")
        glibc = script("glibc")
        source = tmp_path / "c.c"
        source.write_text("#include <math.h>\ndouble f(double a, double b) { return hypot(a, b) + pow(a, 0.5); }\n")
        library = tmp_path / "libc_test.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
        versions = {need.version for need in glibc.Elf(library).needs() if need.library == "libm.so.6"}
        if "GLIBC_2.35" not in versions:
            pytest.skip("this glibc is older than the symbol")
        elf = glibc.Elf(library)
        assert elf.lower({"hypot": ("GLIBC_2.29",)})  # pow's: any version that the file knows of this library
        library.write_bytes(elf.bytes)
        assert glibc.complaints(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="ELF is Linux's")
class TestLinux:
    @pytest.mark.parametrize(
        ("place", "is_kept"),
        [
            ("PySide6/Qt/translations/qtwebengine_locales/pt-BR.pak", True),
            ("PySide6/Qt/translations/qtwebengine_locales/en-US.pak", True),
            ("PySide6/Qt/translations/qtwebengine_locales/kn.pak", False),
            ("PySide6/Qt/translations/qtbase_en.qm", False),
            ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
            ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
            ("PySide6/QtOpenGL.abi3.so", False),
            ("PySide6/Qt/lib/libQt6OpenGL.so.6", True),
        ],
    )
    def test_of_qt_comes_what_a_page_uses_in_the_languages_that_are_spoken(self, script, place, is_kept):
        assert script("linux").is_packed(place, f"/venv/{place}", {"en", "pt-PT"}) == is_kept

    def test_what_only_a_debugger_reads_is_taken_out_of_what_others_built(self, script, tmp_path):
        if not (shutil.which("gcc") and shutil.which("strip")):
            pytest.skip("there is no compiler")
        source = tmp_path / "c.c"
        source.write_text("int shown(void) { return 7; }\n")
        libraries = [tmp_path / "libone.so", tmp_path / "libtwo.so"]
        for library in libraries:
            subprocess.run(["gcc", "-g", "-shared", "-fPIC", "-o", library, source], check=True)
        size = libraries[0].stat().st_size
        entries = [("one/libone.so", str(libraries[0]), "BINARY"), ("two.libs/libtwo.so", str(libraries[1]), "BINARY")]
        [stripped, whole] = script("linux").without_symbols(entries, tmp_path / "made")
        assert Path(stripped[1]).stat().st_size < size == libraries[0].stat().st_size
        assert ctypes.CDLL(stripped[1]).shown() == 7
        assert whole == entries[1]


class TestVersions:
    def test_windows_counts_four_numbers(self, script):
        assert script("versions").four("1.2.3") == (1, 2, 3, 0)
        assert script("versions").four("1.10") == (1, 10, 0, 0)
        assert script("versions").four("1.2.3rc1") == (1, 2, 3, 0)

    def test_windows_is_shown_the_licence(self, script, tmp_path):
        script("versions").write_windows(tmp_path, "1.2.3", "Use {it}\n© C:\\x \U0001f642")
        shown = (tmp_path / "licence.rtf").read_text()
        assert shown.startswith(r"{\rtf1\ansi")
        assert shown.endswith("Use \\{it\\}\\par\n\\u169? C:\\\\x \\u-10179?\\u-8638?}")
        assert "filevers=(1, 2, 3, 0)" in (tmp_path / "version.txt").read_text()

    def test_what_the_windows_installer_names_is_made_by_the_build(self, script):
        root = ET.parse(ROOT / "packaging" / "windows" / "agora.wxs").getroot()  # noqa: S314 - our own file
        named = {one for part in root.iter() for one in part.attrib.values() if one.startswith("build\\made")}
        assert named == {r"build\made\agora.ico", r"build\made\licence.rtf"}
        package = root.find("{*}Package")
        assert package is not None
        assert package.attrib["UpgradeCode"] == "6b1f0f0e-3f0e-4f4f-9d5e-2c1a5b7b8a10"  # a newer one replaces by it
        assert [one.attrib["Id"] for one in package.iterfind(".//{*}Extension")] == [script("versions").ENDING]
        assert not [one.tag for one in package.iter() if one.attrib.get("Advertise") == "yes"]

    def test_macos_is_told_of_backups(self, script):
        plist = plistlib.loads(plistlib.dumps(script("versions").info_plist("1.2.3")))
        declared = plist["UTExportedTypeDeclarations"][0]
        assert declared["UTTypeTagSpecification"]["public.filename-extension"] == ["agora"]
        assert plist["CFBundleVersion"] == "1.2.3"
        assert plist["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == [declared["UTTypeIdentifier"]]


class TestDeb:
    def test_it_lays_out_what_a_desktop_wants(self, script, tmp_path, monkeypatch):
        deb, icons = script("deb"), script("icons")
        monkeypatch.chdir(tmp_path)
        icons.write(tmp_path / "build" / "made")
        (tmp_path / "build" / "made" / "THIRD-PARTY.txt").write_text("others")
        (tmp_path / "CHANGELOG.md").write_text("news")
        built = tmp_path / "agora"
        (built / "_internal").mkdir(parents=True)
        (built / "agora").touch(mode=0o700)
        deb.lay_out(built, tmp_path / "root")
        share = tmp_path / "root" / "usr" / "share"
        assert "MimeType=application/x-agora-backup" in (share / "applications" / "agora.desktop").read_text()
        kinds = (share / "mime" / "packages" / "agora.xml").read_text()
        assert '<sub-class-of type="application/zip"/>' in kinds
        assert re.findall('glob pattern="([^"]+)"', kinds) == ["*.agora", "*.agora.zip", "agora-20*.zip"]
        assert (tmp_path / "root/opt/agora/agora").stat().st_mode & 0o777 == 0o755
        assert (tmp_path / "root/usr/bin/agora").readlink() == Path("/opt/agora/agora")


class TestRelease:
    def test_what_is_packed_and_announced_is_what_is_read_and_unpacked(self, script, tmp_path):
        release = script("release")
        public = release.make_key(tmp_path / "release.key")
        built = tmp_path / "built"
        built.mkdir()
        (built / "agora").write_text("#!/bin/sh\n")
        (built / "libx.so").symlink_to("agora")
        archive = release.pack(built, tmp_path)
        file = release.announce(tmp_path / "release.key", "https://example.org/agora/", "New.", [archive], tmp_path)
        signature = file.with_name("agora.json.sig").read_bytes()
        found = reading.read(file.read_bytes(), signature, public)
        package = found.package()
        assert package is not None
        assert package.url == f"https://example.org/agora/{archive.name}"
        assert (unpack(archive, tmp_path / "room", found.version) / "libx.so").is_symlink()
        assert json.loads(file.read_bytes())["notes"] == "New."
        assert (tmp_path / "release.key").stat().st_mode & 0o077 == 0
        assert package.size == archive.stat().st_size
