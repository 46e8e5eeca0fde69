"""Tables say the same in every run: a set in a constraint changes its order and asks for a migration now and then."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from tests.architecture.source import SOURCE, python_files, short, tree


def loose(value: ast.expr) -> bool:
    """Whether what stands after ``__in=`` runs over a constant, which may be a set, and is not sorted."""
    made = isinstance(value, ast.ListComp | ast.GeneratorExp)
    over = value.generators[0].iter if isinstance(value, ast.ListComp | ast.GeneratorExp) else value
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id in ("list", "tuple", "set"):
        made, over = True, over.args[0]
    name = over.attr if isinstance(over, ast.Attribute) else over.id if isinstance(over, ast.Name) else ""
    return made and name.isupper()


def test_a_constraint_sorts_what_it_takes_from_elsewhere() -> None:
    found = [
        f"{short(path)}:{word.value.lineno}"
        for path in python_files("src")
        if "features" in path.relative_to(SOURCE).parts and "models" in (path.stem, path.parent.name)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg and word.arg.endswith("__in") and loose(word.value)
    ]
    assert not found, "write sorted(...)"


def leaves(condition: Q) -> Iterator[object]:
    for child in condition.children:
        yield from leaves(child) if isinstance(child, Q) else (child[1],)


def test_no_constraint_holds_a_set() -> None:
    models = [model for model in apps.get_models() if model._meta.app_label in settings.FEATURES]
    found = [one for model in models for one in (*model._meta.constraints, *model._meta.indexes)]
    conditions = [(one.name, one.condition) for one in found if isinstance(getattr(one, "condition", None), Q)]
    assert len(conditions) > 20
    values = [(name, value) for name, condition in conditions for value in leaves(condition)]
    assert not [name for name, value in values if isinstance(value, set | frozenset)]
