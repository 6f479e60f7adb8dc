"""Write the pages that the site is rendered from, and afterwards what stands beside them.

usage: python -m scripts.lib.docs pages MERMAID FOLDER | finish SITE
"""

import shutil
import sys
from pathlib import Path

import yaml

from . import llms, openapi_page, search_index
from .pages import DIAGRAMS, PageError, write_page, write_pages

ROOT = Path(__file__).parents[3]
ICON = ROOT / "custom_components/wuts/brand/icon.png"
STYLE = Path(__file__).parent / "site.css"


def main(task: str, *paths: str) -> None:
    """Do one of the two tasks."""
    if task == "finish":
        search_index.keep_what_people_look_for(Path(paths[0]) / "search.json")
        llms.write(ROOT, Path(paths[0]))
        return
    mermaid, work = map(Path, paths)
    shutil.copy(ROOT / "docs/mkdocs.yml", work)
    folder = work / "pages"
    write_pages(ROOT, folder)
    document = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
    write_page(folder, "openapi.md", openapi_page.render(document))
    (folder / "assets").mkdir()
    shutil.copy(mermaid, folder / DIAGRAMS)
    for asset in (ICON, STYLE):
        shutil.copy(asset, folder / "assets")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except PageError as error:
        sys.exit(f"error: {error}")
