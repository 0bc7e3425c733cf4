"""What a change touches: files that differ from a commit, their wings and tests."""

from .machine import CHECKOUT, Failure, run

TREES = ("models", "wizards", "views", "tests")
# What every wing stands on, or is seen through: a change of it asks all of them.
SHARED = (
    *("tools/", "security/", "hooks.py", "__manifest__.py", "tests/canary/"),
    *("models/ground/", "models/platform/", "models/vault/"),
    *("models/__init__.py", "wizards/__init__.py", "wizards/civic_wizard.py"),
)
# Through these answers of routes are made.
ANSWERING = ("controllers/", "views/", "report/", "static/", "models/site/")
ROUTES = "routes"
# Of the whole, what a change breaks most easily; the rest waits for a full run.
ESSENTIAL = (
    *("test_guards", "test_views", "test_i18n", "test_manifest", "test_access"),
    *("test_house", "test_rig", "test_wizards", "test_buttons", "test_query_counts"),
)


def files(base: str = "") -> list[str]:
    """Files that differ from where the branch began, committed or not.

    :param base: a commit; `main` by default, and on main itself the commit before
    """
    base = base or "main"
    try:
        began = _git("merge-base", "HEAD", base).strip()
        if began == _git("rev-parse", "HEAD").strip() and base == "main":
            began = _git("rev-parse", "HEAD^").strip()
        differing = _git("diff", "--name-only", "-z", began)
    except Failure as failure:
        raise Failure(f"Nothing to compare with: {failure}") from failure
    new = _git("ls-files", "-z", "--others", "--exclude-standard")
    return sorted({*differing.split("\0"), *new.split("\0")} - {""})


def _git(*arguments: str) -> str:
    command = ["git", "-c", "safe.directory=*", *arguments]
    return run(*command, cwd=CHECKOUT, capture_output=True).stdout


def wings(changed: list[str]) -> list[str]:
    """Wings whose part of the canary matrix a change asks for; ["all"] for all."""
    if any(path.startswith(SHARED) for path in changed):
        return ["all"]
    parts = (path.split("/") for path in changed)
    found = {names[1] for names in parts if names[0] in TREES and len(names) > 2}
    found = {wing for wing in found if (CHECKOUT / "models" / wing).is_dir()}
    if any(path.startswith(ANSWERING) for path in changed):
        found.add(ROUTES)
    return sorted(found)


def tests(changed: list[str]) -> list[str]:
    """Test files and folders to run for a change."""
    folder = CHECKOUT / "tests"
    if any(path.startswith((*SHARED, "tests/rig/")) for path in changed):
        return [str(folder)]
    mirrored = {folder / wing for wing in wings(changed)} | {folder / "canary"}
    named = {
        CHECKOUT / path
        for path in changed
        if path.startswith("tests/") and path.rpartition("/")[2].startswith("test_")
    }
    named |= {folder / "whole" / f"{name}.py" for name in ESSENTIAL}
    alone = {path for path in named if path.parent not in mirrored}
    return sorted(str(path) for path in mirrored | alone if path.exists())
