"""The examples of README.md and docs/ run in an empty folder, and draw without a display."""

import pytest

collect_ignore_glob = ["docs/*.py"]  # they build the pages and draw their pictures


@pytest.fixture(autouse=True)
def _empty_folder_for_pages(request):
    if request.node.path.suffix == ".md":
        patch = request.getfixturevalue("monkeypatch")
        patch.setenv("MPLBACKEND", "Agg")
        patch.chdir(request.getfixturevalue("tmp_path"))
