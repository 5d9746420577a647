"""Views of pages under a name."""

import pytest

from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, StateError
from core.reports import saved_views


def test_a_view_keeps_its_number_under_another_name_and_with_another_content(context: Context) -> None:
    made = saved_views.save(context, "runs", "mine", {"search": ["a b&c"], "tag": ["x", "y"]})
    assert saved_views.query_of(made) == {"search": ["a b&c"], "tag": ["x", "y"]}
    saved_views.rename(context, made.id, "ours")
    saved_views.update(context, made.id, {"search": [""]})
    for reference in (str(made.id), "ours"):
        found = saved_views.find(context, "runs", reference)
        assert (found.id, saved_views.query_of(found), found.created_by) == (made.id, {"search": [""]}, "ada")
    with pytest.raises(NotFoundError, match="no view 'ours' of this page"):
        saved_views.find(context, "compare", "ours")
    saved_views.delete(context, made.id)
    assert saved_views.listing(context) == []


def test_a_name_is_given_once_a_page_and_is_no_number(context: Context) -> None:
    one = saved_views.save(context, "runs", "mine", {})
    other = saved_views.save(context, "runs", "other", {})
    saved_views.save(context, "compare", "mine", {})
    with pytest.raises(StateError, match="already"):
        saved_views.save(context, "runs", " mine ", {})
    with pytest.raises(StateError, match="already"):
        saved_views.rename(context, other.id, "mine")
    for name, told in (("", "must not be empty"), ("12", "must not be a number"), ("a\nb", "one line")):
        with pytest.raises(ConfigError, match=told):
            saved_views.save(context, "runs", name, {})
    with pytest.raises(ConfigError, match="must have at most 8,000 characters"):
        saved_views.update(context, one.id, {"search": ["x" * 9000]})
