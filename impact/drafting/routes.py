"""The conditions of a form, where the drafted questionnaire can hold them."""

from collections.abc import Container, Sequence
from dataclasses import replace

from impact.drafting.draft import Asked
from impact.model import Route


def kept(asked: Sequence[Asked], aside: Container[str]) -> list[Asked]:
    """The questions with the conditions that stand on questions written before them, all of them or none."""
    before: dict[str, Asked] = {}
    made = []
    for one in asked:
        routes = [_route(route, before) for route in one.routes]
        whole = tuple(route for route in routes if route)
        made.append(replace(one, routes=whole if len(whole) == len(routes) else ()))
        if one.name and one.id not in aside:
            before[one.name] = one
    return made


def _route(route: Route, before: dict[str, Asked]) -> Route | None:
    """The condition in the draft's own identifiers and codes; None where it has not all of them."""
    decides = before.get(route.question)
    if decides is None:
        return None
    bounded = route.minimum is not None or route.maximum is not None
    if bounded != (decides.guess.kind == "number"):
        return None
    choices = {option.code for option in decides.choices} | ({"other"} if decides.guess.other else set())
    known = choices | {option.code for option in decides.missing}
    named = replace(
        route,
        question=decides.id,
        is_=tuple(code for code in route.is_ if code in choices),
        is_not=tuple(code for code in route.is_not if code in known),
    )
    lost = len(named.is_not) < len(route.is_not) or not (bounded or named.is_ or named.is_not)
    return None if lost or any(code not in known for code in route.is_) else named
