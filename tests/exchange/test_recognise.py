"""A file that is not read is told why: another mapping knows it, something is near it, or nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from steadyrest import synth
from steadyrest.errors import InputError
from tests.exchange.books import LOAN, book, read, write_csv


def refused(path: Path, into: Path, **options: object) -> InputError:
    with pytest.raises(InputError) as error:
        read(path, into, **options)
    return error.value


@pytest.fixture(scope="module")
def pboc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pboc") / "book"
    synth.write_book(folder, loans=20, layout="pboc", dirt=False)
    return folder


def test_a_folder_of_two_mappings_names_both_and_a_file_of_each(pboc: Path, tmp_path: Path) -> None:
    folder = book(tmp_path)
    official = next(path for path in sorted(pboc.iterdir()) if path.name.startswith("JS_201_CLDWDK"))
    (folder / official.name).write_bytes(official.read_bytes())
    error = refused(folder, tmp_path)
    assert error.code == "input.mixed_layouts"
    assert {name: error.values[name] for name in ("path", "other", "beside", "mapping")} == {
        "path": official.name,
        "other": "pboc",
        "beside": "enterprise.csv",
        "mapping": "steadyrest",
    }


@pytest.mark.parametrize("asked", ["lendingclub", "steadyrest"])
def test_the_mapping_that_knows_a_book_is_named_when_the_one_asked_for_does_not(
    asked: str, pboc: Path, tmp_path: Path
) -> None:
    error = refused(pboc, tmp_path, mapping=asked)
    assert (error.code, error.values["mapping"], error.values["other"]) == ("input.other_layout", asked, "pboc")


def test_nothing_is_near_a_file_that_shares_no_column(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "loan.csv", [{"a": "1", "b": "2"}])
    error = refused(path, tmp_path)
    assert (error.code, "nearest" in error.values) == ("input.no_known_column", False)
    assert "steadyrest, pboc" in error.message("en")


@pytest.mark.parametrize("name", ["loan.xlsx", "LOAN.XLSX", "loan.parquet"])
def test_text_under_the_name_of_a_binary_file_is_broken(name: str, tmp_path: Path) -> None:
    assert refused(write_csv(tmp_path / name, [LOAN]), tmp_path).code == "input.wrong_content"
