"""Markup that is the same on every page is made once, and holds nothing of any page or person."""

from django.template import engines


def test_it_is_rendered_once():
    template = engines["django"].from_string(
        "{% load page %}{% fixed %}{% url 'guidance' %}{% endfixed %} {{ who }}"
    )
    assert [template.render({"who": who}) for who in ("Amy", "Jo")] == ["/guidance/ Amy", "/guidance/ Jo"]
    kept = template.template.nodelist[1]
    kept.nodelist.clear()
    assert template.render({"who": "Amy"}) == "/guidance/ Amy"


def test_nothing_of_the_page_gets_into_it():
    template = engines["django"].from_string("{% load page %}{% fixed %}[{{ who }}]{% endfixed %}{{ who }}")
    assert [template.render({"who": who}) for who in ("Amy", "Jo")] == ["[]Amy", "[]Jo"]
