"""Makes the relative links of a README absolute: on the package index there are no files beside it.

`python .ci/absolute_links.py README.md pyproject.toml`
"""

import re
import sys
import tomllib
from pathlib import Path

LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#)([^)]+)\)")


def absolute(text: str, home: str) -> str:
    """`text` in Markdown, with links into the repository at `home`."""
    raw = home.replace("https://github.com/", "https://raw.githubusercontent.com/")

    def link(found: re.Match[str]) -> str:
        is_image, words, path = found.groups()
        root = f"{raw}/main" if is_image else f"{home}/blob/main"
        return f"{is_image}[{words}]({root}/{path})"

    return LINK.sub(link, text)


if __name__ == "__main__":
    readme, project = map(Path, sys.argv[1:])
    home = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["urls"]["Homepage"]
    readme.write_text(absolute(readme.read_text(encoding="utf-8"), home), encoding="utf-8")
