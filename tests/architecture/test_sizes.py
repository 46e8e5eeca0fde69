"""Small enough to be read: files, functions, arguments, browser modules, and a citizen's page weight is elsewhere."""

from __future__ import annotations

import ast

from tests.architecture.source import ROOT, functions, python_files, short, tree

LONGEST_FILE, LONGEST_FUNCTION, MOST_ARGUMENTS, LONGEST_MODULE = 400, 60, 8, 150


def test_no_file_is_longer_than_400_lines() -> None:
    long = {short(p): n for p in python_files() if (n := len(p.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_no_function_is_longer_than_60_lines() -> None:
    long = {
        f"{short(path)}:{f.name}": size
        for path in python_files()
        for f in functions(path)
        if (size := (f.end_lineno or 0) - f.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


def test_no_function_takes_more_than_8_arguments() -> None:
    many = {}
    for path in python_files("src"):
        for f in functions(path):
            names = [a.arg for a in (*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs)]
            count = len([name for name in names if name not in ("self", "cls")])
            if count > MOST_ARGUMENTS:
                many[f"{short(path)}:{f.name}"] = count
    assert not many


def test_browser_modules_stay_under_150_lines() -> None:
    scripts = (ROOT / "src").rglob("*.js")
    long = {short(p): n for p in scripts if (n := len(p.read_text().splitlines())) >= LONGEST_MODULE}
    assert not long


def test_our_code_is_imported_at_the_top_of_files_only() -> None:
    found = []
    for path in python_files("src"):
        for f in functions(path):
            for node in ast.walk(f):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if any(name.split(".")[0] == "satuatap" for name in names):
                    found.append(f"{short(path)}:{node.lineno}")
    assert not found


def test_files_are_really_looked_at() -> None:
    assert len(python_files("src")) > 50
    assert tree(python_files("src")[0])
