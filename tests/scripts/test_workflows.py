"""The workflows call scripts that are there, with what these take, and each job has its limits."""

import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github/workflows"
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.name: yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yml"))
}
JOBS = [
    pytest.param(name, job, id=f"{file} {name}")
    for file, workflow in WORKFLOWS.items()
    for name, job in workflow["jobs"].items()
]
LONGEST = 60
"""Minutes that a job may take."""


def commands() -> list[list[str]]:
    """Return the words of each line that runs one of our scripts."""
    return [
        shlex.split(line.partition(">>")[0])
        for workflow in WORKFLOWS.values()
        for job in workflow["jobs"].values()
        for step in job.get("steps", ())
        for line in step.get("run", "").splitlines()
        if line.startswith("scripts/")
    ]


def usage(script: str) -> str:
    """Return what a script says of itself at its top."""
    head = (ROOT / script).read_text().partition("\nset -euo")[0]
    assert head.startswith("#!/usr/bin/env bash\n# ")
    return head


def test_there_are_workflows_and_they_run_our_scripts() -> None:
    called = {words[0] for words in commands()}
    assert {"release.yml", "test.yml"} <= WORKFLOWS.keys()
    assert {"scripts/build", "scripts/lint", "scripts/publish", "scripts/release"} <= called


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_workflow_calls_a_script_that_is_there_with_what_it_takes(words: list[str]) -> None:
    script, *arguments = words
    assert os.access(ROOT / script, os.X_OK)
    told = usage(script)
    options = [one for one in arguments if one.startswith("-")]
    assert [one for one in options if one.partition("=")[0] not in told] == []
    assert not arguments or "usage: " in told


def test_the_suites_of_the_matrix_are_those_of_the_script() -> None:
    suites = WORKFLOWS["test.yml"]["jobs"]["test"]["strategy"]["matrix"]["suite"]
    text = (ROOT / "scripts/test").read_text()
    assert set(suites) == set(re.findall(r"^suite_([\w.]+)\(\)", text, re.MULTILINE)) - {"on"}


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_a_job_ends_in_time_and_may_do_only_what_it_names(name: str, job: dict[str, Any]) -> None:
    assert "permissions" in job, name
    if "uses" not in job:
        assert 0 < int(job["timeout-minutes"]) <= LONGEST


@pytest.mark.parametrize("file", WORKFLOWS)
def test_a_workflow_begins_with_no_permission_and_runs_once_at_a_time(file: str) -> None:
    assert WORKFLOWS[file]["permissions"] == {}
    assert "group" in WORKFLOWS[file]["concurrency"]


@pytest.mark.parametrize("file", WORKFLOWS)
def test_an_action_is_pinned_by_its_commit_beside_its_version(file: str) -> None:
    lines = re.findall(r"uses: (.+)", (FOLDER / file).read_text())
    ours = [line for line in lines if line.startswith("$/")]
    assert [line for line in ours if not (ROOT / line.removeprefix("$/")).is_file()] == []
    pinned = re.compile(r"[\w-]+(/[\w-]+)+@[0-9a-f]{40} # (v\d+\.\d+\.\d+|main|master)")
    assert [line for line in lines if line not in ours and not pinned.fullmatch(line)] == []


def test_nothing_is_published_that_was_not_tested_and_built_twice_alike() -> None:
    jobs = WORKFLOWS["release.yml"]["jobs"]
    published = {name for name, job in jobs.items() if "write" in job["permissions"].values()}
    assert published == {"attest", "images", "pypi", "github"}
    assert before("test", jobs) == set()
    for name in published:
        assert {"test", "build", "reproduce"} <= before(name, jobs)
    assert {"attest", "images"} <= before("pypi", jobs) <= before("github", jobs)


def before(name: str, jobs: dict[str, Any]) -> set[str]:
    """Return the jobs that must have succeeded before one begins."""
    needs = jobs[name].get("needs", [])
    direct = [needs] if isinstance(needs, str) else needs
    return {*direct, *(one for need in direct for one in before(need, jobs))}


def test_what_is_attested_is_what_is_built() -> None:
    files = WORKFLOWS["release.yml"]["jobs"]["attest"]["strategy"]["matrix"]["file"]
    names = {"wuts.zip"} | {
        f"{project}-{{0}}{suffix}"
        for project in ("wuts", "wuts_slack")
        for suffix in (".tar.gz", "-py3-none-any.whl")
    }
    assert set(files) == names


def test_only_pypis_job_has_its_environment_and_nobody_has_its_password() -> None:
    jobs = WORKFLOWS["release.yml"]["jobs"]
    assert [name for name, job in jobs.items() if job.get("environment")] == ["pypi"]
    assert "secrets." not in (FOLDER / "release.yml").read_text()


def test_the_images_that_are_published_are_built_from_our_recipes() -> None:
    images = WORKFLOWS["release.yml"]["jobs"]["images"]["strategy"]["matrix"]["include"]
    assert {one["image"] for one in images} == {"wuts", "wuts-slack"}
    assert [one for one in images if not (ROOT / one["recipe"]).is_file()] == []
